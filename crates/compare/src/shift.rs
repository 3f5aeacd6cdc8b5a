//! Finds how far one picture is shifted against another: first by whole pixels, then by parts of one.

use crate::plane::Plane;

/// The largest shift that is found, in pixels, in x and in y.
pub const FARTHEST: i32 = 2;

/// Pixels at each edge that are not looked at, so that every shift sees the same ones.
const MARGIN: usize = FARTHEST as usize + 3;

/// Pixels that are compared for each shift. Of a larger picture some rows are left out.
const PIXELS: usize = 1 << 20;

/// How a picture is shifted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shift {
    /// By how many pixels the new picture lies to the right of the old one.
    pub x: f64,
    /// By how many pixels it lies below.
    pub y: f64,
    /// Which part of the squared differences the shift explains: 0 to 1.
    pub share: f64,
}

impl Shift {
    /// The longer one of both directions.
    pub fn most(&self) -> f64 {
        self.x.abs().max(self.y.abs())
    }

    /// The shift in whole pixels.
    pub fn rounded(&self) -> (i32, i32) {
        (self.x.round() as i32, self.y.round() as i32)
    }
}

/// Finds the shift between two pictures of one size from their luma. None is found in a picture that
/// is too small.
pub fn find(old: &Plane, new: &Plane) -> Shift {
    let (old, new) = (structure(old), structure(new));
    let Some(pair) = Pair::new(&old, &new) else { return Shift::default() };
    let before = pair.difference((0, 0));
    let all = (-FARTHEST..=FARTHEST).flat_map(|y| (-FARTHEST..=FARTHEST).map(move |x| (x, y)));
    let all = all.map(|shift| (shift, pair.difference(shift)));
    let ((x, y), _) = all.min_by(|(_, one), (_, other)| one.total_cmp(other)).unwrap_or_default();
    let (part, left) = pair.part_of_pixel((x, y));
    let farthest = f64::from(FARTHEST) + 0.5;
    let total = |whole: i32, part: f64| (f64::from(whole) + part).max(-farthest).min(farthest);
    let share = if before > 0.0 { (1.0 - left / before).max(0.0).min(1.0) } else { 0.0 };
    Shift { x: total(x, part.0), y: total(y, part.1), share }
}

/// What is neither noise nor a change of brightness over many pixels.
fn structure(luma: &Plane) -> Plane {
    let fine = luma.blurred(1);
    let coarse = fine.blurred(2).blurred(4);
    fine.without(&coarse)
}

/// Two pictures, and the rows that are looked at.
struct Pair<'a> {
    old: &'a Plane,
    new: &'a Plane,
    step: usize,
}

impl<'a> Pair<'a> {
    fn new(old: &'a Plane, new: &'a Plane) -> Option<Self> {
        let (width, height) = (old.width, old.height);
        let large = width.min(height) > 2 * MARGIN;
        large.then(|| Self { old, new, step: (width * height).div_ceil(PIXELS) })
    }

    /// The old and the new row of each line that is looked at, the new ones shifted.
    fn rows(&self, (dx, dy): (i32, i32)) -> impl Iterator<Item = [&'a [f32]; 4]> {
        let (old, new) = (self.old, self.new);
        let cut = move |row: &'a [f32], dx: i32, more: usize| {
            let start = (MARGIN as i32 + dx) as usize - more;
            &row[start..start + old.width - 2 * MARGIN + 2 * more]
        };
        (MARGIN..old.height - MARGIN).step_by(self.step).map(move |y| {
            let below = (y as i32 + dy) as usize;
            [
                cut(old.row(y), 0, 1),
                cut(new.row(below), dx, 1),
                cut(new.row(below - 1), dx, 0),
                cut(new.row(below + 1), dx, 0),
            ]
        })
    }

    /// The mean squared difference.
    fn difference(&self, shift: (i32, i32)) -> f64 {
        let (mut sum, mut count) = (0.0, 0);
        for [old, new, ..] in self.rows(shift) {
            let squares = old.iter().zip(new).map(|(old, new)| (old - new) * (old - new));
            sum += f64::from(squares.sum::<f32>());
            count += old.len();
        }
        sum / count.max(1) as f64
    }

    /// The rest of the shift, by least squares: where the new picture has the gradient (gx, gy), a
    /// shift by (x, y) changes it by gx·x + gy·y. Returns also the mean squared difference that is
    /// left.
    fn part_of_pixel(&self, whole: (i32, i32)) -> ((f64, f64), f64) {
        let (mut gx_gx, mut gx_gy, mut gy_gy) = (0.0, 0.0, 0.0);
        let (mut gx_d, mut gy_d, mut d_d, mut count) = (0.0, 0.0, 0.0, 0_usize);
        for [old, new, above, below] in self.rows(whole) {
            for (x, (above, below)) in above.iter().zip(below).enumerate() {
                let gx = f64::from(new[x + 2] - new[x]) / 2.0;
                let gy = f64::from(below - above) / 2.0;
                let d = f64::from(old[x + 1] - new[x + 1]);
                gx_gx += gx * gx;
                gx_gy += gx * gy;
                gy_gy += gy * gy;
                gx_d += gx * d;
                gy_d += gy * d;
                d_d += d * d;
                count += 1;
            }
        }
        // Keeps the system solvable for pictures whose edges all have one direction.
        let least = (gx_gx + gy_gy) * 1e-4 + 1e-9;
        let (xx, yy) = (gx_gx + least, gy_gy + least);
        let determinant = xx * yy - gx_gy * gx_gy;
        let x = (gx_d * yy - gy_d * gx_gy) / determinant;
        let y = (gy_d * xx - gx_d * gx_gy) / determinant;
        let bound = |part: f64| part.max(-0.75).min(0.75);
        let (x, y) = (bound(x), bound(y));
        let left =
            d_d - 2.0 * (x * gx_d + y * gy_d) + x * x * gx_gx + 2.0 * x * y * gx_gy + y * y * gy_gy;
        ((x, y), left / count.max(1) as f64)
    }
}
