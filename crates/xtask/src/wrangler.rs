//! Runs the built Worker in the local Workers runtime, `wrangler dev`.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    config, paths,
    process::{self, Group},
};

/// How long the runtime may take until its first reply.
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// A running `wrangler dev`.
#[derive(Debug)]
pub struct Wrangler {
    group: Group,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

/// A wrangler command that makes no requests of its own: no metrics, no error reports, no version
/// check, no `cf` object from the network.
pub fn command(arguments: &[&str]) -> Result<Command> {
    let mut wrangler = process::program(paths::npm_program("wrangler"))?;
    wrangler.args(arguments).envs([
        ("WRANGLER_SEND_METRICS", "false"),
        ("WRANGLER_SEND_ERROR_REPORTS", "false"),
        ("WRANGLER_HIDE_BANNER", "true"),
        ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ]);
    Ok(wrangler)
}

impl Wrangler {
    /// Starts the built Worker with the bucket in `state`, configured as the tracked example says.
    pub fn start(port: u16, state: &Path, output: impl Into<Stdio>) -> Result<Self> {
        let port_text = port.to_string();
        let mut dev = command(&["dev", "--local", "--ip", "127.0.0.1", "--port", &port_text])?;
        dev.arg("--config").arg(config::example());
        // Lets the preview page read and list the samples. A deployed Worker lets it do nothing.
        dev.args(["--var", "PREVIEW_SOURCES:Samples", "--var", "PREVIEW_TOKEN:*"]);
        dev.args(["--show-interactive-dev-session=false", "--persist-to"]).arg(state);
        dev.stdout(output);
        let group = Group::spawn(&mut dev)?;
        group.serves_on(port);
        Ok(Self { group, port })
    }

    /// Waits until a GET of `path` has status 200. Fails after 90 s or if wrangler ends.
    pub fn wait_for(&mut self, path: &str) -> Result<()> {
        wait_for("wrangler dev", &mut self.group, self.port, path)
    }

    /// Waits until wrangler ends by itself, and reports that as an error.
    pub fn serve(self) -> Result<()> {
        let status = self.group.wait()?;
        bail!("wrangler dev ended ({status})")
    }
}

/// Waits until a GET of `path` has status 200. Fails after 90 s or if the server ends. Errors call
/// it `name`.
pub fn wait_for(name: &str, server: &mut Group, port: u16, path: &str) -> Result<()> {
    let since = Instant::now();
    let mut last = String::from("no answer");
    while since.elapsed() < START_TIMEOUT {
        if let Some(status) = server.ended()? {
            bail!("{name} ended before it answered ({status})");
        }
        match get(port, path) {
            Ok(line) if line.contains(" 200 ") => return Ok(()),
            Ok(line) => last = line,
            // Not listening yet.
            Err(_) => {}
        }
        thread::sleep(Duration::from_millis(100));
    }
    bail!("{path} was not answered with 200 within {} s; last: {last}", START_TIMEOUT.as_secs())
}

/// Fails if `port` is taken. The error suggests another one.
pub fn check_free(port: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    listener.with_context(|| {
        format!(
            "port {port} on 127.0.0.1 is taken; choose another with --port, as in --port {}",
            port + 1
        )
    })?;
    Ok(())
}

/// A free port on 127.0.0.1.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Sends a GET, reads the whole reply and returns its status line.
fn get(port: u16, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    Ok(String::from_utf8_lossy(&reply).lines().next().unwrap_or_default().to_owned())
}
