//! Where the commands of the pages run.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::export;
use crate::{s3_server, serve::Server, support::text};
/// The address of the old host in the page.
const OLD: &str = "https://<old host>";

/// The addresses of the new host in the page.
const NEW: [&str; 2] = ["https://new-images.example.com", "https://images.example.com"];

/// A folder with an export, an S3 server with an empty bucket, and an old host.
pub struct Moving {
    /// Where the commands run.
    pub folder: tempfile::TempDir,
    port: u16,
    old: Server,
    /// The server that the page starts.
    pub new: Option<Server>,
    _runtime: tokio::runtime::Runtime,
}

impl Moving {
    /// With an empty bucket, and nothing imported.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("s3/shop-images")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let port = runtime.block_on(s3_server::serve(&folder.path().join("s3")));
        let old = export::old_host(folder.path());
        export::write(&folder.path().join("export"), &folder.path().join("access.log"));
        Self { folder, port, old, new: None, _runtime: runtime }
    }

    /// A command in the folder with the environment of the S3 server.
    pub fn command(&self, program: &str) -> Command {
        let like = s3_server::command(self.port, s3_server::SECRET, &[]);
        let environment = like.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let mut command = Command::new(program);
        command.envs(environment).env("PATH", search_path()).current_dir(self.folder.path());
        command
    }

    /// Runs a line of a page, with the addresses of the test's servers in place of the page's. Returns
    /// the exit code, and what is printed with the page's addresses.
    pub fn run(&mut self, line: &str) -> (Option<i32>, String) {
        if let Some(arguments) = line.strip_prefix("azulejo serve ") {
            self.serve(arguments);
            return (Some(0), String::new());
        }
        let mut addresses = vec![(OLD, format!("http://{}", self.old.address()))];
        if let Some(new) = &self.new {
            addresses.extend(NEW.map(|host| (host, format!("http://{}", new.address()))));
        }
        addresses.retain(|(host, _)| line.contains(host));
        let with = |line: &str, (host, address): &(&str, String)| line.replace(host, address);
        let command = addresses.iter().fold(line.to_owned(), |line, pair| with(&line, pair));
        // Both streams in one, in the order in which they are written.
        let done =
            self.command("sh").args(["-c", &format!("exec 2>&1; {command}")]).output().unwrap();
        let without = |text: String, (host, address): &(&str, String)| text.replace(address, host);
        (done.status.code(), addresses.iter().fold(text(&done.stdout), without))
    }

    /// Starts the new server, at a free port and with its cache in the folder.
    fn serve(&mut self, arguments: &str) {
        let cache = self.folder.path().join("cache");
        let arguments = arguments.replace("/var/cache/azulejo", cache.to_str().unwrap());
        let mut serve = self.command(env!("CARGO_BIN_EXE_azulejo"));
        serve.arg("serve").args(arguments.split_whitespace()).args(["--port", "0"]);
        self.new = Some(Server::run(&mut serve));
    }
}

/// The search path with the folder of `azulejo` in front.
fn search_path() -> OsString {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_azulejo"));
    let here = program.parent().map(Path::to_owned);
    let rest = env::var_os("PATH").unwrap_or_default();
    env::join_paths(here.into_iter().chain(env::split_paths(&rest))).unwrap()
}
