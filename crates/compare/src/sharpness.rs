//! Measures how much sharper one picture is than another.

use crate::plane::Plane;

/// How much more contrast the fine detail of the new picture has: 0.1 is a tenth more.
///
/// The difference of both pictures is compared with the fine detail of each. Noise of an encoder in
/// the old picture looks like less detail against that picture alone, noise in the new one like more
/// detail against the new one. So the sharpness differs only as far as both agree.
pub fn gain(old: &Plane, new: &Plane, (dx, dy): (i32, i32)) -> f64 {
    let (old_detail, new_detail) = (detail(old), detail(new));
    let (mut old_old, mut new_new, mut old_new) = (0.0, 0.0, 0.0);
    for y in 0..old.height {
        let below = y as i64 + i64::from(dy);
        if below < 0 || below >= old.height as i64 {
            continue;
        }
        let (old, new) = (old_detail.row(y), new_detail.row(below as usize));
        let (old, new) = if dx >= 0 {
            (old, new.get(dx as usize..).unwrap_or_default())
        } else {
            (old.get(-dx as usize..).unwrap_or_default(), new)
        };
        for (old, new) in old.iter().zip(new) {
            let (old, new) = (f64::from(*old), f64::from(*new));
            old_old += old * old;
            new_new += new * new;
            old_new += old * new;
        }
    }
    if old_old <= 0.0 || new_new <= 0.0 {
        return 0.0;
    }
    let against_old = old_new / old_old - 1.0;
    let against_new = 1.0 - old_new / new_new;
    if against_old * against_new <= 0.0 {
        return 0.0;
    }
    if against_old.abs() < against_new.abs() { against_old } else { against_new }
}

/// What a blur takes away.
fn detail(plane: &Plane) -> Plane {
    plane.without(&plane.blurred(1))
}
