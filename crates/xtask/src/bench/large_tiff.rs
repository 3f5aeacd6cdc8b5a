//! Writes large TIFFs that need little disk space, since all tiles share the same bytes.

use std::{fs::File, io::Write, path::Path};

use flate2::{Compression, write::ZlibEncoder};

/// How the pixels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Tiles of 256 × 256 pixels.
    Tiles,
    /// Strips of 64 rows.
    Strips,
}

/// Writes a picture of `width` × `height` pixels, RGB in Deflate. Both must be multiples of 256.
/// The picture is noise over a gradient, as expensive to decode and encode as a photograph.
pub fn write(path: &Path, (width, height): (u32, u32), layout: Layout) -> std::io::Result<()> {
    const TILE: u32 = 256;
    const ROWS: u32 = 64;
    let (across, down) = match layout {
        Layout::Tiles => (TILE, TILE),
        Layout::Strips => (width, ROWS),
    };
    let mut seed = 1_u32;
    let mut sample = |at: u32| {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        (64 + at % across / 8 % 128 + seed % 16) as u8
    };
    let pixels: Vec<u8> = (0..across * down * 3).map(|at| sample(at / 3)).collect();
    let mut tile = ZlibEncoder::new(Vec::new(), Compression::fast());
    tile.write_all(&pixels)?;
    let tile = tile.finish()?;
    let count = (width / across) * (height / down);

    // The file holds the header, the tile, the arrays, and the directory that points to them.
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let tile_at = file.len() as u32;
    file.extend_from_slice(&tile);
    let array = |file: &mut Vec<u8>, value: u32| {
        file.resize(file.len().next_multiple_of(2), 0);
        let at = file.len() as u32;
        file.extend((0..count).flat_map(|_| value.to_le_bytes()));
        at
    };
    let (offsets, lengths) = (array(&mut file, tile_at), array(&mut file, tile.len() as u32));
    let bits = file.len() as u32;
    file.extend([8, 0, 8, 0, 8, 0]);
    let directory = file.len() as u32;
    let (short, long) = (3, 4);
    let mut tags: Vec<(u16, u16, u32, u32)> = vec![
        (256, long, 1, width),
        (257, long, 1, height),
        (258, short, 3, bits),
        (259, short, 1, 8),
        (262, short, 1, 2),
        (277, short, 1, 3),
    ];
    tags.extend(match layout {
        Layout::Tiles => [
            (322, long, 1, TILE),
            (323, long, 1, TILE),
            (324, long, count, offsets),
            (325, long, count, lengths),
        ]
        .to_vec(),
        Layout::Strips => {
            vec![(273, long, count, offsets), (278, long, 1, ROWS), (279, long, count, lengths)]
        }
    });
    tags.sort_unstable();
    file.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file[4..8].copy_from_slice(&directory.to_le_bytes());
    File::create(path)?.write_all(&file)
}
