//! Paths that Photoshop saved in images: `clipPathE=`, `clipXPathE=` and `cropPathE=`.

mod fixture;

use std::io::Cursor;

use azulejo::{
    http::{HttpReply, HttpRequest},
    limits,
    serve::serve,
    store::MemoryStore,
};
use fixture::{block, pyramid, records, rectangle, turned};

const PATHS: &[u8] = include_bytes!("fixtures/paths.tif");

fn holding(file: &[u8]) -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Test/paths.tif", file.to_vec());
    store
}

fn get(store: &MemoryStore, query: &str) -> HttpReply {
    let request = HttpRequest {
        path: "/is/image/Test/paths".to_owned(),
        query: query.to_owned(),
        received_at: 1.8e12,
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Width, height and samples of the picture, with alpha. Hidden pixels are black.
fn drawn(store: &MemoryStore, query: &str) -> (u32, u32, Vec<u8>) {
    let reply = get(store, &format!("{query}&fmt=png-alpha"));
    assert_eq!(reply.status, 200, "{query}: {}", text(&reply));
    let mut reader = png::Decoder::new(Cursor::new(&reply.body)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    for pixel in pixels.chunks_exact_mut(4).filter(|pixel| pixel[3] == 0) {
        pixel.fill(0);
    }
    (info.width, info.height, pixels)
}

/// Width and height that `req=props` tells.
fn size(query: &str) -> [u32; 2] {
    let list = text(&get(&holding(PATHS), &format!("{query}&req=props")));
    let number = |name: &str| {
        let line = list.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|number| number.parse().ok());
        assert!(number.is_some(), "{query}: {list}");
        number.unwrap_or(0)
    };
    ["image.width=", "image.height="].map(number)
}

#[test]
fn crop_to_paths_leaves_their_bounding_box() {
    // Of 160 × 120 pixels.
    for (query, expected) in [
        ("cropPathE=Box", [80, 60]),
        ("layer=0&cropPathE=Box", [80, 60]),
        ("cropPathE=Outline", [96, 84]),
        // The box is cut off at the edge of the image, and then at that of the first path.
        ("cropPathE=Right%20side", [64, 96]),
        ("cropPathE=Box,Right%20side", [40, 48]),
        ("layer=0&cropPathE=Right%20side,Box", [40, 48]),
        ("cropPathE=gone,Box,Empty", [80, 60]),
        // The rest of crop= is cropped, and then scaled.
        ("crop=0,0,80,60&cropPathE=Box", [40, 48]),
        ("layer=0&crop=0,0,80,60&cropPathE=Box", [40, 48]),
        ("layer=0&cropPathE=Box&size=40,0", [40, 30]),
        ("size=80,0&cropPathE=Box", [40, 30]),
        // A path outside of what is left is ignored.
        ("crop=0,0,30,30&cropPathE=Box", [30, 30]),
        ("layer=0&cropPathE=Box&rotate=90", [60, 80]),
        ("rotate=90&cropPathE=Box", [60, 80]),
        ("layer=0&flip=lr&extend=5,0,0,0&layer=comp&cropPathE=Box", [80, 60]),
        // The bounding box of a turned rectangle: 80 cos 30° + 60 sin 30°, and so on.
        ("rotate=30&cropPathE=Box", [100, 93]),
    ] {
        let [width, height] = size(query);
        let close = |is: u32, want: u32| {
            if query.contains("=30&") { is.abs_diff(want) < 2 } else { is == want }
        };
        assert!(
            close(width, expected[0]) && close(height, expected[1]),
            "{query}: {width} × {height}"
        );
    }
}

#[test]
fn names_that_the_image_does_not_have_are_ignored() {
    let store = holding(PATHS);
    let whole = drawn(&store, "layer=0");
    for query in [
        "clipPathE=gone",
        "clipXPathE=outline",
        "layer=0&clipPathE=,Empty,&cropPathE=gone",
        "cropPathE=Work%20Path",
        "layer=0&clipPathE=Box&clipPathE=",
    ] {
        assert!(drawn(&store, query) == whole, "{query}");
    }
    // What is no image has no paths.
    let solid = "layer=1&color=ff0000&size=20,20";
    assert!(drawn(&store, &format!("{solid}&clipPathE=Box&cropPathE=Box")) == drawn(&store, solid));
    let nested = "layer=1&src=is{Test/paths?wid=50}";
    assert!(drawn(&store, &format!("{nested}&clipPathE=Box")) == drawn(&store, nested));
}

#[test]
fn clips_are_the_same_as_their_paths_in_pixels() {
    let store = holding(PATHS);
    for (embedded, given) in [
        ("layer=0&clipPathE=Box", "layer=0&clipPath=M40,12L120,12,120,72,40,72Z"),
        ("clipPathE=Box", "clipPath=M40,12L120,12,120,72,40,72Z"),
        ("clipXPathE=Box", "clipXPath=M40,12L120,12,120,72,40,72Z"),
        ("clipPathE=Box,Right%20side", "clipPath=M80,24L120,24,120,72,80,72Z"),
        ("layer=0&crop=20,10,120,90&clipPathE=Box", "layer=0&crop=20,10,120,90&clipPath=M20,2h"),
        ("layer=0&flip=lr&clipPathE=Box", "layer=0&flip=lr&clipPath=M120,12L40,12,40,72,120,72Z"),
        (
            "layer=0&rotate=90&clipPathE=Box",
            "layer=0&rotate=90&clipPath=M108,40L108,120,48,120,48,40Z",
        ),
        (
            "layer=0&flip=ud&clipPathE=Box&layer=comp&flip=ud",
            "clipPath=M40,12L120,12,120,72,40,72Z",
        ),
    ] {
        let given = given.replace("M20,2h", "M20,2L100,2,100,62,20,62Z");
        assert!(drawn(&store, embedded) == drawn(&store, &given), "{embedded}");
    }
}

#[test]
fn a_clip_reaches_as_far_as_the_crop_to_the_same_path() {
    let store = holding(PATHS);
    for path in ["Outline", "Leaf"] {
        for (turn, turned) in [("", ""), ("layer=0&rotate=40&layer=comp&", "of the composite")] {
            let query = format!("{turn}clipPathE={path}&cropPathE={path}");
            let (width, height, pixels) = drawn(&store, &query);
            let alpha = |x: u32, y: u32| pixels[((y * width + x) * 4 + 3) as usize];
            let row = |y| (0..width).any(|x| alpha(x, y) > 0);
            let column = |x| (0..height).any(|y| alpha(x, y) > 0);
            let ends = [row(0), row(height - 1), column(0), column(width - 1)];
            assert_eq!(ends, [true; 4], "{path} {turned}");
        }
    }
}

/// A nested request is clipped before its picture is turned, and a layer after.
#[test]
fn a_clip_that_is_transformed_is_the_transform_of_the_clipped_image() {
    let store = holding(PATHS);
    for transform in ["rotate=25", "perspective=10,30,150,0,155,118,60,90", "flip=lr&size=90,0"] {
        let base = "layer=0&size=160,120&hide=1&layer=1&src=";
        let after = format!("{base}Test/paths&{transform}&clipPathE=Outline");
        let before = format!("{base}is{{Test/paths?clipPathE=Outline}}&{transform}");
        let ((width, height, after), (.., before)) =
            (drawn(&store, &after), drawn(&store, &before));
        let far =
            after.iter().zip(&before).skip(3).step_by(4).filter(|(a, b)| a.abs_diff(**b) > 60);
        let far = far.count() as f64 / f64::from(width * height);
        assert!(far < 0.001, "{transform}: {far}");
    }
}

#[test]
fn paths_turn_with_the_orientation_of_their_file() {
    // Orientation 6: the upright picture is the stored one, turned by a quarter clockwise.
    let (store, upright) = (holding(&turned(6)), holding(PATHS));
    for paths in ["cropPathE=Box", "clipPathE=Outline", "layer=0&cropPathE=Leaf&clipXPathE=Outline"]
    {
        let same = paths.replace("layer=0&", "");
        let of_upright = drawn(&upright, &format!("layer=0&rotate=90&{same}"));
        assert!(drawn(&store, paths) == of_upright, "{paths}");
    }
}

#[test]
fn a_jpeg_file_that_is_no_pyramid_has_paths_too() {
    let picture = include_bytes!("fixtures/astronaut.jpg");
    let resources = block(2000, "Box", &records(&[rectangle([0.25, 0.1, 0.75, 0.6])], true));
    let body = [b"Photoshop 3.0\0".as_slice(), &resources].concat();
    let len = (body.len() as u16 + 2).to_be_bytes();
    let segment = [&[0xff, 0xed], len.as_slice(), &body].concat();
    let store = holding(&[&picture[..2], &segment, &picture[2..]].concat());
    let (width, height, _) = drawn(&store, "cropPathE=Box");
    assert_eq!((width, height), (128, 129), "a box of 128 × 128 pixels that begins at 25.6");
    // Parts of a block in several segments are not put together.
    let store = holding(&[&picture[..2], &segment, &segment, &picture[2..]].concat());
    let (width, height, _) = drawn(&store, "cropPathE=Box");
    assert_eq!((width, height), (256, 256));
}

#[test]
fn paths_cost_a_read_only_where_a_request_names_them() {
    // Its resources are longer than what the first read gets.
    let long = [
        block(1061, "", &vec![7; 40_000]),
        block(2000, "Box", &records(&[rectangle([0.25, 0.1, 0.75, 0.6])], true)),
    ];
    let store = holding(&pyramid(long.concat()));
    let reads = |query: &str| {
        store.take_reads();
        assert_eq!(get(&store, query).status, 200, "{query}");
        store
            .take_reads()
            .iter()
            .filter(|read| read.key.ends_with(".tif") && read.range.len > 40_000)
            .count()
    };
    for query in [
        "cropPathE=Box",
        "cropPathE=Box&clipPathE=Box&layer=0&clipPathE=Box",
        "clipPathE=Box&layer=1&src=Test/paths&cropPathE=Box",
        "layer=1&src=is{Test/paths?cropPathE=Box}",
        "cropPathE=Box&req=props",
        "cropPathE=Box&req=explain",
    ] {
        assert_eq!(reads(query), 1, "{query}");
    }
    for query in ["layer=0", "layer=1&src=Test/paths", "cropPathE=Box&req=exists"] {
        assert_eq!(reads(query), 0, "{query}");
    }
}

#[test]
fn areas_of_a_map_move_with_the_crop_of_the_composite() {
    let store = holding(PATHS);
    let map = |query: &str| text(&get(&store, &format!("req=map&{query}")));
    let area = "%3Carea shape=rect coords=50,22,70,42%3E";
    let of_box = "<AREA shape=rect coords=\"10,10,30,30\">";
    assert_eq!(map(&format!("cropPathE=Box&mapA={area}")), of_box);
    assert_eq!(map(&format!("cropPathE=Box&layer=0&map={area}")), of_box);
    assert_eq!(map(&format!("layer=0&cropPathE=Box&mapA={area}")), of_box);
    let mirrored = "<AREA shape=rect coords=\"50,10,70,30\">";
    assert_eq!(map(&format!("cropPathE=Box&flip=lr&layer=0&map={area}")), mirrored);
    assert_eq!(
        map(&format!("cropPathE=Box&map={area}")),
        "<AREA shape=rect coords=\"50,22,70,42\">"
    );
}

fn refusal(store: &MemoryStore, query: &str) -> String {
    let reply = get(store, query);
    assert_eq!(reply.status, 403, "{query}");
    text(&reply)
}

#[test]
fn paths_that_are_too_many_or_too_long_are_refused() {
    let store = holding(PATHS);
    let names = |count: usize| format!("clipPathE={}", vec!["Box"; count].join(","));
    assert_eq!(get(&store, &names(limits::EMBEDDED_PATHS)).status, 200);
    let many = refusal(&store, &names(limits::EMBEDDED_PATHS + 1));
    assert!(many.contains("65 embedded paths, the limit is 64"), "{many}");
    let long = |knots: usize| {
        let knot = |nth: usize| {
            [[(nth * 7919 % 1000) as f64 / 1000.0, (nth * 104_729 % 997) as f64 / 997.0]; 3]
        };
        records(&[(0..knots).map(knot).collect()], true)
    };
    // Two records begin a path, and one its subpath.
    let most = limits::PATH_POINTS - 3;
    let resources =
        [block(2000, "most", &long(most)), block(2001, "long", &long(most + 1))].concat();
    let store = holding(&pyramid(resources));
    assert_eq!(get(&store, "clipPathE=most&wid=80").status, 200);
    assert_eq!(get(&store, "clipPathE=most,most&wid=80").status, 200);
    let all = refusal(&store, "clipPathE=most,most&cropPathE=most");
    assert!(all.contains("the embedded paths have 12288 records, the limit is 8192"), "{all}");
    let one = refusal(&store, "layer=1&src=is{Test/paths?cropPathE=long}");
    assert!(one.contains("the path long has 4097 records, the limit is 4096"), "{one}");
}

/// Numbers that look random (xorshift64*).
fn random(state: &mut u64) -> usize {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize
}

#[test]
fn damaged_resources_clip_anything_or_nothing_but_always_answer() {
    let start = PATHS.windows(4).position(|bytes| bytes == b"8BIM").unwrap();
    let (mut state, mut clipped) = (0x9E37_79B9_7F4A_7C15, 0);
    for turn in 0..300 {
        let mut file = PATHS.to_vec();
        for _ in 0..=random(&mut state) % 8 {
            let at = start + random(&mut state) % (file.len() - start);
            file[at] = [0, 0x7f, 0x80, 0xff, random(&mut state) as u8][random(&mut state) % 5];
        }
        let query = [
            "clipPathE=Outline,Leaf&cropPathE=Box",
            "layer=0&cropPathE=Leaf&rotate=33&clipXPathE=Outline",
            "layer=0&perspective=10,0,150,30,160,120,0,90&layer=comp&clipPathE=Leaf&cropPathE=Outline",
        ][turn % 3];
        let reply = get(&holding(&file), &format!("{query}&wid=60"));
        assert!(matches!(reply.status, 200 | 403), "{query}: {}", text(&reply));
        clipped += usize::from(reply.status == 200);
    }
    assert!(clipped > 200, "only {clipped} replies were images");
}
