//! `azulejo serve` as a process: its lines, its exit codes, and its end under load.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::support::{Store, azulejo, root, text};

/// A running server.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
        Self::run(command.args(["serve", "--port", "0"]).args(arguments).current_dir(root()))
    }

    /// Runs a command that serves, and waits until it is ready.
    pub fn run(command: &mut Command) -> Self {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let mut line = String::new();
        let mut out = child.stdout.take().unwrap();
        // Byte by byte, since a log may follow.
        while !line.ends_with('\n') {
            let mut byte = [0];
            assert_eq!(out.read(&mut byte).unwrap(), 1, "{line}{:?}", child.try_wait());
            line.push(char::from(byte[0]));
        }
        child.stdout = Some(out);
        let address = line.trim().strip_prefix("ready http://").unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "{line}{:?}", child.try_wait());
        Self { address, child }
    }

    /// Where it listens: host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request; the result reads its reply.
    fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").unwrap();
        stream
    }

    /// The head and the body of a reply.
    fn get(&self, path: &str) -> (String, Vec<u8>) {
        reply(self.ask(path))
    }

    /// Sends SIGTERM.
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end, and returns the exit code and what is on standard error.
    fn end(mut self) -> (Option<i32>, String) {
        // A log that nobody reads would stop the server.
        let log = self.child.stdout.take();
        let read = thread::spawn(move || log.map(|mut log| io::copy(&mut log, &mut io::sink())));
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        drop(read.join());
        (self.child.wait().unwrap().code(), errors)
    }

    /// Sends SIGTERM, and returns the exit code and what is on standard error.
    pub fn terminate(self) -> (Option<i32>, String) {
        self.interrupt();
        self.end()
    }
}

/// A test that fails, or needs the server no longer, leaves no process.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn reply(mut stream: TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (text(&bytes[..end]), bytes[end + 4..].to_vec())
}

/// A store with one sample.
fn store() -> Store {
    let store = Store::new();
    store.pyramid(&root().join("samples/tulips.png"));
    store
}

