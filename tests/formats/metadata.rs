//! The XMP packet and the paths of an image in its replies.

use azulejo::{
    pixel::{ColorModel, PixelFormat},
    pyramid::{
        Metadata,
        write::{WriteOptions, Writer},
    },
    store::MemoryStore,
};

use super::{
    readers::{File, pillow, report, run},
    reply,
};

/// The formats that store a packet: the value of `fmt=`, and the extension.
const WITH_XMP: [(&str, &str); 11] = [
    ("jpeg", "jpg"),
    ("pjpeg", "jpg"),
    ("jpeg,cmyk", "jpg"),
    ("png", "png"),
    ("png8", "png"),
    ("tif", "tif"),
    ("tif,gray,lzw", "tif"),
    ("webp", "webp"),
    ("webp,,lossless", "webp"),
    ("pdf", "pdf"),
    ("pdf,,zip", "pdf"),
];

/// A packet with a title and a list of so many words.
fn packet(words: usize) -> String {
    let word = |nth: usize| format!("<rdf:li>{:.>90} word {nth}</rdf:li>", "");
    let words: String = (0..words).map(word).collect();
    format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title><rdf:Alt><rdf:li \
         xml:lang=\"x-default\">Löwenzahn</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag>{words}\
         </rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
}

/// `Test/short` and `Test/long` with packets, `Test/paths` with Photoshop's paths.
fn store() -> MemoryStore {
    let store = MemoryStore::new();
    for (name, words) in [("short", 3), ("long", 900)] {
        let metadata = Metadata { xmp: Some(packet(words).into_bytes()), ..Metadata::default() };
        let options = WriteOptions { metadata, ..WriteOptions::default() };
        let pixel = PixelFormat { model: ColorModel::Rgb, alpha: false };
        let mut writer = Writer::new(40, 30, pixel, options).unwrap();
        (0..30).for_each(|y| writer.push_row(&[y * 8; 120]).unwrap());
        store.put(&format!("assets/Test/{name}.tif"), writer.finish().unwrap());
    }
    store.put("assets/Test/paths.tif", include_bytes!("../fixtures/paths.tif").to_vec());
    store
}

fn properties(store: &MemoryStore, request: &str) -> String {
    String::from_utf8(reply(store, request).body).unwrap()
}

#[test]
fn xmp_packets_are_unchanged_in_every_format_that_stores_them() {
    let store = store();
    for (format, extension) in WITH_XMP {
        for (name, words) in [("short", 3), ("long", 900)] {
            let query = format!("Test/{name}?scl=1&xmpEmbed=1&fmt={format}");
            let body = reply(&store, &query).body;
            let file = File::new(&body, extension);
            let packet = packet(words);
            assert_eq!(packet.len() > 65502, name == "long");
            let is_parted = extension == "jpg" && name == "long";
            if !is_parted {
                let found = body.windows(packet.len()).filter(|part| *part == packet.as_bytes());
                assert_eq!(found.count(), 1, "{query}");
                if let Some(done) = run("exiftool", &["-b", "-xmp", file.path()]) {
                    assert!(done.stdout == packet.as_bytes(), "{query}");
                }
            }
            report("exiftool", &["-validate", "-warning", file.path()]);
            let tags = ["-s3", "-XMP-dc:Title", "-XMP-dc:Subject", file.path()];
            if let Some(text) = report("exiftool", &tags) {
                let last = format!("word {}\n", words - 1);
                assert!(
                    text.starts_with("Löwenzahn\n") && text.ends_with(&last),
                    "{query}: {text}"
                );
            }
            match extension {
                "pdf" => {
                    report("qpdf", &["--check", file.path()]);
                    if let Some(text) = report("pdfinfo", &["-meta", file.path()]) {
                        assert!(text.contains("Löwenzahn"), "{query}: {text}");
                    }
                }
                _ if !is_parted => {
                    if let Some(done) = run("vipsheader", &["-f", "xmp-data", file.path()]) {
                        assert!(done.status.success(), "{query}: {done:?}");
                    }
                }
                _ => {}
            }
            if extension != "pdf" {
                pillow(&file, "RGB");
            }
        }
    }
}

