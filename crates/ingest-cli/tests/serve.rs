//! `azulejo serve` as a process: its lines, its exit codes, and its end under load.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::support::{Store, azulejo, root, text};

/// A running server.
pub struct Server {
    child: Child,
    /// Its host and port.
    pub address: String,
}

impl Server {
    /// Starts `azulejo serve` at a free port.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_azulejo"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("ready http://").unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "{line}{:?}", child.try_wait());
        Self { address, child }
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

    /// Sends SIGTERM, and returns the exit code and what is on standard error.
    pub fn terminate(self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), text(&output.stderr))
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
    let id = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    for stream in asked {
        let (head, body) = reply(stream);
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        let length = format!("content-length: {}", body.len());
        assert!(head.contains(&length), "{head}, {length}");
    }
    let output = server.child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
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
