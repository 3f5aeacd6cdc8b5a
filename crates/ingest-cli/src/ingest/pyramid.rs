//! One original to the file that is put.

use std::{
    any::Any,
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read as _, Seek, SeekFrom, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail};
use azulejo::{
    limits,
    pyramid::{Index, Rows, open, write::Scratch},
    store::{FetchBuffer, fulfil},
};
use originals::Original;
use tempfile::NamedTempFile;

use super::{
    budget::{Budget, Share},
    settings::Settings,
    smart::{self, Found},
    svg,
};
use crate::{
    asset::Asset,
    store::{OneFile, Staging},
};

/// What an original became.
pub struct Made {
    /// The whole file.
    pub file: NamedTempFile,
    /// Bytes of it.
    pub len: u64,
    /// A pyramid; an SVG is none.
    pub pyramid: Option<Pyramid>,
    /// What was wrong with the original, which was let pass.
    pub warning: Option<String>,
    /// The memory that making it took.
    pub share: Share,
}

/// A finished pyramid.
pub struct Pyramid {
    /// What it takes to open it.
    pub index: Index,
    /// Whether it takes more than one read to open it.
    pub remote: bool,
    /// Smart crops and swatch.
    pub found: Found,
}

/// What makes pyramids: the memory they may take, and where they are written.
#[derive(Clone)]
pub struct Maker {
    /// The memory of all of them together.
    pub budget: Budget,
    /// Where they wait to be put.
    pub staging: Staging,
    /// Whether damaged originals are taken as far as they can be decoded.
    pub allow_damaged: bool,
}

impl Maker {
    /// Makes the pyramid of an original, or checks that it is one; or an SVG.
    pub fn make(&self, settings: &Settings, path: &Path) -> Result<Made> {
        guarded(|| match settings.as_is {
            _ if svg::is_one(path)? => self.vector(path),
            true => self.as_is(settings, path),
            false => self.decoded(settings, path),
        })
    }

    /// An error where making it would be one. A picture is decoded, and nothing made of it.
    pub fn check(&self, settings: &Settings, path: &Path) -> Result<()> {
        guarded(|| match settings.as_is {
            _ if svg::is_one(path)? => self.vector(path).map(drop),
            true => self.as_is(settings, path).map(drop),
            false => {
                let (opened, options, _share) = self.opened(settings, path)?;
                Ok(opened.check(options).map(drop)?)
            }
        })
    }

    fn vector(&self, path: &Path) -> Result<Made> {
        let share = self.budget.take(svg::memory(fs::metadata(path)?.len())?)?;
        let text = fs::read(path)?;
        svg::check(&text)?;
        let mut file = self.staging.file()?;
        file.write_all(&text)?;
        Ok(Made { file, len: text.len() as u64, pyramid: None, warning: None, share })
    }

    /// An original that is opened, how its pyramid is made, and the memory for it.
    fn opened(
        &self,
        settings: &Settings,
        path: &Path,
    ) -> Result<(Original<'static>, originals::Options, Share)> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let opened = originals::open(BufReader::new(file), len, self.budget.all())?;
        let options =
            originals::Options { allow_damaged: self.allow_damaged, ..settings.options() };
        let share = self.budget.take(opened.memory(options))?;
        Ok((opened, options, share))
    }

    fn decoded(&self, settings: &Settings, path: &Path) -> Result<Made> {
        let (opened, options, share) = self.opened(settings, path)?;
        let scratch = || self.staging.scratch().map(|file| Waiting(BufWriter::new(file)));
        let mut made = BufWriter::new(self.staging.file()?);
        let warning =
            opened.pyramid_into(options, &mut made, scratch).map_err(|error| {
                match error.is_damaged() {
                    true => {
                        anyhow!("{error}; --allow-damaged stores it as far as it can be decoded")
                    }
                    false => error.into(),
                }
            })?;
        let made = made.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Made { warning, ..opened_again(settings, made, share)? })
    }

    fn as_is(&self, settings: &Settings, path: &Path) -> Result<Made> {
        let len = fs::metadata(path)?.len();
        // Its directories, and what is drawn of it to find its subject.
        let share = self.budget.take(len.min(limits::MEMORY))?;
        let mut copy = self.staging.file()?;
        io::copy(&mut File::open(path)?, copy.as_file_mut())?;
        opened_again(settings, copy, share).context("not a pyramid that can be served as it is")
    }
}

