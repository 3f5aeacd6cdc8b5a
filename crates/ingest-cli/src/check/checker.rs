//! Checks URLs against catalogs, records and images, as they would be after a publish.

use std::{collections::HashMap, rc::Rc};

use anyhow::Result;
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, load},
    check::{Fault, Report, UNKNOWN_MACRO, check, check_with, host},
    commands::Reply,
    error::{Error, ErrorKind},
    http::{Access, HttpRequest},
    protocol::decode_path,
    resolve,
    resolved::Resolved,
    store::{FetchBuffer, fulfil},
};

use super::{
    Checked,
    missing::{self, MissingObject},
    objects::Objects,
    sources::Sources,
};
use crate::args::CheckArgs;

/// After this many URLs the objects that were read from the store are dropped, to limit memory.
const URLS_PER_CACHE: usize = 2_000;

/// Checks URLs.
pub struct Checker<'a> {
    objects: Objects<'a>,
    /// Whether a folder or a store is given. Otherwise only the built-in catalog applies.
    has_sources: bool,
    /// Whether a store is given, in which images can be looked up.
    has_store: bool,
    catalogs: HashMap<String, Rc<Catalog>>,
    buffer: FetchBuffer,
    urls: usize,
}

impl<'a> Checker<'a> {
    /// A checker for the store as it would be after a publish of the folder.
    pub async fn open(args: &CheckArgs, sources: &'a Sources) -> Result<Self> {
        let objects = Objects::new(args, sources).await?;
        let (has_sources, has_store) =
            (sources.folder.is_some() || sources.bucket.is_some(), sources.bucket.is_some());
        let (catalogs, buffer) = (HashMap::new(), FetchBuffer::default());
        Ok(Self { objects, has_sources, has_store, catalogs, buffer, urls: 0 })
    }

    /// Checks one URL, and looks up its image if there is a store.
    pub async fn check(&mut self, url: &str) -> Result<Checked> {
        let target = request(url).filter(|_| self.has_sources);
        let Some((path, query)) = target else { return Ok(Checked::of(check(url))) };
        let root = path.split('/').nth(3).map(decode_path);
        let root =
            root.filter(|root| !root.contains(|c: char| c.is_control() || "/\\".contains(c)));
        let catalog = self.catalog(root.as_deref().unwrap_or(DEFAULT)).await?;
        let mut checked = Checked::of(check_with(url, &catalog));
        self.urls += 1;
        if self.urls.is_multiple_of(URLS_PER_CACHE) {
            self.buffer = FetchBuffer::default();
            self.objects.forget_reads();
        }
        let request = HttpRequest { path, query, ..HttpRequest::default() };
        let (missing_object, is_answered) = match self.resolve(&request).await {
            Ok(outcome) => {
                // A rule may have led to a catalog that has it.
                checked.report.warnings.retain(|warning| !warning.ends_with(UNKNOWN_MACRO));
                (outcome.missing_object, outcome.is_answered)
            }
            Err(error) if error.kind == ErrorKind::NotFound => {
                (Some(MissingObject::of(error)), false)
            }
            // A failure of the store is not an error of the URL.
            Err(error) if matches!(error.kind, ErrorKind::Storage | ErrorKind::Changed) => {
                return Err(error.into());
            }
            Err(error) => {
                fail(&mut checked.report, &error);
                (None, false)
            }
        };
        if !self.has_store {
            return Ok(checked);
        }
        checked.missing = Some(false);
        let Some(missing_object) = missing_object else { return Ok(checked) };
        let (error, kind) = if self.shown_in_test(&request).await {
            (missing::unpublished(&missing_object), Kind::Unpublished)
        } else {
            let content = self.is_content(&request).await;
            match missing::other_type(&missing_object, content) {
                Some(error) => (error, Kind::OtherType),
                None => (missing_object.error, Kind::Missing),
            }
        };
        checked.missing = Some(kind == Kind::Missing);
        checked.unpublished = kind == Kind::Unpublished;
        if !is_answered {
            fail(&mut checked.report, &error);
        }
        Ok(checked)
    }

    /// Whether a server with the test context would answer the request.
    async fn shown_in_test(&mut self, request: &HttpRequest) -> bool {
        let access = Access { unpublished: true, ..request.access.clone() };
        let request = HttpRequest { access, ..request.clone() };
        self.resolve(&request).await.is_ok_and(|outcome| outcome.missing_object.is_none())
    }

    /// Whether static content with the id of the requested image exists.
    async fn is_content(&mut self, request: &HttpRequest) -> bool {
        let Some(object) = request.path.strip_prefix("/is/image/") else { return false };
        let path = format!("/is/content/{object}");
        let request = HttpRequest { path, ..HttpRequest::default() };
        self.resolve(&request).await.is_ok_and(|outcome| outcome.missing_object.is_none())
    }

