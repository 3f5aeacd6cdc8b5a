//! How the pipeline uses a cache of layers.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::*;
use crate::{
    limits,
    store::{Block, LayerCache, MemoryStore, Read, ReadError},
};

const TULIPS: &[u8] = include_bytes!("../../tests/fixtures/tulips.tif");
const CHART: &[u8] = include_bytes!("../../tests/fixtures/chart.tif");

/// A store with a cache of layers, or without.
struct Caching {
    inner: MemoryStore,
    layers: Option<Rc<LayerCache>>,
    /// The layers that it shares with other stores.
    shared: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    looked_up: Cell<usize>,
    tiles: RefCell<Vec<Read>>,
}

impl Caching {
    fn new(layers: Option<Rc<LayerCache>>) -> Self {
        let inner = MemoryStore::new();
        inner.put("assets/Shop/tulips.tif", TULIPS.to_vec());
        inner.put("assets/Shop/chart.tif", CHART.to_vec());
        let (shared, looked_up) = (Rc::default(), Cell::default());
        Self { inner, layers, shared, looked_up, tiles: RefCell::default() }
    }

    fn with() -> Self {
        Self::new(Some(Rc::default()))
    }

    /// Another isolate of the same data centre.
    fn beside(other: &Self) -> Self {
        Self { shared: Rc::clone(&other.shared), ..Self::with() }
    }

    fn get(&self, query: &str) -> HttpReply {
        self.tiles.take();
        let request = HttpRequest {
            path: "/is/image/Shop/tulips".to_owned(),
            query: query.to_owned(),
            ..HttpRequest::default()
        };
        let reply = pollster::block_on(serve(&request, self, || 0.0));
        assert_eq!(reply.status, 200, "{query}: {}", String::from_utf8_lossy(&reply.body));
        reply
    }

    /// The counters of the reply to a request.
    fn layers(&self, query: &str) -> Option<String> {
        let reply = self.get(query);
        let timing = reply.header("server-timing")?;
        Some(timing.split_once("layers;desc=\"")?.1.trim_end_matches('"').to_owned())
    }
}

impl Codecs for Caching {}

impl Store for Caching {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if read.version.is_some() && read.range.len > 0 {
            self.tiles.borrow_mut().push(read.clone());
        }
        self.inner.read(read).await
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        self.layers.clone()
    }

    async fn layer_get(&self, key: String) -> Option<Vec<u8>> {
        self.looked_up.update(|count| count + 1);
        self.shared.borrow().get(&key).cloned()
    }

    fn layer_put(&self, key: String, bytes: Vec<u8>) {
        self.shared.borrow_mut().insert(key, bytes);
    }
}

const STACK: &str = "wid=300&fmt=png&layer=1&src=Shop/chart&size=90,90&pos=-40,0&rotate=$turn$\
                     &effect=-1&op_blur=3&color=0,0,0,128&layer=2&src=Shop/chart&size=50,50\
                     &pos=$x$,20&op_invert=1";

fn stack(turn: i32, x: i32) -> String {
    format!("{STACK}&$turn={turn}&$x={x}")
}

#[test]
fn a_changed_variable_draws_one_layer_only() {
    let store = Caching::with();
    // Two images, the shadow of one, and layer 0.
    assert_eq!(store.layers(&stack(10, 40)).unwrap(), "hit 0, drawn 4");
    assert_eq!(store.layers(&stack(10, 40)).unwrap(), "hit 4, drawn 0");
    assert_eq!(store.layers(&stack(10, 50)).unwrap(), "hit 3, drawn 1");
    // A layer that turns has another shadow.
    assert_eq!(store.layers(&stack(20, 50)).unwrap(), "hit 2, drawn 2");
    assert_eq!(store.layers(&stack(10, 40)).unwrap(), "hit 4, drawn 0");
}

#[test]
fn a_reply_from_cached_layers_equals_a_drawn_one() {
    let (cached, drawn) = (Caching::with(), Caching::new(None));
    for query in [
        stack(10, 40),
        stack(10, 41),
        stack(11, 41),
        format!("{}&layer=1&maskUse=invert&opac=40&blendMode=mult&bgColor=9,99,199", stack(7, 40)),
        format!(
            "{}&layer=2&clipPath=M0,0,L30,0,L0,30,Z&effect=1&color=200,0,0&op_grow=2",
            stack(0, 40)
        ),
        "wid=200&fmt=png-alpha&src=is{Shop/tulips?wid=80&layer=1&src=Shop/chart&size=40,40}\
         &layer=1&src=Shop/chart&size=30,30&rotate=90&color=1,2,3,100"
            .to_owned(),
    ] {
        let wanted = drawn.get(&query);
        for _ in 0..2 {
            assert_eq!(cached.get(&query).body, wanted.body, "{query}");
        }
    }
}

