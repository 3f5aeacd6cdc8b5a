//! What this server makes of a URL, without answering it: for those who are about to move.
//!
//! The catalogs that a URL was written for are not at hand here, so a macro or a layer's name
//! that is not known is a warning, not a fault.

mod deprecated;
mod lint;
mod names;
mod services;
mod url;

use std::collections::BTreeMap;

use serde::Serialize;

pub use services::{SERVICES, Service, service};
pub use url::{CONTEXTS, host};

use crate::{
    catalog::Catalog,
    commands::takes_request,
    error::Error,
    protocol::{Variables, read},
    sort::sort_by,
};

/// What the warning of a macro says that is not known here.
pub const UNKNOWN_MACRO: &str = "no macro of the default catalog; publish yours";

/// What is said of one URL. Columns count characters of the URL as it was typed, from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The URL.
    pub url: String,
    /// Whether this server answers it as it was meant.
    pub ok: bool,
    /// Why not: the first thing that is wrong, or else not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
    /// Names that the protocol does not know, or that mean nothing where they stand.
    pub ignored: Vec<String>,
    /// Commands whose effect is not carried out.
    pub unsupported: Vec<String>,
    /// What is answered, but should be looked at.
    pub warnings: Vec<String>,
    /// Every command, macro and variable, in order.
    pub commands: Vec<Found>,
    /// The service beside Image Serving that the URL is for; nothing else is told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<&'static str>,
}

/// A fault and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong, and what was expected.
    pub message: String,
    /// The column of the command; 1 when the fault is the URL's as a whole.
    pub column: usize,
}

/// One command, macro or variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As the protocol spells it: `wid`, `$product$`.
    pub name: String,
    /// Where it stands.
    pub column: usize,
    /// What becomes of it.
    pub level: Level,
}

/// What becomes of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is carried out, or asks for nothing.
    Understood,
    /// It has no effect.
    Ignored,
    /// It is right, but not carried out.
    Unsupported,
    /// It is in error.
    Wrong,
}

/// Checks one URL: whole, from its path on, or only `rootId/id?modifiers`.
pub fn check(typed: &str) -> Report {
    check_with(typed, Catalog::builtin())
}

/// Checks one URL against the catalog it was written for: its macros count.
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

/// The report on a URL that no Image Serving answers.
fn outside(typed: &str) -> Report {
    let service = service(typed);
    let message = match service {
        Some(Service { path, name }) => {
            format!("{path}…: {name}, another service of Dynamic Media, which is unsupported")
        }
        None => "no Image Serving URL: its path has neither /is/image nor /is/content".to_owned(),
    };
    let column = column(typed, host(typed));
    Report {
        url: typed.to_owned(),
        error: Some(Fault { message, column }),
        service: service.map(|service| service.name),
        ..Report::default()
    }
}

/// Names that a summary tells apart, so that a hostile log cannot fill the memory, and what further
/// ones are counted as.
const NAMES: usize = 10_000;
const OTHERS: &str = "(other names)";

/// Counts over many reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// URLs that were checked.
    pub urls: usize,
    /// URLs of other services of Dynamic Media, which do not count among them.
    pub services: BTreeMap<&'static str, usize>,
    /// Of `urls`, those that are answered as they were meant.
    pub ok: usize,
    /// How often each command came to which level.
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

    /// The names of one level, the most frequent first.
    pub fn of(&self, level: Level) -> Vec<(&str, usize)> {
        let counts = self.commands.iter().filter(|((of, _), _)| *of == level);
        let mut counts: Vec<(&str, usize)> =
            counts.map(|((_, name), &count)| (name.as_str(), count)).collect();
        sort_by(&mut counts, |(one, many), (other, more)| more.cmp(many).then(one.cmp(other)));
        counts
    }
}

/// The character that a byte of the text belongs to, from 1.
fn column(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count() + 1
}

/// The command that an error is about.
fn about(error: &Error) -> &str {
    error.message.split(['=', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
