//! A file to S3: at once, or a long one in parts.

use std::{fs::File, io::Read};

use anyhow::Result;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart, path::Path};

/// Larger objects are put in parts: one put carries 5 GiB at most, is lost as a whole, and is held
/// in memory.
const WHOLE: u64 = 16 << 20;

/// Bytes of a part; there are 10,000 at most, which is more than one put carries.
const PART: usize = 8 << 20;

/// Parts of one object on their way at once.
const PARTS: usize = 3;

/// Bytes that putting a file of this length holds in memory.
pub fn memory(len: u64) -> u64 {
    // Those on their way, and the one that is read.
    len.min((PARTS as u64 + 1) * PART as u64)
}

/// Puts a file; the server's tag of it.
pub async fn put(store: &dyn ObjectStore, path: &Path, mut file: File) -> Result<Option<String>> {
    let len = file.metadata()?.len();
    if len <= WHOLE {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(store.put(path, bytes.into()).await?.e_tag);
    }
    let mut upload = WriteMultipart::new_with_chunk_size(store.put_multipart(path).await?, PART);
    match send(&mut upload, file).await {
        Ok(()) => Ok(upload.finish().await?.e_tag),
        Err(error) => {
            // Servers keep parts that nobody ends; a second error would say no more than the first.
            let _ = upload.abort().await;
            Err(error)
        }
    }
}

async fn send(upload: &mut WriteMultipart, mut file: File) -> Result<()> {
    loop {
        let mut part = Vec::with_capacity(PART);
        if file.by_ref().take(PART as u64).read_to_end(&mut part)? == 0 {
            return Ok(());
        }
        upload.wait_for_capacity(PARTS - 1).await?;
        upload.put(part.into());
    }
}
