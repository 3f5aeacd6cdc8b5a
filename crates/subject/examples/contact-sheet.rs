//! Crops side by side, and how much of the subject they show:
//!
//! `cargo run --release -p subject --example contact-sheet -- FOLDER [-t TABLE] [-s 3:1] [-o SHEET.png]`
//!
//! FOLDER is the corpus, or any folder with a TABLE of its own (as `tests/subjects.tsv`). Others'
//! crops are there if `vips` and PyPI's `smartcrop` are; `--alone` leaves them out.

#![expect(clippy::print_stdout, clippy::panic, reason = "a program for people who read its output")]

#[path = "../../../tests/skip.rs"]
mod skip;
#[path = "../tests/judged/mod.rs"]
mod judged;
#[path = "contact-sheet/sheet.rs"]
mod sheet;

use std::{path::PathBuf, time::Instant};

use judged::{Judged, Rect, SHAPES, rivals, shown};

/// One way to crop, and its crops: a row a picture, a rectangle a shape.
pub struct Way {
    /// What it is called.
    pub name: &'static str,
    /// Its crops.
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
    let pictures = judged::all(&PathBuf::from(folder), &PathBuf::from(table));
    let started = Instant::now();
    let mut ways = vec![Way { name: "ours", crops: pictures.iter().map(judged::ours).collect() }];
    println!("{:.1} ms a picture", started.elapsed().as_secs_f64() * 1e3 / pictures.len() as f64);
    if !alone {
        let of = |crop: &dyn Fn(&Judged) -> Option<Vec<Rect>>| pictures.iter().map(crop).collect();
        let others: [(&str, Option<Vec<Vec<Rect>>>); 4] = [
            ("vips attention", of(&|judged| rivals::vips(&judged.picture, "attention"))),
            ("vips entropy", of(&|judged| rivals::vips(&judged.picture, "entropy"))),
            ("smartcrop", of(&|judged| rivals::smartcrop(&judged.picture))),
            ("centre", of(&|judged| Some(rivals::centre(&judged.picture)))),
        ];
        for (name, crops) in others {
            match crops {
                Some(crops) => ways.push(Way { name, crops }),
                None => println!("{name}: not here"),
            }
        }
    }
    for (title, held) in [("tuned", Some(false)), ("held back", Some(true)), ("all", None)] {
        let counts = |judged: &Judged| held.is_none_or(|held| held == judged.held);
        if pictures.iter().any(counts) {
            tell(title, &pictures, &ways, counts);
        }
    }
    if let Some(out) = out {
        let at = SHAPES.iter().position(|[width, height]| format!("{width}:{height}") == shape);
        let Some(at) = at else { panic!("{shape}: expected one of {SHAPES:?}, as 3:1") };
        let names: Vec<&str> = ways.iter().map(|way| way.name).collect();
        println!("\n{out}: {shape}: the marked picture, {}", names.join(", "));
        if let Err(error) = sheet::draw(&pictures, &ways, at).save(&out) {
            panic!("{out}: {error}");
        }
    }
}

/// Prints the mean and the worst of each shape, of the subject and of its focus.
fn tell(title: &str, pictures: &[Judged], ways: &[Way], of: impl Fn(&Judged) -> bool) {
    println!("\n{title}: {} pictures", pictures.iter().filter(|judged| of(judged)).count());
    for (part, focus) in [("subject", false), ("focus", true)] {
        print!("{part:16}");
        SHAPES.iter().for_each(|[width, height]| print!("{:>12}", format!("{width}:{height}")));
        println!("        mean");
        for way in ways {
            print!("{:16}", way.name);
            let mut total = 0.0;
            for (at, shape) in SHAPES.into_iter().enumerate() {
                let shares: Vec<f64> = pictures
                    .iter()
                    .zip(&way.crops)
                    .filter(|(judged, _)| of(judged))
                    .map(|(judged, crops)| {
                        let part = if focus { judged.focus } else { judged.subject };
                        shown(part, crops[at], shape, &judged.picture)
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
