//! Selects the directories of the first image of a file: its full size, its smaller levels, and
//! their masks. All other directories are further pages, which are not used.

use super::directory::Directory;
use crate::sort::sort_by;

/// Bit 0 of NewSubfileType: a reduced version of another image.
const REDUCED: u64 = 1;
/// Bit 2: a transparency mask of another image.
const MASK: u64 = 4;
/// TIFF `PhotometricInterpretation` of masks.
const MASK_SAMPLES: u64 = 4;

/// The longest side of an unmarked thumbnail, in pixels.
const THUMBNAIL: u64 = 512;

/// An image is at least this many times as wide as its unmarked thumbnail.
const THUMBNAIL_SCALE: u64 = 4;

/// The directories of one image.
#[derive(Debug)]
pub struct Picture<'a> {
    /// The image in full size.
    pub full: &'a Directory,
    /// Candidates for its smaller levels, largest first; those of equal size in file order.
    pub reduced: Vec<&'a Directory>,
    /// The transparency masks of all levels, in file order.
    pub masks: Vec<&'a Directory>,
}

/// The directories of the first image of a file. `None` if all directories are masks.
///
/// A chain of directories is a pyramid, or pages, or both, and not all writers mark which. The
/// levels of ImageMagick 6 are marked as pages (NewSubfileType 2), those of slide scanners not at
/// all (0). A directory that is not marked as reduced counts as a level only in a series of
/// halvings, see [`unmarked_levels`]. If all are marked as reduced, the largest is the full size.
pub fn first(directories: &[Directory]) -> Option<Picture<'_>> {
    let pictures = || directories.iter().filter(|directory| !is_mask(directory));
    let levels = unmarked_levels(directories);
    let is_level =
        |directory: &Directory| levels.iter().any(|level| std::ptr::eq(*level, directory));
    let first = match pictures().find(|directory| !is_reduced(directory)) {
        // The full size follows its unmarked thumbnail, or its smaller unmarked levels.
        Some(first) => pictures()
            .filter(|other| !is_reduced(other))
            .filter(|other| follows_thumbnail(other, first) || is_level(first) && is_level(other))
            .fold(first, |full, other| if pixels(other) > pixels(full) { other } else { full }),
        None => pictures()
            .reduce(|full, other| if pixels(other) > pixels(full) { other } else { full })?,
    };
    let mut picture = Picture { full: first, reduced: Vec::new(), masks: Vec::new() };
    // Whether masks and reduced images belong to this image (`own`), not to a later page.
    let (mut seen, mut own) = (false, true);
    for directory in directories {
        if std::ptr::eq(directory, first) {
            (seen, own) = (true, true);
        } else if is_mask(directory) {
            picture.masks.extend(own.then_some(directory));
        } else if is_reduced(directory) {
            let level = own && reduces(first, directory);
            picture.reduced.extend(level.then_some(directory));
        } else if is_level(first) && is_level(directory) {
            picture.reduced.push(directory);
        } else if seen {
            own = false;
        }
    }
    sort_by(&mut picture.reduced, |a, b| pixels(b).cmp(&pixels(a)));
    Some(picture)
}

fn is_mask(directory: &Directory) -> bool {
    directory.subfile_type & MASK != 0 && directory.photometric.is_none_or(|it| it == MASK_SAMPLES)
        || directory.photometric == Some(MASK_SAMPLES)
}

fn is_reduced(directory: &Directory) -> bool {
    directory.subfile_type & REDUCED != 0
}

fn pixels(directory: &Directory) -> u64 {
    directory.width.saturating_mul(directory.height)
}

/// The directories that form a pyramid although none is marked as reduced; empty if they do not.
/// Each must be the directory before it, halved once or more, or all must come in the opposite
/// order. Two directories suffice if the first is tiled, since documents hardly ever are; then
/// untiled directories, such as the thumbnails of slides, are ignored. Else there must be three,
/// since a page may well be twice as large as another.
fn unmarked_levels(directories: &[Directory]) -> Vec<&Directory> {
    let unmarked = || directories.iter().filter(|it| !is_mask(it) && !is_reduced(it));
    let tiled = unmarked().next().is_some_and(|first| first.tile.is_some());
    let row: Vec<&Directory> = unmarked().filter(|it| !tiled || it.tile.is_some()).collect();
    let halvings = |larger: usize, smaller: usize| {
        let pairs = row.windows(2).all(|pair| is_half(pair[larger], pair[smaller]));
        pairs && row.len() >= if tiled { 2 } else { 3 }
    };
    if halvings(0, 1) || halvings(1, 0) { row } else { Vec::new() }
}

/// Whether `first` is an unmarked thumbnail of `other`: small, much narrower, and of its aspect.
fn follows_thumbnail(other: &Directory, first: &Directory) -> bool {
    first.width.max(first.height) <= THUMBNAIL
        && other.width >= first.width.saturating_mul(THUMBNAIL_SCALE)
        && is_to_scale(other, first)
}

