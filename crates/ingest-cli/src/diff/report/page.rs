//! The page of a report: the classes, and the worst pairs of each side by side.

use std::{collections::HashMap, io::Write};

use anyhow::Result;
use clap::ValueEnum;

use crate::diff::{
    Class,
    images::{FOLDER, Files, PARTS, is_shown, stem},
    outcome::{Outcome, Seen},
    print::details,
    state::Header,
    tally::{Counted, Tally},
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What all parts of the page share.
pub struct Context<'a> {
    /// What was compared.
    pub header: &'a Header,
    /// The counts, and the worst pairs.
    pub tally: &'a Tally,
    /// The pictures of these, by the stems of their names.
    pub files: &'a HashMap<String, Files>,
}

/// Writes the page. It needs nothing but the pictures beside it.
pub fn write(file: &mut impl Write, context: &Context<'_>) -> Result<()> {
    let Context { header, tally, .. } = context;
    let [old, new] = [&header.old, &header.new].map(|side| escaped(side));
    let (pairs, over, threshold) = (tally.pairs(), tally.over(), tally.threshold());
    write!(
        file,
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{over} of {pairs} pairs over the threshold</title>
<style>
{STYLE}</style>
<header>
<h1>{over} of {pairs} pairs are over the threshold</h1>
<p>Old: <code>{old}</code>. New: <code>{new}</code>.
The threshold is a SSIMULACRA2 score of {threshold}.
<p><a href="diff.csv">All pairs as a table (CSV)</a>
</header>
<main>
"#
    )?;
    summary(file, tally)?;
    for (class, counted) in tally.classes().filter(|(class, _)| *class != Class::Equal) {
        section(file, class, counted, context)?;
    }
    Ok(write!(file, "</main>\n<script>\n{SCRIPT}</script>\n")?)
}

/// The table of all classes. With a script, its boxes show and hide them.
fn summary(file: &mut impl Write, tally: &Tally) -> Result<()> {
    write!(
        file,
        r#"<table>
<caption>Pairs by class</caption>
<thead><tr>
<th scope="col">Class
<th scope="col" class="meaning">Meaning
<th scope="col">Pairs
<th scope="col">Over
<th scope="col" class="filter" hidden>Show
<tbody>
"#
    )?;
    for (class, Counted { pairs, over, .. }) in tally.classes() {
        let (name, slug, meaning) = (class.name(), class.slug(), escaped(&meaning(class)));
        let (name, filter) = if class == Class::Equal {
            (name.to_owned(), String::new())
        } else {
            (
                format!(r##"<a href="#{slug}">{name}</a>"##),
                format!(
                    r#"<input type="checkbox" checked value="{slug}" aria-label="Show {name}">"#
                ),
            )
        };
        writeln!(
            file,
            r#"<tr><th scope="row">{name}<td class="meaning">{meaning}<td class="number">{pairs}<td class="number">{over}<td class="filter" hidden>{filter}"#
        )?;
    }
    Ok(writeln!(file, "</table>")?)
}

/// The meaning of a class, as the command line tells it.
fn meaning(class: Class) -> String {
    let value = class.to_possible_value();
    value.and_then(|value| Some(value.get_help()?.to_string())).unwrap_or_default()
}

/// The worst pairs of a class.
fn section(
    file: &mut impl Write,
    class: Class,
    counted: &Counted,
    context: &Context<'_>,
) -> Result<()> {
    let (name, slug, shown) = (class.name(), class.slug(), counted.worst().count() as u64);
    let which = match counted.pairs {
        pairs if pairs == shown => String::new(),
        _ if shown == 0 => "; see diff.csv".to_owned(),
        _ => format!("; these are the worst {shown}, diff.csv has all"),
    };
    let pairs = match counted.pairs {
        1 => "1 pair".to_owned(),
        pairs => format!("{pairs} pairs"),
    };
    let (over, meaning) = (counted.over, escaped(&meaning(class)));
    write!(
        file,
        r#"<section id="{slug}" aria-labelledby="{slug}-name">
<h2 id="{slug}-name">{name}</h2>
<p>{meaning}. {pairs}, {over} over the threshold{which}.
<ol>
"#
    )?;
    counted.worst().try_for_each(|outcome| pair(file, outcome, context))?;
    Ok(write!(file, "</ol>\n</section>\n")?)
}

fn pair(file: &mut impl Write, outcome: &Outcome, context: &Context<'_>) -> Result<()> {
    let url = escaped(&outcome.url);
    let mut words = details(outcome).join("; ");
    if !words.is_empty() {
        words.push_str(". ");
    }
    let over = match outcome.is_over(context.tally.threshold()) {
        true => "<strong>over the threshold</strong>",
        false => "",
    };
    write!(file, "<li>\n<h3><code>{url}</code></h3>\n<p>{}{over}\n", escaped(&words))?;
    writeln!(file, r#"<div class="pictures">"#)?;
    let none = Files::new();
    let files = context.files.get(&stem(outcome)).unwrap_or(&none);
    for part in PARTS {
        let reply = match part {
            "old" => Some((&outcome.old, &context.header.old)),
            "new" => Some((&outcome.new, &context.header.new)),
            _ => None,
        };
        figure(file, outcome, (part, reply), files)?;
    }
    Ok(writeln!(file, "</div>")?)
}

/// A picture with its caption. The difference has no reply.
fn figure(
    file: &mut impl Write,
    outcome: &Outcome,
    (part, reply): (&str, Option<(&Seen, &String)>),
    files: &Files,
) -> Result<()> {
    let name = files.get(part);
    if reply.is_none() && name.is_none() {
        return Ok(());
    }
    let seen = reply.map_or(&outcome.old, |(seen, _)| seen);
    let size = match (seen.width, seen.height) {
        (Some(width), Some(height)) => format!(r#" width="{width}" height="{height}""#),
        _ => String::new(),
    };
    write!(file, "<figure>")?;
    match name {
        Some(name) if is_shown(name) => write!(
            file,
            r#"<a href="{FOLDER}/{name}"><img src="{FOLDER}/{name}" loading="lazy" decoding="async"{size} alt="{part} picture"></a>"#
        )?,
        Some(name) => write!(file, r#"<p><a href="{FOLDER}/{name}">{name}</a>"#)?,
        None => write!(file, r#"<p class="none">nothing to show"#)?,
    }
    write!(file, "<figcaption>{part}")?;
    if let Some((seen, side)) = reply {
        if side.starts_with("http") {
            let url = escaped(&format!("{side}{}", outcome.url));
            write!(file, r#" <a href="{url}" rel="noreferrer">open</a>"#)?;
        }
        write!(file, "<br>{}", escaped(&caption(seen)))?;
    } else {
        write!(file, "<br>four times as bright")?;
    }
    Ok(writeln!(file, "</figcaption></figure>")?)
}

/// Status, size, media type and length of a reply.
fn caption(seen: &Seen) -> String {
    let Seen { status, media_type, bytes, .. } = seen;
    let status = status.filter(|status| *status != 200).map(|status| format!("status {status}"));
    let bytes = bytes.map(|bytes| format!("{bytes} bytes"));
    let parts = [status, seen.size(), media_type.clone(), bytes];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Direction marks could make a URL look like another one.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
