//! Writes a document as RTF: the shortest that [`read`](super::read) makes the same document of.

use std::fmt::Write;

use crate::{
    color::{Color, Components},
    text::{
        Alignment, CharacterFormat, Document, Kerning, LINE, LineLimit, LineSpacing, Margins,
        Orientation, Paragraph, ParagraphFormat, Renderer, Script, TabAlign, TextFlow,
        VerticalAlign,
    },
};

/// RTF of a document.
pub fn write(document: &Document) -> String {
    let renderer = document.renderer;
    let mut writer = Writer { renderer, rtf: String::new(), after_word: false, colors: Vec::new() };
    writer.document(document);
    writer.rtf
}

/// An entry of `\colortbl`.
fn rgb_entry(color: Color) -> Option<String> {
    let [red, green, blue] = color.rgb();
    let is_ink = matches!(color.components, Components::Cmyk(_));
    (!is_ink).then(|| format!(r"\red{red}\green{green}\blue{blue}"))
}

/// An entry of `\cmykcolortbl`, in percent.
fn cmyk_entry(color: Color) -> Option<String> {
    let Components::Cmyk(inks) = color.components else { return None };
    let [c, m, y, k] = inks.map(|ink| (u32::from(ink) * 100 + 127) / 255);
    Some(format!(r"\cyan{c}\magenta{m}\yellow{y}\black{k}"))
}

/// An entry of `\*\iscolortbl`.
fn entry(color: Color) -> Option<String> {
    let Color { components, alpha, is_source } = color;
    let (numbers, kind): (&[u8], &str) = match &components {
        Components::Gray(gray) => (std::slice::from_ref(gray), "g"),
        Components::Rgb(rgb) => (rgb, ""),
        Components::Cmyk(inks) => (inks, "k"),
    };
    let is_short = kind.is_empty() && alpha == 255;
    let mut entry = if is_short { String::new() } else { "0x".to_owned() };
    for number in numbers.iter().chain(Some(&alpha).filter(|alpha| **alpha < 255)) {
        let _ = write!(entry, "{number:02x}");
    }
    entry.push_str(kind);
    entry.push_str(if is_source { "s" } else { "" });
    Some(entry)
}

struct Writer {
    renderer: Renderer,
    rtf: String,
    /// Whether a control word has just been written, which text has to be set apart from.
    after_word: bool,
    /// The colours of the table, from index 1 on.
    colors: Vec<Color>,
}

impl Writer {
    fn document(&mut self, document: &Document) {
        self.tables(document);
        let Margins { left, top, right, bottom } = document.margins;
        for (name, twips) in [("margl", left), ("margt", top), ("margr", right), ("margb", bottom)]
        {
            self.number(name, twips, 0);
        }
        match document.vertical_align {
            VerticalAlign::Top => {}
            VerticalAlign::Center => self.word("vertalc"),
            VerticalAlign::Bottom => self.word("vertalb"),
        }
        if document.flow == TextFlow::Vertical {
            self.word("stextflow1");
        }
        match document.paragraphs.as_slice() {
            // A text without characters needs no end of its paragraph.
            [only] if only.runs.is_empty() => {
                self.paragraph_format(&only.format);
                self.characters(&only.end);
            }
            [only] => self.paragraph(only, true),
            paragraphs => {
                for (nth, paragraph) in paragraphs.iter().enumerate() {
                    self.brace('{');
                    self.paragraph(paragraph, nth + 1 == paragraphs.len());
                    self.brace('}');
                }
            }
        }
    }

