//! `azulejo serve --edit`: what the page saves, and who may not.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use azulejo_cli::store::{Bucket, Change, Location};
use serde_json::{Value, json};

use crate::{
    serve::Server,
    support::{Store, azulejo, root, text},
};

const MACROS: &str =
    "# Ours, in our order.\nold\twid=44&fmt=png\n\n# The last.\nsmall\twid=33&fmt=png\n";

/// A store with one sample, and a catalog folder for it.
struct Setup {
    store: Store,
    folder: tempfile::TempDir,
}

impl Setup {
    fn new() -> Self {
        let store = Store::new();
        store.pyramid(&root().join("samples/tulips.png"));
        let setup = Self { store, folder: tempfile::tempdir().unwrap() };
        fs::create_dir(setup.catalogs()).unwrap();
        fs::write(setup.catalogs().join("samples.ini"), "RootId=Samples\nMacroFile=macros.txt\n")
            .unwrap();
        fs::write(setup.macros(), MACROS).unwrap();
        setup
    }

    fn catalogs(&self) -> PathBuf {
        self.folder.path().join("catalogs")
    }

    fn macros(&self) -> PathBuf {
        self.catalogs().join("macros.txt")
    }

    fn arguments(&self) -> Vec<String> {
        let edit = self.catalogs().to_str().unwrap().to_owned();
        ["--from", &self.store.name(), "--edit", &edit].map(str::to_owned).to_vec()
    }

    fn start(&self) -> Server {
        let arguments = self.arguments();
        Server::start(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn command(&self, token: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
        command.args(["serve", "--port", "0"]).args(self.arguments()).args(more);
        command.env("PREVIEW_TOKEN", token).current_dir(root());
        command
    }
}

/// A reply: status, headers in lower case, body.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        Some(lines.find(|(other, _)| *other == name)?.1)
    }

    fn etag(&self) -> String {
        self.header("etag").unwrap().to_owned()
    }

    fn json(&self) -> Value {
        let parsed = serde_json::from_slice(&self.body);
        assert!(parsed.is_ok(), "{}", text(&self.body));
        parsed.unwrap()
    }
}

/// Sends a request with these header lines on a connection of its own.
fn send(server: &Server, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|line| line.starts_with("host: ")) {
        head.push_str(&format!("host: {}\r\n", server.address()));
    }
    if !headers.iter().any(|line| line.starts_with("transfer-encoding: ")) && !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for line in headers {
        head.push_str(&format!("{line}\r\n"));
    }
    let request = [format!("{head}\r\n").as_bytes(), body].concat();
    stream.write_all(&request).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = text(&bytes[..end]);
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, head, body: bytes[end + 4..].to_vec() }
}

fn get(server: &Server, path: &str) -> Reply {
    send(server, "GET", path, &[], b"")
}

fn put(server: &Server, path: &str, tag: &str, body: &str) -> Reply {
    let condition = format!("if-match: {tag}");
    let media_type = if path.contains("/records/") { "application/json" } else { "text/plain" };
    let media_type = format!("content-type: {media_type}");
    send(server, "PUT", path, &[&condition, &media_type], body.as_bytes())
}

/// The width of the PNG that a request draws; 0 if it draws none.
fn drawn(server: &Server, query: &str) -> u32 {
    let reply = get(server, &format!("/is/image/Samples/tulips.png?{query}"));
    match reply.status {
        200 => u32::from_be_bytes(reply.body[16..20].try_into().unwrap()),
        _ => 0,
    }
}

const PRESETS: &str = "/studio/presets/Samples";
const RECORD: &str = "/studio/records/Samples/tulips.png";

