//! Parses and evaluates a request as `resolve` does, but continues after errors.

use std::collections::BTreeSet;

use super::{
    Fault, Found, Level, Report, UNKNOWN_MACRO, about, column, deprecated::advice, suggest::nearest,
};
use crate::{
    catalog::Catalog,
    commands::{Reads, find, literal},
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::{RawRequest, Token, TokenKind, Variables, expand, substitute},
    resolve::{
        Evaluated, Why, check_answerable, complete, evaluate, is_looked_up, merge, nothing_to_show,
        object,
    },
    sort::sort_by,
};

/// The place in the URL of the text in which the columns of tokens and errors count.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// The text begins at this byte of the URL and is as typed.
    From(usize),
    /// Variables produced the text. All of it is reported at this byte.
    Made(usize),
}

impl At {
    pub fn byte(self, column: usize) -> usize {
        match self {
            Self::From(begin) => begin + column,
            Self::Made(begin) => begin,
        }
    }
}

/// A report in progress.
pub struct Lint<'a> {
    typed: &'a str,
    pub(super) catalog: &'a Catalog,
    /// Whether it is for static content, which has only a few commands
    /// (r-serving-static-non-image-content).
    content: bool,
    /// The number of nested requests so far.
    pub(super) requests: usize,
    report: Report,
    wrong: Vec<(usize, String)>,
    unsupported: Vec<(usize, String)>,
}

impl<'a> Lint<'a> {
    /// An empty report for a URL.
    pub fn new(typed: &'a str, catalog: &'a Catalog, content: bool) -> Self {
        let report = Report { url: typed.to_owned(), ..Report::default() };
        let (wrong, unsupported) = (Vec::new(), Vec::new());
        Self { typed, catalog, content, requests: 0, report, wrong, unsupported }
    }

    /// Adds an error to the warnings, the unsupported commands or the errors, by its kind.
    pub fn fault(&mut self, error: Error, at: At) {
        let byte = error.column.map_or(0, |column| at.byte(column));
        match error.kind {
            // The catalog that the URL was written for may define them.
            ErrorKind::UnknownLayer | ErrorKind::UnknownMacro => self.warn(byte, &error.message),
            ErrorKind::Unsupported => {
                self.level(byte, Level::Unsupported);
                self.report.unsupported.push(about(&error).to_owned());
                self.unsupported.push((byte, error.message));
            }
            ErrorKind::Syntax
            | ErrorKind::Value
            | ErrorKind::NotFound
            | ErrorKind::Forbidden
            | ErrorKind::NotBuilt
            | ErrorKind::TooLarge
            | ErrorKind::BadSource
            | ErrorKind::Changed
            | ErrorKind::Storage
            | ErrorKind::Busy
            | ErrorKind::Bug => {
                self.level(byte, Level::Wrong);
                self.wrong.push((byte, error.message));
            }
        }
    }

    pub(super) fn warn(&mut self, byte: usize, message: &str) {
        // No command begins in the first column. The warning is about the whole URL.
        let place = match column(self.typed, byte) {
            0 | 1 => String::new(),
            column => format!("column {column}: "),
        };
        self.report.warnings.push(place + message);
    }

    /// Sets the level of the commands at a byte, unless they have a worse one.
    fn level(&mut self, byte: usize, level: Level) {
        let column = column(self.typed, byte);
        let found = self.report.commands.iter_mut().filter(|found| found.column == column);
        for found in found {
            found.level = found.level.max(level);
        }
    }

    /// Checks a request and the requests nested in it. `depth` is 0 for the outermost one.
    pub fn request(&mut self, raw: RawRequest, mut variables: Variables, at: At, depth: usize) {
        self.list(&raw.tokens, at);
        let named = object::object(&raw.object);
        let named = named.unwrap_or_else(|error| {
            self.fault(error, at);
            ObjectId::default()
        });
        let object = !named.id.is_empty();
        let readable: Vec<Token> =
            raw.tokens.into_iter().filter(|token| self.is_readable(token, at)).collect();
        let tokens = expand(readable, &self.catalog.macros).and_then(|tokens| {
            variables.collect(&tokens);
            substitute(tokens, &variables, literal)
        });
        let tokens = match tokens {
            Ok(tokens) => tokens,
            Err(error) => return self.fault(error, at),
        };
        if self.content {
            return;
        }
        let mut faults = Vec::new();
        let mut collect = |error| -> Result<()> {
            faults.push(error);
            Ok(())
        };
        let merged = match merge(&tokens, depth > 0, &mut collect) {
            Ok(merged) => merged,
            Err(error) => return self.fault(error, at),
        };
        let evaluated = evaluate(&merged, object, &mut collect);
        let Evaluated { request, unsupported } = evaluated.unwrap_or_default();
        let mut bare = Vec::new();
        let mut hollow = |error| -> Result<()> {
            bare.push(error);
            Ok(())
        };
        // A template may supply what a layer lacks, and its record is not available here.
        let shown = object || request.attributes.template.is_some();
        let complete = complete(&request, &merged, shown, &mut hollow);
        if request.attributes.reply.kind().reads >= Reads::Plan {
            faults.extend(nothing_to_show(&request, shown));
            faults.extend(request.output.contradiction());
        }
        let out_of_place: Vec<(usize, String)> = merged
            .ignored
            .iter()
            .filter_map(|ignored| match ignored.why {
                Why::OutOfPlace(why) => Some((ignored.token.column, why.to_owned())),
                Why::Comment | Why::Unknown => None,
            })
            .collect();
        for (column, why) in out_of_place {
            let byte = at.byte(column);
            self.level(byte, Level::Ignored);
            let name = self.name_at(byte);
            self.warn(byte, &format!("{name}= is ignored here: {why}"));
            self.report.ignored.push(name);
        }
        let answerable = check_answerable(&request, &named);
        for error in faults.into_iter().chain(complete.err()).chain(answerable.err()) {
            self.fault(error, at);
        }
        for error in bare {
            let byte = error.column.map_or(0, |column| at.byte(column));
            self.warn(byte, &format!("{}; unless a template does", error.message));
        }
        // Only the source of layer 0 of the outermost request is supported.
        let drawn = merged
            .source_of_layer_0()
            .filter(|binding| depth == 0 && is_looked_up(binding.value.trim()));
        for error in unsupported {
            if drawn.is_none_or(|binding| error.column != Some(binding.token.column)) {
                self.fault(error, at);
            }
        }
        self.texts(&merged, at);
        self.names(&merged, &variables, at, depth);
    }

