//! The commands of pages of docs/ are run as they stand there.

mod backup;
mod export;
mod migrate;
mod moving;
mod page;
