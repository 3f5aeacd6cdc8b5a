//! The objects that a reply shows, and its cache tags: the names by which an operator removes it from
//! a cache in front of the server (`Cache-Tag`).

use super::EntityHash;
use crate::{catalog::DEFAULT, http::CacheTags, limits, protocol::encoded};

/// The objects that a reply shows or is made of.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// How tags name them.
    pub form: CacheTags,
    /// Their names, `rootId/id`; some may occur twice.
    pub objects: Vec<String>,
}

/// What a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag<'a> {
    /// The replies that show the object `rootId/id`.
    Object(&'a str),
    /// The replies that show an object of the catalog with this rootId.
    Catalog(&'a str),
    /// The replies that show more than their tags name.
    Unnamed,
}

impl Tag<'_> {
    /// The tag: printable ASCII without spaces, commas and quotes.
    pub fn text(self, form: CacheTags) -> String {
        let name = match self {
            Self::Object(name) => encoded(name),
            Self::Catalog(root) => encoded(root) + "/",
            // No name has it, since it would be percent-encoded.
            Self::Unnamed => return "+".to_owned(),
        };
        if form != CacheTags::Hashed {
            return name;
        }
        let mut hash = EntityHash::default();
        hash.add("tag");
        hash.add(&name);
        hash.letters(20)
    }
}

impl Shown {
    /// The value of `Cache-Tag`: the catalogs, and as many objects as there is room for. `None` if
    /// replies are not tagged.
    pub fn header(&self) -> Option<String> {
        if self.form == CacheTags::Off {
            return None;
        }
        let roots = self.objects.iter().filter_map(|name| Some(name.split_once('/')?.0));
        let roots = roots.filter(|root| !root.is_empty());
        let catalogs = [DEFAULT].into_iter().chain(roots).map(Tag::Catalog);
        let objects = self.objects.iter().filter(|name| !name.ends_with('/'));
        let tags = catalogs.chain(objects.map(|name| Tag::Object(name)));
        let mut taken: Vec<Tag> = Vec::new();
        let mut header = String::new();
        let mut all = true;
        for tag in tags {
            if taken.contains(&tag) {
                continue;
            }
            let text = tag.text(self.form);
            let unnamed = Tag::Unnamed.text(self.form).len() + 1;
            let len = header.len() + text.len() + 1 + unnamed;
            let is_full = taken.len() + 1 >= limits::CACHE_TAGS || len > limits::CACHE_TAG_BYTES;
            if is_full || text.len() > limits::TAG_BYTES {
                all = false;
                continue;
            }
            taken.push(tag);
            push(&mut header, &text);
        }
        if !all {
            push(&mut header, &Tag::Unnamed.text(self.form));
        }
        Some(header)
    }
}

fn push(header: &mut String, tag: &str) {
    if !header.is_empty() {
        header.push(',');
    }
    header.push_str(tag);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(form: CacheTags, objects: &[&str]) -> Option<String> {
        Shown { form, objects: objects.iter().map(|name| (*name).to_owned()).collect() }.header()
    }

    #[test]
    fn a_reply_names_its_catalogs_and_its_objects_once() {
        let objects = ["Shop/shoe", "Shop/shoe", "Marks/a, b", "Shop/été", "Shop/x:Banner"];
        assert_eq!(
            header(CacheTags::Names, &objects).unwrap(),
            "default/,Shop/,Marks/,Shop/shoe,Marks/a%2C%20b,Shop/%C3%A9t%C3%A9,Shop/x%3ABanner"
        );
        assert_eq!(header(CacheTags::Names, &["Shop/"]).unwrap(), "default/,Shop/", "no object");
        assert_eq!(header(CacheTags::Off, &objects), None);
    }

    #[test]
    fn a_hash_tells_no_name() {
        let tags = header(CacheTags::Hashed, &["Shop/shoe"]).unwrap();
        let tags: Vec<&str> = tags.split(',').collect();
        assert_eq!(tags.len(), 3, "{tags:?}");
        assert!(tags.iter().all(|tag| tag.len() == 20 && !tag.contains("hop")), "{tags:?}");
        assert_eq!(tags[2], Tag::Object("Shop/shoe").text(CacheTags::Hashed));
        assert_ne!(tags[2], Tag::Object("Shop/boot").text(CacheTags::Hashed));
    }

    #[test]
    fn what_finds_no_room_is_told_by_one_tag() {
        let names = |folder: &str| -> Vec<String> {
            (0..1000).map(|nth| format!("Shop/{folder}/frame-{nth}")).collect()
        };
        for form in [CacheTags::Names, CacheTags::Hashed] {
            let header = Shown { form, objects: names("spin") }.header().unwrap();
            assert_eq!(header.split(',').count(), limits::CACHE_TAGS, "{header}");
            assert!(header.ends_with(",+"), "{header}");
            assert!(header.contains(&Tag::Object("Shop/spin/frame-9").text(form)), "{header}");
        }
        let objects = names(&"s".repeat(60));
        let full = Shown { form: CacheTags::Names, objects }.header().unwrap();
        let bytes = limits::CACHE_TAG_BYTES;
        assert!((bytes - 90..=bytes).contains(&full.len()) && full.ends_with(",+"), "{full}");
        let long = format!("Shop/{}", "é".repeat(400));
        assert_eq!(
            header(CacheTags::Names, &[&long, "Shop/a"]).unwrap(),
            "default/,Shop/,Shop/a,+",
            "a name of more than a kilobyte"
        );
    }
}
