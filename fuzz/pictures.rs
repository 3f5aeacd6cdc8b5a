//! Invariants of every file and tile, even damaged ones.

#![allow(dead_code, reason = "each fuzz target takes what it needs")]

use azulejo::{
    http::HttpRequest,
    pyramid::{self, Index, Level, Rows},
    serve::serve,
    store::{self, FetchBuffer, MemoryStore},
};

const KEY: &str = "assets/Fuzz/file.tif";

/// The most pixels of a level to decode. Larger ones only take longer.
const PIXELS: u64 = 1 << 20;

/// Serves any bytes as an object of the store: a picture, or an error with a message. Returns whether it
/// was a picture.
pub fn check_file(file: &[u8]) -> Result<bool, String> {
    let store = MemoryStore::new();
    store.put(KEY, file.to_vec());
    for query in ["wid=50&fmt=png-alpha", "req=imageprops"] {
        let request = HttpRequest {
            path: "/is/image/Fuzz/file".to_owned(),
            query: query.to_owned(),
            ..HttpRequest::default()
        };
        let reply = pollster::block_on(serve(&request, &store, || 0.0));
        if !matches!(reply.status, 200 | 403 | 500) || reply.body.is_empty() {
            return Err(format!("{query}: {} of {} bytes", reply.status, reply.body.len()));
        }
    }
    let Some(index) = opened(&store)? else { return Ok(false) };
    if Index::from_bytes(&index.to_bytes()).as_ref() != Some(&index) {
        return Err("the index is another once it is remembered".to_owned());
    }
    check_levels(&index, file)
}

/// Decodes any bytes as the only tile of a TIFF. The first eight bytes describe the TIFF. Returns whether
/// the tile could be decoded.
pub fn check_tile(bytes: &[u8]) -> Result<bool, String> {
    let Some((description, tile)) = bytes.split_first_chunk() else { return Ok(false) };
    let file = tiff(*description, tile);
    let store = MemoryStore::new();
    store.put(KEY, file.clone());
    match opened(&store)? {
        Some(index) => check_levels(&index, &file),
        None => Ok(false),
    }
}

fn check_levels(index: &Index, file: &[u8]) -> Result<bool, String> {
    let mut all = true;
    for level in &index.levels {
        all &= check_level(level, file)?;
    }
    Ok(all)
}

fn opened(store: &MemoryStore) -> Result<Option<Index>, String> {
    let buffer = FetchBuffer::default();
    let index = store::fulfil(store, &buffer, pyramid::open(KEY, &buffer));
    match pollster::block_on(index) {
        Ok(index) if index.levels.is_empty() => Err("opened without a level".to_owned()),
        Ok(index) => Ok(Some(index)),
        Err(error) if error.message.is_empty() => Err("refused without a reason".to_owned()),
        Err(_) => Ok(None),
    }
}

/// Decodes all pixels of a level, converted and as stored. Returns false if there is an error, which
/// must have a message.
fn check_level(level: &Level, file: &[u8]) -> Result<bool, String> {
    let pixels = u64::from(level.width) * u64::from(level.height);
    let tile = u64::from(level.tile_width) * u64::from(level.tile_height);
    if pixels > PIXELS || tile * u64::from(level.samples) > 4 * PIXELS {
        return Ok(false);
    }
    for stored in [false, true] {
        let tile = |number: usize| {
            let span = level.tile(number)?;
            let start = usize::try_from(span.start).ok()?;
            file.get(start..start.checked_add(usize::try_from(span.len).ok()?)?)
        };
        let (columns, lines) = (0..level.width, 0..level.height);
        let (rows, samples) = match stored {
            true => (Rows::stored(level, columns, lines, tile), level.pixel_type().samples()),
            false => (Rows::new(level, columns, lines, tile), level.drawn_type().samples()),
        };
        let mut rows = rows.map_err(|error| error.message)?;
        let mut bytes = 0;
        while let Some(row) = rows.next_row() {
            match row {
                Ok(row) => bytes += row.len(),
                Err(error) if error.message.is_empty() => return Err("no reason".to_owned()),
                Err(_) => return Ok(false),
            }
        }
        let wanted = pixels * samples as u64;
        if bytes as u64 != wanted {
            return Err(format!("{bytes} bytes of {wanted}, stored: {stored}"));
        }
    }
    Ok(true)
}

