//! The store of one request: the store of its worker, with what the request has acquired.

use std::rc::Rc;

use azulejo::{
    codec::{self, Codecs, Encoder, Format},
    error::Result,
    serve::log::Taken,
    store::{Block, LayerCache, Listing, Read, ReadError, Store},
    time_slice::Pause,
};

use crate::{admission::Admission, avif::OffThread, request::now, worker::Worker};

/// The store of one request. Dropping it releases what the request has acquired.
pub struct RequestStore<'w, S> {
    worker: &'w Worker<S>,
    admission: Admission<'w>,
    /// The number of edits when the request began.
    edits: u64,
    /// What the request has taken, for the log.
    pub taken: Taken,
}

impl<'w, S> RequestStore<'w, S> {
    /// A store of a request that has acquired nothing.
    pub fn new(worker: &'w Worker<S>) -> Self {
        let (admission, taken) = (Admission::new(&worker.resources), Taken::default());
        Self { worker, admission, edits: worker.edits(), taken }
    }
}

impl<S> RequestStore<'_, S> {
    fn counted(&self, block: Block) -> Block {
        self.admission.after_read(block.bytes.len());
        self.taken.end_read(block.bytes.len());
        block
    }
}

impl<S: Store> Store for RequestStore<'_, S> {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.admission.before_read(read.range.len).await.map_err(ReadError::Refused)?;
        self.taken.begin_read();
        Ok(self.counted(self.worker.read(read).await?))
    }

    async fn read_remote(&self, read: &Read) -> Result<Block, ReadError> {
        self.taken.begin_read();
        Ok(self.counted(self.worker.remote.read(read).await?))
    }

    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        self.taken.begin_read();
        self.worker.list(prefix, after, limit).await
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        self.worker.entries.borrow_mut().get(key, now())
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        // What was read before an edit may be what the edit replaced.
        if self.edits == self.worker.edits() {
            self.worker.entries.borrow_mut().put(key, bytes, now());
        }
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        Some(Rc::clone(&self.worker.layers))
    }

    async fn layer_get(&self, key: String) -> Option<Vec<u8>> {
        self.worker.shared.cache.layer(&key).map(Into::into)
    }

    fn layer_put(&self, key: String, bytes: Vec<u8>) {
        self.worker.shared.cache.put_layer(&key, bytes.into());
    }

    fn planned(&self, memory: u64, work: u64) {
        self.taken.planned(memory, work);
    }

    async fn admit(&self, memory: u64) -> Result<()> {
        self.admission.admit(memory).await
    }

    async fn acquire_thread(&self) -> Result<()> {
        self.admission.acquire_thread().await
    }

    fn pause(&self) -> Option<Pause<'_>> {
        Some(self.admission.pause())
    }
}

/// All encoders are built in. That of AVIF cannot pause, so it has a thread of its own.
impl<S> Codecs for RequestStore<'_, S> {
    async fn encoder(&self, format: &'static Format) -> Result<&dyn Encoder> {
        Ok(if *format == codec::AVIF { &OffThread } else { format })
    }
}
