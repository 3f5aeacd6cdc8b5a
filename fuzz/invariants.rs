//! Invariants of every request, rule and catalog file.

#![allow(dead_code, reason = "each fuzz target takes what it needs")]

use std::ops::ControlFlow;

use azulejo::{
    catalog::{Catalog, Compiled, OnMatch, Rule, RuleSet},
    check,
    commands::{Reads, takes_request},
    error::{Error, ErrorKind},
    http::HttpRequest,
    limits,
    protocol::{self, RawRequest},
    resolve,
    resolved::Resolved,
    store::{FetchBuffer, Version},
};

/// Macros that expand short requests to long ones.
const MACROS: &str = "view wid=240&fmt=jpeg&qlt=85\n\
    twice $view$&$view$\n\
    layer layer=2&src=Shop/b&effect=-1&op_blur=3\n\
    self src=is{a/b?src=$v$&mask=$v$}";

pub fn catalog() -> Catalog {
    Catalog::parse("", MACROS).unwrap_or_default()
}

/// Parses and resolves `rootId/id?modifiers`.
fn resolve_request(request: &str, catalog: &Catalog) -> Result<(RawRequest, Resolved), Error> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let raw = protocol::read(path, query, takes_request)?;
    let resolved = resolve::resolve(&raw, catalog)?;
    Ok((raw, resolved))
}

/// A request is resolved in bounded space, or refused with a message. The canonical form of a canonical
/// form is itself.
pub fn check_request(request: &str, catalog: &Catalog) -> Result<(), String> {
    let (raw, resolved) = match resolve_request(request, catalog) {
        Ok(read) => read,
        Err(error) => {
            let (status, _) = error.kind.status();
            return match status == 403 && !error.message.is_empty() {
                true => Ok(()),
                false => Err(format!("{status} {}", error.message)),
            };
        }
    };
    let canonical = &resolved.answer.canonical;
    // Percent-encoding triples a byte, and each nesting depth repeats the nested request.
    if canonical.len() > limits::EXPANDED_BYTES * 4 + limits::REQUEST_BYTES * 4 {
        return Err(format!("canonical form of {} bytes", canonical.len()));
    }
    if raw.tokens.iter().any(|token| !request.contains(&token.raw)) {
        return Err("a token that is not in the request".to_owned());
    }
    match resolve_request(canonical, catalog) {
        // The canonical form may exceed the length limit of requests.
        Err(error) if error.kind == ErrorKind::TooLarge => Ok(()),
        Err(error) => Err(format!("{canonical}\n  is refused: {}", error.message)),
        // An encoded `$` in a variable's value would be expanded a second time.
        Ok(_) if canonical.contains("%24") => Ok(()),
        Ok((_, again)) if again.answer.canonical == *canonical => Ok(()),
        Ok((_, again)) => Err(format!("{canonical}\n  becomes {}", again.answer.canonical)),
    }
}

/// The header of an ICC profile of a monitor (ICC.1:2022, 7.2).
fn profile_header() -> Vec<u8> {
    let mut header = vec![0; 128];
    for (at, field) in [(12, b"mntr"), (16, b"RGB "), (36, b"acsp")] {
        header[at..at + 4].copy_from_slice(field);
    }
    header
}

/// Resolves `rootId/id?modifiers` for a server that has every image and every ICC profile, and no
/// catalog.
fn served(request: &str) -> Result<Option<Resolved>, Error> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    let buffer = FetchBuffer::default();
    let mut stage = resolve::read(&request, &buffer);
    loop {
        match buffer.poll(&mut stage) {
            ControlFlow::Break(resolved) => return resolved,
            ControlFlow::Continue(reads) => {
                let mut fetched = buffer.fetched_mut();
                for read in &reads {
                    let version = Version("1".into());
                    match read.key.split('/').next() {
                        Some("assets") => fetched.insert_unread(&read.key, version, 0, None),
                        Some("icc") => fetched.insert_whole(&read.key, version, profile_header()),
                        _ => fetched.insert_missing(&read.key),
                    }
                }
            }
        }
    }
}

/// A lint report has valid columns, and never passes what the engine refuses.
pub fn check_lint(request: &str) -> Result<(), String> {
    let report = check::check(request);
    // Servers do not get the fragment.
    let request = request.split('#').next().unwrap_or_default();
    let length = request.chars().count() + 1;
    let places = report.commands.iter().map(|found| found.column);
    let places = places.chain(report.error.as_ref().map(|error| error.column));
    if let Some(column) = places.into_iter().find(|column| !(1..=length).contains(column)) {
        return Err(format!("column {column} of {length}"));
    }
    if report.ok == report.error.is_some() {
        return Err("ok, and an error".to_owned());
    }
    let refused = match served(request) {
        Ok(Some(resolved)) if resolved.answer.reply.kind().reads >= Reads::Plan => {
            resolved.unsupported
        }
        Ok(_) => None,
        Err(error) => Some(error),
    };
    match refused {
        Some(error) if report.ok && report.warnings.is_empty() => {
            Err(format!("called ok, but refused: {}", error.message))
        }
        Some(_) | None => Ok(()),
    }
}

/// A rule is applied to a request in bounded space, or refused with a message. The text is
/// `expression ⏎ substitution ⏎ request`.
pub fn check_rules(text: &str) -> Result<(), String> {
    let mut lines = text.splitn(3, '\n').map(str::to_owned);
    let [expression, substitution, request] = [0; 3].map(|_| lines.next().unwrap_or_default());
    for replace_all in [false, true] {
        let rule = Rule {
            expression: expression.clone(),
            substitution: Some(substitution.clone()),
            on_match: OnMatch::Continue,
            replace_all,
            ..Rule::default()
        };
        // Each rule is applied to the result of the one before.
        let applied = RuleSet::new(&[rule.clone(), rule.clone(), rule])
            .and_then(|rules| rules.apply("is", &request));
        match applied {
            Ok(applied) if applied.request.len() > limits::REQUEST_BYTES.max(request.len()) => {
                return Err(format!("{} bytes", applied.request.len()));
            }
            Err(error) if error.message.is_empty() => return Err("no reason".to_owned()),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Catalog files are compiled and equal after storing and loading, or refused with a message. The text
/// holds attributes, a line of `--`, and macros.
pub fn check_catalog(text: &str) -> Result<(), String> {
    let (attributes, macros) = text.split_once("\n--\n").unwrap_or((text, ""));
    let reason = |error: Error| match error.message.is_empty() {
        true => Err("no reason".to_owned()),
        false => Ok(()),
    };
    let compiled = match Compiled::of_files(attributes, macros) {
        Ok(compiled) => compiled,
        Err(error) => return reason(error),
    };
    let stored = compiled.to_json().map_err(|error| error.message)?;
    let again = Compiled::from_json("catalogs/a.json", &stored).map_err(|error| error.message)?;
    if again != compiled {
        return Err("it is another once it is stored".to_owned());
    }
    match Catalog::of(&compiled, Some(&again)) {
        Ok(catalog) => check_request("a/b?$view$&$v=1&wid=3&src=$v$", &catalog),
        Err(error) => reason(error),
    }
}
