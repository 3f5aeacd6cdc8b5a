//! The table of all commands and operations, and the look-up of a row by its name.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Command, Support, effect, layer, map, output, request, shape, source, template, text, view,
};
use crate::{
    codec::formats_page,
    ops::{self, ALL, Operation},
    protocol::{Wrapper, embedded},
    usage::Usage,
};

/// All rows, by family. Their order here is the canonical order.
const TABLE: [Family; 13] = [
    Family::Commands(request::COMMANDS),
    Family::Commands(template::COMMANDS),
    Family::Commands(source::COMMANDS),
    Family::Commands(layer::COMMANDS),
    Family::Commands(shape::COMMANDS),
    Family::Commands(text::COMMANDS),
    Family::Commands(effect::COMMANDS),
    Family::Operations(ops::Family::Effect),
    Family::Commands(map::COMMANDS),
    Family::Operations(ops::Family::Layer),
    Family::Commands(view::COMMANDS),
    Family::Commands(output::COMMANDS),
    Family::Operations(ops::Family::View),
];

/// Rows that are adjacent in canonical order.
enum Family {
    /// The rows of one file.
    Commands(&'static [Command]),
    /// The operations whose rows name this family.
    Operations(ops::Family),
}

impl Family {
    fn rows(&self) -> Vec<Row> {
        let family = match self {
            Self::Commands(commands) => return commands.iter().map(Row::Command).collect(),
            Self::Operations(family) => *family,
        };
        let of = |(nth, rows): (usize, &'static &'static [Operation])| {
            let rows = rows.iter().filter(move |row| row.family == family);
            rows.map(move |row| Row::Operation(nth, row))
        };
        ALL.iter().enumerate().flat_map(of).collect()
    }
}

/// A row of the table: a command or an operation.
#[derive(Debug, Clone, Copy)]
pub enum Row {
    /// A command whose row is in this module.
    Command(&'static Command),
    /// An operation, with its index in [`ALL`].
    Operation(usize, &'static Operation),
}

impl Row {
    /// The command's name as the protocol spells it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Command(command) => command.name,
            Self::Operation(_, operation) => operation.name,
        }
    }

    /// Its page in the reference.
    pub fn doc(&self) -> &'static str {
        match self {
            Self::Command(command) => command.doc,
            Self::Operation(_, operation) => operation.doc,
        }
    }

    /// Its title, its arguments, what it does, and an example.
    pub fn usage(&self) -> &'static Usage {
        match self {
            Self::Command(command) => &command.usage,
            Self::Operation(_, operation) => &operation.usage,
        }
    }

    /// How far the engine supports it.
    pub fn support(&self) -> Support {
        match self {
            Self::Command(command) => command.support,
            Self::Operation(_, operation) => operation.support,
        }
    }

    /// The name of the command whose slot it shares: that of its form without `N`, of the first
    /// name of an operation, or of `src=` for texts (r-src: "the last occurrence prevails").
    fn slot(&self) -> &'static str {
        match self {
            Self::Operation(nth, row) => {
                ALL.get(*nth).and_then(|rows| rows.first()).map_or(row.name, |first| first.name)
            }
            Self::Command(command) => match command.name {
                "text" | "textPs" => "src",
                name => name.strip_suffix('N').unwrap_or(name),
            },
        }
    }
}

/// A row with its position in canonical order and its slot.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The row.
    pub row: Row,
    /// Its index in [`rows`].
    pub order: usize,
    /// Rows with the same slot override each other, such as `crop=` and `cropN=`.
    pub slot: usize,
}

/// All rows, in canonical order.
pub fn rows() -> impl Iterator<Item = Row> {
    TABLE.iter().flat_map(Family::rows)
}

/// The row of a command, by its name in any case; `None` if unknown.
pub fn find(name: &str) -> Option<Entry> {
    static ENTRIES: OnceLock<HashMap<String, Entry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| {
        let names: Vec<&str> = rows().map(|row| row.name()).collect();
        let place = |name: &str| names.iter().position(|known| *known == name);
        let entry = |(order, row): (usize, Row)| {
            let slot = place(row.slot()).unwrap_or(order);
            (row.name().to_ascii_lowercase(), Entry { row, order, slot })
        };
        rows().enumerate().map(entry).collect()
    });
    // The lexer passes names in lower case.
    entries.get(name).or_else(|| entries.get(&name.to_ascii_lowercase())).copied()
}

/// Whether a command's value may contain a whole request in brackets (A17).
pub fn takes_request(name: &str) -> bool {
    matches!(name, "src" | "mask" | "imageset")
}

/// Whether variables are not substituted in a value: in the names of layers (C12), and in nested
/// requests, which substitute them when they are read.
pub fn literal(name: &str, value: &str) -> bool {
    let nested = || matches!(embedded(value.trim()), Some((Wrapper::ImageServing, _)));
    matches!(name, "layer" | "effect") || takes_request(name) && nested()
}

/// Prints the page docs/unsupported.md: what is unsupported, or only partly supported.
pub fn support_page() -> String {
    let mut page = "# What is not supported\n\n\
        Printed from the tables of commands and formats (`cargo xtask bless`). `azulejo commands` lists\n\
        all commands. A command that is *refused* is read and checked, but it is an error when its value\n\
        would change the picture, so that a wrong picture is never answered; values without effect\n\
        (`iccEmbed=0`) pass. Commands that the protocol does not know are ignored. `src=` and `mask=` of\n\
        every layer are drawn where they name an object, a nested request `is(…)`, or a\n\
        [URL](remote.md) in brackets; `ir(…)` and `fxg(…)` are refused. [layers.md](layers.md)\n\
        describes what is drawn.\n\n\
        | command | arguments | level | note |\n| --- | --- | --- | --- |\n"
        .to_owned();
    for row in rows() {
        let (level, note) = match row.support() {
            Support::Full => continue,
            Support::Partial(note) => ("partial", note),
            Support::Accepted(note) => ("accepted", note),
            Support::Refused => ("refused", ""),
        };
        let syntax = row.usage().syntax.replace('|', "\\|");
        page.push_str(&format!("| `{}=` | `{syntax}` | {level} | {note} |\n", row.name()));
    }
    page.push_str(&formats_page());
    page
}
