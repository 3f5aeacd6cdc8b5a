//! Decoders of others, over files that are damaged and files that take much: their panics are
//! caught, they end soon, and they take no more memory than was told before.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;

use std::{
    fs,
    io::{self, Cursor, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use azulejo::pyramid::write::Scratch;
use originals::{Options, Unreadable, open};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a budget would give to one picture.
const LIMIT: u64 = 512 << 20;

/// Levels that nobody reads.
struct Nothing;

impl Write for Nothing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Scratch for Nothing {
    fn copy_to(self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// What a decoder that panicked is said to have done.
const PANICKED: &str = "panicked";

/// Makes a pyramid of a file, and checks the time and the memory that it takes.
fn made(what: &str, file: &[u8]) -> Result<(), String> {
    let options = Options::default();
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage(), Instant::now());
    let mut told = file.len() as u64 + (1 << 20);
    let make = || {
        let original = open(Cursor::new(file), file.len() as u64, LIMIT)?;
        told = original.memory(options);
        if told > LIMIT {
            return Ok(Err(format!("needs {told} bytes")));
        }
        original.pyramid_into(options, &mut io::sink(), || Ok(Nothing)).map(|_| Ok(()))
    };
    let end = catch_unwind(AssertUnwindSafe(make));
    let taken = MEMORY.peak_usage().saturating_sub(before) as u64;
    assert!(taken <= told, "{what}: takes {taken} bytes, told were {told}");
    let time = start.elapsed();
    assert!(time < Duration::from_secs(20), "{what}: takes {time:?}");
    let end: Result<Result<(), String>, Unreadable> =
        end.unwrap_or_else(|_| Ok(Err(PANICKED.to_owned())));
    end.unwrap_or_else(|why| Err(why.to_string()))
}

/// Every n-th byte changed, and the file cut there.
fn damaged(file: &[u8], step: usize) -> impl Iterator<Item = (String, Vec<u8>)> {
    (0..file.len()).step_by(step).flat_map(move |at| {
        let changed = [0x01, 0xff].map(|bits| {
            let mut changed = file.to_vec();
            changed[at] ^= bits;
            (format!("byte {at} ^ {bits}"), changed)
        });
        changed.into_iter().chain([(format!("cut at {at}"), file[..at].to_vec())])
    })
}

/// The memory of a process is told of one test at a time: all is one test.
#[test]
fn damage_and_size_are_bounded() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut pictures, mut refused, mut panics) = (0, 0, Vec::new());
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension == "png" || extension == "md") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = fs::read(&path).unwrap();
        made(name, &file).unwrap();
        // Headers wholly, the rest here and there.
        let head = damaged(&file[..file.len().min(160)], 1).map(|(what, mut changed)| {
            if !what.starts_with("cut") {
                changed.extend(&file[changed.len()..]);
            }
            (what, changed)
        });
        for (what, file) in head.chain(damaged(&file, 97)) {
            let what = format!("{name}, {what}");
            match made(&what, &file) {
                Ok(()) => pictures += 1,
                Err(why) if why == PANICKED => panics.push(what),
                Err(_) => refused += 1,
            }
        }
    }
    println!("{pictures} pictures, {refused} refused");
    assert!(pictures > 100 && refused > 1000);
    assert!(panics.is_empty(), "{panics:?}");
    large();
}

/// Large files of other programs, where those are here: many blocks, layers, tiles, channels.
#[expect(clippy::print_stdout, reason = "a test tells what it measured, and what it skips")]
fn large() {
    let folder = std::env::temp_dir().join(format!("azulejo-decoders-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let source = folder.join("source.png");
    let pixel = |x: u32, y: u32| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 13;
        image::Rgba([(x / 4) as u8, (y / 3) as u8, noise as u8 & 63, (x ^ y) as u8 | 1])
    };
    image::RgbaImage::from_fn(900, 700, pixel).save(&source).unwrap();
    for (program, options, extension) in [
        ("opj_compress", "-i IN -o OUT", "jp2"),
        ("opj_compress", "-i IN -o OUT -b 4,4", "jp2"),
        ("opj_compress", "-i IN -o OUT -b 8,8 -c [16,16],[16,16]", "jp2"),
        ("opj_compress", "-i IN -o OUT -t 64,64 -n 3", "jp2"),
        ("opj_compress", "-i IN -o OUT -r 20,10,5 -I", "jp2"),
        ("cjxl", "IN OUT -d 0 -e 3", "jxl"),
        ("cjxl", "IN OUT -d 1 -e 7", "jxl"),
        ("cjxl", "IN OUT -d 1 -p -e 4", "jxl"),
        ("cjxl", "IN OUT -d 8 -e 7", "jxl"),
    ] {
        let out = folder.join(format!("out.{extension}"));
        let arguments = options.split(' ').map(|word| match word {
            "IN" => source.as_os_str(),
            "OUT" => out.as_os_str(),
            word => word.as_ref(),
        });
        let run = Command::new(program).args(arguments).output();
        if !run.is_ok_and(|output| output.status.success()) {
            skip::skip(program, options);
            continue;
        }
        let file = fs::read(&out).unwrap();
        let what = format!("{program} {options}");
        made(&what, &file).unwrap();
        let taken = MEMORY.peak_usage() >> 10;
        let told = open(Cursor::new(&file), file.len() as u64, LIMIT).unwrap();
        let told = told.memory(Options::default()) >> 10;
        println!("{what}: {taken} of {told} KiB");
    }
    fs::remove_dir_all(folder).unwrap();
}
