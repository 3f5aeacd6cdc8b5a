//! What all answers share: the reply builder, the formats of non-image replies, caching, and the
//! adaptation of a reply to one client.

mod builder;
mod cache;
mod client;
pub mod date;
pub mod element;
mod error;
mod lifetime;
mod policy;
pub mod properties;
pub mod server;
pub mod text;
mod timing;

pub use builder::ReplyBuilder;
pub use cache::{ENGINE, entity_tag, last_modified, lifetime, tag_of, version_id};
pub use client::{for_client, is_current};
pub use error::{method_not_allowed, refusal};
pub use lifetime::Bounds;
pub use timing::Timing;
