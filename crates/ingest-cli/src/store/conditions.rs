//! Conditional writes to S3 with `If-Match` and `If-None-Match`, as S3, R2 and MinIO support them.
//! If a store refuses or ignores conditions, prints a warning and writes without them.

use std::io::Write;

use anyhow::Result;
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, UpdateVersion, path::Path,
};
use tokio::sync::OnceCell;

use super::Stored;

/// An entity tag that no object has. It has the form of S3, since stores may refuse malformed ones.
const NO_OBJECT: &str = "00000000000000000000000000000000";

/// Whether a store supports conditional writes.
pub struct Conditions {
    store: String,
    supported: OnceCell<bool>,
}

impl Conditions {
    /// For a store that has not been probed. Warnings call the store by this name.
    pub fn new(store: &str) -> Self {
        Self { store: store.to_owned(), supported: OnceCell::new() }
    }

    /// Stores an object if it is still the `expected` one, or still does not exist. Returns false
    /// otherwise.
    pub async fn put(
        &self,
        store: &dyn ObjectStore,
        path: &Path,
        expected: Option<&Stored>,
        bytes: Vec<u8>,
    ) -> Result<bool> {
        // Probing needs an existing object. For a new one the put itself shows a refusal.
        let supported = match expected {
            Some(expected) => {
                *self.supported.get_or_try_init(|| self.probe(store, path, expected)).await?
            }
            None => self.supported.get().copied().unwrap_or(true),
        };
        if supported {
            let mode = match expected {
                Some(expected) => update(&expected.version.0),
                None => PutMode::Create,
            };
            match store.put_opts(path, bytes.clone().into(), PutOptions::from(mode)).await {
                Ok(_) => return Ok(true),
                Err(error) if is_unmet(&error) => return Ok(false),
                Err(error) if is_refused(&error) => {
                    if self.supported.set(false).is_ok() {
                        self.warn("refuses")?;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        store.put(path, bytes.into()).await?;
        Ok(true)
    }

    /// Whether the store supports `If-Match`. Rewrites an object unchanged with a condition that is
    /// never true.
    async fn probe(&self, store: &dyn ObjectStore, path: &Path, expected: &Stored) -> Result<bool> {
        let options = PutOptions::from(update(NO_OBJECT));
        match store.put_opts(path, expected.bytes.clone().into(), options).await {
            Ok(_) => self.warn("ignores")?,
            Err(error) if is_unmet(&error) => return Ok(true),
            Err(error) if is_refused(&error) => self.warn("refuses")?,
            Err(error) => return Err(error.into()),
        }
        Ok(false)
    }

    fn warn(&self, does: &str) -> Result<()> {
        let store = &self.store;
        writeln!(
            std::io::stderr().lock(),
            "azulejo: {store} {does} conditions of a put (If-Match): of two commands that write to \
             it at once, one may undo what the other changed; run one at a time"
        )?;
        Ok(())
    }
}

fn update(tag: &str) -> PutMode {
    PutMode::Update(UpdateVersion { e_tag: Some(format!("\"{tag}\"")), version: None })
}

/// Whether the error means that the condition was false.
fn is_unmet(error: &Error) -> bool {
    matches!(
        error,
        Error::Precondition { .. } | Error::AlreadyExists { .. } | Error::NotModified { .. }
    )
}

/// Whether the error means that the store does not support conditions. The crate has the status in
/// its message only.
fn is_refused(error: &Error) -> bool {
    let message = || error.to_string();
    matches!(error, Error::NotImplemented { .. })
        || matches!(error, Error::Generic { .. }) && message().contains("501 Not Implemented")
}
