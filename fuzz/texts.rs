//! Invariants of formatted texts.

use azulejo::{
    limits,
    text::{Document, LINE, Renderer, rtf},
};

/// A text is read, or refused with a reason. What is read is what its document says, and a document
/// that is written is read again.
pub fn check_text(text: &str) -> Result<(), String> {
    for renderer in [Renderer::Text, Renderer::TextPs] {
        let reading = match rtf::read(text, renderer) {
            Ok(reading) => reading,
            Err(error) if error.message.starts_with(renderer.command()) => continue,
            Err(error) => return Err(error.message),
        };
        if reading.ignored.len() > limits::RTF_IGNORED {
            return Err(format!("{} things are ignored", reading.ignored.len()));
        }
        check_document(&reading.document, text.len())?;
        let written = rtf::write(&reading.document);
        let again = rtf::read(&written, renderer);
        // What is written may be longer than what is read.
        let longer = written.len() > limits::EXPANDED_BYTES;
        if !longer && again.map(|again| again.document) != Ok(reading.document) {
            return Err(format!("{written} is another document"));
        }
    }
    Ok(())
}

fn check_document(document: &Document, length: usize) -> Result<(), String> {
    let mut characters = 0;
    if document.paragraphs.is_empty() {
        return Err("no paragraph".to_owned());
    }
    for paragraph in &document.paragraphs {
        let format = &paragraph.format;
        let sorted = format.tabs.windows(2).all(|two| two[0].position < two[1].position);
        if !sorted || format.tabs.len() > limits::TAB_STOPS {
            return Err(format!("tab stops: {:?}", format.tabs));
        }
        let formats = paragraph.runs.iter().map(|run| run.format).chain([paragraph.end]);
        for format in formats {
            let face = format.face.is_none_or(|face| usize::from(face) < document.faces.len());
            if !face || format.size == 0 || format.scale_x == 0 || format.scale_y == 0 {
                return Err(format!("{format:?}"));
            }
        }
        for run in &paragraph.runs {
            characters += run.text.chars().count();
            let odd =
                |character: char| character.is_control() && character != '\t' && character != LINE;
            if run.text.is_empty() || run.text.contains(odd) {
                return Err(format!("a run of {:?}", run.text));
            }
        }
        if paragraph.runs.windows(2).any(|two| two[0].format == two[1].format) {
            return Err("two runs of one format".to_owned());
        }
    }
    match characters <= length {
        true => Ok(()),
        false => Err(format!("{characters} characters of {length} bytes")),
    }
}
