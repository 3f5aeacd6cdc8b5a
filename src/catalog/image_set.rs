//! The syntax of `catalog::ImageSet` and `imageSet=`: lists of images, swatches, spin frames, pages
//! and media (r-imageset-cat).

use super::SetKind;
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    protocol::{decode_path, decode_value},
};

/// A parsed set: items, separated by commas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageSet {
    /// The items, in order.
    pub items: Vec<Item>,
    /// The object `rootId/id` that another set named, and whose record defines this set. `None`
    /// for the outermost set and for a set in braces.
    pub name: Option<String>,
    /// The kind that its record, or the item that contains it, declares.
    pub declared: Option<SetKind>,
}

/// One item: `member[:member[:member]][;swatch[;type]]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// What the item shows: one member, or the pages of a page item.
    pub members: Vec<Member>,
    /// What represents the item in a list of swatches.
    pub swatch: Option<Member>,
    /// Its type as written; `None` if the set does not state one.
    pub kind: Option<String>,
    /// The number of semicolons, including those of empty fields. It determines the kind of the
    /// set.
    semicolons: usize,
}

/// A part of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// The name of an image, a set or another asset: `rootId/id`.
    Object(String),
    /// `{0xrrggbb label}`
    Color {
        /// Six hexadecimal digits.
        rgb: String,
        /// Its label.
        label: String,
    },
    /// A set in braces, or one that replaces the name of an object.
    Set(ImageSet),
}

impl ImageSet {
    /// Parses a set. Fails for unbalanced brackets, a malformed colour, and sets nested deeper than
    /// [`limits::SET_DEPTH`].
    pub fn parse(text: &str) -> Result<Self> {
        parse(text.trim(), 0)
    }

    /// The declared kind, else the kind that the syntax implies (r-media-set-requests, outer set
    /// type detection; L9).
    pub fn kind(&self) -> SetKind {
        self.declared.unwrap_or_else(|| self.written_kind())
    }

    fn written_kind(&self) -> SetKind {
        let any = |holds: fn(&Item) -> bool| self.items.iter().any(holds);
        if any(|item| item.members.len() > 1) {
            SetKind::Pages
        } else if any(|item| item.semicolons > 1) {
            SetKind::Media
        } else if any(|item| item.semicolons == 1) {
            SetKind::Images
        } else if any(|item| matches!(item.members.first(), Some(Member::Set(_)))) {
            SetKind::Spin
        } else {
            SetKind::Images
        }
    }

    /// Completes the names of the members: an id without a rootId belongs to the catalog `root`
    /// (B2).
    pub fn rooted(mut self, root: &str) -> Self {
        for item in &mut self.items {
            for member in item.members.iter_mut().chain(&mut item.swatch) {
                match member {
                    Member::Object(name) => {
                        let whole = name.trim_start_matches('/');
                        *name = match whole.contains('/') {
                            true => whole.to_owned(),
                            false => format!("{root}/{whole}"),
                        };
                    }
                    Member::Set(set) => *set = std::mem::take(set).rooted(root),
                    Member::Color { .. } => {}
                }
            }
        }
        self
    }

    /// The names of all objects in it and in its inner sets, in order, with duplicates.
    pub fn objects(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for item in &self.items {
            for member in item.members.iter().chain(&item.swatch) {
                match member {
                    Member::Object(name) => names.push(name.as_str()),
                    Member::Set(set) => names.extend(set.objects()),
                    Member::Color { .. } => {}
                }
            }
        }
        names
    }
}

fn parse(text: &str, depth: usize) -> Result<ImageSet> {
    if depth > limits::SET_DEPTH {
        let message = format!("the set is nested deeper than {} levels", limits::SET_DEPTH);
        return Err(Error::too_large(message));
    }
    let items = split(text, ',')?.into_iter().filter(|item| !item.trim().is_empty());
    let items = items.map(|item| parse_item(item, depth)).collect::<Result<_>>()?;
    Ok(ImageSet { items, ..ImageSet::default() })
}

fn parse_item(text: &str, depth: usize) -> Result<Item> {
    let fields = split(text, ';')?;
    let field = |nth: usize| fields.get(nth).map(|field| field.trim()).filter(|f| !f.is_empty());
    let members = match field(0) {
        // Braces enclose a nested set, but in a media set also a whole item.
        Some(first) if fields.len() == 1 && is_item_in_braces(first)? => {
            return parse_item(inside(first).unwrap_or(first), depth + 1);
        }
        Some(first) => split(first, ':')?
            .into_iter()
            .map(|member| parse_member(member.trim(), depth))
            .collect::<Result<_>>()?,
        None => Vec::new(),
    };
    Ok(Item {
        members,
        swatch: field(1).map(|swatch| parse_member(swatch, depth)).transpose()?,
        kind: field(2).map(str::to_owned),
        semicolons: fields.len() - 1,
    })
}

