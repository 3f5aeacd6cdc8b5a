//! The replies of both servers.

/// A reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Its status; that of the last one if it was redirected.
    pub status: u16,
    /// Its media type in lower case, without parameters; `None` if nothing tells it.
    pub media_type: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
    /// Where redirects led.
    pub redirected: Option<String>,
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoReply {
    /// The reason.
    pub why: String,
    /// Whether a later request may get one.
    pub transient: bool,
}

/// What came of a request.
pub type Fetched = Result<Reply, NoReply>;

impl Reply {
    /// Whether the request succeeded.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Whether a later request may have a better result.
pub fn is_transient(fetched: &Fetched) -> bool {
    match fetched {
        Ok(reply) => matches!(reply.status, 429 | 502..=504),
        Err(error) => error.transient,
    }
}

/// The media type of a `Content-Type`: in lower case, without parameters, one name each.
pub fn media_type(content_type: &str) -> String {
    let name = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "image/x-png" => "image/png".to_owned(),
        _ => name,
    }
}
