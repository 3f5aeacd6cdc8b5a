//! The objects that commands, sets and records name.

use std::collections::BTreeSet;

use azulejo::{
    catalog::{DEFAULT, ImageSet},
    commands::takes_request,
    protocol::{RawRequest, Token, TokenKind, Wrapper, embedded, tokens},
    resolve::object::candidates,
};

/// Requests within requests that are looked at. Servers permit fewer.
const DEPTH: usize = 16;

/// The names that are found, as `rootId/id`: of each object all names under which it is looked up.
pub type Names = BTreeSet<String>;

/// Adds the objects that commands of the catalog `root` name. Names with variables are left out.
pub fn in_commands(text: &str, root: &str, names: &mut Names) {
    in_tokens(&tokens(text, takes_request).unwrap_or_default(), root, names, DEPTH);
}

fn in_tokens(tokens: &[Token], root: &str, names: &mut Names, depth: usize) {
    for token in tokens {
        let TokenKind::Command { name, value } = &token.kind else { continue };
        match name.as_str() {
            "src" | "mask" | "defaultimage" | "template" => match embedded(value) {
                Some((Wrapper::ImageServing, text)) => in_request(text, names, depth),
                Some(_) => {}
                None => object(value, root, names),
            },
            "imageset" => in_set(value, root, names),
            _ => {}
        }
    }
}

fn in_request(text: &str, names: &mut Names, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let request = azulejo::protocol::read_nested(text, takes_request);
    let RawRequest { object: path, tokens } = request.unwrap_or_default();
    let path = path.join("/");
    object(&path, "", names);
    let root = path.split('/').next().unwrap_or_default();
    in_tokens(&tokens, root, names, depth);
}

/// Adds the members of a set.
pub fn in_set(text: &str, root: &str, names: &mut Names) {
    let set = ImageSet::parse(text).unwrap_or_default().rooted(root);
    set.objects().into_iter().for_each(|name| object(name, "", names));
}

/// Adds the names that an object has which a command or an attribute names.
pub fn object(name: &str, root: &str, names: &mut Names) {
    let name = name.trim();
    if name.is_empty() || name.contains('$') {
        return;
    }
    let whole = name.trim_start_matches('/');
    let objects = candidates(name, root).unwrap_or_default().into_iter();
    let objects = objects.map(|object| format!("{}/{}", object.root, object.id));
    for name in objects.chain([format!("{DEFAULT}/{whole}")]) {
        // A smart crop belongs to the object before the colon.
        if let Some((holder, _)) = name.rsplit_once(':') {
            names.insert(holder.to_owned());
        }
        names.insert(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut names = Names::new();
        in_commands(text, "Shop", &mut names);
        names.retain(|name| !name.starts_with("default/"));
        names.into_iter().collect()
    }

    #[test]
    fn commands_name_objects_also_within_requests() {
        assert_eq!(names("wid=9&src=red&layer=1&mask=/Marks/m"), ["Marks/m", "Shop/red"]);
        assert_eq!(names("src=Garden/rose"), ["Garden/rose", "Shop/Garden/rose"]);
        let nested = "src=is(Garden/rose?layer=1&src=is{Marks/a?wid=1}&mask=b)";
        assert_eq!(names(nested), ["Garden/b", "Garden/rose", "Marks/a"]);
        assert_eq!(names("defaultImage=none&src=red:Banner").len(), 3);
        assert_eq!(names("imageSet=a,{b,c}"), ["Shop/a", "Shop/b", "Shop/c"]);
        assert!(names("src=$photo$&src=(http://o.example/a.jpg)&text=src&src=is(").is_empty());
    }

    #[test]
    fn requests_nested_deeper_than_servers_permit_end() {
        let deep = (0..200).fold("a".to_owned(), |inner, _| format!("R/x?src=is({inner})"));
        assert_eq!(names(&format!("src=is({deep})")).len(), 1);
    }
}
