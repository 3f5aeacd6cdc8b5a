//! The bucket that `cargo xtask dev` serves, through one node process for all objects.

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
use azulejo::store::{Block, Read, ReadError, Version};
use base64::{Engine, prelude::BASE64_STANDARD as STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

const SCRIPT: &str = include_str!("local.mjs");

/// Where `wrangler dev` keeps state unless it is told otherwise.
const STATE: &str = ".wrangler/state";

/// What the script ends with while another process starts on the same state: `EX_TEMPFAIL`.
const BUSY: i32 = 75;

/// The pauses double up to this; then the bucket is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// A running node process that holds the bucket open.
pub struct LocalBucket(RefCell<Process>);

struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// The script; node reads it before it says that it is ready.
    _script: NamedTempFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    missing: bool,
    changed: bool,
    failed: Option<String>,
    version: String,
    len: u64,
    modified: Option<f64>,
    bytes: String,
    keys: Vec<String>,
}

impl LocalBucket {
    /// Starts node over the state folder.
    pub fn open(state: Option<&Path>) -> Result<Self> {
        let root = project()?;
        if !root.join("node_modules/wrangler").is_dir() {
            bail!(
                "the local bucket needs the npm packages: run `cargo xtask dev` once, or `npm ci`"
            );
        }
        let here = env::current_dir()?;
        let state = state.map_or_else(|| root.join(STATE), |state| here.join(state));
        let mut pause = Duration::from_millis(200);
        while pause < LONGEST_PAUSE {
            if let Some(process) = Process::start(&root, &state)? {
                return Ok(Self(RefCell::new(process)));
            }
            thread::sleep(pause);
            pause *= 2;
        }
        bail!("the local bucket in {} is in use by too many at once: try again", state.display())
    }

    /// Puts an object; the runtime makes it appear whole.
    pub fn put(&self, key: &str, bytes: &[u8]) -> Result<Version> {
        let mut file = NamedTempFile::new()?;
        file.write_all(bytes)?;
        self.put_file(key, file.path())
    }

    /// Puts a file as an object.
    pub fn put_file(&self, key: &str, file: &Path) -> Result<Version> {
        let file = std::path::absolute(file)?;
        let answer = self.ask(&json!({ "do": "put", "key": key, "file": file }))?;
        match answer.failed {
            Some(words) => Err(anyhow!("{key}: {words}")),
            None => Ok(Version(answer.version)),
        }
    }

    /// Puts an object on condition that it has this version still, or that there is none still;
    /// false where that is not so. R2 removes nothing on condition: no bytes stand for that.
    pub fn replace(&self, key: &str, was: Option<&Version>, bytes: &[u8]) -> Result<bool> {
        let mut written = NamedTempFile::new()?;
        written.write_all(bytes)?;
        let only_if = match was {
            Some(version) => json!({ "etagMatches": version.0 }),
            None => json!({ "etagDoesNotMatch": "*" }),
        };
        let file = std::path::absolute(written.path())?;
        let put = json!({ "do": "put", "key": key, "file": file, "onlyIf": only_if });
        match self.ask(&put)? {
            Answer { failed: Some(words), .. } => Err(anyhow!("{key}: {words}")),
            answer => Ok(!answer.changed),
        }
    }

    /// A range of an object, cut at its end.
    pub fn read(&self, read: &Read) -> Result<Block, ReadError> {
        // JavaScript holds no larger whole number; nothing is stored there either.
        let start = read.range.start.min(1 << 53);
        let mut command = json!({
            "do": "get", "key": read.key, "start": start, "len": read.range.len.min(1 << 53),
        });
        if let (Some(version), Value::Object(fields)) = (&read.version, &mut command) {
            fields.insert("version".into(), Value::String(version.0.clone()));
        }
        let answer = self.ask(&command).map_err(|error| ReadError::Failed(error.to_string()))?;
        match answer {
            Answer { missing: true, .. } => Err(ReadError::NotFound),
            Answer { changed: true, .. } => Err(ReadError::Changed),
            Answer { failed: Some(words), .. } => Err(ReadError::Failed(words)),
            answer => Ok(Block {
                start: read.range.start,
                bytes: STANDARD
                    .decode(&answer.bytes)
                    .map_err(|error| ReadError::Failed(error.to_string()))?,
                version: Version(answer.version),
                object_len: answer.len,
                modified: answer.modified,
            }),
        }
    }

    /// Removes an object, if it is there.
    pub fn delete(&self, key: &str) -> Result<()> {
        let answer = self.ask(&json!({ "do": "delete", "key": key }))?;
        match answer.failed {
            Some(words) => Err(anyhow!("{key}: {words}")),
            None => Ok(()),
        }
    }

    /// The keys that begin with `prefix`.
    pub fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let answer = self.ask(&json!({ "do": "list", "prefix": prefix }))?;
        match answer.failed {
            Some(words) => Err(anyhow!("{prefix}: {words}")),
            None => Ok(answer.keys),
        }
    }

    fn ask(&self, command: &Value) -> Result<Answer> {
        let mut process = self.0.borrow_mut();
        let input = process.input.as_mut().context("the local bucket is closed")?;
        writeln!(input, "{command}").and_then(|()| input.flush()).context("the local bucket")?;
        Ok(serde_json::from_str(&process.line()?)?)
    }
}

impl Process {
    /// `None` while another process starts on the same state.
    fn start(root: &Path, state: &Path) -> Result<Option<Self>> {
        let mut script = tempfile::Builder::new().suffix(".mjs").tempfile()?;
        script.write_all(SCRIPT.as_bytes())?;
        let npm = root.join("node_modules/.bin/node");
        let node = if npm.exists() { npm } else { PathBuf::from("node") };
        let mut child = Command::new(&node)
            .arg(script.path())
            .args([root, state])
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
        bail!("the local bucket in {} did not open; see its words above", state.display())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => bail!("the process that holds the local bucket ended; see its words above"),
            Ok(_) => Ok(line),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input is its signal to write everything down and leave.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The folder with wrangler.toml, from here upwards.
fn project() -> Result<PathBuf> {
    let here = env::current_dir()?;
    let found = here.ancestors().find(|folder| folder.join("wrangler.toml").is_file());
    found.map(Path::to_owned).context("no wrangler.toml here or above: run this in the project")
}
