//! Smart Imaging: each client gets a format that it knows, and no cache mixes them up.

use super::{Checked, finding::Finding, server::Server};

/// What a browser of today accepts.
const MODERN: &str = "image/avif,image/webp,*/*;q=0.8";

/// One URL for a client with WebP and AVIF, and for one without.
pub async fn formats(server: &Server, object: &str) -> Checked {
    let modifiers = format!("{}&bfc=on", server.fresh(320));
    let modern = server.image(object, &modifiers, &[("accept", MODERN)]).await?;
    let old = server.image(object, &modifiers, &[("accept", "image/jpeg")]).await?;
    let vary = modern.header("vary").to_ascii_lowercase();
    let varies = vary.split(',').any(|name| name.trim() == "accept");
    let (new, plain) = (modern.media_type().to_owned(), old.media_type().to_owned());
    if modern.status != 200 || old.status != 200 {
        return Ok(vec![Finding::failed(
            "smart imaging",
            format!("bfc=on answers {} and {}: {}", modern.status, old.status, modern.excerpt()),
            "look at the server's log",
        )]);
    }
    Ok(vec![if plain != "image/jpeg" {
        Finding::failed(
            "smart imaging",
            format!("a client that accepts JPEG alone got {plain}"),
            "the cache in front ignores Vary: take Accept into its key, or set bfc=off",
        )
    } else if !varies {
        Finding::failed(
            "smart imaging",
            format!("Vary is {vary:?}, without Accept"),
            "let what is in front pass Vary on; without it a cache gives WebP to clients that cannot show it",
        )
    } else if new == "image/jpeg" {
        Finding::ok("smart imaging", "Vary: Accept; JPEG was the smallest format of this image")
    } else {
        let (saved, all) = (old.body.len().saturating_sub(modern.body.len()), old.body.len());
        Finding::ok(
            "smart imaging",
            format!("{new} in place of JPEG, {saved} of {all} bytes less; Vary: Accept"),
        )
    }])
}
