//! Crops of photographs whose subject was marked by eye: as good as they were, and better than
//! those of others.

use crate::judged;

use std::path::Path;

use crate::skip::skip;
use judged::{Judged, Rect, SHAPES, mean, rivals};

/// Means that were measured for each shape: of the subject shown, and of its focus.
const MEASURED: [(f64, f64); 7] = [
    (0.993, 0.974),
    (1.000, 0.973),
    (0.977, 0.946),
    (0.961, 0.903),
    (0.976, 0.967),
    (0.967, 0.938),
    (0.990, 0.936),
];

/// Room for decoders that differ by a bit.
const MARGIN: f64 = 0.01;

/// What is told of a picture: a name, and where it is.
type Part = (&'static str, fn(&Judged) -> Rect);

const PARTS: [Part; 2] = [("subject", |judged| judged.subject), ("focus", |judged| judged.focus)];

#[test]
fn crops_show_the_subjects_that_people_marked() {
    let Some(corpus) = judged::corpus() else { return };
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/subjects.tsv");
    let pictures = judged::all(&corpus, &table);
    let ours: Vec<Vec<Rect>> = pictures.iter().map(judged::ours).collect();
    let attention: Option<Vec<Vec<Rect>>> =
        pictures.iter().map(|judged| rivals::vips(&judged.picture, "attention")).collect();
    if attention.is_none() {
        skip("vips", "nothing is compared with it");
    }
    for (at, (subject, focus)) in MEASURED.into_iter().enumerate() {
        for ((part, of), measured) in PARTS.into_iter().zip([subject, focus]) {
            let own = mean(&pictures, &ours, at, of);
            let said = format!("{:?}: {part}: {own:.3}", SHAPES[at]);
            assert!(own > measured - MARGIN, "{said}, {measured} was measured");
            if let Some(attention) = &attention {
                let other = mean(&pictures, attention, at, of);
                assert!(own > other, "{said}, vips attention {other:.3}");
            }
        }
    }
}