#[test]
fn xmp_is_left_out_where_there_is_none_or_no_place_for_it() {
    let store = store();
    for format in ["jpeg", "png", "png8", "tif", "webp", "pdf"] {
        let plain = reply(&store, &format!("Test/paths?scl=1&fmt={format}")).body;
        let body = reply(&store, &format!("Test/paths?scl=1&xmpEmbed=1&fmt={format}")).body;
        assert!(body == plain, "{format}");
        let body = reply(&store, &format!("Test/short?scl=1&xmpEmbed=0&fmt={format}")).body;
        assert!(body == reply(&store, &format!("Test/short?scl=1&fmt={format}")).body);
    }
    for format in ["gif", "eps"] {
        let plain = reply(&store, &format!("Test/short?scl=1&fmt={format}")).body;
        let body = reply(&store, &format!("Test/short?scl=1&xmpEmbed=1&fmt={format}")).body;
        assert!(body == plain, "{format}");
    }
    // Only the image of layer 0 counts.
    let query = "Test/paths?scl=1&layer=1&src=Test/short&xmpEmbed=1";
    assert!(reply(&store, query).body == reply(&store, &query.replace("&xmpEmbed=1", "")).body);
    for (query, flag) in [
        ("Test/short?xmpEmbed=1", "1"),
        ("Test/short?xmpEmbed=1&fmt=gif", "0"),
        ("Test/short?", "0"),
        ("Test/paths?xmpEmbed=1", "0"),
    ] {
        let text = properties(&store, &format!("{query}&req=props"));
        assert!(text.contains(&format!("image.xmpEmbed={flag}")), "{query}: {text}");
    }
}

#[test]
fn metadata_counts_for_jpeg_size_and_stands_beside_the_profile() {
    let store = store();
    let query = "Test/short?wid=400&hei=300&fit=stretch&xmpEmbed=1&icc=sRGB&iccEmbed=1";
    let body = reply(&store, &format!("{query}&jpegSize=8")).body;
    assert!(body.len() <= 8 << 10, "{}", body.len());
    let file = File::new(&body, "jpg");
    let tags = ["-s3", "-XMP-dc:Title", "-ICC_Profile:ColorSpaceData", file.path()];
    if let Some(text) = report("exiftool", &tags) {
        assert_eq!(text, "Löwenzahn\nRGB\n");
    }
    let pdf = File::new(&reply(&store, &format!("{query}&fmt=pdf")).body, "pdf");
    report("qpdf", &["--check", pdf.path()]);
    if let Some(list) = report("pdfimages", &["-list", pdf.path()]) {
        assert!(list.contains(" icc "), "{list}");
    }
}

/// The points of a path as ImageMagick reads it, in pixels: its lines without words of SVG.
fn path(file: &File, resource: u16) -> Option<Vec<[f64; 2]>> {
    let format = format!("%[8BIM:{resource},{resource}:#1]");
    let done = run("convert", &[file.path(), "-format", &format, "info:"])?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let lines = text.lines().filter_map(|line| line.strip_prefix(['M', 'L', 'C']));
    let numbers = |line: &str| -> Vec<f64> {
        line.split_whitespace().filter_map(|number| number.parse().ok()).collect()
    };
    Some(lines.map(numbers).flat_map(|numbers| numbers.as_chunks().0.to_vec()).collect())
}

#[test]
fn paths_lie_in_the_reply_where_its_pixels_do() {
    let store = store();
    // Of 160 × 120 pixels: Box is 40, 12 to 120, 72.
    for (query, [left, top, right, bottom]) in [
        ("scl=1", [40.0, 12.0, 120.0, 72.0]),
        ("wid=80", [20.0, 6.0, 60.0, 36.0]),
        ("wid=100&hei=30&fit=stretch", [25.0, 3.0, 75.0, 18.0]),
        ("scl=1&rgn=20,10,120,90", [20.0, 2.0, 100.0, 62.0]),
        ("scl=1&rect=30,20,100,80", [10.0, -8.0, 90.0, 52.0]),
        ("scl=1&layer=0&flip=lr", [40.0, 12.0, 120.0, 72.0]),
        ("scl=1&flip=ud", [40.0, 48.0, 120.0, 108.0]),
        ("scl=1&layer=0&rotate=90", [48.0, 40.0, 108.0, 120.0]),
        ("scl=1&layer=0&crop=20,10,120,90&size=60,0", [10.0, 1.0, 50.0, 31.0]),
        ("scl=1&layer=0&extend=5,6,7,8", [45.0, 18.0, 125.0, 78.0]),
    ] {
        for (format, extension) in [("jpeg", "jpg"), ("pjpeg", "jpg"), ("tif", "tif")] {
            let query = format!("Test/paths?{query}&pathEmbed=1&fmt={format}");
            let file = File::new(&reply(&store, &query).body, extension);
            report("exiftool", &["-validate", "-warning", file.path()]);
            if let Some(text) = report("exiftool", &["-s3", "-ClippingPathName", file.path()]) {
                assert_eq!(text, "Outline\n", "{query}");
            }
            let Some(points) = path(&file, 2001) else { continue };
            assert_eq!(points.len(), 5, "{query}: {points:?}");
            for side in [0, 1] {
                let ends = ([left, top][side], [right, bottom][side]);
                let of = points.iter().map(|point| point[side]);
                let found = of.fold((f64::MAX, f64::MIN), |(a, b), at| (a.min(at), b.max(at)));
                let near = (found.0 - ends.0).abs() < 0.01 && (found.1 - ends.1).abs() < 0.01;
                assert!(near, "{query}: {points:?}");
            }
            assert!(path(&file, 2000).unwrap().len() > 12, "curves and a hole");
        }
    }
}

