//! What a run was measured on: machine, date, commit, and versions.

use std::{collections::BTreeMap, fmt, fs, path::Path, process::Command, thread};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{node, peers::Peer};
use crate::process;

/// The machine of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The model of the processor.
    pub cpu: String,
    pub cores: usize,
    /// Bytes of memory.
    pub memory: u64,
    /// The load of the last minute before the run, where the system tells it.
    pub load: Option<f64>,
}

impl Machine {
    /// Asks the system.
    pub fn this() -> Self {
        let file = |path| fs::read_to_string(path).unwrap_or_default();
        let cpu = field(&file("/proc/cpuinfo"), "model name");
        let memory = field(&file("/proc/meminfo"), "MemTotal");
        let kibibytes = memory.and_then(|memory| memory.split(' ').next()?.parse::<u64>().ok());
        Self {
            // The second form is that of macOS.
            cpu: cpu.or_else(|| system("machdep.cpu.brand_string")).unwrap_or_default(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory: kibibytes
                .map(|kibibytes| kibibytes << 10)
                .or_else(|| system("hw.memsize")?.parse().ok())
                .unwrap_or_default(),
            load: file("/proc/loadavg").split(' ').next().and_then(|load| load.parse().ok()),
        }
    }

    /// Whether times of both machines are comparable.
    pub fn is_same_as(&self, other: &Self) -> bool {
        (&self.cpu, self.cores) == (&other.cpu, other.cores)
    }

    /// Whether other programs keep the machine busy, so that times mean little.
    pub fn is_busy(&self) -> bool {
        self.load.is_some_and(|load| load > self.cores as f64 / 4.0)
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gibibytes = (self.memory as f64 / f64::from(1 << 30)).round();
        write!(f, "{}, {} cores, {gibibytes} GiB", self.cpu, self.cores)
    }
}

/// The value of the first line `name: value` of a file in `/proc`.
fn field(text: &str, name: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let mut values = lines.filter(|(key, _)| key.trim() == name).map(|(_, value)| value);
    Some(values.next()?.trim().to_owned())
}

fn system(name: &str) -> Option<String> {
    quietly("sysctl", &["-n", name])
}

/// The stdout of a program. `None` if it fails.
fn quietly(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = process::program(program).ok()?;
    let text = process::run_quietly(program, command.args(arguments)).ok()?;
    Some(text.trim().to_owned())
}

/// What a program prints, on either stream, for several end with an error after they have printed
/// their version. `None` if it cannot be started.
fn printed(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Date and time in UTC.
pub fn date() -> Result<String> {
    quietly("date", &["-u", "+%Y-%m-%d %H:%M"]).context("the program date failed")
}

/// The commit, marked if files were changed since.
pub fn commit() -> Option<String> {
    quietly("git", &["describe", "--always", "--dirty", "--exclude", "*"])
}

/// The versions of the compiler, of the npm packages and of the installed peers.
pub fn versions() -> Result<BTreeMap<String, String>> {
    let npm = node::measure("versions.mjs", Path::new("."))?;
    let npm = npm.as_object().into_iter().flatten();
    let mut all: BTreeMap<String, String> = npm
        .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())))
        .collect();
    let rustc = printed(process::program("rustc")?.arg("--version"));
    all.extend(rustc.map(|text| ("rustc".to_owned(), version(&text))));
    for peer in Peer::ALL {
        let text = peer.program().and_then(|program| {
            let mut command = Command::new(program);
            // iipsrv writes its version to its log.
            command.env("LOGFILE", "/dev/stderr");
            printed(command.args(peer.version_arguments()))
        });
        all.extend(text.map(|text| (peer.name().to_owned(), version(&text))));
    }
    Ok(all)
}

/// The first word with a digit, without what precedes the digit: `nginx version: nginx/1.22.1`. If the
/// text says `Version`, the words before it do not count.
fn version(text: &str) -> String {
    let text = text.split_once("Version ").map_or(text, |(_, rest)| rest);
    let digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let word = text.split_whitespace().find(digit).unwrap_or_default();
    word.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_found_in_what_programs_print() {
        for (text, wanted) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", "1.95.0"),
            ("vips-8.14.1", "8.14.1"),
            ("nginx version: nginx/1.22.1", "1.22.1"),
            ("wrk debian/4.1.0-3+b2 [epoll]", "4.1.0-3+b2"),
            ("<--->\nMon Nov 30 06:48:48 2026\n\nIIPImage Server. Version 1.1\n", "1.1"),
            ("nothing of the kind", ""),
        ] {
            assert_eq!(version(text), wanted, "{text}");
        }
    }

    #[test]
    fn field_is_read_from_proc() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2.80GHz\nmodel name\t: Another\n";
        assert_eq!(field(text, "model name").as_deref(), Some("Some CPU @ 2.80GHz"));
        assert_eq!(field("MemTotal:  24576 kB\n", "MemTotal").as_deref(), Some("24576 kB"));
        assert_eq!(field(text, "bogomips"), None);
    }

    #[test]
    fn machine_is_busy_above_a_quarter_of_its_cores() {
        let mut machine = Machine { cpu: String::new(), cores: 4, memory: 0, load: Some(0.9) };
        assert!(!machine.is_busy());
        machine.load = Some(1.1);
        assert!(machine.is_busy());
        machine.load = None;
        assert!(!machine.is_busy());
    }
}
