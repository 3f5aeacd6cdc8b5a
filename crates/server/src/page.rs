//! The files of `www/`, the preview page, as they were when the server was built.
//!
//! The page needs its engine, `www/engine`, which `cargo xtask build` makes. Without
//! it, a page at `/` says so.

use azulejo::{
    http::{HttpReply, HttpRequest},
    reply::{self, server, tag_of},
    store::Version,
};

// `FILES`: paths and contents; `HEADERS`: the file `_headers`, for Cloudflare.
include!(concat!(env!("OUT_DIR"), "/www.rs"));

/// The file without which the page cannot run.
const ENGINE: &str = "engine/studio_engine_bg.wasm";

const NO_PAGE: &str = "<!doctype html>
<html lang=\"en\">
  <meta charset=\"utf-8\">
  <title>Azulejo</title>
  <h1>Azulejo</h1>
  <p>This server runs. Images are at <code>/is/image/&lt;object&gt;?&lt;modifiers&gt;</code>, files at
  <code>/is/content/&lt;object&gt;</code>, and <code>/health</code> tells whether all is well.</p>
  <p>The preview page is not here: this program was built without its engine for the browser. Run
  <code>cargo xtask build</code>, which needs node, and build <code>azulejo</code> again.</p>
</html>
";

/// The page of a server.
#[derive(Debug)]
pub struct Page {
    /// Headers, with the prefix of the paths that have them.
    headers: Vec<(&'static str, &'static str, String)>,
}

impl Default for Page {
    fn default() -> Self {
        Self { headers: headers(HEADERS) }
    }
}

impl Page {
    /// The file that a path names, or a 404.
    pub fn reply(&self, request: &HttpRequest) -> HttpReply {
        let name = match request.path.trim_start_matches('/') {
            "" => "index.html",
            name => name,
        };
        let has_engine = FILES.iter().any(|(name, _)| *name == ENGINE);
        if name == "index.html" && !has_engine {
            return self.file(request, name, NO_PAGE.as_bytes());
        }
        match FILES.iter().find(|(other, _)| *other == name) {
            Some((name, bytes)) => self.file(request, name, bytes),
            None => server::not_found(),
        }
    }

    /// A file, which browsers revalidate each time. Its tag is a hash of its content.
    fn file(&self, request: &HttpRequest, name: &str, bytes: &[u8]) -> HttpReply {
        let sum = Version(format!("{:08x}-{}", crc32fast::hash(bytes), bytes.len()));
        let mut headers = vec![
            ("content-type", media_type(name).to_owned()),
            ("etag", tag_of(name, Some(&sum))),
            ("cache-control", "public, max-age=0, must-revalidate".to_owned()),
        ];
        let path = format!("/{name}");
        let own = self.headers.iter().filter(|(prefix, ..)| path.starts_with(prefix));
        headers.extend(own.map(|(_, name, value)| (*name, value.clone())));
        let mut file = HttpReply::new(200, Vec::new(), bytes.to_vec());
        file.headers = headers;
        reply::for_client(request, file)
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// The names of headers that `_headers` may set.
const NAMES: [&str; 4] = [
    "access-control-allow-origin",
    "content-security-policy",
    "cross-origin-resource-policy",
    "x-content-type-options",
];

/// The headers that `_headers` sets: a pattern such as `/viewers/*`, then its headers, indented.
fn headers(file: &'static str) -> Vec<(&'static str, &'static str, String)> {
    let (mut found, mut prefix) = (Vec::new(), "");
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ') {
            prefix = line.trim().trim_end_matches('*');
        } else if let Some((name, value)) = line.split_once(':')
            && let Some(name) = NAMES.into_iter().find(|own| name.trim().eq_ignore_ascii_case(own))
        {
            found.push((prefix, name, value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> HttpReply {
        let request = HttpRequest { path: path.to_owned(), ..HttpRequest::default() };
        Page::default().reply(&request)
    }

    #[test]
    fn the_page_has_the_headers_that_it_has_on_cloudflare() {
        for path in ["/", "/index.html", "/studio/app.js", "/studio/tools-worker.js", "/style.css"]
        {
            let file = get(path);
            assert_eq!(file.status, 200, "{path}");
            let policy = file.header("content-security-policy").unwrap_or_default();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
            assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
            assert!(!file.body.is_empty() && file.header("etag").is_some());
        }
        assert_eq!(
            get("/studio/app.js").header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(get("/nowhere.html").status, 404);
        assert_eq!(get("/_headers").status, 404);
    }

    #[test]
    fn pages_of_any_site_may_load_the_viewers_but_not_the_page() {
        let viewer = get("/viewers/zoom.js");
        assert_eq!(viewer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(viewer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(viewer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(get("/studio/app.js").header("access-control-allow-origin"), None);
    }

    #[test]
    fn a_file_that_the_browser_has_is_304() {
        let etag = get("/style.css").header("etag").map(str::to_owned);
        let request = HttpRequest {
            path: "/style.css".to_owned(),
            if_none_match: etag,
            ..HttpRequest::default()
        };
        assert_eq!(Page::default().reply(&request).status, 304);
    }
}
