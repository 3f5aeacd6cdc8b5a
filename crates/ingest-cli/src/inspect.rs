//! `azulejo inspect`: shows the structure and metadata of a pyramid, or of an original.

use std::{
    fs::File,
    io::{BufReader, Read as _, Seek as _, Write as _},
    path::Path,
};

use anyhow::{Context, Result, anyhow};
use azulejo::{
    catalog::Record,
    pyramid::insert_index,
    store::{FetchBuffer, Fetched},
};
use originals::inspect::{self, Report};

use crate::{
    args::InspectArgs,
    asset::Asset,
    ingest::svg,
    store::{Bucket, Location},
};

/// The memory that the header of an original may take, in bytes.
const MEMORY: u64 = 1 << 30;

/// Prints the structure and metadata of a pyramid or an original. Opens a pyramid as the Worker
/// does.
pub async fn run(args: &InspectArgs) -> Result<()> {
    let report = match args.what.as_slice() {
        [file] => {
            let path = Path::new(file).canonicalize().with_context(|| file.clone())?;
            match original(file, &path).with_context(|| file.clone())? {
                Some(report) => report,
                None => {
                    let folder = path.parent().context("a file lies in a folder")?.to_owned();
                    let name = path.file_name().context("not a file")?.to_string_lossy();
                    let bucket = Bucket::open(&Location::Folder(folder), None)?;
                    pyramid(args, &bucket, &name).await?
                }
            }
        }
        [store, key, ..] => {
            let location: Location = store.parse().map_err(|error: String| anyhow!(error))?;
            let bucket = Bucket::open(&location, args.state.as_deref())?;
            pyramid(args, &bucket, key).await?
        }
        [] => return Err(anyhow!("name a file, or a store and a key")),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        return Ok(());
    }
    report.print(&mut out)?;
    Ok(())
}

/// The report on a file that is no TIFF; `None` for a TIFF, which may be a pyramid.
fn original(name: &str, path: &Path) -> Result<Option<Report>> {
    if svg::is_xml(path)? {
        return Err(anyhow!("an SVG has no pyramid: ingest stores it as it is"));
    }
    let mut file = BufReader::new(File::open(path)?);
    let len = file.get_ref().metadata()?.len();
    let mut head = Vec::new();
    (&mut file).take(4).read_to_end(&mut head)?;
    if originals::is_tiff(&head) {
        return Ok(None);
    }
    file.rewind()?;
    let original = originals::open(file, len, MEMORY)?;
    Ok(Some(Report::of_original(name.to_owned(), &original, len)))
}

async fn pyramid(args: &InspectArgs, bucket: &Bucket, key: &str) -> Result<Report> {
    let mut fetched = Fetched::default();
    let record = Asset::of_pyramid(key).map(|asset| asset.record());
    if let Some(record) = record
        && let Some(record) = bucket.get(&record).await?
        && let Ok(record) = Record::from_json(&record)
        && let Some(index) = record.pyramid_index()
    {
        insert_index(key, index, &mut fetched);
    }
    let name = args.what.join(" ");
    let report = inspect::pyramid(name.clone(), key, bucket, &FetchBuffer::new(fetched)).await;
    report.map_err(|error| anyhow!("{name}: {}", error.message))
}
