//! `azulejo purge`: prints the URLs or tags to purge at a CDN in front of the server.

mod catalogs;
mod names;
mod print;
mod shown_by;
mod stored;
mod template;
mod urls;

use std::collections::BTreeSet;

use anyhow::Result;
use azulejo::{http::CacheTags, resolved::Tag};

use self::{catalogs::Catalogs, shown_by::ShownBy, stored::StoredNames, template::Template};
use crate::{
    args::{PurgeArgs, Usage, root_id},
    asset::Asset,
    objects,
    store::Bucket,
};

/// What an argument names.
enum Wanted {
    Object(Asset),
    Catalog(String),
}

impl Wanted {
    fn parse(text: &str) -> Result<Self> {
        match text.strip_suffix('/') {
            Some(root) => match root_id(root) {
                Ok(root) => Ok(Self::Catalog(root)),
                Err(wrong) => Err(Usage(format!("{text}: {wrong}, then a slash")).into()),
            },
            None => objects::parse(text).map(Self::Object),
        }
    }
}

/// Prints what the arguments ask for.
pub async fn run(args: &PurgeArgs) -> Result<()> {
    let wanted: Vec<Wanted> =
        args.objects.iter().map(|object| Wanted::parse(object)).collect::<Result<_>>()?;
    let (field, lines) = match args.tags {
        true => ("tags", tags(&wanted, args.hashed)),
        false => ("files", urls(&wanted, args).await?),
    };
    print::batches(field, &lines, args)
}

/// The tags of the replies that show any of these, and of the replies that do not name all that
/// they show.
fn tags(wanted: &[Wanted], hashed: bool) -> Vec<String> {
    let form = if hashed { CacheTags::Hashed } else { CacheTags::Names };
    let tags = wanted.iter().map(|wanted| match wanted {
        Wanted::Object(asset) => Tag::Object(&asset.name()).text(form),
        Wanted::Catalog(root) => Tag::Catalog(root).text(form),
    });
    distinct(tags.chain([Tag::Unnamed.text(form)]))
}

async fn urls(wanted: &[Wanted], args: &PurgeArgs) -> Result<Vec<String>> {
    let bucket = Bucket::open(&args.from, args.state.as_deref())?;
    let template = args.template.as_deref().map(Template::read).transpose()?;
    let mut catalogs = Catalogs::new(&bucket);
    let mut names = StoredNames::default();
    for wanted in wanted {
        match wanted {
            Wanted::Object(asset) => names.add(&bucket, asset).await?,
            Wanted::Catalog(root) => names.add_catalog(&bucket, root).await?,
        }
    }
    if !args.alone {
        let shown_by = ShownBy::read(&bucket, &mut catalogs).await?;
        for asset in shown_by.showing(names.all()) {
            names.add_image(&bucket, &asset).await?;
        }
        for note in shown_by.notes(names.all()) {
            print::note(&note)?;
        }
    }
    let host = args.host.as_deref().unwrap_or_default().trim_end_matches('/');
    let mut urls = Vec::new();
    for stored in names.all() {
        let plain = stored.plain_urls(host);
        if args.presets {
            let presets = catalogs.presets(&stored.asset.root).await?;
            let of_images = plain.iter().filter(|url| url.contains(urls::IMAGES));
            urls.extend(of_images.flat_map(|url| {
                presets.iter().map(move |preset| format!("{url}?${}$", urls::encoded(preset)))
            }));
        }
        urls.extend(plain);
        urls.extend(template.iter().flat_map(|template| template.urls(stored, host)));
    }
    Ok(distinct(urls.into_iter()))
}

/// Without those that came before.
fn distinct(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    lines.filter(|line| seen.insert(line.clone())).collect()
}
