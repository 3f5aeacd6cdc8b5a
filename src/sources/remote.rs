//! Remote images. The catalog's rules are applied here to every URL that is read, so that store
//! adapters need no rules of their own.

use std::rc::Rc;

use crate::{
    error::{Error, ErrorKind},
    limits,
    protocol::RemoteRules,
    store::{Block, LayerCache, Read, ReadError, Store, is_remote},
    time_slice::Pause,
};

/// A store that reads a URL only if the rules permit it, including each redirect.
pub struct Permitted<'a, S> {
    store: &'a S,
    urls: &'a [(String, RemoteRules)],
}

impl<'a, S: Store> Permitted<'a, S> {
    /// Restricts `store` to these URLs, each with the rules of the catalog whose request names it.
    pub fn new(store: &'a S, urls: &'a [(String, RemoteRules)]) -> Self {
        Self { store, urls }
    }

    async fn follow(&self, read: &Read) -> Result<Block, ReadError> {
        let mut read = read.clone();
        let Some((_, rules)) = self.urls.iter().find(|(url, _)| *url == read.key) else {
            let message = format!("({}): no rule permits it", read.key);
            return Err(refused(&Error::new(ErrorKind::Forbidden, message)));
        };
        for _ in 0..=limits::REMOTE_REDIRECTS {
            rules.check_url(&read.key).map_err(|error| refused(&error))?;
            match self.store.read_remote(&read).await {
                Err(ReadError::Moved(to)) => read.key = to,
                Ok(block) if block.object_len > limits::REMOTE_BYTES => {
                    return Err(ReadError::Refused(too_large(block.object_len)));
                }
                answer => return answer,
            }
        }
        let message = format!("({}): more than {} redirects", read.key, limits::REMOTE_REDIRECTS);
        Err(refused(&Error::new(ErrorKind::Forbidden, message)))
    }
}

impl<S: Store> Store for Permitted<'_, S> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        if is_remote(&read.key) { self.follow(read).await } else { self.store.read(read).await }
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        self.store.cache_get(key).await
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        self.store.cache_put(key, bytes).await;
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        self.store.layer_cache()
    }

    async fn admit(&self, memory: u64) -> Result<(), Error> {
        self.store.admit(memory).await
    }

    fn planned(&self, memory: u64, work: u64) {
        self.store.planned(memory, work);
    }

    async fn acquire_thread(&self) -> Result<(), Error> {
        self.store.acquire_thread().await
    }

    fn pause(&self) -> Option<Pause<'_>> {
        self.store.pause()
    }
}

/// Adds the name of the command to the error, which names only the URL.
fn refused(error: &Error) -> ReadError {
    ReadError::Refused(Error { message: format!("src={}", error.message), ..error.clone() })
}

fn too_large(bytes: u64) -> Error {
    let (mib, limit) = (bytes.div_ceil(1 << 20), limits::REMOTE_BYTES >> 20);
    Error::too_large(format!(
        "the remote source image has {mib} MiB, the limit is {limit} MiB; name a \
         smaller file, or ingest it"
    ))
}
