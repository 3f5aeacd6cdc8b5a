//! Finds references to objects in attributes, fields and commands.

use azulejo::{
    catalog::ImageSet,
    commands::takes_request,
    protocol::{TokenKind, embedded, tokens},
};

use super::{
    folder::{Folder, Reference},
    records::Row,
};

/// The commands whose value is an object's name.
const COMMANDS: [&str; 3] = ["src", "mask", "defaultimage"];

/// All references in a folder, except `Path` and `MaskPath`, which name files. Ignores rows for
/// which `counts` is false.
pub fn all(folder: &Folder, counts: impl Fn(&str, &Row) -> bool) -> Vec<Reference> {
    let rows = folder.rows.iter().filter(|(root, row)| counts(root, row));
    folder
        .references
        .iter()
        .cloned()
        .chain(rows.flat_map(|(root, row)| in_row(root, row)))
        .collect()
}

/// The reference in an attribute's value, if the attribute takes one.
pub fn in_attribute(
    root: &str,
    (file, line): (&str, usize),
    name: &str,
    value: &str,
) -> Option<Reference> {
    let (root, file, field) = (root.to_owned(), file.to_owned(), name.to_owned());
    let names = matches!(name, "DefaultImage" | "ErrorImage") && !value.is_empty();
    names.then(|| Reference { root, file, line, field, name: value.to_owned() })
}

fn in_row(root: &str, row: &Row) -> Vec<Reference> {
    let set = ImageSet::parse(row.column("imageset")).unwrap_or_default();
    let members = set.objects().into_iter().map(|name| ("ImageSet".to_owned(), name.to_owned()));
    let commands = ["modifier", "postmodifier"].map(|name| in_commands(row.column(name)));
    let names = members.chain(commands.into_iter().flatten());
    let named = |(field, name)| Reference {
        root: root.to_owned(),
        file: row.file.clone(),
        line: row.line,
        field,
        name,
    };
    names.map(named).collect()
}

/// The references in commands: the command and the object's name. Skips values with variables or
/// nested requests, and macros.
pub fn in_commands(text: &str) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for token in tokens(text, takes_request).unwrap_or_default() {
        let TokenKind::Command { name, value } = token.kind else { continue };
        let plain = !value.is_empty() && !value.contains('$') && embedded(&value).is_none();
        if plain && COMMANDS.contains(&name.as_str()) {
            let written = token.raw.split('=').next().unwrap_or_default();
            named.push((written.to_owned(), value));
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_commands_are_found() {
        let text = "wid=9&src=Shop/shoe&layer=1&mask=m&src=$photo$&src=is(Shop/a?wid=9)\
                    &src=(http://other.example/a.jpg)&defaultImage=none";
        let named = in_commands(text);
        let named: Vec<(&str, &str)> =
            named.iter().map(|(c, n)| (c.as_str(), n.as_str())).collect();
        assert_eq!(named, [("src", "Shop/shoe"), ("mask", "m"), ("defaultImage", "none")]);
    }
}
