//! Properties of all layered pictures, proved on random ones.

mod hostile;
mod inks;
mod premultiplied;
mod random;
mod turned;

use std::io::Cursor;

use azulejo::{http::HttpReply, store::MemoryStore};
use random::Rng;

use crate::{golden::cases::store, shop::get};

/// How many random pictures a test draws.
fn rounds(usual: u64) -> u64 {
    let rounds = std::env::var("PICTURES").ok().and_then(|rounds| rounds.parse().ok());
    rounds.unwrap_or(usual)
}

/// A reply as pixels.
#[derive(PartialEq)]
struct Pixels {
    width: usize,
    height: usize,
    /// The samples of each row.
    rows: Vec<Vec<u8>>,
}

impl Pixels {
    fn of(reply: &HttpReply) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(&reply.body)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let rows = bytes.chunks_exact(info.line_size).map(<[u8]>::to_vec).collect();
        Self { width: info.width as usize, height: info.height as usize, rows }
    }

    fn part(&self, [x, y, width, height]: [usize; 4]) -> Self {
        let rows = self.rows.iter().skip(y).take(height);
        let rows = rows.map(|row| row[x * 4..(x + width) * 4].to_vec()).collect();
        Self { width, height, rows }
    }
}

/// The pixels of a picture, or the message of its refusal, which must be a 403.
fn drawn(store: &MemoryStore, request: &str) -> Result<Pixels, String> {
    let reply = get(store, &format!("{request}&fmt=png-alpha"));
    match reply.status {
        200 => Ok(Pixels::of(&reply)),
        status => {
            let message = String::from_utf8_lossy(&reply.body).into_owned();
            assert_eq!(status, 403, "{request}: {message}");
            Err(message)
        }
    }
}

