//! RGB as a JPEG encoder takes it for halved chroma: of two by two pixels together. The encoder
//! itself would take that of one of them.

use jpeg_encoder::{ImageBuffer, JpegColorType};

/// Interleaved RGB of a size, handed on as Y, Cb and Cr (JFIF: ITU-R BT.601, full range).
pub struct Halved<'a> {
    /// Width × height × 3 samples.
    pub pixels: &'a [u8],
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// Pixels that are worked on together, in loops that compile to vectors.
const SPAN: usize = 16;

impl Halved<'_> {
    fn row(&self, y: u16) -> &[u8] {
        let stride = usize::from(self.width) * 3;
        self.pixels
            .get(usize::from(y) * stride..)
            .and_then(|rest| rest.get(..stride))
            .unwrap_or(&[])
    }
}

impl ImageBuffer for Halved<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.width);
        let start = luma.len();
        let last = self.height - 1;
        let (above, below) = (self.row(y & !1), self.row((y | 1).min(last)));
        for span in spans(self.row(y)) {
            luma.extend_from_slice(&brightness(&span));
        }
        // Of a pair of rows the encoder takes the first. What it repeats below the picture is
        // the last row, which may be a second one.
        if y.is_multiple_of(2) || y == last {
            for (above, below) in spans(above).zip(spans(below)) {
                let [b, r] = chroma(&above, &below);
                blue.extend_from_slice(&b);
                red.extend_from_slice(&r);
            }
        } else {
            blue.resize(start + width, 0);
            red.resize(start + width, 0);
        }
        for plane in [luma, blue, red] {
            plane.truncate(start + width);
        }
    }
}

/// The spans of a row; the last is filled up with its last pixel.
fn spans(row: &[u8]) -> impl Iterator<Item = [u8; 3 * SPAN]> {
    let (whole, rest) = row.as_chunks::<{ 3 * SPAN }>();
    let last = rest.last_chunk::<3>().map(|pixel| {
        let mut span = [0; 3 * SPAN];
        span.as_chunks_mut::<3>().0.fill(*pixel);
        span[..rest.len()].copy_from_slice(rest);
        span
    });
    whole.iter().copied().chain(last)
}

/// Y; the factors are 65,536ths.
fn brightness(span: &[u8; 3 * SPAN]) -> [u8; SPAN] {
    let mut luma = [0; SPAN];
    for (luma, &rgb) in luma.iter_mut().zip(span.as_chunks::<3>().0) {
        let [r, g, b] = rgb.map(i32::from);
        *luma = ((19595 * r + 38470 * g + 7471 * b + 0x7fff) >> 16) as u8;
    }
    luma
}

/// Cb and Cr of two by two pixels each, said for both columns.
fn chroma(above: &[u8; 3 * SPAN], below: &[u8; 3 * SPAN]) -> [[u8; SPAN]; 2] {
    let mut sums = [0; 3 * SPAN];
    for ((sum, &above), &below) in sums.iter_mut().zip(above).zip(below) {
        *sum = u16::from(above) + u16::from(below);
    }
    let mut planes = [[0; SPAN / 2]; 3];
    for (nth, pair) in sums.as_chunks::<6>().0.iter().enumerate() {
        for (at, plane) in planes.iter_mut().enumerate() {
            plane[nth] = i32::from(pair[at] + pair[at + 3]);
        }
    }
    let [r, g, b] = planes;
    let grey = (128 << 18) + 0x1_ffff;
    let mut both = [[0; SPAN]; 2];
    for nth in 0..SPAN / 2 {
        let blue = 32768 * b[nth] - 11059 * r[nth] - 21709 * g[nth] + grey;
        let red = 32768 * r[nth] - 27439 * g[nth] - 5329 * b[nth] + grey;
        both[0][2 * nth..2 * nth + 2].fill((blue >> 18) as u8);
        both[1][2 * nth..2 * nth + 2].fill((red >> 18) as u8);
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as the encoder asks for them, and once more the last.
    fn rows(width: u16, height: u16, pixels: &[u8]) -> Vec<[Vec<u8>; 4]> {
        let image = Halved { pixels, width, height };
        (0..=height)
            .map(|y| {
                let mut buffers = [const { Vec::new() }; 4];
                image.fill_buffers(y.min(height - 1), &mut buffers);
                buffers
            })
            .collect()
    }

    #[test]
    fn chroma_is_that_of_four_pixels_together() {
        // Red and blue, one above the other: the same as purple.
        let pixels = [[[255, 0, 0], [255, 0, 0]], [[0, 0, 255], [0, 0, 255]]];
        let rows = rows(2, 2, pixels.as_flattened().as_flattened());
        let [luma, blue, red, _] = &rows[0];
        assert_eq!(luma, &[76, 76]);
        assert_eq!((blue[0], red[0]), (170, 181), "of 127.5, 0, 127.5: 169.99 and 181.1");
        assert_eq!(rows[1][0], [29, 29]);
    }

    #[test]
    fn rows_and_columns_without_a_second_count_for_both_and_so_do_repeated_ones() {
        for (width, height) in [(1, 1), (3, 5), (17, 2), (16, 3), (33, 4)] {
            let pixels = [200, 100, 50].repeat(usize::from(width) * usize::from(height));
            let rows = rows(width, height, &pixels);
            let one = (124, 86, 182);
            for (y, [luma, blue, red, _]) in rows.iter().enumerate() {
                assert_eq!([luma.len(), blue.len(), red.len()], [usize::from(width); 3]);
                assert!(luma.iter().all(|&luma| luma == one.0), "{luma:?}");
                if y % 2 == 0 {
                    assert!(blue.iter().all(|&blue| blue == one.1), "{blue:?}");
                    assert!(red.iter().all(|&red| red == one.2), "{red:?}");
                }
            }
        }
    }
}
