//! The table: all families, and how a name finds its row.

use super::{
    Command, Support, adjust, effect, layer, map, output, request, shape, source, template, text,
    view,
};
use crate::ops::ORDER;

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
}

/// All rows, operations last, in canonical order.
pub fn rows() -> impl Iterator<Item = Row> {
    let commands = TABLE.iter().flat_map(|family| family.iter()).map(Row::Command);
    commands.chain((0..ORDER.len()).map(Row::Operation))
}

/// The row of a command, by its name in any case; `tiff` and such old spellings are found too.
pub fn find(name: &str) -> Option<Row> {
    rows().find(|row| row.name().eq_ignore_ascii_case(name))
}

/// Whether a command's value may hold a whole request in brackets (A17).
pub fn takes_request(name: &str) -> bool {
    matches!(name, "src" | "mask" | "imageset")
}

/// The page docs/unsupported.md: what is not, or not wholly, carried out.
pub fn support_page() -> String {
    let mut page = "# What is not supported\n\n\
        Printed from the table of commands (`cargo xtask bless`); `azulejo commands` lists all of \
        it.\nA command that is *refused* is an error when its value would change the picture, so \
        that a wrong\npicture is never answered; values without effect (`rotate=0`) pass. Commands \
        that the\nprotocol does not know are ignored.\n\n\
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
    page
}
