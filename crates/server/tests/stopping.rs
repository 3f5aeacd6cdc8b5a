//! How a server ends, and why one does not start.

use std::{net::TcpStream, thread, time::Duration};

use server::End;

use crate::support::{Fault, Options, Running, options};

const SHOE: &str = "/is/image/Shop/shoe?wid=160&fmt=png";

#[test]
fn a_server_that_stops_finishes_what_runs_and_accepts_nothing() {
    let mut server = Running::start(options(), Fault::Slow(Duration::from_millis(300)));
    let mut idle = server.connect();
    assert_eq!(idle.get("/health", &[]).status, 200);
    let mut unused = server.connect();
    let mut clients: Vec<_> = (0..4).map(|_| server.connect()).collect();
    for (number, client) in clients.iter_mut().enumerate() {
        client.ask("GET", &format!("{SHOE}&qlt={number}"), &[]);
    }
    thread::sleep(Duration::from_millis(100));
    server.tell_to_stop();
    for client in &mut clients {
        let reply = client.reply(true);
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert!(client.is_closed());
    }
    assert!(idle.is_closed() && unused.is_closed());
    let address = server.address;
    assert_eq!(server.stop(), End::Finished);
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn requests_that_take_longer_than_the_grace_are_cut_off() {
    let grace = Duration::from_millis(200);
    let server =
        Running::start(Options { grace, ..options() }, Fault::Slow(Duration::from_secs(9)));
    let mut client = server.connect();
    client.ask("GET", SHOE, &[]);
    thread::sleep(Duration::from_millis(100));
    assert_eq!(server.stop(), End::CutOff(1));
}

#[test]
fn a_port_in_use_is_named() {
    let server = Running::start(options(), Fault::None);
    let port = server.address.port();
    let error = Running::try_start(Options { port, ..options() }, Fault::None).err().unwrap();
    assert_eq!(
        error,
        format!("port {port} on 127.0.0.1 is in use: choose another one with --port")
    );
    let host = "no such host".to_owned();
    let error = Running::try_start(Options { host, ..options() }, Fault::None).err().unwrap();
    assert!(error.starts_with("--host no such host"), "{error}");
}
