//! Moves the paths that Photoshop saved in an image to another image that shows it (r-pathembed).

use super::{
    paths::{ONE, RECORD, knot},
    resources::{Block, CLIPPING_PATH, PATHS, blocks},
};

/// The records that begin a closed subpath, and its two kinds of knots.
const CLOSED: [u16; 3] = [0, 1, 2];

/// The records that begin an open subpath, and its two kinds of knots.
const OPEN: [u16; 3] = [3, 4, 5];

/// The saved paths among image resources, and the name of the clipping path, with each point moved
/// by `place`. It maps fractions of the sides of the upright image, which TIFF's `orientation` makes
/// of the stored one, to fractions of another image's sides. Open subpaths are left out, and so are
/// paths without a closed one.
pub fn moved_paths(
    resources: &[u8],
    orientation: u8,
    place: &dyn Fn([f64; 2]) -> [f64; 2],
) -> Vec<u8> {
    let mut moved = Vec::new();
    let mut names: Vec<&[u8]> = Vec::new();
    for block in blocks(resources).filter(|block| PATHS.contains(&block.id)) {
        if let Some(records) = records(block.data, orientation, place) {
            names.push(block.name);
            write(&block, &records, &mut moved);
        }
    }
    let clipping = blocks(resources).find(|block| block.id == CLIPPING_PATH);
    if let Some(block) = clipping
        && let Some((&len, name)) = block.data.split_first()
        && name.get(..usize::from(len)).is_some_and(|name| names.contains(&name))
    {
        write(&block, block.data, &mut moved);
    }
    moved
}

/// The records of a path with a closed subpath, moved.
fn records(path: &[u8], orientation: u8, place: &dyn Fn([f64; 2]) -> [f64; 2]) -> Option<Vec<u8>> {
    let mut moved = Vec::with_capacity(path.len());
    let mut is_closed = false;
    for record in path.as_chunks::<RECORD>().0 {
        let [high, low, rest @ ..] = record;
        let kind = u16::from_be_bytes([*high, *low]);
        if OPEN.contains(&kind) {
            continue;
        }
        is_closed |= kind == CLOSED[0];
        if kind == CLOSED[1] || kind == CLOSED[2] {
            let knot = knot(rest, orientation);
            moved.extend_from_slice(&[*high, *low]);
            for point in [knot.before, knot.at, knot.after] {
                let [x, y] = place(point).map(fixed);
                moved.extend_from_slice(&[y.to_be_bytes(), x.to_be_bytes()].concat());
            }
        } else {
            moved.extend_from_slice(record);
        }
    }
    is_closed.then_some(moved)
}

/// A number with 24 bits after the point, the nearest that there is.
fn fixed(number: f64) -> i32 {
    (number * f64::from(ONE)).round() as i32
}

/// Appends a block with other data.
fn write(block: &Block, data: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"8BIM");
    out.extend_from_slice(&block.id.to_be_bytes());
    out.push(block.name.len() as u8);
    out.extend_from_slice(block.name);
    if block.name.len().is_multiple_of(2) {
        out.push(0);
    }
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    out.extend_from_slice(data);
    if !data.len().is_multiple_of(2) {
        out.push(0);
    }
}
