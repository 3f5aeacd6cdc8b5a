//! The folder of a report: its page, its table, its pictures.

use std::{fs, path::Path};

use image::{ImageFormat, Rgb, RgbImage};

use super::{
    Folder,
    host::{Action, Host, ok},
};
use crate::support::programs::{installed, output_of};

/// A PNG of noise that differs with the number.
fn png(number: usize) -> Vec<u8> {
    let value = |x: u32, y: u32| ((x * 7 + y * 13 + number as u32 * 31) % 251) as u8;
    let mut png = Vec::new();
    RgbImage::from_fn(64, 48, |x, y| Rgb([value(x, y), value(y, x), 90]))
        .write_to(&mut std::io::Cursor::new(&mut png), ImageFormat::Png)
        .unwrap();
    png
}

fn files(report: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(report).join("images")).unwrap();
    let mut files: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files
}

#[test]
fn a_report_has_all_pairs_in_its_table_and_the_worst_on_its_page() {
    let folder = Folder::new();
    let number = |target: &str| target.rsplit('/').next().unwrap().parse().unwrap_or(0);
    let old = Host::start(move |target, _| match target.contains("gone") {
        true => Action::Reply(
            404,
            vec![("content-type", "text/plain".to_owned())],
            b"<script>alert(1)</script>".to_vec(),
        ),
        false => ok("image/png", png(number(target))),
    });
    let new = Host::start(move |target, _| match target {
        "/is/image/Shop/0" => ok("image/png", png(0)),
        target if target.contains("text") => ok("text/<b>", "x"),
        _ => ok("image/png", png(number(target) + 100)),
    });
    let mut urls: Vec<String> = (0..9).map(|number| format!("/is/image/Shop/{number}")).collect();
    urls.push("/is/image/Shop/text?t=%3Cscript%3E&q='".to_owned());
    urls.push("/is/image/Shop/gone&amp".to_owned());
    urls.push("/is/image/=cmd,\u{202e}gpj.x".to_owned());
    let list: Vec<&str> = urls.iter().map(String::as_str).collect();
    let report = folder.path("report");
    let more = ["--report", &report, "--keep", "3", "--jobs", "1"];
    let done = folder.diff(&old.url, &new.url, &list, &more);
    assert_eq!(done.code, Some(1), "{}", done.stderr);

    let csv = fs::read_to_string(Path::new(&report).join("diff.csv")).unwrap();
    let rows: Vec<&str> = csv.split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 1 + urls.len());
    assert!(rows[0].starts_with("url,class,over,score,shift_x,shift_y,old_status,"), "{csv}");
    assert!(rows[1].starts_with("\"/is/image/Shop/0\",equal,no,"), "{csv}");
    assert!(rows[2].starts_with("\"/is/image/Shop/1\",different-picture,yes,"), "{csv}");
    let columns = rows[0].split(',').count();
    assert_eq!(rows[2].split(',').count(), columns, "{csv}");

    let page = fs::read_to_string(Path::new(&report).join("index.html")).unwrap();
    assert!(page.contains("<title>11 of 12 pairs over the threshold</title>"), "{page}");
    let shown = page.matches("<li>").count();
    assert!(page.contains("9 pairs, 9 over the threshold; these are the worst 3"), "{page}");
    assert!(shown == 5, "three, the one that failed and the one of another type: {page}");
    assert!(
        !page.contains("<script>alert") && !page.contains("<b>") && !page.contains('\u{202e}'),
        "{page}"
    );
    assert!(page.contains("gone&amp;amp"), "{page}");
    // The pictures of what is shown, and no others.
    let files = files(&report);
    for file in &files {
        assert!(page.contains(&format!("images/{file}")), "{file}");
    }
    assert_eq!(files.iter().filter(|file| file.ends_with("-difference.jpg")).count(), 3);

    // The worst are those with the lowest scores.
    let mut scores: Vec<f64> = done
        .pairs
        .iter()
        .filter(|pair| pair["class"] == "different-picture")
        .map(|pair| pair["score"].as_f64().unwrap())
        .collect();
    scores.sort_by(f64::total_cmp);
    let places: Vec<usize> =
        scores[..3].iter().map(|score| page.find(&format!("score {score}.")).unwrap()).collect();
    assert!(places.is_sorted(), "{scores:?}");
}

#[test]
fn a_page_works_from_a_file_in_a_browser() {
    if !installed("chromium") {
        return;
    }
    let folder = Folder::new();
    let old = Host::start(|_, _| ok("image/png", png(1)));
    let new = Host::start(|_, _| ok("image/png", png(2)));
    let report = folder.path("report");
    folder.diff(&old.url, &new.url, &["Shop/a", "Shop/b"], &["--report", &report]);
    let page = format!("file://{report}/index.html");
    let dom = output_of(
        "chromium",
        &["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", &page],
    );
    let dom = String::from_utf8(dom).unwrap();
    assert_eq!(dom.matches("<input type=\"checkbox\"").count(), 1, "{dom}");
    assert!(dom.contains("<td class=\"filter\"><input"), "the script shows the boxes: {dom}");
    assert_eq!(dom.matches("<img ").count(), 6, "{dom}");
}
