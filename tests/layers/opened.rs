//! What is opened for a request, and what its entity tag and its date depend on.

use azulejo::{
    reply::entity_tag,
    sources::{Lookup, Sources},
    store::{Block, Read, ReadError, Store},
};

use super::*;

const CHART: &[u8] = include_bytes!("../fixtures/chart.tif");

/// Resolves a request and opens its images, as the pipeline does.
fn open(store: &impl Store, url: &str) -> Option<(Resolved, Sources)> {
    let (asked, lookup) = (request(url), Lookup::default());
    let stage = resolve::read(&asked, &lookup.buffer);
    let mut resolved =
        pollster::block_on(lookup.run(&asked, store, stage)).unwrap().unwrap().unwrap();
    let mut sources = Sources::default();
    let open = lookup.open(&mut resolved, &mut sources, store, asked.received_at);
    pollster::block_on(open).unwrap().then_some((resolved, sources))
}

fn keys(sources: &Sources) -> (Option<&str>, Vec<&str>) {
    let key =
        |source: &azulejo::sources::OpenSource| -> &str { Box::leak(source.key.clone().into()) };
    (sources.main.as_ref().map(key), sources.layers.iter().map(key).collect())
}

fn tag(store: &impl Store, url: &str) -> String {
    let (resolved, sources) = open(store, url).unwrap();
    entity_tag(&resolved, &sources.versions())
}

const URL: &str =
    "Shop/shoe?layer=1&src=back&layer=2&src=is(Shop/front?mask=leather)&layer=3&src=back";

#[test]
fn every_image_is_opened_once_and_the_main_one_stands_apart() {
    let store = shop();
    let opened = open(&store, URL).unwrap().1;
    let others = ["back", "front", "leather"].map(|id| format!("assets/Shop/{id}.tif"));
    assert_eq!(
        keys(&opened),
        (Some("assets/Shop/shoe.tif"), others.iter().map(String::as_str).collect())
    );
    let opened = open(&store, "Shop/shoe?src=is(Shop/back)&layer=1&src=shoe").unwrap().1;
    let layers = vec!["assets/Shop/back.tif", "assets/Shop/shoe.tif"];
    assert_eq!(keys(&opened), (None, layers), "layer 0 shows a nested request");
    let opened = open(&store, "Shop?layer=0&color=0,0,0&size=9,9&layer=1&src=back").unwrap().1;
    assert_eq!(keys(&opened), (None, vec!["assets/Shop/back.tif"]));
    let opened = open(&store, "Shop/shoe?layer=1&src=back&req=imageprops").unwrap().1;
    assert_eq!(keys(&opened), (Some("assets/Shop/shoe.tif"), vec![]), "no pixels, no layers");
}

#[test]
fn images_whose_heads_were_looked_up_are_opened_without_another_read() {
    let store = shop();
    open(&store, URL).unwrap();
    let reads = store.take_reads();
    let heads = reads.iter().filter(|read| read.key.starts_with("assets/"));
    assert_eq!(heads.count(), 4, "{reads:?}");
    open(&store, URL).unwrap();
    assert!(store.take_reads().is_empty(), "all of it is cached");
}

#[test]
fn the_entity_tag_depends_on_every_image_and_record() {
    let store = shop();
    let mut tags = vec![tag(&store, URL)];
    assert_eq!(tag(&store, URL), tags[0]);
    for id in ["shoe", "back", "front", "leather"] {
        let store = shop();
        store.put(&format!("assets/Shop/{id}.tif"), CHART.to_vec());
        tags.push(tag(&store, URL));
        let store = shop();
        record(&store, id, r#"{"userData": {"a": "b"}}"#);
        tags.push(tag(&store, URL));
    }
    tags.push(tag(&shop(), "Shop/shoe?layer=1&src=front&layer=2&src=is(Shop/front?mask=leather)"));
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count);
}

