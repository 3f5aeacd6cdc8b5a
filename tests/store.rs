//! The store suite over the engine's own store in memory.

use crate::store_suite;

use azulejo::store::MemoryStore;

#[test]
fn memory_keeps_every_promise_of_a_store() {
    let store = MemoryStore::new();
    let put = async |key: &str, bytes: &[u8]| {
        store.put(key, bytes.to_vec());
    };
    for (promise, outcome) in pollster::block_on(store_suite::run(&store, put)) {
        assert_eq!(outcome, Ok(()), "{promise}");
    }
}
