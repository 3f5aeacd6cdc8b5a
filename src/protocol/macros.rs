//! Command macros (presets): named lists of modifiers, which replace their call.

use std::collections::BTreeMap;

use super::lexer::{Origin, Token, TokenKind, tokens};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// The macros of a catalog, by lower-case name. Calls in their definitions are already expanded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Macros {
    definitions: BTreeMap<String, Vec<Token>>,
    calls: Vec<Call>,
    /// How many of `calls` belong to macros of the default catalog, which this one inherits.
    inherited: usize,
}

/// A macro, and the call in its definition that produced a token.
#[derive(Debug, Clone, PartialEq)]
struct Call {
    name: String,
    inner: Option<u32>,
}

impl Macros {
    /// Adds a definition. It may call only macros that are already defined, so none can recurse.
    pub fn define(
        &mut self,
        name: &str,
        definition: &str,
        takes_request: fn(&str) -> bool,
    ) -> Result<()> {
        let mut tokens = expand(tokens(definition, takes_request)?, self)?;
        let name = name.to_ascii_lowercase();
        let mut begun: BTreeMap<Option<u32>, u32> = BTreeMap::new();
        for token in &mut tokens {
            let call = begun.entry(token.origin.call).or_insert_with_key(|&inner| {
                self.calls.push(Call { name: name.clone(), inner });
                self.calls.len() as u32 - 1
            });
            token.origin.call = Some(*call);
        }
        self.definitions.insert(name, tokens);
        Ok(())
    }

    /// Marks all macros defined so far as inherited from the default catalog.
    pub fn inherit(&mut self) {
        self.inherited = self.calls.len();
    }

    /// The chain of macro calls that produced a token, from the outermost inwards; each with
    /// whether the macro is [inherited](Self::inherit).
    pub fn path(&self, origin: Origin) -> Vec<(&str, bool)> {
        let mut path = Vec::new();
        let mut next = origin.call;
        while let Some(at) = next.map(|at| at as usize)
            && let Some(call) = self.calls.get(at)
        {
            path.push((call.name.as_str(), at < self.inherited));
            next = call.inner;
        }
        path
    }

    /// Whether a macro of this lower-case name is defined.
    pub fn contains(&self, name: &str) -> bool {
        self.definitions.contains_key(name)
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.definitions.keys().map(String::as_str)
    }
}

/// Replaces each macro call by its tokens, in place. Tokens after a call override the call's.
pub fn expand(tokens: Vec<Token>, macros: &Macros) -> Result<Vec<Token>> {
    let mut expanded = Vec::with_capacity(tokens.len());
    let mut bytes = 0;
    for token in tokens {
        let TokenKind::Macro(name) = &token.kind else {
            expanded.push(token);
            continue;
        };
        let Some(body) = macros.definitions.get(name) else {
            let defined: Vec<&str> = macros.names().collect();
            let message = format!("${name}$: no such macro");
            let error = Error::new(ErrorKind::UnknownMacro, message).at(token.column);
            return Err(error.with_detail(format!("there are: {}", defined.join(", "))));
        };
        bytes += body.iter().map(|token| token.raw.len() + 1).sum::<usize>();
        if bytes > limits::EXPANDED_BYTES {
            let limit = limits::EXPANDED_BYTES;
            let message = format!("${name}$: the macros expand the request over {limit} bytes");
            return Err(Error::too_large(message).at(token.column));
        }
        // The expanded tokens get the column of the call, for error messages.
        let column = token.column;
        expanded.extend(body.iter().map(|token| Token { column, ..token.clone() }));
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(_: &str) -> bool {
        false
    }

    fn raws(query: &str, macros: &Macros) -> Result<Vec<String>> {
        let expanded = expand(tokens(query, flat)?, macros)?;
        Ok(expanded.into_iter().map(|token| token.raw).collect())
    }

    #[test]
    fn a_call_is_replaced_in_place() {
        let mut macros = Macros::default();
        macros.define("View", "wid=240&qlt=85", flat).unwrap();
        let raws = raws("wid=1&$view$&wid=480", &macros).unwrap();
        assert_eq!(raws, ["wid=1", "wid=240", "qlt=85", "wid=480"]);
    }

    #[test]
    fn a_macro_may_call_an_earlier_one_but_not_itself() {
        let mut macros = Macros::default();
        macros.define("a", "wid=1", flat).unwrap();
        macros.define("b", "$a$&hei=2", flat).unwrap();
        assert_eq!(raws("$b$", &macros).unwrap(), ["wid=1", "hei=2"]);
        assert!(macros.define("c", "$c$", flat).is_err());
    }

    #[test]
    fn a_token_lists_the_calls_that_lead_to_it() {
        let mut macros = Macros::default();
        macros.define("size", "wid=1&hei=2", flat).unwrap();
        macros.inherit();
        macros.define("View", "$size$&qlt=3", flat).unwrap();
        macros.define("all", "$view$&$size$", flat).unwrap();
        let expanded = expand(tokens("$all$&wid=9", flat).unwrap(), &macros).unwrap();
        let path = |token: &Token| macros.path(token.origin);
        let paths: Vec<_> = expanded.iter().map(path).collect();
        let (all, view, size) = (("all", false), ("view", false), ("size", true));
        let direct = vec![all, size];
        let through = vec![all, view, size];
        assert_eq!(
            paths,
            [&through, &through, &vec![all, view], &direct, &direct, &vec![]].map(Clone::clone)
        );
    }

    #[test]
    fn an_unknown_macro_is_named() {
        let error = raws("$nope$", &Macros::default()).unwrap_err();
        assert_eq!(error.message, "$nope$: no such macro", "it may be a secret which there are");
    }

    #[test]
    fn macros_that_double_each_other_are_stopped() {
        let mut macros = Macros::default();
        macros.define("m0", "wid=1&hei=1", flat).unwrap();
        let grown = (1..40).try_for_each(|level| {
            let below = level - 1;
            macros.define(&format!("m{level}"), &format!("$m{below}$&$m{below}$"), flat)
        });
        assert_eq!(grown.unwrap_err().kind, ErrorKind::TooLarge);
    }
}