/// Whether the braces enclose one item, as in `{set;swatch}`, and not a list of images.
fn is_item_in_braces(text: &str) -> Result<bool> {
    let Some(inner) = inside(text) else { return Ok(false) };
    Ok(split(inner, ',')?.len() == 1 && split(inner, ';')?.len() > 1)
}

fn parse_member(text: &str, depth: usize) -> Result<Member> {
    let Some(inner) = inside(text) else { return Ok(Member::Object(decode_path(text))) };
    let (number, label) = inner.split_once([' ', ';']).unwrap_or((inner, ""));
    let digits = number.trim().strip_prefix("0x").or_else(|| number.trim().strip_prefix("0X"));
    match digits {
        Some(rgb) if rgb.len() == 6 && rgb.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            Ok(Member::Color { rgb: rgb.to_owned(), label: decode_value(label.trim()) })
        }
        Some(_) => Err(Error::value("ImageSet", inner, "a colour as 0xrrggbb")),
        None => parse(inner, depth + 1).map(Member::Set),
    }
}

/// The text between an opening bracket at the start and its closing one, if that is at the end.
fn inside(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['{', '('])?.strip_suffix(['}', ')'])?;
    let mut depth = 1_usize;
    let is_closed = |c: char| {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    (!inner.chars().any(is_closed)).then_some(inner)
}

/// Splits at a character outside brackets. Fails if they are unbalanced. Braces and parentheses
/// count alike.
fn split(text: &str, at: char) -> Result<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (place, c) in text.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.checked_sub(1).ok_or_else(|| unbalanced(text))?,
            c if c == at && depth == 0 => {
                parts.push(text.get(start..place).unwrap_or_default());
                start = place + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(unbalanced(text));
    }
    parts.push(text.get(start..).unwrap_or_default());
    Ok(parts)
}

fn unbalanced(text: &str) -> Error {
    let shown: String = text.chars().take(60).collect();
    Error::new(ErrorKind::Syntax, format!("ImageSet={shown}: the braces do not match"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> SetKind {
        ImageSet::parse(text).unwrap().kind()
    }

    #[test]
    fn the_kind_depends_on_the_separators() {
        assert_eq!(kind("Co/a:Co/b,Co/c"), SetKind::Pages);
        assert_eq!(kind("Co/a;Co/s;img,Co/b;Co/t"), SetKind::Media);
        assert_eq!(kind("Co/a;;,Co/b"), SetKind::Media);
        assert_eq!(kind("Co/a;Co/s,Co/b"), SetKind::Images);
        assert_eq!(kind("{Co/a,Co/b},{Co/c,Co/d}"), SetKind::Spin);
        assert_eq!(kind("Co/a,Co/b"), SetKind::Images);
    }

    #[test]
    fn a_page_can_consist_of_two_sets_in_braces() {
        let set = ImageSet::parse("{Co/a,Co/b}:{Co/c,Co/d},Co/e").unwrap();
        let sets = set.items[0].members.iter().filter(|member| matches!(member, Member::Set(_)));
        assert_eq!((sets.count(), set.items.len()), (2, 2));
        assert_eq!(set.objects(), ["Co/a", "Co/b", "Co/c", "Co/d", "Co/e"]);
        assert!(ImageSet::parse("{Co/a}:{Co/b").is_err());
    }

    #[test]
    fn swatches_are_images_or_colours_with_a_label() {
        let set = ImageSet::parse("Co/a;{0xFF0080 hot%2C pink},Co/b;Co/s").unwrap();
        let color = Member::Color { rgb: "FF0080".into(), label: "hot, pink".into() };
        assert_eq!(set.items[0].swatch, Some(color));
        assert_eq!(set.items[1].swatch, Some(Member::Object("Co/s".into())));
        assert_eq!(set.objects(), ["Co/a", "Co/b", "Co/s"]);
    }

    #[test]
    fn an_item_in_braces_is_an_item_and_a_list_in_braces_a_set() {
        let set = ImageSet::parse("{Co/set;Co/s},{{Co/a,Co/b};Co/t;spin}").unwrap();
        assert_eq!(set.items[0].members, [Member::Object("Co/set".into())]);
        let Member::Set(inner) = &set.items[1].members[0] else { panic!("{set:?}") };
        assert_eq!(inner.objects(), ["Co/a", "Co/b"]);
        assert_eq!(set.items[1].kind.as_deref(), Some("spin"));
    }

    #[test]
    fn braces_that_do_not_match_and_sets_too_deep_are_errors() {
        for text in ["{Co/a", "Co/a}", "(Co/a,{Co/b)"] {
            assert_eq!(ImageSet::parse(text).unwrap_err().kind, ErrorKind::Syntax, "{text}");
        }
        let deep = "{a,".repeat(50) + &"}".repeat(50);
        assert_eq!(ImageSet::parse(&deep).unwrap_err().kind, ErrorKind::TooLarge);
        assert!(ImageSet::parse("Co/a;{0xFF}").is_err());
    }
}
