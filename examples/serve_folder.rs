//! Answers one request over a store of one's own: here a folder with the keys of a bucket.
//!
//!     cargo run --example serve_folder -- FOLDER '/is/image/Shop/shoe?wid=300' shoe.jpg

use std::{env, fs, io::ErrorKind, path::PathBuf};

use azulejo::{
    codec::Codecs,
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::{Block, Read, ReadError, Store, Version},
};

/// Reads `assets/<rootId>/<id>.tif` and all other keys below a folder.
pub struct Folder(pub PathBuf);

impl Store for Folder {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let path = self.0.join(&read.key);
        let bytes = fs::read(&path).map_err(|error| {
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
                ReadError::NotFound
            } else {
                ReadError::Failed(format!("{}: {error}", path.display()))
            }
        })?;
        // A real store has a version that changes with every write, and reads the range only.
        let version = Version(bytes.len().to_string());
        if read.version.as_ref().is_some_and(|required| *required != version) {
            return Err(ReadError::Changed);
        }
        let from = usize::try_from(read.range.start).unwrap_or(usize::MAX).min(bytes.len());
        let to = usize::try_from(read.range.end()).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Block {
            start: read.range.start,
            bytes: bytes.get(from..to).unwrap_or_default().to_vec(),
            version,
            object_len: bytes.len() as u64,
            modified: None,
        })
    }
}

/// All encoders are those of the engine.
impl Codecs for Folder {}

/// Answers a request whose URL is given from its path on. The engine needs no runtime.
pub fn answer(store: &Folder, url: &str) -> HttpReply {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let request =
        HttpRequest { path: path.to_owned(), query: query.to_owned(), ..HttpRequest::default() };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, url, file] = arguments.as_slice() else {
        return Err("give a folder, a URL from its path on, and the file to write".into());
    };
    let reply = answer(&Folder(folder.into()), url);
    if reply.status != 200 {
        return Err(String::from_utf8_lossy(&reply.body).into());
    }
    fs::write(file, &reply.body)?;
    Ok(())
}
