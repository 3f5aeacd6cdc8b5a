//! Quarter turns and flips move pixels and interpolate nothing (D13).

use super::*;

/// The picture turned clockwise by a quarter.
fn turned(picture: &Pixels) -> Pixels {
    let Pixels { width, height, rows } = picture;
    let pixel = |x: usize, y: usize| &rows[y][x * 4..x * 4 + 4];
    let row = |x: usize| (0..*height).rev().flat_map(|y| pixel(x, y)).copied().collect();
    Pixels { width: *height, height: *width, rows: (0..*width).map(row).collect() }
}

/// The picture mirrored from left to right.
fn mirrored(picture: &Pixels) -> Pixels {
    let row = |row: &Vec<u8>| row.rchunks_exact(4).flatten().copied().collect();
    Pixels { rows: picture.rows.iter().map(row).collect(), ..*picture }
}

/// What `rotate=` and `flip=lr` of layer 0 make of it, and the same pixels moved.
fn check(store: &MemoryStore, layer: &str, view: &str, modifiers: &str, wanted: &Pixels) {
    let request = format!("Test/chart?{layer}&{view}&{modifiers}");
    let found = drawn(store, &request).unwrap();
    assert_eq!((found.width, found.height), (wanted.width, wanted.height), "{request}");
    let wrong = found.rows.iter().flatten().zip(wanted.rows.iter().flatten());
    assert_eq!(wrong.filter(|(one, other)| one != other).count(), 0, "{request}");
}

/// Layers of one pixel in a pixel of the reply, of more, and of fewer.
const VIEWS: [&str; 5] = ["scl=1", "scl=2", "scl=1.7", "scl=3.3", "scl=0.7"];

#[test]
fn an_image_turns_and_flips_by_whole_pixels() {
    let store = store();
    for view in VIEWS {
        let layer = "layer=0&size=121,90";
        let upright = drawn(&store, &format!("Test/chart?{layer}&{view}")).unwrap();
        let (once, twice) = (turned(&upright), turned(&turned(&upright)));
        check(&store, layer, view, "rotate=90", &once);
        check(&store, layer, view, "rotate=180", &twice);
        check(&store, layer, view, "rotate=-90", &turned(&twice));
        check(&store, layer, view, "flip=lr", &mirrored(&upright));
        check(&store, layer, view, "flip=lr&rotate=450", &turned(&mirrored(&upright)));
    }
}

#[test]
fn a_nested_picture_turns_by_whole_pixels_whatever_it_shows() {
    let store = store();
    let shadow = "effect=-1&op_blur=2&pos=3,2&color=0,0,0,200";
    for nested in [
        "src=is{Test/tulips?size=121,0}".to_owned(),
        format!(
            "src=is{{Test/tulips?size=111,0&layer=1&src=Test/chart&size=50,0&rotate=20&{shadow}}}"
        ),
        "src=is{Test/tulips?size=97,0&op_noise=30&layer=1&src=Test/chart&size=40,0&op_blur=9\
         &blendMode=dissolve&opac=50}"
            .to_owned(),
        "src=Test/tulips&size=100,0&mask=is{Test/chart?size=60,60}".to_owned(),
    ] {
        let layer = format!("layer=0&{nested}");
        for view in VIEWS {
            let upright = drawn(&store, &format!("Test/chart?{layer}&{view}")).unwrap();
            let (once, twice) = (turned(&upright), turned(&turned(&upright)));
            check(&store, &layer, view, "rotate=90", &once);
            check(&store, &layer, view, "rotate=270", &turned(&twice));
            // The modifiers without `layer=` flip the composite.
            check(&store, &layer, view, "rotate=90&layer=comp&flip=lr", &mirrored(&once));
        }
    }
}

#[test]
fn four_quarter_turns_are_none() {
    let store = store();
    let picture = "Test/tulips?size=120,0&layer=1&src=Test/chart&size=50,0&op_noise=20&rotate=7";
    for view in VIEWS {
        let layer = format!("layer=0&src=is{{{picture}}}");
        let upright = drawn(&store, &format!("Test/chart?{layer}&{view}")).unwrap();
        let turns = (0..4).fold(picture.to_owned(), |inner, _| {
            format!("Test/chart?layer=0&src=is{{{inner}}}&rotate=90")
        });
        check(&store, &format!("layer=0&src=is{{{turns}}}"), view, "", &upright);
    }
}

#[test]
fn a_turned_layer_lies_where_the_layout_says() {
    let store = store();
    // Its top right corner is at 70, 20.
    let layer = "size=120,90&originN=-0.5,-0.5\
                 &layer=1&src=is{Test/tulips?size=40,30&bgc=255,0,0}&originN=0.5,-0.5\
                 &pos=70,20&rotate=90";
    for (view, at) in [("scl=1", [70, 20]), ("scl=2", [35, 10])] {
        let below = drawn(&store, &format!("Test/chart?size=120,90&{view}")).unwrap();
        let shown = drawn(&store, &format!("Test/chart?{layer}&{view}")).unwrap();
        let changed: Vec<(usize, usize)> = (0..shown.height)
            .flat_map(|y| (0..shown.width).map(move |x| (x, y)))
            .filter(|(x, y)| shown.rows[*y][x * 4..x * 4 + 4] != below.rows[*y][x * 4..x * 4 + 4])
            .collect();
        let right = changed.iter().map(|(x, _)| x + 1).max().unwrap();
        let top = changed.iter().map(|(_, y)| *y).min().unwrap();
        assert_eq!([right, top], at, "{view}");
    }
}
