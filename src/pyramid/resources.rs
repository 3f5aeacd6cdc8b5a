//! Photoshop's image resources, which a TIFF stores in tag 34377: iterates over the blocks, and
//! reads the names of paths.
//!
//! A block consists of a signature, an id, a name and data (Adobe Photoshop File Formats
//! Specification, "Image Resource Blocks").

/// The ids of saved paths.
pub const PATHS: std::ops::RangeInclusive<u16> = 2000..=2998;

/// The id of the resource that names the clipping path.
pub const CLIPPING_PATH: u16 = 2999;

/// One resource.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// Its id, which gives its kind.
    pub id: u16,
    /// Its name, usually empty; the encoding is not recorded.
    pub name: &'a [u8],
    /// Its data, whose format depends on the id.
    pub data: &'a [u8],
    /// All bytes of the block, including signature and padding.
    pub whole: &'a [u8],
}

/// Iterates over the blocks, and ends at the first damaged one.
pub fn blocks(bytes: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (block, after) = block(rest)?;
        rest = after;
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
    // Data is padded to an even length, but writers often omit the padding of the last block.
    let rest = rest.get(len.next_multiple_of(2)..).unwrap_or_default();
    let whole = bytes.get(..bytes.len() - rest.len())?;
    Some((Block { id: u16::from_be_bytes(*id), name, data, whole }, rest))
}

/// The names of the saved paths in file order, and the name of the clipping path. `None` if there
/// is no clipping path, or its name is empty.
pub fn path_names(bytes: &[u8]) -> (Vec<String>, Option<String>) {
    let saved = blocks(bytes).filter(|block| PATHS.contains(&block.id));
    let saved = saved.map(|block| text(block.name)).collect();
    let clipping = blocks(bytes).find(|block| block.id == CLIPPING_PATH).and_then(|block| {
        let (&len, name) = block.data.split_first()?;
        name.get(..usize::from(len)).map(text)
    });
    (saved, clipping.filter(|name| !name.is_empty()))
}

/// Decodes a name. Photoshop writes names in the encoding of its machine, mostly Mac OS Roman;
/// other writers use UTF-8.
fn text(name: &[u8]) -> String {
    std::str::from_utf8(name).map_or_else(|_roman| mac_roman(name), str::to_owned)
}

fn mac_roman(name: &[u8]) -> String {
    let character = |&byte: &u8| match byte {
        ..0x80 => char::from(byte),
        high => {
            MAC_ROMAN.chars().nth(usize::from(high - 0x80)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
    };
    name.iter().map(character).collect()
}

/// The characters of Mac OS Roman from 0x80 on (ROMAN.TXT of Apple and Unicode).
const MAC_ROMAN: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü\
    †°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø\
    ¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ\
    ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf_8_or_mac_os_roman() {
        assert_eq!(text("Pfad für パス".as_bytes()), "Pfad für パス");
        assert_eq!(text(b"Trac\x8e 1"), "Tracé 1");
        assert_eq!(text(b"f\x9fr Gr\x9a\xa7e"), "für Größe");
        assert_eq!(MAC_ROMAN.chars().count(), 128);
        assert_eq!(text(&[0xff]), "\u{2c7}");
    }
}
