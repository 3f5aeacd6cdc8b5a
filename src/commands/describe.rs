//! A row of the table as people and other programs get it.

use serde::Serialize;

use super::{Apply, Row, Support, rows};
use crate::{
    ops::AppliesTo,
    usage::{Argument, Group, arguments},
};

/// What is told about a command: the texts of its row, and what follows from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Description {
    /// Its name as the protocol spells it.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Modifiers that show it; empty if nothing can be seen.
    pub example: &'static str,
    /// Under which title it is listed.
    pub group: Group,
    /// What it applies to.
    pub scope: &'static str,
    /// Its arguments in short.
    pub syntax: &'static str,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// How far it is supported: `full`, `partial`, `accepted` or `refused`.
    pub support: &'static str,
    /// What of it is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
    /// Its page in Adobe's reference.
    pub doc: &'static str,
    /// The address of that page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Row {
    /// What is told about this command.
    pub fn describe(self) -> Description {
        let usage = self.usage();
        let (support, note) = self.support().words();
        Description {
            name: self.name(),
            title: usage.title,
            help: usage.help,
            example: usage.example,
            group: self.group(),
            scope: self.scope(),
            syntax: usage.syntax,
            arguments: arguments(usage.syntax).unwrap_or_default(),
            support,
            note,
            doc: self.doc(),
            url: url(self.doc()),
        }
    }

    /// The group: that of the row if it has one, else that of its scope.
    fn group(self) -> Group {
        match self.scope() {
            _ if self.usage().is_basic => Group::Basic,
            "selection" | "layer" | "layer or effect" | "mask"
                if matches!(self, Self::Command(_)) =>
            {
                Group::Layers
            }
            "mask" => Group::Layers,
            _ => Group::Advanced,
        }
    }

    /// What it applies to, in a word.
    fn scope(self) -> &'static str {
        match self {
            Self::Operation(_, operation) => match operation.applies_to {
                AppliesTo::Layer => "layer",
                AppliesTo::LayerOrView => "layer or view",
                AppliesTo::LayerOrEffect => "layer or effect",
                AppliesTo::Mask => "mask",
            },
            Self::Command(command) => match command.apply {
                Apply::Request(_) => "request",
                Apply::Output(_) => "file",
                Apply::View(_) => "view",
                Apply::Layer(..) => "layer",
                Apply::Appearance(..) => "layer or effect",
                Apply::Segment => "selection",
            },
        }
    }
}

impl Support {
    /// Its name, and its explanation if it has one.
    pub fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Full => ("full", None),
            Self::Partial(note) => ("partial", Some(note)),
            Self::Accepted(note) => ("accepted", Some(note)),
            Self::Refused => ("refused", Some("an error where it would change the picture")),
        }
    }
}

/// Adobe's reference of the protocol.
const REFERENCE: &str = "https://experienceleague.adobe.com/en/docs/\
    dynamic-media-developer-resources/image-serving-api/image-serving-api/http-protocol-reference";

/// The address of a page. Nearly all are in one folder.
fn url(page: &str) -> Option<String> {
    let folder = match page {
        // It is a page of replies, whose folder is not known.
        "r-json-properties" => return None,
        "r-media-set-requests" => "syntax-and-features",
        "r-req" => "command-reference/req",
        _ => "command-reference",
    };
    Some(format!("{REFERENCE}/{folder}/{page}"))
}

/// Prints the page docs/commands.md.
pub fn commands_page() -> String {
    let mut page = "# Commands\n\n\
        Every command of the protocol, printed from the table of commands (`cargo xtask bless`).\n\
        `azulejo commands NAME` prints one of them. What is not supported, or not in full, is in\n\
        [unsupported.md](unsupported.md).\n"
        .to_owned();
    let all: Vec<Description> = rows().map(Row::describe).collect();
    for (group, title) in Group::ALL {
        page.push_str(&format!("\n## {title}\n"));
        for command in all.iter().filter(|command| command.group == group) {
            page.push_str(&section(command));
        }
    }
    page
}

/// The part of the page about one command.
fn section(command: &Description) -> String {
    let Description { name, title, help, example, scope, support, doc, .. } = command;
    let reference = match &command.url {
        Some(url) => format!("[{doc}]({url})"),
        None => (*doc).to_owned(),
    };
    let note = command.note.map_or_else(String::new, |note| format!(" ({note})"));
    let mut section = format!("\n### `{name}=` {title}\n\n{}\n", wrapped(help));
    if !command.arguments.is_empty() {
        section.push_str("\n| argument | value |\n| --- | --- |\n");
    }
    for argument in &command.arguments {
        let optional = if argument.optional { ", optional" } else { "" };
        section.push_str(&format!("| `{}` | {}{optional} |\n", argument.name, argument.value()));
    }
    if !example.is_empty() {
        section.push_str(&format!("\n    /is/image/Samples/pier?{example}\n"));
    }
    section + &format!("\nApplies to: {scope}. Support: {support}{note}. Reference: {reference}.\n")
}

/// A paragraph in lines of at most 100 characters.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 100 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
