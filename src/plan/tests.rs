use std::rc::Rc;

use super::*;
use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::ErrorKind,
    protocol::read,
    pyramid::{Compression, Index, Level, Photometric, Span},
    resolve::resolve,
    store::Version,
};

/// A pyramid of `width` × `height` RGB with halves down to 256, tiles of 256² and 1000 bytes.
pub fn pyramid(width: u32, height: u32) -> Index {
    let mut levels = Vec::new();
    let (mut w, mut h) = (width, height);
    let mut start = 1_000_000;
    loop {
        let count = u64::from(w.div_ceil(256) * h.div_ceil(256));
        levels.push(Level {
            width: w,
            height: h,
            tile_width: 256,
            tile_height: 256,
            strips: false,
            compression: Compression::Jpeg,
            photometric: Photometric::YCbCr,
            samples: 3,
            bits: 8,
            big_endian: false,
            planar: false,
            predictor: false,
            palette: None,
            alpha: None,
            lsb_first: false,
            mask: None,
            halvings: None,
            jpeg_tables: None,
            tiles: (0..count).map(|n| Span { start: start + n * 1000, len: 1000 }).collect(),
        });
        start += count * 1000;
        if w.max(h) <= 256 {
            break;
        }
        (w, h) = (w.div_ceil(2), h.div_ceil(2));
    }
    Index {
        version: Version("v".into()),
        len: start,
        modified: None,
        levels,
        orientation: 1,
        resolution: None,
        icc: None,
        xmp: None,
        photoshop: None,
    }
}

pub fn resolved(query: &str) -> Resolved {
    let raw = read("Shop/shoe", query, takes_request).unwrap();
    resolve(&raw, Catalog::builtin()).unwrap()
}

fn planned(query: &str, size: (u32, u32)) -> Result<Plan> {
    of(&resolved(query), pyramid(size.0, size.1))
}

fn of(resolved: &Resolved, index: Index) -> Result<Plan> {
    plan(
        resolved,
        &[Opened {
            key: "assets/Shop/shoe.tif",
            index: &Rc::new(index),
            object: None,
            drawings: &[],
        }],
    )
}

/// x, y, width and height of the image in the reply; `None` where it is not visible.
type Area = Option<(i64, i64, u32, u32)>;

/// Reply size, and the image's place in it.
fn laid_out(query: &str, size: (u32, u32)) -> ((u32, u32), Area) {
    let plan = planned(query, size).unwrap();
    let area = plan.picture().map(|area| (area.x, area.y, area.width, area.height));
    ((plan.sizes.reply.width, plan.sizes.reply.height), area)
}

/// The same, in a catalog with `Upscale=1`.
fn enlarged(query: &str, size: (u32, u32)) -> ((u32, u32), Area) {
    let raw = read("Shop/shoe", query, takes_request).unwrap();
    let resolved = resolve(&raw, &Catalog::parse("Upscale = 1", "").unwrap()).unwrap();
    let plan = of(&resolved, pyramid(size.0, size.1)).unwrap();
    let area = plan.picture().map(|area| (area.x, area.y, area.width, area.height));
    ((plan.sizes.reply.width, plan.sizes.reply.height), area)
}

#[test]
fn a_catalog_may_let_sizes_enlarge_as_long_as_no_fit_is_said() {
    assert_eq!(enlarged("wid=800", (400, 300)), ((800, 600), Some((0, 0, 800, 600))));
    assert_eq!(enlarged("hei=600", (400, 300)), ((800, 600), Some((0, 0, 800, 600))));
    let both = enlarged("wid=800&hei=800", (400, 300));
    assert_eq!(both, ((800, 800), Some((0, 100, 800, 600))));
    let said = enlarged("wid=800&fit=fit", (400, 300));
    assert_eq!(said, ((800, 300), Some((200, 0, 400, 300))));
    assert_eq!(enlarged("dpr=on,2", (400, 300)).0, (400, 300), "not without being asked for");
}

/// Whether the query requests a longer side than the image has, without `rgn=`.
fn padded(query: &str, name: &str, len: u32) -> bool {
    let asked = query.split('&').find_map(|token| token.strip_prefix(name));
    let asked = asked.map_or(0, |asked| asked.parse::<u32>().unwrap());
    !query.contains("rgn=") && asked * if query.contains("dpr=") { 2 } else { 1 } > len
}

