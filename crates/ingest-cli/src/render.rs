//! `azulejo render`: answers one request natively with the Worker's engine.

use std::{
    io::{IsTerminal, Write},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use azulejo::{
    http::{Access, HttpRequest},
    serve::serve,
};

use crate::{args::RenderArgs, store::Bucket};

/// Answers the request. Returns false if the reply is an error.
pub async fn run(args: &RenderArgs) -> Result<bool> {
    let bucket = Bucket::open(&args.from, args.state.as_deref())?;
    let (object, query) = args.request.split_once('?').unwrap_or((&args.request, ""));
    let object = object.trim_start_matches('/');
    let path = match object.strip_prefix("is/content/") {
        Some(content) => format!("/is/content/{content}"),
        None => format!("/is/image/{}", object.strip_prefix("is/image/").unwrap_or(object)),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let request = HttpRequest {
        path,
        query: query.to_owned(),
        received_at: now.as_millis() as f64,
        access: Access { unpublished: args.unpublished, ..Access::default() },
        ..HttpRequest::default()
    };
    let start = Instant::now();
    let reply = serve(&request, &bucket, || start.elapsed().as_secs_f64() * 1000.0).await;
    let mut err = std::io::stderr().lock();
    if args.headers {
        writeln!(err, "{}", reply.status)?;
        for (name, value) in &reply.headers {
            writeln!(err, "{name}: {value}")?;
        }
        for (name, value) in &reply.extra {
            writeln!(err, "{name}: {value}")?;
        }
    }
    if reply.status != 200 {
        err.write_all(&reply.body)?;
        return Ok(false);
    }
    let image = reply.header("content-type").is_some_and(|mime| mime.starts_with("image/"));
    if args.output.is_none() && image && std::io::stdout().is_terminal() {
        bail!("an image does not belong on a terminal: name a file with -o, or use a pipe");
    }
    match &args.output {
        Some(path) => {
            std::fs::write(path, &reply.body).with_context(|| path.display().to_string())?;
        }
        None => std::io::stdout().lock().write_all(&reply.body)?,
    }
    Ok(true)
}
