//! Turns a text layer of Photoshop into a document of `textPs=`.

use anyhow::{Context as _, Result, bail};
use azulejo::text::{
    Alignment, CharacterFormat, Document, Face, LINE, LineSpacing, Paragraph, ParagraphFormat,
    Renderer, Run, Script, TextFlow,
};

use super::{color, matrix::Matrix, runs::Runs};
use crate::psd::{Bytes, Value, descriptor, engine_data};

/// A text layer.
#[derive(Debug)]
pub struct TextLayer {
    /// The text and its formats, in pixels of the canvas.
    pub document: Document,
    /// From the text's own space to the canvas.
    pub matrix: Matrix,
    /// The text box in the text's own space: left, top, right, bottom. `None` for point text.
    pub frame: Option<[f64; 4]>,
    /// The second argument of `textAttr=`.
    pub anti_aliasing: &'static str,
    /// What the document lacks.
    pub losses: Vec<String>,
}

/// Photoshop's line break.
const SOFT_RETURN: char = '\u{3}';

/// Reads the block `TySh` ("Type tool object setting").
pub fn read(mut block: Bytes) -> Result<TextLayer> {
    let _version = block.u16()?;
    let [xx, xy, yx, yy] = [block.f64()?, block.f64()?, block.f64()?, block.f64()?];
    let [x, y] = [block.f64()?, block.f64()?];
    let matrix = Matrix { xx, xy, yx, yy, x, y };
    let (_text_version, _descriptor_version) = (block.u16()?, block.u32()?);
    let descriptor = descriptor::read(&mut block).context("the text cannot be read")?;
    let (_warp_version, _descriptor_version) = (block.u16()?, block.u32()?);
    let warp = descriptor::read(&mut block)?;
    let Some(Value::Bytes(engine)) = descriptor.at(&["EngineData"]) else {
        bail!("the text has no formats");
    };
    let engine = engine_data::read(engine)?;
    let mut losses = Vec::new();
    if warp.text(&["warpStyle"]).is_some_and(|style| style != "warpNone") {
        losses.push("its warp".to_owned());
    }
    if matrix.skews() {
        losses.push("its skew".to_owned());
    }
    let shape = engine.at(&["EngineDict", "Rendered", "Shapes", "Children", "0"]);
    let shape = shape.and_then(|shape| shape.at(&["Cookie", "Photoshop"]));
    let number = |name| shape.and_then(|shape| shape.number(&[name]));
    let frame = shape.map(|shape| shape.numbers(&["BoxBounds"]));
    let frame = frame.and_then(|sides| <[f64; 4]>::try_from(sides).ok());
    let frame = frame.filter(|_| number("ShapeType") == Some(1.0));
    if number("ShapeType").is_some_and(|kind| kind > 1.0) {
        losses.push("its path".to_owned());
    }
    let mut reader = Reader {
        engine: &engine,
        scale: matrix.scale(),
        document: Document { paragraphs: Vec::new(), ..Document::new(Renderer::TextPs) },
        losses: &mut losses,
    };
    reader.paragraphs(frame.is_some())?;
    let mut document = reader.document;
    if descriptor.text(&["Ornt"]) == Some("Vrtc") {
        document.flow = TextFlow::Vertical;
    }
    let anti_aliasing = match descriptor.text(&["AntA"]) {
        Some("Anno" | "antiAliasNone") => "off",
        Some("AnCr" | "antiAliasCrisp") => "crisp",
        Some("antiAliasSharp") => "sharp",
        Some("AnSt" | "antiAliasStrong") => "strong",
        Some("AnSm" | "antiAliasSmooth") => "smooth",
        _ => "norm",
    };
    losses.dedup();
    Ok(TextLayer { document, matrix, frame, anti_aliasing, losses })
}

struct Reader<'a> {
    engine: &'a Value,
    /// Horizontal and vertical scale of the text on the canvas.
    scale: [f64; 2],
    document: Document,
    losses: &'a mut Vec<String>,
}

/// The name of a style sheet without properties of its own.
const NORMAL: &str = "0";

