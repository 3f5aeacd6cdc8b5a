//! Defines when a JPEG is damaged. The same rule applies to originals, remote files, files dropped
//! on the page, and tiles.
//!
//! A JPEG is intact if every block of every component is decoded from the bytes of its own scans.
//!
//! * Damaged: a scan or a restart interval that ends before its last block; a Huffman code that
//!   no table has; a restart marker that is missing or out of order; a component without a scan;
//!   a progressive file that ends, without an end marker (EOI), before all its coefficients have
//!   their full precision.
//! * Not damaged: a missing EOI, if nothing else is missing; bytes between segments, after a
//!   scan and after the EOI; a DNL segment, whatever height it repeats.
//!
//! A damaged JPEG is refused. Only `azulejo ingest --allow-damaged` decodes it. Missing blocks are
//! then mid-grey, or as coarse as the available scans, and decoding resumes at the next restart
//! marker.

use crate::error::Error;

/// The reason why a JPEG is not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is damaged by the rule of this module. The text describes the damage.
    Damaged(&'static str),
    /// It is of an unsupported kind. The text names the kind and a remedy.
    Unsupported(String),
}

/// How to handle a damaged JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDamage {
    /// Return an error.
    #[default]
    Refuse,
    /// Decode as much as possible, and note what is wrong.
    Fill,
}

/// The message for a scan that lacks bytes.
pub const ENDS_EARLY: &str = "it ends early";

/// Records the first damage of a JPEG, or refuses it at once.
#[derive(Debug, Default)]
pub struct Damage {
    rule: OnDamage,
    /// The first damage found; `None` if there is none.
    pub found: Option<&'static str>,
}

impl Damage {
    /// Starts without damage.
    pub fn new(rule: OnDamage) -> Self {
        Self { rule, found: None }
    }

    /// Notes damage. Returns an error unless the rule is [`OnDamage::Fill`].
    pub fn note(&mut self, wrong: &'static str) -> Result<(), Fault> {
        self.found.get_or_insert(wrong);
        match self.rule {
            OnDamage::Refuse => Err(Fault::Damaged(wrong)),
            OnDamage::Fill => Ok(()),
        }
    }
}

impl Fault {
    /// Converts the fault to an error message about `what`: "the JPEG file", "a JPEG tile".
    pub fn error(self, what: &str) -> Error {
        match self {
            Self::Damaged(wrong) => Error::bad_source(format!("{what} is damaged: {wrong}")),
            Self::Unsupported(why) => Error::unsupported(format!("{what} is {why}")),
        }
    }
}
