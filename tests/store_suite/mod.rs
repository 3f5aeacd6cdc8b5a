//! What every store must do, run over each: memory, folder, S3, R2 in workerd.

use azulejo::store::{Block, ByteRange, Read, ReadError, Store, Version};

/// The name of a promise, and how it was broken if it was.
pub type Outcome = (&'static str, Result<(), String>);

const KEY: &str = "assets/Suite/ten.tif";

/// Runs all cases; `put` stores or replaces an object.
pub async fn run(store: &impl Store, put: impl AsyncFn(&str, &[u8])) -> Vec<Outcome> {
    put(KEY, b"0123456789").await;
    let mut outcomes = ranges(store).await;
    outcomes.extend(keys(store, &put).await);
    outcomes.extend(versions(store, &put).await);
    outcomes.extend(lists(store, &put).await);
    outcomes
}

async fn ranges(store: &impl Store) -> Vec<Outcome> {
    let all = bytes(store, 0, 10).await;
    let middle = bytes(store, 3, 4).await;
    let cut = bytes(store, 7, 100).await;
    let far = bytes(store, 0, u64::MAX).await;
    let end = bytes(store, 10, 1).await;
    let past_end = bytes(store, 4000, 16).await;
    let beyond = bytes(store, u64::MAX - 7, 8).await;
    let nothing = bytes(store, 2, 0).await;
    vec![
        ("a whole object", same(&all, b"0123456789")),
        ("a range in its middle", same(&middle, b"3456")),
        ("a range that passes the end is cut there", same(&cut, b"789")),
        ("a length beyond all numbers is cut, too", same(&far, b"0123456789")),
        ("a range at the end is empty", same(&end, b"")),
        ("a range behind the end is empty", same(&past_end, b"")),
        ("an offset beyond all numbers is behind the end", same(&beyond, b"")),
        ("no bytes are no bytes", same(&nothing, b"")),
    ]
}

async fn keys(store: &impl Store, put: &impl AsyncFn(&str, &[u8])) -> Vec<Outcome> {
    let odd = "assets/Suite/content/dam/rot & grün +50%20 (1).tif";
    put(odd, b"odd").await;
    put("assets/Suite/empty.tif", b"").await;
    let odd = store.read(&read(odd, 0, 3, None)).await;
    let empty = store.read(&read("assets/Suite/empty.tif", 0, 16, None)).await;
    let missing = store.read(&read("assets/Suite/none.tif", 0, 16, None)).await;
    let folder = store.read(&read("assets/Suite/content/dam", 0, 16, None)).await;
    let long = store.read(&read(&"long/".repeat(1000), 0, 16, None)).await;
    vec![
        ("a key is taken letter by letter", same(&odd, b"odd")),
        ("an empty object is there", same(&empty, b"")),
        ("a missing object is not found", fails(&missing, &ReadError::NotFound)),
        ("the start of a key is not an object", fails(&folder, &ReadError::NotFound)),
        ("a key longer than any is not found", fails(&long, &ReadError::NotFound)),
    ]
}

async fn versions(store: &impl Store, put: &impl AsyncFn(&str, &[u8])) -> Vec<Outcome> {
    let Ok(first) = store.read(&read(KEY, 0, 2, None)).await else {
        return vec![("an object has a version", Err("it cannot be read".to_owned()))];
    };
    let version = Some(first.version.clone());
    let same_version = store.read(&read(KEY, 4, 2, version.clone())).await;
    let beyond_same_version = store.read(&read(KEY, 99, 2, version.clone())).await;
    // Of the same length: a store that goes by the size alone is found out.
    put(KEY, b"9876543210").await;
    let changed = store.read(&read(KEY, 4, 2, version.clone())).await;
    let changed_end = store.read(&read(KEY, 99, 2, version.clone())).await;
    let changed_nothing = store.read(&read(KEY, 0, 0, version.clone())).await;
    let new = store.read(&read(KEY, 4, 2, None)).await;
    let other = new.as_ref().is_ok_and(|block| block.version != first.version);
    let one = same_version.as_ref().is_ok_and(|block| block.version == first.version);
    vec![
        ("all ranges of an object are of one version", holds(one)),
        ("the expected version is read", same(&same_version, b"45")),
        ("the expected version is read behind the end, too", same(&beyond_same_version, b"")),
        ("a replaced object is changed", fails(&changed, &ReadError::Changed)),
        (
            "a replaced object is changed behind its end, too",
            fails(&changed_end, &ReadError::Changed),
        ),
        (
            "a read of no bytes tells that an object was replaced",
            fails(&changed_nothing, &ReadError::Changed),
        ),
        ("a replaced object is read anew when none is expected", same(&new, b"54")),
        ("a replaced object is of another version", holds(other)),
    ]
}

/// In the order of their bytes: `-`, `.`, `/`, then letters.
const LISTED: [&str; 5] =
    ["list/S/a-b.tif", "list/S/a.tif", "list/S/a/b.tif", "list/S/ab/c.tif", "list/S/é 1.tif"];

/// What comes after `list/S/a.zzz`.
const AFTER: [&str; 4] = ["list/S/a/b.tif", "list/S/ab/c.tif", "list/S/é 1.tif", "list/Sa.tif"];

async fn lists(store: &impl Store, put: &impl AsyncFn(&str, &[u8])) -> Vec<Outcome> {
    for key in LISTED.iter().rev() {
        put(key, b"listed").await;
    }
    put("list/Sa.tif", b"").await;
    let mut pages = Vec::new();
    let mut after = String::new();
    for _ in 0..9 {
        let Ok(page) = store.list("list/S/", &after, 2).await else { break };
        pages.extend(page.objects.into_iter().map(|object| object.key));
        let Some(next) = page.next else { break };
        after = next;
    }
    let all = store.list("list/S/", "", 1000).await;
    let tells = all.as_ref().is_ok_and(|all| {
        let object = all.objects.first();
        object.is_some_and(|object| object.len == 6) && all.next.is_none()
    });
    vec![
        ("pages are in the order of keys, without a gap", holds(pages == LISTED)),
        ("a list tells lengths, and its end", holds(tells)),
        (
            "a prefix may end within a name",
            lists_as(store, "list/S/a", "list/S/a.tif", &LISTED[2..4]).await,
        ),
        (
            "a list may begin after a key that is not there",
            lists_as(store, "list/", "list/S/a.zzz", &AFTER).await,
        ),
        ("a prefix that nothing has lists nothing", lists_as(store, "list/../", "", &[]).await),
    ]
}

async fn lists_as(
    store: &impl Store,
    prefix: &str,
    after: &str,
    keys: &[&str],
) -> Result<(), String> {
    let page = store.list(prefix, after, 1000).await;
    let listed = page.as_ref().is_ok_and(|page| {
        page.objects.iter().map(|object| object.key.as_str()).eq(keys.iter().copied())
    });
    if listed { Ok(()) } else { Err(format!("{page:?}")) }
}

async fn bytes(store: &impl Store, start: u64, len: u64) -> Result<Block, ReadError> {
    let block = store.read(&read(KEY, start, len, None)).await?;
    // What a block tells besides its bytes is right whatever was asked for.
    match (block.start == start, block.object_len) {
        (true, 10) => Ok(block),
        other => Err(ReadError::Failed(format!("start {}, length {}", other.0, other.1))),
    }
}

fn read(key: &str, start: u64, len: u64, version: Option<Version>) -> Read {
    Read { key: key.to_owned(), range: ByteRange::new(start, len), version }
}

fn same(block: &Result<Block, ReadError>, expected: &[u8]) -> Result<(), String> {
    match block {
        Ok(block) if block.bytes == expected => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn fails(block: &Result<Block, ReadError>, expected: &ReadError) -> Result<(), String> {
    match block {
        Err(error) if error == expected => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

fn holds(promise: bool) -> Result<(), String> {
    promise.then_some(()).ok_or_else(|| "it is not".to_owned())
}
