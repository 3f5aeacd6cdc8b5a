//! Pairs of pictures of known origin: what the comparison of `azulejo diff` makes of them.
//!
//! The programs `vips` and `convert` (ImageMagick) make the pictures. The old one is a photograph that
//! is scaled to a quarter with the kernel lanczos3, as a JPEG of quality 85.

use std::{
    fs, mem,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, anyhow, ensure};
use compare::{Comparison, Decoded, compare, decode};
use tempfile::TempDir;

/// The most pixels of a side of the pictures. The photograph is four times as large.
const SIDE: usize = 600;

/// How the new picture of a pair is made.
struct Kind {
    /// What makes it differ from the old one, and how.
    name: &'static str,
    /// The first pixel of the photograph; four pixels shift the picture by one.
    start: (usize, usize),
    /// The vips commands after that, without their files. `_` is a space within an argument.
    steps: &'static [&'static str],
    /// The suffix of the file, with the options of its encoder.
    suffix: &'static str,
}

/// Where the old picture begins in the photograph.
const START: (usize, usize) = (32, 32);

const RESIZE: &str = "resize 0.25";
const JPEG: &str = "jpg[Q=85]";

/// The suffix of a JPEG whose encoder computes the cosine transform with floats.
const FLOAT: &str = "float.jpg";

const fn kind(name: &'static str, steps: &'static [&'static str], suffix: &'static str) -> Kind {
    Kind { name, start: START, steps, suffix }
}

const fn encoder(name: &'static str, suffix: &'static str) -> Kind {
    kind(name, &[RESIZE], suffix)
}

const fn other(name: &'static str, steps: &'static [&'static str]) -> Kind {
    kind(name, steps, JPEG)
}

/// A picture that lies to the right and below by so many quarters of a pixel.
const fn shift(name: &'static str, x: usize, y: usize) -> Kind {
    Kind { name, start: (START.0 - x, START.1 - y), steps: &[RESIZE], suffix: JPEG }
}

const OLD: Kind = encoder("old", JPEG);

const KINDS: &[Kind] = &[
    encoder("encoder: JPEG 95", "jpg[Q=95]"),
    encoder("encoder: JPEG 85, 4:4:4", "jpg[Q=85,subsample-mode=off]"),
    encoder("encoder: JPEG 85, float", FLOAT),
    encoder("encoder: JPEG 75", "jpg[Q=75]"),
    encoder("encoder: JPEG 60", "jpg[Q=60]"),
    encoder("encoder: JPEG 45", "jpg[Q=45]"),
    encoder("encoder: JPEG 30", "jpg[Q=30]"),
    encoder("encoder: WebP 85", "webp[Q=85]"),
    encoder("encoder: WebP 60", "webp[Q=60]"),
    encoder("encoder: PNG", "png"),
    other("kernel: lanczos2", &["resize 0.25 --kernel lanczos2"]),
    other("kernel: cubic", &["resize 0.25 --kernel cubic"]),
    other("kernel: mitchell", &["resize 0.25 --kernel mitchell"]),
    other("kernel: linear", &["resize 0.25 --kernel linear"]),
    other("kernel: nearest", &["resize 0.25 --kernel nearest"]),
    kind("kernel: cubic, JPEG 60", &["resize 0.25 --kernel cubic"], "jpg[Q=60]"),
    kind("kernel: linear, JPEG 60", &["resize 0.25 --kernel linear"], "jpg[Q=60]"),
    other("kernel: sharpened", &[RESIZE, "sharpen"]),
    other("kernel: blurred by 0.6", &[RESIZE, "gaussblur 0.6"]),
    shift("shift: 0.25, 0", 1, 0),
    shift("shift: 0.5, 0", 2, 0),
    shift("shift: 0.5, 0.5", 2, 2),
    shift("shift: 0, 1", 0, 4),
    shift("shift: 1.5, 1", 6, 4),
    shift("shift: 2, 2", 8, 8),
    Kind {
        name: "shift: 2, 0, cubic, JPEG 60",
        start: (START.0 - 8, START.1),
        steps: &["resize 0.25 --kernel cubic"],
        suffix: "jpg[Q=60]",
    },
    other("colours: 2 levels brighter", &[RESIZE, "linear 1 2 --uchar"]),
    other("colours: 3 % brighter", &[RESIZE, "linear 1.03 0 --uchar"]),
    other("colours: gamma 1.1", &[RESIZE, "gamma --exponent 1.1"]),
    other("colours: red 5 % brighter", &[RESIZE, "linear 1.05_1_1 0_0_0 --uchar"]),
    other("colours: gamma 2.4", &[RESIZE, "gamma"]),
    other("colours: grey", &[RESIZE, "colourspace b-w"]),
    shift("other: shifted by 4, 0", 16, 0),
    other("other: 1 % larger", &["resize 0.2525"]),
    other("other: mirrored", &[RESIZE, "flip horizontal"]),
    other("other: black square, 24 px", &[RESIZE, "insert 100 80"]),
];

/// Prints for each kind of pair the ranges of its measures over all photographs, and its classes.
pub fn print(photographs: &[PathBuf]) -> Result<()> {
    let folder = TempDir::new()?;
    let mut kinds: Vec<Vec<Comparison>> = KINDS.iter().map(|_| Vec::new()).collect();
    for file in photographs {
        let name = || file.display().to_string();
        let photograph = Photograph::open(file, folder.path()).with_context(name)?;
        for (kind, found) in KINDS.iter().zip(&mut kinds) {
            found.push(photograph.pair(kind).with_context(name).context(kind.name)?);
        }
    }
    println!("| pair | score | shift | its share | sharper | cells | colours left | classes |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (kind, found) in KINDS.iter().zip(&kinds) {
        println!("{}", row(kind.name, found));
    }
    Ok(())
}

/// A row of the table in docs/diff.md.
fn row(name: &str, found: &[Comparison]) -> String {
    let range = |digits: usize, value: fn(&Comparison) -> f64| {
        let values = found.iter().map(value);
        let (least, most) = values
            .fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)));
        // Not -0.
        let [least, most] = [least, most].map(|value| format!("{:.digits$}", value + 0.0));
        let least = least.replace("-0.00", "0.00");
        let most = most.replace("-0.00", "0.00");
        if least == most { least } else { format!("{least} to {most}") }
    };
    let mut classes: Vec<String> = Vec::new();
    for comparison in found {
        let class = format!("{:?}", comparison.likeness);
        if !classes.iter().any(|other| other.starts_with(&class)) {
            let same = found.iter().filter(|other| other.likeness == comparison.likeness);
            classes.push(format!("{class} {}", same.count()));
        }
    }
    let cells = [
        range(0, |found| found.measures.score),
        range(2, |found| found.measures.shift.most()),
        range(2, |found| found.measures.shift.share),
        range(2, |found| found.measures.gain),
        range(1, |found| found.measures.cells.most),
        range(2, |found| found.measures.mapped.typical / found.measures.cells.typical.max(1e-9)),
        classes.join(", "),
    ];
    format!("| {name} | {} |", cells.join(" | "))
}

