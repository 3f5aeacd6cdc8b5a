//! Photoshop's image resources: paths, and metadata that a TIFF stores in tags of its own.
//!
//! A resource block is a signature, an identifier, a name and data (Adobe Photoshop File Formats
//! Specification, "Image Resource Blocks"). JPEG stores the blocks in APP13, TIFF in tag 34377.

use azulejo::{
    geometry::{Size, SourceSpace},
    pyramid::{Block, Metadata, PATHS, blocks, orient_point},
};

pub use crate::psd::undo_prediction;

use crate::crop::Crop;
#[cfg(feature = "shift-jis")]
use crate::path_names::with_utf8_name;

/// The browser package leaves the Shift JIS table out to stay small.
#[cfg(not(feature = "shift-jis"))]
fn with_utf8_name(_: &Block) -> Option<Vec<u8>> {
    None
}

/// Bytes of a path record.
const RECORD: usize = 26;

/// 1.0 in the fixed point numbers of a path: the full width or height.
const ONE: i32 = 1 << 24;

/// Reads the resource blocks in `bytes` into `metadata`. ICC profile, XMP, IPTC and resolution go
/// to their own fields, unless those are set already. Previews are dropped. All other blocks
/// replace `metadata.photoshop`.
pub(crate) fn read_resources(bytes: &[u8], metadata: &mut Metadata) {
    let mut rest = Vec::new();
    for block in blocks(bytes) {
        let Block { id, data, whole, .. } = block;
        let set = |field: &mut Option<Vec<u8>>| {
            field.get_or_insert_with(|| data.to_vec());
        };
        match id {
            1005 => metadata.resolution = metadata.resolution.or_else(|| resolution(data)),
            1028 => set(&mut metadata.iptc),
            1033 | 1036 | 1058 => {}
            1039 => set(&mut metadata.icc),
            1060 => set(&mut metadata.xmp),
            _ => {
                match with_utf8_name(&block) {
                    Some(block) => rest.extend_from_slice(&block),
                    None => rest.extend_from_slice(whole),
                }
                rest.resize(rest.len().next_multiple_of(2), 0);
            }
        }
    }
    metadata.photoshop = Some(rest).filter(|rest| !rest.is_empty());
}

/// The data of the EXIF resource.
pub(crate) fn exif(bytes: &[u8]) -> Option<&[u8]> {
    blocks(bytes).find(|block| block.id == 1058).map(|block| block.data)
}

/// The index, among the channels after the colours, of the one that holds the composite's
/// transparency. It has identifier 0 in resource 1053. Saved selections have other identifiers.
pub(crate) fn transparency(bytes: &[u8]) -> Option<usize> {
    let identifiers = blocks(bytes).find(|block| block.id == 1053)?.data;
    identifiers.as_chunks::<4>().0.iter().position(|identifier| *identifier == [0; 4])
}

/// The resolution in pixels per inch, a 16.16 fixed point number. The unit that Photoshop displays
/// does not matter.
fn resolution(data: &[u8]) -> Option<f32> {
    let fixed = u32::from_be_bytes(*data.first_chunk::<4>()?);
    Some(fixed as f32 / 65536.0).filter(|ppi| *ppi > 0.0)
}

/// The resource blocks, with the paths' points moved as the orientation moves the pixels.
pub(crate) fn apply_orientation(bytes: &[u8], orientation: u8) -> Vec<u8> {
    moved(bytes, &|point| orient_point(point, ONE, orientation))
}

/// The resource blocks after a crop of the upright picture, which had this size before and keeps at
/// least one pixel. The points of paths stay where they are in the picture.
pub(crate) fn apply_crop(bytes: &[u8], crop: Crop, size: Size<SourceSpace>) -> Vec<u8> {
    let along = |at: i32, start: u32, end: u32, len: u32| {
        let [start, len, rest] = [start, len, len - start - end].map(i64::from);
        let units = i64::from(at) * len - start * i64::from(ONE);
        let nearest = (2 * units + rest).div_euclid(2 * rest);
        nearest.clamp(i32::MIN.into(), i32::MAX.into()) as i32
    };
    let Crop { left, right, top, bottom } = crop;
    moved(bytes, &|[x, y]| [along(x, left, right, size.width), along(y, top, bottom, size.height)])
}

/// Moves a point, x and y in units of 1/[`ONE`] of the picture's width and height.
type Move<'a> = &'a dyn Fn([i32; 2]) -> [i32; 2];

/// The resource blocks with all points of paths moved.
fn moved(bytes: &[u8], to: Move) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    for Block { id, data, whole, .. } in blocks(bytes) {
        if PATHS.contains(&id) || id == 1025 {
            // Path records have an even length, so no padding follows them.
            let from = at + whole.len() - data.len();
            let records = out.get_mut(from..from + data.len()).unwrap_or_default();
            records.chunks_exact_mut(RECORD).for_each(|record| move_knot(record, to));
        }
        at += whole.len();
    }
    out
}

