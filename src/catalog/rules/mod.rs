//! Rule sets: requests are rewritten before they are read (c-rule-set-reference).

mod spelling;

use std::{collections::BTreeMap, fmt::Write};

use regex_lite::{Captures, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::address::AddressFilter;
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// A rule as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    /// `Name`: for messages.
    pub name: String,
    /// A regular expression over `rootId/id?modifiers`; empty matches all.
    pub expression: String,
    /// What takes the place of the match, or is appended; `None` leaves the request alone.
    pub substitution: Option<String>,
    /// `OnMatch`
    pub on_match: OnMatch,
    /// `Replace="all"`: every match, not the first only.
    pub replace_all: bool,
    /// `RequestType`: `is`, `ir`, `static`.
    pub types: Vec<String>,
    /// Catalog attributes of this rule's requests.
    pub attributes: BTreeMap<String, String>,
    /// `<addressfilter>`
    pub address_filter: Option<String>,
    /// `<header>`
    pub headers: Vec<RuleHeader>,
}

/// What a match leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnMatch {
    /// No further rule is looked at.
    #[default]
    Break,
    /// The next rule is looked at.
    Continue,
    /// The request is refused.
    Error,
}

/// A header of the reply. Variables of the request may stand in name and value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Appended to a value that is there, separated by a comma; else it takes its place.
    #[serde(default)]
    pub add: bool,
}

/// The attributes that rules may set (r-rule-rule).
pub const ATTRIBUTES: [&str; 9] = [
    "DefaultImageMode",
    "ErrorImage",
    "Expiration",
    "MaxPix",
    "RequestLock",
    "RequestObfuscation",
    "RootUrl",
    "SavePath",
    "WaterMark",
];

/// The rules of a catalog, ready to be applied.
#[derive(Debug, Clone, Default)]
pub struct RuleSet(Vec<PreparedRule>);

/// A rule, its expression and its filter, each read once.
#[derive(Debug, Clone)]
struct PreparedRule {
    rule: Rule,
    expression: Option<Regex>,
    filter: Option<AddressFilter>,
}

/// What the rules made of a request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// `rootId/id?modifiers`
    pub request: String,
    /// Attributes to set over the catalog's, in order.
    pub attributes: Vec<(String, String)>,
    /// The filter that stands for the catalog's.
    pub addresses: Option<AddressFilter>,
    /// Headers of the reply.
    pub headers: Vec<RuleHeader>,
    /// The rules that matched, by their place.
    pub matched: Vec<usize>,
    /// What their substitutions wrote themselves, between `?` and `&`: captured parts are the client's.
    pub written: Vec<String>,
}

impl RuleSet {
    /// Compiles rules; an error names the rule.
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

    /// Applies the rules of a type, `is` or `static`, to `rootId/id?modifiers` as it was sent. They
    /// see it in one spelling; what no substitution changes stays as it was sent.
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
            // What would be replaced must stand in the request itself.
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
            // An empty <addressfilter> lets everybody in.
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

    /// What messages call the rules at these places.
    pub fn labels(&self, places: &[usize]) -> Vec<&str> {
        places.iter().filter_map(|&at| Some(self.0.get(at)?.rule.name.as_str())).collect()
    }
}

impl Rule {
    /// What messages call it: its name, or its place.
    pub fn label(&self, nth: usize) -> String {
        if self.name.is_empty() {
            format!("rule {}", nth + 1)
        } else {
            format!("rule {}", self.name)
        }
    }

    /// Without a type a rule is for images (M10).
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

/// Replaces the match; with groups that the substitution does not name, the first group (M9).
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

/// Puts groups for `$1`; a backslash takes what follows it literally, and any other `$` is one.
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