    /// Whether a token is usable here. Warns of a macro that the catalog does not define.
    fn is_readable(&mut self, token: &Token, at: At) -> bool {
        let TokenKind::Macro(name) = &token.kind else { return true };
        if self.catalog.macros.contains(name) {
            return true;
        }
        let message = format!("${name}$: {UNKNOWN_MACRO}");
        self.warn(at.byte(token.column), &message);
        false
    }

    /// Adds the tokens to the report, before macros and variables are expanded.
    fn list(&mut self, tokens: &[Token], at: At) {
        let signature = signature(tokens);
        for (place, token) in tokens.iter().enumerate() {
            let byte = at.byte(token.column);
            let column = column(self.typed, byte);
            let mut suggestions = Vec::new();
            let (name, level) = match &token.kind {
                TokenKind::Command { name, value } => match find(name) {
                    Some(entry) => {
                        let name = entry.row.name();
                        if let Some(advice) = advice(name, value) {
                            self.warn(byte, &format!("{name}={value} is deprecated: {advice}"));
                        }
                        let content =
                            matches!(name, "type" | "req" | "cache" | "id" | "handler" | "locale");
                        let used = !self.content || content;
                        (name.to_owned(), if used { Level::Understood } else { Level::Ignored })
                    }
                    None if place >= signature => (name.clone(), Level::Understood),
                    None => {
                        suggestions = nearest(name);
                        (name.clone(), Level::Ignored)
                    }
                },
                TokenKind::Macro(name) => (format!("${name}$"), Level::Understood),
                TokenKind::Variable { name, .. } => (format!("${name}"), Level::Understood),
                TokenKind::Comment => continue,
            };
            if level == Level::Ignored {
                self.report.ignored.push(name.clone());
            }
            if !suggestions.is_empty() {
                let list: Vec<String> = suggestions.iter().map(|name| format!("{name}=")).collect();
                self.warn(
                    byte,
                    &format!("{name}= is unknown; did you mean {}?", list.join(" or ")),
                );
            }
            let length = match at {
                At::From(_) => token.raw.chars().count(),
                At::Made(_) => self.report.length_at(column),
            };
            self.report.commands.push(Found { name, column, length, level, suggestions });
        }
    }

    fn name_at(&self, byte: usize) -> String {
        let column = column(self.typed, byte);
        let found = self.report.commands.iter().find(|found| found.column == column);
        found.map(|found| found.name.clone()).unwrap_or_default()
    }

    /// Completes the report: chooses its error and removes duplicates.
    pub fn report(mut self) -> Report {
        sort_by(&mut self.wrong, |(a, _), (b, _)| a.cmp(b));
        let unsupported = self.unsupported.iter().min_by_key(|(byte, _)| *byte);
        let first = self.wrong.first().or(unsupported);
        self.report.error = first.map(|(byte, message)| {
            let column = column(self.typed, *byte);
            Fault { message: message.clone(), column, length: self.report.length_at(column) }
        });
        for (byte, message) in self.wrong.split_off(self.wrong.len().min(1)) {
            self.warn(byte, &format!("also wrong: {message}"));
        }
        self.report.ok = self.report.error.is_none();
        once(&mut self.report.ignored);
        once(&mut self.report.unsupported);
        once(&mut self.report.warnings);
        self.report
    }
}

/// The index of the first token of the signature, `[expires=…&]sig=…`, which must be last; the
/// number of tokens if there is none.
fn signature(tokens: &[Token]) -> usize {
    let is = |token: &Token, wanted: &str| matches!(&token.kind, TokenKind::Command { name, .. } if name == wanted);
    match tokens {
        [before @ .., expires, sig] if is(sig, "sig") && is(expires, "expires") => before.len(),
        [before @ .., sig] if is(sig, "sig") => before.len(),
        _ => tokens.len(),
    }
}

fn once(names: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
}
