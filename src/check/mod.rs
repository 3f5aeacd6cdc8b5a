//! Checks how this server understands a URL, without answering it. It helps to plan a migration.
//!
//! The catalog that a URL was written for may be missing here. So an unknown macro or layer name is
//! a warning, not an error.

mod deprecated;
mod lint;
mod names;
mod services;
mod suggest;
mod texts;
mod typed;
mod url;

use std::collections::BTreeMap;

use serde::Serialize;

pub use services::{SERVICES, Service, service};
pub use suggest::nearest;
pub use typed::{Typed, TypedKind, typed};
pub use url::{CONTEXTS, host};

use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::Error,
    protocol::{Variables, read},
    sort::sort_by,
};

/// The text of the warning for an unknown macro.
pub const UNKNOWN_MACRO: &str = "no macro of the default catalog; publish yours";

/// The result for one URL. Columns count characters of the URL as typed, from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The URL as typed.
    pub url: String,
    /// Whether this server answers it as intended: there is no `error`.
    pub ok: bool,
    /// The first error in the URL, else the first unsupported command; `None` if there is neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
    /// Names of unknown commands, and of commands that have no effect in their place.
    pub ignored: Vec<String>,
    /// Names of unsupported commands.
    pub unsupported: Vec<String>,
    /// Things to look at, with their columns. Errors after the first are here, too.
    pub warnings: Vec<String>,
    /// All commands, macros and variables, in order. Those of a nested request come after those of
    /// the request that contains it.
    pub commands: Vec<Found>,
    /// The other service of Dynamic Media that the URL is for. Its commands are not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<&'static str>,
}

impl Report {
    /// The length of the command at a column; without one, that of the rest of the URL.
    pub fn length_at(&self, column: usize) -> usize {
        let found = self.commands.iter().find(|found| found.column == column);
        let rest = || (self.url.chars().count() + 1).saturating_sub(column);
        found.map_or_else(rest, |found| found.length)
    }
}

/// An error and its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong, and what is expected.
    pub message: String,
    /// The column of the command. For an error of the whole URL it is 1, or where the path begins.
    pub column: usize,
    /// How many characters belong to it: those of the command, else the rest of the URL.
    pub length: usize,
}

/// One command, macro or variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The name in the spelling of the protocol: `wid`, `$product$`.
    pub name: String,
    /// Its column.
    pub column: usize,
    /// How many characters it has.
    pub length: usize,
    /// How it is understood.
    pub level: Level,
    /// For an unknown command: the names that are most like it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<&'static str>,
}

/// How a command is understood, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is valid and supported, or its value requests nothing.
    Understood,
    /// It is unknown or out of place, and has no effect.
    Ignored,
    /// It is valid, but unsupported.
    Unsupported,
    /// It is an error.
    Wrong,
}

/// Checks a full URL, a URL from its path on, or `rootId/id?modifiers`. Uses the built-in catalog.
pub fn check(typed: &str) -> Report {
    check_with(typed, Catalog::builtin())
}

/// Like [`check`], but against the macros and attributes of a given catalog.
pub fn check_with(typed: &str, catalog: &Catalog) -> Report {
    let parts = url::split(typed);
    if parts.bare && (host(typed) > 0 || typed.starts_with('/')) {
        return outside(typed);
    }
    let mut lint = lint::Lint::new(typed, catalog, parts.content);
    if parts.content && parts.path.ends_with(".swf") {
        lint.warn(0, "a Flash file: browsers do not show Flash");
    }
    match read(parts.path, parts.query, takes_request) {
        Ok(raw) => {
            let variables = Variables::of(&raw.object.join("/"));
            lint.request(raw, variables, lint::At::From(parts.query_at), 0);
        }
        Err(error) => lint.fault(error, lint::At::From(parts.query_at)),
    }
    lint.report()
}

/// The report for a URL that is not for Image Serving.
fn outside(typed: &str) -> Report {
    let service = service(typed);
    let message = match service {
        Some(Service { path, name }) => {
            format!("{path}…: {name}, another service of Dynamic Media, which is unsupported")
        }
        None => "no Image Serving URL: its path has neither /is/image nor /is/content".to_owned(),
    };
    let column = column(typed, host(typed));
    let service = service.map(|service| service.name);
    let mut report = Report { url: typed.to_owned(), service, ..Report::default() };
    report.error = Some(Fault { message, column, length: report.length_at(column) });
    report
}

/// Maximum distinct entries of [`Summary::commands`], so that a hostile log cannot exhaust memory.
/// [`OTHERS`] counts further names.
const NAMES: usize = 10_000;
const OTHERS: &str = "(other names)";

/// Counts over many reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Checked URLs, without those of other services.
    pub urls: usize,
    /// How many URLs are for each other service of Dynamic Media.
    pub services: BTreeMap<&'static str, usize>,
    /// How many of `urls` this server answers as intended.
    pub ok: usize,
    /// How often each command had each level.
    pub commands: BTreeMap<(Level, String), usize>,
}

impl Summary {
    /// Adds one report.
    pub fn add(&mut self, report: &Report) {
        if let Some(service) = report.service {
            *self.services.entry(service).or_default() += 1;
            return;
        }
        self.urls += 1;
        self.ok += usize::from(report.ok);
        for found in &report.commands {
            let mut command = (found.level, found.name.clone());
            if self.commands.len() >= NAMES && !self.commands.contains_key(&command) {
                command.1 = OTHERS.to_owned();
            }
            *self.commands.entry(command).or_default() += 1;
        }
    }

    /// The names of one level with their counts, the most frequent first, then by name.
    pub fn of(&self, level: Level) -> Vec<(&str, usize)> {
        let counts = self.commands.iter().filter(|((of, _), _)| *of == level);
        let mut counts: Vec<(&str, usize)> =
            counts.map(|((_, name), &count)| (name.as_str(), count)).collect();
        sort_by(&mut counts, |(one, many), (other, more)| more.cmp(many).then(one.cmp(other)));
        counts
    }
}

/// The column, from 1, of the character that begins at a byte offset.
fn column(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count() + 1
}

/// The name of the command that an error is about, with which its message begins.
fn about(error: &Error) -> &str {
    error.message.split(['=', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
