//! Texts in one format, whose words a variable replaces.

use azulejo::text::{Document, Paragraph, Renderer, Run, rtf};

/// The RTF of the words of a text that has only one format; `None` if it has several.
pub fn uniform(document: &Document) -> Option<String> {
    let first = document.paragraphs.first()?;
    let format = first.runs.first()?.format;
    let same = document.paragraphs.iter().all(|paragraph| {
        paragraph.format == first.format && paragraph.runs.iter().all(|run| run.format == format)
    });
    let words = |paragraph: &Paragraph| {
        let text = paragraph.runs.iter().map(|run| run.text.as_str()).collect();
        rtf::write(&with_text(&Document::new(Renderer::TextPs), text))
    };
    let words: Vec<String> = document.paragraphs.iter().map(words).collect();
    same.then(|| words.join(r"\par "))
}

/// A document of one paragraph with this text, in the format that a document begins with.
pub fn with_text(document: &Document, text: String) -> Document {
    let first = document.paragraphs.first().cloned().unwrap_or_default();
    let format = first.runs.first().map_or(first.end, |run| run.format);
    let paragraph = Paragraph { runs: vec![Run { text, format }], end: format, ..first };
    Document { paragraphs: vec![paragraph], ..document.clone() }
}
