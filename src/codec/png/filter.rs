//! PNG's filters (ISO/IEC 15948, 9.2). Each row gets the filter whose bytes are nearest to 0.

/// Chooses and applies filters, for rows of one length.
pub struct Filter {
    /// Bytes per pixel.
    pixel: usize,
    /// The number of the filter, followed by the filtered row.
    filtered: Vec<u8>,
}

const SUB: u8 = 1;
const UP: u8 = 2;
const AVERAGE: u8 = 3;
const PAETH: u8 = 4;

/// Bytes that are summed in 16-bit lanes.
const BLOCK: usize = 32;

impl Filter {
    /// A filter for rows of `row` bytes, with `pixel` bytes per pixel.
    pub fn new(pixel: usize, row: usize) -> Self {
        Self { pixel, filtered: vec![0; row + 1] }
    }

    /// Returns the number of the best filter, followed by the filtered row. On a tie the last wins.
    pub fn apply(&mut self, above: &[u8], row: &[u8]) -> &[u8] {
        let Some((number, filtered)) = self.filtered.split_first_mut() else { return &[] };
        let mut least = u64::MAX;
        for kind in [UP, SUB, AVERAGE, PAETH] {
            filter(kind, self.pixel, above, row, filtered);
            let cost = cost(filtered);
            if cost <= least {
                (least, *number) = (cost, kind);
            }
            if cost == 0 {
                return &self.filtered;
            }
        }
        if *number != PAETH {
            filter(*number, self.pixel, above, row, filtered);
        }
        &self.filtered
    }
}

/// The sum of the bytes' absolute values, as signed bytes.
fn cost(filtered: &[u8]) -> u64 {
    let distance = |byte: &u8| u16::from((*byte as i8).unsigned_abs());
    filtered.chunks(BLOCK).map(|block| u64::from(block.iter().map(distance).sum::<u16>())).sum()
}

fn filter(kind: u8, pixel: usize, above: &[u8], row: &[u8], filtered: &mut [u8]) {
    let pixel = pixel.min(row.len());
    // The first pixel has no left neighbour; 0 replaces it.
    let (first, others) = filtered.split_at_mut(pixel);
    let here = row.get(pixel..).unwrap_or_default();
    let up = above.get(pixel..).unwrap_or_default();
    match kind {
        SUB => {
            first.copy_from_slice(&row[..pixel]);
            for ((out, here), left) in others.iter_mut().zip(here).zip(row) {
                *out = here.wrapping_sub(*left);
            }
        }
        UP => {
            for ((out, here), up) in filtered.iter_mut().zip(row).zip(above) {
                *out = here.wrapping_sub(*up);
            }
        }
        AVERAGE => {
            for ((out, here), up) in first.iter_mut().zip(row).zip(above) {
                *out = here.wrapping_sub(up / 2);
            }
            let lines = here.iter().zip(row).zip(up);
            for (out, ((here, left), up)) in others.iter_mut().zip(lines) {
                *out = here.wrapping_sub((left & up) + ((left ^ up) >> 1));
            }
        }
        _ => {
            for ((out, here), up) in first.iter_mut().zip(row).zip(above) {
                *out = here.wrapping_sub(*up);
            }
            let lines = here.iter().zip(row).zip(up).zip(above);
            for (out, (((here, left), up), corner)) in others.iter_mut().zip(lines) {
                *out = here.wrapping_sub(paeth(*left, *up, *corner));
            }
        }
    }
}

/// The Paeth predictor: the neighbour nearest to left + up − corner, in 8-bit arithmetic.
#[inline(always)]
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let to_left = up.max(corner) - up.min(corner);
    let to_up = left.max(corner) - left.min(corner);
    // If the corner lies between both, the distances differ in sign; else it is the farthest.
    let between = (left < corner) == (corner < up);
    let to_corner = if between { to_left.max(to_up) - to_left.min(to_up) } else { 255 };
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
