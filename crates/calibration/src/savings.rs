//! How many bytes Smart Imaging saves against a JPEG that looks as good.

use anyhow::Result;

use crate::{photo::Photo, table::percent};

/// Clients by the newest format that they know, and their `Accept`.
const CLIENTS: [[&str; 2]; 2] = [["WebP", "image/webp,*/*"], ["AVIF", "image/avif,image/webp,*/*"]];

/// For each photograph: the bytes and the score of the JPEG of the default quality, and of what each
/// client gets instead. Its bytes are compared with those of a JPEG of its score.
pub fn print(photos: &[Photo]) -> Result<()> {
    let columns = CLIENTS.map(|[name, _]| format!("{name} client | JPEG as good | saved"));
    println!("| photograph | JPEG | {} |", columns.join(" | "));
    println!("| --- | --- |{}", " --- | --- | --- |".repeat(CLIENTS.len()));
    let mut sums = [[0.0; 2]; CLIENTS.len()];
    for photo in photos {
        let jpeg = photo.scored("fmt=jpeg", "")?;
        let curve = photo.curve("jpeg")?;
        let mut cells = vec![format!("{} ({:.0})", jpeg.bytes, jpeg.score)];
        for ([_, accept], [replies, jpegs]) in CLIENTS.into_iter().zip(&mut sums) {
            let reply = photo.scored("bfc=on", accept)?;
            let bytes = reply.bytes as f64;
            let equal = match reply.format.as_str() {
                "image/jpeg" => bytes,
                _ => curve.equal(reply.score).1,
            };
            *replies += bytes;
            *jpegs += equal;
            let format = reply.format.trim_start_matches("image/");
            cells.push(format!("{format} {} ({:.0})", reply.bytes, reply.score));
            cells.push(format!("{equal:.0}"));
            cells.push(format!("{:.0} %", -percent(bytes, equal)));
        }
        println!("| {} | {} |", photo.name, cells.join(" | "));
    }
    let saved = sums.map(|[replies, jpegs]| format!("| | | {:.0} %", -percent(replies, jpegs)));
    println!("| all | {} |", saved.join(" "));
    Ok(())
}
