//! When a JPEG counts as damaged. One rule for originals, files of other servers, files dropped on
//! the page, and tiles.
//!
//! A JPEG is whole when every block of every component is decoded from the bytes of its own scans.
//!
//! * Damaged: a scan or a restart interval that ends before its last block; a Huffman code that
//!   no table has; a restart marker that is missing or out of order; a component without a scan;
//!   a progressive file that ends, without an end marker (EOI), before all its coefficients have
//!   their full precision.
//! * Not damaged: no EOI, as long as nothing else is lacking; bytes between segments, after a
//!   scan and after the EOI; a DNL segment, whatever height it repeats.
//!
//! A damaged JPEG is refused. Only `azulejo ingest --allow-damaged` decodes it all the same: what
//! is lacking is mid-grey, or as coarse as the scans that are there, and the next restart marker
//! is where decoding goes on.

use crate::error::Error;

/// Why a JPEG is not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is damaged by the rule above: what is wrong.
    Damaged(&'static str),
    /// It is of a kind that is not decoded: which, and what to do.
    Unsupported(String),
}

/// What becomes of a damaged JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDamage {
    /// It is an error.
    #[default]
    Refuse,
    /// It is decoded as far as it goes; what was wrong is noted.
    Fill,
}

/// A scan lacks bytes.
pub const ENDS_EARLY: &str = "it ends early";

/// What is wrong with a JPEG, noted once or refused at once.
#[derive(Debug, Default)]
pub struct Damage {
    rule: OnDamage,
    /// The first thing that was wrong.
    pub found: Option<&'static str>,
}

impl Damage {
    /// Nothing is wrong yet.
    pub fn new(rule: OnDamage) -> Self {
        Self { rule, found: None }
    }

    /// Something is wrong: an error, unless the rest is to be filled.
    pub fn note(&mut self, wrong: &'static str) -> Result<(), Fault> {
        self.found.get_or_insert(wrong);
        match self.rule {
            OnDamage::Refuse => Err(Fault::Damaged(wrong)),
            OnDamage::Fill => Ok(()),
        }
    }
}

impl Fault {
    /// The error of a picture called `what`: "the JPEG file", "a JPEG tile".
    pub fn error(self, what: &str) -> Error {
        match self {
            Self::Damaged(wrong) => Error::bad_source(format!("{what} is damaged: {wrong}")),
            Self::Unsupported(why) => Error::unsupported(format!("{what} is {why}")),
        }
    }
}
