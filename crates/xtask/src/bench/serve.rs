//! `azulejo serve`: the rows of `serve.mjs`. Peers that are not installed have none.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    node,
    peers::Peer,
    table::{Comparison, Table},
};

/// Measures, adds rows to the table, and returns all numbers as JSON.
pub fn measure(azulejo: &Path, photo: &Path, table: &mut Table) -> Result<Value> {
    if Peer::Wrk.program().is_none() {
        return Ok(Value::Null);
    }
    let mut node = node::node("serve.mjs")?;
    node.arg(photo).env("AZULEJO_BIN", azulejo);
    for (name, peer) in
        [("NGINX", Peer::Nginx), ("SPAWN_FCGI", Peer::SpawnFcgi), ("IIPSRV", Peer::Iipsrv)]
    {
        node.envs(peer.program().map(|program| (name, program)));
    }
    let measured = node::run("serve.mjs", &mut node)?;
    for (what, kind, peer, goal) in [
        ("800 px JPEG drawn anew, all cores / iipsrv", "drawn", "iipsrv", 1.2),
        ("800 px JPEG drawn anew, all cores / a server of sharp", "drawn", "sharp", 1.2),
        ("cached hit, all cores / nginx with that file", "cached", "nginx", 0.8),
    ] {
        let sides = &measured[kind];
        if !sides[peer].is_null() {
            table.add(Comparison::at_least(what, &sides["azulejo"], &sides[peer], "/s", goal));
        }
    }
    let tile = &measured["tile"];
    if !tile["iipsrv"].is_null() {
        let what = "a tile of the pyramid, one connection / iipsrv";
        table.add(Comparison::at_most(what, &tile["azulejo"], &tile["iipsrv"], "ms", 0.3));
    }
    let what = "a tile of the pyramid, one connection / 1 ms";
    table.add(Comparison::at_most(what, &tile["azulejo"], &json!(1), "ms", 1.0));
    Ok(measured)
}