/// Decoders are others' code and files are anybody's: a panic costs one image, not all. Nothing of
/// what it leaves behind is used again.
fn guarded<T>(make: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|words| Err(anyhow!("its decoder failed: {}", said(words.as_ref()))))
}

/// What was said in a panic.
fn said(words: &dyn Any) -> &str {
    let text = words.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| words.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

/// The tiles of a level, until all levels are made.
struct Waiting(BufWriter<File>);

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Scratch for Waiting {
    fn copy_to(self, out: &mut dyn Write) -> io::Result<()> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        io::copy(&mut file, out).map(drop)
    }
}

/// Decodes the first tile of every level: a file that opens may hold what no request could draw.
fn levels_decode(index: &Index, mut file: &File) -> Result<()> {
    for level in &index.levels {
        let columns = 0..level.width.min(level.tile_width);
        let rows = 0..level.height.min(level.tile_height);
        let size = format!("the level of {} × {} pixels", level.width, level.height);
        if Rows::memory(level, columns.clone()) > limits::MEMORY {
            bail!("{size} has tiles that take more memory than a request may; ingest it");
        }
        let mut tiles = BTreeMap::new();
        for number in level.tiles_in(columns.clone(), rows.clone()) {
            let span = level.tile(number).context("a tile that is not listed")?;
            if span.start.saturating_add(span.len) > index.len {
                bail!("{size}: tile {number} lies behind the end of the file");
            }
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(span.start))?;
            file.take(span.len).read_to_end(&mut bytes)?;
            tiles.insert(number, bytes);
        }
        let tile = |number: usize| tiles.get(&number).map(Vec::as_slice);
        let mut decoded =
            Rows::new(level, columns, rows, tile).map_err(|error| anyhow!(error.message))?;
        while let Some(row) = decoded.next_row() {
            row.map_err(|error| anyhow!("{size} cannot be decoded: {}", error.message))?;
        }
    }
    Ok(())
}

/// Opens a pyramid as the server will.
fn opened_again(settings: &Settings, file: NamedTempFile, share: Share) -> Result<Made> {
    let asset = Asset { root: "ingest".into(), id: "pyramid".into() };
    let key = asset.pyramid();
    let len = file.as_file().metadata()?.len();
    let store = OneFile::new(&key, file.reopen()?)?;
    let buffer = FetchBuffer::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = runtime.block_on(fulfil(&store, &buffer, open(&key, &buffer)));
    let index = opened.map_err(|error| anyhow!(error.message))?;
    // The server draws them of other servers, whole; here they can be had better.
    if index.levels.iter().any(|level| level.compression.is_file()) {
        bail!("a JPEG or PNG is no pyramid; ingest it without --as-is");
    }
    levels_decode(&index, file.as_file())?;
    let found = runtime.block_on(smart::find(settings, &asset, &index, &store))?;
    // Our own layout opens in one read without help.
    let pyramid = Some(Pyramid { index, remote: buffer.fetched().reads > 1, found });
    Ok(Made { file, len, pyramid, warning: None, share })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_costs_its_image_only() {
        for (words, panic) in [
            ("its decoder failed: row 7", (|| panic!("row {}", 7)) as fn() -> Result<()>),
            ("its decoder failed: no rows", || panic!("no rows")),
            ("its decoder failed: without a word", || std::panic::panic_any(7)),
        ] {
            assert_eq!(guarded(panic).unwrap_err().to_string(), words);
        }
        assert_eq!(guarded(|| Ok(7)).unwrap(), 7);
    }
}
