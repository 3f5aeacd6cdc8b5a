//! Files that crashed, looped or exhausted some decoder: a clear answer in time and memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]

mod corpus;
mod skip;
#[path = "../fuzz/pictures.rs"]
mod pictures;

use std::{
    fs,
    path::Path,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use azulejo::{http::HttpRequest, pyramid::Rows, serve::serve, store::MemoryStore};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The tests of this file share one count of memory.
static ALONE: Mutex<()> = Mutex::new(());

/// Bytes one file may take above what is held already.
const MEMORY: usize = 200 << 20;

/// The promise is one second at speed; test builds are slower, and share the machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The status of a reply at 100 pixels, or `None` when what came is not what a reply may be.
fn status_of(file: Vec<u8>) -> u16 {
    let store = MemoryStore::new();
    store.put("assets/Hostile/file.tif", file);
    let request = HttpRequest {
        path: "/is/image/Hostile/file".to_owned(),
        query: "wid=100&fmt=png".to_owned(),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, &store, || 0.0));
    assert!(!reply.body.is_empty(), "status {} without a word", reply.status);
    assert!(reply.body.len() < 1 << 20, "{} bytes of answer", reply.body.len());
    reply.status
}

/// Decodes what the plan would allow of every level.
fn decode_all(file: &[u8]) {
    let store = MemoryStore::new();
    store.put(corpus::KEY, file.to_vec());
    let Ok(index) = corpus::open(&store) else { return };
    for level in &index.levels {
        let pixels = u64::from(level.width) * u64::from(level.height);
        if Rows::memory(level, 0..level.width) < 54 << 20 && pixels < 4 << 20 {
            let _ = corpus::decode(level, file);
        }
    }
}

/// Runs `work` on a thread of its own; what it returns, or how it failed.
fn bounded<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (done, waiting) = mpsc::channel();
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let worker = thread::spawn(move || {
        let outcome = work();
        let _ = done.send(outcome);
    });
    let outcome = waiting.recv_timeout(TIMEOUT).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => "takes too long".to_owned(),
        mpsc::RecvTimeoutError::Disconnected => "panics".to_owned(),
    })?;
    if worker.join().is_err() {
        return Err("panics".to_owned());
    }
    let taken = ALLOCATOR.peak_usage().saturating_sub(before);
    if taken > MEMORY { Err(format!("takes {} MiB", taken >> 20)) } else { Ok(outcome) }
}

