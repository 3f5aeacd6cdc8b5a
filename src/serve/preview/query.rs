//! The parameters of a list: `?prefix=&contains=&after=&limit=`.

use crate::{
    limits,
    protocol::{composed, decode_value},
};

/// The parameters of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The start of all ids.
    pub prefix: String,
    /// What all ids contain, in lower case.
    pub contains: String,
    /// The place where the last page ended.
    pub after: String,
    /// The number of objects.
    pub limit: usize,
}

impl Query {
    /// Parses the query of a request. The error says which parameter is wrong, and what it may be.
    pub fn parse(query: &str) -> Result<Self, String> {
        let (prefix, contains, after) = (String::new(), String::new(), String::new());
        let mut parsed = Self { prefix, contains, after, limit: 100 };
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (decode_value(name), decode_value(value));
            match name.as_str() {
                "prefix" => parsed.prefix = text(&name, composed(&value).into_owned())?,
                "contains" => {
                    parsed.contains = text(&name, composed(&value).to_lowercase())?;
                }
                "after" => parsed.after = text(&name, value)?,
                "limit" => parsed.limit = limit(&value)?,
                _ => {
                    let name = short(&name);
                    return Err(format!(
                        "{name}: a list has prefix, contains, after and limit only"
                    ));
                }
            }
        }
        Ok(parsed)
    }

    /// Whether an id contains what is asked for.
    pub fn has(&self, id: &str) -> bool {
        self.contains.is_empty() || id.to_lowercase().contains(&self.contains)
    }
}

/// A part of an id. No id is longer than a key.
fn text(name: &str, value: String) -> Result<String, String> {
    if value.len() > limits::KEY_BYTES {
        let (len, most) = (value.len(), limits::KEY_BYTES);
        return Err(format!("{name}: {len} bytes; expected at most {most}, as a key has no more"));
    }
    match value.chars().find(|c| c.is_control()) {
        Some(c) => Err(format!("{name}: U+{:04X}; expected no control characters", u32::from(c))),
        None => Ok(value),
    }
}

fn limit(value: &str) -> Result<usize, String> {
    let most = limits::LIST_OBJECTS;
    let limit = value.parse().ok().filter(|limit| (1..=most).contains(limit));
    limit.ok_or_else(|| format!("limit={}: expected an integer from 1 to {most}", short(value)))
}

fn short(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_has_what_is_asked_for() {
        let query =
            Query::parse("prefix=a%2Fb+c&contains=R%C3%9CCK&after=a%2Fx.tif&limit=7&&").unwrap();
        let Query { prefix, contains, after, limit } = &query;
        assert_eq!(
            (prefix.as_str(), contains.as_str(), after.as_str()),
            ("a/b c", "rück", "a/x.tif")
        );
        assert_eq!(*limit, 7);
        assert!(query.has("a/Rückseite") && query.has("zurück") && !query.has("a/ruck"));
        assert_eq!(Query::parse("").unwrap().limit, 100);
        assert_eq!(Query::parse("limit=1&limit=2").unwrap().limit, 2, "the last value wins");
        assert_eq!(Query::parse("prefix=e%CC%81").unwrap().prefix, "é", "as ids are spelled");
    }

    #[test]
    fn query_an_error_names_parameter_value_and_range() {
        for (query, wanted) in [
            ("limit=0", "limit=0: expected an integer from 1 to 1000"),
            ("limit=1001", "limit=1001: expected an integer from 1 to 1000"),
            ("limit=-1", "limit=-1: "),
            ("limit=99999999999999999999999", "limit=99999999999999999999999: "),
            ("limit", "limit=: "),
            ("limit=1e2", "limit=1e2: "),
            ("prefix=%00", "prefix: U+0000; expected no control characters"),
            ("contains=a%0D%0Ab", "contains: U+000D; "),
            ("Limit=3", "Limit: a list has prefix, contains, after and limit only"),
            ("x%0D%0Ay=3", "xy: "),
        ] {
            let error = Query::parse(query).unwrap_err();
            assert!(error.starts_with(wanted), "{query}: {error}");
        }
        let long = Query::parse(&format!("after={}", "x".repeat(2000))).unwrap_err();
        assert_eq!(long, "after: 2000 bytes; expected at most 1024, as a key has no more");
    }
}
