//! The answer: headers, caching, properties and errors.

mod cache;
mod catalog;
mod client;
mod content;
mod date;
mod describe;
mod element;
mod error;
mod explain;
mod image;
mod lifetime;
mod map;
mod policy;
mod properties;
mod record;
mod set;
mod streams;
mod words;

pub use cache::{entity_tag, last_modified, tag_of, version_id};
pub use client::{for_client, is_held};
pub use content::content;
pub use date::http as http_date;
pub use describe::{
    banner, exists, image_properties, length, reply_properties, without_source, xmp,
};
pub use error::{error, method_not_allowed};
pub use explain::{Findings, Planned, explanation};
pub use image::{image, not_modified};
pub use lifetime::Bounds;
pub use map::map;
pub use policy::sandbox;
pub use record::record;
pub use set::set;
