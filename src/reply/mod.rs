//! What all answers share: the builder of replies, the forms of non-image replies, caching, and
//! what one client gets.

mod builder;
mod cache;
mod client;
pub mod date;
pub mod element;
mod error;
mod lifetime;
mod policy;
pub mod properties;
pub mod text;
mod timing;

pub use builder::ReplyBuilder;
pub use cache::{entity_tag, last_modified, lifetime, tag_of, version_id};
pub use client::{for_client, is_held};
pub use error::{method_not_allowed, refusal};
pub use lifetime::Bounds;
pub use timing::Timing;
