//! The result for one pair.

use serde::{Deserialize, Serialize};

use super::{
    Class,
    reply::{Fetched, Reply},
};

/// The result for one pair, as the state file and `--json` have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Path and query of both requests.
    pub url: String,
    /// What makes the replies differ.
    pub class: Class,
    /// The SSIMULACRA2 score; `None` if no pictures were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// By how many pixels the new picture lies to the right of the old one, and below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<[f64; 2]>,
    /// The old reply.
    pub old: Seen,
    /// The new reply.
    pub new: Seen,
    /// What else is to be known, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Whether a later run may have another result.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transient: bool,
}

/// What is told of a reply.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Its media type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// The size of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// The size of its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<usize>,
    /// Why there is none, or why its picture cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Seen {
    /// What is told of a reply before its picture is decoded.
    pub fn of(fetched: &Fetched) -> Self {
        match fetched {
            Err(error) => Self { error: Some(error.why.clone()), ..Self::default() },
            Ok(reply) => Self {
                status: Some(reply.status),
                media_type: reply.media_type.clone(),
                bytes: Some(reply.body.len()),
                error: error_of(reply),
                ..Self::default()
            },
        }
    }

    /// Its size in words.
    pub fn size(&self) -> Option<String> {
        Some(format!("{} × {}", self.width?, self.height?))
    }
}

/// The first line of an error in plain text.
fn error_of(reply: &Reply) -> Option<String> {
    let is_plain = reply.media_type.as_deref() == Some("text/plain");
    let text = std::str::from_utf8(&reply.body).ok().filter(|_| is_plain && !reply.is_success())?;
    text.lines().find(|line| !line.trim().is_empty()).map(|line| start_of(line.trim()))
}

/// Characters of a text that are shown.
const SHOWN: usize = 160;

/// The start of a text.
pub fn start_of(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl Outcome {
    /// Whether the pair is over the threshold.
    pub fn is_over(&self, threshold: f64) -> bool {
        self.class.is_over(self.score, threshold)
    }

    /// How bad it is within its class: more is worse.
    pub fn severity(&self) -> f64 {
        let by = |old: Option<usize>, new: Option<usize>| match (old, new) {
            (Some(old), Some(new)) => old.abs_diff(new) as f64,
            _ => 0.0,
        };
        let size = by(self.old.width, self.new.width).max(by(self.old.height, self.new.height));
        self.score.map_or(size, |score| 100.0 - score)
    }
}
