//! The shop that URLs were written for: its catalogs and records as a publish would leave them, and
//! its images.

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
    missing::{self, Lack},
    objects::Objects,
    sources::Sources,
};
use crate::args::CheckArgs;

/// URLs after which what was read of the store is forgotten.
const REMEMBERED: usize = 2_000;

/// The catalogs and images of a shop.
pub struct Shop<'a> {
    objects: Objects<'a>,
    /// Whether anything but the built-in catalog was named.
    named: bool,
    /// Whether images can be looked up.
    stored: bool,
    catalogs: HashMap<String, Rc<Catalog>>,
    buffer: FetchBuffer,
    urls: usize,
}

impl<'a> Shop<'a> {
    /// The shop that a publish of the folder would leave in the store.
    pub async fn open(args: &CheckArgs, sources: &'a Sources) -> Result<Self> {
        let objects = Objects::new(args, sources).await?;
        let (named, stored) =
            (sources.folder.is_some() || sources.bucket.is_some(), sources.bucket.is_some());
        let (catalogs, buffer) = (HashMap::new(), FetchBuffer::default());
        Ok(Self { objects, named, stored, catalogs, buffer, urls: 0 })
    }

    /// Checks one URL, and says whether its image is missing.
    pub async fn check(&mut self, url: &str) -> Result<Checked> {
        let asked = request(url).filter(|_| self.named);
        let Some((path, query)) = asked else { return Ok(Checked::of(check(url))) };
        let root = path.split('/').nth(3).map(decode_path);
        let root =
            root.filter(|root| !root.contains(|c: char| c.is_control() || "/\\".contains(c)));
        let catalog = self.catalog(root.as_deref().unwrap_or(DEFAULT)).await?;
        let mut checked = Checked::of(check_with(url, &catalog));
        self.urls += 1;
        if self.urls.is_multiple_of(REMEMBERED) {
            self.buffer = FetchBuffer::default();
            self.objects.forget_reads();
        }
        let request = HttpRequest { path, query, ..HttpRequest::default() };
        let (lack, answered) = match self.resolve(&request).await {
            Ok(resolved) => {
                // A rule may have led to a catalog that has it.
                checked.report.warnings.retain(|warning| !warning.ends_with(UNKNOWN_MACRO));
                (resolved.lack, resolved.answered)
            }
            Err(error) if error.kind == ErrorKind::NotFound => (Some(Lack::of(error)), false),
            // The store's own failure says nothing of the URL.
            Err(error) if matches!(error.kind, ErrorKind::Storage | ErrorKind::Changed) => {
                return Err(error.into());
            }
            Err(error) => {
                fail(&mut checked.report, &error);
                (None, false)
            }
        };
        if !self.stored {
            return Ok(checked);
        }
        checked.missing = Some(false);
        let Some(lack) = lack else { return Ok(checked) };
        let (error, kind) = if self.shown_in_test(&request).await {
            (missing::unpublished(&lack), Kind::Unpublished)
        } else {
            let content = self.is_content(&request).await;
            match missing::another(&lack, content, &self.objects).await? {
                Some(error) => (error, Kind::Another),
                None => (lack.error, Kind::Missing),
            }
        };
        checked.missing = Some(kind == Kind::Missing);
        checked.unpublished = kind == Kind::Unpublished;
        if !answered {
            fail(&mut checked.report, &error);
        }
        Ok(checked)
    }

    /// Whether a test context shows what the public does not.
    async fn shown_in_test(&mut self, request: &HttpRequest) -> bool {
        let access = Access { unpublished: true, ..request.access.clone() };
        let request = HttpRequest { access, ..request.clone() };
        self.resolve(&request).await.is_ok_and(|resolved| resolved.lack.is_none())
    }

    /// Whether there is static content of the id of an image.
    async fn is_content(&mut self, request: &HttpRequest) -> bool {
        let Some(behind) = request.path.strip_prefix("/is/image/") else { return false };
        let path = format!("/is/content/{behind}");
        let request = HttpRequest { path, ..HttpRequest::default() };
        self.resolve(&request).await.is_ok_and(|resolved| resolved.lack.is_none())
    }

    /// Resolves a request as the server does, with rules, records and signatures.
    async fn resolve(&mut self, request: &HttpRequest) -> Result<Resolved, Error> {
        if resolve::is_for_content(request) {
            let stage = resolve::content(request, &self.buffer);
            let content = fulfil(&self.objects, &self.buffer, stage).await?;
            let Some(content) = content else { return Ok(Resolved::default()) };
            let absent = content.file.is_none();
            let mut resolved = Resolved::of(content.scene);
            resolved.lack = resolved.lack.filter(|_| absent);
            return Ok(resolved);
        }
        let stage = resolve::read(request, &self.buffer);
        let scene = fulfil(&self.objects, &self.buffer, stage).await?;
        Ok(scene.filter(Resolved::needs_source).map(Resolved::of).unwrap_or_default())
    }

    /// The catalog of a rootId with the default catalog behind it, read once.
    async fn catalog(&mut self, root: &str) -> Result<Rc<Catalog>> {
        if let Some(catalog) = self.catalogs.get(root) {
            return Ok(Rc::clone(catalog));
        }
        let keys = [Compiled::key(DEFAULT), Compiled::key(root)];
        let [default_key, key] = &keys;
        let default = self.objects.whole(default_key).await?;
        let named = if root == DEFAULT { None } else { self.objects.whole(key).await? };
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

/// Why there is no image to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    Unpublished,
    /// It is there as something else than an image.
    Another,
}

/// A request that was resolved.
#[derive(Default)]
struct Resolved {
    /// What it lacks.
    lack: Option<Lack>,
    /// Whether it is answered all the same.
    answered: bool,
}

impl Resolved {
    fn of(scene: Resolved) -> Self {
        let described = scene.answer.reply == Reply::Set && scene.is_described();
        let answered = described
            || scene.answer.reply == Reply::Exists
            || (scene.answer.reply == Reply::Map && scene.has_no_areas());
        let path = scene.answer.record.and_then(|(record, _)| record.fields.path);
        let lack = scene.asset.err().filter(|_| !described);
        let lack = lack.map(|error| Lack { error, object: scene.object, path });
        Self { lack, answered }
    }
}

/// Path and query of a URL as a server gets them; without `/is/…`, of an image. `None` where it is
/// a URL of something else.
fn request(url: &str) -> Option<(String, String)> {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let rootless = path.starts_with("is/image/") || path.starts_with("is/content/");
    let path = if rootless { format!("/{path}") } else { path.to_owned() };
    let at = ["/is/image", "/is/content"].iter().filter_map(|context| path.find(context)).min();
    let path = match at {
        Some(at) => path.get(at..).unwrap_or_default().to_owned(),
        None if host(&path) > 0 || path.starts_with('/') => return None,
        None => format!("/is/image/{path}"),
    };
    // An image in place of a missing one would hide that it is missing.
    let stands_in = query.to_ascii_lowercase().contains("defaultimage=");
    let none = if stands_in { "&defaultImage=" } else { "" };
    Some((path, format!("{query}{none}")))
}

/// What the server would answer with, where nothing was found wrong before. A warning of the same
/// has the column, and is told no more.
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
    // Who has the catalog may learn what macros there are.
    let message = error.clone().listed().message;
    report.error.get_or_insert(Fault { message, column });
}
