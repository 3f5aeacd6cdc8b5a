//! `/health`: whether the server runs, and with `?deep` whether it reaches its storage.

use crate::{
    catalog::{Compiled, DEFAULT},
    http::{HttpReply, HttpRequest},
    reply::server,
    store::{ByteRange, Read, ReadError, Store},
};

/// The query that also asks the storage.
const DEEP: &str = "deep";

/// 200 if the server runs. Touches storage only if the query is `deep`: then one byte of the default
/// catalog, which need not exist, is read, and the reply is 503 if that fails.
pub async fn health(request: &HttpRequest, store: &impl Store) -> HttpReply {
    if request.query == DEEP {
        let range = ByteRange::new(0, 1);
        let read = Read { key: Compiled::key(DEFAULT), range, version: None };
        if !matches!(store.read(&read).await, Ok(_) | Err(ReadError::NotFound)) {
            return server::unavailable();
        }
    }
    server::health()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Block, MemoryStore};

    struct Broken;

    impl Store for Broken {
        async fn read(&self, _read: &Read) -> Result<Block, ReadError> {
            Err(ReadError::Failed("it burns".to_owned()))
        }
    }

    #[test]
    fn only_a_deep_check_asks_the_storage() {
        let request =
            |query: &str| HttpRequest { query: query.to_owned(), ..HttpRequest::default() };
        let status = |query, store| pollster::block_on(health(&request(query), store)).status;
        assert_eq!([status("", &Broken), status("deep", &Broken)], [200, 503]);
        let empty = pollster::block_on(health(&request("deep"), &MemoryStore::new()));
        assert_eq!((empty.status, empty.body.as_slice()), (200, b"ok".as_slice()));
    }
}
