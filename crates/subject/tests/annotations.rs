//! Crops of annotated photographs: as good as measured before, and better than those of vips.

use crate::annotated;

use std::path::Path;

use crate::skip::skip;
use annotated::{Annotated, Rect, SHAPES, mean, other_croppers};

/// The measured means for each shape: how much of the subject and of its focus is shown.
const MEASURED: [(f64, f64); 7] = [
    (0.993, 0.974),
    (1.000, 0.973),
    (0.977, 0.946),
    (0.961, 0.903),
    (0.976, 0.967),
    (0.967, 0.938),
    (0.990, 0.936),
];

/// The tolerance for decoders that differ slightly.
const MARGIN: f64 = 0.01;

/// A part of a picture: its name, and its rectangle.
type Part = (&'static str, fn(&Annotated) -> Rect);

const PARTS: [Part; 2] =
    [("subject", |annotated| annotated.subject), ("focus", |annotated| annotated.focus)];

#[test]
fn crops_show_the_annotated_subjects() {
    let Some(corpus) = annotated::corpus() else { return };
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/subjects.tsv");
    let pictures = annotated::all(&corpus, &table);
    let ours: Vec<Vec<Rect>> = pictures.iter().map(annotated::ours).collect();
    let attention: Option<Vec<Vec<Rect>>> = pictures
        .iter()
        .map(|annotated| other_croppers::vips(&annotated.picture, "attention"))
        .collect();
    if attention.is_none() {
        skip("vips", "nothing is compared with it");
    }
    for (at, (subject, focus)) in MEASURED.into_iter().enumerate() {
        for ((part, of), measured) in PARTS.into_iter().zip([subject, focus]) {
            let own = mean(&pictures, &ours, at, of);
            let label = format!("{:?}: {part}: {own:.3}", SHAPES[at]);
            assert!(own > measured - MARGIN, "{label}, {measured} was measured");
            if let Some(attention) = &attention {
                let other = mean(&pictures, attention, at, of);
                assert!(own > other, "{label}, vips attention {other:.3}");
            }
        }
    }
}
