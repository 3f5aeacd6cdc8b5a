//! Names of Photoshop's paths. Photoshop writes them in the script of its machine and does not say
//! which: those in Shift JIS are turned into UTF-8, so that the server needs no table of it. All others
//! stay as they are: the server reads them as UTF-8 or Mac OS Roman.

use azulejo::pyramid::{Block, PATHS};
use encoding_rs::SHIFT_JIS;

/// The block that names the path that clips.
const CLIPPING_PATH: u16 = 2999;

/// A block with its name in UTF-8, where it was in Shift JIS.
pub(crate) fn renamed(block: &Block) -> Option<Vec<u8>> {
    let head = block.whole.get(..6)?;
    let (name, data) = match block.id {
        CLIPPING_PATH => {
            let (&len, rest) = block.data.split_first()?;
            let name = pascal(&japanese(rest.get(..usize::from(len))?)?);
            let behind = block.data.get((usize::from(len) + 1).next_multiple_of(2)..);
            (pascal_of(block.name), [name.as_slice(), behind.unwrap_or_default()].concat())
        }
        id if PATHS.contains(&id) => (pascal(&japanese(block.name)?), block.data.to_vec()),
        _ => return None,
    };
    let len = u32::try_from(data.len()).ok()?.to_be_bytes();
    Some([head, &name, &len, &data].concat())
}

/// A text as its length and its bytes, padded to an even number.
fn pascal(text: &str) -> Vec<u8> {
    pascal_of(text.as_bytes().get(..text.floor_char_boundary(255)).unwrap_or_default())
}

fn pascal_of(bytes: &[u8]) -> Vec<u8> {
    let mut pascal = vec![u8::try_from(bytes.len()).unwrap_or(0)];
    pascal.extend_from_slice(bytes);
    pascal.resize(pascal.len().next_multiple_of(2), 0);
    pascal
}

/// A name that is Shift JIS by its bytes, and not UTF-8.
///
/// An accented letter of Mac OS Roman and the one behind it are often a sign of Shift JIS too, but
/// one that stands alone among Latin letters, which hardly any Japanese name has.
fn japanese(name: &[u8]) -> Option<String> {
    if std::str::from_utf8(name).is_ok() {
        return None;
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(name)?;
    let mut before = ' ';
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let behind = signs.peek().copied().unwrap_or(' ');
        let alone = !sign.is_ascii() && before.is_ascii() && behind.is_ascii();
        if sign.is_control() || alone && [before, behind].iter().any(char::is_ascii_alphabetic) {
            return None;
        }
        before = sign;
    }
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use azulejo::pyramid::{blocks, path_names};

    use super::*;

    #[test]
    fn japanese_names_are_told_from_those_of_mac_os_roman() {
        assert_eq!(japanese(b"\x83p\x83X 1").as_deref(), Some("パス 1"));
        assert_eq!(japanese(b"\x8c\x43").as_deref(), Some("靴"));
        assert_eq!(japanese(b"\xca\xdf\xbd2").as_deref(), Some("ﾊﾟｽ2"));
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
            assert_eq!(japanese(other), None, "{other:x?}");
        }
    }

    #[test]
    fn blocks_keep_all_but_the_name() {
        let path = b"8BIM\x07\xd0\x04\x83p\x83X\0\0\0\0\x1a__________________________";
        let clipping = b"8BIM\x0b\xb7\0\0\0\0\0\x0c\x04\x83p\x83X\0\0\x00\x02\x00\x00\0";
        for bytes in [path.as_slice(), clipping] {
            let block = blocks(bytes).next().unwrap();
            let now = renamed(&block).unwrap();
            let (paths, clips) = path_names(&now);
            let again = blocks(&now).next().unwrap();
            match block.id {
                2000 => assert!(paths == ["パス"] && again.data == block.data),
                _ => assert!(
                    clips.as_deref() == Some("パス") && again.data.ends_with(&block.data[6..])
                ),
            }
            assert!(renamed(&again).is_none(), "it is UTF-8 now");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = [0x83, b'p'].repeat(120);
        let utf8 = pascal(&japanese(&name).unwrap());
        assert_eq!((utf8[0], utf8.len()), (255, 256));
        assert!(std::str::from_utf8(&utf8[1..]).is_ok());
    }
}
