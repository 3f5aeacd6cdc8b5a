//! Images of other servers, over a store whose keys are URLs: what is drawn, what is refused, and
//! that nobody is asked who may not be.

use std::{fs, io::Cursor, path::Path};

use azulejo::{
    catalog::Compiled,
    codec::Codecs,
    http::{HttpReply, HttpRequest},
    limits,
    serve::serve,
    store::{Block, MemoryStore, Read, ReadError, Store},
};

const CATALOG: &str = "AllowDirectUrls=1\nRootUrl=https://img.example.com/root\n\
    ForeignHosts=img.example.com,.example.org\nDefaultImage=none";

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn store(catalog: &str) -> MemoryStore {
    let store = MemoryStore::new();
    let compiled = Compiled::of_files(catalog, "").unwrap();
    store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    store
}

fn get_at(store: &(impl Store + Codecs), query: &str, seconds: f64) -> HttpReply {
    let request = HttpRequest {
        path: "/is/image/Shop".to_owned(),
        query: query.to_owned(),
        received_at: 1.8e12 + seconds * 1000.0,
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn get(store: &(impl Store + Codecs), query: &str) -> HttpReply {
    get_at(store, query, 0.0)
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Width, height and pixels of a PNG reply.
fn pixels(reply: &HttpReply) -> (u32, u32, Vec<u8>) {
    assert_eq!(reply.status, 200, "{}", text(reply));
    let mut reader = png::Decoder::new(Cursor::new(&reply.body)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

/// The URLs that were asked since the last look.
fn reads_of(store: &MemoryStore) -> Vec<String> {
    let reads = store.take_reads();
    reads.into_iter().map(|read| read.key).filter(|key| key.contains("://")).collect()
}

fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let noise = (0..width * height * 3).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
    writer.write_image_data(&noise.collect::<Vec<u8>>()).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn jpeg_png_and_tiff_are_rendered_as_stored_images_are() {
    let store = store(CATALOG);
    store.put("https://img.example.com/a.jpg", fixture("astronaut.jpg"));
    store.put("https://img.example.com/root/b/c.png?v=1&w=2", png_of(300, 200));
    store.put("http://cdn.example.org/tulips.tif", fixture("tulips.tif"));
    store.put("assets/Shop/tulips.tif", fixture("tulips.tif"));
    let jpeg = pixels(&get(&store, "src=(https://img.example.com/a.jpg)&wid=100&fmt=png"));
    assert_eq!(jpeg.0, 100);
    let braces = get(&store, "layer=0&src={https://img.example.com/a.jpg}&wid=100&fmt=png");
    assert_eq!(pixels(&braces), jpeg, "both kinds of brackets, said of layer 0 or not");
    let variable = "$from=a.jpg&src=(https://img.example.com/$from$)&wid=100&fmt=png";
    assert_eq!(pixels(&get(&store, variable)), jpeg);
    let relative = get(&store, "src=(b/c.png?v=1&w=2)&wid=150&fmt=png");
    assert_eq!((pixels(&relative).0, pixels(&relative).1), (150, 100));
    let there = get(&store, "src=(http://cdn.example.org/tulips.tif)&wid=60&fmt=png");
    let here = get(&store, "src=Shop/tulips&wid=60&fmt=png");
    assert_eq!(pixels(&there), pixels(&here));
    assert_ne!(there.header("etag"), here.header("etag"));
}

#[test]
fn a_png_is_copied_to_the_pixel_and_cropped() {
    let store = store(CATALOG);
    let file = png_of(64, 48);
    store.put("https://img.example.com/a.png", file.clone());
    let whole = pixels(&get(&store, "src=(https://img.example.com/a.png)&scl=1&fmt=png"));
    let body = HttpReply { body: file, ..get(&store, "req=validate") };
    assert_eq!(whole, pixels(&body));
    let part = get(&store, "src=(https://img.example.com/a.png)&rgn=10,5,3,2&scl=1&fmt=png");
    let (width, height, part) = pixels(&part);
    assert_eq!((width, height), (3, 2));
    assert_eq!(part[..9], whole.2[(5 * 64 + 10) * 3..][..9]);
}

#[test]
fn unsupported_remote_images_are_never_fetched() {
    let store = store(CATALOG);
    store.put("https://img.example.com/a.png", png_of(8, 8));
    let reply = get(&store, "src=(https://img.example.com/a.png)&layer=1&src=Shop/b");
    assert!(text(&reply).contains("layer=1"), "{}", text(&reply));
    assert_eq!(reads_of(&store), Vec::<String>::new());
}

#[test]
fn hosts_that_are_not_permitted_are_never_contacted() {
    let open = store(CATALOG);
    for (query, why) in [
        ("src=(https://evil.example.net/a.jpg)", "not a permitted host"),
        ("src=(https://169.254.169.254/latest/)", "not on the public network"),
        ("src=(https://img.example.com:8443/a.jpg)", "expected port 80 or 443"),
        ("src=(ftp://img.example.com/a.jpg)", "expected an http or https URL"),
    ] {
        let reply = get(&open, query);
        assert_eq!(reply.status, 403);
        assert!(text(&reply).contains(why), "{query}: {}", text(&reply));
        assert!(text(&reply).contains("src=("), "{}", text(&reply));
        assert!(reads_of(&open).is_empty(), "{query}");
    }
    let shut = store("ForeignHosts=img.example.com");
    shut.put("https://img.example.com/a.jpg", fixture("astronaut.jpg"));
    let reply = get(&shut, "src=(https://img.example.com/a.jpg)");
    assert!(text(&reply).contains("AllowDirectUrls is off"), "{}", text(&reply));
    let reply = get(&shut, "src=(a.jpg)");
    assert!(text(&reply).contains("RootUrl is empty"), "{}", text(&reply));
    assert!(reads_of(&shut).is_empty());
}

#[test]
fn redirects_are_followed_as_far_as_the_rules_go() {
    let store = store(CATALOG);
    store.put("https://eu.example.org/b.jpg", fixture("astronaut.jpg"));
    store.redirect("https://img.example.com/a.jpg", "https://eu.example.org/b.jpg");
    let direct = pixels(&get(&store, "src=(https://eu.example.org/b.jpg)&wid=90&fmt=png"));
    let moved = get(&store, "src=(https://img.example.com/a.jpg)&wid=90&fmt=png");
    assert_eq!(pixels(&moved), direct);
    for to in ["https://evil.example.net/", "http://127.0.0.1/", "http://[::1]/", "file:///etc/"] {
        store.redirect("https://img.example.com/trap.jpg", to);
        reads_of(&store);
        let reply = get(&store, "src=(https://img.example.com/trap.jpg)&wid=90");
        assert_eq!(reply.status, 403, "{to}");
        assert!(text(&reply).contains(&format!("src=({to})")), "{}", text(&reply));
        assert!(reads_of(&store).is_empty(), "{to}");
    }
    store.redirect("https://img.example.com/loop.jpg", "https://img.example.com/loop.jpg");
    let reply = get(&store, "src=(https://img.example.com/loop.jpg)&wid=90");
    assert!(text(&reply).contains("more than 3 redirects"), "{}", text(&reply));
}

#[test]
fn a_missing_image_is_named_by_its_url_and_the_default_image_replaces_it() {
    let none = store(CATALOG);
    let reply = get(&none, "src=(https://img.example.com/gone.jpg)&wid=50");
    assert_eq!(reply.status, 403);
    let expected = "src=(https://img.example.com/gone.jpg): no such image";
    assert!(text(&reply).contains(expected), "{}", text(&reply));
    let store = store(&CATALOG.replace("none", "tulips"));
    store.put("assets/Shop/tulips.tif", fixture("tulips.tif"));
    let stands_in = get(&store, "src=(https://img.example.com/gone.jpg)&wid=50&fmt=png");
    assert_eq!(pixels(&stands_in), pixels(&get(&store, "src=tulips&wid=50&fmt=png")));
}

#[test]
fn its_version_is_trusted_for_seconds_and_confirmed_then() {
    let store = store(CATALOG);
    const URL: &str = "https://img.example.com/a.jpg";
    let query = format!("src=({URL})&wid=50");
    store.put(URL, fixture("astronaut.jpg"));
    let before = get_at(&store, &query, 0.0);
    reads_of(&store);
    assert_eq!(get_at(&store, &format!("{query}&req=imageprops"), 1.0).status, 200);
    assert!(reads_of(&store).is_empty(), "its index is remembered");
    store.put(URL, png_of(90, 90));
    let after = get_at(&store, &query, f64::from(limits::TRUST_SECONDS) + 1.0);
    assert_eq!(after.status, 200);
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_decoded() {
    let store = store(CATALOG);
    store.put("https://img.example.com/wide.png", huge_png());
    let reply = get(&store, "src=(https://img.example.com/wide.png)&wid=100");
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("30000 × 30000 pixels"), "{}", text(&reply));
    assert_eq!(reads_of(&store).len(), 1, "only the header was read");
    let mut long = fixture("astronaut.jpg");
    long.resize(limits::REMOTE_BYTES as usize + 1, 0);
    store.put("https://img.example.com/long.jpg", long);
    let reply = get(&store, "src=(https://img.example.com/long.jpg)&wid=100");
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("33 MiB, the limit is 32 MiB"), "{}", text(&reply));
}

/// A PNG that says to be huge, over nothing.
fn huge_png() -> Vec<u8> {
    let mut file = png_of(8, 8);
    file[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    file.resize(60_000, 0);
    file
}

#[test]
fn formats_that_are_not_read_are_refused_by_name() {
    let store = store(CATALOG);
    store.put("https://img.example.com/a.webp", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec());
    let reply = get(&store, "src=(https://img.example.com/a.webp)&wid=100");
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("WebP"), "{}", text(&reply));
}

#[test]
fn layers_and_masks_can_be_remote() {
    let store = store(CATALOG);
    store.put("https://img.example.com/a.jpg", fixture("astronaut.jpg"));
    let url = "https://img.example.com/a.jpg";
    let plain = get(&store, &format!("src=({url})&wid=90&fmt=png"));
    for more in [format!("layer=1&src=({url})&size=90,0"), format!("mask=({url})")] {
        let reply = get(&store, &format!("src=({url})&wid=90&fmt=png&{more}"));
        assert_eq!(reply.status, 200, "{}", text(&reply));
        assert!(reply.body != plain.body, "{more}");
        let refused = more.replace("img.example.com", "other.example.com");
        let refused = get(&store, &format!("src=({url})&wid=90&fmt=png&{refused}"));
        assert_eq!(refused.status, 403);
        assert!(text(&refused).contains("is not a permitted host"), "{}", text(&refused));
    }
}

/// A store as they are by default: it asks no other server.
struct Alone(MemoryStore);

impl Codecs for Alone {}

impl Store for Alone {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        assert!(!read.key.contains("://"), "a URL is no key of its own");
        self.0.read(read).await
    }
}

#[test]
fn a_store_without_remote_access_is_an_error() {
    let store = Alone(store(CATALOG));
    let reply = get(&store, "src=(https://img.example.com/a.jpg)&wid=9");
    assert_eq!(reply.status, 403);
    assert!(text(&reply).contains("by the Worker and azulejo serve only"), "{}", text(&reply));
}
