//! What the platform and the proxies in front do: health, page, HTTP version, clock, compression.

use super::{
    Checked,
    finding::Finding,
    server::{Server, now},
};

/// Seconds by which clocks may differ.
const CLOCK_SECONDS: u64 = 30;

/// Texts of fewer bytes are often sent as they are.
const COMPRESSED_BYTES: usize = 1024;

/// `/health`, and what its reply tells of the platform.
pub async fn reached(server: &Server) -> Checked {
    let reply = server.get("/health", &[]).await?;
    let body = reply.excerpt();
    let health = match reply.status {
        200 if body == "ok" => {
            Finding::ok("health", format!("/health answers {} ms", reply.first_byte.as_millis()))
        }
        200 => Finding::failed(
            "health",
            format!("/health answers something else than ok: {body}"),
            "another server answers; route all paths of this host to Azulejo",
        ),
        status @ 300..400 => Finding::failed(
            "health",
            format!("/health answers {status}, a redirect to {}", reply.header("location")),
            "check the host that it redirects to, or end the redirect",
        ),
        status => Finding::failed(
            "health",
            format!("/health answers {status}: {body}"),
            "look at the server's log; the path /health must reach it",
        ),
    };
    Ok(vec![health, version(server, reply.is_http2), clock(reply.header("date"))])
}

fn version(server: &Server, is_http2: bool) -> Finding {
    match (server.url.scheme(), is_http2) {
        (_, true) => Finding::ok("http version", "HTTP/2"),
        ("https", false) => Finding::warning(
            "http version",
            "HTTP/1.1: a page with many images loads more slowly",
            "switch HTTP/2 on in what terminates TLS",
        ),
        _ => Finding::not_checked(
            "http version",
            "HTTP/1.1 without TLS: browsers speak HTTP/2 only with TLS",
            "check the https:// address that clients use",
        ),
    }
}

fn clock(date: &str) -> Finding {
    let Ok(time) = httpdate::parse_http_date(date) else {
        return Finding::warning(
            "clock",
            format!("no Date header, or none that can be read: {date:?}"),
            "have the server or the proxy send Date; caches need it for lifetimes",
        );
    };
    let time = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let seconds = now().abs_diff(time).as_secs();
    if seconds <= CLOCK_SECONDS {
        return Finding::ok("clock", format!("{seconds} s from this machine's"));
    }
    Finding::warning(
        "clock",
        format!("{seconds} s from this machine's"),
        "set both clocks by NTP: signatures expire by the server's clock",
    )
}

/// `/health?deep`, which reads from the store.
pub async fn storage(server: &Server) -> Checked {
    let reply = server.get("/health?deep", &[]).await?;
    Ok(vec![match reply.status {
        200 => Finding::ok(
            "storage",
            format!("the server reads its store ({} ms)", reply.first_byte.as_millis()),
        ),
        status => Finding::failed(
            "storage",
            format!("/health?deep answers {status}: {}", reply.excerpt()),
            "check the bucket's name and binding, or the store and its credentials; the server's log says why",
        ),
    }])
}

/// The page at `/`, and whether its text is compressed.
pub async fn page(server: &Server) -> Checked {
    let reply = server.get("/", &[("accept-encoding", "gzip, br")]).await?;
    if reply.status != 200 || reply.media_type() != "text/html" {
        let found = format!("/ answers {} {}", reply.status, reply.media_type());
        return Ok(vec![Finding::warning(
            "page",
            found,
            "the preview page is not served; leave it so if you want none",
        )]);
    }
    let page = Finding::ok("page", format!("/ is a page of {} bytes", reply.body.len()));
    let encoding = reply.header("content-encoding");
    let compression = if !encoding.is_empty() {
        Finding::ok("compression", format!("texts are compressed ({encoding})"))
    } else if reply.body.len() < COMPRESSED_BYTES {
        Finding::not_checked("compression", "the page at / is too short to tell", "nothing to do")
    } else {
        Finding::warning(
            "compression",
            "texts (the page, JSON, style sheets) are not compressed",
            "let the proxy or CDN in front compress text/*, application/json and image/svg+xml",
        )
    };
    Ok(vec![page, compression])
}
