//! Pixels of replies against those that other programs make from the same pictures: libvips,
//! ImageMagick, Pillow, and models of our formulas in numpy. `tests/oracles/cases.txt` lists the
//! requests and says how it is written.

use std::{
    env, fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use azulejo::store::MemoryStore;

use crate::{golden, skip::skip};

const CASES: &str = include_str!("oracles/cases.txt");

/// A block of the file.
struct Case {
    title: &'static str,
    ours: &'static str,
    /// The names and requests of the pictures that the program reads.
    inputs: Vec<(&'static str, &'static str)>,
    program: &'static str,
    /// The least PSNR; `None` for equal pixels.
    decibels: Option<f64>,
    compared: Compared,
}

/// Which pixels are compared.
#[derive(Clone, Copy, PartialEq)]
pub enum Compared {
    /// All of them.
    All,
    /// Those that are opaque in both pictures.
    Opaque,
    /// Those that are at least a quarter of each side away from the edges.
    Centre,
}

fn cases() -> Vec<Case> {
    let (_, blocks) = CASES.split_once("\n\n# ").unwrap();
    blocks.split("\n\n# ").map(case).collect()
}

fn case(block: &'static str) -> Case {
    let mut lines = block.trim_end().lines();
    let title = lines.next().unwrap();
    let (mut ours, mut program, mut inputs) = (None, None, Vec::new());
    let (mut decibels, mut compared, mut is_same) = (None, Compared::All, false);
    for line in lines {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("=", request) => ours = Some(request),
            (name @ ("A" | "B"), request) => inputs.push((name, request)),
            (">", command) => program = Some(command),
            ("same", "") => is_same = true,
            ("dB", rest) => {
                let (number, words) = rest.split_once(' ').unwrap_or((rest, ""));
                decibels = Some(number.parse().unwrap());
                compared = match words {
                    "" => Compared::All,
                    "opaque" => Compared::Opaque,
                    words => {
                        assert!(words == "centre", "{title}: {line}");
                        Compared::Centre
                    }
                };
            }
            (word, _) => assert!(word.is_empty(), "{title}: {line}"),
        }
    }
    assert!(is_same != decibels.is_some(), "{title}: either same or dB");
    Case { title, ours: ours.unwrap(), inputs, program: program.unwrap(), decibels, compared }
}

/// A picture of straight RGBA.
#[derive(PartialEq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pixels: Vec<[u8; 4]>,
}

/// Decodes a PNG of any colours.
pub fn decoded(png: &[u8]) -> Picture {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    let pixel = |pixel: &[u8]| match *pixel {
        [gray] => [gray, gray, gray, 255],
        [gray, alpha] => [gray, gray, gray, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha, ..] => [r, g, b, alpha],
        [] => [0; 4],
    };
    let pixels = samples.chunks_exact(info.color_type.samples()).map(pixel).collect();
    Picture { width: info.width, height: info.height, pixels }
}

/// The PSNR of premultiplied colours and alpha, without the alpha of two opaque pictures.
pub fn decibels(one: &Picture, other: &Picture, compared: Compared) -> f64 {
    let (width, height) = (one.width as usize, one.height as usize);
    let central = |at: usize, side: usize| (side / 4..side - side / 4).contains(&at);
    let pairs = || {
        let pairs = one.pixels.iter().zip(&other.pixels).enumerate();
        pairs.filter_map(move |(at, (a, b))| {
            let counts = match compared {
                Compared::All => true,
                Compared::Opaque => a[3] == 255 && b[3] == 255,
                Compared::Centre => central(at % width, width) && central(at / width, height),
            };
            counts.then_some((a, b))
        })
    };
    let opaque = pairs().all(|(a, b)| a[3] == 255 && b[3] == 255);
    let samples = if opaque { 3 } else { 4 };
    let squares = pairs().flat_map(|(a, b)| {
        let value = |pixel: &[u8; 4], nth: usize| {
            let part = if nth == 3 { 1.0 } else { f64::from(pixel[3]) / 255.0 };
            f64::from(pixel[nth]) * part
        };
        (0..samples).map(move |nth| {
            let apart = value(a, nth) - value(b, nth);
            apart * apart
        })
    });
    let count = pairs().count() * samples;
    assert!(count > one.pixels.len() / 2, "{count} samples are compared");
    10.0 * libm::log10(255.0 * 255.0 * count as f64 / squares.sum::<f64>())
}

