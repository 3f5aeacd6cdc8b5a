//! Goldens: a request, and the exact bytes of its answer.
//!
//! `tests/golden/<family>/<case>.url` holds `# what it proves`, then `Test/<fixture>?modifiers`;
//! beside it lies the answer, an image, or `.txt` (status, MIME type, blank line, body).
//! `BLESS=1` rewrites them; a failure leaves `tests/golden/actual/index.html` to look at.
//!
//! `tests/golden/tags.txt` holds the entity tags: caches find pictures by them, so an answer that
//! changes and keeps its tag would be the old one for as long as it is cached.

#[path = "golden/cases.rs"]
pub mod cases;
#[path = "golden/report.rs"]
mod report;

use std::{collections::BTreeMap, fs, path::Path};

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};
use cases::{root, store};
use report::Difference;

/// The reply to `Test/<fixture>?modifiers`.
pub fn answer(store: &MemoryStore, request: &str) -> HttpReply {
    let (object, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{object}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

/// The family and the name of a case.
fn name(case: &Path) -> String {
    let name = case.strip_prefix(root().join("golden")).unwrap().with_extension("");
    name.to_str().unwrap().replace('\\', "/")
}

/// The extension of a golden, and its bytes.
fn golden(reply: &HttpReply) -> (&'static str, Vec<u8>) {
    match (reply.status, reply.header("content-type").unwrap()) {
        (200, "image/png") => ("png", reply.body.clone()),
        (200, "image/jpeg") => ("jpg", reply.body.clone()),
        (200, "image/webp") => ("webp", reply.body.clone()),
        (200, "image/gif") => ("gif", reply.body.clone()),
        (200, "image/tiff") => ("tif", reply.body.clone()),
        (200, "application/pdf") => ("pdf", reply.body.clone()),
        (200, "image/eps") => ("eps", reply.body.clone()),
        (status, mime) => {
            let mut text = format!("{status}\n{mime}\n\n").into_bytes();
            text.extend_from_slice(&reply.body);
            ("txt", text)
        }
    }
}

#[test]
fn every_answer_is_the_golden_to_the_byte() {
    let store = store();
    let cases = cases::cases();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    let noted = fs::read_to_string(root().join("golden/tags.txt")).unwrap_or_default();
    let noted: BTreeMap<&str, &str> = noted.lines().filter_map(|l| l.split_once(' ')).collect();
    let mut tags = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let (title, request) = cases::read(case);
        let reply = answer(&store, &request);
        let (extension, bytes) = golden(&reply);
        let expected = case.with_extension(extension);
        let changed = fs::read(&expected).is_ok_and(|before| before != bytes);
        if let Some(tag) = reply.header("etag") {
            let name = name(case);
            let same = noted.get(name.as_str()) == Some(&tag);
            assert!(!(changed && same), "{name}: other bytes under the same tag; raise ENGINE");
            tags.insert(name, tag.to_owned());
        }
        if std::env::var_os("BLESS").is_some() {
            for stale in ["png", "jpg", "webp", "gif", "tif", "pdf", "eps", "txt"] {
                let _ = fs::remove_file(case.with_extension(stale));
            }
            fs::write(&expected, &bytes).unwrap();
        } else if fs::read(&expected).ok().as_deref() != Some(bytes.as_slice()) {
            wrong.push(Difference {
                name: name(case),
                title,
                request,
                extension,
                expected: fs::read(&expected).unwrap_or_default(),
                actual: bytes,
            });
        }
    }
    let lines: String = tags.iter().map(|(name, tag)| format!("{name} {tag}\n")).collect();
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("golden/tags.txt"), &lines).unwrap();
    }
    if !wrong.is_empty() {
        let folder = root().join("golden/actual");
        report::write(&folder, &wrong);
        let page = folder.join("index.html");
        let wrong: Vec<String> = wrong
            .iter()
            .map(|one| format!("{}: {}\n  {}", one.name, one.request, one.title))
            .collect();
        panic!("{} differ, see {}:\n{}", wrong.len(), page.display(), wrong.join("\n"));
    }
    let noted: String = noted.iter().map(|(name, tag)| format!("{name} {tag}\n")).collect();
    assert!(std::env::var_os("BLESS").is_some() || lines == noted, "tags differ from tags.txt");
}

