//! WebP replies: what other readers see in them.

use crate::{
    golden::{answer, cases},
    skip::skip,
};

use std::{
    env, fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{self, Command},
};

use azulejo::store::MemoryStore;
use image_webp::WebPDecoder;

/// Pixels of three or four samples.
struct Picture {
    size: (u32, u32),
    alpha: bool,
    pixels: Vec<u8>,
}

impl Picture {
    fn of_png(file: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let alpha = info.color_type == png::ColorType::Rgba;
        Self { size: (info.width, info.height), alpha, pixels }
    }

    fn of_webp(file: &[u8]) -> Self {
        let mut decoder = WebPDecoder::new(Cursor::new(file)).unwrap();
        let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut pixels).unwrap();
        Self { size: decoder.dimensions(), alpha: decoder.has_alpha(), pixels }
    }

    fn alphas(&self) -> Vec<u8> {
        assert!(self.alpha);
        self.pixels.iter().skip(3).step_by(4).copied().collect()
    }

    /// The peak signal-to-noise ratio in dB of the visible pixels.
    fn likeness(&self, other: &Self) -> f64 {
        assert_eq!((self.size, self.alpha), (other.size, other.alpha));
        let samples = if self.alpha { 4 } else { 3 };
        let (mut sum, mut count) = (0.0, 0.0);
        for (a, b) in self.pixels.chunks_exact(samples).zip(other.pixels.chunks_exact(samples)) {
            if a.get(3).is_some_and(|alpha| *alpha == 0) {
                continue;
            }
            for (a, b) in a.iter().zip(b).take(3) {
                let difference = f64::from(*a) - f64::from(*b);
                sum += difference * difference;
                count += 1.0;
            }
        }
        10.0 * libm::log10(255.0 * 255.0 * count / f64::max(sum, 1.0))
    }
}

fn reply(store: &MemoryStore, request: &str) -> Vec<u8> {
    let reply = answer(store, request);
    assert_eq!(reply.status, 200, "{request}: {}", String::from_utf8_lossy(&reply.body));
    if request.contains("fmt=web") {
        assert_eq!(reply.header("content-type"), Some("image/webp"));
    }
    reply.body
}

/// The names of the chunks of a file, whose lengths add up.
fn chunks(file: &[u8]) -> Vec<String> {
    let length = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((&file[..4], &file[8..12]), (b"RIFF".as_slice(), b"WEBP".as_slice()));
    assert_eq!(length(4) + 8, file.len());
    let (mut names, mut at) = (Vec::new(), 12);
    while at < file.len() {
        names.push(String::from_utf8(file[at..at + 4].to_vec()).unwrap());
        at += 8 + length(at + 4).next_multiple_of(2);
    }
    assert_eq!(at, file.len());
    names
}

#[test]
fn a_lossy_reply_is_one_chunk_and_looks_like_the_png() {
    let store = cases::store();
    for (request, least) in [
        ("Test/dandelions?wid=300", 30.0),
        ("Test/dandelions?wid=301&hei=77&fit=stretch&qlt=95", 37.0),
        ("Test/dandelions?wid=160&qlt=20", 25.0),
        ("Test/chart?wid=200&qlt=100", 28.0),
        ("Test/tulips?wid=120&bgc=0,0,128", 28.0),
        ("Test/dandelions?wid=1&hei=1&fit=stretch", 30.0),
        ("Test/dandelions?wid=1&hei=90&fit=stretch", 24.0),
        ("Test/dandelions?wid=90&hei=1&fit=stretch", 20.0),
    ] {
        let file = reply(&store, &format!("{request}&fmt=webp"));
        assert_eq!(chunks(&file), ["VP8 "], "{request}");
        let png = Picture::of_png(&reply(&store, &format!("{request}&fmt=png")));
        let likeness = Picture::of_webp(&file).likeness(&png);
        assert!(likeness > least, "{request}: {likeness:.1} dB");
    }
}

#[test]
fn alpha_is_kept_exactly_and_left_out_where_all_is_opaque() {
    let store = cases::store();
    for name in ["webp-alpha", "web-alpha"] {
        let file = reply(&store, &format!("Test/tulips?wid=131&fmt={name}&qlt=60"));
        assert_eq!(chunks(&file), ["VP8X", "ALPH", "VP8 "]);
        let png = Picture::of_png(&reply(&store, "Test/tulips?wid=131&fmt=png-alpha"));
        let webp = Picture::of_webp(&file);
        assert_eq!(webp.alphas(), png.alphas());
        let likeness = webp.likeness(&png);
        assert!(likeness > 26.0, "{likeness:.1} dB");
    }
    let file = reply(&store, "Test/chart?wid=100&fmt=webp-alpha");
    assert_eq!(chunks(&file), ["VP8 "]);
}