#[test]
fn studio_a_saved_preset_draws_at_once() {
    let setup = Setup::new();
    let server = setup.start();
    assert_eq!(drawn(&server, "$fresh$"), 0, "and every worker has found no catalog");
    assert_eq!(drawn(&server, "$fresh$"), 0);
    let present = get(&server, PRESETS);
    assert_eq!((present.status, text(&present.body)), (200, MACROS.to_owned()));
    assert_eq!(present.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(present.header("cache-control"), Some("no-store"));
    assert_eq!(present.header("access-control-allow-origin"), None);
    let mut tag = present.etag();
    for width in [77, 78, 79] {
        let macros = format!("{MACROS}# Für alle.\nfresh\twid={width}&fmt=png\n");
        let saved = put(&server, PRESETS, &tag, &macros);
        assert_eq!(saved.status, 200, "{}", text(&saved.body));
        assert_eq!(saved.json(), json!({ "warnings": [] }));
        tag = saved.etag();
        for _ in 0..4 {
            assert_eq!(drawn(&server, "$fresh$"), width, "on each worker");
        }
        let file = text(&fs::read(setup.macros()).unwrap());
        assert_eq!(file.strip_prefix('\u{feff}'), Some(macros.as_str()), "with the mark of UTF-8");
        let again = get(&server, PRESETS);
        assert_eq!((text(&again.body), again.etag()), (macros, tag.clone()));
    }
    assert_eq!(drawn(&server, "$old$"), 44, "the others are published, too");
    assert_eq!(server.terminate(), (Some(0), String::new()));
}

#[test]
fn studio_files_of_the_page_are_there_beside_the_edits() {
    let setup = Setup::new();
    let server = setup.start();
    let script = get(&server, "/studio/app.js");
    assert_eq!(script.status, 200);
    assert!(script.header("content-type").unwrap().starts_with("text/javascript"));
    let missing = ["content-type: text/plain", "if-none-match: *"];
    assert_eq!(get(&server, "/studio/other/Samples").status, 404);
    assert_eq!(send(&server, "PUT", "/studio/other/Samples", &missing, b"a\twid=9\n").status, 405);
    let listed = get(&server, "/preview/list");
    assert_eq!(listed.status, 200, "who may edit may list");
    assert_eq!(listed.json()["edit"], true);
}

#[test]
fn studio_a_preset_that_was_changed_meanwhile_is_a_conflict() {
    let setup = Setup::new();
    let server = setup.start();
    let tag = get(&server, PRESETS).etag();
    fs::write(setup.macros(), "theirs\twid=9\n").unwrap();
    let conflict = put(&server, PRESETS, &tag, "ours\twid=8\n");
    assert_eq!(conflict.status, 412);
    assert!(conflict.json()["errors"][0]["message"].as_str().unwrap().contains("read it again"));
    assert_eq!(fs::read_to_string(setup.macros()).unwrap(), "theirs\twid=9\n");
    let text_plain = "content-type: text/plain";
    assert_eq!(send(&server, "PUT", PRESETS, &[text_plain], b"a\twid=9\n").status, 428);
    let star = send(&server, "PUT", PRESETS, &[text_plain, "if-none-match: *"], b"a\twid=9\n");
    assert_eq!(star.status, 412, "it is there");
    fs::remove_file(setup.macros()).unwrap();
    assert_eq!(get(&server, PRESETS).status, 404);
    assert_eq!(put(&server, PRESETS, "*", "a\twid=9\n").status, 412, "it is not there");
    let star =
        send(&server, "PUT", PRESETS, &[text_plain, "if-none-match: *"], b"a\twid=9&fmt=png\n");
    assert_eq!(star.status, 200, "{}", text(&star.body));
    assert_eq!(drawn(&server, "$a$"), 9);
}

#[test]
fn studio_a_bad_preset_changes_nothing() {
    let setup = Setup::new();
    let server = setup.start();
    let tag = get(&server, PRESETS).etag();
    let saved = put(&server, PRESETS, &tag, &format!("{MACROS}wide\tbogus=1&wid=50&fmt=png\n"));
    assert_eq!(saved.json()["warnings"][0]["line"], 6, "{}", text(&saved.body));
    let before = fs::read(setup.macros()).unwrap();
    for (bad, line) in [
        ("# a\nwide\twid=wide\n", 2),
        ("a\twid=9\nb/d\twid=8\n", 2),
        ("a\t$missing$\n", 1),
        ("a\twid=9\n\n\u{e9}$\twid=9\n", 3),
    ] {
        let refused = put(&server, PRESETS, &saved.etag(), bad);
        assert_eq!(refused.status, 422, "{bad}: {}", text(&refused.body));
        let errors = refused.json()["errors"].clone();
        assert_eq!(errors[0]["line"], line, "{bad}: {errors}");
        assert_eq!(errors[0]["file"], "macros.txt");
        assert!(errors[0]["message"].as_str().is_some_and(|message| message.len() > 5));
    }
    for bad in [b"\xff\xfea\0".as_slice(), b"a\twid=9\n\0"] {
        let headers =
            [format!("if-match: {}", saved.etag()), "content-type: text/plain".to_owned()];
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        assert_eq!(send(&server, "PUT", PRESETS, &headers, bad).status, 422);
    }
    assert_eq!(fs::read(setup.macros()).unwrap(), before);
    assert_eq!(drawn(&server, "$wide$"), 50);
}

#[test]
fn studio_other_sites_and_names_may_not_edit() {
    let setup = Setup::new();
    let server = setup.start();
    let tag = format!("if-match: {}", get(&server, PRESETS).etag());
    let port = server.address().rsplit(':').next().unwrap();
    let own = [format!("host: localhost:{port}"), format!("origin: http://localhost:{port}")];
    let headers =
        [&tag, "content-type: text/plain", &own[0], &own[1], "sec-fetch-site: same-origin"];
    let saved = send(&server, "PUT", PRESETS, &headers, MACROS.as_bytes());
    assert_eq!(saved.status, 200, "{}", text(&saved.body));
    for foreign in [
        "origin: https://shop.example.com",
        "origin: null",
        "origin: http://localhost:1",
        "origin: http://localhost.example.com",
        "host: shop.example.com",
        "host: shop.example.com\r\norigin: http://shop.example.com",
        "host: 127.0.0.1.example.com",
        "host: 192.0.2.1",
        "sec-fetch-site: cross-site",
        "sec-fetch-site: same-site",
    ] {
        for (method, body) in [("PUT", "evil\twid=9\n"), ("GET", "")] {
            let refused = send(
                &server,
                method,
                PRESETS,
                &[foreign, &tag, "content-type: text/plain"],
                body.as_bytes(),
            );
            assert_eq!(refused.status, 403, "{method}, {foreign}");
            assert!(!text(&refused.body).contains("old"), "{foreign}");
        }
    }
    for (method, status) in [("DELETE", 405), ("POST", 405), ("OPTIONS", 405)] {
        let refused = send(&server, method, PRESETS, &[], b"");
        assert_eq!((refused.status, refused.header("allow")), (status, Some("GET, HEAD, PUT")));
        assert_eq!(refused.header("access-control-allow-methods"), None);
    }
    let head = send(&server, "HEAD", PRESETS, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    for media_type in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let media_type = format!("content-type: {media_type}");
        assert_eq!(send(&server, "PUT", PRESETS, &[&tag, &media_type], b"a\twid=9\n").status, 415);
    }
    assert_eq!(fs::read_to_string(setup.macros()).unwrap(), MACROS);
}

#[test]
fn studio_a_body_has_a_bound() {
    let setup = Setup::new();
    let server = setup.start();
    let tag = get(&server, PRESETS).etag();
    let fits = format!("#{}\n", "x".repeat((1 << 20) - 2));
    assert_eq!(put(&server, PRESETS, &tag, &fits).status, 200);
    let tag = get(&server, PRESETS).etag();
    assert_eq!(put(&server, PRESETS, &tag, &format!("#{fits}")).status, 413);
    // Without a length: many pieces of 64 KiB.
    let piece = format!("10000\r\n{}\r\n", "#".repeat(1 << 16)).repeat(20);
    let chunked = ["if-match: *", "content-type: text/plain", "transfer-encoding: chunked"];
    let refused = send(&server, "PUT", PRESETS, &chunked, format!("{piece}0\r\n\r\n").as_bytes());
    assert_eq!(refused.status, 413);
    assert_eq!(fs::read_to_string(setup.macros()).unwrap(), fits);
}

#[test]
fn studio_names_lead_nowhere_else() {
    let setup = Setup::new();
    let outside = setup.folder.path().join("outside.txt");
    fs::write(&outside, "secret\twid=9\n").unwrap();
    fs::write(setup.catalogs().join("far.ini"), "RootId=Far\nMacroFile=../outside.txt\n").unwrap();
    fs::write(setup.store.0.path().join("secret.json"), "{}").unwrap();
    let server = setup.start();
    for path in [
        "presets/Far",
        "presets/Nowhere",
        "presets/",
        "presets/..%2Foutside.txt",
        "presets/%2E%2E",
        "presets/Samples/macros.txt",
        "presets/samples.ini",
        "records/..%2Fsecret",
        "records/Samples/..%2F..%2F..%2Fsecret",
        "records/%2E%2E/secret",
        "records/Samples/%2e%2e/tulips.png",
        "records/Samples/",
        "records/Samples/tulips.png%00",
    ] {
        let path = format!("/studio/{path}");
        assert_eq!(get(&server, &path).status, 404, "{path}");
        let written =
            send(&server, "PUT", &path, &["content-type: text/plain", "if-none-match: *"], b"{}");
        assert_eq!(written.status, 404, "{path}");
    }
    assert_eq!(fs::read_to_string(&outside).unwrap(), "secret\twid=9\n");
    #[cfg(unix)]
    {
        fs::remove_file(setup.macros()).unwrap();
        std::os::unix::fs::symlink(&outside, setup.macros()).unwrap();
        let tag = get(&server, PRESETS).etag();
        fs::remove_file(setup.catalogs().join("far.ini")).unwrap();
        let refused = put(&server, PRESETS, &tag, "a\twid=9\n");
        assert_eq!(refused.status, 500, "{}", text(&refused.body));
        assert_eq!(fs::read_to_string(&outside).unwrap(), "secret\twid=9\n");
    }
}

#[test]
fn studio_a_server_that_is_killed_leaves_a_whole_file() {
    let setup = Setup::new();
    let long = |name: &str| format!("# {}\n{name}\twid=9\n", name.repeat(200_000));
    for round in 0..6 {
        let server = setup.start();
        let address = server.address().to_owned();
        let (saved, is_saved) = mpsc::channel();
        let writer = thread::spawn(move || {
            for turn in 0.. {
                let body = long(if turn % 2 == 0 { "aa" } else { "bb" });
                let Ok(mut stream) = TcpStream::connect(&address) else { return };
                let head = format!(
                    "PUT {PRESETS} HTTP/1.1\r\nhost: {address}\r\nif-match: *\r\ncontent-type: \
                     text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                if stream.write_all(head.as_bytes()).is_err() {
                    return;
                }
                let mut reply = Vec::new();
                if stream.read_to_end(&mut reply).is_err() || !reply.starts_with(b"HTTP/1.1 200") {
                    return;
                }
                let _ = saved.send(());
            }
        });
        is_saved.recv().unwrap();
        thread::sleep(Duration::from_millis(5 * round));
        // It is killed, not told to end.
        drop(server);
        writer.join().unwrap();
        let file = fs::read_to_string(setup.macros()).unwrap();
        assert!([long("aa"), long("bb")].contains(&file), "{} bytes", file.len());
    }
    // The next one goes on, and removes what was left.
    let server = setup.start();
    let tag = get(&server, PRESETS).etag();
    assert_eq!(put(&server, PRESETS, &tag, MACROS).status, 200);
    let mut names: Vec<_> =
        fs::read_dir(setup.catalogs()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["macros.txt", "samples.ini"]);
    assert_eq!(drawn(&server, "$old$"), 44);
}

#[test]
fn studio_smart_crops_are_saved_to_the_record() {
    let setup = Setup::new();
    let server = setup.start();
    assert_eq!(drawn(&server, "wid=20&fmt=png"), 20);
    let present = get(&server, RECORD);
    assert_eq!(present.status, 200, "{}", text(&present.body));
    let mut record = present.json();
    let size = (record["width"].as_u64().unwrap(), record["height"].as_u64().unwrap());
    record["crops"] = json!({ "Banner": { "rect": [0.25, 0, 0.5, 1], "width": 60, "height": 30 } });
    record["swatch"] =
        json!({ "color": "0x112233", "rect": [0, 0, 0.1, 0.1], "width": 9, "height": 9 });
    record["modifier"] = json!("op_sharpen=1&$old$");
    let saved = put(&server, RECORD, &present.etag(), &record.to_string());
    // The default of the catalog has no macro of this name until it is published.
    assert_eq!(saved.status, 422, "{}", text(&saved.body));
    assert_eq!(saved.json()["errors"][0]["field"], "modifier");
    record["modifier"] = json!("op_sharpen=1");
    let saved = put(&server, RECORD, &present.etag(), &record.to_string());
    assert_eq!(saved.status, 200, "{}", text(&saved.body));
    assert_eq!(saved.json()["crops"]["Banner"]["width"], 60);
    assert_eq!(get(&server, RECORD).etag(), saved.etag());
    let reply = get(&server, "/is/image/Samples/tulips.png:Banner?req=imageprops,json");
    assert_eq!(reply.status, 200, "{}", text(&reply.body));
    let (width, height) = (size.0 / 2, size.1);
    let props = text(&reply.body);
    assert!(props.contains(&width.to_string()) && props.contains(&height.to_string()), "{props}");
    assert_eq!(put(&server, RECORD, &present.etag(), &record.to_string()).status, 412);
    for (field, value) in [
        ("width", json!(9)),
        ("published", json!(false)),
        ("original", json!(null)),
        ("postModifier", json!("wid=9")),
        ("crops", json!({ "a:b": { "rect": [0, 0, 1, 1], "width": 9, "height": 9 } })),
        ("crops", json!({ "Out": { "rect": [0.5, 0, 1, 1], "width": 9, "height": 9 } })),
        ("swatch", json!({ "color": "red", "rect": [0, 0, 1, 1], "width": 9, "height": 9 })),
        ("modifier", json!("wid=wide")),
        ("modifier", json!(7)),
    ] {
        let mut other = saved.json();
        other[field] = value;
        let refused = put(&server, RECORD, &saved.etag(), &other.to_string());
        assert_eq!(refused.status, 422, "{field}: {}", text(&refused.body));
        let named = refused.json()["errors"][0]["field"].as_str().unwrap().to_owned();
        assert!(named.starts_with(field), "{field}: {named}");
    }
    let mut less = saved.json();
    less.as_object_mut().unwrap().remove("original");
    assert_eq!(put(&server, RECORD, &saved.etag(), &less.to_string()).status, 422);
    for broken in ["", "[]", "{", "null", &"[".repeat(100_000)] {
        assert!(
            [400, 422].contains(&put(&server, RECORD, &saved.etag(), broken).status),
            "{broken:.9}"
        );
    }
    assert_eq!(get(&server, RECORD).etag(), saved.etag());
}

#[test]
fn studio_a_new_template_is_made_and_drawn_at_once() {
    let setup = Setup::new();
    let server = setup.start();
    let path = "/studio/records/Samples/sale/banner";
    let make = |body: &str, condition: &str| {
        let headers: Vec<&str> = ["content-type: application/json", condition]
            .into_iter()
            .filter(|line| !line.is_empty())
            .collect();
        send(&server, "PUT", path, &headers, body.as_bytes())
    };
    let (new, json) =
        ("if-none-match: *", |modifier: &str| json!({ "modifier": modifier }).to_string());
    let template = json("layer=0&src=Samples/tulips.png&wid=33");
    let picture = "/is/image/Samples/sale/banner?fmt=png";
    assert_eq!((get(&server, path).status, get(&server, picture).status), (404, 403));
    assert_eq!(make(&template, "if-match: \"a\"").status, 404, "it was removed meanwhile");
    assert_eq!(make(&template, "").status, 428);
    for (body, field) in [
        ("{}".to_owned(), "modifier"),
        (json(""), "modifier"),
        (json("wid=wide"), "modifier"),
        (json!({ "modifier": "wid=9", "width": 9 }).to_string(), "width"),
        (json!({ "modifier": "wid=9", "crops": {} }).to_string(), "crops"),
    ] {
        let refused = make(&body, new);
        assert_eq!(refused.status, 422, "{body}: {}", text(&refused.body));
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(get(&server, path).status, 404, "nothing was made");
    let made = make(&template, new);
    assert_eq!(made.status, 200, "{}", text(&made.body));
    let reply = get(&server, picture);
    assert_eq!(reply.status, 200, "{}", text(&reply.body));
    assert_eq!(reply.body[16..20], 33_u32.to_be_bytes());
    assert_eq!(get(&server, path).etag(), made.etag());
    assert_eq!(make(&template, new).status, 412, "it is there already");
    let mut changed = made.json();
    changed["modifier"] = json!("layer=0&src=Samples/tulips.png&wid=44");
    assert_eq!(put(&server, path, &made.etag(), &changed.to_string()).status, 200);
    assert_eq!(get(&server, picture).body[16..20], 44_u32.to_be_bytes());
}

#[test]
fn studio_what_others_write_into_a_record_is_not_lost() {
    const WRITES: usize = 25;
    let setup = Setup::new();
    let server = setup.start();
    let folder = setup.store.0.path().to_owned();
    let other = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let bucket = Bucket::open(&Location::Folder(folder), None).unwrap();
        for _ in 0..WRITES {
            let update = bucket.update("records/Samples/tulips.png.json", async |stored| {
                let mut record: Value = serde_json::from_slice(stored.unwrap())?;
                let count = record["writes"].as_u64().unwrap_or_default();
                record["writes"] = json!(count + 1);
                Ok((Change::Put(serde_json::to_vec(&record)?), ()))
            });
            runtime.block_on(update).unwrap();
        }
    });
    let mut saved = 0;
    while saved < WRITES {
        let present = get(&server, RECORD);
        let mut record = present.json();
        let name = format!("Crop{saved}");
        record["crops"][&name] = json!({ "rect": [0, 0, 1, 0.5], "width": 9, "height": 9 });
        let status = put(&server, RECORD, &present.etag(), &record.to_string()).status;
        assert!([200, 412].contains(&status), "{status}");
        saved += usize::from(status == 200);
    }
    other.join().unwrap();
    let record = get(&server, RECORD).json();
    assert_eq!(record["writes"], WRITES);
    assert_eq!(record["crops"].as_object().unwrap().len(), WRITES);
}