/// Whether `other` is `full` at a smaller size: same aspect and same kind of samples.
fn reduces(full: &Directory, other: &Directory) -> bool {
    is_to_scale(full, other)
        && (other.width, other.height) != (full.width, full.height)
        && is_alike(full, other)
}

/// Whether `other` is at most as large as `full` and has its aspect. The shorter side may deviate
/// from the aspect by one pixel, because writers round differently.
fn is_to_scale(full: &Directory, other: &Directory) -> bool {
    let skew =
        (other.width.saturating_mul(full.height)).abs_diff(other.height.saturating_mul(full.width));
    (1..=full.width).contains(&other.width)
        && (1..=full.height).contains(&other.height)
        && skew <= full.width.max(full.height)
}

/// Whether `other` is `full`, halved once or more, each side rounded up or down to a pixel.
fn is_half(full: &Directory, other: &Directory) -> bool {
    let halvings = |full: u64, len: u64, by: u32| {
        len.checked_shl(by).is_some_and(|len| len.abs_diff(full) < 1 << by)
    };
    reduces(full, other)
        && (1..30).any(|by| {
            halvings(full.width, other.width, by) && halvings(full.height, other.height, by)
        })
}

/// Whether both have the same number, size and meaning of samples. YCbCr counts as RGB, since both
/// decode to RGB.
fn is_alike(one: &Directory, other: &Directory) -> bool {
    let class =
        |directory: &Directory| directory.photometric.map(|it| if it == 6 { 2 } else { it });
    (one.samples, &one.bits, class(one)) == (other.samples, &other.bits, class(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An RGB directory of a NewSubfileType, width and height.
    fn directory((subfile_type, width, height): (u64, u64, u64)) -> Directory {
        let (samples, photometric) = (3, Some(2));
        Directory { subfile_type, width, height, samples, photometric, ..Directory::default() }
    }

    /// The widths of the full image and of its reduced levels.
    fn widths(listed: &[(u64, u64, u64)]) -> Vec<u64> {
        let directories: Vec<_> = listed.iter().copied().map(directory).collect();
        let picture = first(&directories).unwrap();
        [picture.full].iter().chain(&picture.reduced).map(|directory| directory.width).collect()
    }

    #[test]
    fn the_first_page_is_the_picture_and_pages_are_no_levels() {
        assert_eq!(widths(&[(0, 620, 877), (0, 618, 876), (0, 621, 878)]), [620]);
        assert_eq!(widths(&[(2, 1748, 2480), (2, 2480, 3508)]), [1748], "A5, then A4");
        assert_eq!(widths(&[(0, 600, 800), (0, 1200, 1600)]), [600], "twice as large");
        assert_eq!(widths(&[(2, 1200, 1600), (2, 600, 800)]), [1200], "half as large");
        assert_eq!(widths(&[(0, 10, 10), (0, 10, 10), (0, 20, 20)]), [10]);
    }

    #[test]
    fn two_tiled_levels_are_levels_and_what_stands_between_does_not_matter() {
        let tiled = |directory| Directory { tile: Some((256, 256)), ..self::directory(directory) };
        let levels = |directories: &[Directory]| {
            let picture = first(directories).unwrap();
            picture.reduced.iter().map(|directory| directory.width).collect::<Vec<_>>()
        };
        assert_eq!(levels(&[tiled((2, 96, 324)), tiled((2, 48, 162))]), [48]);
        let slide = [
            tiled((0, 40_000, 30_000)),
            directory((0, 1024, 768)),
            tiled((0, 10_000, 7500)),
            tiled((0, 2500, 1875)),
        ];
        assert_eq!(levels(&slide), [10_000, 2500]);
    }

    #[test]
    fn levels_that_are_pages_by_name_are_levels_in_either_order() {
        assert_eq!(widths(&[(2, 300, 260), (2, 150, 130), (2, 75, 65)]), [300, 150, 75]);
        assert_eq!(widths(&[(2, 135, 167), (2, 270, 335), (2, 540, 670)]), [540, 270, 135]);
    }

    #[test]
    fn a_thumbnail_comes_first_or_last() {
        assert_eq!(widths(&[(1, 160, 120), (0, 4000, 3000)]), [4000, 160]);
        assert_eq!(widths(&[(0, 160, 120), (0, 4000, 3000)])[0], 4000);
        assert_eq!(widths(&[(0, 4000, 3000), (1, 160, 120)]), [4000, 160]);
    }

    #[test]
    fn a_slides_thumbnail_label_and_photograph_are_no_levels() {
        let slide = [(0, 2220, 2967), (0, 574, 768), (1, 387, 463), (9, 1280, 431)];
        assert_eq!(widths(&slide), [2220]);
    }

    #[test]
    fn levels_of_another_page_are_not_those_of_the_first() {
        let pages = [(0, 400, 300), (1, 200, 150), (0, 410, 300), (1, 100, 75)];
        assert_eq!(widths(&pages), [400, 200]);
    }
}
