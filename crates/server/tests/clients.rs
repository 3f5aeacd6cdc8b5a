//! Clients that keep connections, stall, send too much, or go away.

use std::{
    net::Shutdown,
    thread,
    time::{Duration, Instant},
};

use crate::support::{Fault, Options, Running, options};

const SHOE: &str = "/is/image/Shop/shoe?wid=140&fmt=png";

fn impatient() -> Options {
    Options { client_timeout: Duration::from_secs(1), ..options() }
}

#[test]
fn a_connection_is_kept_for_more_requests_and_for_those_sent_ahead() {
    let server = Running::start(options(), Fault::None);
    let mut client = server.connect();
    let first = client.get(SHOE, &[]);
    for _ in 0..5 {
        client.ask("GET", SHOE, &[]);
    }
    for _ in 0..5 {
        assert_eq!(client.reply(true).body, first.body);
    }
    client.ask("GET", SHOE, &[("connection", "close")]);
    assert_eq!(client.reply(true).header("connection"), Some("close"));
    assert!(client.is_closed());
}

#[test]
fn a_client_that_stalls_is_disconnected_and_others_are_served() {
    let server = Running::start(impatient(), Fault::None);
    let start = Instant::now();
    // Nothing at all, the beginning of HTTP/2, a head without end, and one request only.
    let mut clients: Vec<_> = (0..4).map(|_| server.connect()).collect();
    clients[1].send(b"PRI * HT");
    clients[2].send(b"GET /health HTTP/1.1\r\nhost: te");
    assert_eq!(clients[3].get("/health", &[]).status, 200);
    assert_eq!(server.get(SHOE).status, 200);
    for (number, client) in clients.iter_mut().enumerate() {
        assert!(client.is_closed(), "client {number}");
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert_eq!(server.get(SHOE).status, 200);
}

#[test]
fn a_head_over_the_limit_is_431_and_a_path_over_the_limit_is_refused() {
    let server = Running::start(options(), Fault::None);
    let long = "x".repeat(40_000);
    assert_eq!(server.connect().get("/health", &[("x-long", &long)]).status, 431);
    let many: Vec<(String, String)> =
        (0..200).map(|n| (format!("x-{n}"), "v".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(server.connect().get("/health", &many).status, 431);
    let path = format!("/is/image/Shop/shoe?wid=9&text={}", "x".repeat(10_000));
    let refused = server.get(&path);
    assert!(refused.status >= 400, "{}", refused.status);
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
    let path = format!("/is/image/Shop/shoe?{}", "x".repeat(100_000));
    assert!([414, 431].contains(&server.get(&path).status));
}

#[test]
fn what_is_not_http_is_400_and_ends_the_connection() {
    let server = Running::start(options(), Fault::None);
    let mut client = server.connect();
    client.send(b"\x16\x03\x01\x02\x00 this is TLS\r\n\r\n");
    assert_eq!(client.reply(true).status, 400);
    assert!(client.is_closed());
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn a_client_that_takes_nothing_of_its_reply_is_disconnected() {
    let server = Running::start(impatient(), Fault::None);
    let mut client = server.connect();
    // More than the buffers of the system hold.
    for _ in 0..30 {
        client.ask("GET", "/is/content/Shop/film.mp4", &[]);
    }
    let connections = || -> u32 {
        let text = server.get("/metrics").text();
        let line = text.lines().find(|line| line.starts_with("azulejo_connections")).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(connections(), 2, "this client, and the one that asks");
    let start = Instant::now();
    while connections() > 1 {
        assert!(start.elapsed() < Duration::from_secs(15), "it is still connected");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_client_that_goes_away_gives_back_its_turn() {
    let server = Running::start(options(), Fault::Slow(Duration::from_millis(400)));
    let mut gone = server.connect();
    gone.ask("GET", SHOE, &[]);
    thread::sleep(Duration::from_millis(100));
    gone.stream.shutdown(Shutdown::Both).unwrap();
    drop(gone);
    let image = server.get(SHOE);
    assert_eq!(image.status, 200);
    let metrics = server.get("/metrics").text();
    assert!(metrics.contains("\nazulejo_admitted_bytes 0"), "{metrics}");
}
