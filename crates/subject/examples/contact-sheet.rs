//! Compares crops of several programs, and prints how much of the subject they show:
//!
//! `cargo run --release -p subject --example contact-sheet -- FOLDER [-t TABLE] [-s 3:1] [-o SHEET.png]`
//!
//! FOLDER is the corpus, or any folder with its own TABLE (like `tests/subjects.tsv`). Compares with
//! `vips` and PyPI's `smartcrop` if they are installed; `--alone` leaves them out.

#![expect(clippy::print_stdout, clippy::panic, reason = "a program for people who read its output")]

#[path = "../../../tests/skip.rs"]
mod skip;
#[path = "../tests/annotated/mod.rs"]
mod annotated;
#[path = "contact-sheet/sheet.rs"]
mod sheet;

use std::{path::PathBuf, time::Instant};

use annotated::{Annotated, Rect, SHAPES, other_croppers, shown};

/// A program that crops, and its crops.
pub struct Cropper {
    /// Its name.
    pub name: &'static str,
    /// Its crops by picture and shape.
    pub crops: Vec<Vec<Rect>>,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let mut folder = None;
    let mut table = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/subjects.tsv").to_owned();
    let (mut out, mut shape, mut alone) = (None, "1:1".to_owned(), false);
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_else(|| panic!("{arg}: expected a value"));
        match arg.as_str() {
            "-t" => table = value(),
            "-o" => out = Some(value()),
            "-s" => shape = value(),
            "--alone" => alone = true,
            _ => folder = Some(arg),
        }
    }
    let Some(folder) = folder else { panic!("expected a folder of pictures") };
    let pictures = annotated::all(&PathBuf::from(folder), &PathBuf::from(table));
    let started = Instant::now();
    let mut croppers =
        vec![Cropper { name: "ours", crops: pictures.iter().map(annotated::ours).collect() }];
    println!("{:.1} ms a picture", started.elapsed().as_secs_f64() * 1e3 / pictures.len() as f64);
    if !alone {
        let of =
            |crop: &dyn Fn(&Annotated) -> Option<Vec<Rect>>| pictures.iter().map(crop).collect();
        let others: [(&str, Option<Vec<Vec<Rect>>>); 4] = [
            (
                "vips attention",
                of(&|annotated| other_croppers::vips(&annotated.picture, "attention")),
            ),
            ("vips entropy", of(&|annotated| other_croppers::vips(&annotated.picture, "entropy"))),
            ("smartcrop", of(&|annotated| other_croppers::smartcrop(&annotated.picture))),
            ("centre", of(&|annotated| Some(other_croppers::centre(&annotated.picture)))),
        ];
        for (name, crops) in others {
            match crops {
                Some(crops) => croppers.push(Cropper { name, crops }),
                None => println!("{name}: not here"),
            }
        }
    }
    for (title, held_out) in [("tuned", Some(false)), ("held back", Some(true)), ("all", None)] {
        let counts =
            |annotated: &Annotated| held_out.is_none_or(|held_out| held_out == annotated.held_out);
        if pictures.iter().any(counts) {
            print_scores(title, &pictures, &croppers, counts);
        }
    }
    if let Some(out) = out {
        let at = SHAPES.iter().position(|[width, height]| format!("{width}:{height}") == shape);
        let Some(at) = at else { panic!("{shape}: expected one of {SHAPES:?}, as 3:1") };
        let names: Vec<&str> = croppers.iter().map(|cropper| cropper.name).collect();
        println!("\n{out}: {shape}: the marked picture, {}", names.join(", "));
        if let Err(error) = sheet::draw(&pictures, &croppers, at).save(&out) {
            panic!("{out}: {error}");
        }
    }
}

/// Prints the mean and the worst score of each shape, for the subject and for its focus.
fn print_scores(
    title: &str,
    pictures: &[Annotated],
    croppers: &[Cropper],
    of: impl Fn(&Annotated) -> bool,
) {
    println!("\n{title}: {} pictures", pictures.iter().filter(|annotated| of(annotated)).count());
    for (part, focus) in [("subject", false), ("focus", true)] {
        print!("{part:16}");
        SHAPES.iter().for_each(|[width, height]| print!("{:>12}", format!("{width}:{height}")));
        println!("        mean");
        for cropper in croppers {
            print!("{:16}", cropper.name);
            let mut total = 0.0;
            for (at, shape) in SHAPES.into_iter().enumerate() {
                let shares: Vec<f64> = pictures
                    .iter()
                    .zip(&cropper.crops)
                    .filter(|(annotated, _)| of(annotated))
                    .map(|(annotated, crops)| {
                        let part = if focus { annotated.focus } else { annotated.subject };
                        shown(part, crops[at], shape, &annotated.picture)
                    })
                    .collect();
                let mean = shares.iter().sum::<f64>() / shares.len() as f64;
                let worst = shares.iter().copied().fold(1.0, f64::min);
                print!("  {:>10}", format!("{mean:.3} {worst:.2}"));
                total += mean / SHAPES.len() as f64;
            }
            println!("  {total:>10.4}");
        }
    }
}