/// Moves the three points of a Bézier knot. Each is y, then x, in big-endian 8.24 fixed point.
fn move_knot(record: &mut [u8], to: Move) {
    let [0, 1 | 2 | 4 | 5, points @ ..] = record else { return };
    for point in points.as_chunks_mut::<8>().0 {
        let [y3, y2, y1, y0, x3, x2, x1, x0] = *point;
        let stored = [[x3, x2, x1, x0], [y3, y2, y1, y0]].map(i32::from_be_bytes);
        let [[x3, x2, x1, x0], [y3, y2, y1, y0]] = to(stored).map(i32::to_be_bytes);
        *point = [y3, y2, y1, y0, x3, x2, x1, x0];
    }
}

#[cfg(test)]
mod tests {
    use azulejo::pyramid::path_names;

    use super::*;

    fn block(id: u16, name: &str, data: &[u8]) -> Vec<u8> {
        let mut block = [b"8BIM".as_slice(), &id.to_be_bytes(), &[name.len() as u8]].concat();
        block.extend_from_slice(name.as_bytes());
        block.resize(block.len().next_multiple_of(2), 0);
        block.extend_from_slice(&(data.len() as u32).to_be_bytes());
        block.extend_from_slice(data);
        block.resize(block.len().next_multiple_of(2), 0);
        block
    }

    #[test]
    fn resources_are_read_into_the_fields_of_a_tiff() {
        let resources = [
            block(1005, "", &[1, 44, 0, 0, 0, 1, 0, 1, 0, 72, 0, 0, 0, 1, 0, 1]),
            block(1028, "", &[0x1c, 2, 5, 0, 1, b'x', 0]),
            block(1036, "", &[9; 99]),
            block(2000, "Path 1", &[0; 26]),
            block(2999, "", b"\x06Path 1"),
        ];
        let mut metadata = Metadata::default();
        read_resources(&resources.concat(), &mut metadata);
        assert_eq!(metadata.resolution, Some(300.0));
        assert_eq!(metadata.iptc.as_deref(), Some(&[0x1c, 2, 5, 0, 1, b'x', 0][..]));
        let rest = metadata.photoshop.unwrap();
        assert_eq!(rest, resources[3..].concat());
        assert_eq!(path_names(&rest), (vec!["Path 1".to_owned()], Some("Path 1".to_owned())));
    }

    #[test]
    fn the_channel_with_identifier_0_is_transparency() {
        let of = |data: &[u8]| transparency(&block(1053, "", data));
        assert_eq!(of(&[0, 0, 0, 0]), Some(0));
        assert_eq!(of(&[0, 0, 0, 2, 0, 0, 0, 0]), Some(1));
        assert_eq!(of(&[0, 0, 0, 2, 0, 0]), None);
        assert_eq!(transparency(&[]), None);
    }

    #[test]
    fn a_path_is_rotated_with_its_picture() {
        // The knot at a quarter of the height and an eighth of the width.
        let mut knot = vec![0, 1];
        for _ in 0..3 {
            knot.extend_from_slice(&(ONE / 4).to_be_bytes());
            knot.extend_from_slice(&(ONE / 8).to_be_bytes());
        }
        let records = [vec![0, 6], vec![0; 24], knot].concat();
        let blocks = [block(1061, "odd", &[5; 3]), block(2000, "P", &records)].concat();
        let rotated = apply_orientation(&blocks, 6);
        let last = rotated[rotated.len() - 8..].as_chunks::<4>().0;
        let [y, x] = [last[0], last[1]].map(i32::from_be_bytes);
        assert_eq!((x, y), (ONE * 3 / 4, ONE / 8), "90° clockwise");
        assert_eq!(rotated[..rotated.len() - 26], blocks[..blocks.len() - 26]);
    }

    #[test]
    fn a_path_stays_where_it_is_in_a_cropped_picture() {
        // The knot at pixel 25 of 100 across, and at pixel 50 of 200 down.
        let point = [ONE / 4, ONE / 4].map(i32::to_be_bytes).concat();
        let blocks = block(2000, "P", &[vec![0, 2], point.repeat(3)].concat());
        let at = |crop, size| {
            let cropped = apply_crop(&blocks, crop, size);
            let last = cropped[cropped.len() - 8..].as_chunks::<4>().0;
            [last[1], last[0]].map(i32::from_be_bytes)
        };
        let size = Size::new(100, 200);
        let crop = Crop { left: 5, right: 15, top: 50, bottom: 50 };
        assert_eq!(at(crop, size), [ONE / 4, 0], "pixel 20 of 80, and 0 of 100");
        let outside = Crop { left: 65, right: 3, top: 0, bottom: 0 };
        assert_eq!(at(outside, size), [-(ONE * 5 / 4), ONE / 4]);
        let far = Crop { left: 999_999_999, right: 0, top: 0, bottom: 0 };
        assert_eq!(at(far, Size::new(1_000_000_000, 200))[0], i32::MIN, "as far as numbers go");
    }

    #[test]
    fn reading_stops_at_the_first_damaged_resource() {
        let mut bytes = block(2000, "A", &[0; 26]);
        bytes.extend_from_slice(b"8BIM\x07\xd1\0\0\x7f\xff\xff\xff");
        assert_eq!(path_names(&bytes).0, ["A"]);
        assert_eq!(path_names(b"nonsense").0, [""; 0]);
    }
}
