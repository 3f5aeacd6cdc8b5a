//! Third-party decoders with damaged files and with expensive files. They must not panic, must end
//! within a time limit, and must not need more memory than estimated.

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

/// The memory budget of one picture, in bytes.
const LIMIT: u64 = 512 << 20;

/// A scratch file that discards its content.
struct Discard;

impl Write for Discard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Scratch for Discard {
    fn copy_to(self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The error of a decoder that panicked.
const PANICKED: &str = "panicked";

/// Makes a pyramid of a file and checks time and memory. Fails if the file is refused.
fn decode(what: &str, file: &[u8]) -> Result<(), String> {
    let options = Options::default();
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage(), Instant::now());
    let mut estimate = file.len() as u64 + (1 << 20);
    let make = || {
        let original = open(Cursor::new(file), file.len() as u64, LIMIT)?;
        estimate = original.memory(options);
        if estimate > LIMIT {
            return Ok(Err(format!("needs {estimate} bytes")));
        }
        original.pyramid_into(options, &mut io::sink(), || Ok(Discard), &mut |_| {}).map(|_| Ok(()))
    };
    let result = catch_unwind(AssertUnwindSafe(make));
    let peak = MEMORY.peak_usage().saturating_sub(before) as u64;
    assert!(peak <= estimate, "{what}: needs {peak} bytes, estimated were {estimate}");
    let time = start.elapsed();
    assert!(time < Duration::from_secs(20), "{what}: takes {time:?}");
    let result: Result<Result<(), String>, Unreadable> =
        result.unwrap_or_else(|_| Ok(Err(PANICKED.to_owned())));
    result.unwrap_or_else(|error| Err(error.to_string()))
}

/// Damaged copies of a file: at every `step`-th byte, two with that byte changed and one cut there.
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

/// One test, because the allocator counts the memory of the whole process.
#[test]
fn decoders_stay_within_their_limits_with_any_file() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let (mut pictures, mut refused, mut panics) = (0, 0, Vec::new());
    for entry in fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension == "png" || extension == "md") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = fs::read(&path).unwrap();
        decode(name, &file).unwrap();
        // Every byte of the header, and some of the rest.
        let head = damaged(&file[..file.len().min(160)], 1).map(|(what, mut changed)| {
            if !what.starts_with("cut") {
                changed.extend(&file[changed.len()..]);
            }
            (what, changed)
        });
        for (what, file) in head.chain(damaged(&file, 97)) {
            let what = format!("{name}, {what}");
            match decode(&what, &file) {
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

/// Large files of other programs, if those are installed: many blocks, layers, tiles, channels.
#[expect(clippy::print_stdout, reason = "a test prints what it measured, and what it skips")]
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
        let arguments = options.split(' ').map(|argument| match argument {
            "IN" => source.as_os_str(),
            "OUT" => out.as_os_str(),
            argument => argument.as_ref(),
        });
        let run = Command::new(program).args(arguments).output();
        if !run.is_ok_and(|output| output.status.success()) {
            skip::skip(program, options);
            continue;
        }
        let file = fs::read(&out).unwrap();
        let what = format!("{program} {options}");
        decode(&what, &file).unwrap();
        let peak = MEMORY.peak_usage() >> 10;
        let original = open(Cursor::new(&file), file.len() as u64, LIMIT).unwrap();
        let estimate = original.memory(Options::default()) >> 10;
        println!("{what}: {peak} of {estimate} KiB");
    }
    fs::remove_dir_all(folder).unwrap();
}
