//! Converts the names of Photoshop's paths from Shift JIS to UTF-8.
//!
//! Photoshop writes names in the encoding of its machine and does not record which. Converting at
//! ingest keeps the Shift JIS table out of the server. All other names stay as they are: the server
//! reads them as UTF-8 or Mac OS Roman.

use azulejo::pyramid::{Block, PATHS};
use encoding_rs::SHIFT_JIS;

/// The resource that names the clipping path.
const CLIPPING_PATH: u16 = 2999;

/// The resource with its name in UTF-8, if the name was in Shift JIS.
pub(crate) fn with_utf8_name(block: &Block) -> Option<Vec<u8>> {
    let head = block.whole.get(..6)?;
    let (name, data) = match block.id {
        CLIPPING_PATH => {
            let (&len, rest) = block.data.split_first()?;
            let name = pascal_string(&decode_shift_jis(rest.get(..usize::from(len))?)?);
            let after = block.data.get((usize::from(len) + 1).next_multiple_of(2)..);
            (pascal_bytes(block.name), [name.as_slice(), after.unwrap_or_default()].concat())
        }
        id if PATHS.contains(&id) => {
            (pascal_string(&decode_shift_jis(block.name)?), block.data.to_vec())
        }
        _ => return None,
    };
    let len = u32::try_from(data.len()).ok()?.to_be_bytes();
    Some([head, &name, &len, &data].concat())
}

/// A Pascal string: a length byte and up to 255 bytes of UTF-8, padded to an even length.
fn pascal_string(text: &str) -> Vec<u8> {
    pascal_bytes(text.as_bytes().get(..text.floor_char_boundary(255)).unwrap_or_default())
}

fn pascal_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut pascal = vec![u8::try_from(bytes.len()).unwrap_or(0)];
    pascal.extend_from_slice(bytes);
    pascal.resize(pascal.len().next_multiple_of(2), 0);
    pascal
}

/// Decodes a name whose bytes are Shift JIS and not UTF-8. `None` for other encodings.
///
/// An accented letter of Mac OS Roman and the letter after it are often a valid Shift JIS
/// character. Such a character is alone among Latin letters, which hardly ever happens in Japanese
/// names.
fn decode_shift_jis(name: &[u8]) -> Option<String> {
    if std::str::from_utf8(name).is_ok() {
        return None;
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(name)?;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(this) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let alone = !this.is_ascii() && before.is_ascii() && after.is_ascii();
        if this.is_control() || alone && [before, after].iter().any(char::is_ascii_alphabetic) {
            return None;
        }
        before = this;
    }
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use azulejo::pyramid::{blocks, path_names};

    use super::*;

    #[test]
    fn shift_jis_is_distinguished_from_mac_os_roman() {
        assert_eq!(decode_shift_jis(b"\x83p\x83X 1").as_deref(), Some("パス 1"));
        assert_eq!(decode_shift_jis(b"\x8c\x43").as_deref(), Some("靴"));
        assert_eq!(decode_shift_jis(b"\xca\xdf\xbd2").as_deref(), Some("ﾊﾟｽ2"));
        for other in [
            b"Path 1".as_slice(),
            "パス".as_bytes(),
            // Tracé 1, Détouré, für, Größe, Weiß, mañana, coração, Ä 1
            b"Trac\x8e 1",
            b"D\x8etour\x8e",
            b"f\x9fr",
            b"Gr\x9a\xa7e",
            b"Wei\xa7",
            b"ma\x96ana",
            b"cora\x8d\x8bo",
            b"\x80 1",
        ] {
            assert_eq!(decode_shift_jis(other), None, "{other:x?}");
        }
    }

    #[test]
    fn a_renamed_resource_keeps_its_data() {
        let path = b"8BIM\x07\xd0\x04\x83p\x83X\0\0\0\0\x1a__________________________";
        let clipping = b"8BIM\x0b\xb7\0\0\0\0\0\x0c\x04\x83p\x83X\0\0\x00\x02\x00\x00\0";
        for bytes in [path.as_slice(), clipping] {
            let block = blocks(bytes).next().unwrap();
            let converted = with_utf8_name(&block).unwrap();
            let (paths, clips) = path_names(&converted);
            let again = blocks(&converted).next().unwrap();
            match block.id {
                2000 => assert!(paths == ["パス"] && again.data == block.data),
                _ => assert!(
                    clips.as_deref() == Some("パス") && again.data.ends_with(&block.data[6..])
                ),
            }
            assert!(with_utf8_name(&again).is_none(), "it is UTF-8 now");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = [0x83, b'p'].repeat(120);
        let utf8 = pascal_string(&decode_shift_jis(&name).unwrap());
        assert_eq!((utf8[0], utf8.len()), (255, 256));
        assert!(std::str::from_utf8(&utf8[1..]).is_ok());
    }
}