    fn tables(&mut self, document: &Document) {
        if !document.faces.is_empty() {
            self.brace('{');
            self.word("fonttbl");
            for (number, face) in document.faces.iter().enumerate() {
                self.brace('{');
                self.word(&format!("f{number}\\fcharset{}", face.charset));
                self.text(&face.name);
                self.rtf.push_str(";}");
            }
            self.brace('}');
        }
        for paragraph in &document.paragraphs {
            let runs = paragraph.runs.iter().map(|run| run.format.color);
            for color in runs.chain([paragraph.end.color]) {
                if color != Color::BLACK && !self.colors.contains(&color) {
                    self.colors.push(color);
                }
            }
        }
        if self.colors.is_empty() {
            return;
        }
        let entries = |entry: fn(Color) -> Option<String>| -> Vec<Option<String>> {
            self.colors.iter().map(|color| entry(*color)).collect()
        };
        let tables = match document.renderer {
            Renderer::Text => {
                [(r"{\colortbl;", entries(rgb_entry)), (r"{\cmykcolortbl;", entries(cmyk_entry))]
            }
            Renderer::TextPs => [(r"{\*\iscolortbl;", entries(entry)), ("", Vec::new())],
        };
        for (begin, entries) in tables {
            if entries.iter().any(Option::is_some) {
                self.rtf.push_str(begin);
                for entry in entries {
                    self.rtf.push_str(&entry.unwrap_or_default());
                    self.rtf.push(';');
                }
                self.rtf.push('}');
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, last: bool) {
        self.paragraph_format(&paragraph.format);
        let runs = paragraph.runs.as_slice();
        if let [run] = runs
            && run.format == paragraph.end
        {
            self.characters(&run.format);
            self.text(&run.text);
            if !last {
                self.word("par");
            }
            return;
        }
        for run in runs {
            self.brace('{');
            self.characters(&run.format);
            self.text(&run.text);
            self.brace('}');
        }
        let ended = runs.last().is_some_and(|run| run.format == paragraph.end);
        if !last || !ended {
            self.characters(&paragraph.end);
            self.word("par");
        }
    }

    fn paragraph_format(&mut self, format: &ParagraphFormat) {
        self.align("q", format.alignment);
        self.align("lastq", format.last_line);
        self.number("fi", format.first_line, 0);
        self.number("li", format.left, 0);
        self.number("ri", format.right, 0);
        self.number("sb", format.space_before, 0);
        self.number("sa", format.space_after, 0);
        match format.line_spacing {
            LineSpacing::Auto => {}
            LineSpacing::AtLeast(twips) => self.number("sl", twips, 0),
            LineSpacing::Exactly(twips) => self.number("sl", -twips, 0),
            LineSpacing::Multiple(lines) => {
                self.number("sl", lines, 0);
                self.word("slmult1");
            }
        }
        for tab in &format.tabs {
            match tab.align {
                TabAlign::Left => {}
                TabAlign::Right => self.word("tqr"),
                TabAlign::Center => self.word("tqc"),
                TabAlign::Decimal => self.word("tqdec"),
            }
            self.word(&format!("tx{}", tab.position));
        }
    }

    fn align(&mut self, name: &str, alignment: Alignment) {
        let letter = match alignment {
            Alignment::Left => return,
            Alignment::Right => 'r',
            Alignment::Center => 'c',
            Alignment::Justify => 'j',
        };
        self.word(&format!("{name}{letter}"));
    }

    fn characters(&mut self, format: &CharacterFormat) {
        let usual = CharacterFormat::default();
        if let Some(face) = format.face {
            self.word(&format!("f{face}"));
        }
        self.number("fs", format.size.into(), usual.size.into());
        let color = self.colors.iter().position(|color| *color == format.color);
        if let Some(color) = color {
            self.word(&format!("cf{}", color + 1));
        }
        self.number("up", format.baseline_shift.into(), 0);
        self.number("expndtw", format.tracking.into(), 0);
        self.number("kerning", format.kerning_from.into(), usual.kerning_from.into());
        self.number("charscalex", format.scale_x.into(), usual.scale_x.into());
        self.number("charscaley", format.scale_y.into(), usual.scale_y.into());
        self.number("copyfit", format.copy_fit.into(), 0);
        match format.copy_fit_lines {
            LineLimit::None => {}
            LineLimit::Soft(lines) => self.word(&format!("copyfitlines{lines}")),
            LineLimit::Hard(lines) => self.word(&format!("copyfitmaxlines{lines}")),
        }
        for (name, on) in [
            ("b", format.bold),
            ("i", format.italic),
            ("ul", format.underline),
            ("strike", format.strike),
            ("caps", format.caps),
            ("scaps", format.small_caps),
            ("sub", format.script == Script::Sub),
            ("super", format.script == Script::Super),
            ("kerningoptical", format.kerning == Kerning::Optical),
            ("rtlch", format.right_to_left),
            ("baselinedir1", format.orientation == Orientation::Turned),
        ] {
            if on {
                self.word(name);
            }
        }
    }

    fn number(&mut self, name: &str, number: i32, usual: i32) {
        if number != usual {
            self.word(&format!("{name}{number}"));
        }
    }

    fn word(&mut self, word: &str) {
        self.rtf.push('\\');
        self.rtf.push_str(word);
        self.after_word = true;
    }

    fn brace(&mut self, brace: char) {
        self.rtf.push(brace);
        self.after_word = false;
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                LINE => self.word("line"),
                '\t' => self.word("tab"),
                // text= has it only as a character.
                '\u{ad}' if self.renderer == Renderer::TextPs => self.symbol('-'),
                '\u{a0}' => self.symbol('~'),
                '\u{2011}' => self.symbol('_'),
                '\\' | '{' | '}' => self.symbol(character),
                _ => {
                    if std::mem::take(&mut self.after_word) {
                        self.rtf.push(' ');
                    }
                    self.rtf.push(character);
                }
            }
        }
    }

    fn symbol(&mut self, symbol: char) {
        self.rtf.push('\\');
        self.rtf.push(symbol);
        self.after_word = false;
    }
}
