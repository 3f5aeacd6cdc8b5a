//! Checks the RTF of text layers.

use super::lint::{At, Lint};
use crate::{
    resolve::Merged,
    text::{self, Renderer, rtf},
};

impl Lint<'_> {
    /// Checks the values of `text=` and `textPs=`, and warns of what they say and is ignored. A build
    /// without text does not.
    pub(super) fn texts(&mut self, merged: &Merged, at: At) {
        if text::require().is_err() {
            return;
        }
        for binding in merged.bindings.values() {
            let Some(renderer) = Renderer::of(binding.entry.row.name()) else { continue };
            let column = binding.token.column;
            match rtf::read(binding.value.trim(), renderer) {
                Ok(reading) => {
                    for ignored in reading.ignored {
                        let message = format!("{}=: {ignored}", renderer.command());
                        self.warn(at.byte(column), &message);
                    }
                }
                Err(error) => self.fault(error.at(column), at),
            }
        }
    }
}