#[test]
fn every_hostile_file_gets_a_clear_answer_in_time_and_memory() {
    let _alone = ALONE.lock().unwrap();
    let Some(folder) = corpus::folder("hostile") else { return };
    let mut wrong = Vec::new();
    for path in corpus::files(&folder) {
        let bytes = fs::read(&path).unwrap();
        let again = bytes.clone();
        let outcome = bounded(move || status_of(bytes)).and_then(|status| {
            bounded(move || decode_all(&again))?;
            // A source that cannot be drawn is 500 or 403; storage and the engine are not at fault.
            if matches!(status, 200 | 403 | 500) { Ok(()) } else { Err(format!("{status}")) }
        });
        wrong.extend(outcome.err().map(|what| format!("{}: {what}", corpus::name(&path))));
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Small files: JPEG, LZW with a predictor, big-endian deflate, masks, Zstandard, WebP, fax.
const SEEDS: [&str; 8] = [
    "ptiff/cog_rgb.tif",
    "ptiff/gen-im-ptif-lzw-rgba.tif",
    "ptiff/gen-tiffcp-tiled-be.tif",
    "ptiff/cog_uint8_rgb_mask.tif",
    "ptiff/gen-gdal-cog-zstd.tif",
    "ptiff/gen-gdal-cog-webp-rgba.tif",
    "tiff/seq-1c-1b-fax3-71f6a21a.tiff",
    "tiff/g4_orientation_1.tif",
];

#[test]
fn no_change_of_a_few_bytes_makes_the_reader_panic() {
    let _alone = ALONE.lock().unwrap();
    let Some(folder) = corpus::folder("") else { return };
    for seed in SEEDS {
        let original = fs::read(folder.join(seed)).unwrap();
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut statuses = [0_usize; 3];
        for round in 0..700 {
            let mut file = original.clone();
            // Directories decide most; they lie at the front here, and any byte may be hit.
            let front = if round % 2 == 0 { 2048.min(file.len()) } else { file.len() };
            for _ in 0..1 + random.below(6) {
                let at = random.below(front);
                file[at] = random.below(256) as u8;
            }
            let again = file.clone();
            let status = bounded(move || status_of(file));
            let status = status.unwrap_or_else(|what| panic!("{seed}, round {round}: {what}"));
            bounded(move || decode_all(&again))
                .unwrap_or_else(|what| panic!("{seed}, round {round}, all levels: {what}"));
            let kind = [200, 403, 500].iter().position(|known| *known == status);
            statuses[kind.unwrap_or_else(|| panic!("{seed}, round {round}: {status}"))] += 1;
        }
        assert!(statuses[0] > 0 && statuses[2] > 0, "{seed}: {statuses:?} of 200, 403, 500");
    }
}

/// What the fuzzer starts from, and some hundred changes of each: [`pictures`] says what must hold.
#[test]
fn the_seeds_of_the_fuzzer_and_what_is_near_them_hold() {
    type Holds = fn(&[u8]) -> Result<bool, String>;
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (folder, holds) in
        [("header", pictures::check_file as Holds), ("tile", pictures::check_tile as Holds)]
    {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(folder);
        for path in corpus::files(&folder) {
            let (name, original) = (corpus::name(&path), fs::read(&path).unwrap());
            assert_eq!(holds(&original), Ok(true), "{name} is a picture");
            let mut random = Random(0x9e37_79b9_7f4a_7c15);
            for round in 0..300 {
                let mut file = original.clone();
                let front = if round % 2 == 0 { 256.min(file.len()) } else { file.len() };
                for _ in 0..1 + random.below(4) {
                    file[random.below(front)] = random.below(256) as u8;
                }
                file.truncate(file.len() - random.below(3) * random.below(file.len() / 2));
                if let Err(wrong) = bounded(move || holds(&file)).and_then(|held| held) {
                    panic!("{name}, round {round}: {wrong}");
                }
            }
        }
    }
}

/// Marsaglia's xorshift: the same changes on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Files that are one tile are decoded whole: what the plan allows keeps to its promise.
#[test]
fn whole_files_take_no_more_than_the_memory_of_a_request() {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let image = |width: u32, height: u32| -> Vec<u8> {
        let samples = 0..width * height * 3;
        samples.map(|n| ((n >> 4) ^ (n.wrapping_mul(2_654_435_761) >> 29)) as u8).collect()
    };
    let jpeg = |width: u16, height: u16, progressive: bool| {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 60);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.set_progressive(progressive);
        let pixels = image(width.into(), height.into());
        encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
        file
    };
    let png = |width: u32, height: u32| {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&image(width, height)).unwrap();
        writer.finish().unwrap();
        file
    };
    for (name, file, status) in [
        ("12 megapixels", jpeg(4032, 3024, false), 200),
        ("30 megapixels", jpeg(6400, 4800, false), 403),
        ("2 megapixels, progressive", jpeg(1600, 1200, true), 200),
        ("12 megapixels, progressive", jpeg(4032, 3024, true), 403),
        ("4 megapixels, PNG", png(2300, 1700), 200),
        ("12 megapixels, PNG", png(4000, 3000), 403),
    ] {
        let held = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let len = file.len();
        assert_eq!(status_of(file), status, "{name}");
        let peak = ALLOCATOR.peak_usage().saturating_sub(held);
        println!("{name}: {} of {len} bytes", peak);
        assert!(peak < 64 << 20, "{name}: {} MiB", peak >> 20);
    }
}