#[test]
fn parts_of_random_pictures_are_equal_to_the_whole() {
    let store = store();
    let (mut wrong, mut refused) = (Vec::new(), Vec::new());
    let rounds = rounds(60);
    for round in 1..=rounds {
        let mut rng = Rng(round.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let request = rng.picture(0);
        let whole = match drawn(&store, &request) {
            Ok(whole) => whole,
            Err(message) => {
                refused.push(format!("{message} {request}"));
                continue;
            }
        };
        for _ in 0..3 {
            let [x, y] = [whole.width, whole.height].map(|side| rng.below(side));
            let (width, height) = (1 + rng.below(whole.width - x), 1 + rng.below(whole.height - y));
            let part = drawn(&store, &format!("{request}&rect={x},{y},{width},{height}"));
            if !part.is_ok_and(|part| part == whole.part([x, y, width, height])) {
                wrong.push(format!("{round}: {request}&rect={x},{y},{width},{height}"));
            }
        }
    }
    assert!(
        refused.len() as u64 * 4 < rounds,
        "{} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// The pixel of a view at x, y.
fn pixel(store: &MemoryStore, request: &str, [x, y]: [usize; 2]) -> [u8; 4] {
    // The pixel as a view of its own: what its part of the picture lacks must not change it.
    let alone = drawn(store, &format!("{request}&rect={x},{y},1,1")).unwrap();
    let whole = drawn(store, request).unwrap().part([x, y, 1, 1]);
    assert!(alone == whole, "{request}: {:?}, alone {:?}", whole.rows, alone.rows);
    [0, 1, 2, 3].map(|sample| alone.rows[0][sample])
}

const NOTHING: [u8; 4] = [0; 4];
const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];
/// A transparent canvas of 100 × 100 pixels, with a red square at 40, 30 of 20 × 20 pixels.
const SQUARE: &str = "Test?layer=0&color=0,0,0,0&size=100,100&layer=1&color=ff0000&size=20,20&\
                      origin=0,0&pos=-10,-20";

#[test]
fn a_layer_is_transparent_where_its_mask_shows_nothing() {
    let store = store();
    // The nested picture is 10 × 100 pixels, of which its image covers those in the middle.
    let mask = "mask=is{Test/tulips?wid=10&hei=100&mask=Test/grey&maskUse=off}";
    for (mask_use, [outside, within]) in [("norm", [0, 255]), ("invert", [255, 0])] {
        let view = format!("Test/tulips?layer=0&size=100,100&{mask}&maskUse={mask_use}");
        assert_eq!(pixel(&store, &view, [50, 5])[3], outside, "{mask_use}");
        assert_eq!(pixel(&store, &view, [50, 50])[3], within, "{mask_use}");
    }
    let filled = format!("Test/tulips?layer=0&size=100,100&{mask}&color=ff0000");
    assert_eq!(pixel(&store, &filled, [50, 5]), RED);
}

#[test]
fn a_colour_fills_the_rectangle_of_a_layer_before_extend() {
    let store = store();
    let view = "Test/tulips?layer=0&crop=-20,0,100,50&color=ff0000&extend=10,10,10,10";
    assert_eq!(pixel(&store, view, [5, 30]), NOTHING);
    assert_eq!(pixel(&store, view, [15, 30]), RED);
    let turned = format!("{view}&rotate=45&scl=1");
    // The centre is at 63, and the middle of the filled part 40 pixels from it.
    assert_eq!(pixel(&store, &turned, [35, 35]), RED);
    let beyond = "Test/tulips?layer=0&crop=-500,0,100,50&color=ff0000";
    assert_eq!(pixel(&store, beyond, [50, 20]), RED);
}

#[test]
fn an_effect_of_the_whole_layer_is_as_large_as_its_rectangle() {
    let store = store();
    let effect = "effect=-1&color=0000ff&maskUse=";
    let path = "clipPath=M5,5L9,5,9,9,5,9Z";
    for (mask_use, [corner, within]) in
        [("off", [BLUE, RED]), ("invert", [BLUE, RED]), ("norm", [NOTHING, RED])]
    {
        let view = format!("{SQUARE}&{path}&{effect}{mask_use}&layer=comp");
        assert_eq!(pixel(&store, &view, [58, 48]), corner, "{mask_use}");
        assert_eq!(pixel(&store, &view, [47, 37]), within, "{mask_use}");
        assert_eq!(pixel(&store, &view, [61, 48]), NOTHING, "{mask_use}");
    }
    let shifted = format!("{SQUARE}&{path}&{effect}off&pos=30,0");
    assert_eq!(pixel(&store, &shifted, [75, 35]), BLUE);
}

#[test]
fn a_shadow_falls_on_the_background_of_its_layer_and_beyond() {
    let store = store();
    let path = "clipPath=M0,0L20,0,20,10,0,10Z";
    let shadow = "effect=-1&color=0000ff&pos=6,5";
    for mode in ["norm", "mult"] {
        let view = format!("{SQUARE}&{path}&bgColor=00ff00&blendMode={mode}&{shadow}");
        assert_eq!(pixel(&store, &view, [45, 35]), RED, "{mode}");
        assert_eq!(pixel(&store, &view, [50, 42]), BLUE, "{mode}");
        assert_eq!(pixel(&store, &view, [42, 47]), [0, 255, 0, 255], "{mode}");
        assert_eq!(pixel(&store, &view, [63, 42]), BLUE, "{mode}");
        assert_eq!(pixel(&store, &view, [63, 47]), NOTHING, "{mode}");
    }
}

#[test]
fn operations_of_the_composite_reach_the_margins_of_a_single_layer() {
    let store = store();
    for ops in ["op_blur=5", "op_grow=6", "op_usm=1,9", "op_invert=1&op_noise=9"] {
        let single = format!("Test/tulips?layer=0&size=60,0&extend=20,20,20,20&layer=comp&{ops}");
        let stacked = format!("{single}&layer=1&color=0,0,0,0&size=1,1&layer=comp");
        let [one, other] = [&single, &stacked].map(|request| drawn(&store, request).unwrap());
        assert!(one == other, "{ops}");
    }
    let blurred = "Test/chart?layer=0&size=60,0&extend=20,20,20,20&layer=comp&op_blur=5";
    // The integral of the Gaussian half a pixel from the edge: 255 · Φ(−0.1).
    let alpha = pixel(&store, blurred, [19, 40])[3];
    assert!(alpha.abs_diff(117) <= 1, "{alpha}");
}

/// `flip=` of the composite mirrors everything: layers, rotations, masks, clips, effects and nested
/// pictures. Pixels whose centres lie exactly on an edge fall to the other side.
#[test]
fn a_flipped_random_picture_is_the_picture_flipped() {
    let store = store();
    let mut wrong = Vec::new();
    for round in 1..=rounds(60) {
        let request = Rng(round.wrapping_mul(0xD134_2543_DE82_EF95)).picture(0);
        let (layers, _) = request.rsplit_once("&layer=comp").unwrap();
        // Dissolving and noise depend on positions in the view.
        let layers = layers.replace("=dissolve", "=norm").replace("op_noise=", "op_hue=");
        let Ok(plain) = drawn(&store, &format!("{layers}&layer=comp&scl=1")) else { continue };
        let flipped = drawn(&store, &format!("{layers}&layer=comp&scl=1&flip=lrud")).unwrap();
        let far = plain
            .rows
            .iter()
            .rev()
            .zip(&flipped.rows)
            .flat_map(|(row, other)| row.chunks_exact(4).rev().zip(other.chunks_exact(4)));
        let far = far.filter(|(one, other)| {
            // Colours are compared as far as they are visible.
            let seen = |pixel: &[u8], nth: usize| match nth {
                3 => i32::from(pixel[3]),
                _ => i32::from(pixel[nth]) * i32::from(pixel[3]) / 255,
            };
            (0..4).any(|nth| (seen(one, nth) - seen(other, nth)).abs() > 6)
        });
        let (far, all) = (far.count(), plain.width * plain.height);
        if far * 50 > all {
            wrong.push(format!("{round}: {far} of {all}: {layers}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
