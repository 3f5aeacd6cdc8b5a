//! A template: lines with `<ID>`, as those of Dynamic Media's CDN Invalidation Template.

use std::path::Path;

use anyhow::{Context, Result};
use azulejo::protocol::{decode_path, spelled_path};

use super::{
    stored::Stored,
    urls::{CONTENT, IMAGES},
};
use crate::args::Usage;

const ID: &str = "<ID>";
const ROOT: &str = "<ROOT>";

/// The lines of a template.
#[derive(Debug)]
pub struct Template(Vec<String>);

impl Template {
    /// Reads a file. Fails for a line without `<ID>`.
    pub fn read(file: &Path) -> Result<Self> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
        Self::parse(&text, &name)
    }

    fn parse(text: &str, name: &str) -> Result<Self> {
        let mut lines = Vec::new();
        for (nth, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let is_url = line == ID || line.starts_with('/') || line.contains("://");
            if !line.contains(ID) || !is_url {
                let number = nth + 1;
                let message = format!(
                    "{name}, line {number}: {line}: expected a URL or a path with {ID} in it, such as \
                     {IMAGES}Shop/{ID}?wid=300"
                );
                return Err(Usage(message).into());
            }
            lines.push(line.to_owned());
        }
        Ok(Self(lines))
    }

    /// The URLs of an object. A line that names a catalog is for its objects.
    pub fn urls(&self, stored: &Stored, host: &str) -> Vec<String> {
        let [root, id] =
            [&stored.asset.root, &stored.asset.id].map(|name| name.replace('%', "%25"));
        let (root, id) = (spelled_path(&root), spelled_path(&id));
        let of_it = |line: &&String| named(line).is_none_or(|named| named == stored.asset.root);
        let lines = self.0.iter().filter(of_it).map(|line| match line.as_str() {
            ID => format!("{IMAGES}{root}/{id}"),
            line => line.replace(ROOT, &root).replace(ID, &id),
        });
        let whole =
            |line: String| if line.starts_with('/') { format!("{host}{line}") } else { line };
        lines.map(whole).collect()
    }
}

/// The rootId before `<ID>`; `None` if the line has none of its own.
fn named(line: &str) -> Option<String> {
    let before = line.split(ID).next()?;
    let after = [IMAGES, CONTENT].iter().find_map(|path| Some(before.split_once(path)?.1))?;
    let root = after.split('/').next().filter(|root| !root.is_empty() && *root != ROOT)?;
    Some(decode_path(root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;

    fn urls(template: &str, root: &str) -> Vec<String> {
        let asset = Asset { root: root.into(), id: "shoes/red 1".into() };
        let stored = Stored { asset, ..Stored::default() };
        Template::parse(template, "t").unwrap().urls(&stored, "https://cdn")
    }

    #[test]
    fn a_line_is_a_url_of_each_object() {
        let template = "# presets\n\nhttps://img.example.com/is/image/Shop/<ID>?$product$\r\n\
                        /is/image/<ROOT>/<ID>:Banner\n/is/content/Shop/<ID>\n<ID>\n";
        assert_eq!(
            urls(template, "Shop"),
            [
                "https://img.example.com/is/image/Shop/shoes/red%201?$product$",
                "https://cdn/is/image/Shop/shoes/red%201:Banner",
                "https://cdn/is/content/Shop/shoes/red%201",
                "https://cdn/is/image/Shop/shoes/red%201",
            ]
        );
        assert_eq!(urls(template, "Outlet").len(), 2, "two lines are for Shop alone");
    }

    #[test]
    fn a_line_without_an_id_is_refused_by_its_number() {
        for wrong in ["/is/image/Shop/shoe", "Shop/<ID>", "<id>"] {
            let error = Template::parse(&format!("<ID>\n{wrong}"), "t.txt").unwrap_err();
            assert!(error.is::<Usage>());
            assert!(error.to_string().starts_with(&format!("t.txt, line 2: {wrong}: ")), "{error}");
        }
    }
}
