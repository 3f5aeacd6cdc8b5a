//! Crops of photographs whose subject was marked by eye: as good as they were, and better than
//! those of others.

mod judged;

use std::path::Path;

use judged::{Judged, Rect, SHAPES, mean, rivals};
use subject::Subject;

/// Means that were measured for each shape: of the subject shown, and of its focus.
const MEASURED: [(f64, f64); 7] = [
    (0.993, 0.974),
    (0.999, 0.973),
    (0.977, 0.939),
    (0.961, 0.901),
    (0.973, 0.959),
    (0.967, 0.929),
    (0.990, 0.937),
];

/// Room for decoders that differ by a bit.
const MARGIN: f64 = 0.01;

/// The marked pictures, if the corpus is here.
fn pictures() -> Option<Vec<Judged>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../../../shared/corpus");
    if !corpus.is_dir() {
        judged::skip(&format!("{} is not here", corpus.display()));
        return None;
    }
    Some(judged::all(&corpus, &here.join("tests/subjects.tsv")))
}

/// What is told of a picture: a name, and where it is.
type Part = (&'static str, fn(&Judged) -> Rect);

const PARTS: [Part; 2] = [("subject", |judged| judged.subject), ("focus", |judged| judged.focus)];

#[test]
fn crops_show_the_subjects_that_people_marked() {
    let Some(pictures) = pictures() else { return };
    let ours: Vec<Vec<Rect>> = pictures.iter().map(judged::ours).collect();
    let attention: Option<Vec<Vec<Rect>>> =
        pictures.iter().map(|judged| rivals::vips(&judged.picture, "attention")).collect();
    if attention.is_none() {
        judged::skip("vips is not here, so nothing is compared with it");
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

/// The box of a product on a plain ground is its own, with the same room on both sides, and
/// nothing is cut off where it fits.
#[test]
fn products_are_whole_and_in_the_middle() {
    let Some(pictures) = pictures() else { return };
    let products =
        ["paths/traced-cherimoya.jpg", "product/mb04-black-0.jpg", "product/ug05-gr-0.jpg"];
    for file in products {
        let judged = pictures.iter().find(|judged| judged.file == file).unwrap();
        let subject = Subject::new(judged.picture.width(), &judged.picture);
        let [x, y, across, down] = subject.crop(1, 1);
        let [left, top, wide, high] = judged.subject;
        assert!(x <= left && y <= top && x + across >= left + wide && y + down >= top + high);
        let off = (x + across / 2.0 - left - wide / 2.0, y + down / 2.0 - top - high / 2.0);
        assert!(off.0.abs() < 0.02 && off.1.abs() < 0.02, "{file}: {off:?}");
    }
}
