//! Lets the Workers runtime finish its open requests before it is stopped.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Pid;

/// TCP states in `/proc/net/tcp` in which a client still waits: ESTABLISHED and CLOSE_WAIT.
const WAITING: [&str; 2] = ["01", "08"];

/// Stops the runtime of `group` from accepting requests, and waits until no client is connected to
/// `port`, at most for `timeout`. workerd finishes open requests on SIGTERM, whereas wrangler would
/// kill it during a reply.
pub fn drain(group: Pid, port: u16, timeout: Duration) {
    let mut terminate = Command::new("pkill");
    terminate.args(["-TERM", "-g"]).arg(group.as_raw_nonzero().to_string());
    // There are two workerd processes. The proxy in front gets the signal; the one that it forwards
    // to must run on until the proxy has its replies.
    terminate.arg("-f").arg(format!("workerd serve .*entry=127.0.0.1:{port}( |$)"));
    terminate.stdout(Stdio::null()).stderr(Stdio::null());
    if !terminate.status().is_ok_and(|status| status.success()) {
        return;
    }
    let since = Instant::now();
    while connections(port) > 0 && since.elapsed() < timeout {
        thread::sleep(Duration::from_millis(50));
    }
}

/// The number of clients connected to a local port.
fn connections(port: u16) -> usize {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).ok());
    if tables.iter().any(Option::is_some) {
        return tables.into_iter().flatten().map(|table| connections_in(&table, port)).sum();
    }
    // Not Linux.
    let mut list = Command::new("lsof");
    list.args(["-nP", "-sTCP:ESTABLISHED", "-t"]).arg(format!("-iTCP@127.0.0.1:{port}"));
    list.output().map_or(0, |output| output.stdout.split(|byte| *byte == b'\n').count() - 1)
}

fn connections_in(table: &str, port: u16) -> usize {
    let local = format!(":{port:04X}");
    let waits = |line: &&str| {
        let mut fields = line.split_whitespace().skip(1);
        let address = fields.next().is_some_and(|address| address.ends_with(&local));
        address && fields.nth(1).is_some_and(|state| WAITING.contains(&state))
    };
    table.lines().filter(waits).count()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_client_is_counted_from_its_connection_to_its_end() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = server.local_addr().unwrap();
        assert_eq!(connections(address.port()), 0, "the listener is no client");
        let client = TcpStream::connect(address).unwrap();
        let (accepted, _) = server.accept().unwrap();
        assert_eq!(connections(address.port()), 1);
        drop((client, accepted));
        // A process that another test starts holds copies of both ends until it runs its program.
        let since = Instant::now();
        while connections(address.port()) > 0 && since.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(connections(address.port()), 0);
    }
}
