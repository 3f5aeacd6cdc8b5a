//! A photograph, whose replies are scored against its exact pixels.

use std::{env, fs, path::Path, process};

use anyhow::{Context, Result, ensure};
use azulejo::{client_hints::ClientHints, http::HttpRequest, serve::serve, store::MemoryStore};
use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

/// A stored photograph. Its replies are at most 800 pixels wide and high.
pub struct Photo {
    pub name: String,
    store: MemoryStore,
    pixels: Rgb,
}

/// A reply.
pub struct Scored {
    /// Its SSIMULACRA2 score against the exact pixels.
    pub score: f64,
    /// Its length.
    pub bytes: usize,
    /// Its format, such as `image/webp`.
    pub format: String,
}

impl Photo {
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let store = MemoryStore::new();
        store.put("assets/Photos/photo.tif", bytes);
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (exact, _) = render(&store, "fmt=png", "")?;
        Ok(Self { name, pixels: decoded(&exact)?, store })
    }

    /// The reply to these commands, for a client that sends this `Accept`.
    pub fn scored(&self, encoding: &str, accept: &str) -> Result<Scored> {
        let (file, format) = render(&self.store, encoding, accept)?;
        let pixels = if format == "image/avif" { decoded(&png(&file)?)? } else { decoded(&file)? };
        let score = compute_frame_ssimulacra2(self.pixels.clone(), pixels)?;
        Ok(Scored { score, bytes: file.len(), format })
    }

    /// The replies of a format at [`SAMPLES`].
    pub fn curve(&self, format: &str) -> Result<Curve> {
        let scored = |quality| self.scored(&format!("fmt={format}&qlt={quality}"), "");
        SAMPLES.into_iter().map(scored).collect::<Result<_>>().map(Curve)
    }
}

/// The qualities of a [`Curve`].
const SAMPLES: [u8; 13] = [20, 30, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95];

/// Replies of one format, by rising quality.
pub struct Curve(Vec<Scored>);

impl Curve {
    /// The least quality with at least this score, and the bytes of a reply of it, both interpolated
    /// between samples; those of the last sample if no score is so high.
    pub fn equal(&self, score: f64) -> (f64, f64) {
        let at = |nth: usize| (f64::from(SAMPLES[nth]), self.0[nth].bytes as f64);
        let after = self.0.iter().position(|reply| reply.score >= score);
        let (after, part) = match after {
            None => (SAMPLES.len() - 1, 1.0),
            Some(0) => return at(0),
            Some(after) => {
                let [low, high] = [after - 1, after].map(|nth| self.0[nth].score);
                (after, (score - low) / (high - low))
            }
        };
        let ((low, fewer), (high, more)) = (at(after - 1), at(after));
        (low + part * (high - low), fewer + part * (more - fewer))
    }
}

fn render(store: &MemoryStore, encoding: &str, accept: &str) -> Result<(Vec<u8>, String)> {
    let request = HttpRequest {
        path: "/is/image/Photos/photo".to_owned(),
        query: format!("wid=800&hei=800&fit=constrain&{encoding}"),
        hints: ClientHints { accept: Some(accept.to_owned()), ..ClientHints::default() },
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    ensure!(reply.status == 200, "{encoding}: {}", String::from_utf8_lossy(&reply.body));
    let format = reply.header("content-type").unwrap_or_default().to_owned();
    Ok((reply.body, format))
}

/// Decodes an AVIF with libvips, to a PNG.
fn png(avif: &[u8]) -> Result<Vec<u8>> {
    let file = |suffix| env::temp_dir().join(format!("calibration-{}.{suffix}", process::id()));
    let (from, to) = (file("avif"), file("png"));
    fs::write(&from, avif)?;
    let done = process::Command::new("vips").arg("copy").args([&from, &to]).status();
    ensure!(done.context("vips, which decodes AVIF")?.success(), "vips does not decode the AVIF");
    let png = fs::read(&to)?;
    fs::remove_file(from)?;
    fs::remove_file(to)?;
    Ok(png)
}

fn decoded(file: &[u8]) -> Result<Rgb> {
    let image = image::load_from_memory(file)?.to_rgb32f();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let pixels = image.pixels().map(|pixel| pixel.0).collect();
    let (transfer, primaries) = (TransferCharacteristic::SRGB, ColorPrimaries::BT709);
    Rgb::new(pixels, width, height, transfer, primaries).context("an image without pixels")
}
