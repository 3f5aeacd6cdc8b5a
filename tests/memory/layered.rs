//! What layered pictures take, and what was planned for them.

use std::fmt::Write;

use azulejo::{plan::Plan, store::MemoryStore};

use super::*;
use crate::random::{Rng, of_inks};

/// The plan of a picture of any layers.
fn plan_of(store: &MemoryStore, request: &str) -> Result<Plan, String> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    let buffer = FetchBuffer::default();
    let resolved = store::fulfil(store, &buffer, resolve::read(&request, &buffer));
    let resolved = pollster::block_on(resolved).map_err(|error| error.message)?.unwrap();
    let images: Vec<_> = resolved
        .picture
        .sources()
        .into_iter()
        .map(|key| {
            let buffer = FetchBuffer::default();
            let index = store::fulfil(store, &buffer, pyramid::open(key, &buffer));
            (key.to_owned(), Rc::new(pollster::block_on(index).unwrap()), buffer.into_fetched())
        })
        .collect();
    let opened: Vec<_> = images
        .iter()
        .map(|(key, index, fetched)| Opened {
            key,
            index,
            object: fetched.object(key),
            drawings: &[],
        })
        .collect();
    plan::plan(&resolved, &opened).map_err(|error| error.message)
}

/// Draws the pictures, which must take no more than planned, and most of them not much less.
fn compare(store: &MemoryStore, requests: &[String]) {
    let (mut drawn, mut tight, mut over) = (0, 0, Vec::new());
    let mut loose = Vec::new();
    for request in requests {
        let (path, query) = request.split_once('?').unwrap_or((request, ""));
        let planned = plan_of(store, request).map(|plan| plan.peak);
        let (status, message, peak) = measured(store, path, query);
        let Ok(planned) = planned else {
            assert_eq!(status, 403, "{request}: {message}");
            continue;
        };
        assert_eq!(status, 200, "{request}: {message}");
        drawn += 1;
        let line = format!("{} KiB, planned {}: {request}", peak >> 10, planned >> 10);
        match planned <= peak * 3 / 2 + (128 << 10) {
            true => tight += 1,
            false => loose.push(line.clone()),
        }
        if peak > planned + REQUEST {
            over.push(line);
        }
    }
    assert!(drawn * 4 > requests.len() * 3, "only {drawn} of {}", requests.len());
    assert!(over.is_empty(), "{} take more than planned\n{}", over.len(), over.join("\n"));
    assert!(tight * 10 >= drawn * 9, "only {tight} of {drawn}\n{}", loose.join("\n"));
}

