//! What a failing golden leaves to look at: expected, actual and difference, on one page.

use std::{fmt::Write, fs, io::Cursor, path::Path};

/// A reply that is not the golden.
pub struct Difference {
    pub name: String,
    pub title: String,
    pub request: String,
    pub extension: &'static str,
    /// Empty where there is no golden yet.
    pub expected: Vec<u8>,
    pub actual: Vec<u8>,
}

/// What a difference of one level becomes, so that it is seen.
const AMPLIFIED: u8 = 8;

/// Writes the files and `index.html` into an empty `folder`.
pub fn write(folder: &Path, differences: &[Difference]) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>Goldens that differ</title>\
         <style>body{font:15px sans-serif}img{image-rendering:pixelated;background:repeating-conic-gradient(\
         #ccc 0 25%,#fff 0 50%) 0 0/16px 16px}figure{display:inline-block;margin:0 1em 1em 0}</style>\n",
    );
    for difference in differences {
        let Difference { name, title, request, extension, expected, actual } = difference;
        let file = name.replace('/', "-");
        writeln!(
            page,
            "<h2>{name}</h2><p>{}<br><code>{}</code></p>",
            escaped(title),
            escaped(request)
        )
        .unwrap();
        for (what, bytes) in [("expected", expected), ("actual", actual)] {
            let path = format!("{file}.{what}.{extension}");
            fs::write(folder.join(&path), bytes).unwrap();
            match *extension {
                "txt" => {
                    let text = escaped(&String::from_utf8_lossy(bytes));
                    writeln!(
                        page,
                        "<figure><figcaption>{what}</figcaption><pre>{text}</pre></figure>"
                    )
                }
                _ => writeln!(page, "{}", figure(what, &path)),
            }
            .unwrap();
        }
        let pictures = (decoded(extension, expected), decoded(extension, actual));
        if let (Some(expected), Some(actual)) = pictures {
            let path = format!("{file}.difference.png");
            match amplified(&expected, &actual) {
                Ok(bytes) => {
                    fs::write(folder.join(&path), bytes).unwrap();
                    let caption = format!("difference × {AMPLIFIED}");
                    writeln!(page, "{}", figure(&caption, &path)).unwrap();
                }
                Err(why) => writeln!(page, "<p>{why}</p>").unwrap(),
            }
        }
    }
    fs::write(folder.join("index.html"), page).unwrap();
}

fn figure(caption: &str, path: &str) -> String {
    format!(
        "<figure><figcaption>{caption}</figcaption><img src=\"{path}\" alt=\"{caption}\"></figure>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Width, height and samples of a picture; `None` where it is none.
fn decoded(extension: &str, bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    if extension == "jpg" {
        let mut decoder = jpeg_decoder::Decoder::new(bytes);
        let samples = decoder.decode().ok()?;
        let info = decoder.info()?;
        return Some((info.width.into(), info.height.into(), samples));
    }
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    let mut samples = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut samples).ok()?;
    Some((info.width, info.height, samples))
}

/// How far the samples are apart, as a PNG; alpha shows in all colours.
fn amplified(
    (width, height, expected): &(u32, u32, Vec<u8>),
    (other_width, other_height, actual): &(u32, u32, Vec<u8>),
) -> Result<Vec<u8>, String> {
    let of_pixel = |samples: &Vec<u8>| samples.len() / (*width as usize * *height as usize).max(1);
    let channels = of_pixel(expected);
    if (width, height) != (other_width, other_height) || channels != of_pixel(actual) {
        return Err(format!(
            "{width} × {height} × {channels} were expected, and {other_width} × {other_height} came"
        ));
    }
    let apart = expected.iter().zip(actual).map(|(a, b)| a.abs_diff(*b).saturating_mul(AMPLIFIED));
    let apart: Vec<u8> = apart.collect();
    let rgb: Vec<u8> = apart
        .chunks_exact(channels)
        .flat_map(|pixel| match *pixel {
            [grey] => [grey; 3],
            [grey, alpha] => [grey.max(alpha); 3],
            [r, g, b] => [r, g, b],
            [r, g, b, alpha, ..] => [r, g, b].map(|color| color.max(alpha)),
            [] => [0; 3],
        })
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, *width, *height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&rgb).unwrap();
    Ok(bytes)
}

#[test]
fn the_page_of_a_failing_golden_shows_all_three() {
    let folder = std::env::temp_dir().join(format!("azulejo-report-{}", std::process::id()));
    let picture = |value: u8| {
        let mut bytes = Vec::new();
        let encoder = png::Encoder::new(&mut bytes, 2, 1);
        encoder.write_header().unwrap().write_image_data(&[value, 9]).unwrap();
        bytes
    };
    let difference = |expected, extension| Difference {
        name: "view/a".to_owned(),
        title: "# it <fits>".to_owned(),
        request: "Test/a?wid=2&hei=1".to_owned(),
        extension,
        expected,
        actual: picture(13),
    };
    write(&folder, &[difference(picture(10), "png")]);
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    for part in ["# it &lt;fits>", "wid=2&amp;hei=1", "view-a.expected.png", "view-a.actual.png"] {
        assert!(page.contains(part), "{part}");
    }
    let apart = fs::read(folder.join("view-a.difference.png")).unwrap();
    assert_eq!(decoded("png", &apart), Some((2, 1, vec![24, 24, 24, 0, 0, 0])));
    // Without a golden, and as text.
    write(&folder, &[difference(Vec::new(), "png"), difference(b"403".to_vec(), "txt")]);
    assert!(!folder.join("view-a.difference.png").exists());
    assert!(fs::read_to_string(folder.join("index.html")).unwrap().contains("<pre>403</pre>"));
    fs::remove_dir_all(folder).unwrap();
}
