use super::*;

/// A grey picture with a coloured rectangle `at` x, y, width, height.
fn picture(width: u32, height: u32, at: [u32; 4], colour: [u8; 3]) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let inside = x >= at[0] && x < at[0] + at[2] && y >= at[1] && y < at[1] + at[3];
            // A little noise, as in photographs.
            let noise = ((x * 7 + y * 13) % 5) as u8;
            rgb.extend(if inside { colour } else { [120 + noise; 3] });
        }
    }
    rgb
}

fn holds(Region { x, y, width, height }: Region, point: (f64, f64)) -> bool {
    (x..x + width).contains(&point.0) && (y..y + height).contains(&point.1)
}

#[test]
fn a_crop_holds_the_subject_wherever_it_is() {
    for (x, y) in [(10, 10), (160, 90), (90, 50), (200, 20)] {
        let subject = Subject::new(240, &picture(240, 160, [x, y, 30, 30], [200, 30, 30]));
        let middle = (f64::from(x + 15) / 240.0, f64::from(y + 15) / 160.0);
        for (width, height) in [(1, 1), (3, 1), (1, 2)] {
            let rect = subject.crop(width, height);
            assert!(holds(rect, middle), "{x}, {y}: {width}:{height}: {rect:?}");
        }
    }
}

/// A disk on a background that is lit from above, in a picture of 240 × 160 pixels.
#[test]
fn a_disk_that_fits_is_whole_and_in_the_middle() {
    let radius = 30.0_f64;
    for (x, y) in [(120.0, 80.0), (90.0, 70.0), (150.0, 90.0)] {
        let inside = |at: u32| {
            let (right, down) = (f64::from(at % 240) + 0.5 - x, f64::from(at / 240) + 0.5 - y);
            right * right + down * down < radius * radius
        };
        let ground = |at: u32| (250 - at / 240 / 3) as u8;
        let pixel = |at| if inside(at) { [20, 60, 160] } else { [ground(at); 3] };
        let subject = Subject::new(240, &(0..240 * 160).flat_map(pixel).collect::<Vec<u8>>());
        for (width, height) in [(1, 1), (4, 3), (16, 9), (3, 1), (3, 4), (2, 3)] {
            let Region { x: left, y: top, width: across, height: down } =
                subject.crop(width, height);
            let (left, across) = (left * 240.0, across * 240.0);
            let (top, down) = (top * 160.0, down * 160.0);
            let shape = format!("{width}:{height} at {x}, {y}: {left} {top} {across} {down}");
            assert!(left <= x - radius && left + across >= x + radius, "{shape}");
            assert!(top <= y - radius && top + down >= y + radius, "{shape}");
            // In the middle, as far as the picture's edges allow.
            let middle = |at: f64, side: f64, all: f64| at.max(side / 2.0).min(all - side / 2.0);
            assert!((left + across / 2.0 - middle(x, across, 240.0)).abs() < 2.0, "{shape}");
            assert!((top + down / 2.0 - middle(y, down, 160.0)).abs() < 2.0, "{shape}");
        }
    }
}

#[test]
fn a_crop_has_its_shape_and_stays_inside() {
    let subject = Subject::new(240, &picture(240, 160, [0, 0, 50, 20], [20, 200, 30]));
    for (width, height) in [(1, 1), (1200, 400), (400, 1200), (3, 2), (10_000, 1)] {
        let Region { x, y, width: across, height: down } = subject.crop(width, height);
        assert!(x >= 0.0 && y >= 0.0 && x + across <= 1.000_001 && y + down <= 1.000_001);
        let ratio = across * 240.0 / (down * 160.0);
        assert!((ratio / (f64::from(width) / f64::from(height)) - 1.0).abs() < 1e-6, "{ratio}");
    }
}

#[test]
fn the_swatch_has_the_colour_of_the_subject() {
    let subject = Subject::new(200, &picture(200, 200, [60, 120, 50, 50], [165, 109, 178]));
    let swatch = subject.swatch(200, 200);
    assert_eq!(swatch.color, [165, 109, 178]);
    let Region { x, y, width, height } = swatch.region;
    assert!(
        holds(
            Region { x: 0.3, y: 0.6, width: 0.25, height: 0.25 },
            (x + width / 2.0, y + height / 2.0)
        ),
        "{swatch:?}"
    );
}

#[test]
fn pictures_without_a_subject_are_cropped_too() {
    for (width, height) in [(1, 1), (1, 500), (500, 1), (7, 3), (64, 64)] {
        let subject = Subject::new(width, &vec![255; (width * height * 3) as usize]);
        let rect = subject.crop(16, 9);
        let sides = [rect.x, rect.y, rect.width, rect.height];
        assert!(sides.iter().all(|side| side.is_finite()), "{rect:?}");
        assert_eq!(subject.swatch(1, 1).color, [255; 3]);
    }
    assert_eq!(Subject::new(0, &[]).crop(1, 1), Region { x: 0.0, y: 0.0, width: 1.0, height: 1.0 });
}
