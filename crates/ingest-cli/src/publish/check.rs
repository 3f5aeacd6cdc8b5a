//! Checks attributes, commands and names of a catalog without a request.

use azulejo::{
    catalog::{self, Attributes, DEFAULT},
    commands::{Support, takes_request},
    protocol::{Macros, Token, TokenKind, composed, expand, tokens},
    resolve::{Why, evaluate, merge},
};

use super::{files::DEFAULT_INI, problem::Problems};

/// Checks one attribute. Returns false if it must be omitted.
pub fn attribute(
    name: &str,
    value: &str,
    (file, line): (&str, usize),
    problems: &mut Problems,
) -> bool {
    let Some(row) = catalog::attribute(name) else {
        problems.warning(file, line, format!("{name}: no such attribute; it is left out"));
        return false;
    };
    if let Err(error) = Attributes::default().set(name, value) {
        problems.error(file, line, error.message);
        return false;
    }
    if let Support::Accepted(why) = row.support
        && !value.is_empty()
        && !why.starts_with("read by")
    {
        problems.note(file, line, format!("{name}: {why}"));
    }
    true
}

/// Checks the commands of a macro or a modifier, as far as possible without a request.
pub fn commands(text: &str, macros: &Macros, (file, line): (&str, usize), problems: &mut Problems) {
    let tokens = tokens(text, takes_request).and_then(|tokens| expand(tokens, macros));
    let tokens = match tokens {
        Ok(tokens) => tokens,
        Err(error) => return problems.error(file, line, error.message),
    };
    // Variables get their values from the request, so commands with variables cannot be checked.
    let is_defined = |token: &Token| match &token.kind {
        TokenKind::Command { value, .. } => !value.contains('$'),
        TokenKind::Macro(_) | TokenKind::Variable { .. } | TokenKind::Comment => false,
    };
    let tokens: Vec<Token> = tokens.into_iter().filter(is_defined).collect();
    let Ok(merged) = merge(&tokens, false, &mut |_| Ok(())) else { return };
    for ignored in merged.ignored.iter().filter(|ignored| ignored.why == Why::Unknown) {
        let name = ignored.token.raw.split('=').next().unwrap_or_default();
        problems.warning(file, line, format!("{name}=: no such command; it is ignored"));
    }
    let mut wrong = Vec::new();
    let evaluated = evaluate(&merged, true, &mut |error| {
        wrong.push(error.message);
        Ok(())
    });
    for message in wrong {
        problems.error(file, line, message);
    }
    for error in evaluated.map(|evaluated| evaluated.unsupported).unwrap_or_default() {
        problems.warning(file, line, format!("{}; its image cannot be rendered", error.message));
    }
}

/// The rootId of a catalog file. `default.ini` must have none, and every other file needs one.
pub fn root_id(file: &str, named: &str) -> Result<String, String> {
    if file == DEFAULT_INI {
        return match named {
            "" => Ok(DEFAULT.to_owned()),
            named => Err(format!("RootId={named}: must be empty in {DEFAULT_INI}")),
        };
    }
    let harmful = |c: char| c.is_control() || "/\\%?#&".contains(c);
    if named.is_empty() {
        return Err(format!("RootId is missing; every catalog but {DEFAULT_INI} has one"));
    }
    if named == DEFAULT || named == "." || named == ".." || named.contains(harmful) {
        return Err(format!(
            "RootId={named}: expected a name that can stand in a path, not {DEFAULT}"
        ));
    }
    Ok(composed(named).into_owned())
}
