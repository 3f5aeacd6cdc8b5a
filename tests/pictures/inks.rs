//! Random pictures of inks, in replies of inks and of RGB.

use super::random::of_inks;
use super::*;
use crate::profiles::with_catalog;

/// The samples of a CMYK TIFF with alpha that is not compressed, whose strips follow each other.
fn samples(reply: &HttpReply) -> Pixels {
    let file = &reply.body;
    let long = |at: usize| u32::from_le_bytes(*file[at..].first_chunk().unwrap()) as usize;
    let short = |at: usize| usize::from(u16::from_le_bytes(*file[at..].first_chunk().unwrap()));
    let directory = long(4);
    let field = |tag: usize| {
        let mut entries = (0..short(directory)).map(|nth| directory + 2 + nth * 12);
        let entry = entries.find(|at| short(*at) == tag).unwrap();
        if short(entry + 2) == 3 { short(entry + 8) } else { long(entry + 8) }
    };
    let [width, height] = [256, 257].map(field);
    let rows = file[8..8 + width * height * 5].chunks_exact(width * 5).map(<[u8]>::to_vec);
    Pixels { width, height, rows: rows.collect() }
}

#[test]
fn parts_of_random_pictures_of_inks_are_equal_to_the_whole() {
    let stores = [
        with_catalog(r#""IccProfileCmyk": "CoatedFogra39""#),
        with_catalog(r#""IccProfileRgb": "none""#),
    ];
    let (mut drawn, mut wrong) = (0, Vec::new());
    let rounds = rounds(60);
    for round in 1..=rounds {
        let mut rng = Rng(round.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let request = format!("{}&fmt=tif-alpha,cmyk,none", of_inks(&rng.picture(0)));
        let store = &stores[round as usize % 2];
        let reply = get(store, &request);
        if reply.status != 200 {
            assert_eq!(reply.status, 403, "{request}: {}", String::from_utf8_lossy(&reply.body));
            continue;
        }
        drawn += 1;
        let whole = samples(&reply);
        for _ in 0..2 {
            let [x, y] = [whole.width, whole.height].map(|side| rng.below(side));
            let (width, height) = (1 + rng.below(whole.width - x), 1 + rng.below(whole.height - y));
            let part = format!("{request}&rect={x},{y},{width},{height}");
            let found = samples(&get(store, &part));
            let rows = whole.rows.iter().skip(y).take(height);
            if !found.rows.iter().eq(rows.map(|row| &row[x * 5..(x + width) * 5])) {
                wrong.push(part);
            }
        }
    }
    assert!(drawn * 4 > rounds * 3, "only {drawn} of {rounds}");
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
