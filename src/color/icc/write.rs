//! Writes profiles of RGB spaces, of version 2, which all readers know (ICC.1:2001-04).

use super::{
    matrix::{Matrix, Vector, apply, diagonal, inverse, product, transposed},
    named::{Response, RgbSpace},
    pcs::D50,
};

/// Entries of the table of a curve that is no power.
const ENTRIES: usize = 1024;

/// Maps XYZ to the responses of cones, in which the eye adapts to a white (K. M. Lam, Metamerism and
/// colour constancy, 1985: "Bradford").
const CONES: Matrix =
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

impl RgbSpace {
    /// Its profile.
    pub fn profile(&self) -> Vec<u8> {
        let [red, green, blue] = transposed(&self.colorants()).map(xyz);
        let curve = curve(self.response);
        let text = |kind: &[u8], text: &str| [kind, &[0; 4], text.as_bytes(), &[0]].concat();
        let name = self.common_name;
        let description = [
            b"desc\0\0\0\0".as_slice(),
            &(name.len() as u32 + 1).to_be_bytes(),
            name.as_bytes(),
            // No name in Unicode, and none in the code of a Macintosh.
            &[0; 1 + 4 + 4 + 2 + 1 + 67],
        ];
        let tags: [(&[u8; 4], Vec<u8>); 9] = [
            (b"desc", description.concat()),
            (b"cprt", text(b"text", "No copyright, use freely")),
            (b"wtpt", xyz(D50)),
            (b"rXYZ", red),
            (b"gXYZ", green),
            (b"bXYZ", blue),
            (b"rTRC", curve),
            (b"gTRC", Vec::new()),
            (b"bTRC", Vec::new()),
        ];
        let mut table = (tags.len() as u32).to_be_bytes().to_vec();
        let (mut data, mut place) = (Vec::new(), [0; 8]);
        let begin = 128 + 4 + 12 * tags.len();
        for (name, bytes) in tags {
            // All three curves are the same bytes.
            if !bytes.is_empty() {
                let [start, len] =
                    [begin + data.len(), bytes.len()].map(|n| (n as u32).to_be_bytes());
                place = [start, len].concat().try_into().unwrap_or(place);
                data.extend_from_slice(&bytes);
                data.resize(data.len().next_multiple_of(4), 0);
            }
            table.extend_from_slice(name);
            table.extend_from_slice(&place);
        }
        [header(begin + data.len()), table, data].concat()
    }

    /// The XYZ of red, green and blue as columns, adapted from the white of the space to D50.
    fn colorants(&self) -> Matrix {
        let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
        let (white, primaries) = (xyz(self.white), transposed(&self.primaries.map(xyz)));
        // As much of each primary as makes white together.
        let amounts = inverse(&primaries).map_or([0.0; 3], |inverse| apply(&inverse, white));
        let colors = product(&primaries, &diagonal(amounts));
        let (from, to) = (apply(&CONES, white), apply(&CONES, D50));
        let scale = diagonal([0, 1, 2].map(|at| to[at] / from[at]));
        let back = inverse(&CONES).unwrap_or(CONES);
        product(&product(&back, &product(&scale, &CONES)), &colors)
    }
}

fn header(len: usize) -> Vec<u8> {
    let mut header = vec![0; 128];
    let fields: [(usize, &[u8]); 8] = [
        (0, &(len as u32).to_be_bytes()),
        (8, &[2, 0x40]),
        (12, b"mntrRGB XYZ "),
        // 1 January 2026.
        (24, &[7, 0xea, 0, 1, 0, 1]),
        (36, b"acsp"),
        // Relative colorimetric.
        (64, &[0, 0, 0, 1]),
        (68, &xyz(D50)[8..]),
        (80, &[0; 4]),
    ];
    for (at, bytes) in fields {
        header[at..at + bytes.len()].copy_from_slice(bytes);
    }
    header
}

fn xyz(numbers: Vector) -> Vec<u8> {
    let fixed = |number: f64| ((number * 65536.0).round() as i32).to_be_bytes();
    let [x, y, z] = numbers.map(fixed);
    [b"XYZ \0\0\0\0".as_slice(), &x, &y, &z].concat()
}

fn curve(response: Response) -> Vec<u8> {
    let values: Vec<u16> = match response {
        Response::Gamma(gamma) => vec![(gamma * 256.0).round() as u16],
        Response::Srgb => (0..ENTRIES)
            .map(|at| {
                let x = at as f64 / (ENTRIES - 1) as f64;
                let y = if x <= 0.04045 { x / 12.92 } else { libm::pow((x + 0.055) / 1.055, 2.4) };
                (y * 65535.0).round() as u16
            })
            .collect(),
    };
    let count = (values.len() as u32).to_be_bytes();
    let values: Vec<u8> = values.into_iter().flat_map(u16::to_be_bytes).collect();
    [b"curv\0\0\0\0".as_slice(), &count, &values].concat()
}
