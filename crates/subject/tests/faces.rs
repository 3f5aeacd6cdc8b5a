//! Faces: crops show them, even if other parts of the picture are more colourful.

use image::{Rgb, RgbImage, imageops};
use subject::{Region, Subject};

/// A portrait of 256 x 256 pixels, and the face in it from brow to chin: x, y, width, height.
const FACE: [u32; 4] = [93, 32, 38, 55];

fn portrait() -> RgbImage {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/astronaut.jpg");
    image::open(path).unwrap().into_rgb8()
}

/// Whether the crop of a shape shows a whole rectangle of the picture (x, y, width, height).
fn holds(picture: &RgbImage, [width, height]: [u32; 2], part: [u32; 4]) -> bool {
    let subject = Subject::new(picture.width(), picture);
    let Region { x, y, width: across, height: down } = subject.crop(width, height);
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    let [left, top, wide, high] = part.map(f64::from);
    x * w <= left && y * h <= top && (x + across) * w >= left + wide && (y + down) * h >= top + high
}

#[test]
fn a_crop_of_any_shape_holds_the_face() {
    let picture = portrait();
    for shape in [[1, 1], [3, 1], [4, 1], [1, 2], [1, 4]] {
        assert!(holds(&picture, shape, FACE), "{shape:?}");
    }
    let mirrored = imageops::flip_horizontal(&picture);
    let face = [256 - FACE[0] - FACE[2], FACE[1], FACE[2], FACE[3]];
    for shape in [[3, 1], [1, 2], [1, 4]] {
        assert!(holds(&mirrored, shape, face), "{shape:?}, mirrored");
    }
}

/// A grey wall with a head at one end and a coloured pattern at the other.
#[test]
fn a_face_has_more_weight_than_colours() {
    let head = imageops::crop_imm(&portrait(), 72, 8, 84, 92).to_image();
    for at in [20, 360] {
        let mut wall =
            RgbImage::from_fn(480, 120, |x, y| Rgb([150 + ((x * 7 + y * 13) % 5) as u8; 3]));
        let pattern = RgbImage::from_fn(90, 90, |x, y| {
            if (x / 15 + y / 15) % 2 == 0 { Rgb([230, 20, 20]) } else { Rgb([20, 30, 220]) }
        });
        imageops::replace(&mut wall, &pattern, 380 - at, 15);
        imageops::replace(&mut wall, &head, at, 15);
        let left = u32::try_from(at).unwrap() + FACE[0] - 72;
        let face = [left, 15 + FACE[1] - 8, FACE[2], FACE[3]];
        assert!(holds(&wall, [1, 1], face), "a head at {at}");
    }
}
