//! What holds of every request, however odd.

use azulejo::{
    catalog::Catalog,
    check,
    commands::takes_request,
    error::{Error, ErrorKind},
    limits,
    protocol::{self, RawRequest},
    resolve,
    scene::Scene,
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

/// A report says where things are, and says no to what the engine says no to.
pub fn is_checked(request: &str) -> Result<(), String> {
    let report = check::check(request);
    let length = request.chars().count() + 1;
    let places = report.commands.iter().map(|found| found.column);
    let places = places.chain(report.error.as_ref().map(|error| error.column));
    if let Some(column) = places.into_iter().find(|column| !(1..=length).contains(column)) {
        return Err(format!("column {column} of {length}"));
    }
    if report.ok == report.error.is_some() {
        return Err("ok, and an error".to_owned());
    }
    let picture = resolved(request, Catalog::builtin());
    let answered = picture.is_ok_and(|(_, scene)| !scene.reply.draws() || scene.undrawn.is_none());
    match report.ok && !answered && report.warnings.is_empty() {
        true => Err("called ok, but refused".to_owned()),
        false => Ok(()),
    }
}
