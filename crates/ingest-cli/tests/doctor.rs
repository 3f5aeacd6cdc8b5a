//! `azulejo doctor`, against the real server and against servers that are wrong.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    serve::Server,
    support::{
        Store, azulejo,
        http::{reply, serve},
        programs::installed,
        root, text,
    },
};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A store with an image and a static file.
fn store() -> Store {
    let store = Store::new();
    store.pyramid(&root().join("samples/tulips.png"));
    let folder = store.0.path().join("files");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("guide.txt"), "one line of a guide\n".repeat(40)).unwrap();
    let folder = folder.to_str().unwrap();
    let done = azulejo(&["ingest", folder, "--content", "--to", &store.name()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    store
}

/// Runs `azulejo doctor --json`. Returns the exit code and the findings.
fn doctor(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let done = azulejo(&[&["doctor", "--json"], arguments].concat());
    let output = text(&done.stdout);
    let lines: Result<Vec<Value>, _> = output.lines().map(serde_json::from_str).collect();
    assert!(lines.is_ok(), "{lines:?}: {output}");
    let mut findings = lines.unwrap();
    assert!(
        findings.pop().is_some_and(|last| last["counts"].is_object()),
        "{}",
        text(&done.stderr)
    );
    (done.status.code(), findings)
}

/// The outcome and the message of a check.
fn found<'a>(findings: &'a [Value], check: &str) -> (&'a str, &'a str) {
    let finding = findings.iter().find(|finding| finding["check"] == check);
    assert!(finding.is_some(), "no {check} in {findings:#?}");
    let finding = finding.unwrap();
    (finding["outcome"].as_str().unwrap(), finding["message"].as_str().unwrap())
}

const OBJECTS: [&str; 4] = ["--object", "Samples/tulips.png", "--content", "Samples/guide.txt"];

#[test]
fn doctor_finds_nothing_wrong_with_a_good_server() {
    let store = store();
    let server = Server::start(&["--from", &store.name()]);
    let (code, findings) = doctor(&[&[server.address()], &OBJECTS[..]].concat());
    for check in [
        "health",
        "storage",
        "page",
        "methods",
        "errors",
        "clock",
        "image",
        "headers",
        "cors",
        "nosniff",
        "stages",
        "query",
        "cache",
        "conditional",
        "head",
        "smart imaging",
        "wrong request",
        "speed",
        "content",
        "ranges",
    ] {
        let (outcome, message) = found(&findings, check);
        assert_eq!(outcome, "ok", "{check}: {message}");
    }
    assert_eq!(code, Some(0));
    // The server itself speaks no TLS and does not compress; a proxy does.
    assert_eq!(found(&findings, "http version").0, "not-checked");
    let (outcome, message) = found(&findings, "signing");
    assert_eq!((outcome, message), ("not-checked", "unsigned requests answer 200"));
    assert!(found(&findings, "cache").1.starts_with("miss, then a hit of the server"));
    server.terminate();
}

