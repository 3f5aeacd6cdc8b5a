//! Pyramids of other programs as they are, without ingest: masks, pages, where small levels lie.

use std::{
    env, fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use crate::skip::skip;
use azulejo::{
    catalog::Compiled,
    http::{HttpReply, HttpRequest},
    pyramid::{Index, open},
    serve::serve,
    store::{FetchBuffer, MemoryStore, fulfil},
};

const KEY: &str = "assets/R/x.tif";

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiff");
    fs::read(folder.join(name)).unwrap()
}

fn stored(file: Vec<u8>) -> MemoryStore {
    let store = MemoryStore::new();
    store.put(KEY, file);
    store
}

fn index(file: Vec<u8>) -> Index {
    let store = stored(file);
    let buffer = FetchBuffer::default();
    pollster::block_on(fulfil(&store, &buffer, open(KEY, &buffer))).unwrap()
}

fn get(store: &MemoryStore, path: &str, query: &str) -> HttpReply {
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        received_at: 1.8e12,
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Width, height and pixels of a PNG reply.
fn pixels(reply: &HttpReply) -> (usize, usize, Vec<u8>) {
    assert_eq!(reply.status, 200, "{}", text(reply));
    let mut reader = png::Decoder::new(Cursor::new(&reply.body)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width as usize, info.height as usize, pixels)
}

/// The alpha of a reply's left and right half, but for the columns between them.
fn assert_right_half_is_transparent(reply: &HttpReply) {
    let (width, _, pixels) = pixels(reply);
    for row in pixels.chunks_exact(4 * width) {
        let alphas: Vec<u8> = row.iter().skip(3).step_by(4).copied().collect();
        assert!(alphas[..width / 2 - 4].iter().all(|&alpha| alpha == 255));
        assert!(alphas[width / 2 + 4..].iter().all(|&alpha| alpha == 0));
    }
}

#[test]
fn a_mask_is_the_alpha_of_every_level() {
    let store = stored(fixture("cog-mask.tif"));
    for width in [300, 200, 150, 90] {
        let query = format!("wid={width}&fmt=png-alpha");
        assert_right_half_is_transparent(&get(&store, "R/x", &query));
    }
    let over = pixels(&get(&store, "R/x", "wid=150&fmt=png&bgc=0000ff"));
    assert_eq!(over.2[3 * 140..3 * 141], [0, 0, 255], "the background shows through");
    let list = text(&get(&store, "R/x", "req=imageprops"));
    assert!(list.contains("image.mask=2"), "{list}");
}

#[test]
fn the_tiles_of_a_mask_are_read_with_those_of_the_picture() {
    let index = index(fixture("cog-mask.tif"));
    assert_eq!(index.levels.len(), 2);
    for level in &index.levels {
        let mask = level.mask.as_ref().unwrap();
        let wanted: Vec<_> = level.tiles_in(0..level.width, 0..level.height).collect();
        assert_eq!(wanted.len(), level.tiles.len() + mask.tiles.len());
        assert_eq!(level.tile(*wanted.last().unwrap()), mask.tiles.last().copied());
    }
}

#[test]
fn a_stored_index_holds_the_masks_and_none_that_does_not_fit() {
    let index = index(fixture("cog-mask.tif"));
    assert_eq!(Index::from_bytes(&index.to_bytes()).as_ref(), Some(&index));
    let mut other = index;
    other.levels[0].mask.as_mut().unwrap().width -= 1;
    assert_eq!(Index::from_bytes(&other.to_bytes()), None);
}

#[test]
fn the_mask_of_a_remote_image_counts_too() {
    let store = MemoryStore::new();
    let catalog = "AllowDirectUrls=1\nForeignHosts=img.example.com\nDefaultImage=none";
    let compiled = Compiled::of_files(catalog, "").unwrap();
    store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    store.put("https://img.example.com/mask.tif", fixture("cog-mask.tif"));
    let query = "src=(https://img.example.com/mask.tif)&wid=150&fmt=png-alpha";
    assert_right_half_is_transparent(&get(&store, "Shop", query));
}

#[test]
fn of_pages_the_first_is_the_picture_and_the_others_are_no_levels() {
    let index = index(fixture("tiff-scan-three-pages.tif"));
    let sizes: Vec<_> = index.levels.iter().map(|level| (level.width, level.height)).collect();
    assert_eq!(sizes, [(620, 877)]);
}

/// Columns of the picture that [`line`] draws, and the first of the eight that are white: a pixel
/// of the level that is drawn at `wid=250`, where levels halve.
const WIDTH: usize = 2047;
const LINE: usize = 2008;

/// A black picture of odd sides with a white bar, as another program made a pyramid of it.
fn line(program: &str, arguments: &[&str], name: &str) -> Option<Vec<u8>> {
    let folder = env::temp_dir().join(format!("azulejo-line-{}-{name}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let [from, to]: [PathBuf; 2] = ["in.pgm", "out.tif"].map(|name| folder.join(name));
    let row: Vec<u8> =
        (0..WIDTH).map(|x| if (LINE..LINE + 8).contains(&x) { 255 } else { 0 }).collect();
    let head = format!("P5\n{WIDTH} 203\n255\n").into_bytes();
    fs::write(&from, [head, row.repeat(203)].concat()).unwrap();
    let place = |argument: &&str| match *argument {
        "IN" => from.to_string_lossy().into_owned(),
        "OUT" => to.to_string_lossy().into_owned(),
        argument => argument.to_owned(),
    };
    let arguments = arguments.iter().map(place);
    let done = Command::new(program).args(arguments).stderr(Stdio::null()).status();
    let made = done.is_ok_and(|status| status.success()).then(|| fs::read(&to).unwrap());
    fs::remove_dir_all(&folder).unwrap();
    made
}

/// Where the middle of the bar is in a reply of this width, in columns of the original.
fn found(file: Vec<u8>, width: usize) -> f64 {
    let reply = get(&stored(file), "R/x", &format!("wid={width}&fmt=png&resMode=bilin"));
    let (width, _, pixels) = pixels(&reply);
    let channels = pixels.len() / width / (pixels.len() / width / 3).max(1);
    let row = pixels[..width * channels].chunks_exact(channels).map(|pixel| f64::from(pixel[0]));
    let (sum, moment) = row.enumerate().fold((0.0, 0.0), |(sum, moment), (x, value)| {
        (sum + value, moment + value * (x as f64 + 0.5))
    });
    moment / sum * WIDTH as f64 / width as f64 - 0.5
}

#[test]
fn a_line_is_where_it_was_in_small_levels_of_libvips_and_of_gdal() {
    let vips = ["tiffsave", "IN", "OUT", "--tile", "--pyramid", "--compression", "deflate"];
    let gdal = "import sys, rasterio.shutil as s; s.copy(sys.argv[1], sys.argv[2], driver='COG', \
                compress='DEFLATE', blocksize=256, overview_resampling='average')";
    let makers = [("vips", &vips[..], true), ("python3", &["-c", gdal, "IN", "OUT"][..], false)];
    for (program, arguments, halvings) in makers {
        let Some(file) = line(program, arguments, program) else {
            skip(program, "install libvips-tools, and rasterio for python3");
            continue;
        };
        let index = index(file.clone());
        assert!(index.levels.len() > 2, "{program}");
        assert_eq!(index.levels[1].halvings.is_some(), halvings, "{program}");
        for width in [1000, 500, 250] {
            let at = found(file.clone(), width);
            assert!((at - LINE as f64 - 3.5).abs() <= 1.0, "{program}, wid={width}: at {at}");
        }
    }
}
