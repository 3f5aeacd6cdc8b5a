//! Checks the names of images in a request: objects, remote images and nested requests.

use super::lint::{At, Lint};
use crate::{
    limits,
    protocol::{Token, Variables, Wrapper, embedded},
    resolve::{Binding, Merged, nested, object},
};

impl Lint<'_> {
    /// Checks the values of `src=`, `mask=`, `template=` and `defaultImage=`, and the requests
    /// nested in the first two.
    pub(super) fn names(&mut self, merged: &Merged, variables: &Variables, at: At, depth: usize) {
        for binding in merged.bindings.values() {
            let source = matches!(binding.entry.row.name(), "src" | "mask");
            if !source && !matches!(binding.entry.row.name(), "template" | "defaultImage") {
                continue;
            }
            match embedded(binding.value.trim()).filter(|_| source) {
                Some((Wrapper::ImageServing, text)) => {
                    self.nested(text, binding.token, variables, at, depth);
                }
                Some((Wrapper::Bare, url)) if !url.trim().is_empty() => {
                    self.permitted(binding, url.trim(), at);
                }
                Some(_) => {}
                None => {
                    if let Err(error) = object::candidates(binding.value, "") {
                        self.fault(error.at(binding.token.column), at);
                    }
                }
            }
        }
    }

    /// Warns of a remote image that the catalog does not permit.
    fn permitted(&mut self, binding: &Binding, url: &str, at: At) {
        if let Err(error) = self.catalog.attributes.remote.permit(url) {
            let (name, byte) = (binding.entry.row.name(), at.byte(binding.token.column));
            self.warn(byte, &format!("{name}={}; unless your catalog permits it", error.message));
        }
    }

    fn nested(&mut self, text: &str, token: &Token, variables: &Variables, at: At, depth: usize) {
        let place = match (at, token.raw.find(text)) {
            (At::From(_), Some(begin)) => At::From(at.byte(token.column) + begin),
            (_, _) => At::Made(at.byte(token.column)),
        };
        self.requests += 1;
        let most = self.catalog.attributes.max_nesting;
        if depth >= most {
            return self.fault(nested::too_deep(most).at(token.column), at);
        }
        if self.requests > limits::NESTED_REQUESTS {
            return self.fault(nested::too_many().at(token.column), at);
        }
        match nested::read(text, variables, self.catalog) {
            Ok(raw) => self.request(raw, variables.clone(), place, depth + 1),
            Err(error) => self.fault(error, place),
        }
    }
}
