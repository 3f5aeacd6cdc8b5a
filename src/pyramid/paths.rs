//! Paths that Photoshop saved in an image (Adobe Photoshop File Formats Specification, "Path
//! Resource Format").
//!
//! A path is a list of records of 26 bytes. The first two bytes select the kind of a record. A
//! record of kind 0 or 3 begins a closed or an open subpath. Records of kinds 1, 2, 4 and 5 are its
//! knots: the control point before the knot, the knot, and the control point after it. The other
//! kinds hold nothing that shapes the path.

use super::resources::{PATHS, blocks};

/// The bytes of a record.
pub const RECORD: usize = 26;

/// 1.0 in the fixed-point numbers of a knot, which have 24 bits after the point.
pub const ONE: i32 = 1 << 24;

/// A saved path.
#[derive(Debug, Clone, Copy)]
pub struct SavedPath<'a> {
    records: &'a [[u8; RECORD]],
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Subpath {
    /// Whether a curve leads from the last knot to the first.
    pub closed: bool,
    /// Its knots; at least one.
    pub knots: Vec<Knot>,
}

/// A knot of Bézier curves. Its points are x and y in fractions of the image's width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knot {
    /// The control point of the curve that ends here.
    pub before: [f64; 2],
    /// The knot.
    pub at: [f64; 2],
    /// The control point of the curve that begins here.
    pub after: [f64; 2],
}

impl<'a> SavedPath<'a> {
    /// Finds the path of this name in Photoshop's image resources. Spaces around the names do not
    /// count. The first of several paths wins.
    pub fn find(resources: &'a [u8], name: &str) -> Option<Self> {
        let name = name.trim_ascii().as_bytes();
        let same = |id: u16, other: &[u8]| PATHS.contains(&id) && other.trim_ascii() == name;
        let block = blocks(resources).find(|block| same(block.id, block.name))?;
        Some(Self { records: block.data.as_chunks().0 })
    }

    /// The number of its records; at least the number of its knots.
    pub fn records(&self) -> usize {
        self.records.len()
    }

    /// Its subpaths in the upright image, which TIFF's `orientation` makes of the stored one.
    /// Subpaths without a knot are left out.
    pub fn subpaths(&self, orientation: u8) -> Vec<Subpath> {
        let mut subpaths: Vec<Subpath> = Vec::new();
        for [high, low, rest @ ..] in self.records {
            let kind = u16::from_be_bytes([*high, *low]);
            match (kind, subpaths.last_mut()) {
                (0 | 3, _) => subpaths.push(Subpath { closed: kind == 0, knots: Vec::new() }),
                (1 | 2 | 4 | 5, Some(subpath)) => subpath.knots.push(knot(rest, orientation)),
                _ => {}
            }
        }
        subpaths.retain(|subpath| !subpath.knots.is_empty());
        subpaths
    }
}

/// Reads the three points of a knot. Each is y, then x, as big-endian 8.24 fixed-point numbers.
pub fn knot(bytes: &[u8], orientation: u8) -> Knot {
    let mut points = bytes.as_chunks::<8>().0.iter().map(|[y3, y2, y1, y0, x3, x2, x1, x0]| {
        let stored = [[*x3, *x2, *x1, *x0], [*y3, *y2, *y1, *y0]].map(i32::from_be_bytes);
        orient_point(stored, ONE, orientation).map(|number| f64::from(number) / f64::from(ONE))
    });
    let mut next = || points.next().unwrap_or_default();
    Knot { before: next(), at: next(), after: next() }
}