#[test]
fn doctor_says_what_it_cannot_check() {
    let store = Store::new();
    store.pyramid(&root().join("samples/tulips.png"));
    let server = Server::start(&["--from", &store.name()]);
    let done = azulejo(&["doctor", server.address()]);
    let report = text(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{report}");
    assert!(
        report.contains("no image is known") && report.contains("--object Shop/red-shoe"),
        "{report}"
    );
    assert!(report.contains("no static file is known"), "{report}");
    assert!(report.lines().last().unwrap().contains("not checked"), "{report}");
    let (code, findings) = doctor(&[server.address(), "--object", "Samples/none"]);
    assert_eq!((code, found(&findings, "image").0), (Some(1), "failed"));
    server.terminate();
}

#[test]
fn doctor_checks_signatures() {
    let store = store();
    let keys = store.0.path().join("keys");
    let other = store.0.path().join("other");
    fs::write(&keys, KEY).unwrap();
    fs::write(&other, KEY.replace('0', "z")).unwrap();
    let [keys, other] = [&keys, &other].map(|file| file.to_str().unwrap());
    let run =
        |server: &Server, key: &[&str]| doctor(&[&[server.address()], &OBJECTS[..], key].concat());
    let server = Server::start(&["--from", &store.name(), "--signing-keys", keys]);
    let (code, findings) = run(&server, &["--key-file", keys]);
    assert_eq!(found(&findings, "signing").0, "ok", "{findings:#?}");
    assert_eq!((code, found(&findings, "ranges").0), (Some(0), "ok"), "{findings:#?}");
    let (code, findings) = run(&server, &[]);
    assert_eq!((code, found(&findings, "image").0), (Some(1), "failed"));
    assert!(findings.iter().any(|finding| {
        finding["advice"].as_str().is_some_and(|advice| advice.contains("--key-file"))
    }));
    assert_eq!(run(&server, &["--key-file", other]).0, Some(1));
    server.terminate();
    let open = Server::start(&["--from", &store.name()]);
    let (code, findings) = run(&open, &["--key-file", keys]);
    let (outcome, message) = found(&findings, "signing");
    assert_eq!((code, outcome), (Some(1), "failed"), "{message}");
    open.terminate();
}

#[test]
fn doctor_stops_at_a_server_that_does_not_answer() {
    let hangs = serve(|_| None);
    let (code, findings) = doctor(&[&hangs, "--timeout", "1s"]);
    assert_eq!(code, Some(1));
    assert_eq!(found(&findings, "health"), ("failed", "no complete reply within 1 s"));
    assert_eq!(found(&findings, "all else").0, "not-checked");
    // Nothing listens there.
    let (code, findings) = doctor(&["127.0.0.1:1"]);
    let (outcome, message) = found(&findings, "health");
    assert_eq!((code, outcome), (Some(1), "failed"));
    assert!(message.starts_with("no connection: "), "{message}");
}

#[test]
fn doctor_names_what_a_bad_server_does() {
    let faults = serve(|_| Some(reply("500 Internal Server Error", "text/plain", "it burns")));
    let (code, findings) = doctor(&[&faults, "--object", "Shop/shoe"]);
    assert_eq!(code, Some(1));
    assert_eq!(found(&findings, "health"), ("failed", "/health answers 500: it burns"));
    for check in ["storage", "errors", "image", "methods", "content"] {
        assert_eq!(found(&findings, check).0, "failed", "{check}");
    }
    // A site in front of it that answers everything by its own page.
    let pages = serve(|_| Some(reply("200 OK", "text/html", "<h1>Welcome</h1>")));
    let (code, findings) = doctor(&[&pages, "--object", "Shop/shoe"]);
    assert_eq!(code, Some(1));
    for check in ["health", "errors", "image", "methods", "content"] {
        let (outcome, message) = found(&findings, check);
        assert_eq!(outcome, "failed", "{check}: {message}");
    }
}

#[test]
fn doctor_notices_a_cache_that_ignores_the_query_and_the_headers() {
    let store = store();
    let server = Server::start(&["--from", &store.name()]);
    let origin = server.address().to_owned();
    // Every image is the first one that was asked for, as of a cache that takes paths as its keys.
    let stored = std::sync::Arc::new(std::sync::Mutex::new(None::<String>));
    let pictures = stored.clone();
    let cache = serve(move |head| {
        let path = head.split(' ').nth(1)?.to_owned();
        if path.contains("wid=") && path.contains("tulips") {
            let svg = || reply("200 OK", "image/webp", "the first image");
            return Some(pictures.lock().unwrap().get_or_insert_with(svg).clone());
        }
        let url = format!("http://{origin}{path}");
        let curl = Command::new("curl").args(["-s", "-i", "--http1.1", &url]).output().ok()?;
        Some(text(&curl.stdout))
    });
    if installed("curl") {
        let (code, findings) = doctor(&[&[cache.as_str()], &OBJECTS[..2]].concat());
        assert_eq!(code, Some(1));
        for check in ["image", "query", "smart imaging"] {
            let (outcome, message) = found(&findings, check);
            assert_eq!(outcome, "failed", "{check}: {message}");
        }
    }
    server.terminate();
}

#[test]
fn doctor_names_what_is_wrong_with_a_certificate() {
    if !installed("openssl") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [key, certificate] = ["key.pem", "certificate.pem"].map(|name| folder.path().join(name));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
        ])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let mut server = Command::new("openssl")
        .args(["s_server", "-accept", "127.0.0.1:0", "-www", "-key"])
        .arg(&key)
        .arg("-cert")
        .arg(&certificate)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.strip_prefix("ACCEPT")?.rsplit(':').next()?.trim().to_owned()));
    let (code, findings) = doctor(&[&format!("https://localhost:{}", port.unwrap())]);
    server.kill().unwrap();
    server.wait().unwrap();
    let (outcome, message) = found(&findings, "health");
    assert_eq!((code, outcome), (Some(1), "failed"));
    assert!(message.starts_with("the certificate is not accepted: "), "{message}");
}

#[test]
fn doctor_refuses_a_command_line_that_is_wrong() {
    let errors = |arguments: &[&str]| {
        let done = azulejo(&[&["doctor"], arguments].concat());
        (done.status.code(), text(&done.stderr))
    };
    for (arguments, wanted) in [
        (["https://a.example/is/image"].as_slice(), "a path is not part of a host"),
        (&["ftp://a.example"], "http or https"),
        (&["127.0.0.1:1", "--object", "shoe"], "expected a catalog and an id"),
        (&["127.0.0.1:1", "--timeout", "0"], "expected a duration"),
        (&[], "<HOST>"),
    ] {
        let (code, message) = errors(arguments);
        assert!(code == Some(2) && message.contains(wanted), "{arguments:?}: {message}");
    }
    let (code, message) = errors(&["127.0.0.1:1", "--key-file", "/none"]);
    assert!(code == Some(1) && message.starts_with("azulejo: /none: "), "{message}");
}