/// Where views are cut, across and down. No cut lies on a grid of tiles, blocks or reduced pixels.
const CUTS: [[usize; 5]; 2] = [[0, 37, 131, 263, 1009], [0, 29, 83, 211, 907]];

/// `rect=` cuts a view into parts that fit together without a seam, operations and all (r-rect):
/// those of every golden, and of operations of large radius, which are blurred at reduced size.
#[test]
fn the_parts_of_a_view_make_up_the_whole() {
    let store = store();
    let mut views: Vec<String> = cases::cases()
        .iter()
        .map(|case| cases::read(case).1)
        // Those are parts themselves, and non-image replies.
        .filter(|request| !request.contains("rect=") && answer(&store, request).status == 200)
        .filter(|request| !request.contains("req=") || request.contains("req=mask"))
        .collect();
    let of_goldens = views.len();
    assert!(of_goldens >= 30, "only {of_goldens} goldens");
    views.extend(
        [
            "Test/dandelions?wid=300&op_usm=1.5,2&op_sharpen=1",
            "Test/dandelions?wid=300&op_usm=1.5,250",
            "Test/chart?scl=1&op_usm=1.5,8",
            "Test/tulips?scl=1&op_usm=2,31&op_sharpen=1&crop=17,3,300,300",
            // Rows that come from the last to the first, and columns that come as rows.
            "Test/chart?scl=1&flip=ud&op_usm=1.5,8",
            "Test/turned?scl=1&op_usm=1.5,8",
        ]
        .map(String::from),
    );
    let mut wrong = Vec::new();
    let mut parts = 0;
    for view in &views {
        let whole = pixels(&store, view, "");
        for (x, width) in pieces(CUTS[0], whole.width) {
            for (y, height) in pieces(CUTS[1], whole.height) {
                let part = pixels(&store, view, &format!("&rect={x},{y},{width},{height}"));
                parts += 1;
                if part != whole.part(x, y, width, height) {
                    wrong.push(format!("{view}: {width} × {height} at {x}, {y}"));
                }
            }
        }
    }
    assert!(parts > 4 * views.len(), "only {parts} parts of {} views", views.len());
    assert!(wrong.is_empty(), "{} of {parts} parts differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Where the pieces of a side begin, and how long they are.
fn pieces(cuts: [usize; 5], side: usize) -> impl Iterator<Item = (usize, usize)> {
    let ends = cuts.into_iter().skip(1).chain([usize::MAX]);
    cuts.into_iter()
        .zip(ends)
        .take_while(move |(start, _)| *start < side)
        .map(move |(start, end)| (start, end.min(side) - start))
}

#[derive(PartialEq)]
struct Pixels {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn part(&self, x: usize, y: usize, width: usize, height: usize) -> Self {
        let channels = self.bytes.len() / (self.width * self.height);
        let rows = self.bytes.chunks_exact(self.width * channels).skip(y).take(height);
        let bytes = rows.flat_map(|row| &row[x * channels..(x + width) * channels]);
        Self { width, height, bytes: bytes.copied().collect() }
    }
}

/// A view, or a part of it, as PNG.
fn pixels(store: &MemoryStore, view: &str, rect: &str) -> Pixels {
    let format = if view.contains("alpha") { "png-alpha" } else { "png" };
    let reply = answer(store, &format!("{view}{rect}&fmt={format}"));
    assert_eq!(reply.status, 200, "{view}{rect}: {}", String::from_utf8_lossy(&reply.body));
    let decoder = png::Decoder::new(std::io::Cursor::new(reply.body));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    Pixels { width: info.width as usize, height: info.height as usize, bytes }
}
