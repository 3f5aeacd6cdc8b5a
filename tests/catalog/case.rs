//! Cases of catalogs: `tests/catalog/*.txt`, separated by blank lines.
//!
//! A case is `# page: what it proves`, then lines
//! `default Name=value`, `<rootId> Name=value`, `macro <rootId> name definition`,
//! `record <rootId>/<id> {json}`, `asset <key> <fixture>`, `content <key> <text>`, then
//! `ask object?modifiers` (or `ask /is/content/object?modifiers`) and what comes: `= ` the canonical request, `> ` a part of the body, `! ` a part of an error's body,
//! `header name: value` (`-` for none), `status n`, `same object?modifiers` the same bytes.
//! `refused Name=value` and `kept Name=value` are about a value alone.

use std::{collections::BTreeMap, fs, path::Path};

use azulejo::{
    catalog::{Attributes, Compiled, FORMAT},
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join(format!("tests/fixtures/{name}.tif"))).unwrap()
}

/// Asks a store at a moment, in seconds.
pub fn get(store: &MemoryStore, request: &str, seconds: f64) -> HttpReply {
    let (object, query) = request.split_once('?').unwrap_or((request, ""));
    let image = || format!("/is/image/{object}");
    let mut request = HttpRequest {
        path: if object.starts_with("/is/") { object.to_owned() } else { image() },
        query: query.to_owned(),
        received_at: seconds * 1000.0,
        ..HttpRequest::default()
    };
    request.access.client = Some("192.168.2.117".into());
    pollster::block_on(serve(&request, store, || 0.0))
}

pub fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// What a case has said so far.
struct Case {
    store: MemoryStore,
    catalogs: BTreeMap<String, Compiled>,
    reply: Option<HttpReply>,
    url: String,
}

impl Case {
    fn new() -> Self {
        let store = MemoryStore::new();
        store.put("assets/Shop/shoe.tif", fixture("chart"));
        Self { store, catalogs: BTreeMap::new(), reply: None, url: String::new() }
    }

    fn catalog(&mut self, root: &str) -> &mut Compiled {
        let empty = || Compiled { format: FORMAT, ..Compiled::default() };
        self.catalogs.entry(root.to_owned()).or_insert_with(empty)
    }

    /// Carries out a line; an expectation that fails says what came.
    fn line(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "macro" => {
                let mut parts = rest.splitn(3, ' ').map(str::to_owned);
                let root = parts.next().unwrap();
                let pair = (parts.next().unwrap(), parts.next().unwrap());
                self.catalog(&root).macros.push(pair);
            }
            "record" => {
                let (place, json) = rest.split_once(' ').unwrap();
                self.store.put(&format!("records/{place}.json"), json.as_bytes().to_vec());
            }
            "asset" => {
                let (key, name) = rest.split_once(' ').unwrap();
                self.store.put(&format!("assets/{key}.tif"), fixture(name));
            }
            "content" => {
                let (key, text) = rest.split_once(' ').unwrap();
                self.store.put(&format!("content/{key}"), text.as_bytes().to_vec());
            }
            "ask" => {
                for (root, compiled) in &self.catalogs {
                    self.store.put(&Compiled::key(root), compiled.to_json().unwrap());
                }
                self.reply = Some(get(&self.store, rest, 0.0));
                rest.clone_into(&mut self.url);
            }
            "=" => {
                let separator = if self.url.contains('?') { '&' } else { '?' };
                let request = format!("{}{separator}req=resolve", self.url);
                let canonical = text(&get(&self.store, &request, 0.0));
                let expected = format!("/is/image/{rest}");
                let got = canonical.trim().replace("req=resolve&", "").replace("?req=resolve", "?");
                same(got == expected, &got)?;
            }
            ">" | "!" => {
                let reply = self.reply.as_ref().unwrap();
                let body = text(reply);
                let error = reply.status >= 400;
                same(
                    body.contains(rest) && error == (word == "!"),
                    &format!("{} {body}", reply.status),
                )?;
            }
            "header" => {
                let reply = self.reply.as_ref().unwrap();
                let (name, value) = rest.split_once(": ").unwrap();
                let extra = reply.extra.iter().find(|(key, _)| key == name);
                let got = reply.header(name).or(extra.map(|(_, value)| value.as_str()));
                let got = got.unwrap_or("-");
                same(got == value, &format!("{got} with status {}", reply.status))?;
            }
            "same" => {
                let reply = self.reply.as_ref().unwrap();
                let other = get(&self.store, rest, 0.0);
                let statuses = (reply.status, other.status);
                same(statuses == (200, 200) && reply.body == other.body, &format!("{statuses:?}"))?;
            }
            "status" => {
                let reply = self.reply.as_ref().unwrap();
                let got = format!("{}: {}", reply.status, text(reply));
                same(reply.status.to_string() == rest, &got.chars().take(200).collect::<String>())?;
            }
            "refused" | "kept" => {
                let (name, value) = rest.split_once('=').unwrap();
                let mut values = Attributes::default();
                let outcome = values.set(name, value);
                let is_set = matches!(outcome, Ok(true)) && values.text(name) == value;
                let named = |message: &str| message.starts_with(&format!("{name}={value}"));
                let refused = outcome.as_ref().is_err_and(|error| named(&error.message));
                same(if word == "kept" { is_set } else { refused }, &format!("{outcome:?}"))?;
            }
            root => {
                let (name, value) = rest.split_once('=').ok_or("no attribute and value")?;
                let (name, value) = (name.to_owned(), value.to_owned());
                self.catalog(root).attributes.insert(name, value);
            }
        }
        Ok(())
    }
}

fn same(holds: bool, got: &str) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| got.to_owned())
}

/// Titles of all cases of a file; those that fail are told together.
pub fn run(file: &str) -> Vec<String> {
    let all = fs::read_to_string(root().join("tests/catalog").join(file)).unwrap();
    let mut titles = Vec::new();
    let mut wrong = Vec::new();
    for case in all.split("\n\n").map(str::trim).filter(|case| !case.is_empty()) {
        let mut lines = case.lines();
        let title = lines.next().unwrap();
        assert!(title.starts_with("# "), "no title: {case}");
        titles.push(title.to_owned());
        let mut state = Case::new();
        for line in lines {
            if let Err(got) = state.line(line) {
                wrong.push(format!("{title}\n  {}\n  {line}\n  got {got}", state.url));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), titles.len(), wrong.join("\n"));
    titles
}
