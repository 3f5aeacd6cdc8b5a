//! Rule sets, which rewrite or refuse requests before they are parsed (c-rule-set-reference).

mod spelling;

use std::{collections::BTreeMap, fmt::Write};

use regex_lite::{Captures, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::address::AddressFilter;
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// A rule in its stored form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    /// `Name`, for messages.
    pub name: String,
    /// A regular expression that is matched against `rootId/id?modifiers`; empty matches all.
    pub expression: String,
    /// The replacement of the match, or the text to append if `expression` is empty. `None`
    /// leaves the request unchanged.
    pub substitution: Option<String>,
    /// `OnMatch`
    pub on_match: OnMatch,
    /// `Replace="all"`: replaces every match, not only the first.
    pub replace_all: bool,
    /// `RequestType`: `is`, `ir`, `static`. An empty list stands for `is` (M10).
    pub types: Vec<String>,
    /// Catalog attributes to override for the requests that match.
    pub attributes: BTreeMap<String, String>,
    /// `<addressfilter>`
    pub address_filter: Option<String>,
    /// `<header>`
    pub headers: Vec<RuleHeader>,
}

/// What happens after a match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnMatch {
    /// Skips the remaining rules.
    #[default]
    Break,
    /// Tries the next rule.
    Continue,
    /// Refuses the request.
    Error,
}

/// A header of the reply. Its name and value can contain variables of the request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether the value is appended to an existing one after a comma, instead of replacing it.
    #[serde(default)]
    pub add: bool,
}

/// The attributes that rules can set (r-rule-rule).
pub const ATTRIBUTES: [&str; 10] = [
    "DefaultImageMode",
    "ErrorImage",
    "Expiration",
    "MaxPix",
    "RequestLock",
    "RequestObfuscation",
    "RootUrl",
    "SavePath",
    // Ours, beside `Expiration`.
    "SharedExpiration",
    "WaterMark",
];

/// The compiled rules of a catalog.
#[derive(Debug, Clone, Default)]
pub struct RuleSet(Vec<PreparedRule>);

/// A rule, its expression and its filter, each read once.
#[derive(Debug, Clone)]
struct PreparedRule {
    rule: Rule,
    expression: Option<Regex>,
    filter: Option<AddressFilter>,
}

/// The effect of the rules on a request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// The request after the rules: `rootId/id?modifiers`.
    pub request: String,
    /// Attributes that override the catalog's. Later ones win.
    pub attributes: Vec<(String, String)>,
    /// The filter that replaces the catalog's; `None` if no matching rule has one.
    pub addresses: Option<AddressFilter>,
    /// Headers to set in the reply, in order.
    pub headers: Vec<RuleHeader>,
    /// The indices of the rules that matched.
    pub matched: Vec<usize>,
    /// The text of their substitutions, split at `?` and `&`, with groups such as `$1` unexpanded.
    /// A modifier that equals a piece comes from the catalog; captured text is the client's.
    pub written: Vec<String>,
}

impl RuleSet {
    /// Compiles rules. Fails for more than [`limits::RULES`], and for an invalid expression or
    /// address filter; that error names the rule.
    pub fn new(rules: &[Rule]) -> Result<Self> {
        if rules.len() > limits::RULES {
            return Err(Error::too_large(format!("more than {} rules", limits::RULES)));
        }
        let prepare = |(nth, rule): (usize, &Rule)| {
            let label = rule.label(nth);
            let expression = expression(&label, &rule.expression)?;
            let filter = rule.address_filter.as_deref().filter(|filter| !filter.trim().is_empty());
            let filter = filter.map(|filter| AddressFilter::parse(&label, filter)).transpose()?;
            let rule = Rule { name: label, ..rule.clone() };
            Ok(PreparedRule { rule, expression, filter })
        };
        rules.iter().enumerate().map(prepare).collect::<Result<_>>().map(Self)
    }

