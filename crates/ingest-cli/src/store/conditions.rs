//! Puts to S3 on condition: `If-Match` and `If-None-Match` of HTTP, as S3, R2 and MinIO heed them.
//! A store that refuses or ignores them is told of, and is put to without a condition.

use std::io::Write;

use anyhow::Result;
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, UpdateVersion, path::Path,
};
use tokio::sync::OnceCell;

use super::Stored;

/// An entity tag that no object has, in the form of S3: a store may refuse another as malformed.
const NO_OBJECT: &str = "00000000000000000000000000000000";

/// What is known of a store's conditions.
pub struct Conditions {
    store: String,
    heeded: OnceCell<bool>,
}

impl Conditions {
    /// Nothing yet; errors call the store by this name.
    pub fn of(store: &str) -> Self {
        Self { store: store.to_owned(), heeded: OnceCell::new() }
    }

    /// Puts an object on condition that it is still as it was read; false where it is not.
    pub async fn put(
        &self,
        store: &dyn ObjectStore,
        path: &Path,
        was: Option<&Stored>,
        bytes: Vec<u8>,
    ) -> Result<bool> {
        // A new object asks the store nothing that a put of it would not tell.
        let heeded = match was {
            Some(was) => *self.heeded.get_or_try_init(|| self.ask(store, path, was)).await?,
            None => self.heeded.get().copied().unwrap_or(true),
        };
        if heeded {
            let mode = match was {
                Some(was) => update(&was.version.0),
                None => PutMode::Create,
            };
            match store.put_opts(path, bytes.clone().into(), PutOptions::from(mode)).await {
                Ok(_) => return Ok(true),
                Err(error) if is_unmet(&error) => return Ok(false),
                Err(error) if is_refused(&error) => {
                    if self.heeded.set(false).is_ok() {
                        self.warn("refuses")?;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        store.put(path, bytes.into()).await?;
        Ok(true)
    }

    /// Whether the store heeds `If-Match`: an object is put as it is, on a condition that cannot be
    /// met.
    async fn ask(&self, store: &dyn ObjectStore, path: &Path, was: &Stored) -> Result<bool> {
        let options = PutOptions::from(update(NO_OBJECT));
        match store.put_opts(path, was.bytes.clone().into(), options).await {
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

/// Whether an error says that the object is another than it was.
fn is_unmet(error: &Error) -> bool {
    matches!(
        error,
        Error::Precondition { .. } | Error::AlreadyExists { .. } | Error::NotModified { .. }
    )
}

/// Whether an error says that the store has no conditions; the crate keeps the status in words.
fn is_refused(error: &Error) -> bool {
    let told = || error.to_string();
    matches!(error, Error::NotImplemented { .. })
        || matches!(error, Error::Generic { .. }) && told().contains("501 Not Implemented")
}
