//! Replies in every format, as other programs read them.

#[path = "formats/documents.rs"]
mod documents;
#[path = "formats/jpegs.rs"]
mod jpegs;
#[path = "formats/metadata.rs"]
mod metadata;
#[path = "formats/palettes.rs"]
mod palettes;
#[path = "formats/readers.rs"]
mod readers;
#[path = "formats/tiffs.rs"]
mod tiffs;
#[path = "formats/webps.rs"]
mod webps;

use azulejo::{
    http::HttpReply,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{TileCompression, WriteOptions, Writer},
    store::MemoryStore,
};

use crate::golden;

/// A picture of width × height × samples.
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub samples: usize,
    pub data: Vec<u8>,
}

impl Picture {
    fn of(width: u32, height: u32, samples: usize, at: impl Fn(u32, u32) -> [u8; 4]) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data = places.flat_map(|(x, y)| at(x, y).into_iter().take(samples)).collect();
        Self { width, height, samples, data }
    }

    /// Red, green, blue and alpha of each pixel.
    fn rgba(&self) -> Vec<[u8; 4]> {
        let pixel = |pixel: &[u8]| match *pixel {
            [v] => [v, v, v, 255],
            [v, a] => [v, v, v, a],
            [r, g, b] => [r, g, b, 255],
            _ => [pixel[0], pixel[1], pixel[2], pixel[3]],
        };
        self.data.chunks_exact(self.samples).map(pixel).collect()
    }

    /// A pyramid whose levels are stored without loss.
    fn pyramid(&self) -> Vec<u8> {
        let model = if self.samples < 3 { ColorModel::Gray } else { ColorModel::Rgb };
        let pixel = PixelFormat { model, alpha: self.samples.is_multiple_of(2) };
        let options =
            WriteOptions { compression: TileCompression::Deflate, ..WriteOptions::default() };
        let mut writer = Writer::new(self.width, self.height, pixel, options).unwrap();
        for row in self.data.chunks_exact(self.width as usize * self.samples) {
            writer.push_row(row).unwrap();
        }
        writer.finish().unwrap()
    }
}

/// 200 colours in no order, 97 × 61 pixels.
pub fn flat() -> Picture {
    Picture::of(97, 61, 3, |x, y| {
        let nth = (x * 31 + y * 17) % 200;
        [nth as u8, (nth * 77 % 256) as u8, 255 - nth as u8, 255]
    })
}

/// A smooth picture of thousands of colours, with a grain.
pub fn smooth() -> Picture {
    Picture::of(203, 151, 3, |x, y| {
        let grain = (x * 7919 + y * 104_729 + x * y) % 23;
        [(x + grain) as u8, (y + 60 + grain / 2) as u8, (x / 2 + y / 3 + grain) as u8, 255]
    })
}

/// A disc of thousands of colours with a soft edge.
pub fn disc() -> Picture {
    Picture::of(120, 90, 4, |x, y| {
        let (dx, dy) = (x as i32 - 60, y as i32 - 45);
        let alpha = (1600 - dx * dx - dy * dy).clamp(0, 255) as u8;
        [(x * 2) as u8, (y * 2) as u8, (x + y) as u8, alpha]
    })
}

pub fn store() -> MemoryStore {
    let store = MemoryStore::new();
    for (name, picture) in [("flat", flat()), ("smooth", smooth()), ("disc", disc())] {
        store.put(&format!("assets/Test/{name}.tif"), picture.pyramid());
    }
    store
}

/// The reply to a request that succeeds.
pub fn reply(store: &MemoryStore, request: &str) -> HttpReply {
    let reply = golden::answer(store, request);
    assert_eq!(reply.status, 200, "{request}: {}", String::from_utf8_lossy(&reply.body));
    reply
}

/// The message of a request that is refused.
pub fn refusal(store: &MemoryStore, request: &str) -> String {
    let reply = golden::answer(store, request);
    assert_eq!(reply.status, 403, "{request}");
    String::from_utf8(reply.body).unwrap()
}
