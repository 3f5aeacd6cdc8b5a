//! The caches: what makes an entry, what finds it, and that nothing depends on them.

use std::{fs, num::NonZero, thread, time::Duration};

use crate::support::{Fault, Options, Running, options, with_folder};

const SHOE: &str = "/is/image/Shop/shoe?wid=130&fmt=png";

#[test]
fn a_reply_of_one_worker_is_a_hit_for_the_others() {
    let workers = NonZero::new(3).unwrap();
    let server = Running::start(Options { workers, ..options() }, Fault::None);
    let first = server.get(SHOE);
    assert_eq!(first.cache(), "miss");
    // Connections take turns where loads are equal.
    let mut clients: Vec<_> = (0..6).map(|_| server.connect()).collect();
    for client in &mut clients {
        let hit = client.get("/is/image/Shop/shoe?fmt=png&wid=130&id=9", &[]);
        assert_eq!((hit.cache(), &hit.body), ("hit", &first.body));
        assert_eq!(hit.header("server-timing"), Some("cache;desc=hit"));
        for name in ["etag", "cache-control", "content-type", "x-content-type-options"] {
            assert_eq!(hit.header(name), first.header(name), "{name}");
        }
    }
}

#[test]
fn a_request_that_was_resolved_a_moment_ago_keeps_its_method_and_its_condition() {
    let server = Running::start(options(), Fault::None);
    let first = server.get(SHOE);
    let mut client = server.connect();
    for _ in 0..3 {
        let hit = client.get(SHOE, &[]);
        assert_eq!((hit.cache(), &hit.body), ("hit", &first.body));
        assert_eq!(hit.header("etag"), first.header("etag"));
    }
    let tag = first.header("etag").unwrap().to_owned();
    let current = client.get(SHOE, &[("if-none-match", &tag)]);
    assert_eq!((current.status, current.body.len()), (304, 0));
    let other = client.get(SHOE, &[("if-none-match", "\"another\"")]);
    assert_eq!((other.status, &other.body), (200, &first.body));
    let length = first.body.len().to_string();
    let head = client.request("HEAD", SHOE);
    assert_eq!((head.cache(), head.header("content-length")), ("hit", Some(length.as_str())));
    assert!(head.body.is_empty());
}

#[test]
fn equal_misses_at_once_are_rendered_once() {
    let server = Running::start(options(), Fault::Slow(Duration::from_millis(50)));
    let replies: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| server.get(SHOE))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let misses = replies.iter().filter(|reply| reply.cache() == "miss").count();
    assert_eq!(misses, 1);
    assert!(replies.iter().all(|reply| reply.body == replies[0].body));
}

#[test]
fn replies_on_disk_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = Running::start(with_folder(folder.path().to_owned()), Fault::None);
    let first = server.get(SHOE);
    assert_eq!(first.cache(), "miss");
    server.stop();
    let again = Running::start(with_folder(folder.path().to_owned()), Fault::None);
    let hit = again.get(SHOE);
    assert_eq!((hit.cache(), &hit.body), ("hit", &first.body));
    // Another store may have other objects under the same keys.
    let other = Options { store: "another".to_owned(), ..with_folder(folder.path().to_owned()) };
    assert_eq!(Running::start(other, Fault::None).get(SHOE).cache(), "miss");
}

#[test]
fn a_cache_folder_that_cannot_be_written_costs_no_reply() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("full");
    fs::write(&file, b"a file where the folder should be").unwrap();
    let server = Running::start(with_folder(file), Fault::None);
    assert_eq!(server.get(SHOE).cache(), "miss");
    assert_eq!(server.get(SHOE).cache(), "hit", "from memory");
    assert_eq!(server.get("/is/image/Shop/shoe?wid=131").status, 200);
}

#[test]
fn errors_are_not_kept() {
    let server = Running::start(options(), Fault::None);
    for (path, cache) in
        [("/is/image/Shop/none?wid=9", "miss"), ("/is/image/Shop/shoe?wid=abc", "bypass")]
    {
        for _ in 0..2 {
            let error = server.get(path);
            assert_eq!((error.status, error.cache()), (403, cache), "{path}");
        }
    }
}
