//! Stores that fail.

use crate::support::{Fault, Running, options};

const SHOE: &str = "/is/image/Shop/shoe?wid=170&fmt=png";

#[test]
fn a_store_that_fails_is_503_and_not_cached() {
    let server = Running::start(options(), Fault::Fails);
    for _ in 0..2 {
        let failed = server.get(SHOE);
        assert_eq!((failed.status, failed.header("cache-control")), (503, Some("no-store")));
        assert_eq!(failed.header("retry-after"), Some("5"));
        assert!(!failed.text().contains("it burns"), "the store's own words are not the client's");
    }
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn a_store_that_is_not_reached_at_the_start_is_named() {
    let error = Running::try_start(options(), Fault::Unreachable).err().unwrap();
    assert_eq!(error, "the store the store of a test cannot be read: nobody is there");
}

#[test]
fn a_panic_is_500_and_the_worker_goes_on() {
    let server = Running::start(options(), Fault::Panics);
    let mut client = server.connect();
    for _ in 0..2 {
        let failed = client.get(SHOE, &[]);
        assert_eq!((failed.status, failed.text().as_str()), (500, "Internal error\n"));
    }
    assert_eq!(client.get("/is/content/Shop/site.css", &[]).status, 200);
}
