//! Property lists as text, JavaScript, XML and JSONP (c-properties; decisions L1 to L5).

use super::{
    builder::ReplyBuilder,
    date,
    text::{JAVASCRIPT, TEXT, call},
};
use crate::{
    commands::ReplyFormat,
    http::HttpReply,
    resolved::{Jsonp, Resolved},
};

/// Property names (`object.property`) and values, in order.
pub type Properties = Vec<(&'static str, String)>;

/// A reply with a property list, in the format that the request names.
pub fn properties(resolved: &Resolved, list: &Properties, etag: String, now: f64) -> HttpReply {
    let (media_type, body) = write(resolved.answer.format, &resolved.answer.jsonp, list, now);
    ReplyBuilder::of(resolved, etag).body(media_type, body.into_bytes())
}

/// Writes a property list in a format, and returns it with its media type.
pub fn write(
    format: ReplyFormat,
    jsonp: &Jsonp,
    properties: &Properties,
    now: f64,
) -> (&'static str, String) {
    match format {
        ReplyFormat::Text => (TEXT, text(properties, now)),
        ReplyFormat::JavaScript => (JAVASCRIPT, javascript(properties)),
        ReplyFormat::Xml => ("text/xml; charset=utf-8", xml(properties)),
        ReplyFormat::Json => (JAVASCRIPT, json(properties, &jsonp.handler, &jsonp.id)),
    }
}

/// The value of a boolean property: `1` or `0`.
pub fn flag(set: bool) -> String {
    if set { "1" } else { "0" }.to_owned()
}

/// Java properties, preceded by the two lines that begin every such reply: `#S7Z OK` and the date.
pub fn text(properties: &Properties, now: f64) -> String {
    let mut lines = format!("#S7Z OK\r\n#{}\r\n", date::java(now));
    for (name, value) in properties {
        let value = value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        lines.push_str(&format!("{name}={value}\r\n"));
    }
    lines
}

fn javascript(properties: &Properties) -> String {
    properties.iter().map(|(name, value)| assignment(name, value)).collect()
}

/// A JavaScript assignment. A name can come from user data and could contain a statement, so every
/// character but letters, digits and `_ $ . -` becomes `_`.
pub fn assignment(name: &str, value: &str) -> String {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-');
    let name: String = name.chars().map(|c| if sound(c) { c } else { '_' }).collect();
    let equals = if name.is_empty() { "" } else { "=" };
    format!("{name}{equals}'{}'\r\n", escape_script(value, '\'', "''"))
}

fn xml(properties: &Properties) -> String {
    let mut document = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<prop-group>\n".to_owned();
    let mut group = "";
    for (name, value) in properties {
        let (object, property) = name.split_once('.').unwrap_or(("", name));
        if object != group {
            if !group.is_empty() {
                document.push_str("  </prop-group>\n");
            }
            document.push_str(&format!("  <prop-group name=\"{object}\">\n"));
            group = object;
        }
        let value = escape_xml(value);
        document.push_str(&format!("    <property name=\"{property}\" value=\"{value}\" />\n"));
    }
    if !group.is_empty() {
        document.push_str("  </prop-group>\n");
    }
    document.push_str("</prop-group>\n");
    document
}

/// A JSONP call with one object. All values are strings.
fn json(properties: &Properties, handler: &str, id: &str) -> String {
    let members: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{}:{}", quote_json(name), quote_json(value)))
        .collect();
    call(handler, &format!("{{{}}}", members.join(",")), id)
}

/// A quoted JSON string. Also escapes characters that could end a script element or a JavaScript
/// line.
pub fn quote_json(text: &str) -> String {
    format!("\"{}\"", escape_script(text, '"', "\\\""))
}

/// Escapes the text of a string in a script. `escaped` replaces `quote`: JavaScript properties
/// double a quote, JSON puts a backslash before it.
fn escape_script(text: &str, quote: char, escaped: &str) -> String {
    let mut between = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => between.push_str("\\\\"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                between.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c if c == quote => between.push_str(escaped),
            _ => between.push(c),
        }
    }
    between
}

pub(super) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(c))),
            // XML 1.0 has no way to write the other control characters.
            '\0'..='\u{1f}' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Properties {
        vec![("image.width", "9".into()), ("image.note", "it's <&\"\\>".into())]
    }

    #[test]
    fn text_begins_with_the_two_lines() {
        let expected = "#S7Z OK\r\n#Thu Jan 01 00:00:00 UTC 1970\r\n\
                        image.width=9\r\nimage.note=it's <&\"\\\\>\r\n";
        assert_eq!(text(&sample(), 0.0), expected);
    }

    #[test]
    fn javascript_doubles_single_quotes_and_escapes_what_ends_a_line_or_a_script() {
        let note = "it''s \\u003c\\u0026\"\\\\\\u003e";
        let expected = format!("image.width='9'\r\nimage.note='{note}'\r\n");
        assert_eq!(javascript(&sample()), expected);
        let harm = "\\'+alert(1)//\n\r\u{2028}\u{2029}</script>";
        let escaped = "\\\\''+alert(1)//\\u000a\\u000d\\u2028\\u2029\\u003c/script\\u003e";
        assert_eq!(assignment("a", harm), format!("a='{escaped}'\r\n"));
        assert_eq!(assignment("a.1=alert(1);b", ""), "a.1_alert_1__b=''\r\n");
        assert_eq!(assignment("", "x"), "'x'\r\n");
    }

    #[test]
    fn xml_groups_by_object_and_escapes() {
        let document = xml(&sample());
        assert!(document.contains("<prop-group name=\"image\">"));
        assert!(document.contains("value=\"it's &lt;&amp;&quot;\\&gt;\""), "{document}");
    }

    #[test]
    fn jsonp_calls_the_handler_with_the_identifier() {
        let body = json(&sample(), "cb", "12");
        assert!(body.starts_with("/*jsonp*/cb({\"image.width\":\"9\","), "{body}");
        assert!(body.ends_with("},\"12\");"), "{body}");
        assert!(body.contains("it's \\u003c\\u0026\\\"\\\\\\u003e"), "{body}");
    }
}
