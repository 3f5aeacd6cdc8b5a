//! The shop that URLs were written for: its catalogs, before they are published, and its images.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use anyhow::{Context, Result, anyhow, bail};
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, Record, load},
    check::{Fault, Report, check, check_with, host},
    error::{Error, ErrorKind},
    http::HttpRequest,
    limits,
    protocol::decode_path,
    resolve::{self, Content},
    scene::Scene,
    store::{Block, ByteRange, Known, MemoryStore, Read, ReadError, Store, fulfil},
};

use crate::{
    args::CheckArgs,
    publish::{self, compile::compile},
    store::Bucket,
};

/// URLs after which what was read of the store is forgotten.
const REMEMBERED: usize = 2_000;

/// The catalogs and images of a shop.
pub struct Shop {
    objects: Objects,
    /// Whether anything but the built-in catalog was named.
    named: bool,
    /// Whether images can be looked up.
    stored: bool,
    catalogs: HashMap<String, Rc<Catalog>>,
    known: Known,
    urls: usize,
}

/// What a folder would publish, over what is stored.
struct Objects {
    folder: MemoryStore,
    bucket: Option<Bucket>,
}

impl Objects {
    async fn whole(&self, key: &str) -> Result<Option<Block>> {
        let range = ByteRange::new(0, limits::CATALOG_BYTES);
        match self.read(&Read { key: key.to_owned(), range, version: None }).await {
            Ok(block) => Ok(Some(block)),
            Err(ReadError::NotFound) => Ok(None),
            Err(error) => bail!("{key}: {error}"),
        }
    }
}

impl Store for Objects {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let mut read = read.clone();
        // Whether a pyramid is there is all that is asked of it.
        if read.key.starts_with("assets/") {
            read.range = ByteRange::new(read.range.start, 0);
        }
        let read = &read;
        match (self.folder.read(read).await, &self.bucket) {
            (Err(ReadError::NotFound), Some(bucket)) => bucket.read(read).await,
            (answer, _) => answer,
        }
    }
}

impl Shop {
    /// Compiles the folder and opens the store, where they are named.
    pub fn open(args: &CheckArgs) -> Result<Self> {
        let folder = MemoryStore::new();
        if let Some(path) = &args.catalog {
            let files = publish::files(path)?;
            let compiled = compile(&files);
            let errors = compiled.problems.errors().join("\n");
            if !errors.is_empty() {
                return Err(anyhow!("{errors}")).with_context(|| path.display().to_string());
            }
            for (root, catalog) in &compiled.catalogs {
                // An image in place of a missing one would hide that it is missing.
                let mut catalog = catalog.clone();
                catalog.attributes.remove("DefaultImage");
                folder.put(&Compiled::key(root), catalog.to_json()?);
            }
            let mut records: BTreeMap<String, Record> = BTreeMap::new();
            for (root, row) in &compiled.rows {
                row.lay_over(records.entry(Record::key(root, &row.id)).or_default())?;
            }
            for (key, record) in &records {
                folder.put(key, record.to_json()?);
            }
        }
        let from = args.from.as_ref();
        let bucket = from.map(|from| Bucket::open(from, args.state.as_deref())).transpose()?;
        let (named, stored) = (args.catalog.is_some() || bucket.is_some(), bucket.is_some());
        let objects = Objects { folder, bucket };
        let (catalogs, known) = (HashMap::new(), Known::default());
        Ok(Self { objects, named, stored, catalogs, known, urls: 0 })
    }

    /// Checks one URL, and says whether its image is missing.
    pub async fn check(&mut self, url: &str) -> Result<(Report, Option<bool>)> {
        let Some((path, query)) = request(url) else { return Ok((check(url), None)) };
        let root = path.split('/').nth(3).map(decode_path);
        let root =
            root.filter(|root| !root.contains(|c: char| c.is_control() || "/\\".contains(c)));
        let catalog = self.catalog(root.as_deref().unwrap_or(DEFAULT)).await?;
        let mut report = check_with(url, &catalog);
        if !self.named || report.service.is_some() {
            return Ok((report, None));
        }
        self.urls += 1;
        if self.urls.is_multiple_of(REMEMBERED) {
            self.known = Known::default();
            self.objects.folder.take_reads();
        }
        let request = HttpRequest { path, query, ..HttpRequest::default() };
        let missing = match self.resolve(&request).await {
            Ok(missing) => missing,
            Err(error) if error.kind == ErrorKind::NotFound => Some(error),
            // The store's own failure says nothing of the URL.
            Err(error) if matches!(error.kind, ErrorKind::Storage | ErrorKind::Changed) => {
                return Err(error.into());
            }
            Err(error) => {
                fail(&mut report, &error);
                None
            }
        };
        if !self.stored {
            return Ok((report, None));
        }
        if let Some(error) = &missing {
            fail(&mut report, error);
        }
        Ok((report, Some(missing.is_some())))
    }

    /// Resolves a request as the server does, with rules, records and signatures; the error of its
    /// image when that is not there.
    async fn resolve(&mut self, request: &HttpRequest) -> Result<Option<Error>, Error> {
        if resolve::is_for_content(request) {
            let stage = |known: &Known| resolve::content(request, known);
            let content = fulfil(&self.objects, &mut self.known, stage).await?;
            let absent =
                |content: Content| content.file.is_none().then(|| content.scene.asset.err());
            return Ok(content.and_then(absent).flatten());
        }
        let stage = |known: &Known| resolve::read(request, known);
        let scene: Option<Scene> = fulfil(&self.objects, &mut self.known, stage).await?;
        let scene = scene.filter(Scene::needs_source);
        Ok(scene.and_then(|scene| scene.asset.err()))
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

/// Path and query of a URL as a server gets them; without `/is/…`, of an image. `None` where it is
/// a URL of something else.
fn request(url: &str) -> Option<(String, String)> {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let at = ["/is/image", "/is/content"].iter().filter_map(|context| path.find(context)).min();
    let path = match at {
        Some(at) => path.get(at..).unwrap_or_default().to_owned(),
        None if host(path) > 0 => return None,
        None => format!("/is/image/{}", path.trim_start_matches('/')),
    };
    Some((path, query.to_owned()))
}

/// What the server would answer with, where nothing was found wrong before.
fn fail(report: &mut Report, error: &Error) {
    report.ok = false;
    report.error.get_or_insert_with(|| Fault { message: error.message.clone(), column: 1 });
}