/// A reply with paths is a source with paths.
#[test]
fn paths_of_a_reply_crop_as_those_of_its_image_do() {
    let store = store();
    let made = reply(&store, "Test/paths?scl=1&layer=0&rotate=90&fmt=tif&pathEmbed=1").body;
    store.put("assets/Test/turned.tif", made);
    let turned = reply(&store, "Test/turned?scl=1&cropPathE=Outline&fmt=png").body;
    let direct = "Test/paths?scl=1&layer=0&rotate=90&cropPathE=Outline&fmt=png";
    assert!(turned == reply(&store, direct).body);
}

#[test]
fn open_and_empty_paths_and_work_paths_are_left_out() {
    let store = store();
    let body = reply(&store, "Test/paths?scl=1&fmt=tif&pathEmbed=1").body;
    let has = |name: &str| body.windows(name.len()).any(|part| part == name.as_bytes());
    for name in ["Outline", "Box", "Right side"] {
        assert!(has(name), "{name}");
    }
    assert!(!has("Leaf"), "an open path");
    let resource = |id: u16| {
        let head = [b"8BIM".as_slice(), &id.to_be_bytes()].concat();
        body.windows(6).any(|part| part == head)
    };
    assert!(resource(2000) && resource(2999));
    assert!(!resource(1025) && !resource(1061) && !resource(2003));
}

#[test]
fn paths_are_left_out_where_there_are_none_or_no_place_for_them() {
    let store = store();
    for format in ["png", "gif", "webp", "pdf"] {
        let plain = reply(&store, &format!("Test/paths?scl=1&fmt={format}")).body;
        let body = reply(&store, &format!("Test/paths?scl=1&pathEmbed=1&fmt={format}")).body;
        assert!(body == plain, "{format}");
    }
    assert!(
        reply(&store, "Test/short?scl=1&pathEmbed=1").body
            == reply(&store, "Test/short?scl=1").body
    );
    for (query, flag) in [
        ("Test/paths?pathEmbed=1", "1"),
        ("Test/paths?pathEmbed=1&fmt=png", "0"),
        ("Test/paths?", "0"),
        ("Test/short?pathEmbed=1", "0"),
    ] {
        let text = properties(&store, &format!("{query}&req=props"));
        assert!(text.contains(&format!("image.pathEmbed={flag}")), "{query}: {text}");
    }
}

#[test]
fn eps_has_paths_and_profile_in_comments_and_still_paints() {
    let store = store();
    let query = "Test/paths?scl=1&pathEmbed=1&icc=sRGB&iccEmbed=1&fmt=eps";
    let file = File::new(&reply(&store, query).body, "eps");
    let tags =
        ["-s3", "-ClippingPathName", "-ICC_Profile:ColorSpaceData", "-ICC_Profile:ProfileClass"];
    if let Some(text) = report("exiftool", &[&tags[..], &[file.path()]].concat()) {
        assert_eq!(text, "Outline\nRGB\nDisplay Device Profile\n");
    }
    let plain = File::new(&reply(&store, "Test/paths?scl=1&icc=sRGB&fmt=eps").body, "eps");
    let painted = |file: &File| {
        let options = ["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-dEPSCrop", "-sDEVICE=ppmraw"];
        let done = run("gs", &[&options[..], &["-sOutputFile=-", file.path()]].concat())?;
        assert!(done.status.success(), "{done:?}");
        Some(done.stdout)
    };
    if let (Some(one), Some(other)) = (painted(&file), painted(&plain)) {
        assert!(one.len() > 160 * 120 * 3 && one == other);
    }
}

/// A reply with a packet is a source with a packet.
#[test]
fn packets_of_replies_are_those_of_sources() {
    let store = store();
    for format in ["png", "jpeg", "tif"] {
        let file = reply(&store, &format!("Test/short?scl=1&xmpEmbed=1&fmt={format}")).body;
        store.put("assets/Test/file.tif", file);
        assert!(reply(&store, "Test/file?req=xmp").body == packet(3).as_bytes(), "{format}");
    }
}
