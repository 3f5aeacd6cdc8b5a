//! One layer: its record, and where its channels are.

use anyhow::{Result, ensure};

use super::bytes::Bytes;

/// A layer as stored.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// Its name.
    pub name: String,
    /// The rectangle of its pixels on the canvas.
    pub rect: Rect,
    /// Its blend mode, by four characters.
    pub blend: [u8; 4],
    /// Opacity of the layer with its effects, 0 to 255.
    pub opacity: u8,
    /// Opacity of its own pixels, 0 to 255.
    pub fill_opacity: u8,
    /// Whether it is clipped by the layer below it.
    pub clipped: bool,
    /// Whether it is shown.
    pub visible: bool,
    /// The rectangle of its mask, and the value around it.
    pub mask: Option<(Rect, u8)>,
    /// Its place among groups.
    pub section: Section,
    /// Its other properties: blocks, each with its name.
    pub blocks: Vec<([u8; 4], &'a [u8])>,
    /// Its channels: the number and the compressed samples.
    pub channels: Vec<(i16, &'a [u8])>,
}

/// A rectangle on the canvas. Its sides may lie outside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rect {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Rect {
    fn read(bytes: &mut Bytes) -> Result<Self> {
        let [top, left, bottom, right] = [bytes.i32()?, bytes.i32()?, bytes.i32()?, bytes.i32()?];
        let sides = [(left, right), (top, bottom)];
        let sound = sides.iter().all(|&(from, to)| {
            let side = i64::from(to) - i64::from(from);
            (0..=300_000).contains(&side)
        });
        ensure!(sound, "a layer has the rectangle {left}, {top} to {right}, {bottom}");
        Ok(Self { left, top, right, bottom })
    }

    /// Width and height.
    pub fn size(self) -> [usize; 2] {
        [self.left.abs_diff(self.right) as usize, self.top.abs_diff(self.bottom) as usize]
    }

    /// Whether it has no pixel.
    pub fn is_empty(self) -> bool {
        self.size().contains(&0)
    }
}

/// The place of a layer among groups. Layers are stored from bottom to top.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Section {
    /// It is no part of a group's own records.
    #[default]
    Layer,
    /// It is a group, whose layers are those below, down to its end.
    Group,
    /// The lower end of a group.
    End,
}

/// Reads the layers in a layer section, from bottom to top. The composite has alpha where their
/// count is negative.
pub(super) fn read_layers<'a>(mut bytes: Bytes<'a>, large: bool) -> Result<Vec<Layer<'a>>> {
    let count = bytes.i16()?.unsigned_abs();
    let mut layers = Vec::new();
    let mut lengths = Vec::new();
    for _ in 0..count {
        layers.push(record(&mut bytes, large, &mut lengths)?);
    }
    let mut lengths = lengths.into_iter();
    for layer in &mut layers {
        for (_, samples) in &mut layer.channels {
            *samples = bytes.take(lengths.next().unwrap_or(0))?;
        }
    }
    Ok(layers)
}

/// Reads the record of a layer. The samples of its channels follow all records.
fn record<'a>(bytes: &mut Bytes<'a>, large: bool, lengths: &mut Vec<usize>) -> Result<Layer<'a>> {
    let rect = Rect::read(bytes)?;
    let mut channels: Vec<(i16, &[u8])> = Vec::new();
    for _ in 0..bytes.u16()? {
        channels.push((bytes.i16()?, &[]));
        lengths.push(bytes.len(large)?);
    }
    ensure!(bytes.name()? == *b"8BIM", "a layer record is damaged");
    let blend = bytes.name()?;
    let (opacity, clipping, flags) = (bytes.u8()?, bytes.u8()?, bytes.u8()?);
    bytes.u8()?;
    let mut extra = bytes.part(false)?;
    let mask = mask(extra.part(false)?)?;
    let _blending_ranges = extra.part(false)?;
    let len = usize::from(extra.u8()?);
    let short_name = String::from_utf8_lossy(extra.take(len)?).into_owned();
    // The name with its length takes a multiple of four bytes.
    extra.take((len + 1).next_multiple_of(4) - len - 1)?;
    let mut layer = Layer {
        name: short_name,
        rect,
        blend,
        opacity,
        fill_opacity: 255,
        clipped: clipping != 0,
        visible: flags & 2 == 0,
        mask,
        section: Section::Layer,
        blocks: Vec::new(),
        channels,
    };
    while let Some((name, mut block)) = block(&mut extra, large, 1)? {
        match &name {
            b"luni" => layer.name = block.unicode()?,
            b"iOpa" => layer.fill_opacity = block.u8()?,
            b"lsct" | b"lsdk" => {
                layer.section = match block.u32()? {
                    1 | 2 => Section::Group,
                    3 => Section::End,
                    _ => Section::Layer,
                };
                if let Ok(signature) = block.name()
                    && signature == *b"8BIM"
                {
                    layer.blend = block.name()?;
                }
            }
            _ => layer.blocks.push((name, block.0)),
        }
    }
    Ok(layer)
}

/// The mask that is painted by hand; `None` if there is none or it is switched off.
fn mask(mut bytes: Bytes) -> Result<Option<(Rect, u8)>> {
    if bytes.0.is_empty() {
        return Ok(None);
    }
    let rect = Rect::read(&mut bytes)?;
    let (around, flags) = (bytes.u8()?, bytes.u8()?);
    Ok((flags & 2 == 0).then_some((rect, around)))
}

/// Reads the next block of properties; `None` at the end. The length of its content is rounded up to
/// a multiple of `align`.
pub(super) fn block<'a>(
    bytes: &mut Bytes<'a>,
    large: bool,
    align: usize,
) -> Result<Option<([u8; 4], Bytes<'a>)>> {
    // Some programs round lengths up where others do not.
    while bytes.0.len() >= 12 && bytes.0.first() == Some(&0) {
        bytes.u8()?;
    }
    if bytes.0.len() < 12 {
        return Ok(None);
    }
    let signature = bytes.name()?;
    ensure!(matches!(&signature, b"8BIM" | b"8B64"), "the properties of a layer are damaged");
    let name = bytes.name()?;
    let long = large
        && matches!(
            &name,
            b"LMsk"
                | b"Lr16"
                | b"Lr32"
                | b"Layr"
                | b"Mt16"
                | b"Mt32"
                | b"Mtrn"
                | b"Alph"
                | b"FMsk"
                | b"lnk2"
                | b"FEid"
                | b"FXid"
                | b"PxSD"
        );
    let len = bytes.len(long)?;
    let content = bytes.take(len)?;
    let padding = (len.next_multiple_of(align) - len).min(bytes.0.len());
    bytes.take(padding)?;
    Ok(Some((name, Bytes(content))))
}

impl<'a> Layer<'a> {
    /// The content of a block.
    pub fn block(&self, name: &[u8; 4]) -> Option<Bytes<'a>> {
        let found = self.blocks.iter().find(|(other, _)| other == name);
        found.map(|&(_, content)| Bytes(content))
    }

    /// Whether it has one of these blocks.
    pub fn has(&self, names: &[&[u8; 4]]) -> bool {
        names.iter().any(|name| self.block(name).is_some())
    }
}
