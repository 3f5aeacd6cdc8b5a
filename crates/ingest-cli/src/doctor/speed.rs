//! Times to the first byte, as medians: of images that are drawn, and of the same ones from a cache.

use std::time::Duration;

use super::{Checked, finding::Finding, server::Server};

/// How many images are drawn.
const IMAGES: usize = 7;

/// How wide they are.
const WIDTH: u64 = 800;

/// Slower than this is worth a look.
const SLOW_MISS: Duration = Duration::from_secs(3);
const SLOW_HIT: Duration = Duration::from_millis(500);

/// Draws some images, and asks for each again.
pub async fn first_bytes(server: &Server, object: &str) -> Checked {
    let (mut misses, mut hits) = (Vec::new(), Vec::new());
    let requests: Vec<String> = (0..IMAGES).map(|_| server.fresh(WIDTH)).collect();
    for times in [&mut misses, &mut hits] {
        for modifiers in &requests {
            let reply = server.image(object, modifiers, &[]).await?;
            if reply.status != 200 {
                return Ok(vec![Finding::failed(
                    "speed",
                    format!("{object}?{modifiers} answers {}: {}", reply.status, reply.excerpt()),
                    "look at the server's log",
                )]);
            }
            times.push(reply.first_byte);
        }
    }
    let (miss, hit) = (median(&mut misses), median(&mut hits));
    let found = format!(
        "first byte after {} ms when drawn, {} ms when asked again (medians of {IMAGES}, {WIDTH} px JPEG)",
        miss.as_millis(),
        hit.as_millis()
    );
    Ok(vec![if miss > SLOW_MISS || hit > SLOW_HIT {
        Finding::warning(
            "speed",
            found,
            "see the stages above: fetch is the store, render the processor; the rest is the way here",
        )
    } else {
        Finding::ok("speed", found)
    }])
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
