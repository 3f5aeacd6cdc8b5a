//! The table: all families, and how a name finds its row.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Apply, Command, Support, adjust, effect, layer, map, output, request, shape, source, template,
    text, view,
};
use crate::{
    codec::formats_page,
    ops::ORDER,
    protocol::{Wrapper, embedded},
};

/// All commands but `op_*`, a family a slice. Their order here is the canonical order.
pub const TABLE: [&[Command]; 11] = [
    request::COMMANDS,
    template::COMMANDS,
    source::COMMANDS,
    layer::COMMANDS,
    shape::COMMANDS,
    text::COMMANDS,
    effect::COMMANDS,
    map::COMMANDS,
    adjust::COMMANDS,
    view::COMMANDS,
    output::COMMANDS,
];

/// What a name leads to.
#[derive(Debug, Clone, Copy)]
pub enum Row {
    /// A row of [`TABLE`].
    Command(&'static Command),
    /// A place in [`ORDER`].
    Operation(usize),
}

impl Row {
    /// The command's name as the protocol spells it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Command(command) => command.name,
            Self::Operation(place) => ORDER.get(*place).map_or("", |operation| operation.name),
        }
    }

    /// The row that carries it out: itself, unless it is another name.
    pub fn target(self) -> Self {
        match self {
            Self::Command(Command { apply: Apply::As(name), .. }) => {
                find(name).map_or(self, |entry| entry.row)
            }
            Self::Command(_) | Self::Operation(_) => self,
        }
    }
}

/// A row, its place in canonical order, and that of the thing it sets.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The row.
    pub row: Row,
    /// Its place among [`rows`].
    pub order: usize,
    /// Rows of one slot say one thing, of which the last counts: `crop=` and `cropN=`.
    pub slot: usize,
}

/// All rows, operations last, in canonical order.
pub fn rows() -> impl Iterator<Item = Row> {
    let commands = TABLE.iter().flat_map(|family| family.iter()).map(Row::Command);
    commands.chain((0..ORDER.len()).map(Row::Operation))
}

/// The row of a command, by its name in any case.
pub fn find(name: &str) -> Option<Entry> {
    static ENTRIES: OnceLock<HashMap<String, Entry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| {
        let names: Vec<&str> = rows().map(|row| row.name()).collect();
        let place = |name: &str| names.iter().position(|known| *known == name);
        let entry = |(order, row): (usize, Row)| {
            let slot = place(slot_of(row.name())).unwrap_or(order);
            (row.name().to_ascii_lowercase(), Entry { row, order, slot })
        };
        rows().enumerate().map(entry).collect()
    });
    // The lexer hands names over in lower case.
    entries.get(name).or_else(|| entries.get(&name.to_ascii_lowercase())).copied()
}

/// The command whose slot another one sets: its normalised form, its other name, and what else
/// a layer may show (r-src: "the last occurrence prevails").
fn slot_of(name: &str) -> &str {
    match name {
        "text" | "textPs" => "src",
        "colorize" => "op_colorize",
        "op_usmR" => "op_usm",
        _ => name.strip_suffix('N').unwrap_or(name),
    }
}

/// Whether a command's value may hold a whole request in brackets (A17).
pub fn takes_request(name: &str) -> bool {
    matches!(name, "src" | "mask" | "imageset")
}

/// Whether variables stay as they are in a value: in the names of layers (C12), and in nested
/// requests, which know them themselves.
pub fn literal(name: &str, value: &str) -> bool {
    let nested = || matches!(embedded(value.trim()), Some((Wrapper::ImageServing, _)));
    matches!(name, "layer" | "effect") || takes_request(name) && nested()
}

/// The page docs/unsupported.md: what is not, or not wholly, carried out.
pub fn support_page() -> String {
    let mut page = "# What is not supported\n\n\
        Printed from the tables of commands and formats (`cargo xtask bless`). `azulejo commands` lists\n\
        all commands. A command that is *refused* is read and checked, but it is an error when its value\n\
        would change the picture, so that a wrong picture is never answered; values without effect\n\
        (`rotate=0`) pass. Commands that the protocol does not know are ignored. Layer 0's `src=` is\n\
        drawn where it names an object, or a [URL](remote.md) in brackets.\n\n\
        | command | arguments | level | note |\n| --- | --- | --- | --- |\n"
        .to_owned();
    for command in TABLE.iter().flat_map(|family| family.iter()) {
        let (level, note) = match command.support {
            Support::Full => continue,
            Support::Partial(note) => ("partial", note),
            Support::Accepted(note) => ("accepted", note),
            Support::Refused => ("refused", ""),
        };
        let syntax = command.syntax.replace('|', "\\|");
        page.push_str(&format!("| `{}=` | `{syntax}` | {level} | {note} |\n", command.name));
    }
    page.push_str(&formats_page());
    page
}
