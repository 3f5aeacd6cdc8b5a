//! A profile of a press that does not exist: inks that absorb a part of the light each, in tables of
//! all types.

use azulejo::pixel::ColorModel;

/// The type of the tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tables {
    /// `mft1`, of 8 bits.
    Bytes,
    /// `mft2`, of 16 bits.
    Words,
    /// `mAB ` and `mBA ` of version 4.
    Pipelines,
}

const D50: [f64; 3] = [0.9642, 1.0, 0.8249];
/// The colorants of sRGB, in rows.
const TO_XYZ: [[f64; 3]; 3] =
    [[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]];
const FROM_XYZ: [[f64; 3]; 3] =
    [[3.1339, -1.6169, -0.4906], [-0.9788, 1.9161, 0.0335], [0.0719, -0.2290, 1.4052]];

fn apply(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn lab_of_inks([c, m, y, k]: [f64; 4]) -> [f64; 3] {
    let left = [c, m, y].map(|ink| (1.0 - 0.9 * ink) * (1.0 - 0.92 * k));
    let xyz = apply(&TO_XYZ, left.map(|part| part * part));
    let [x, y, z] = [0, 1, 2].map(|at| {
        let t = xyz[at] / D50[at];
        if t > 216.0 / 24389.0 { libm::cbrt(t) } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn inks_of_lab([l, a, b]: [f64; 3]) -> [f64; 4] {
    let y = (l + 16.0) / 116.0;
    let xyz = [y + a / 500.0, y, y - b / 200.0];
    let xyz = [0, 1, 2].map(|at: usize| {
        let t = xyz[at];
        D50[at] * if t > 6.0 / 29.0 { t * t * t } else { (116.0 * t - 16.0) * 27.0 / 24389.0 }
    });
    let left = apply(&FROM_XYZ, xyz).map(|part| part.clamp(0.0, 1.0).sqrt());
    let light = left.iter().fold(0.0, |a: f64, b| a.max(*b));
    let k = ((1.0 - light) * 0.9).clamp(0.0, 1.0);
    let [c, m, y] = left.map(|part| ((1.0 - part / (1.0 - 0.92 * k)) / 0.9).clamp(0.0, 1.0));
    [c, m, y, k]
}

/// The values of a table with this many points along each axis.
fn table<const N: usize>(points: usize, at: impl Fn([f64; N]) -> Vec<f64>) -> Vec<f64> {
    let place = |nth: usize, axis: usize| {
        let step = points.pow((N - 1 - axis) as u32);
        (nth / step % points) as f64 / (points - 1) as f64
    };
    (0..points.pow(N as u32))
        .flat_map(|nth| at(std::array::from_fn(|axis| place(nth, axis))))
        .map(|value| value.clamp(0.0, 1.0))
        .collect()
}

fn bytes(values: &[f64], wide: bool) -> Vec<u8> {
    match wide {
        true => values.iter().flat_map(|v| ((v * 65535.0).round() as u16).to_be_bytes()).collect(),
        false => values.iter().map(|v| (v * 255.0).round() as u8).collect(),
    }
}

/// A profile of CMYK with tables of this type.
pub fn profile(tables: Tables) -> Vec<u8> {
    // L* of 100 is ff00 in 16-bit tables of version 2.
    let old = if tables == Tables::Words { 65280.0 / 65535.0 } else { 1.0 };
    let to_pcs = table::<4>(5, |inks| {
        let [l, a, b] = lab_of_inks(inks);
        vec![l / 100.0 * old, (a + 128.0) / 255.0 * old, (b + 128.0) / 255.0 * old]
    });
    let from_pcs = table::<3>(9, |[l, a, b]| {
        let [l, a, b] = [l / old, a / old, b / old];
        inks_of_lab([l * 100.0, a * 255.0 - 128.0, b * 255.0 - 128.0]).to_vec()
    });
    let to_pcs = (b"A2B0", tag(tables, [4, 3], 5, &to_pcs));
    let from_pcs = (b"B2A0", tag(tables, [3, 4], 9, &from_pcs));
    let version = if tables == Tables::Pipelines { 4 } else { 2 };
    assemble(version, b"prtr", ColorModel::Cmyk, &[to_pcs, from_pcs])
}

/// A table between curves that change nothing.
fn tag(tables: Tables, [inputs, outputs]: [usize; 2], points: usize, values: &[f64]) -> Vec<u8> {
    let counts = [inputs as u8, outputs as u8];
    if tables == Tables::Pipelines {
        return pipeline(inputs == 4, counts, points, values);
    }
    let wide = tables == Tables::Words;
    let kind = if wide { b"mft2" } else { b"mft1" };
    let one = 65536_i32.to_be_bytes();
    let zero = [0; 4];
    let matrix = [one, zero, zero, zero, one, zero, zero, zero, one].concat();
    let entries = if wide { vec![0, 2, 0, 2] } else { Vec::new() };
    let line: Vec<f64> = match wide {
        true => vec![0.0, 1.0],
        false => (0..=255).map(|at| f64::from(at) / 255.0).collect(),
    };
    let line = bytes(&line, wide);
    [
        kind.as_slice(),
        &[0; 4],
        &counts,
        &[points as u8, 0],
        &matrix,
        &entries,
        &line.repeat(inputs),
        &bytes(values, wide),
        &line.repeat(outputs),
    ]
    .concat()
}

/// `mAB ` with A curves, a table, M curves, a matrix and B curves, or `mBA `.
fn pipeline(to_pcs: bool, counts: [u8; 2], points: usize, values: &[f64]) -> Vec<u8> {
    let kind = if to_pcs { b"mAB " } else { b"mBA " };
    let line = b"curv\0\0\0\0\0\0\0\0";
    // A parametric curve of exponent 1.
    let power = b"para\0\0\0\0\0\0\0\0\0\x01\0\0";
    let (one, zero) = (65536_i32.to_be_bytes(), [0; 4]);
    let matrix = [one, zero, zero, zero, one, zero, zero, zero, one, zero, zero, zero].concat();
    let mut grid = [0; 16];
    grid[..usize::from(counts[0])].fill(points as u8);
    let mut clut = [grid.as_slice(), &[2, 0, 0, 0], &bytes(values, true)].concat();
    clut.resize(clut.len().next_multiple_of(4), 0);
    let (mut offsets, mut data) = (Vec::new(), Vec::new());
    let parts = [line.repeat(3), matrix, power.repeat(3), clut, line.repeat(4)];
    for part in parts {
        offsets.extend_from_slice(&(32 + data.len() as u32).to_be_bytes());
        data.extend_from_slice(&part);
    }
    [kind.as_slice(), &[0; 4], &counts, &[0, 0], &offsets, &data].concat()
}

/// A profile of these tags.
pub fn assemble(
    version: u8,
    class: &[u8; 4],
    model: ColorModel,
    tags: &[(&[u8; 4], Vec<u8>)],
) -> Vec<u8> {
    let space: &[u8; 4] = match model {
        ColorModel::Gray => b"GRAY",
        ColorModel::Rgb => b"RGB ",
        ColorModel::Cmyk => b"CMYK",
    };
    let mut icc = vec![0; 128];
    icc[8] = version;
    icc[12..16].copy_from_slice(class);
    icc[16..20].copy_from_slice(space);
    icc[20..24].copy_from_slice(b"Lab ");
    icc[36..40].copy_from_slice(b"acsp");
    icc[68..80].copy_from_slice(&[0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d]);
    let paper = b"XYZ \0\0\0\0\0\0\xd8\x00\0\0\xe0\x00\0\0\xb4\x00".to_vec();
    let name = [b"desc\0\0\0\0\0\0\0\x02P\0".as_slice(), &[0; 78]].concat();
    let rights = b"text\0\0\0\0-\0".to_vec();
    let own: [(&[u8; 4], Vec<u8>); 3] = [(b"desc", name), (b"cprt", rights), (b"wtpt", paper)];
    let tags: Vec<_> = own.iter().chain(tags).collect();
    icc.extend_from_slice(&(tags.len() as u32).to_be_bytes());
    let mut at = icc.len() + 12 * tags.len();
    let mut data = Vec::new();
    for (name, bytes) in tags {
        icc.extend_from_slice(*name);
        icc.extend_from_slice(&(at as u32).to_be_bytes());
        icc.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        let len = bytes.len().next_multiple_of(4);
        data.extend_from_slice(bytes);
        data.resize(data.len() + len - bytes.len(), 0);
        at += len;
    }
    icc.extend_from_slice(&data);
    let len = (icc.len() as u32).to_be_bytes();
    icc[..4].copy_from_slice(&len);
    icc
}
