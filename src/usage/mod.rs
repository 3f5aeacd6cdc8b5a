//! What people read about a command: its title, its arguments, what it does, and an example.
//!
//! `azulejo commands`, docs/commands.md and the page at `/` show it. The Worker never does, so its
//! build goes without (feature `usage`): a row then has empty texts, and the compiler drops them.

mod argument;
mod group;

pub use argument::{Argument, Kind, arguments};
pub use group::Group;

/// The documentation of a command, which is part of its row.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Its name for people, of two or three words.
    pub title: &'static str,
    /// Its arguments, in the notation that [`arguments`] reads.
    pub syntax: &'static str,
    /// What it does, in one or two sentences.
    pub help: &'static str,
    /// Modifiers that show it on one of the samples; empty if nothing can be seen.
    pub example: &'static str,
    /// Whether it is among the first that people need, whatever its scope.
    pub is_basic: bool,
}

impl Usage {
    /// A title and the arguments.
    pub const fn new(title: &'static str, syntax: &'static str) -> Self {
        let (help, example, is_basic) = ("", "", false);
        match cfg!(feature = "usage") {
            true => Self { title, syntax, help, example, is_basic },
            false => Self { title: "", syntax: "", help, example, is_basic },
        }
    }

    /// The same with a text.
    pub const fn help(self, help: &'static str) -> Self {
        if cfg!(feature = "usage") { Self { help, ..self } } else { self }
    }

    /// The same with an example.
    pub const fn example(self, example: &'static str) -> Self {
        if cfg!(feature = "usage") { Self { example, ..self } } else { self }
    }

    /// The same in the group [`Group::Basic`].
    pub const fn basic(self) -> Self {
        Self { is_basic: true, ..self }
    }
}
