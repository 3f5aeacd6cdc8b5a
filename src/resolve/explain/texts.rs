//! Describes where a token was written: in which text, and through which macros.

use std::rc::Rc;

use serde::Serialize;

use super::super::{
    RequestContext,
    lookups::Loaded,
    origin::{Field, Role, Text},
};
use crate::{
    catalog::{Catalog, DEFAULT},
    protocol::Token,
};

/// Where a command or a variable was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// The URL or the field of a record.
    pub text: Field,
    /// The object of that record: `rootId/id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The role of that record in the request.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Its byte offset in the modifiers of the URL, from 0; `None` if it is not written there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The macros it was expanded from, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macros: Vec<Called>,
}

/// A macro that was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Called {
    /// Its name.
    pub name: String,
    /// The catalog that defines it.
    pub catalog: String,
}

/// The texts of a request by number, each with the catalog whose macros it uses. Number 0 is the
/// URL.
pub struct Texts<'a> {
    texts: &'a [Text],
    /// The catalog and its rootId for each text; the first one is that of the URL.
    catalogs: Vec<(Rc<Catalog>, String)>,
}

impl<'a> Texts<'a> {
    /// The texts of a request that uses no record: the URL alone.
    pub fn of_request(context: &RequestContext) -> Self {
        let root = context.root.clone().unwrap_or_else(|| DEFAULT.to_owned());
        Self { texts: &[], catalogs: vec![(Rc::clone(&context.catalog), root)] }
    }

    /// The texts of a request: the URL and the fields of records.
    pub fn new(context: &RequestContext, texts: &'a [Text]) -> Self {
        let mut all = Self { texts, ..Self::of_request(context) };
        all.catalogs.extend(texts.iter().map(
            |Text { object, catalog: Loaded { catalog, stored }, .. }| {
                let root = if *stored { object.root.as_str() } else { DEFAULT };
                (Rc::clone(catalog), root.to_owned())
            },
        ));
        all
    }

    /// Where a token was written. `nested` tells that it belongs to a nested request, where columns
    /// of the URL do not apply.
    pub fn origin(&self, token: &Token, nested: bool) -> Origin {
        let at = usize::from(token.origin.text);
        let text = at.checked_sub(1).and_then(|at| self.texts.get(at));
        let called = |(catalog, own): &(Rc<Catalog>, String)| {
            let path = catalog.macros.path(token.origin).into_iter();
            let called = path.map(|(name, inherited)| Called {
                name: name.to_owned(),
                catalog: if inherited { DEFAULT } else { own }.to_owned(),
            });
            called.collect()
        };
        Origin {
            text: text.map_or(Field::Url, |text| text.field),
            of: text.map(|text| [text.object.root.as_str(), &text.object.id].join("/")),
            role: text.map(|text| text.role),
            column: (text.is_none() && !nested).then_some(token.column),
            macros: self.catalogs.get(at).map(called).unwrap_or_default(),
        }
    }
}
