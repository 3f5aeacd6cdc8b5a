//! The times of the nodes of a plan in `Server-Timing`.

use std::{cell::Cell, collections::BTreeMap};

use azulejo::{http::HttpRequest, limits, serve::serve, store::MemoryStore};
use serde_json::Value;

use crate::shop::{TULIPS, get};

const LAYERS: &str = "wid=200&layer=1&src=Shop/back&size=90,90&rotate=20&layer=2&text=Sale&pos=5,5";

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    for id in ["front", "back"] {
        store.put(&format!("assets/Shop/{id}.tif"), TULIPS.to_vec());
    }
    store
}

/// `Server-Timing` of the picture of a request. `clock` makes milliseconds of the number of calls.
fn timing(query: &str, clock: impl Fn(u32) -> f64) -> (String, u32) {
    let calls = Cell::new(0);
    let request = HttpRequest {
        path: "/is/image/Shop/front".to_owned(),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, &store(), || {
        calls.update(|calls| calls + 1);
        clock(calls.get())
    }));
    assert_eq!(reply.status, 200, "{query}: {}", String::from_utf8_lossy(&reply.body));
    (reply.header("server-timing").unwrap().to_owned(), calls.get())
}

/// The nodes that a header names: `node1` and `place 17d480ca`.
fn nodes(header: &str) -> BTreeMap<&str, &str> {
    let nodes = header.split(", ").filter(|entry| entry.starts_with("node"));
    let nodes = nodes.filter_map(|entry| entry.split_once(";desc=\""));
    nodes.map(|(name, rest)| (name, rest.split('"').next().unwrap())).collect()
}

#[test]
fn server_timing_names_each_raster_node_as_explain_does() {
    let (header, _) = timing(LAYERS, f64::from);
    let reply = get(&store(), &format!("Shop/front?{LAYERS}&req=explain"));
    let explained: Value = serde_json::from_slice(&reply.body).unwrap();
    let all = explained["nodes"].as_array().unwrap().iter().enumerate();
    let rasters = all.filter(|(_, node)| node["flow"] == "raster");
    let expected: BTreeMap<String, String> = rasters
        .map(|(at, node)| {
            let (step, key) = (node["step"].as_str().unwrap(), node["key"].as_str().unwrap());
            (format!("node{at}"), format!("{step} {}", key.get(..8).unwrap()))
        })
        .collect();
    let named = nodes(&header);
    assert!(expected.len() > 3, "{explained}");
    assert!(
        named
            .iter()
            .map(|(name, text)| (*name, *text))
            .eq(expected.iter().map(|(name, text)| (name.as_str(), text.as_str()))),
        "{header}\n{expected:?}"
    );
    // Between its two calls of the clock no other node calls it.
    assert_eq!(header.matches("\";dur=1.0").count(), expected.len(), "{header}");
}

#[test]
fn server_timing_calls_the_clock_for_no_row() {
    let calls = |query| timing(query, f64::from).1;
    assert_eq!(calls("wid=20&op_blur=3"), calls("wid=400&op_blur=3"));
}

#[test]
fn server_timing_leaves_nodes_out_where_the_clock_stands_still() {
    let (header, _) = timing(LAYERS, |_| 7.0);
    assert_eq!(nodes(&header), BTreeMap::new());
    assert!(header.contains("render;dur=0.0"), "{header}");
}

#[test]
fn server_timing_of_many_layers_names_the_slowest_nodes() {
    let layer = |number: u32| format!("&layer={number}&src=Shop/back&size=9,9&pos={number},0");
    let layers: String = (1..=limits::TIMED_NODES as u32 + 8).map(layer).collect();
    // Each call of the clock lets more time pass than the one before.
    let (header, _) = timing(&format!("wid=90{layers}"), |calls| f64::from(calls * calls));
    let named = nodes(&header);
    assert_eq!(named.len(), limits::TIMED_NODES, "{header}");
    let number = |name: &str| name.strip_prefix("node").unwrap().parse::<usize>().unwrap();
    let first = named.keys().map(|name| number(name)).min().unwrap();
    assert!(first > 8, "the first nodes took least: {header}");
    assert!(header.len() < 2000, "{} bytes", header.len());
}