impl Reader<'_> {
    /// Reads the paragraphs. `framed` tells whether lines wrap.
    fn paragraphs(&mut self, framed: bool) -> Result<()> {
        let engine = self.engine;
        let text = engine.text(&["EngineDict", "Editor", "Text"]).context("the text is missing")?;
        let mut styles = Runs::new(engine.at(&["EngineDict", "StyleRun"]));
        let mut formats = Runs::new(engine.at(&["EngineDict", "ParagraphRun"]));
        // Each paragraph ends with a return, the last one too.
        let text = text.strip_suffix('\r').unwrap_or(text);
        let several = text.contains(['\r', SOFT_RETURN]);
        for paragraph in text.split('\r') {
            let properties = formats.take(0);
            let mut lines = 0.0_f64;
            let mut runs: Vec<Run> = Vec::new();
            let mut end = CharacterFormat::default();
            for character in paragraph.chars().chain(['\r']) {
                let units = character.len_utf16();
                formats.take(units);
                let style = styles.take(units);
                let (format, leading) = self.characters(style, properties);
                lines = lines.max(leading);
                end = format;
                let character = if character == SOFT_RETURN { LINE } else { character };
                if character.is_control() && character != '\t' {
                    continue;
                }
                match runs.last_mut() {
                    Some(run) if run.format == format => run.text.push(character),
                    Some(_) | None => runs.push(Run { text: character.into(), format }),
                }
            }
            if let Some(last) = runs.last().filter(|run| !run.text.ends_with(LINE)) {
                end = last.format;
            }
            let mut format = self.format(properties);
            if framed || several {
                format.line_spacing = LineSpacing::Exactly(twips(lines).max(1));
            }
            self.document.paragraphs.push(Paragraph { format, runs, end });
            if framed && self.paragraph(properties, "AutoHyphenate").flag(&[]) == Some(true) {
                self.lose("hyphenation");
            }
        }
        Ok(())
    }

    fn lose(&mut self, what: &str) {
        if !self.losses.iter().any(|lost| lost == what) {
            self.losses.push(what.to_owned());
        }
    }

    /// A property of a paragraph: its own, or that of the normal sheet.
    fn paragraph(&self, run: Option<&Value>, name: &str) -> Value {
        let own = run.and_then(|run| run.at(&["ParagraphSheet", "Properties", name]));
        let sheet = ["ResourceDict", "ParagraphSheetSet", NORMAL, "Properties", name];
        own.or_else(|| self.engine.at(&sheet)).cloned().unwrap_or(Value::Other)
    }

    fn format(&self, run: Option<&Value>) -> ParagraphFormat {
        let number = |name| self.paragraph(run, name).number(&[]).unwrap_or(0.0);
        let [across, down] = self.scale;
        let (alignment, last_line) = match number("Justification") as i32 {
            1 => (Alignment::Right, Alignment::Left),
            2 => (Alignment::Center, Alignment::Left),
            3 => (Alignment::Justify, Alignment::Left),
            4 => (Alignment::Justify, Alignment::Right),
            5 => (Alignment::Justify, Alignment::Center),
            6 => (Alignment::Justify, Alignment::Justify),
            _ => (Alignment::Left, Alignment::Left),
        };
        ParagraphFormat {
            alignment,
            last_line,
            first_line: twips(number("FirstLineIndent") * across),
            left: twips(number("StartIndent") * across),
            right: twips(number("EndIndent") * across),
            space_before: twips(number("SpaceBefore") * down),
            space_after: twips(number("SpaceAfter") * down),
            ..ParagraphFormat::default()
        }
    }

    /// The format of characters, and the distance of their line from the one above it, in pixels.
    fn characters(
        &mut self,
        run: Option<&Value>,
        paragraph: Option<&Value>,
    ) -> (CharacterFormat, f64) {
        let engine = self.engine;
        let style = |name: &str| {
            let own = run.and_then(|run| run.at(&["StyleSheet", "StyleSheetData", name]));
            let sheet = ["ResourceDict", "StyleSheetSet", NORMAL, "StyleSheetData", name];
            own.or_else(|| engine.at(&sheet))
        };
        let number = |name, usual: f64| style(name).and_then(|v| v.number(&[])).unwrap_or(usual);
        let flag = |name| style(name).and_then(|value| value.flag(&[])).unwrap_or(false);
        let [across, down] = self.scale;
        let size = number("FontSize", 12.0) * down;
        let auto = style("AutoLeading").and_then(|value| value.flag(&[])).unwrap_or(true);
        let times = self.paragraph(paragraph, "AutoLeading").number(&[]).unwrap_or(1.2);
        let leading = if auto { size * times } else { number("Leading", 0.0) * down };
        let color = style("FillColor").map(color::read);
        let wide = number("HorizontalScale", 1.0) * across / down;
        let format = CharacterFormat {
            face: self.face(number("Font", 0.0)),
            size: nearest(size * 2.0).clamp(1, i32::from(u16::MAX)) as u16,
            color: color.unwrap_or_default().unwrap_or(azulejo::color::Color::BLACK),
            bold: flag("FauxBold"),
            italic: flag("FauxItalic"),
            underline: flag("Underline"),
            strike: flag("Strikethrough"),
            caps: number("FontCaps", 0.0) == 2.0,
            small_caps: number("FontCaps", 0.0) == 1.0,
            script: match number("FontBaseline", 0.0) as i32 {
                1 => Script::Super,
                2 => Script::Sub,
                _ => Script::Normal,
            },
            baseline_shift: short(number("BaselineShift", 0.0) * down * 2.0),
            // In thousandths of the size.
            tracking: short(number("Tracking", 0.0) / 1000.0 * size * 20.0),
            kerning_from: u16::from(style("AutoKerning").is_none() || flag("AutoKerning")),
            scale_x: percent(wide),
            scale_y: percent(number("VerticalScale", 1.0)),
            ..CharacterFormat::default()
        };
        if flag("StrokeFlag") {
            self.lose("the outline of its characters");
        }
        (format, leading)
    }

    /// The index of a font among the faces of the document.
    fn face(&mut self, font: f64) -> Option<u16> {
        let font = (font.max(0.0) as u32).to_string();
        let name = self.engine.text(&["ResourceDict", "FontSet", &font, "Name"])?;
        let faces = &mut self.document.faces;
        let place = faces.iter().position(|face| face.name == name).unwrap_or(faces.len());
        if place == faces.len() {
            // Its text is in Unicode, so the character set does not matter.
            faces.push(Face { name: name.to_owned(), charset: 0 });
        }
        u16::try_from(place).ok()
    }
}

fn nearest(number: f64) -> i32 {
    number.round() as i32
}

/// Pixels as twips, at 72 pixels an inch.
fn twips(pixels: f64) -> i32 {
    nearest(pixels * 20.0)
}

fn short(number: f64) -> i16 {
    number.round() as i16
}

/// A factor in percent, which is never 0.
fn percent(factor: f64) -> i16 {
    match short(factor * 100.0) {
        0 => 1,
        percent => percent,
    }
}