/// A photograph of which pairs are made.
struct Photograph<'a> {
    folder: &'a Path,
    /// The size of the part that is used.
    size: (usize, usize),
    old: Decoded,
}

impl<'a> Photograph<'a> {
    fn open(file: &Path, folder: &'a Path) -> Result<Self> {
        let whole = folder.join("whole.v");
        vips(&["copy"], file, &whole)?;
        let field = |name: &str| -> Result<usize> {
            let output = Command::new("vipsheader").args(["-f", name]).arg(&whole).output()?;
            let side: usize = String::from_utf8(output.stdout)?.trim().parse()?;
            Ok(((side - 2 * START.0) / 4).min(SIDE) * 4)
        };
        let size = (field("width")?, field("height")?);
        Ok(Self { folder, size, old: picture(folder, size, &OLD)? })
    }

    /// Makes and compares a pair.
    fn pair(&self, kind: &Kind) -> Result<Comparison> {
        let (old, mut new) = (&self.old, picture(self.folder, self.size, kind)?);
        let (wanted, picture) = (&old.picture, &mut new.picture);
        // Of a larger picture the upper left corner is compared.
        if picture.width > wanted.width {
            let rows = picture.rgba.chunks(picture.width * 4).take(wanted.height);
            picture.rgba = rows.flat_map(|row| &row[..wanted.width * 4]).copied().collect();
            (picture.width, picture.height) = (wanted.width, wanted.height);
        }
        ensure!((picture.width, picture.height) == (wanted.width, wanted.height), "other size");
        compare(old, &new).context("not measured")
    }
}

/// Makes a picture and decodes it.
fn picture(folder: &Path, size: (usize, usize), kind: &Kind) -> Result<Decoded> {
    let [x, y, width, height] =
        [kind.start.0, kind.start.1, size.0, size.1].map(|number| number.to_string());
    let (mut from, mut to) = (folder.join("one.v"), folder.join("other.v"));
    let area = ["extract_area", &x, &y, &width, &height];
    vips(&area, &folder.join("whole.v"), &from)?;
    for step in kind.steps {
        let step: Vec<String> = step.split(' ').map(|word| word.replace('_', " ")).collect();
        let words: Vec<&str> = step.iter().map(String::as_str).collect();
        if let ["insert", x, y] = words.as_slice() {
            let square = folder.join("square.v");
            run("vips", &["black", path(&square)?, "24", "24", "--bands", "3"])?;
            run("vips", &["insert", path(&from)?, path(&square)?, path(&to)?, x, y])?;
        } else {
            vips(&words, &from, &to)?;
        }
        mem::swap(&mut from, &mut to);
    }
    let name = kind.suffix.split('[').next().unwrap_or_default();
    let file = folder.join(format!("file.{name}"));
    if kind.suffix == FLOAT {
        let png = folder.join("file.png");
        vips(&["copy"], &from, &png)?;
        let options =
            ["-quality", "85", "-sampling-factor", "2x2", "-define", "jpeg:dct-method=float"];
        run("convert", &[&[path(&png)?], &options[..], &[path(&file)?]].concat())?;
    } else {
        let options = kind.suffix.strip_prefix(name).unwrap_or_default();
        vips(&["copy"], &from, Path::new(&format!("{}{options}", path(&file)?)))?;
    }
    decode(&fs::read(&file)?).map_err(|why| anyhow!("{why:?}"))
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no UTF-8")
}

/// Runs a vips command with its files after its name.
fn vips(words: &[&str], from: &Path, to: &Path) -> Result<()> {
    let (name, rest) = words.split_first().context("no command")?;
    run("vips", &[&[*name, path(from)?, path(to)?], rest].concat())
}

fn run(program: &str, words: &[&str]) -> Result<()> {
    let done = Command::new(program).args(words).output().with_context(|| program.to_owned())?;
    let errors = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program} {}: {errors}", words.join(" "));
    Ok(())
}