/// `qlt=` does not count (r-is-http-fmt).
#[test]
fn a_lossless_reply_has_the_pixels_of_the_png() {
    let store = cases::store();
    for (request, alpha) in [
        ("Test/dandelions?wid=161", ""),
        ("Test/tulips?wid=120", "-alpha"),
        ("Test/chart?wid=1&hei=1&fit=stretch", ""),
        ("Test/chart?wid=77&hei=3&fit=stretch", ""),
    ] {
        let webp = format!("{request}&fmt=webp{alpha},,lossless&qlt=");
        let file = reply(&store, &format!("{webp}10"));
        assert_eq!(chunks(&file), ["VP8L"], "{request}");
        assert!(file == reply(&store, &format!("{webp}90")));
        let png = Picture::of_png(&reply(&store, &format!("{request}&fmt=png{alpha}")));
        assert!(Picture::of_webp(&file).pixels == png.pixels, "{request}");
    }
    let lossy = reply(&store, "Test/dandelions?wid=161&fmt=webp");
    assert!(lossy == reply(&store, "Test/dandelions?wid=161&fmt=webp,,lossy"));
}

/// Greys are stored as colours, and the second value of `qlt=` does not count (r-is-http-fmt).
#[test]
fn greys_are_colours_and_chroma_is_always_halved() {
    let store = cases::store();
    for request in
        ["Test/dandelions?wid=100&fmt=webp,gray", "Test/tulips?wid=100&req=mask&fmt=webp"]
    {
        let picture = Picture::of_webp(&reply(&store, request));
        let gray = |pixel: &[u8]| pixel.iter().all(|sample| sample.abs_diff(pixel[0]) <= 1);
        assert!(picture.pixels.chunks_exact(3).all(gray), "{request}");
    }
    let one = reply(&store, "Test/dandelions?wid=100&fmt=webp&qlt=80");
    assert!(one == reply(&store, "Test/dandelions?wid=100&fmt=webp&qlt=80,1"));
}

/// A folder of this test's own.
fn scratch(name: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("azulejo-webp-{name}-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a program prints; `None` if it is not there.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let done = Command::new(program).args(arguments).output().ok()?;
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {errors}");
    Some(String::from_utf8(done.stdout).unwrap())
}

#[test]
fn other_readers_open_the_replies() {
    let (store, folder) = (cases::store(), scratch("readers"));
    for (name, request, kind) in [
        ("lossy.webp", "Test/dandelions?wid=150&hei=101&fit=stretch&fmt=webp", "Lossy (VP8)"),
        ("alpha.webp", "Test/tulips?wid=150&hei=101&fit=stretch&fmt=webp-alpha", "Extended WEBP"),
        (
            "exact.webp",
            "Test/dandelions?wid=150&hei=101&fit=stretch&fmt=webp,,lossless",
            "Lossless",
        ),
    ] {
        let path = folder.join(name);
        fs::write(&path, reply(&store, request)).unwrap();
        let path = path.to_str().unwrap();
        match output("vips", &["avg", path]) {
            Some(mean) => assert!(mean.trim().parse::<f64>().unwrap() > 1.0, "{name}: {mean}"),
            None => skip("vips", "there is none"),
        }
        match output("exiftool", &["-s3", "-ImageSize", "-FileType", path]) {
            Some(about) => assert!(about.contains("150x101"), "{name}, {kind}: {about}"),
            None => skip("exiftool", "there is none"),
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

/// Prints the sizes of libwebp's files of a PNG at these qualities, and the errors per sample of
/// its decoder: of those files and of ours.
const PILLOW: &str = "import io, sys, numpy
from PIL import Image
png = Image.open(sys.argv[1]).convert('RGB')
def error(file):
    return numpy.square(numpy.asarray(png, float) - Image.open(file).convert('RGB')).mean()
for quality in sys.argv[2:]:
    theirs = io.BytesIO()
    png.save(theirs, 'WEBP', quality=int(quality), method=4)
    print(len(theirs.getvalue()), error(theirs), error(sys.argv[1] + '.' + quality))";

/// The scale of `qlt=` is libwebp's: files are about as large, and their errors as small.
#[test]
fn sizes_and_errors_are_those_of_libwebp() {
    if !output_of_python(&["-c", "import numpy, PIL.WebPImagePlugin"]) {
        return skip("python3", "there is none with numpy and Pillow");
    }
    let (store, folder) = (cases::store(), scratch("libwebp"));
    let path = folder.join("picture.png");
    let request = "Test/dandelions?wid=600";
    fs::write(&path, reply(&store, &format!("{request}&fmt=png"))).unwrap();
    let path = path.to_str().unwrap();
    let qualities = [30, 60, 80, 95];
    let sizes = qualities.map(|quality| {
        let file = reply(&store, &format!("{request}&fmt=webp&qlt={quality}"));
        fs::write(Path::new(&format!("{path}.{quality}")), &file).unwrap();
        file.len() as f64
    });
    let names = qualities.map(|quality| quality.to_string());
    let mut arguments = vec!["-c", PILLOW, path];
    arguments.extend(names.iter().map(String::as_str));
    let printed = output("python3", &arguments).unwrap();
    for ((line, ours), quality) in printed.lines().zip(sizes).zip(qualities) {
        let figures: Vec<f64> = line.split(' ').map(|figure| figure.parse().unwrap()).collect();
        let [size, error] = [ours / figures[0], figures[2] / figures[1]];
        assert!((0.9..1.1).contains(&size), "quality {quality}: {size:.3} of libwebp's size");
        assert!((0.85..1.15).contains(&error), "quality {quality}: {error:.3} of its error");
    }
    fs::remove_dir_all(folder).unwrap();
}

fn output_of_python(arguments: &[&str]) -> bool {
    Command::new("python3").args(arguments).output().is_ok_and(|done| done.status.success())
}