#[test]
fn what_is_served_is_what_render_writes() {
    let store = store();
    let server = Server::start(&["--from", &store.name()]);
    let file = store.0.path().join("rendered");
    for query in ["wid=300", "wid=200&fmt=png-alpha&op_usm=1,1,5,0", "$thumbnail$", "req=props"] {
        let request = format!("Samples/tulips.png?{query}");
        let output = file.to_str().unwrap();
        let done = azulejo(&["render", &request, "--from", &store.name(), "-o", output]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let (head, body) = server.get(&format!("/is/image/{request}"));
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(body == fs::read(&file).unwrap(), "{query}: other bytes");
    }
    assert_eq!(server.terminate(), (Some(0), String::new()));
}

#[test]
fn sigterm_under_load_answers_all_requests() {
    let store = store();
    let server = Server::start(&["--from", &store.name(), "--workers", "2"]);
    let asked: Vec<TcpStream> = (0..12)
        .map(|number| server.ask(&format!("/is/image/Samples/tulips.png?wid={}", 900 + number)))
        .collect();
    // All have arrived.
    thread::sleep(Duration::from_millis(300));
    server.interrupt();
    for stream in asked {
        let (head, body) = reply(stream);
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        let length = format!("content-length: {}", body.len());
        assert!(head.contains(&length), "{head}, {length}");
    }
    let (code, errors) = server.end();
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn a_server_that_does_not_start_says_why_in_one_line() {
    let store = store();
    let from = store.name();
    let server = Server::start(&["--from", &from]);
    let port = server.address.rsplit(':').next().unwrap();
    let missing = format!("{from}/none");
    for (arguments, code, wanted) in [
        (
            vec!["--from", &from, "--port", port],
            1,
            format!("azulejo: port {port} on 127.0.0.1 is in use"),
        ),
        (vec!["--from", &missing], 1, "azulejo: the folder ".to_owned()),
        (vec!["--from", &from, "--signing", "on"], 2, "azulejo: SIGNING=on".to_owned()),
        (vec!["--from", &from, "--signing-keys", "/none"], 1, "azulejo: /none: ".to_owned()),
        (vec!["--from", "ftp://x"], 2, "error: invalid value".to_owned()),
        (vec![], 2, "error: the following required arguments".to_owned()),
    ] {
        let done = azulejo(&[vec!["serve"], arguments.clone()].concat());
        let errors = text(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.starts_with(&wanted), "{errors}");
        assert!(code == 2 || errors.lines().count() == 1, "{errors}");
        assert!(done.stdout.is_empty());
    }
    server.terminate();
}

#[test]
fn a_store_that_vanishes_is_503_and_a_line() {
    let store = store();
    let server = Server::start(&["--from", &store.name(), "--workers", "1"]);
    assert!(server.get("/is/image/Samples/tulips.png?wid=50").0.starts_with("HTTP/1.1 200"));
    let pyramid = store.0.path().join("assets/Samples/tulips.png.tif");
    fs::remove_file(&pyramid).unwrap();
    fs::create_dir(&pyramid).unwrap();
    let (head, _) = server.get("/is/image/Samples/tulips.png?wid=51");
    assert!(!head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(server.get("/health").0.starts_with("HTTP/1.1 200"));
    let (code, _) = server.terminate();
    assert_eq!(code, Some(0));
}

#[test]
fn a_cache_folder_that_is_full_is_a_line_and_requests_go_on() {
    let store = store();
    let full = store.0.path().join("full");
    fs::write(&full, b"as if it could not be written").unwrap();
    let server = Server::start(&["--from", &store.name(), "--cache", full.to_str().unwrap()]);
    for wid in [60, 61] {
        let (head, _) = server.get(&format!("/is/image/Samples/tulips.png?wid={wid}"));
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }
    let (code, errors) = server.terminate();
    assert_eq!(code, Some(0));
    let wanted = format!("azulejo: the cache in {} cannot be written: ", full.display());
    assert!(errors.starts_with(&wanted) && errors.lines().count() == 1, "{errors}");
}

#[test]
fn an_access_log_is_read_by_top_and_by_check() {
    let store = store();
    let log = store.0.path().join("access.log");
    let log = log.to_str().unwrap();
    for (format, query) in [("json", "0"), ("json", "1"), ("s7access", "1")] {
        let _ = fs::remove_file(log);
        let flags = ["--access-log", log, "--log-format", format, "--log-query", query];
        let server = Server::start(&[&["--from", store.name().as_str()], &flags[..]].concat());
        for _ in 0..3 {
            server.get("/is/image/Samples/tulips.png?$product$&wid=90");
        }
        server.get("/is/image/Samples/none?wid=nine");
        assert_eq!(server.terminate(), (Some(0), String::new()));
        let top = azulejo(&["top", log, "--json"]);
        assert!(text(&top.stderr).starts_with("4 lines; skipped: 0"), "{}", text(&top.stderr));
        let lines: Vec<serde_json::Value> =
            text(&top.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let find = |by: &str, name: &str| {
            lines.iter().find(|line| line["by"] == by && line["name"] == name).unwrap()
        };
        let image = find("object", "Samples/tulips.png");
        assert_eq!((&image["requests"], &image["errors"]), (&3.into(), &0.into()), "{format}");
        assert_eq!(image["hitRatio"], 2.0 / 3.0);
        assert!(
            image["bytes"].as_u64() > Some(3000) && image["max"].as_f64() > Some(0.0),
            "{image}"
        );
        assert_eq!(find("preset", "product")["requests"], 3);
        assert_eq!(find("object", "Samples/none")["errors"], 1);
        // What is logged of URLs can be checked.
        let check = text(&azulejo(&["check", log]).stdout);
        assert_eq!(check.contains("wid=nine"), query == "1", "{format}: {check}");
    }
}

#[test]
fn an_access_log_may_go_to_standard_output() {
    let store = store();
    let from = store.name();
    let mut server = Server::start(&["--from", &from, "--log-format", "s7access"]);
    let mut out = BufReader::new(server.child.stdout.take().unwrap());
    server.get("/is/image/Samples/tulips.png?wid=90");
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert!(
        line.contains(" 'Samples' CREATED GET /is/image/Samples/tulips.png HTTP/1.1 "),
        "{line}"
    );
    assert_eq!(server.terminate().0, Some(0));
    for wrong in [["--log-sample", "2"], ["--log-query", "yes"], ["--log-format", "xml"]] {
        let done = azulejo(&["serve", "--from", &from, wrong[0], wrong[1]]);
        assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
    }
}
