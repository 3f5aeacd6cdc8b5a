//! What `azulejo serve --edit DIR` saves for the page at `/`: presets into the catalog folder DIR
//! and from there into the store, smart crops and templates into records of the store.

mod crops;
mod editor;
mod modifier;
mod presets;
mod records;
mod reply;

pub use editor::start;
