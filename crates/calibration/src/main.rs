//! Measures at which quality another format looks as good as a JPEG, by SSIMULACRA2.
//!
//! `cargo run --release -p calibration -- webp pyramid.tif…` renders each photograph at most 800
//! pixels wide and high, as PNG and as JPEG of several qualities. For each JPEG it finds the lowest quality of the other
//! format with at least the same score. The table that it prints is the derivation of
//! `src/resolve/smart_quality.rs`.
#![expect(clippy::print_stdout, reason = "a command line program prints to stdout")]

use std::{env, fs, path::Path};

use anyhow::{Context, Result, ensure};
use azulejo::{http::HttpRequest, serve::serve, store::MemoryStore};
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

/// The JPEG qualities of the table.
const QUALITIES: [u8; 7] = [50, 60, 70, 75, 80, 85, 90];

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let format = arguments.next().context("usage: calibration FORMAT PYRAMID...")?;
    let photos: Vec<String> = arguments.collect();
    ensure!(!photos.is_empty(), "usage: calibration FORMAT PYRAMID...");
    println!("| photograph | {} |", QUALITIES.map(|quality| format!("qlt={quality}")).join(" | "));
    println!("| --- |{}", " --- |".repeat(QUALITIES.len()));
    let mut columns: [Vec<Match>; QUALITIES.len()] = Default::default();
    for path in &photos {
        let photo = Photo::read(Path::new(path))?;
        let mut cells = Vec::new();
        for (quality, column) in QUALITIES.into_iter().zip(&mut columns) {
            let found = photo.equal(&format, quality)?;
            cells.push(format!("{} ({:+.0} %)", found.quality, found.saved()));
            column.push(found);
        }
        println!("| {} | {} |", photo.name, cells.join(" | "));
    }
    let summary = columns.map(|mut column| {
        column.sort_by_key(|found| found.quality);
        let median = column.get(column.len() / 2).map_or(0, |found| found.quality);
        let [jpeg, other] = column
            .iter()
            .fold([0, 0], |[jpeg, other], found| [jpeg + found.jpeg_bytes, other + found.bytes]);
        format!("{median} ({:+.0} %)", percent(other, jpeg))
    });
    println!("| median (all bytes) | {} |", summary.join(" | "));
    Ok(())
}

/// The lowest quality of the other format at which it looks as good as a JPEG.
struct Match {
    quality: u8,
    bytes: usize,
    jpeg_bytes: usize,
}

impl Match {
    /// The change of bytes against the JPEG, in percent.
    fn saved(&self) -> f64 {
        percent(self.bytes, self.jpeg_bytes)
    }
}

fn percent(bytes: usize, of: usize) -> f64 {
    100.0 * (bytes as f64 / of as f64 - 1.0)
}

struct Photo {
    name: String,
    store: MemoryStore,
    pixels: Rgb,
}

impl Photo {
    fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let store = MemoryStore::new();
        store.put("assets/Photos/photo.tif", bytes);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let pixels = decoded(&render(&store, "fmt=png")?)?;
        Ok(Self { name, store, pixels })
    }

    /// Finds the quality by bisection.
    fn equal(&self, format: &str, jpeg_quality: u8) -> Result<Match> {
        let (target, jpeg_bytes) = self.score(&format!("fmt=jpeg&qlt={jpeg_quality}"))?;
        let (mut low, mut high) = (0, 100);
        let mut bytes = 0;
        while high - low > 1 {
            let quality = (low + high) / 2;
            let (score, length) = self.score(&format!("fmt={format}&qlt={quality}"))?;
            if score < target {
                low = quality;
            } else {
                (high, bytes) = (quality, length);
            }
        }
        if bytes == 0 {
            (_, bytes) = self.score(&format!("fmt={format}&qlt={high}"))?;
        }
        Ok(Match { quality: high, bytes, jpeg_bytes })
    }

    /// The score of a reply against the exact pixels, and its length.
    fn score(&self, encoding: &str) -> Result<(f64, usize)> {
        let file = render(&self.store, encoding)?;
        let score = compute_frame_ssimulacra2(self.pixels.clone(), decoded(&file)?)?;
        Ok((score, file.len()))
    }
}

fn render(store: &MemoryStore, encoding: &str) -> Result<Vec<u8>> {
    let request = HttpRequest {
        path: "/is/image/Photos/photo".to_owned(),
        query: format!("wid=800&hei=800&fit=constrain&{encoding}"),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    ensure!(reply.status == 200, "{encoding}: {}", String::from_utf8_lossy(&reply.body));
    Ok(reply.body)
}

fn decoded(file: &[u8]) -> Result<Rgb> {
    let image = image::load_from_memory(file)?.to_rgb32f();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let pixels = image.pixels().map(|pixel| pixel.0).collect();
    let (transfer, primaries) = (TransferCharacteristic::SRGB, ColorPrimaries::BT709);
    Rgb::new(pixels, width, height, transfer, primaries).context("an image without pixels")
}
