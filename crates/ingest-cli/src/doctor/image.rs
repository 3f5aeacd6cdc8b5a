//! An image: which one, and whether it comes as an image.

use super::{Checked, finding::Finding, server::Server};
use crate::http_client::NoReply;

/// Images that are there where the samples were ingested.
const SAMPLES: [&str; 3] = ["Samples/pier", "Samples/tulips", "Samples/dunes"];

/// The image that the checks ask for.
pub enum Found {
    /// Its object.
    Image(String),
    /// There is none, and why.
    Nothing(Finding),
}

/// Finds the image: the given one, or a sample.
pub async fn find(server: &mut Server) -> Result<Found, NoReply> {
    let given = server.object.clone();
    let candidates: Vec<String> = match &given {
        Some(object) => vec![object.clone()],
        None => SAMPLES.map(str::to_owned).to_vec(),
    };
    let mut last = String::new();
    for object in candidates {
        let reply = server.image(&object, "req=imageprops", &[]).await?;
        let text = String::from_utf8_lossy(&reply.body);
        if reply.status == 200 && text.contains("image.width=") {
            return Ok(Found::Image(object));
        }
        last = format!("{object}: {} {}", reply.status, reply.excerpt());
    }
    Ok(Found::Nothing(match given {
        Some(_) => Finding::failed(
            "image",
            last.clone(),
            if last.contains("sign") {
                "give the signing key with --key-file"
            } else {
                "name an image that `azulejo ls` lists, and check whether its catalog lets you see it"
            },
        ),
        None => Finding::not_checked(
            "image",
            "images, cache, entity tags, HEAD, Smart Imaging, signing and speed: no image is known",
            "name one with --object, e.g. --object Shop/red-shoe",
        ),
    }))
}

/// Whether a drawn image has the type, the headers and the timing that it should have.
pub async fn picture(server: &Server, object: &str) -> Checked {
    let modifiers = server.fresh(256);
    let reply = server.image(object, &modifiers, &[]).await?;
    let media_type = reply.media_type();
    if reply.status != 200 || media_type != "image/jpeg" || !reply.body.starts_with(&[0xff, 0xd8]) {
        let text = if media_type.starts_with("text") { reply.excerpt() } else { String::new() };
        return Ok(vec![Finding::failed(
            "image",
            format!("{object}?{modifiers} answers {} {media_type} {text}", reply.status),
            "expected a JPEG: look at the server's log, and at what is between it and here",
        )]);
    }
    let mut findings =
        vec![Finding::ok("image", format!("{object} as a JPEG of {} bytes", reply.body.len()))];
    let missing = ["etag", "cache-control", "x-azulejo-cache"].into_iter();
    let missing: Vec<&str> = missing.filter(|name| reply.header(name).is_empty()).collect();
    findings.push(if missing.is_empty() {
        Finding::ok("headers", format!("Cache-Control: {}", reply.header("cache-control")))
    } else {
        Finding::failed(
            "headers",
            format!("the reply lacks {}", missing.join(", ")),
            "something in front removes them, or another server answers",
        )
    });
    findings.push(shared(reply.header("access-control-allow-origin"), "cors"));
    findings.push(if reply.header("x-content-type-options") == "nosniff" {
        Finding::ok("nosniff", "X-Content-Type-Options: nosniff")
    } else {
        Finding::failed(
            "nosniff",
            "no X-Content-Type-Options: nosniff",
            "let what is in front pass the header on: without it a browser may run a stored file",
        )
    });
    findings.push(stages(reply.header("server-timing")));
    Ok(findings)
}

fn shared(value: &str, check: &'static str) -> Finding {
    if value == "*" {
        return Finding::ok(check, "Access-Control-Allow-Origin: *");
    }
    Finding::warning(
        check,
        format!("Access-Control-Allow-Origin is {value:?}, not *"),
        "viewers and canvases of other sites cannot read the images; a rule or a proxy changes the header",
    )
}

/// The stages of `Server-Timing`, such as `fetch;dur=3.1`.
fn stages(value: &str) -> Finding {
    let stages = value.split(',').filter_map(|stage| {
        let (name, duration) = stage.trim().split_once(";dur=")?;
        // Nodes of the plan have a description.
        (!name.contains(';')).then(|| format!("{name} {duration}"))
    });
    let stages: Vec<String> = stages.collect();
    if stages.is_empty() {
        return Finding::warning(
            "stages",
            format!("Server-Timing has no stages: {value:?}"),
            "something in front removes them; tools cannot tell where time goes",
        );
    }
    Finding::ok("stages", format!("in ms: {}", stages.join(", ")))
}

/// Whether the query reaches the server: two widths are two images.
pub async fn query(server: &Server, object: &str) -> Checked {
    let narrow = server.image(object, "wid=31&fmt=png", &[]).await?;
    let wide = server.image(object, "wid=47&fmt=png", &[]).await?;
    let width = |png: &[u8]| Some(u32::from_be_bytes(png.get(16..20)?.try_into().ok()?));
    let widths = [width(&narrow.body), width(&wide.body)];
    Ok(vec![if widths == [Some(31), Some(47)] {
        Finding::ok("query", "each query gets its own image")
    } else {
        let [narrow, wide] = widths
            .map(|width| width.map_or("no PNG".to_owned(), |width| format!("{width} pixels")));
        Finding::failed(
            "query",
            format!("wid=31 and wid=47 answer {narrow} and {wide}"),
            "the cache in front must take the whole query into its key, and must not change it",
        )
    }])
}
