//! Grey replies of WebP, which has no grey.

use std::io::Cursor;

use image_webp::WebPDecoder;

use crate::golden::cases;

use super::{
    readers::{File, has_pillow, report},
    reply,
};

/// Prints the length of a picture by libwebp.
const GREY: &str = "import io, sys
from PIL import Image
picture = Image.open(sys.argv[1])
made = io.BytesIO()
picture.save(made, 'WEBP', quality=80, method=4)
print(len(made.getvalue()))";

/// WebP has no grey. Constant chroma takes a few bytes.
#[test]
fn greys_stay_grey_and_no_longer_than_those_of_libwebp() {
    let store = cases::store();
    for query in
        ["fmt=webp,gray", "fmt=webp,gray&qlt=30", "fmt=webp-alpha,gray", "fmt=webp,gray,lossless"]
    {
        let body = reply(&store, &format!("Test/dandelions?wid=300&{query}")).body;
        let mut decoder = WebPDecoder::new(Cursor::new(&body)).unwrap();
        let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut pixels).unwrap();
        let samples = if decoder.has_alpha() { 4 } else { 3 };
        // Rounding of decoders makes green differ from red and blue by one.
        let most = u8::from(!query.contains("lossless"));
        let is_grey = |pixel: &[u8]| pixel[0] == pixel[2] && pixel[0].abs_diff(pixel[1]) <= most;
        assert!(pixels.chunks_exact(samples).all(is_grey), "{query}");
    }
    let [grey, color] = ["webp,gray", "webp"]
        .map(|format| reply(&store, &format!("Test/dandelions?wid=300&fmt={format}")).body.len());
    assert!(grey < color, "{grey} {color}");
    if !has_pillow() {
        return;
    }
    let png = File::new(&reply(&store, "Test/dandelions?wid=300&fmt=png,gray").body, "png");
    let Some(text) = report("python3", &["-c", GREY, png.path()]) else { return };
    let theirs: usize = text.trim().parse().unwrap();
    assert!(grey * 100 <= theirs * 103, "{grey} bytes, libwebp {theirs}");
}