#[test]
fn random_pictures_take_what_was_planned() {
    let _alone = alone();
    let requests = (1..150_u64).map(|round| {
        let mut rng = Rng(round.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        format!("{}&fmt=png-alpha", rng.picture(0))
    });
    compare(&cases::store(), &requests.collect::<Vec<_>>());
}

#[test]
fn random_pictures_of_inks_take_what_was_planned() {
    let _alone = alone();
    let requests = (1..100_u64).map(|round| {
        let mut rng = Rng(round.wrapping_mul(0x2545_F491_4F6C_DD1D));
        // Images without a profile, so that no transform is planned that cannot be computed.
        let inks = of_inks(&rng.picture(0)).replace("Test/press", "Test/inks");
        format!("{inks}&fmt=tif-alpha,cmyk,none")
    });
    compare(&cases::store(), &requests.collect::<Vec<_>>());
}

/// Images of presses whose profiles differ, each with a transform of its own.
#[test]
fn many_layers_of_different_presses_take_what_was_planned() {
    let _alone = alone();
    let store = cases::store();
    let file = std::fs::read(cases::root().join("fixtures/press.tif")).unwrap();
    let profile = file.windows(4).position(|part| part == b"acsp").unwrap() - 36;
    for nth in 0..100 {
        let mut other = file.clone();
        // The seconds of its date.
        other[profile + 35] = nth;
        store.put(&format!("assets/Test/press{nth}.tif"), other);
    }
    let at = |n: usize| format!("size={},0&pos={},0&opac=70", 1 + n * 2, n);
    let of_each = layers(60, |n| format!("src=Test/press{n}&{}", at(n)));
    let of_one = layers(60, |n| format!("src=Test/press1&{}", at(n)));
    for query in [
        format!("wid=400{of_each}"),
        format!("wid=400{of_one}"),
        format!("wid=400&fmt=tif,cmyk{of_one}"),
        format!("wid=1{of_one}"),
        format!("wid=1&fmt=tif-alpha,cmyk{of_one}"),
    ] {
        let planned = plan_of(&store, &format!("Test/press0?{query}")).unwrap().peak;
        let (status, message, peak) = measured(&store, "Test/press0", &query);
        assert_eq!(status, 200, "{query}: {message}");
        assert!(peak <= planned + REQUEST, "{peak}, planned {planned}: {query}");
        // It is computed once for all layers of one image.
        assert!(planned < if query.contains("press9") { 48 << 20 } else { 8 << 20 }, "{planned}");
    }
    // A hundred transforms do not fit into the memory of a request.
    let all = layers(99, |n| format!("src=Test/press{n}&{}", at(n)));
    let (status, message, peak) = measured(&store, "Test/press0", &format!("wid=400{all}"));
    assert_eq!(status, 403, "{message}");
    assert!(message.contains("needs") && peak < 8 << 20, "{message}: {peak}");
}

/// A photograph of 2000 × 2000 pixels, a small one, and fixtures.
fn large() -> MemoryStore {
    let store = cases::store();
    store.put(KEY, sources::photograph(2000, 2000));
    store
}

/// Layers from 1 on, each made from its number.
fn layers(count: usize, layer: impl Fn(usize) -> String) -> String {
    (1..=count).fold(String::new(), |mut all, number| {
        write!(all, "&layer={number}&{}", layer(number)).unwrap();
        all
    })
}

#[test]
fn large_pictures_take_what_was_planned() {
    let _alone = alone();
    let at = |number: usize| format!("pos={},{}", number * 13 % 70, number * 29 % 90);
    let curves: String = (0..60)
        .map(|nth| {
            format!("C{},0,0,{},{},{}", nth * 30, nth * 30, nth * 31 % 1999, nth * 47 % 1999)
        })
        .collect();
    compare(
        &large(),
        &[
            format!("{PATH}?scl=1{}", layers(9, |n| format!("src={PATH}&opac=20&{}", at(n)))),
            format!("{PATH}?scl=1{}", layers(9, |n| format!("src={PATH}&rotate=90&{}", at(n)))),
            format!("{PATH}?scl=1{}", layers(255, |n| format!("src={PATH}&size={},0", 100 + n))),
            format!(
                "{PATH}?wid=900{}",
                layers(255, |n| format!("color=ff000010&sizeN=1,1&{}", at(n)))
            ),
            format!(
                "{PATH}?wid=900{}",
                layers(40, |n| format!("src=Test/tulips&rotate={n}&{}", at(n)))
            ),
            format!(
                "{PATH}?wid=900{}",
                layers(9, |n| format!("src={PATH}&scale=.9&mask=Test/grey&{}", at(n)))
            ),
            format!(
                "{PATH}?wid=1200&layer=1&src=is{{{PATH}?rotate=20&layer=1&src={PATH}&scale=.5}}&rotate=7"
            ),
            format!(
                "{PATH}?wid=1500&fmt=png&layer=1&src={PATH}&scale=.6&effect=-1&$shadow$&effect=-2&$glow$"
            ),
            format!(
                "{PATH}?wid=1500&layer=1&src={PATH}&perspective=100,80,1900,300,1500,1800,200,1700,R3"
            ),
            format!("{PATH}?scl=1&layer=0&clipPath=M0,0{curves}Z&clipXPath=M9,9L1900,30,70,1500Z"),
            format!(
                "{PATH}?scl=1&layer=1&src={PATH}&scale=.5&op_blur=100&blendMode=screen&fmt=png"
            ),
            format!("{PATH}?scl=1&op_usm=1,250&layer=1&color=ff0000&size=1000,1000&op_growMask=50"),
            format!("{PATH}?scl=1&req=mask&fmt=png&layer=0&mask=Test/grey"),
            format!(
                "{PATH}?scl=1&rect=700,800,500,400{}",
                layers(9, |n| format!("src={PATH}&{}", at(n)))
            ),
        ],
    );
}

#[test]
fn ten_layers_of_a_large_picture_are_drawn_in_the_memory_of_a_request() {
    let _alone = alone();
    let store = large();
    for commands in
        ["", "&blendMode=mult&opac=50", "&rotate=3&scale=.4", "&effect=-1&$shadow$&scale=.3"]
    {
        let query = format!("scl=1{}", layers(9, |n| format!("src={PATH}&pos={n},{n}{commands}")));
        let (status, message, peak) = measured(&store, PATH, &query);
        assert_eq!(status, 200, "{query}: {message}");
        assert!(peak <= limits::MEMORY - limits::MEMORY_OVERHEAD, "{query}: {} MiB", peak >> 20);
    }
}