/// No line of background: where the aspect fills the reply, so does the picture.
#[test]
fn a_picture_fills_the_rows_that_its_side_is_rounded_up_to() {
    let mut seen = 0;
    for (width, height) in [(2973, 4460), (5760, 3840), (1000, 700), (319, 334), (7, 999), (997, 3)]
    {
        for query in [
            "wid=3",
            "wid=299",
            "hei=211",
            "hei=2",
            "scl=3.7",
            "scl=1.1",
            "scl=.9",
            "",
            "wid=97&hei=101&fit=constrain",
            "wid=97&hei=101&fit=wrap",
            "wid=97&hei=101&fit=crop",
            "wid=97&hei=101&fit=stretch,1",
            "wid=301&fit=fit,1",
            "wid=5&rgn=0,0,7,3",
            "wid=33&dpr=on,1.7",
            "wid=2&cropN=0,0,.377,.41",
            "scl=7&size=300,0",
        ] {
            let ((reply_width, reply_height), area) = match planned(query, (width, height)) {
                Ok(_) => laid_out(query, (width, height)),
                Err(error) => {
                    assert_eq!(error.kind, ErrorKind::TooLarge, "{query}: {}", error.message);
                    continue;
                }
            };
            // An image smaller than the requested size is padded (F1, F10).
            let small = !query.ends_with(",1")
                && (padded(query, "wid=", width) || padded(query, "hei=", height));
            if !small {
                assert_eq!(
                    area,
                    Some((0, 0, reply_width, reply_height)),
                    "{width} × {height} {query}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "only {seen}");
}

#[test]
fn a_view_that_rect_scales_is_filled_to_its_last_pixel() {
    // 101 × 51 halved is 50.5 × 25.5.
    let halvings = laid_out("scl=1&rect=0,0,51,26,.5", (101, 51));
    assert_eq!(halvings, ((51, 26), Some((0, 0, 51, 26))));
    let tenth = planned("scl=1&rect=0,0,9,9,.1", (1010, 300)).unwrap();
    let view = tenth.sizes.view;
    assert_eq!((view.width, view.height), (101, 30), "exactly, though no float is");
}

#[test]
fn fit_without_a_size_is_an_error_but_not_with_scl() {
    assert!(planned("fit=crop", (400, 300)).is_err());
    assert_eq!(laid_out("fit=crop&scl=2", (400, 300)).0, (200, 150));
}

#[test]
fn scl_is_the_inverse_factor_and_wid_then_cuts() {
    assert_eq!(laid_out("scl=4", (400, 300)), ((100, 75), Some((0, 0, 100, 75))));
    let cut = laid_out("scl=2&wid=100&hei=50&align=1,1", (400, 300));
    assert_eq!(cut, ((100, 50), Some((0, 0, 100, 50))));
}

#[test]
fn default_pix_only_reduces() {
    assert_eq!(laid_out("", (400, 300)).0, (400, 300));
    assert_eq!(laid_out("", (2560, 1000)).0, (1280, 500));
    assert_eq!(laid_out("scl=1", (2560, 1000)).0, (2560, 1000));
}

#[test]
fn max_pix_is_measured_on_the_reply() {
    let error = planned("wid=3001", (400, 300)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.contains("MaxPix 3000"), "{}", error.message);
    // rect= lets a large view be taken in parts.
    assert_eq!(laid_out("scl=1&rect=0,0,500,500", (9000, 9000)).0, (500, 500));
}

/// The table of r-dpr.
#[test]
fn a_denser_screen_gets_more_pixels_as_far_as_max_pix_allows() {
    let size = |query: &str| laid_out(query, (816, 500)).0;
    assert_eq!(size("wid=816&hei=500&dpr=on,2"), (1632, 1000));
    assert_eq!(size("wid=816&hei=500&dpr=on,3"), (2448, 1500));
    // MaxPix is 3000 here: "MaxPix width is always recognized by maintaining the aspect ratio".
    assert_eq!(size("wid=816&hei=500&dpr=on,4"), (3000, 1839));
    assert_eq!(size("wid=101&dpr=on,1.5"), (152, 94));
    for ratio in ["3.1", "3.3", "4", "4.77"] {
        let held = |query: &str| laid_out(&format!("{query}&dpr=on,{ratio}"), (8160, 5000)).0;
        assert_eq!(held("hei=1000"), (3000, 1839), "{ratio}");
        assert_eq!(held("wid=1000"), (3000, 1839), "{ratio}");
        assert_eq!(held("wid=1000&hei=1000&fit=constrain"), (3000, 1839), "{ratio}");
        assert_eq!(held("wid=1000&hei=1000&fit=wrap"), (3000, 1839), "{ratio}");
        assert_eq!(held("wid=1000&hei=400&fit=crop"), (3000, 1200), "{ratio}");
    }
    // Without a size, DefaultPix and the image itself exceed MaxPix.
    assert_eq!(laid_out("dpr=on,3", (3600, 2400)).0, (3000, 2000));
    assert_eq!(laid_out("dpr=on,3", (2400, 3600)).0, (2000, 3000));
    assert_eq!(laid_out("dpr=on,3&fit=constrain&wid=1200", (3600, 2400)).0, (3000, 2000));
    // A side longer than the image is limited to MaxPix, and the image keeps its size.
    let padded = laid_out("wid=2000&dpr=on,2", (319, 334));
    assert_eq!(padded, ((3000, 334), Some((1340, 0, 319, 334))));
    assert_eq!(laid_out("wid=200&dpr=on,1.5", (100, 4000)).0, (225, 3000));
    assert_eq!(laid_out("scl=1&wid=2000&dpr=on,2", (4000, 900)).0, (3000, 900));
    assert_eq!(laid_out("scl=1&wid=2000&hei=1000&dpr=on,2", (9000, 9000)).0, (3000, 1500));
    for off in ["", "&dpr=on,1", "&dpr=off,3", "&dpr=on"] {
        assert_eq!(size(&format!("wid=408{off}")), (408, 250));
    }
    // `dpr=` multiplies DefaultPix, too, but an image is enlarged only on request.
    assert_eq!(laid_out("dpr=on,2", (2000, 1000)).0, (2000, 1000));
    assert_eq!(laid_out("dpr=on,2", (5000, 2500)).0, (2560, 1280));
    // `dpr=` does not change `scl=` and `rect=`.
    assert_eq!(size("scl=2&dpr=on,2"), (408, 250));
    assert_eq!(laid_out("wid=100&rect=0,0,50,50&dpr=on,2", (400, 400)).0, (50, 50));
    let error = planned("wid=3001", (816, 500)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge, "without dpr= it is an error (F19)");
}

#[test]
fn a_region_is_fitted_and_its_surroundings_show() {
    assert_eq!(laid_out("rgn=100,0,200,300&wid=100", (400, 300)).0, (100, 150));
    // The region of 200 × 100 fits as 100 × 50; more of the image is visible above and below.
    let both = laid_out("rgn=100,100,200,100&wid=100&hei=100", (400, 300));
    assert_eq!(both, ((100, 100), Some((0, 0, 100, 100))));
}

#[test]
fn a_region_beyond_the_image_is_background() {
    let beyond = laid_out("rgn=-100,0,200,300&scl=1", (400, 300));
    assert_eq!(beyond, ((200, 300), Some((100, 0, 100, 300))));
    assert_eq!(laid_out("rgn=900,900,50,50&scl=1", (400, 300)), ((50, 50), None));
}

#[test]
fn crop_beyond_the_image_leaves_room() {
    let wider = laid_out("crop=-100,-50,600,400&scl=2", (400, 300));
    assert_eq!(wider, ((300, 200), Some((50, 25, 200, 150))));
    let missed = laid_out("crop=500,0,100,100&scl=1", (400, 300));
    assert_eq!(missed, ((100, 100), None));
}

#[test]
fn normalised_crops_of_neighbours_meet() {
    assert_eq!(laid_out("cropN=0,0,.3333,1&scl=1", (100, 50)).0, (33, 50));
    assert_eq!(laid_out("cropN=.3333,0,.3333,1&scl=1", (100, 50)).0, (34, 50));
}

#[test]
fn size_wins_over_scale_and_may_enlarge() {
    assert_eq!(laid_out("size=200,200&scale=.1&scl=1", (400, 300)).0, (200, 150));
    assert_eq!(laid_out("size=0,600&scl=1", (400, 300)).0, (800, 600));
    assert_eq!(laid_out("scale=.5&scl=1", (400, 300)).0, (200, 150));
}

#[test]
fn the_smallest_level_that_is_large_enough_is_read() {
    let level = |query: &str| planned(query, (4096, 3072)).unwrap().sources[0].1.step.level;
    assert_eq!(level("wid=1024"), 2);
    assert_eq!(level("wid=1025"), 1);
    assert_eq!(level("wid=100"), 4, "the last one");
    assert_eq!(level("scl=1&rect=0,0,9,9"), 0);
}

#[test]
fn a_whole_level_is_one_read() {
    let plan = planned("wid=1024", (4096, 3072)).unwrap();
    assert_eq!(plan.reads.len(), 1);
    assert_eq!(plan.reads[0].range.len, 12_000);
}

#[test]
fn only_the_tiles_of_a_region_are_read() {
    let plan = planned("rgn=1100,1100,300,300&scl=1", (4096, 3072)).unwrap();
    assert_eq!(plan.sources[0].1.tiles, [68, 69, 84, 85]);
    assert_eq!(plan.reads.iter().map(|read| read.range.len).sum::<u64>(), 4000);
}

#[test]
fn an_unsharp_mask_widens_what_is_drawn_but_not_past_the_image() {
    let plain = planned("scl=1&rect=0,100,50,50", (400, 300)).unwrap().picture().unwrap();
    let masked = planned("scl=1&rect=0,100,50,50&op_usm=1,1", (400, 300)).unwrap();
    let masked = masked.picture().unwrap();
    assert_eq!((plain.x, plain.y, plain.width, plain.height), (0, 0, 50, 50));
    assert_eq!((masked.x, masked.y, masked.width, masked.height), (0, -5, 55, 60));
}

#[test]
fn a_turned_image_has_its_sides_exchanged() {
    let mut index = pyramid(400, 300);
    index.orientation = 6;
    let plan = of(&resolved("wid=150"), index).unwrap();
    assert_eq!((plan.sizes.reply.width, plan.sizes.reply.height), (150, 200));
    assert!(plan.sources[0].1.step.transposed);
}

#[test]
fn what_is_over_the_budget_is_refused_by_its_size() {
    let error = planned("wid=3000&hei=3000&fmt=png-alpha", (9000, 9000)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.contains("MiB of memory"), "{}", error.message);
    assert!(planned("wid=2000&hei=2000", (10000, 10000)).is_ok());
}

#[test]
fn another_format_is_tried_where_its_pixels_and_its_memory_are_within_their_limits() {
    // The formats that a reply of this size is encoded in.
    let formats = |other: &str, size: (u32, u32)| {
        let mut resolved = resolved("scl=1");
        resolved.alternatives = vec![self::resolved(&format!("fmt={other}")).output];
        let plan = of(&resolved, pyramid(size.0, size.1)).unwrap();
        let Some(Step::Encode(encodings)) = plan.graph.last().map(|node| &node.step) else {
            panic!("a reply is encoded");
        };
        encodings.iter().map(|options| options.format.names[0]).collect::<Vec<_>>()
    };
    assert_eq!(formats("avif", (1024, 1024)), ["jpeg", "avif"]);
    assert_eq!(formats("avif", (1025, 1024)), ["jpeg"]);
    assert_eq!(formats("png", (1025, 1024)), ["jpeg", "png"]);
    // There is memory for the JPEG, but not for a copy of the raster.
    assert_eq!(formats("png", (3000, 3000)), ["jpeg"]);
}

#[test]
fn an_avif_of_too_many_pixels_is_refused_as_such() {
    assert!(planned("scl=1&fmt=avif", (1920, 1080)).is_ok());
    let error = planned("scl=1&fmt=avif", (2000, 1080)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.starts_with("fmt=avif: 2000 × 1080 are 2160000 pixels"), "{error}");
    assert!(planned("scl=1&fmt=avif&req=props", (2000, 1080)).is_ok());
}

fn keys(query: &str) -> Vec<ContentHash> {
    planned(query, (400, 300)).unwrap().graph.keys()
}

#[test]
fn a_node_has_the_same_key_as_long_as_its_pixels_are_the_same() {
    let base = keys("wid=200&op_sharpen=1");
    assert_eq!(base.len(), 4, "source, ops, place, encode");
    assert_eq!(base, keys("op_sharpen=1&wid=200&op_usm=0&id=7"), "the same pixels");
    // From this node on the keys differ.
    for (query, first) in [
        ("wid=201&op_sharpen=1", 0),
        ("wid=200&op_sharpen=1&resMode=bicub", 0),
        ("wid=200&op_sharpen=1&rect=0,0,100,100", 0),
        ("wid=200&op_sharpen=1&op_usm=1,.1", 1),
        ("wid=200&op_sharpen=1&bgc=ff0000", 2),
        ("wid=200&op_sharpen=1&qlt=50", 3),
    ] {
        let other = keys(query);
        let same = base.iter().zip(&other).take_while(|(one, other)| one == other).count();
        assert_eq!(same, first, "{query}");
        let rest = base.iter().zip(&other).skip(same);
        assert!(rest.clone().all(|(one, other)| one != other), "{query}: what follows differs");
    }
    let mut index = pyramid(400, 300);
    index.version = Version("w".into());
    let plan = of(&resolved("wid=200&op_sharpen=1"), index).unwrap();
    assert!(plan.graph.keys().iter().zip(&base).all(|(one, other)| one != other));
}

#[test]
fn a_reply_of_cmyk_is_converted_once_before_operations_of_rgb_and_after_others() {
    let mut index = pyramid(400, 300);
    for level in &mut index.levels {
        (level.photometric, level.samples) = (Photometric::Cmyk, 4);
    }
    for (ops, [one, other]) in [
        ("op_sharpen=1", ["ops", "convert"]),
        ("op_brightness=1", ["convert", "ops"]),
        ("op_sharpen=1&op_brightness=1", ["convert", "ops"]),
        ("layer=0&op_brightness=1&layer=comp&op_usm=1,1", ["convert", "ops"]),
    ] {
        let plan = of(&resolved(&format!("wid=200&{ops}")), index.clone()).unwrap();
        let steps: Vec<_> = plan.graph.iter().map(|(_, node)| node.step.name()).collect();
        assert_eq!(steps, ["source", one, other, "place", "encode"], "{ops}");
    }
}