#[test]
fn a_cached_layer_reads_no_tile() {
    let store = Caching::with();
    // The small levels come with the head of a file.
    let large = "scl=1&layer=1&src=Shop/chart&pos=0,0";
    store.get(large);
    assert!(!store.tiles.borrow().is_empty());
    assert!(store.layers(large).unwrap().starts_with("hit 2"));
    assert_eq!(*store.tiles.borrow(), []);
}

#[test]
fn a_replaced_image_is_another_layer() {
    let store = Caching::with();
    let query = "wid=300&layer=1&src=Shop/chart&size=90,90";
    let before = store.get(query).body;
    store.inner.put("assets/Shop/chart.tif", TULIPS.to_vec());
    assert_eq!(store.layers(query).unwrap(), "hit 1, drawn 1");
    assert_ne!(store.get(query).body, before);
}

#[test]
fn a_single_image_and_solid_colours_are_not_cached() {
    let store = Caching::with();
    assert_eq!(store.layers("wid=300"), None);
    assert_eq!(store.layers("wid=300&op_blur=3&rotate=10"), None);
    // Layer 0 only.
    let solid = "wid=300&layer=1&size=20,20&color=1,2,3";
    assert_eq!(store.layers(solid).unwrap(), "hit 0, drawn 1");
}

#[test]
fn a_large_layer_is_drawn_each_time() {
    let store = Caching::with();
    let side = 1500;
    assert!(3 * side * side > limits::CACHED_LAYER_BYTES);
    let query = format!("size={side},{side}&wid={side}&layer=1&src=Shop/chart&size=50,50");
    assert_eq!(store.layers(&query).unwrap(), "hit 0, drawn 1");
    assert_eq!(store.layers(&query).unwrap(), "hit 1, drawn 0");
}

/// Layer 2 grows by so many pixels that it takes long to draw.
const EXPENSIVE: &str = "size=300,0&wid=300&fmt=png&layer=1&src=Shop/chart&size=90,90&pos=-40,0\
                         &layer=2&src=Shop/chart&size=250,250&op_grow=100";

#[test]
fn an_expensive_layer_is_shared_between_isolates() {
    let first = Caching::with();
    assert_eq!(first.layers(EXPENSIVE).unwrap(), "hit 0, drawn 3");
    assert_eq!((first.looked_up.get(), first.shared.borrow().len()), (1, 1));
    assert_eq!(first.layers(EXPENSIVE).unwrap(), "hit 3, drawn 0");
    assert_eq!(first.looked_up.get(), 1, "it is in the isolate");
    let second = Caching::beside(&first);
    assert_eq!(second.layers(EXPENSIVE).unwrap(), "hit 1, drawn 2");
    let drawn = Caching::new(None).get(EXPENSIVE).body;
    assert_eq!(second.get(EXPENSIVE).body, drawn);
    assert_eq!(Caching::beside(&first).get(EXPENSIVE).body, drawn);
}

#[test]
fn a_cheap_layer_is_not_looked_up() {
    let store = Caching::with();
    store.get(&stack(10, 40));
    assert_eq!((store.looked_up.get(), store.shared.borrow().len()), (0, 0));
}

#[test]
fn a_damaged_entry_is_drawn_again() {
    let first = Caching::with();
    let wanted = first.get(EXPENSIVE).body;
    for (_, bytes) in first.shared.borrow_mut().iter_mut() {
        // The raster has another height.
        bytes[4] ^= 1;
    }
    let second = Caching::beside(&first);
    assert_eq!(second.layers(EXPENSIVE).unwrap(), "hit 0, drawn 3");
    assert_eq!(second.get(EXPENSIVE).body, wanted);
    // It has replaced the damaged one.
    assert_eq!(Caching::beside(&first).layers(EXPENSIVE).unwrap(), "hit 1, drawn 2");
}

#[test]
fn explain_shows_cached_layers() {
    let store = Caching::with();
    let count = |store: &Caching, step: &str| {
        let text = store.get(&format!("{}&req=explain", stack(10, 40))).body;
        let step = format!("\"step\": \"{step}\"");
        String::from_utf8(text).unwrap().matches(&step).count()
    };
    assert_eq!((count(&store, "cached"), count(&store, "source")), (0, 3));
    store.get(&stack(10, 40));
    assert_eq!((count(&store, "cached"), count(&store, "source")), (4, 0));
}
