//! Lines in the default pattern of Adobe's Image Server (r-access-logging, `TC::pattern`).

use azulejo::{http::HttpRequest, serve::log::Asked};

use super::request::{Cache, Request};

/// The fields before the method, counted from it backwards.
const BEFORE: usize = 11;

/// The request in a line; `None` if it has another pattern.
pub fn read(line: &str) -> Option<Request> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let is_method = |field: &str| matches!(field, "GET" | "HEAD");
    // Client addresses and rootIds are no methods, so the first one is the request's.
    let method = fields.iter().position(|field| is_method(field))?;
    let before = |count: usize| fields.get(method.checked_sub(count)?).copied();
    let after = |count: usize| fields.get(method + count).copied();
    before(BEFORE)?;
    let status: u16 = before(10)?.parse().ok()?;
    let category: u8 = before(9)?.parse().ok()?;
    let bytes = match before(8)? {
        "-" => 0,
        bytes => bytes.parse().ok()?,
    };
    let milliseconds: f64 = before(7)?.parse().ok().filter(|time: &f64| *time >= 0.0)?;
    let cache = match before(1)? {
        "REUSED" | "VALIDATED" | "REMOTE" | "REMOTE_CACHE" => Cache::Hit,
        "CREATED" | "UPDATED" | "REMOTE_CREATED" | "REMOTE_UPDATED" => Cache::Miss,
        "IGNORED" | "UNDEFINED" | "-" => Cache::Bypass,
        _ => return None,
    };
    let (path, query) = after(1)?.split_once('?').unwrap_or((after(1)?, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let asked = Asked::of(&HttpRequest { path, query, ..HttpRequest::default() })?;
    let format = after(11).filter(|format| format.contains('/')).unwrap_or_default();
    Some(Request {
        weight: 1.0,
        object: asked.object,
        presets: asked.presets.join("+"),
        status,
        format: format.split(';').next().unwrap_or_default().to_owned(),
        cache,
        milliseconds,
        bytes,
        error: category != 0 || status >= 400,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "2026-11-21 05:18:04.123 +0000 127.0.0.1 200 0 9000 8 1 5 3 IMG 'Shop' CREATED GET \
        /is/image/Shop/a%20shoe?$big$&wid=9 HTTP/1.1 [worker-0] '-' img.example - - - - tag \
        image/jpeg - - - - - - - -";

    #[test]
    fn a_line_is_read_from_its_method_in_both_directions() {
        let request = read(LINE).unwrap();
        assert_eq!((request.object.as_str(), request.presets.as_str()), ("Shop/a shoe", "big"));
        assert_eq!((request.status, request.bytes, request.milliseconds), (200, 9000, 8.0));
        assert_eq!((request.cache, request.error), (Cache::Miss, false));
        assert_eq!(request.format, "image/jpeg");
        // The date as one field, and quotes around the whole.
        let one =
            LINE.replacen("2026-11-21 05:18:04.123 +0000", "2026-11-21%2005:18:04.123%20+0000", 1);
        assert_eq!(read(&one), Some(request.clone()));
        let failed = LINE.replace(" 200 0 9000 ", " 403 1 0 ").replace("CREATED", "VALIDATED");
        let failed = read(&failed).unwrap();
        assert!(failed.error && failed.cache == Cache::Hit);
    }

    #[test]
    fn other_patterns_are_not_taken_for_it() {
        for other in [
            LINE.replace("CREATED", "MADE"),
            LINE.replace("/is/image/", "/is-catalog/"),
            LINE.replace(" 200 0 ", " ok 0 "),
            LINE.replace("2026-11-21 05:18:04.123 +0000 127.0.0.1 ", ""),
            LINE.replace("GET", "MAKE"),
            "1.2.3.4 - - [21/Nov/2026:05:18:04 +0000] \"GET /is/image/a/b HTTP/1.1\" 200 9"
                .to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}