/// Moves a point of the stored image to its place in the upright image, by the value of TIFF tag
/// 274. In both images, width and height are `one` units.
pub fn orient_point([x, y]: [i32; 2], one: i32, orientation: u8) -> [i32; 2] {
    let (right, below) = (one.wrapping_sub(x), one.wrapping_sub(y));
    match orientation {
        2 => [right, y],
        3 => [right, below],
        4 => [x, below],
        5 => [y, x],
        6 => [below, x],
        7 => [below, right],
        8 => [y, right],
        _ => [x, y],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A resource block. Name and data have an even length.
    fn block(id: u16, name: &str, data: &[u8]) -> Vec<u8> {
        let mut block = [b"8BIM".as_slice(), &id.to_be_bytes(), &[name.len() as u8]].concat();
        block.extend_from_slice(name.as_bytes());
        block.resize(block.len().next_multiple_of(2), 0);
        block.extend_from_slice(&(data.len() as u32).to_be_bytes());
        block.extend_from_slice(data);
        block
    }

    fn record(kind: u8, numbers: [i32; 6]) -> Vec<u8> {
        let numbers = numbers.iter().flat_map(|number| number.to_be_bytes());
        [0, kind].into_iter().chain(numbers).collect()
    }

    /// "Path 1" as Photoshop wrote it in `8Bim.tif`, a test image of Magick.NET (Apache-2.0).
    const PATH_1: &str = "0006000000000000000000000000000000000000000000000000\
        0008000000000000000000000000000000000000000000000000\
        0000000400010001000000000000000000000000000000000000\
        0002004a3d7000999999004a3d7000999999004a3d7000999999\
        0002009eb85100666666009eb85100666666009eb85100666666\
        000200bc28f500bc28f500bc28f500bc28f500bc28f500bc28f5\
        000200bc28f50039999900bc28f50039999900bc28f500399999";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
        digits.as_chunks::<2>().0.iter().map(|[high, low]| (high * 16 + low) as u8).collect()
    }

    #[test]
    fn a_path_is_its_knots_in_fractions_of_the_sides() {
        let resources = [block(1005, "", &[0; 16]), block(2000, "Path 1", &bytes(PATH_1))].concat();
        let path = SavedPath::find(&resources, "Path 1").unwrap();
        assert_eq!(path.records(), 7);
        let subpaths = path.subpaths(1);
        let [Subpath { closed: true, knots }] = subpaths.as_slice() else { panic!("{subpaths:?}") };
        let at: Vec<[f64; 2]> =
            knots.iter().map(|knot| knot.at.map(|part| (part * 1e4).round() / 1e4)).collect();
        assert_eq!(at, [[0.6, 0.29], [0.4, 0.62], [0.735, 0.735], [0.225, 0.735]], "x before y");
    }

    #[test]
    fn control_points_surround_their_knot() {
        let numbers = [ONE / 8, ONE / 4, ONE / 2, ONE, -ONE, 3 * ONE];
        let path = [record(3, [0; 6]), record(4, numbers), record(5, [0; 6])].concat();
        let resources = block(2997, "p", &path);
        let subpaths = SavedPath::find(&resources, "p").unwrap().subpaths(1);
        assert!(!subpaths[0].closed);
        let knot = Knot { before: [0.25, 0.125], at: [1.0, 0.5], after: [3.0, -1.0] };
        assert_eq!(subpaths[0].knots[0], knot);
    }

    #[test]
    fn orientation_turns_a_path_as_it_turns_the_image() {
        let numbers = [ONE / 4, ONE / 8, ONE / 4, ONE / 8, ONE / 4, ONE / 8];
        let resources = block(2000, "p", &[record(0, [0; 6]), record(1, numbers)].concat());
        let at = |orientation| {
            SavedPath::find(&resources, "p").unwrap().subpaths(orientation)[0].knots[0].at
        };
        assert_eq!(at(1), [0.125, 0.25]);
        assert_eq!(at(6), [0.75, 0.125], "clockwise");
        assert_eq!(at(8), [0.25, 0.875], "counterclockwise");
    }

    #[test]
    fn names_are_equal_but_for_spaces_and_the_first_of_a_name_wins() {
        let named = |id, name| block(id, name, &record(0, [0; 6]));
        let twice = block(2002, "Path 1 ", &[0; 52]);
        let resources =
            [named(1025, "work"), named(2001, "Path 1 "), twice, named(2999, "Clip")].concat();
        let records = |name| SavedPath::find(&resources, name).map(|path| path.records());
        assert_eq!(records("Path 1"), Some(1));
        for other in ["path 1", "Path", "work", "Clip", ""] {
            assert_eq!(records(other), None, "{other}");
        }
    }

    #[test]
    fn knots_before_a_subpath_and_broken_records_are_left_out() {
        let path = [
            record(1, [7; 6]),
            record(0, [0; 6]),
            record(0, [0; 6]),
            record(1, [i32::MIN; 6]),
            record(77, [1; 6]),
            vec![0, 1, 2],
        ];
        let resources = block(2000, "p", &path.concat());
        for orientation in 0..=9 {
            let subpaths = SavedPath::find(&resources, "p").unwrap().subpaths(orientation);
            assert_eq!(subpaths.len(), 1);
            assert_eq!(subpaths[0].knots.len(), 1);
        }
    }
}