    /// Resolves a request as the server does, with rules, records and signatures.
    async fn resolve(&mut self, request: &HttpRequest) -> Result<Outcome, Error> {
        if resolve::is_for_content(request) {
            let stage = resolve::content(request, &self.buffer);
            let content = fulfil(&self.objects, &self.buffer, stage).await?;
            let Some(content) = content else { return Ok(Outcome::default()) };
            let absent = content.file.is_none();
            let mut outcome = Outcome::of(content.resolved);
            outcome.missing_object = outcome.missing_object.filter(|_| absent);
            return Ok(outcome);
        }
        let stage = resolve::read(request, &self.buffer);
        let resolved = fulfil(&self.objects, &self.buffer, stage).await?;
        Ok(resolved.filter(Resolved::needs_source).map(Outcome::of).unwrap_or_default())
    }

    /// The catalog of a rootId, with the default catalog as its fallback. Each is read once.
    async fn catalog(&mut self, root: &str) -> Result<Rc<Catalog>> {
        if let Some(catalog) = self.catalogs.get(root) {
            return Ok(Rc::clone(catalog));
        }
        let keys = [Compiled::key(DEFAULT), Compiled::key(root)];
        let [default_key, key] = &keys;
        let default = self.objects.catalog(default_key).await?;
        let named = if root == DEFAULT { None } else { self.objects.catalog(key).await? };
        let catalog = load(
            default
                .as_ref()
                .map(|block| (default_key.as_str(), &block.version, block.bytes.as_slice())),
            named.as_ref().map(|block| (key.as_str(), &block.version, block.bytes.as_slice())),
        )?;
        self.catalogs.insert(root.to_owned(), Rc::clone(&catalog));
        Ok(catalog)
    }
}

/// Why there is no image to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    Unpublished,
    /// The object exists but is not an image.
    OtherType,
}

/// What a resolved request lacks.
#[derive(Default)]
struct Outcome {
    /// The object that the request needs and that does not exist.
    missing_object: Option<MissingObject>,
    /// Whether the server answers the request nevertheless.
    is_answered: bool,
}

impl Outcome {
    fn of(resolved: Resolved) -> Self {
        let described = resolved.answer.reply == Reply::Set && resolved.is_described();
        let is_answered = described
            || resolved.answer.reply == Reply::Exists
            || (resolved.answer.reply == Reply::Map && resolved.has_no_areas());
        let missing_object = resolved.asset.err().filter(|_| !described);
        let missing_object =
            missing_object.map(|error| MissingObject { error, object: resolved.object });
        Self { missing_object, is_answered }
    }
}

/// The path and query that a server gets for a URL. `None` if the URL belongs to another service.
fn request(url: &str) -> Option<(String, String)> {
    let (path, query) = target(url)?;
    let query = query.unwrap_or_default();
    // A default image would hide that the requested one is missing.
    let stands_in = query.to_ascii_lowercase().contains("defaultimage=");
    let none = if stands_in { "&defaultImage=" } else { "" };
    Some((path, format!("{query}{none}")))
}

/// The path of a URL, and its query if it has one, as they are written. A URL without `/is/…` counts
/// as an image request. `None` if the URL belongs to another service.
pub fn target(url: &str) -> Option<(String, Option<String>)> {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = match url.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (url, None),
    };
    let rootless = path.starts_with("is/image/") || path.starts_with("is/content/");
    let path = if rootless { format!("/{path}") } else { path.to_owned() };
    let at = ["/is/image", "/is/content"].iter().filter_map(|context| path.find(context)).min();
    let path = match at {
        Some(at) => path.get(at..).unwrap_or_default().to_owned(),
        None if host(&path) > 0 || path.starts_with('/') => return None,
        None => format!("/is/image/{path}"),
    };
    Some((path, query))
}

/// Sets the error of a report, unless it has one. If a warning has the same message, takes its
/// column and removes it.
fn fail(report: &mut Report, error: &Error) {
    report.ok = false;
    let subject = error.message.split(": ").next();
    let column = |warning: &String| {
        let (column, message) = warning.strip_prefix("column ")?.split_once(": ")?;
        let of_macro = error.kind == ErrorKind::UnknownMacro;
        let same = message == error.message || (of_macro && message.split(": ").next() == subject);
        same.then(|| column.parse().ok()).flatten()
    };
    let at = report.warnings.iter().find_map(column);
    report.warnings.retain(|warning| column(warning).is_none());
    let column = at.unwrap_or(1);
    // The user has the catalog, so the message may list its macros.
    let message = error.clone().listed().message;
    let length = report.length_at(column);
    report.error.get_or_insert(Fault { message, column, length });
}
