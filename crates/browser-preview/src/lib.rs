//! Azulejo in the browser: the Worker's engine over files, blobs and URLs.

pub use browser_engine::*;