const COMPRESSIONS: [u16; 10] = [1, 2, 3, 4, 5, 7, 8, 32773, 50_000, 50_001];
const BITS: [u16; 8] = [1, 2, 4, 8, 8, 8, 16, 32];

/// Writes a TIFF with one tile. The eight bytes of `description` select: compression, bits, samples,
/// photometric, width, height, flags (predictor, planes, fill order, alpha as the fourth sample,
/// two-dimensional fax lines), and the size of the tile.
pub fn tiff(description: [u8; 8], tile: &[u8]) -> Vec<u8> {
    let [compression, bits, samples, photometric, width, height, flags, side] = description;
    let pick = |list: &[u16], byte: u8| list.get(usize::from(byte) % list.len()).copied();
    let flag = |bit: u8| u32::from(flags >> bit & 1);
    let samples = u32::from(samples % 5 + 1);
    let side = 16 * u32::from(side % 8 + 1);
    let len = u32::try_from(tile.len()).unwrap_or(u32::MAX);
    // With separate planes each sample has its own tile; here all tiles share the same bytes.
    let tiles = if flag(1) == 1 { samples } else { 1 };
    let mut entries: Vec<(u16, u16, Vec<u32>)> = vec![
        (256, 4, vec![u32::from(width) % side + 1]),
        (257, 4, vec![u32::from(height) % side + 1]),
        (258, 3, vec![u32::from(pick(&BITS, bits).unwrap_or(8)); samples as usize]),
        (259, 3, vec![u32::from(pick(&COMPRESSIONS, compression).unwrap_or(1))]),
        (262, 3, vec![u32::from(photometric % 7)]),
        (266, 3, vec![1 + flag(2)]),
        (277, 3, vec![samples]),
        (284, 3, vec![1 + flag(1)]),
        (292, 4, vec![flag(4)]),
        (317, 3, vec![1 + flag(0)]),
        (322, 4, vec![side]),
        (323, 4, vec![side]),
    ];
    entries.push((324, 4, vec![0; tiles as usize]));
    entries.push((325, 4, vec![len; tiles as usize]));
    if flag(3) == 1 {
        entries.push((338, 3, vec![2]));
    }
    let directory = 2 + 12 * entries.len() as u32 + 4;
    let mut values_after: Vec<u8> = Vec::new();
    let (mut file, mut table) = (b"II*\0\x08\0\0\0".to_vec(), Vec::new());
    // Values that do not fit into their entry follow the directory, and the tile follows them.
    let size = |kind: u16| if kind == 3 { 2_u32 } else { 4 };
    let outside: u32 = entries
        .iter()
        .map(|(_, kind, values)| size(*kind) * values.len() as u32)
        .filter(|bytes| *bytes > 4)
        .sum();
    let data = 8 + directory + outside;
    for (tag, kind, values) in &entries {
        let values = values.iter().map(|value| if *tag == 324 { data } else { *value });
        let mut bytes: Vec<u8> = match kind {
            3 => values.flat_map(|value| (value as u16).to_le_bytes()).collect(),
            _ => values.flat_map(u32::to_le_bytes).collect(),
        };
        let count = bytes.len() as u32 / size(*kind);
        if bytes.len() > 4 {
            let at = 8 + directory + values_after.len() as u32;
            values_after.extend(bytes);
            bytes = at.to_le_bytes().to_vec();
        }
        bytes.resize(4, 0);
        table.extend(tag.to_le_bytes());
        table.extend(kind.to_le_bytes());
        table.extend(count.to_le_bytes());
        table.extend(bytes);
    }
    file.extend((entries.len() as u16).to_le_bytes());
    file.extend(table);
    file.extend([0; 4]);
    file.extend(values_after);
    file.extend(tile);
    file
}
