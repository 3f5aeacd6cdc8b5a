//! Photoshop's image resources, as a TIFF has them in tag 34377: blocks, and the names of paths.
//!
//! A block is a signature, a number, a name and data (Adobe Photoshop File Formats
//! Specification, "Image Resource Blocks").

/// Saved paths.
pub const PATHS: std::ops::RangeInclusive<u16> = 2000..=2998;

/// The block that names the path that clips.
const CLIPPING_PATH: u16 = 2999;

/// One resource.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// What it is.
    pub id: u16,
    /// Its name, mostly empty.
    pub name: &'a [u8],
    /// What it holds.
    pub data: &'a [u8],
    /// All of it, with its signature and padding.
    pub whole: &'a [u8],
}

/// The blocks as far as they are sound.
pub fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (block, behind) = block(rest)?;
        rest = behind;
        Some(block)
    })
}

fn block(bytes: &[u8]) -> Option<(Block<'_>, &[u8])> {
    const SIGNATURES: [&[u8; 4]; 5] = [b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"];
    let (signature, rest) = bytes.split_first_chunk::<4>()?;
    if !SIGNATURES.contains(&signature) {
        return None;
    }
    let (id, rest) = rest.split_first_chunk::<2>()?;
    let len = usize::from(*rest.first()?);
    let name = rest.get(1..=len)?;
    let rest = rest.get((len + 1).next_multiple_of(2)..)?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let len = u32::from_be_bytes(*len) as usize;
    let data = rest.get(..len)?;
    // The padding of the last block is often left out.
    let rest = rest.get(len.next_multiple_of(2)..).unwrap_or_default();
    let whole = bytes.get(..bytes.len() - rest.len())?;
    Some((Block { id: u16::from_be_bytes(*id), name, data, whole }, rest))
}

/// The names of the saved paths, in order, and of the one that clips.
pub fn path_names(bytes: &[u8]) -> (Vec<String>, Option<String>) {
    let saved = blocks(bytes).filter(|block| PATHS.contains(&block.id));
    let saved = saved.map(|block| text(block.name)).collect();
    let clipping = blocks(bytes).find(|block| block.id == CLIPPING_PATH).and_then(|block| {
        let (&len, name) = block.data.split_first()?;
        name.get(..usize::from(len)).map(text)
    });
    (saved, clipping.filter(|name| !name.is_empty()))
}

/// Names are UTF-8 where that is possible, else one byte a character.
fn text(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_latin) => name.iter().copied().map(char::from).collect(),
    }
}
