//! Static content: whole files, and ranges of them.

use reqwest::Method;

use super::{Checked, finding::Finding, server::Server};

/// How many bytes are asked for from either end.
const BYTES: u64 = 100;

/// Reads the beginning and the end of the file, and beyond it.
pub async fn ranges(server: &Server) -> Checked {
    let Some(object) = &server.content else {
        let missing = server.get("/is/content/Samples/azulejo-doctor-no-such-file", &[]).await?;
        let route = if matches!(missing.status, 403 | 404) {
            Finding::ok("content", format!("a missing file answers {}", missing.status))
        } else {
            Finding::failed(
                "content",
                format!("a missing file of /is/content answers {}", missing.status),
                "expected 403 or 404: /is/content must reach the server",
            )
        };
        let unknown = Finding::not_checked(
            "ranges",
            "range requests, as videos need them: no static file is known",
            "name one with --content, e.g. --content Shop/film.mp4",
        );
        return Ok(vec![route, unknown]);
    };
    let path = server.path("content", object, "");
    let head = server.send(Method::HEAD, &path, &[]).await?;
    let length: u64 = head.header("content-length").parse().unwrap_or_default();
    if head.status != 200 || length == 0 {
        return Ok(vec![Finding::failed(
            "content",
            format!("HEAD of {object} answers {}, Content-Length {length}", head.status),
            "name a file that `azulejo ls` lists and that is not empty",
        )]);
    }
    let file = Finding::ok("content", format!("{object}: {length} bytes, {}", head.media_type()));
    let size = BYTES.min(length);
    let mut wrong = Vec::new();
    let beyond = format!("bytes={length}-");
    for (range, status, bytes, content_range) in [
        (format!("bytes=0-{}", size - 1), 206, size, format!("bytes 0-{}/{length}", size - 1)),
        (
            format!("bytes=-{size}"),
            206,
            size,
            format!("bytes {}-{}/{length}", length - size, length - 1),
        ),
        (beyond.clone(), 416, 0, format!("bytes */{length}")),
    ] {
        let reply = server.get(&path, &[("range", &range)]).await?;
        let has_length = range == beyond || reply.body.len() as u64 == bytes;
        if reply.status != status || !has_length || reply.header("content-range") != content_range {
            wrong.push(format!(
                "{range} answers {}, {} bytes, Content-Range {:?}",
                reply.status,
                reply.body.len(),
                reply.header("content-range")
            ));
        }
    }
    Ok(vec![
        file,
        if wrong.is_empty() {
            Finding::ok("ranges", "beginning, end and beyond: 206, 206 and 416")
        } else {
            Finding::failed(
                "ranges",
                wrong.join("; "),
                "let what is in front pass Range on, and not compress these files: videos cannot be sought",
            )
        },
    ])
}
