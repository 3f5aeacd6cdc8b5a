//! Old hosts that fail, in all ways, and how they are asked.

use std::time::{Duration, Instant};

use image::{ImageFormat, Rgb, RgbImage};

use super::{
    Folder,
    host::{Action, Host, ok, status},
};

/// A PNG of one colour.
fn png(width: u32, grey: u8) -> Vec<u8> {
    let mut png = Vec::new();
    RgbImage::from_pixel(width, 40, Rgb([grey; 3]))
        .write_to(&mut std::io::Cursor::new(&mut png), ImageFormat::Png)
        .unwrap();
    png
}

/// A server whose replies are all the same picture.
fn good() -> Host {
    Host::start(|_, _| ok("image/png", png(50, 90)))
}

const NO_RETRIES: [&str; 2] = ["--retries", "0"];

#[test]
fn each_failure_is_a_class_and_a_reason() {
    let folder = Folder::new();
    let new = Host::start(|target, _| match target.rsplit('/').next().unwrap() {
        "both-404" | "404-and-403" => status(404),
        "new-500" => status(500),
        "new-damaged" => ok("image/png", &png(50, 90)[..60]),
        "type" => ok("image/webp", png(50, 90)),
        _ => ok("image/png", png(50, 90)),
    });
    let old = Host::start(|target, _| match target.rsplit('/').next().unwrap() {
        "500" => status(500),
        "404" => Action::Reply(
            404,
            vec![("content-type", "text/plain; charset=utf-8".to_owned())],
            b"no such image <b>\n".to_vec(),
        ),
        "both-404" => status(404),
        "404-and-403" => status(403),
        "hang" => Action::Hang,
        "close" => Action::Close,
        "no-http" => Action::Raw(b"\x16\x03\x01 no HTTP at all\r\n\r\n".to_vec()),
        "cut-off" => Action::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nabc".to_vec()),
        "half-a-head" => Action::Raw(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        "endless-head" => {
            Action::Raw([&b"HTTP/1.1 200 OK\r\nx: "[..], &[b'a'; 2 << 20], b"\r\n\r\n"].concat())
        }
        "garbage" => ok("image/jpeg", [0x9d; 5000]),
        "damaged" => ok("image/png", &png(50, 90)[..60]),
        "long" => ok("image/png", vec![0; 3_000_000]),
        "packed" => Action::Reply(200, vec![("content-encoding", "gzip".into())], vec![0x1f]),
        "pixels" => ok("image/png", png(50, 91)),
        "size" => ok("image/png", png(52, 90)),
        "empty" => ok("image/png", ""),
        "page" => ok("text/html", "<h1>Moved</h1>"),
        _ => ok("image/png", png(50, 90)),
    });
    let cases = [
        ("500", "old-failed", ""),
        ("404", "old-failed", "no such image <b>"),
        ("both-404", "failed-alike", ""),
        ("404-and-403", "failed-differently", ""),
        ("hang", "old-failed", "no reply within 2 seconds"),
        ("close", "old-failed", "connection closed before message completed"),
        ("no-http", "old-failed", "invalid HTTP version parsed"),
        ("cut-off", "old-failed", "end of file before message length reached"),
        ("half-a-head", "old-failed", "connection closed before message completed"),
        ("endless-head", "old-failed", "message head is too large"),
        ("garbage", "old-failed", "its type is image/jpeg, and its 5000 bytes are no picture"),
        ("damaged", "old-failed", "unexpected end of file"),
        ("long", "old-failed", "longer than 1000000 bytes; see --max-size"),
        ("packed", "old-failed", "compressed with gzip, which was not asked for"),
        ("empty", "old-failed", "its 0 bytes are no picture"),
        ("pixels", "other-colours", ""),
        ("size", "wrong-size", ""),
        ("page", "wrong-type", ""),
        ("type", "wrong-type", ""),
        ("new-500", "new-failed", ""),
        ("new-damaged", "new-failed", "unexpected end of file"),
        ("equal", "equal", ""),
    ];
    let urls = cases.map(|(name, ..)| format!("/is/image/Shop/{name}"));
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let more = ["--timeout", "2s", "--max-size", "1MB", "--retries", "0"];
    let done = folder.diff(&old.url, &new.url, &urls, &more);
    assert_eq!(done.pairs.len(), cases.len(), "{}", done.stderr);
    assert_eq!(done.code, Some(1));
    for (name, class, why) in cases {
        let pair = done.pair(&format!("/{name}"));
        if name != "pixels" {
            assert_eq!(pair["class"], class, "{pair}");
        }
        let side = if name.starts_with("new-") { "new" } else { "old" };
        let error = pair[side]["error"].as_str().unwrap_or_default();
        assert!(error.contains(why), "{name}: {error}");
        let transient = matches!(
            name,
            "hang" | "close" | "no-http" | "cut-off" | "half-a-head" | "endless-head"
        );
        assert_eq!(pair["transient"].as_bool().unwrap_or(false), transient, "{name}");
    }
    assert!(old.asked().iter().all(|asked| asked.head.starts_with("GET ")), "never HEAD");
}

#[test]
fn requests_are_sent_as_they_are_written() {
    let (old, new, folder) = (good(), good(), Folder::new());
    let targets = [
        "/is/image/Shop/a%2Fb?wid=9&$p$&text={\\b%20x}|y^`z'[1]",
        "/is/image/Shop/../Shop//a?layer=0&src=is{Shop/b?wid=3}&&x==",
        "/is/image/Shop/%e4?t=a+b%2B%zz",
        "/is/image/Shop/a?",
        "/is/image/Shop/a",
    ];
    // In a list, some of these characters end a URL; in a log, all of it was requested.
    let logged = |target| format!("10.0.0.1 - - [1/Jan/2026] \"GET {target} HTTP/1.1\" 200 9");
    let urls: Vec<String> = targets.iter().map(logged).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let prefixed = format!("{}/cdn", old.url);
    let done = folder.diff(&prefixed, &new.url, &urls, &["--accept", "image/avif,*/*"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let name = format!("\r\nuser-agent: Azulejo/{} (azulejo diff)\r\n", env!("CARGO_PKG_VERSION"));
    for target in targets {
        assert_eq!(old.times(&format!("/cdn{target}")), 1, "{target}: {:?}", old.asked());
        assert_eq!(new.times(target), 1, "{target}: {:?}", new.asked());
    }
    for asked in old.asked() {
        let head = asked.head.to_lowercase();
        assert!(head.contains(&name.to_lowercase()), "{head}");
        assert!(head.contains("\r\naccept: image/avif,*/*\r\n"), "{head}");
        let host = old.url.strip_prefix("http://").unwrap();
        assert!(head.contains(&format!("\r\nhost: {host}\r\n")), "{head}");
    }
}

#[test]
fn redirects_are_followed_and_named() {
    let (new, folder) = (good(), Folder::new());
    let moved = |to: &str| Action::Reply(302, vec![("location", to.to_owned())], Vec::new());
    let elsewhere = good();
    let other = elsewhere.url.clone();
    let old = Host::start(move |target, _| match target {
        "/is/image/Shop/a?wid=1" => moved("/is/image/Shop/b?wid=1&x={y}"),
        "/is/image/Shop/c" => moved(&format!("{other}/is/image/Shop/d")),
        "/is/image/Shop/loop" => moved("loop"),
        "/is/image/Shop/ftp" => moved("ftp://x/y"),
        "/is/image/Shop/nowhere" => status(302),
        _ => ok("image/png", png(50, 90)),
    });
    let urls = ["Shop/a?wid=1", "Shop/c", "Shop/loop", "Shop/ftp", "Shop/nowhere"];
    let done = folder.diff(&old.url, &new.url, &urls, &NO_RETRIES);
    let note = done.pair("a?wid=1")["notes"][0].as_str().unwrap();
    assert_eq!(note, format!("old redirects to {}/is/image/Shop/b?wid=1&x={{y}}", old.url));
    assert_eq!((done.class("a?wid=1"), done.class("/c")), ("equal", "equal"));
    assert_eq!(elsewhere.times("/is/image/Shop/d"), 1);
    assert_eq!(done.pair("/loop")["old"]["error"], "more than 5 redirects");
    assert_eq!(old.times("/is/image/Shop/loop"), 6);
    let error = "redirects to ftp://x/y, which is no URL of HTTP";
    assert_eq!(done.pair("/ftp")["old"]["error"], error);
    assert_eq!(done.pair("/nowhere")["old"]["status"], 302);
}

#[test]
fn a_host_that_is_busy_is_asked_again_when_it_says() {
    let (new, folder) = (good(), Folder::new());
    let old = Host::start(|target, times| match (target, times) {
        ("/is/image/Shop/busy", 0) => {
            Action::Reply(429, vec![("retry-after", "2".to_owned())], Vec::new())
        }
        ("/is/image/Shop/broken", 0) => status(503),
        ("/is/image/Shop/closed", 0) => Action::Close,
        ("/is/image/Shop/down", _) => status(500),
        ("/is/image/Shop/tomorrow", _) => {
            Action::Reply(429, vec![("retry-after", "86400".to_owned())], Vec::new())
        }
        _ => ok("image/png", png(50, 90)),
    });
    let urls = ["Shop/busy", "Shop/broken", "Shop/closed", "Shop/down", "Shop/tomorrow", "Shop/a"];
    let start = Instant::now();
    let done = folder.diff(&old.url, &new.url, &urls, &["--retries", "1", "--jobs", "1"]);
    assert!(start.elapsed() >= Duration::from_secs(2), "it waits as long as it is told");
    for (name, times, class) in [
        ("busy", 2, "equal"),
        ("broken", 2, "equal"),
        ("closed", 2, "equal"),
        ("down", 2, "old-failed"),
        ("tomorrow", 1, "old-failed"),
        ("a", 1, "equal"),
    ] {
        assert_eq!(done.class(&format!("/{name}")), class);
        assert_eq!(old.times(&format!("/is/image/Shop/{name}")), times, "{name}");
    }
    assert!(new.asked().len() == urls.len(), "the new host is asked once for each");
}

#[test]
fn a_host_is_asked_politely_and_in_order() {
    let (new, folder) = (good(), Folder::new());
    let old = Host::start(|_, _| {
        std::thread::sleep(Duration::from_millis(20));
        ok("image/png", png(50, 90))
    });
    let urls: Vec<String> = (0..12).map(|number| format!("/is/image/Shop/{number}")).collect();
    let list: Vec<&str> = urls.iter().map(String::as_str).collect();
    let start = Instant::now();
    // The first request is sent at once.
    let done = folder.diff(&old.url, &new.url, &list, &["--rate", "10/s", "--jobs", "1"]);
    assert!(start.elapsed() >= Duration::from_millis(1100), "{:?}", start.elapsed());
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let asked: Vec<String> = old.asked().into_iter().map(|asked| asked.target).collect();
    assert_eq!((asked, old.most()), (urls.clone(), 1));
    folder.diff(&old.url, &new.url, &list, &["--jobs", "3"]);
    assert!(old.most() <= 3 && old.asked().len() == 24, "{}", old.most());
}

#[test]
fn a_host_that_is_away_ends_the_run() {
    let (new, folder) = (good(), Folder::new());
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap().to_string();
    drop(gone);
    let urls: Vec<String> = (0..30).map(|number| format!("Shop/{number}")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let (old, report) = (format!("http://{address}"), folder.path("report"));
    let more = ["--retries", "0", "--report", &report];
    let done = folder.diff(&old, &new.url, &urls, &more);
    assert_eq!((done.code, done.pairs.len()), (Some(1), 20));
    let wanted =
        format!("azulejo: stopped: --old {old} failed 20 times in a row; the same command goes on");
    assert!(done.stderr.contains(&wanted), "{}", done.stderr);
    let error = done.pairs[0]["old"]["error"].as_str().unwrap();
    assert!(error.contains("Connection refused"), "{error}");
    let asked = new.asked().len();
    // The host is back, and nothing is lost.
    let _old = Host::start_at(&address, |_, _| ok("image/png", png(50, 90)));
    let done = folder.diff(&old, &new.url, &urls, &more);
    assert_eq!((done.code, done.pairs.len()), (Some(0), 30), "{}", done.stderr);
    assert!((20..=24).contains(&asked), "{asked}");
}