/// The programs that the cases start. A missing one is skipped.
fn programs() -> Vec<&'static str> {
    let runs = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        let done = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    [
        ("vips", "vips", &["--version"][..], "install libvips-tools, as Debian calls it"),
        ("convert", "convert", &["--version"], "install imagemagick 6"),
        ("models", "python3", &["-c", "import numpy, PIL"], "there is none with numpy and Pillow"),
    ]
    .into_iter()
    .filter_map(|(name, program, arguments, why)| {
        let found = runs(program, arguments);
        if !found {
            skip(program, why);
        }
        found.then_some(name)
    })
    .collect()
}

/// What the program of a case makes, started in `folder`.
fn theirs(case: &Case, folder: &Path) -> Picture {
    let mut words = case.program.split(' ');
    let mut command = match words.next().unwrap() {
        "models" => {
            let mut python = Command::new("python3");
            python.arg(golden::cases::root().join("oracles/models.py"));
            python
        }
        program => Command::new(program),
    };
    let done = command
        .args(words.map(|word| word.replace('~', " ")))
        .current_dir(folder)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{}: {errors}", case.title);
    decoded(&fs::read(folder.join("out.png")).unwrap())
}

fn ours(store: &MemoryStore, request: &str) -> Vec<u8> {
    let format = if request.contains("fmt=") { "" } else { "&fmt=png-alpha" };
    let reply = golden::answer(store, &format!("{request}{format}"));
    assert_eq!(reply.status, 200, "{request}: {}", String::from_utf8_lossy(&reply.body));
    reply.body
}

#[test]
fn other_programs_make_the_same_pixels() {
    let (store, programs) = (golden::cases::store(), programs());
    let folder: PathBuf = env::temp_dir().join(format!("azulejo-oracles-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (mut table, mut wrong) = (String::new(), 0);
    for case in cases() {
        if !programs.contains(&case.program.split(' ').next().unwrap()) {
            continue;
        }
        for (name, request) in &case.inputs {
            fs::write(folder.join(format!("{name}.png")), ours(&store, request)).unwrap();
        }
        let (theirs, ours) = (theirs(&case, &folder), decoded(&ours(&store, case.ours)));
        let size = |picture: &Picture| (picture.width, picture.height);
        assert_eq!(size(&ours), size(&theirs), "{}", case.title);
        let found = decibels(&ours, &theirs, case.compared);
        if found < case.decibels.unwrap_or(f64::INFINITY) {
            wrong += 1;
            table +=
                &format!("{found:.2} dB: {}\n  {}\n  {}\n", case.title, case.ours, case.program);
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(wrong == 0, "{wrong} pictures differ\n{table}");
}

/// Two pictures that differ are not taken for equal ones.
#[test]
fn decibels_fall_with_the_difference() {
    let picture = |pixels: &[[u8; 4]]| Picture { width: 2, height: 1, pixels: pixels.to_vec() };
    let base = picture(&[[10, 20, 30, 255], [200, 100, 0, 255]]);
    assert_eq!(decibels(&base, &base, Compared::All), f64::INFINITY);
    let near = picture(&[[11, 21, 31, 255], [201, 101, 1, 255]]);
    assert!((decibels(&base, &near, Compared::All) - 48.13).abs() < 0.01);
    let clear = picture(&[[10, 20, 30, 255], [200, 100, 0, 0]]);
    assert!(decibels(&base, &clear, Compared::All) < 10.0);
    assert_eq!(decibels(&base, &clear, Compared::Opaque), f64::INFINITY);
}