    /// Applies the rules of a type, `is` or `static`, to `rootId/id?modifiers` as it was sent. The
    /// rules match a normalized spelling. The result has the spelling as sent where no substitution
    /// changes it.
    ///
    /// Fails with `Forbidden` if a rule refuses the request, and with `TooLarge` if a substitution
    /// makes it longer than [`limits::REQUEST_BYTES`].
    pub fn apply(&self, kind: &str, sent: &str) -> Result<Applied> {
        if self.0.is_empty() {
            return Ok(Applied { request: sent.to_owned(), ..Applied::default() });
        }
        let spelled = spelling::url(sent);
        let mut applied = Applied { request: spelled.clone(), ..Applied::default() };
        let mut plain = spelling::plain(&spelled);
        for (nth, prepared) in self.0.iter().enumerate() {
            let PreparedRule { rule, expression, filter } = prepared;
            if !rule.applies_to(kind) {
                continue;
            }
            // A rule that replaces text matches only the request itself. Others match its decoded
            // form, too, so that escapes cannot evade them.
            let of_plain = |e: &Regex| {
                let replaces = rule.substitution.is_some() && rule.on_match != OnMatch::Error;
                !replaces && plain.as_ref().is_some_and(|plain| e.is_match(plain))
            };
            let matches = |e: &Regex| e.is_match(&applied.request) || of_plain(e);
            if !expression.as_ref().is_none_or(matches) {
                continue;
            }
            if rule.on_match == OnMatch::Error {
                let detail = format!("refused by {}", rule.name);
                return Err(Error::new(ErrorKind::Forbidden, "request refused").with_detail(detail));
            }
            if let Some(substitution) = &rule.substitution {
                applied.request =
                    replace(&applied.request, expression.as_ref(), substitution, rule);
                let written = plain_text(substitution);
                let parts = written.split(['?', '&']).filter(|part| !part.is_empty());
                applied.written.extend(parts.map(str::to_owned));
                plain = spelling::plain(&applied.request);
                if applied.request.len() > limits::REQUEST_BYTES {
                    let limit = limits::REQUEST_BYTES;
                    let message =
                        format!("{}: the rewritten request exceeds {limit} bytes", rule.name);
                    return Err(Error::too_large(message));
                }
            }
            applied.matched.push(nth);
            applied.attributes.extend(rule.attributes.clone());
            applied.headers.extend(rule.headers.iter().cloned());
            // An empty <addressfilter> permits all clients.
            if rule.address_filter.is_some() {
                applied.addresses = Some(filter.clone().unwrap_or_default());
            }
            if rule.on_match == OnMatch::Break {
                break;
            }
        }
        applied.request = spelling::sent_where_same(applied.request, &spelled, sent);
        Ok(applied)
    }

    /// The labels of the rules with these indices, for messages.
    pub fn labels(&self, places: &[usize]) -> Vec<&str> {
        places.iter().filter_map(|&at| Some(self.0.get(at)?.rule.name.as_str())).collect()
    }
}

impl Rule {
    /// The label of the rule in messages: its name, else its number from 1.
    pub fn label(&self, nth: usize) -> String {
        if self.name.is_empty() {
            format!("rule {}", nth + 1)
        } else {
            format!("rule {}", self.name)
        }
    }

    /// Whether it applies to requests of this type. A rule without types applies to images (M10).
    fn applies_to(&self, kind: &str) -> bool {
        if self.types.is_empty() { kind == "is" } else { self.types.iter().any(|t| t == kind) }
    }
}

fn expression(label: &str, text: &str) -> Result<Option<Regex>> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > limits::EXPRESSION_BYTES {
        let limit = limits::EXPRESSION_BYTES;
        return Err(Error::too_large(format!(
            "{label}: the expression is longer than {limit} bytes"
        )));
    }
    let built = RegexBuilder::new(text).size_limit(limits::PROGRAM_BYTES).build();
    built.map(Some).map_err(|error| {
        let message = format!("{label}: {text}: {error} (no look-around, no back-references)");
        Error::new(ErrorKind::Value, message)
    })
}

/// Replaces the match. If the expression has groups and the substitution refers to none of them,
/// only the first group is replaced (M9). Without an expression, the substitution is appended.
fn replace(request: &str, expression: Option<&Regex>, substitution: &str, rule: &Rule) -> String {
    let Some(expression) = expression else {
        return format!("{request}{}", plain_text(substitution));
    };
    let group = usize::from(expression.captures_len() > 1 && !names_group(substitution));
    let mut result = String::new();
    let mut rest = 0;
    let most = if rule.replace_all { usize::MAX } else { 1 };
    for captures in expression.captures_iter(request).take(most) {
        let Some(part) = captures.get(group) else { continue };
        result.push_str(request.get(rest..part.start()).unwrap_or_default());
        expand(substitution, &captures, &mut result);
        rest = part.end();
        if result.len() > limits::REQUEST_BYTES {
            break;
        }
    }
    result.push_str(request.get(rest..).unwrap_or_default());
    result
}

fn names_group(substitution: &str) -> bool {
    let follows = |at: usize| substitution.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    substitution.match_indices('$').any(|(at, _)| follows(at))
}

/// Appends the substitution, with groups in place of `$0` to `$9`. A backslash makes the next
/// character literal. A `$` without a digit is literal, too.
fn expand(substitution: &str, captures: &Captures, result: &mut String) {
    let mut characters = substitution.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some(_)) => result.extend(characters.next()),
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                let digit = characters.next().and_then(|digit| digit.to_digit(10)).unwrap_or(0);
                if let Some(group) = captures.get(digit as usize) {
                    result.push_str(group.as_str());
                }
            }
            (character, _) => {
                // Writing to a string cannot fail.
                let _ = result.write_char(character);
            }
        }
    }
}

fn plain_text(substitution: &str) -> String {
    let mut characters = substitution.chars();
    let mut result = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => result.extend(characters.next()),
            character => result.push(character),
        }
    }
    result
}

#[cfg(test)]
mod tests;
