//! Tables of a profile that lead from a device to the profile connection space, or back:
//! `mft1`, `mft2`, `mAB ` and `mBA ` (ICC.1:2022, 10.10 to 10.13).

use super::{
    clut::{Clut, Numbers},
    curve::Curve,
    matrix::{Matrix, Vector, apply},
    profile::{fixed, long, short},
};

/// The stages of a table in the order of their application.
#[derive(Debug, Clone)]
pub struct Lut {
    stages: Vec<Stage>,
    /// Whether it encodes Lab as version 2 does in 16 bits.
    pub old: bool,
}

#[derive(Debug, Clone)]
enum Stage {
    /// One for each number.
    Curves(Vec<Curve>),
    /// A matrix, and what is added after it.
    Matrix(Matrix, Vector),
    Clut(Clut),
}

impl Lut {
    /// Reads a table with these numbers of inputs and outputs. `None` if it is damaged, or has others.
    pub fn read(bytes: &[u8], inputs: usize, outputs: usize) -> Option<Self> {
        if [inputs, outputs] != [bytes.get(8)?, bytes.get(9)?].map(|count| usize::from(*count)) {
            return None;
        }
        match bytes.get(..4)? {
            b"mft1" => Self::old(bytes, [inputs, outputs], false),
            b"mft2" => Self::old(bytes, [inputs, outputs], true),
            b"mAB " => Self::new(bytes, [inputs, outputs], true),
            b"mBA " => Self::new(bytes, [inputs, outputs], false),
            _ => None,
        }
    }

    /// `mft1` and `mft2`: matrix, input curves, table, output curves.
    fn old(bytes: &[u8], [inputs, outputs]: [usize; 2], wide: bool) -> Option<Self> {
        let matrix = matrix(bytes, 12)?;
        let (entries, mut at) = match wide {
            true => ([short(bytes, 48)?, short(bytes, 50)?].map(usize::from), 52),
            false => ([256; 2], 48),
        };
        if entries.iter().any(|entries| !(2..=4096).contains(entries)) {
            return None;
        }
        let curves = |count: usize, entries: usize, at: &mut usize| -> Option<Stage> {
            let len = entries * if wide { 2 } else { 1 };
            let curves = (0..count).map(|_| {
                let values = bytes.get(*at..*at + len)?;
                *at += len;
                Some(match wide {
                    true => Curve::table(values),
                    false => {
                        Curve::Table(values.iter().map(|byte| u16::from(*byte) * 257).collect())
                    }
                })
            });
            curves.collect::<Option<Vec<Curve>>>().map(Stage::Curves)
        };
        let first = curves(inputs, entries[0], &mut at)?;
        let points = vec![usize::from(*bytes.get(10)?); inputs];
        let (clut, len) = Clut::read(points, outputs, wide, bytes.get(at..)?)?;
        at += len;
        let last = curves(outputs, entries[1], &mut at)?;
        let mut stages = vec![first, Stage::Clut(clut), last];
        if inputs == 3 {
            stages.insert(0, Stage::Matrix(matrix, [0.0; 3]));
        }
        Some(Self { stages, old: wide })
    }

    /// `mAB ` (A curves, table, M curves, matrix, B curves) and `mBA `, which has the reverse order.
    fn new(bytes: &[u8], [inputs, outputs]: [usize; 2], to_pcs: bool) -> Option<Self> {
        let part = |at: usize| -> Option<Option<&[u8]>> {
            match long(bytes, at)? {
                0 => Some(None),
                offset => Some(Some(bytes.get(offset..)?)),
            }
        };
        let curves = |at: usize, count: usize| -> Option<Option<Stage>> {
            let Some(mut rest) = part(at)? else { return Some(None) };
            let mut curves = Vec::new();
            for _ in 0..count {
                let (curve, len) = Curve::read(rest)?;
                curves.push(curve);
                // Each one begins at a multiple of four.
                rest = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
            }
            Some(Some(Stage::Curves(curves)))
        };
        let device = if to_pcs { inputs } else { outputs };
        let clut = match part(24)? {
            None => None,
            Some(bytes) => {
                let points = bytes.get(..inputs)?.iter().map(|points| usize::from(*points));
                let wide = match bytes.get(16)? {
                    1 => false,
                    2 => true,
                    _ => return None,
                };
                Some(Stage::Clut(Clut::read(points.collect(), outputs, wide, bytes.get(20..)?)?.0))
            }
        };
        // Without a table there are as many outputs as inputs.
        if clut.is_none() && inputs != outputs {
            return None;
        }
        let matrix = match part(16)? {
            None => None,
            Some(bytes) => {
                let added = [fixed(bytes, 36)?, fixed(bytes, 40)?, fixed(bytes, 44)?];
                Some(Stage::Matrix(matrix(bytes, 0)?, added))
            }
        };
        let mut stages = [curves(28, device)?, clut, curves(20, 3)?, matrix, curves(12, 3)?];
        if !to_pcs {
            stages.reverse();
        }
        Some(Self { stages: stages.into_iter().flatten().collect(), old: false })
    }

    /// Sets that the table is interpolated as one over Lab.
    pub fn of_lab(mut self) -> Self {
        for stage in &mut self.stages {
            if let Stage::Clut(clut) = stage {
                clut.is_trilinear = true;
            }
        }
        self
    }

    /// Applies all stages to numbers from 0 to 1.
    pub fn at(&self, mut numbers: Numbers) -> Numbers {
        for stage in &self.stages {
            match stage {
                Stage::Curves(curves) => {
                    for (number, curve) in numbers.iter_mut().zip(curves) {
                        *number = curve.at(*number);
                    }
                }
                Stage::Matrix(matrix, added) => {
                    let [x, y, z, _] = numbers;
                    let made = apply(matrix, [x, y, z]);
                    numbers = [made[0] + added[0], made[1] + added[1], made[2] + added[2], 0.0];
                }
                Stage::Clut(clut) => numbers = clut.at(numbers),
            }
        }
        numbers
    }
}

/// Nine numbers, row by row.
fn matrix(bytes: &[u8], at: usize) -> Option<Matrix> {
    let mut matrix = [[0.0; 3]; 3];
    for (nth, number) in matrix.as_flattened_mut().iter_mut().enumerate() {
        *number = fixed(bytes, at + 4 * nth)?;
    }
    Some(matrix)
}