#[test]
fn studio_a_token_opens_other_names_and_is_needed_then() {
    let setup = Setup::new();
    let server = Server::run(&mut setup.command("f00d-4-cats", &["--host", "0.0.0.0"]));
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    let host = format!("host: shop.example.com:{port}");
    let own = format!("host: 127.0.0.1:{port}");
    for host in [&host, &own] {
        for wrong in ["x-none: 1", "authorization: Bearer wrong", "authorization: Bearer *"] {
            let refused = send(&server, "GET", PRESETS, &[host, wrong], b"");
            assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
        }
        let bearer = "authorization: Bearer f00d-4-cats";
        assert_eq!(send(&server, "GET", PRESETS, &[host, bearer], b"").status, 200);
        let foreign =
            send(&server, "GET", PRESETS, &[host, bearer, "origin: http://other.example"], b"");
        assert_eq!(foreign.status, 403);
    }
}

#[test]
fn studio_is_on_only_where_it_is_asked_for_and_safe() {
    let setup = Setup::new();
    let from = setup.store.name();
    let server = Server::start(&["--from", &from]);
    assert_eq!(get(&server, PRESETS).status, 404);
    assert_eq!(put(&server, PRESETS, "*", "a\twid=9\n").status, 405);
    drop(server);
    for token in ["", "*"] {
        for host in ["0.0.0.0", "::", "192.0.2.1", "shop.example.com"] {
            let done = setup.command(token, &["--host", host]).output().unwrap();
            assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
            assert!(
                text(&done.stderr).starts_with(&format!("azulejo: --edit with --host {host}: "))
            );
        }
    }
    let empty = tempfile::tempdir().unwrap();
    let done = azulejo(&[
        "serve",
        "--from",
        &from,
        "--port",
        "0",
        "--edit",
        empty.path().to_str().unwrap(),
    ]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("no catalogs"), "{}", text(&done.stderr));
    let server = Server::run(&mut setup.command("*", &["--preview-sources", "Samples"]));
    let list = get(&server, "/preview/list").json();
    assert_eq!(list, json!({ "catalogs": ["Samples"], "edit": true }));
    assert_eq!(get(&server, "/preview/list/Samples").json()["objects"][0]["id"], "tulips.png");
}
