//! The bucket that `cargo xtask dev` serves, accessed through a node process.

use std::{
    cell::RefCell,
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use azulejo::store::{Block, Listed, Listing, Read, ReadError, Version};
use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

const SCRIPT: &str = include_str!("local.mjs");

/// The configuration of `cargo xtask dev`, which names the bucket; a project of another kind has the
/// second one.
const CONFIGURATIONS: [&str; 2] = ["wrangler.example.toml", "wrangler.toml"];

/// The default state folder of `wrangler dev`.
const STATE: &str = ".wrangler/state";

/// The exit code of the script while another process opens the same state: `EX_TEMPFAIL`.
const BUSY: i32 = 75;

/// Opening is retried with pauses that double up to this. Then it fails.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// A running node process that holds the bucket open.
pub struct LocalBucket(RefCell<Process>);

struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// The script file, which node reads at its start.
    _script: NamedTempFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Response {
    missing: bool,
    changed: bool,
    failed: Option<String>,
    version: String,
    len: u64,
    modified: Option<f64>,
    bytes: String,
    objects: Vec<Object>,
    truncated: bool,
}

#[derive(Debug, Deserialize)]
struct Object {
    key: String,
    len: u64,
    modified: f64,
}

impl From<Object> for Listed {
    fn from(Object { key, len, modified }: Object) -> Self {
        Self { key, len, modified: Some(modified), version: Version(String::new()) }
    }
}

impl LocalBucket {
    /// Starts node with the state folder. Waits while other processes open it.
    pub fn open(state: Option<&Path>) -> Result<Self> {
        let (root, configuration) = project()?;
        if !root.join("node_modules/wrangler").is_dir() {
            bail!(
                "the local bucket needs the npm packages: run `cargo xtask dev` once, or `npm ci`"
            );
        }
        let here = env::current_dir()?;
        let state = state.map_or_else(|| root.join(STATE), |state| here.join(state));
        let mut pause = Duration::from_millis(200);
        while pause < LONGEST_PAUSE {
            if let Some(process) = Process::start(&root, configuration, &state)? {
                return Ok(Self(RefCell::new(process)));
            }
            thread::sleep(pause);
            pause *= 2;
        }
        bail!("the local bucket in {} is in use by too many at once: try again", state.display())
    }

    /// Stores an object atomically.
    pub fn put(&self, key: &str, bytes: &[u8]) -> Result<Version> {
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes)?;
        self.put_file(key, file.path())
    }

    /// Stores a file as an object.
    pub fn put_file(&self, key: &str, file: &Path) -> Result<Version> {
        let file = std::path::absolute(file)?;
        let response = self.request(&json!({ "do": "put", "key": key, "file": file }))?;
        match response.failed {
            Some(message) => Err(anyhow!("{key}: {message}")),
            None => Ok(Version(response.version)),
        }
    }

    /// Stores an object if its version is still `expected`, or if it still does not exist. Returns
    /// false otherwise. R2 has no conditional delete, so an empty object represents a deleted one.
    pub fn replace(&self, key: &str, expected: Option<&Version>, bytes: &[u8]) -> Result<bool> {
        let mut written = NamedTempFile::new()?;
        written.write_all(bytes)?;
        let only_if = match expected {
            Some(version) => json!({ "etagMatches": version.0 }),
            None => json!({ "etagDoesNotMatch": "*" }),
        };
        let file = std::path::absolute(written.path())?;
        let put = json!({ "do": "put", "key": key, "file": file, "onlyIf": only_if });
        match self.request(&put)? {
            Response { failed: Some(message), .. } => Err(anyhow!("{key}: {message}")),
            response => Ok(!response.changed),
        }
    }

    /// Reads a range of an object, cut at the object's end.
    pub fn read(&self, read: &Read) -> Result<Block, ReadError> {
        // The largest integer that JavaScript represents exactly. No object is that long.
        let start = read.range.start.min(1 << 53);
        let mut command = json!({
            "do": "get", "key": read.key, "start": start, "len": read.range.len.min(1 << 53),
        });
        if let (Some(version), Value::Object(fields)) = (&read.version, &mut command) {
            fields.insert("version".into(), Value::String(version.0.clone()));
        }
        let response =
            self.request(&command).map_err(|error| ReadError::Failed(error.to_string()))?;
        match response {
            Response { missing: true, .. } => Err(ReadError::NotFound),
            Response { changed: true, .. } => Err(ReadError::Changed),
            Response { failed: Some(message), .. } => Err(ReadError::Failed(message)),
            response => Ok(Block {
                start: read.range.start,
                bytes: STANDARD
                    .decode(&response.bytes)
                    .map_err(|error| ReadError::Failed(error.to_string()))?,
                version: Version(response.version),
                object_len: response.len,
                modified: response.modified,
            }),
        }
    }

    /// Deletes an object if it exists.
    pub fn delete(&self, key: &str) -> Result<()> {
        let response = self.request(&json!({ "do": "delete", "key": key }))?;
        match response.failed {
            Some(message) => Err(anyhow!("{key}: {message}")),
            None => Ok(()),
        }
    }

    /// Lists the objects whose keys begin with `prefix`.
    pub fn list(&self, prefix: &str) -> Result<Vec<Listed>> {
        let response = self.listed(&json!({ "do": "list", "prefix": prefix }))?;
        Ok(response.objects.into_iter().map(Listed::from).collect())
    }

    /// Lists a page of the objects whose keys begin with `prefix` and come after `after`.
    pub fn page(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing> {
        let page = json!({ "do": "page", "prefix": prefix, "startAfter": after, "limit": limit });
        let Response { objects, truncated, .. } = self.listed(&page)?;
        Ok(Listing::new(objects.into_iter().map(Listed::from).collect(), truncated))
    }

    fn listed(&self, command: &Value) -> Result<Response> {
        let response = self.request(command)?;
        match response.failed {
            Some(message) => bail!("the list of the local bucket: {message}"),
            None => Ok(response),
        }
    }

    fn request(&self, command: &Value) -> Result<Response> {
        let mut process = self.0.borrow_mut();
        let input = process.input.as_mut().context("the local bucket is closed")?;
        writeln!(input, "{command}").and_then(|()| input.flush()).context("the local bucket")?;
        Ok(serde_json::from_str(&process.line()?)?)
    }
}

impl Process {
    /// Starts node. Returns `None` while another process opens the same state.
    fn start(root: &Path, configuration: &str, state: &Path) -> Result<Option<Self>> {
        let mut script = tempfile::Builder::new().suffix(".mjs").tempfile()?;
        script.write_all(SCRIPT.as_bytes())?;
        let npm = root.join("node_modules/.bin/node");
        let node = if npm.exists() { npm } else { PathBuf::from("node") };
        let mut child = Command::new(&node)
            .arg(script.path())
            .args([root, Path::new(configuration), state])
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| {
                let node = node.display();
                format!("the local bucket needs node 20 or later: {node} does not start")
            })?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().context("node has no output")?);
        let mut process = Self { child, input, output, _script: script };
        let mut ready = String::new();
        process.output.read_line(&mut ready)?;
        if ready.trim() == "ready" {
            return Ok(Some(process));
        }
        drop(process.input.take());
        if process.child.wait()?.code() == Some(BUSY) {
            return Ok(None);
        }
        bail!("the local bucket in {} did not open; see its messages above", state.display())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => bail!("the process that holds the local bucket ended; see its messages above"),
            Ok(_) => Ok(line),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input tells the process to write its state and exit.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The nearest folder with a configuration of wrangler, from the current one upwards, and the
/// configuration's name.
fn project() -> Result<(PathBuf, &'static str)> {
    let here = env::current_dir()?;
    let configuration = |folder: &Path| {
        let name = CONFIGURATIONS.into_iter().find(|name| folder.join(name).is_file())?;
        Some((folder.to_owned(), name))
    };
    here.ancestors()
        .find_map(configuration)
        .context("no wrangler.example.toml here or above: run this in the project")
}
