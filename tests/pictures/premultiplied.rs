//! Images whose colours are premultiplied with their alpha (`ExtraSamples` 1).

use azulejo::store::MemoryStore;

use super::{drawn, store};
use crate::shop::{TULIPS, text};

/// The entry `ExtraSamples` (338) with one SHORT: `kind`.
fn extra_samples(kind: u8) -> [u8; 12] {
    [0x52, 1, 3, 0, 1, 0, 0, 0, kind, 0, 0, 0]
}

/// The samples with a picture whose file says that its colours are premultiplied.
fn samples() -> MemoryStore {
    let (mut file, store) = (TULIPS.to_vec(), store());
    let starts = |file: &[u8]| file.windows(12).position(|entry| entry == extra_samples(2));
    while let Some(at) = starts(&file) {
        file[at..at + 12].copy_from_slice(&extra_samples(1));
    }
    assert_ne!(file, TULIPS, "the fixture has alpha");
    store.put("assets/Test/associated.tif", file);
    store.put("catalogs/Test.json", br#"{"format": 1}"#.to_vec());
    store
}

#[test]
fn the_mask_of_a_record_gives_way_to_premultiplied_alpha() {
    let (plain, recorded) = (samples(), samples());
    recorded.put("assets/Test/own.tif", TULIPS.to_vec());
    for id in ["associated", "own"] {
        let record = br#"{"maskPath": "grey.tif"}"#;
        recorded.put(&format!("records/Test/{id}.json"), record.to_vec());
    }
    let of = |store, request| drawn(store, request).unwrap();
    let masked = of(&plain, "Test/associated?mask=Test/grey");
    assert!(masked == of(&recorded, "Test/associated?mask=Test/grey"));
    assert!(masked != of(&recorded, "Test/associated?"), "the mask of the record is not used");
    assert!(of(&plain, "Test/associated?") == of(&recorded, "Test/associated?"));
    assert!(of(&plain, "Test/tulips?mask=Test/grey") == of(&recorded, "Test/own?"));
    for (store, id, wanted) in [
        (&plain, "grey", "0"),
        (&plain, "associated", "1"),
        (&recorded, "associated", "1"),
        (&plain, "tulips", "2"),
        (&recorded, "own", "3"),
    ] {
        let properties = text(store, &format!("Test/{id}?req=imageprops"));
        let mask = properties.lines().find_map(|line| line.strip_prefix("image.mask="));
        assert_eq!(mask, Some(wanted), "{id}");
    }
}

#[test]
fn what_is_not_foreground_of_a_premultiplied_image_is_black() {
    let store = samples();
    let of = |command: &str| drawn(&store, &format!("Test/associated?{command}")).unwrap().rows;
    let [plain, opaque, background] = ["", "maskUse=off", "maskUse=invert"].map(of);
    let pixels = |rows: &[Vec<u8>]| rows.concat().as_chunks::<4>().0.to_vec();
    let mut alphas = [0; 3];
    for ((front, opaque), back) in
        pixels(&plain).into_iter().zip(pixels(&opaque)).zip(pixels(&background))
    {
        let [r, g, b, alpha] = front;
        let on_black = [r, g, b].map(|color| u32::from(color) * u32::from(alpha));
        // The colours were divided by alpha, and are rounded twice.
        let close = on_black
            .iter()
            .zip(opaque)
            .all(|(color, shown)| (*color as f64 / 255.0 - f64::from(shown)).abs() <= 1.0);
        assert!(close && opaque[3] == 255, "{front:?} {opaque:?}");
        assert_eq!(back[3], 255 - alpha);
        assert!(back[3] == 0 || back[..3] == [0; 3], "{back:?}");
        alphas[usize::from(alpha > 0) + usize::from(alpha == 255)] += 1;
    }
    assert!(alphas[1] > 0 && alphas[2] > 0, "soft and opaque pixels: {alphas:?}");
    // With an image of its own as mask, nothing is black.
    let masked = "mask=Test/grey&maskUse=off";
    assert_ne!(of(masked), opaque);
}
