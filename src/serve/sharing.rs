//! How the pipeline uses a platform whose requests share memory and a thread.

use std::cell::{Cell, RefCell};

use super::*;
use crate::{
    catalog::Compiled,
    error::{ErrorKind, Result},
    limits,
    store::{Block, MemoryStore, Read, ReadError},
    time_slice::Pause,
};

const TULIPS: &[u8] = include_bytes!("../../tests/fixtures/tulips.tif");

/// A store of such a platform, which records the order of the calls.
#[derive(Default)]
struct Shared {
    inner: MemoryStore,
    calls: RefCell<Vec<&'static str>>,
    memory: Cell<u64>,
    is_busy: bool,
}

impl Shared {
    fn new(objects: &[(&str, &[u8])]) -> Self {
        let store = Self::default();
        for (key, bytes) in objects {
            store.inner.put(key, bytes.to_vec());
        }
        store
    }

    fn serve_query(&self, query: &str) -> HttpReply {
        self.calls.take();
        pollster::block_on(serve(&request(query), self, || 0.0))
    }

    fn count(&self, what: &str) -> usize {
        self.calls.borrow().iter().filter(|calls| **calls == what).count()
    }
}

impl Codecs for Shared {}

impl Store for Shared {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.calls.borrow_mut().push("read");
        self.inner.read(read).await
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        self.inner.cache_get(key).await
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        self.inner.cache_put(key, bytes).await;
    }

    async fn admit(&self, memory: u64) -> Result<()> {
        self.calls.borrow_mut().push("admit");
        self.memory.set(memory);
        if self.is_busy { Err(Error::new(ErrorKind::Busy, "later")) } else { Ok(()) }
    }

    async fn acquire_thread(&self) -> Result<()> {
        self.calls.borrow_mut().push("turn");
        Ok(())
    }

    fn pause(&self) -> Option<Pause<'_>> {
        self.calls.borrow_mut().push("pause");
        Some(Box::pin(async {}))
    }
}

fn request(query: &str) -> HttpRequest {
    HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: query.to_owned(),
        received_at: 1.8e12,
        ..HttpRequest::default()
    }
}

fn with_error_image() -> Vec<u8> {
    let attributes = [("ErrorImage".to_owned(), "Shop/sorry".to_owned())].into();
    Compiled { format: 1, attributes, ..Compiled::default() }.to_json().unwrap()
}

#[test]
fn every_stage_of_a_large_picture_gives_the_thread_away_and_draws_the_same() {
    let shared = Shared::new(&[("assets/Shop/shoe.tif", TULIPS)]);
    let size = "wid=1500&hei=1500&fit=stretch,1";
    // A slice ends after a row, or a row of blocks, so it is slightly longer than its pixel count.
    let slices = |pixels: u64| (pixels * 9 / 10 / limits::SLICE_PIXELS) as usize;
    let drawn = slices(1500 * 1500);
    for (query, least) in [
        // Resampled, and encoded.
        ("fmt=jpeg", 2 * drawn),
        ("fmt=pjpeg", 3 * drawn),
        ("fmt=png", 2 * drawn),
        ("fmt=png-alpha", 2 * drawn),
        ("fmt=png&op_usm=1,3", 5 * drawn),
        ("fmt=png&op_usm=1,80", 4 * drawn),
        ("fmt=png&op_sharpen=1", 3 * drawn),
    ] {
        let query = format!("{size}&{query}");
        let reply = shared.serve_query(&query);
        assert_eq!(reply.status, 200, "{query}");
        let pauses = shared.count("pause");
        assert!(pauses >= least, "{query}: {pauses} pauses, at least {least} are due");
        let alone = pollster::block_on(serve(&request(&query), &shared.inner, || 0.0));
        assert!(reply.body == alone.body, "{query}");
    }
}

#[test]
fn a_file_that_is_no_pyramid_gives_the_thread_away_while_it_is_decoded() {
    for format in ["jpeg", "pjpeg", "png"] {
        let shared = Shared::new(&[("assets/Shop/shoe.tif", TULIPS)]);
        let file =
            shared.serve_query(&format!("wid=1500&hei=1500&fit=stretch,1&fmt={format}")).body;
        shared.inner.put("assets/Shop/file.tif", file);
        let reply = shared.serve_query("wid=20&src=Shop/file");
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        // A row counts for at least half of its pixels.
        let least = (1500 * 1500 / 2 / limits::SLICE_PIXELS) as usize;
        let pauses = shared.count("pause");
        assert!(pauses >= least, "{format}: {pauses} pauses, at least {least} are due");
    }
}

#[test]
fn tiles_are_fetched_after_admission_and_rendered_after_the_thread_is_acquired() {
    let shared = Shared::new(&[("assets/Shop/shoe.tif", TULIPS)]);
    shared.serve_query("req=imageprops");
    assert_eq!(shared.count("admit") + shared.count("turn"), 0);
    let reply = shared.serve_query("wid=400&qlt=91");
    assert_eq!(reply.status, 200);
    assert_eq!(shared.calls.borrow()[..3], ["admit", "read", "turn"]);
    assert!(shared.memory.get() > 400 * 3, "{}", shared.memory.get());
}

#[test]
fn who_is_turned_away_reads_nothing_and_may_come_again() {
    let objects: &[(&str, &[u8])] = &[
        ("assets/Shop/shoe.tif", TULIPS),
        ("assets/Shop/sorry.tif", TULIPS),
        ("catalogs/Shop.json", &with_error_image()),
    ];
    let shared = Shared { is_busy: true, ..Shared::new(objects) };
    shared.serve_query("req=imageprops");
    let reply = shared.serve_query("wid=400");
    assert_eq!(reply.status, 503);
    assert_eq!(reply.header("retry-after"), Some("5"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(*shared.calls.borrow(), ["admit"], "not even the picture of an error is drawn");
}

#[test]
fn the_picture_of_an_error_is_drawn_once() {
    let objects: &[(&str, &[u8])] = &[
        ("assets/Shop/shoe.tif", TULIPS),
        ("assets/Shop/sorry.tif", TULIPS),
        ("catalogs/Shop.json", &with_error_image()),
    ];
    for query in ["wid=abc", "wid=9999"] {
        let shared = Shared::new(objects);
        let first = shared.serve_query(query);
        assert_eq!((first.status, first.header("content-type")), (200, Some("image/jpeg")));
        assert_eq!(shared.count("turn"), 1);
        let second = shared.serve_query(query);
        assert_eq!(shared.count("turn"), 0, "{query}");
        assert!(second.body == first.body, "{query}");
        assert_eq!(second.header("cache-control"), Some("no-store"));
        // A replaced error image is read again.
        shared.inner.put(
            "assets/Shop/sorry.tif",
            include_bytes!("../../tests/fixtures/chart.tif").to_vec(),
        );
        let mut later = request(query);
        later.received_at += 1e6;
        let third = pollster::block_on(serve(&later, &shared, || 0.0));
        assert!(third.body != first.body, "{query}");
    }
}
