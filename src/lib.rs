//! Azulejo: an Image Serving (Scene7 / Dynamic Media) engine.
//!
//! The engine reads a request ([`protocol`], [`commands`]) and resolves it into a [`picture`] with
//! nothing left to look up ([`resolve`]). It plans the bytes to read and the memory to use
//! ([`plan`]), fetches the bytes ([`store`]) and renders the image ([`render`]). [`serve`] contains
//! the whole pipeline. Only [`Store`](store::Store) does I/O, and [`Codecs`](codec::Codecs) where
//! an encoder has to be loaded. Long computations yield the thread after each [`time_slice`].
//!
//! # Examples
//!
//! A pyramid is written row by row, from top to bottom:
//!
//! ```
//! use azulejo::{
//!     pyramid::write::{WriteOptions, Writer},
//!     pixel::{ColorModel, PixelFormat},
//! };
//!
//! # fn main() -> azulejo::error::Result<()> {
//! let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
//! let mut writer = Writer::new(600, 400, rgb, WriteOptions::default())?;
//! for _ in 0..400 {
//!     writer.push_row(&[200; 600 * 3])?;
//! }
//! let file = writer.finish()?;
//! assert!(file.starts_with(b"II*\0"), "it is a TIFF");
//! # Ok(())
//! # }
//! ```
//!
//! A [`Store`](store::Store) holds the pyramid. This request is served from a store in memory:
//!
//! ```
//! use azulejo::{http::HttpRequest, serve::serve, store::MemoryStore};
//!
//! # use azulejo::pyramid::write::{WriteOptions, Writer};
//! # use azulejo::pixel::{ColorModel, PixelFormat};
//! # fn main() -> azulejo::error::Result<()> {
//! # let rgb = PixelFormat { model: ColorModel::Rgb, alpha: false };
//! # let mut writer = Writer::new(600, 400, rgb, WriteOptions::default())?;
//! # (0..400).try_for_each(|_| writer.push_row(&[200; 600 * 3]))?;
//! # let file = writer.finish()?;
//! let store = MemoryStore::new();
//! store.put("assets/Shop/shoe.tif", file);
//! let request = HttpRequest {
//!     path: "/is/image/Shop/shoe".to_owned(),
//!     query: "wid=300&fmt=png".to_owned(),
//!     ..HttpRequest::default()
//! };
//! let reply = pollster::block_on(serve(&request, &store, || 0.0));
//! assert_eq!(reply.status, 200);
//! assert_eq!(reply.header("content-type"), Some("image/png"));
//! // The header of a PNG file: 300 pixels across, 200 down.
//! assert_eq!(reply.body[16..24], [0, 0, 1, 44, 0, 0, 0, 200]);
//! # Ok(())
//! # }
//! ```
//!
//! [`check`](check::check) reports how a URL is parsed. It needs no image:
//!
//! ```
//! use azulejo::check::check;
//!
//! let report = check("https://img.example.com/is/image/Shop/shoe?wid=300&ts=17");
//! assert!(report.ok);
//! assert_eq!(report.ignored, ["ts"]);
//!
//! let report = check("/is/image/Shop/shoe?wid=wide");
//! let fault = report.error.expect("a width is a number");
//! assert!(fault.message.starts_with("wid=wide: expected a number"));
//! ```
//!
//! # Modules
//!
//! Each module may use only those above it in this list; `tests/tidy.rs` checks it.

pub mod sort;
pub mod limits;
pub mod error;
pub mod time_slice;
pub mod ratio;
pub mod geometry;
pub mod pixel;
pub mod store;
pub mod client_hints;
pub mod http;
pub mod color;
pub mod codec;
pub mod resample;
pub mod svg;
pub mod pyramid;
pub mod protocol;
pub mod support;
pub mod usage;
pub mod ops;
pub mod commands;
pub mod catalog;
pub mod text;
pub mod picture;
pub mod resolved;
pub mod resolve;
pub mod check;
pub mod plan;
pub mod render;
pub mod sources;
pub mod reply;
pub mod answers;
pub mod serve;