#[test]
fn a_layer_whose_image_vanished_is_looked_up_again() {
    let store = shop();
    let asked = request("Shop/shoe?layer=1&src=back&layer=2&src=front");
    let lookup = Lookup::default();
    let resolve = || {
        let stage = resolve::read(&asked, &lookup.buffer);
        pollster::block_on(lookup.run(&asked, &store, stage)).unwrap().unwrap().unwrap()
    };
    let mut resolved = resolve();
    // The look-up saw the image. When it is opened, it is gone.
    *lookup.buffer.fetched_mut() = without(&lookup, "assets/Shop/back.tif");
    let gone = Gone(&store, "assets/Shop/back.tif");
    let mut sources = Sources::default();
    let open = lookup.open(&mut resolved, &mut sources, &gone, asked.received_at);
    assert_eq!(pollster::block_on(open), Ok(false));
    let resolved = resolve();
    let message = resolved.missing_image().unwrap().message;
    assert_eq!(message, "layer=1: src=back: no such image (assets/Shop/back.tif)");
}

fn without(lookup: &Lookup, key: &str) -> azulejo::store::Fetched {
    let mut fetched = lookup.buffer.fetched().clone();
    let version = fetched.object(key).unwrap().version.clone();
    fetched.insert_unread(key, version, 0, None);
    fetched
}

/// A store without one object.
struct Gone<'a>(&'a MemoryStore, &'static str);

impl Store for Gone<'_> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if read.key == self.1 { Err(ReadError::NotFound) } else { self.0.read(read).await }
    }
}

/// A store that dates its objects by the length of their keys.
struct Dated(MemoryStore);

impl Store for Dated {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let modified = Some(read.key.len() as f64 * 1e10);
        Ok(Block { modified, ..self.0.read(read).await? })
    }
}

#[test]
fn the_date_is_that_of_the_newest_image() {
    let store = Dated(shop());
    catalog(&store.0, "Shop", json!({"attributes": {"UseLastModified": "1"}}));
    let date = |url: &str| {
        let (mut resolved, mut sources) = open(&store, url).unwrap();
        sources.date(&mut resolved);
        resolved.delivery.last_modified.unwrap()
    };
    assert_eq!(date("Shop/shoe"), 20e10);
    assert_eq!(date("Shop/shoe?layer=1&src=leather&layer=2&src=back"), 23e10);
    assert_eq!(date("Shop/shoe?layer=1&src=is(Shop/back?mask=front)"), 21e10);
}

#[test]
fn reopening_takes_the_versions_that_are_there_now() {
    let store = shop();
    let (resolved, sources) = open(&store, URL).unwrap();
    let before = entity_tag(&resolved, &sources.versions());
    store.put("assets/Shop/leather.tif", CHART.to_vec());
    let again = pollster::block_on(Sources::reopen(&resolved, &store, 1.8e12)).unwrap();
    assert_eq!(keys(&again), keys(&sources));
    assert_ne!(entity_tag(&resolved, &again.versions()), before);
    let gone = Gone(&store, "assets/Shop/leather.tif");
    let error = pollster::block_on(Sources::reopen(&resolved, &gone, 1.8e12)).err().unwrap();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(error.message.starts_with("assets/Shop/leather.tif: "), "{error}");
}

#[test]
fn the_reply_to_a_masked_image_has_the_version_of_its_mask() {
    let store = shop();
    record(&store, "front", r#"{"maskPath": "back"}"#);
    let tag = |store: &MemoryStore| {
        let reply = crate::shop::get(store, "Shop/front?wid=9");
        assert_eq!(reply.status, 200);
        reply.header("etag").unwrap().to_owned()
    };
    let before = tag(&store);
    let store = shop();
    record(&store, "front", r#"{"maskPath": "back"}"#);
    assert_eq!(tag(&store), before);
    let store = shop();
    record(&store, "front", r#"{"maskPath": "back"}"#);
    // The same pixels in other bytes are another version.
    let mut file = TULIPS.to_vec();
    file.push(0);
    store.put("assets/Shop/back.tif", file);
    assert_ne!(tag(&store), before);
}
