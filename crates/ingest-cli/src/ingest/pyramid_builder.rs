//! Builds the file to store of one original.

use std::{
    any::Any,
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Seek, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use anyhow::{Context, Error, Result, anyhow};
use azulejo::{
    limits,
    pyramid::{Index, write::Scratch},
};
use originals::Original;
use tempfile::NamedTempFile;

use super::{
    budget::{Budget, Reservation},
    facts::{self, Facts, Warning},
    settings::Settings,
    smart_crop::SmartCrops,
    svg,
    verify::verified,
};
use crate::store::Staging;

/// The file that was built of an original.
pub struct Built {
    /// The file.
    pub file: NamedTempFile,
    /// Its length in bytes.
    pub len: u64,
    /// The pyramid in the file; `None` for an SVG.
    pub pyramid: Option<Pyramid>,
    /// What the original was.
    pub facts: Facts,
    /// Warnings about it.
    pub warnings: Vec<Warning>,
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

    /// Fails where [`PyramidBuilder::build`] would fail, and returns the same facts and warnings.
    /// Decodes a picture without building its pyramid.
    pub fn check(&self, settings: &Settings, path: &Path) -> Result<(Facts, Vec<Warning>)> {
        let told = |built: Built| (built.facts, built.warnings);
        catch_panics(|| match settings.as_is {
            _ if svg::is_xml(path)? => self.vector(path).map(told),
            true => self.as_is(settings, path).map(told),
            false => {
                let OpenedOriginal { original, options, reservation } =
                    self.opened(settings, path)?;
                let format = original.format.name;
                let decoded = original.check(options).map_err(unreadable)?;
                drop(reservation);
                let facts = Facts::of(format, &decoded);
                let warnings = facts::warnings(&facts, &decoded);
                Ok((facts, warnings))
            }
        })
    }

    fn vector(&self, path: &Path) -> Result<Built> {
        let reservation = self.budget.reserve(svg::memory(fs::metadata(path)?.len())?)?;
        let text = fs::read(path)?;
        svg::check(&text)?;
        let mut file = self.staging.file()?;
        file.write_all(&text)?;
        let facts = Facts { format: Some(svg::FORMAT.name), ..Facts::default() };
        let (len, warnings) = (text.len() as u64, Vec::new());
        Ok(Built { file, len, pyramid: None, facts, warnings, reservation })
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
        let format = original.format.name;
        let mut built = BufWriter::new(self.staging.file()?);
        let decoded =
            original.pyramid_into(options, &mut built, scratch, &mut |_| {}).map_err(unreadable)?;
        let built = built.into_inner().map_err(io::IntoInnerError::into_error)?;
        let facts = Facts::of(format, &decoded);
        let warnings = facts::warnings(&facts, &decoded);
        Ok(Built { facts, warnings, ..verified(settings, built, reservation)? })
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

/// A damaged original, which `--allow-damaged` would take.
#[derive(Debug)]
pub struct Damaged(String);

impl Damaged {
    /// What is damaged.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; --allow-damaged stores it as far as it can be decoded", self.0)
    }
}

impl std::error::Error for Damaged {}

fn unreadable(error: originals::Unreadable) -> Error {
    if error.is_damaged() { Damaged(error.to_string()).into() } else { error.into() }
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
