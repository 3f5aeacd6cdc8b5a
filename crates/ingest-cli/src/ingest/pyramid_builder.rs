//! Builds the file to store of one original.

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
    budget::{Budget, Reservation},
    settings::Settings,
    smart_crop::{self, SmartCrops},
    svg,
};
use crate::{
    asset::Asset,
    store::{FileStore, Staging},
};

/// The file that was built of an original.
pub struct Built {
    /// The file.
    pub file: NamedTempFile,
    /// Its length in bytes.
    pub len: u64,
    /// The pyramid in the file; `None` for an SVG.
    pub pyramid: Option<Pyramid>,
    /// Tolerated damage of the original.
    pub warning: Option<String>,
    /// The memory that was reserved for building it.
    pub reservation: Reservation,
}

/// A pyramid that has been verified.
pub struct Pyramid {
    /// Its index.
    pub index: Index,
    /// Whether opening it needs more than one read, because another program wrote it.
    pub third_party: bool,
    /// Smart crops and swatch.
    pub smart_crops: SmartCrops,
}

/// Builds pyramids.
#[derive(Clone)]
pub struct PyramidBuilder {
    /// The memory budget of all builds together.
    pub budget: Budget,
    /// Where files are staged before they are stored.
    pub staging: Staging,
    /// Whether damaged originals are accepted as far as they can be decoded.
    pub allow_damaged: bool,
}

/// An original that is open, and the memory that is reserved for its pyramid.
struct OpenedOriginal {
    original: Original<'static>,
    options: originals::Options,
    reservation: Reservation,
}

impl PyramidBuilder {
    /// Builds the pyramid of an original. With `as_is`, copies and verifies an existing pyramid.
    /// Copies and checks an SVG.
    pub fn build(&self, settings: &Settings, path: &Path) -> Result<Built> {
        catch_panics(|| match settings.as_is {
            _ if svg::is_xml(path)? => self.vector(path),
            true => self.as_is(settings, path),
            false => self.decoded(settings, path),
        })
    }

    /// Fails where [`PyramidBuilder::build`] would fail. Decodes a picture without building its
    /// pyramid.
    pub fn check(&self, settings: &Settings, path: &Path) -> Result<()> {
        catch_panics(|| match settings.as_is {
            _ if svg::is_xml(path)? => self.vector(path).map(drop),
            true => self.as_is(settings, path).map(drop),
            false => {
                let OpenedOriginal { original, options, reservation } =
                    self.opened(settings, path)?;
                let checked = original.check(options).map(drop);
                drop(reservation);
                Ok(checked?)
            }
        })
    }

    fn vector(&self, path: &Path) -> Result<Built> {
        let reservation = self.budget.reserve(svg::memory(fs::metadata(path)?.len())?)?;
        let text = fs::read(path)?;
        svg::check(&text)?;
        let mut file = self.staging.file()?;
        file.write_all(&text)?;
        Ok(Built { file, len: text.len() as u64, pyramid: None, warning: None, reservation })
    }

    /// Opens an original, and reserves the memory for building its pyramid.
    fn opened(&self, settings: &Settings, path: &Path) -> Result<OpenedOriginal> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let original = originals::open(BufReader::new(file), len, self.budget.total())?;
        let options =
            originals::Options { allow_damaged: self.allow_damaged, ..settings.options() };
        let reservation = self.budget.reserve(original.memory(options))?;
        Ok(OpenedOriginal { original, options, reservation })
    }

    fn decoded(&self, settings: &Settings, path: &Path) -> Result<Built> {
        let OpenedOriginal { original, options, reservation } = self.opened(settings, path)?;
        let scratch = || self.staging.scratch().map(|file| ScratchFile(BufWriter::new(file)));
        let mut built = BufWriter::new(self.staging.file()?);
        let warning = original.pyramid_into(options, &mut built, scratch).map_err(|error| {
            match error.is_damaged() {
                true => {
                    anyhow!("{error}; --allow-damaged stores it as far as it can be decoded")
                }
                false => error.into(),
            }
        })?;
        let built = built.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Built { warning, ..verified(settings, built, reservation)? })
    }

    fn as_is(&self, settings: &Settings, path: &Path) -> Result<Built> {
        let len = fs::metadata(path)?.len();
        // Memory for its directories, and for the rendering that detects the subject.
        let reservation = self.budget.reserve(len.min(limits::MEMORY))?;
        let mut copy = self.staging.file()?;
        io::copy(&mut File::open(path)?, copy.as_file_mut())?;
        verified(settings, copy, reservation).context("not a pyramid that can be served as it is")
    }
}

/// Turns a panic into an error, so that a bug in a third-party decoder fails one image and not all.
/// This is safe because nothing that the panic interrupted is used afterwards.
fn catch_panics<T>(build: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(build)).unwrap_or_else(|payload| {
        Err(anyhow!("its decoder failed: {}", panic_message(payload.as_ref())))
    })
}

/// The message of a panic.
fn panic_message(payload: &dyn Any) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}

/// The tiles of one level, buffered until all levels are complete.
struct ScratchFile(BufWriter<File>);

impl Write for ScratchFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Scratch for ScratchFile {
    fn copy_to(self, out: &mut dyn Write) -> io::Result<()> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        io::copy(&mut file, out).map(drop)
    }
}

/// Decodes the first tile of every level, since a file that can be opened may have tiles that
/// cannot be rendered.
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
                bail!("{size}: tile {number} lies after the end of the file");
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

/// Opens a pyramid as the server does, decodes a tile of each level, and detects the subject.
fn verified(settings: &Settings, file: NamedTempFile, reservation: Reservation) -> Result<Built> {
    let asset = Asset { root: "ingest".into(), id: "pyramid".into() };
    let key = asset.pyramid();
    let len = file.as_file().metadata()?.len();
    let store = FileStore::new(&key, file.reopen()?)?;
    let buffer = FetchBuffer::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let opened = runtime.block_on(fulfil(&store, &buffer, open(&key, &buffer)));
    let index = opened.map_err(|error| anyhow!(error.message))?;
    // The server renders JPEG and PNG files only from remote servers. Here, ingest builds a pyramid
    // of them.
    if index.levels.iter().any(|level| level.compression.is_file()) {
        bail!("a JPEG or PNG is no pyramid; ingest it without --as-is");
    }
    levels_decode(&index, file.as_file())?;
    let smart_crops = runtime.block_on(smart_crop::find(settings, &asset, &index, &store))?;
    // Azulejo's own layout opens in one read.
    let third_party = buffer.fetched().reads > 1;
    let pyramid = Some(Pyramid { index, third_party, smart_crops });
    Ok(Built { file, len, pyramid, warning: None, reservation })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_decoder_becomes_an_error() {
        for (message, panic) in [
            ("its decoder failed: row 7", (|| panic!("row {}", 7)) as fn() -> Result<()>),
            ("its decoder failed: no rows", || panic!("no rows")),
            ("its decoder failed: without a message", || std::panic::panic_any(7)),
        ] {
            assert_eq!(catch_panics(panic).unwrap_err().to_string(), message);
        }
        assert_eq!(catch_panics(|| Ok(7)).unwrap(), 7);
    }
}
