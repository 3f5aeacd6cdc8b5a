//! Uploads files to S3, long ones in parts.

use std::{fs::File, io::Read};

use anyhow::Result;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart, path::Path};

/// Larger files are uploaded in parts. A single put sends at most 5 GiB, must be repeated
/// completely after an error, and needs the whole file in memory.
const MULTIPART_THRESHOLD: u64 = 16 << 20;

/// The size of a part in bytes. With at most 10,000 parts that allows 80 GB.
const PART: usize = 8 << 20;

/// How many parts of one file are uploaded at once.
const PARTS: usize = 3;

/// Bytes of memory that uploading a file of this length needs.
pub fn memory(len: u64) -> u64 {
    // The parts that are being uploaded, and the one that is being read.
    len.min((PARTS as u64 + 1) * PART as u64)
}

/// Uploads a file and returns its entity tag.
pub async fn put(store: &dyn ObjectStore, path: &Path, mut file: File) -> Result<Option<String>> {
    let len = file.metadata()?.len();
    if len <= MULTIPART_THRESHOLD {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(store.put(path, bytes.into()).await?.e_tag);
    }
    let mut upload = WriteMultipart::new_with_chunk_size(store.put_multipart(path).await?, PART);
    match send(&mut upload, file).await {
        Ok(()) => Ok(upload.finish().await?.e_tag),
        Err(error) => {
            // Servers store the parts of an unfinished upload. An error of the abort adds no
            // information.
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
