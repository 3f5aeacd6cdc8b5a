//! The URLs of an object.

use azulejo::protocol::{push_byte, spelled_path};

use super::stored::Stored;

/// The path of images.
pub const IMAGES: &str = "/is/image/";

/// The path of static content.
pub const CONTENT: &str = "/is/content/";

impl Stored {
    /// The URLs without modifiers: of the object, and of its smart crops and swatch.
    pub fn plain_urls(&self, host: &str) -> Vec<String> {
        // A `%` in an id would be taken for an escape.
        let name = spelled_path(&self.asset.name().replace('%', "%25"));
        let mut urls = Vec::new();
        if self.image {
            urls.push(format!("{host}{IMAGES}{name}"));
            let parts = self.parts.iter().map(|part| spelled_path(&part.replace('%', "%25")));
            urls.extend(parts.map(|part| format!("{host}{IMAGES}{name}:{part}")));
        }
        if self.content {
            urls.push(format!("{host}{CONTENT}{name}"));
        }
        urls
    }
}

/// A name in a query.
pub fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        push_byte(&mut encoded, byte, byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;

    #[test]
    fn an_object_has_a_url_for_each_thing_that_it_is() {
        let stored = Stored {
            asset: Asset { root: "Shop".into(), id: "a b/é?".into() },
            image: true,
            content: true,
            parts: vec!["Large Banner".into()],
        };
        assert_eq!(
            stored.plain_urls("https://h"),
            [
                "https://h/is/image/Shop/a%20b/%C3%A9%3F",
                "https://h/is/image/Shop/a%20b/%C3%A9%3F:Large%20Banner",
                "https://h/is/content/Shop/a%20b/%C3%A9%3F",
            ]
        );
        assert_eq!(Stored { image: false, ..stored }.plain_urls("").len(), 1);
    }
}
