//! The plan of memory is true: what is drawn takes no more than was planned and not much less, and
//! what is refused takes next to nothing, whatever a file claims to be.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]

#[path = "golden/cases.rs"]
mod cases;
#[path = "memory/layered.rs"]
mod layered;
#[path = "pictures/random.rs"]
mod random;
#[path = "memory/sources.rs"]
mod sources;

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Mutex, MutexGuard, PoisonError},
};

use azulejo::{
    catalog::Catalog,
    codec::Codecs,
    commands::takes_request,
    error::Error,
    http::HttpRequest,
    limits,
    plan::{self, Opened, Plan},
    protocol,
    pyramid::{self, Index},
    resolve,
    resolved::Resolved,
    serve::serve,
    store::{self, Block, FetchBuffer, Fetched, LayerCache, MemoryStore, Read, ReadError, Store},
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The tests of this file share one count of memory.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const KEY: &str = "assets/Memory/source.tif";
const PATH: &str = "Memory/source";

/// Bytes of a request besides what is planned: catalog, record, the request itself. They are a
/// part of [`limits::MEMORY_OVERHEAD`].
const REQUEST: u64 = 256 << 10;

fn holding(file: &[u8]) -> MemoryStore {
    let store = MemoryStore::new();
    store.put(KEY, file.to_vec());
    store
}

fn resolved(query: &str) -> Resolved {
    let raw = protocol::read(PATH, query, takes_request).unwrap();
    resolve::resolve(&raw, Catalog::builtin()).unwrap()
}

/// Whether a reply can be encoded from planes, which take half as much as pixels. It is planned for
/// pixels, since whether tiles have planes is not known before one is read.
fn may_have_planes(plan: &Plan) -> bool {
    plan.image_alone().is_some_and(|image| image.is_encoded_from_planes())
}

/// The planned peak of a golden that is drawn, in bytes, and whether it may be encoded from planes.
fn planned(request: &str) -> Option<(u64, bool)> {
    if request.contains("req=") && !request.contains("req=mask") {
        return None;
    }
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let key = format!("assets/{path}.tif");
    let raw = protocol::read(path, query, takes_request).ok()?;
    let resolved = resolve::resolve(&raw, Catalog::builtin()).ok()?;
    let (store, buffer) = (cases::store(), FetchBuffer::default());
    let opened = store::fulfil(&store, &buffer, pyramid::open(&key, &buffer));
    let index = Rc::new(pollster::block_on(opened).ok()?);
    let fetched = buffer.into_fetched();
    let object = fetched.object(&key);
    let opened = Opened { key: &key, index: &index, object, drawings: &[] };
    let plan = plan::plan(&resolved, &[opened]).ok()?;
    Some((plan.peak, may_have_planes(&plan)))
}

fn opened(store: &MemoryStore) -> (Rc<Index>, Fetched) {
    let buffer = FetchBuffer::default();
    let index = pollster::block_on(store::fulfil(store, &buffer, pyramid::open(KEY, &buffer)));
    (Rc::new(index.unwrap()), buffer.into_fetched())
}

/// The status and the words of a reply, and the most bytes that were held above what was before.
fn measured(store: &(impl Store + Codecs), path: &str, query: &str) -> (u16, String, u64) {
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    let peak = ALLOCATOR.peak_usage().saturating_sub(before) as u64;
    let message = String::from_utf8_lossy(if reply.status == 200 { &[] } else { &reply.body });
    let message = message.trim_start_matches("Request too large").trim().to_owned();
    (reply.status, message, peak)
}

/// At the level's size, between levels, enlarged; parts; all formats; filters; turned, padded.
const REQUESTS: [&str; 32] = [
    "scl=1",
    "scl=1&fmt=png",
    "scl=1&qlt=95",
    "scl=1&qlt=100,1",
    "wid=700&fmt=pjpeg,gray&qlt=100",
    "wid=1000&fmt=pjpeg",
    "wid=1000&fmt=pjpeg&qlt=90,1",
    "wid=850",
    "wid=850&fmt=png",
    "wid=850&fmt=png-alpha",
    "wid=850&fmt=png,gray",
    "wid=850&req=mask&fmt=png",
    "scl=1&fmt=webp",
    "wid=850&fmt=webp&qlt=100",
    "wid=850&fmt=webp-alpha",
    "wid=850&fmt=webp,,lossless",
    "wid=850&fmt=webp-alpha,,lossless",
    "wid=200",
    "wid=60&fmt=png",
    "scl=.6&fmt=png",
    "scl=1&rect=256,256,256,256",
    "scl=1&rect=300,200,700,500&fmt=png",
    "wid=1000&op_sharpen=1",
    "wid=1000&op_usm=1.5,.8&fmt=png",
    "wid=1000&op_usm=1.5,5&fmt=png",
    "wid=1000&op_usm=1,40&op_sharpen=1",
    "scl=1&rect=400,300,500,400&op_usm=1,20",
    "scl=1&rect=300,300,500,400&op_grow=60&op_hue=20&op_invert=1",
    "wid=1000&op_blur=20&op_noise=5&op_colorize=ff8800",
    "wid=1000&op_growMask=30&op_growMaskR=-5",
    "wid=1400&hei=1400&fit=fit&bgc=ff8800&fmt=png",
    "wid=700&flip=ud&crop=200,100,800,900",
];

#[test]
fn what_is_drawn_takes_what_was_planned() {
    let _alone = alone();
    let (mut wrong, mut drawn, mut tight) = (Vec::new(), 0, 0);
    for (name, file) in sources::all() {
        let store = holding(&file);
        let (index, fetched) = opened(&store);
        for query in REQUESTS {
            let object = fetched.object(KEY);
            let opened = Opened { key: KEY, index: &index, object, drawings: &[] };
            let planned = plan::plan(&resolved(query), &[opened])
                .map(|plan| (plan.peak, may_have_planes(&plan)));
            let (status, message, peak) = measured(&holding(&file), PATH, query);
            let (planned, has_planes) = match planned {
                Ok(planned) => planned,
                Err(error) => {
                    assert_eq!(status, 403, "{name} {query}: {message}");
                    assert_eq!(message, error.message, "{name} {query}");
                    continue;
                }
            };
            assert_eq!(status, 200, "{name} {query}: {message}");
            drawn += 1;
            // How long a JPEG of high quality or a lossless file gets is not known before, nor of a
            // JPEG's tile and of rare sampling factors how small the colours are, nor whether a
            // picture is opaque, so that WebP leaves its alpha out.
            let unknown =
                ["qlt=", "lossless", "webp-alpha"].iter().any(|part| query.contains(part));
            let unknown = unknown || name.ends_with("4:1:1") || has_planes;
            let generous = planned > peak * 3 / 2 + (1 << 20) && !unknown;
            tight += usize::from(planned <= peak * 5 / 4 + (128 << 10));
            if peak > planned + REQUEST || generous {
                let [planned, peak] = [planned, peak].map(|bytes| bytes as f64 / 1024.0);
                wrong.push(format!("{name} {query}: {peak:.0} KiB, planned {planned:.0}"));
            }
        }
    }
    assert!(drawn > 400, "only {drawn}");
    assert!(tight * 4 > drawn * 3, "only {tight} of {drawn} within a quarter");
    assert!(wrong.is_empty(), "{} of {drawn}\n{}", wrong.len(), wrong.join("\n"));
}

/// Every golden that is drawn takes at most what was planned, and nine in ten at least two thirds
/// of it, without those that may be encoded from planes.
#[test]
fn goldens_take_what_was_planned() {
    let _alone = alone();
    let store = cases::store();
    let (mut drawn, mut tight, mut over) = (0, 0, Vec::new());
    for case in cases::cases() {
        let (_, request) = cases::read(&case);
        let Some((planned, has_planes)) = planned(&request) else { continue };
        let (path, query) = request.split_once('?').unwrap_or((&request, ""));
        let (status, message, peak) = measured(&store, path, query);
        assert_eq!(status, 200, "{request}: {message}");
        drawn += usize::from(!has_planes);
        tight += usize::from(!has_planes && planned * 2 <= peak * 3);
        if peak > planned + REQUEST {
            over.push(format!("{request}: {peak} bytes, planned {planned}"));
        }
    }
    assert!(drawn > 40, "only {drawn}");
    assert!(tight * 10 >= drawn * 9, "only {tight} of {drawn} take two thirds of their plan");
    assert!(over.is_empty(), "{}", over.join("\n"));
}

/// AVIF takes what was planned and not much less, in all its forms.
#[test]
fn avif_takes_what_was_planned() {
    let _alone = alone();
    let file = sources::photograph(1440, 1440);
    let (index, fetched) = opened(&holding(&file));
    let mut wrong = Vec::new();
    for query in [
        "wid=100&fmt=avif",
        "wid=800&fmt=avif",
        "wid=1440&fmt=avif",
        "wid=1000&fmt=avif&qlt=100",
        "wid=500&fmt=avif&qlt=100,1",
        "wid=1100&fmt=avif&qlt=80,1",
        "wid=1000&fmt=avif,gray",
        "wid=1200&fmt=avif-alpha",
        "wid=3000&hei=20&fit=stretch&fmt=avif-alpha",
        "wid=8&hei=3000&fit=stretch&fmt=avif",
    ] {
        let opened = Opened { key: KEY, index: &index, object: fetched.object(KEY), drawings: &[] };
        let planned = plan::plan(&resolved(query), &[opened]).unwrap().peak;
        let (status, message, peak) = measured(&holding(&file), PATH, query);
        assert_eq!(status, 200, "{query}: {message}");
        // The photograph has fewer symbols than noise.
        if peak > planned + REQUEST || planned > peak * 5 / 2 + (3 << 20) {
            wrong.push(format!("{query}: {} KiB, planned {}", peak >> 10, planned >> 10));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A store with a cache of layers, which notes the memory that a request is admitted with.
struct Caching {
    inner: MemoryStore,
    layers: Rc<LayerCache>,
    admitted: Cell<u64>,
}

impl Codecs for Caching {}

impl Store for Caching {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.inner.read(read).await
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        Some(Rc::clone(&self.layers))
    }

    async fn admit(&self, memory: u64) -> Result<(), Error> {
        self.admitted.set(memory);
        Ok(())
    }
}

/// SVGs take what was planned: those of the goldens, at several scales, with layers and filters.
#[test]
fn drawings_take_what_was_planned() {
    let _alone = alone();
    let (mut tight, mut over, mut all) = (0, Vec::new(), Vec::new());
    let mut requests: Vec<String> = cases::cases().iter().map(|case| cases::read(case).1).collect();
    requests.retain(|request| {
        ["shapes", "masks", "filters", "card", "gradients", "album"]
            .iter()
            .any(|name| request.starts_with(&format!("Test/{name}")))
            && !request.contains("req=")
    });
    requests.extend(
        ["shapes", "masks", "filters", "gradients"]
            .map(|name| format!("Test/{name}?wid=700&fit=fit,1&fmt=png-alpha")),
    );
    for request in &requests {
        let (inner, layers) = (cases::store(), Rc::default());
        let store = Caching { inner, layers, admitted: Cell::default() };
        let (path, query) = request.split_once('?').unwrap();
        let before = ALLOCATOR.current_usage();
        let (status, message, peak) = measured(&store, path, query);
        assert_eq!(status, 200, "{request}: {message}");
        let stays = ALLOCATOR.current_usage().saturating_sub(before) as u64;
        let planned = store.admitted.get() + stays;
        let line = format!("{} KiB, planned {}: {request}", peak >> 10, planned >> 10);
        tight += usize::from(planned <= peak * 3 / 2 + (512 << 10));
        if peak > planned + REQUEST {
            over.push(line.clone());
        }
        all.push(line);
    }
    assert!(requests.len() > 12, "only {}", requests.len());
    assert!(over.is_empty(), "{}", over.join("\n"));
    assert!(tight * 10 >= requests.len() * 7, "only {tight}\n{}", all.join("\n"));
}

/// Layered goldens take at most what was planned and what stays in the cache of layers, both when
/// their layers are drawn and when they are taken from the cache.
#[test]
fn cached_layers_take_what_was_planned() {
    let _alone = alone();
    let (inner, layers) = (cases::store(), Rc::default());
    let store = Caching { inner, layers, admitted: Cell::default() };
    let mut drawn = 0;
    for case in cases::cases() {
        let (_, request) = cases::read(&case);
        if !request.contains("layer=1") || request.contains("req=") {
            continue;
        }
        let (path, query) = request.split_once('?').unwrap_or((&request, ""));
        for round in ["drawn", "cached"] {
            let before = ALLOCATOR.current_usage();
            let (status, message, peak) = measured(&store, path, query);
            if status == 501 {
                continue;
            }
            let stays = ALLOCATOR.current_usage().saturating_sub(before) as u64;
            if message.starts_with("Not supported") {
                continue;
            }
            assert_eq!(status, 200, "{request}: {message}");
            let most = store.admitted.get() + stays + REQUEST;
            assert!(peak <= most, "{round} {request}: {peak} bytes, planned {most}");
            drawn += 1;
        }
    }
    assert!(drawn > 40, "only {drawn}");
}

/// All that the default MaxPix allows of our own pyramids of photographs, or one message that tells
/// the limit which counts.
#[test]
fn what_max_pix_allows_is_drawn_or_refused_in_one_message() {
    let _alone = alone();
    let store = holding(&sources::photograph(3000, 3000));
    for (query, allowed) in [
        ("scl=1", true),
        ("scl=1&qlt=95,1", true),
        ("scl=1&fmt=pjpeg", true),
        ("scl=1&fmt=pjpeg,gray", true),
        ("scl=1&fmt=png", true),
        ("scl=1&fmt=png,gray", true),
        ("scl=1&op_usm=1,1", true),
        ("scl=1&op_usm=1,5&op_sharpen=1", true),
        ("wid=1500&dpr=on,3&fmt=png&fit=fit,1", true),
        ("scl=1&fmt=png-alpha", false),
        ("scl=1&fmt=pjpeg&qlt=90,1", false),
    ] {
        let (status, message, peak) = measured(&store, PATH, query);
        if allowed {
            assert_eq!(status, 200, "{query}: {message}");
        } else {
            assert_eq!(status, 403, "{query}");
            assert!(
                message.contains("the limit is 64 MiB whatever MaxPix (3000 × 3000)"),
                "{message}"
            );
            assert!(!message.contains("needs 64 MiB"), "{message}");
        }
        let most = limits::MEMORY - limits::MEMORY_OVERHEAD + REQUEST;
        assert!(peak <= most, "{query}: {} MiB", peak >> 20);
    }
}

/// A request for a few pixels of a file that claims to be large, in each way there is.
#[test]
fn what_is_refused_takes_next_to_nothing() {
    let _alone = alone();
    let mut wrong = Vec::new();
    for (name, file) in sources::hostile() {
        let most = (1 << 20) + 3 * file.len() as u64;
        let store = holding(&file);
        for query in
            ["wid=100", "scl=1&rect=0,0,9,9", "wid=2000&fmt=png&op_usm=1,200", "layer=0&scl=3"]
        {
            let (status, message, peak) = measured(&store, PATH, query);
            if !matches!(status, 403 | 500) || peak > most {
                wrong.push(format!("{name} {query}: {status}, {} KiB; {message}", peak >> 10));
            }
        }
        // Nested, and on another server.
        let url = "https://img.example.com/source";
        store.put(url, file.clone());
        let catalog = "AllowDirectUrls=1\nForeignHosts=img.example.com";
        let compiled = azulejo::catalog::Compiled::of_files(catalog, "").unwrap();
        store.put("catalogs/Shop.json", compiled.to_json().unwrap());
        for (path, query) in [
            ("Memory", format!("src=is{{{PATH}?wid=2000}}&wid=100")),
            ("Memory", format!("layer=0&src=is{{{PATH}}}&wid=100")),
            ("Shop", format!("src=({url})&wid=100")),
        ] {
            let (status, message, peak) = measured(&store, path, &query);
            if !matches!(status, 403 | 500 | 501) || peak > most {
                wrong.push(format!(
                    "{name} {path}?{query}: {status}, {} KiB; {message}",
                    peak >> 10
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// What a file makes a server read before it is refused is bounded, too.
#[test]
fn what_is_refused_is_not_read_to_its_end() {
    let _alone = alone();
    for (file, wanted) in [
        (sources::without_height(), "all 33 MiB of the source image must be read"),
        (sources::of_shared_lists(), "the directories of the source image list"),
    ] {
        let store = holding(&file);
        let (status, message, peak) = measured(&store, PATH, "wid=100");
        assert_eq!(status, 403, "{message}");
        assert!(message.starts_with(wanted), "{message}");
        assert!(peak < 2 << 20, "{wanted}: {} KiB", peak >> 10);
    }
}
