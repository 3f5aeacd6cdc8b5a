//! What holds of every request, rule and catalog file, however odd.

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
    scene::Scene,
    store::{FetchBuffer, Version},
};

/// Macros that make much of little.
const MACROS: &str = "view wid=240&fmt=jpeg&qlt=85\n\
    twice $view$&$view$\n\
    layer layer=2&src=Shop/b&effect=-1&op_blur=3\n\
    self src=is{a/b?src=$v$&mask=$v$}";

pub fn catalog() -> Catalog {
    Catalog::parse("", MACROS).unwrap_or_default()
}

/// Reads and resolves `rootId/id?modifiers`.
fn resolved(request: &str, catalog: &Catalog) -> Result<(RawRequest, Scene), Error> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let raw = protocol::read(path, query, takes_request)?;
    let scene = resolve::resolve(&raw, catalog)?;
    Ok((raw, scene))
}

/// A request is read in bounded space, or refused with a reason. What is canonical stays so.
pub fn holds(request: &str, catalog: &Catalog) -> Result<(), String> {
    let (raw, scene) = match resolved(request, catalog) {
        Ok(read) => read,
        Err(error) => {
            let (status, _) = error.kind.status();
            return match status == 403 && !error.message.is_empty() {
                true => Ok(()),
                false => Err(format!("{status} {}", error.message)),
            };
        }
    };
    let canonical = &scene.canonical;
    // Escapes make three bytes of one, and each depth says a nested request once more.
    if canonical.len() > limits::EXPANDED_BYTES * 4 + limits::REQUEST_BYTES * 4 {
        return Err(format!("canonical form of {} bytes", canonical.len()));
    }
    if raw.tokens.iter().any(|token| !request.contains(&token.raw)) {
        return Err("a token that is not in the request".to_owned());
    }
    match resolved(canonical, catalog) {
        // It may be longer than requests are.
        Err(error) if error.kind == ErrorKind::TooLarge => Ok(()),
        Err(error) => Err(format!("{canonical}\n  is refused: {}", error.message)),
        // Only a variable's value can be put in a second time.
        Ok(_) if canonical.contains("%24") => Ok(()),
        Ok((_, again)) if again.canonical == *canonical => Ok(()),
        Ok((_, again)) => Err(format!("{canonical}\n  becomes {}", again.canonical)),
    }
}

/// Resolves `rootId/id?modifiers` on a server that has every image and no catalog.
fn served(request: &str) -> Result<Option<Scene>, Error> {
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
            ControlFlow::Break(scene) => return scene,
            ControlFlow::Continue(reads) => {
                let mut fetched = buffer.fetched_mut();
                for read in &reads {
                    match read.key.starts_with("assets/") {
                        true => fetched.insert_unread(&read.key, Version("1".into()), 0, None),
                        false => fetched.insert_missing(&read.key),
                    }
                }
            }
        }
    }
}

/// A report says where things are, and says no to what the engine says no to.
pub fn is_checked(request: &str) -> Result<(), String> {
    let report = check::check(request);
    // A fragment is no part of what a server sees.
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
        Ok(Some(scene)) if scene.reply.kind().reads >= Reads::Plan => scene.undrawn,
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

/// A rule and a request, `expression ⏎ substitution ⏎ request`: applied in bounded space, or
/// refused with a reason.
pub fn rules_hold(text: &str) -> Result<(), String> {
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
        // What one of them makes is matched by the next.
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

/// The files of a catalog, attributes up to a line of `--` and macros behind it: read, and the
/// same once they are stored; or refused with a reason.
pub fn files_hold(text: &str) -> Result<(), String> {
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
        Ok(catalog) => holds("a/b?$view$&$v=1&wid=3&src=$v$", &catalog),
        Err(error) => reason(error),
    }
}
