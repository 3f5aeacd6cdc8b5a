//! At which quality another format looks as good as a JPEG.

use anyhow::Result;

use crate::photo::Photo;

/// The JPEG qualities of the table.
const QUALITIES: [u8; 7] = [50, 60, 70, 75, 80, 85, 90];

/// The lowest quality of the other format at which it looks as good as a JPEG.
struct Match {
    quality: u8,
    bytes: f64,
    jpeg_bytes: f64,
}

/// Prints the matches of each photograph, and their medians.
pub fn print(format: &str, photos: &[Photo]) -> Result<()> {
    println!("| photograph | {} |", QUALITIES.map(|quality| format!("qlt={quality}")).join(" | "));
    println!("| --- |{}", " --- |".repeat(QUALITIES.len()));
    let mut columns: [Vec<Match>; QUALITIES.len()] = Default::default();
    for photo in photos {
        let mut cells = Vec::new();
        let curve = photo.curve(format)?;
        for (quality, column) in QUALITIES.into_iter().zip(&mut columns) {
            let jpeg = photo.scored(&format!("fmt=jpeg&qlt={quality}"), "")?;
            let (quality, bytes) = curve.equal(jpeg.score);
            let (quality, jpeg_bytes) = (quality.ceil() as u8, jpeg.bytes as f64);
            cells.push(format!("{quality} ({:+.0} %)", percent(bytes, jpeg_bytes)));
            column.push(Match { quality, bytes, jpeg_bytes });
        }
        println!("| {} | {} |", photo.name, cells.join(" | "));
    }
    let summary = columns.map(|mut column| {
        column.sort_by_key(|found| found.quality);
        let median = column.get(column.len() / 2).map_or(0, |found| found.quality);
        let [jpeg, other] = column.iter().fold([0.0, 0.0], |[jpeg, other], found| {
            [jpeg + found.jpeg_bytes, other + found.bytes]
        });
        format!("{median} ({:+.0} %)", percent(other, jpeg))
    });
    println!("| median (all bytes) | {} |", summary.join(" | "));
    Ok(())
}

/// The change of bytes, in percent.
pub fn percent(bytes: f64, of: f64) -> f64 {
    100.0 * (bytes / of - 1.0)
}
