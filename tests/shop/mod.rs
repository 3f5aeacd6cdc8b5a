//! A small shop in memory: an image with a record, and other records beside it.

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

/// 200 × 200 pixels.
pub const TULIPS: &[u8] = include_bytes!("../fixtures/tulips.tif");

/// Two smart crops and a swatch, user data, targets.
const SHOE: &str = r#"{
    "width": 200, "height": 200,
    "userData": {"copyright": "Ann's", "season": "spring"},
    "targets": "target.1.rect=1,2,3,4??target.1.label=Leaf",
    "crops": {"Banner": {"rect": [0.25, 0.5, 0.5, 0.25], "width": 120, "height": 40}},
    "swatch": {"color": "0xA56DB2", "rect": [0, 0, 0.125, 0.125], "width": 20, "height": 20}
}"#;

/// `Shop/shoe`, and records of `Shop/front`, `back` and `leather`, of 40 × 30 pixels.
pub fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", TULIPS.to_vec());
    record(&store, "shoe", SHOE);
    for id in ["front", "back", "leather"] {
        record(&store, id, r#"{"width": 40, "height": 30}"#);
    }
    store
}

/// Puts the record of `Shop/<id>`.
pub fn record(store: &MemoryStore, id: &str, json: &str) {
    store.put(&format!("records/Shop/{id}.json"), json.as_bytes().to_vec());
}

/// Puts the attributes of the catalog `Shop`, a line each.
pub fn catalog(store: &MemoryStore, attributes: &[(&str, &str)]) {
    let json = serde_json::json!({
        "format": 1,
        "attributes": attributes.iter().copied().collect::<std::collections::BTreeMap<_, _>>(),
    });
    store.put("catalogs/Shop.json", json.to_string().into_bytes());
}

/// The shop with these attributes of its catalog, and another record of `Shop/shoe`.
pub fn shop_with(attributes: &[(&str, &str)], shoe: &str) -> MemoryStore {
    let store = store();
    catalog(&store, attributes);
    record(&store, "shoe", shoe);
    store
}

/// The answer to `object?modifiers`.
pub fn get(store: &MemoryStore, request: &str) -> HttpReply {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

/// The body of an answer, which must be 200.
pub fn text(store: &MemoryStore, request: &str) -> String {
    let reply = get(store, request);
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status, 200, "{request}: {text}");
    text
}

/// The message of an error, which must be 403 and text or XML.
pub fn refusal(store: &MemoryStore, request: &str) -> String {
    let reply = get(store, request);
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status, 403, "{request}: {text}");
    let xml = text.split_once("<property name=\"message\" value=\"");
    let xml = xml.and_then(|(_, after)| after.split('"').next());
    xml.or(text.lines().nth(1)).unwrap_or_default().to_owned()
}

/// MIME type and lifetime.
pub fn headers(store: &MemoryStore, request: &str) -> (String, String) {
    let reply = get(store, request);
    let header = |name| reply.header(name).unwrap_or_default().to_owned();
    (header("content-type"), header("cache-control"))
}
