//! `ingest --template`: Photoshop files become templates.

use crate::support;

use std::{fs, path::PathBuf};

use serde_json::Value;
use support::{Store, azulejo, corpus, text};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Ingests a file as a template. Returns the lines of its report.
fn ingest(store: &Store, file: &std::path::Path, more: &[&str]) -> Vec<Value> {
    let mut args = vec!["ingest", "--template", file.to_str().unwrap(), "--json", "--to"];
    let name = store.name();
    args.push(&name);
    args.extend(more);
    let lines = text(&azulejo(&args).stdout);
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn line<'a>(lines: &'a [Value], status: &str) -> &'a Value {
    lines.iter().find(|line| line["status"] == status).unwrap_or(&Value::Null)
}

fn modifier(store: &Store, id: &str) -> String {
    let record = fs::read(store.0.path().join(format!("records/Samples/{id}.json"))).unwrap();
    let record: Value = serde_json::from_slice(&record).unwrap();
    assert_eq!(record["path"], "");
    record["modifier"].as_str().unwrap().to_owned()
}

#[test]
fn layers_with_pixels_become_assets_and_the_record_places_them() {
    for file in ["pictures.psd", "pictures.psb"] {
        let store = Store::new();
        let lines = ingest(&store, &fixture(file), &[]);
        let expected = [
            "$background=Samples/pictures/Background",
            "$dot=Samples/pictures/Dot",
            "$dot_2=Samples/pictures/dot-2",
            "layer=0&color=0xffffff00&size=60,40&origin=0,0",
            "layer=1&src=$background$&anchor=0,0&pos=0,0",
            "layer=2&src=$dot$&anchor=0,0&pos=-4,8&opac=60&blendMode=mult",
            "layer=3&src=$dot_2$&anchor=0,0&pos=30,0&hide=1",
            "layer=4&color=10,20,30&size=60,40&anchor=0,0&pos=0,0&opac=100,25",
        ];
        assert_eq!(modifier(&store, "pictures"), expected.join("&"));
        let template = line(&lines, "template");
        assert_eq!(template["layers"], 4);
        let lost = [
            r#"group "Badge": its opacity and blend mode"#,
            r#"layer "Levels 1": it is an adjustment, and left out"#,
            r#"layer "Dot": its drop shadow"#,
            r#"layer "Tint": its blend mode "vLit""#,
        ];
        assert_eq!(template["lost"], Value::from(lost.to_vec()));
        let assets = ["Background", "Dot", "dot-2"].map(|name| format!("pictures/{name}"));
        for asset in &assets {
            assert!(store.files().contains(&format!("assets/Samples/{asset}.tif")), "{asset}");
        }
        let again = ingest(&store, &fixture(file), &[]);
        assert_eq!(line(&again, "done")["unchanged"], 3);
        assert_eq!(line(&again, "done")["stored"], 0);
    }
}

#[test]
fn a_template_of_pictures_is_rendered_as_photoshop_does() {
    let store = Store::new();
    ingest(&store, &fixture("pictures.psd"), &["--profile", lossless(&store).to_str().unwrap()]);
    let out = store.0.path().join("out.png");
    let request = "Samples/pictures?fmt=png&layer=4&hide=1";
    let done = azulejo(&["render", request, "--from", &store.name(), "-o", out.to_str().unwrap()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let picture = image::open(&out).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (60, 40));
    let background = [200, 220, 240];
    // 255, 200, 0 multiplied at 60 %.
    let dot = [200, 191, 96];
    for (x, y, expected) in [
        (0, 18, dot),
        (3, 18, dot),
        // The right half is masked.
        (6, 18, background),
        (9, 18, background),
        (0, 7, background),
        (40, 10, background),
    ] {
        let pixel = picture.get_pixel(x, y).0;
        let near = pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1);
        assert!(near, "{x}, {y}: {pixel:?}, expected {expected:?}");
    }
}

/// A profile whose tiles have the pixels of the original.
fn lossless(store: &Store) -> PathBuf {
    let profile = store.0.path().join("azulejo.toml");
    fs::write(&profile, "compression = \"lossless\"\n").unwrap();
    profile
}

#[test]
fn text_layers_become_rtf() {
    let store = Store::new();
    let lines = ingest(&store, &fixture("text.psd"), &[]);
    let expected = [
        "$background=Samples/text/Background",
        r"$headline=Big %26 bold\par 100%25",
        "layer=0&color=0xffffff00&size=60,40&origin=0,0",
        "layer=1&src=$background$&anchor=0,0&pos=0,0",
        r"layer=2&textPs={\fonttbl{\f0\fcharset0 ArialMT;}}{\*\iscolortbl;ff0000;}\qc\sl-864\f0\fs72\cf1\expndtw36\b $headline$",
        "textAttr=72,crisp&pos=30,20",
        concat!(
            r"layer=3&textPs={\fonttbl{\f0\fcharset0 ArialMT;}{\f1\fcharset0 Georgia;}}",
            r"{\*\iscolortbl;ff0000;0000ff;}\qj\fi400\sl-800",
            r"{\f0\fs48\cf1 Red and }{\f1\fs56\cf2\ul blue \{words\}}",
        ),
        "textAttr=72,sharp&size=100,47&anchor=0,0&pos=10,5&rotate=30&hide=1",
    ];
    assert_eq!(modifier(&store, "text"), expected.join("&"));
    let template = line(&lines, "template");
    assert_eq!(template["fonts"], Value::from(vec!["ArialMT", "Georgia"]));
    let lost = [r#"layer "Body text": its warp"#, r#"layer "Body text": hyphenation"#];
    assert_eq!(template["lost"], Value::from(lost.to_vec()));
}

#[test]
fn a_dry_run_stores_nothing_and_reports_the_template() {
    let store = Store::new();
    let lines = ingest(&store, &fixture("text.psd"), &["--dry-run"]);
    assert_eq!(store.files(), Vec::<String>::new());
    let planned: Vec<&Value> = lines.iter().filter(|line| line["status"] == "planned").collect();
    assert_eq!(planned.len(), 2, "{lines:?}");
}

#[test]
fn files_without_layers_or_in_other_modes_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("a.png");
    image::RgbImage::new(2, 2).save(&picture).unwrap();
    let lines = ingest(&Store::new(), &picture, &[]);
    assert_eq!(line(&lines, "failed")["error"], "no Photoshop file");
    let Some(corpus) = corpus() else { return };
    for (file, expected) in [
        ("cmyk-spot.psd", "its colours are neither RGB nor grey; convert it in Photoshop"),
        ("32bit.psd", "it has 32 bits per channel; convert it in Photoshop"),
        ("0layers.psd", "it has no layers, so it is no template"),
    ] {
        let lines = ingest(&Store::new(), &corpus.join("psd").join(file), &[]);
        let error = line(&lines, "failed")["error"].as_str().unwrap();
        assert!(error.starts_with(expected), "{file}: {error}");
    }
}

#[test]
fn damaged_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["text.psd", "pictures.psd"] {
        let whole = fs::read(fixture(name)).unwrap();
        let mut files = Vec::new();
        for (nth, len) in (0..whole.len()).step_by(whole.len() / 40).enumerate() {
            let file = folder.path().join(format!("cut-{nth}.psd"));
            fs::write(&file, &whole[..len]).unwrap();
            files.push(file);
        }
        for nth in 0..60 {
            let mut bytes = whole.clone();
            // Lengths and counts are at the beginning of what they count.
            let at = 30 + nth * 37 % (whole.len() - 40);
            bytes[at..at + 4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
            let file = folder.path().join(format!("changed-{nth}.psd"));
            fs::write(&file, &bytes).unwrap();
        }
        let done = azulejo(&[
            "ingest",
            "--template",
            folder.path().to_str().unwrap(),
            "--dry-run",
            "--json",
            "--to",
            "local",
        ]);
        let code = done.status.code();
        assert!(matches!(code, Some(0 | 1)), "{code:?}: {}", text(&done.stderr));
        let failed = text(&done.stdout).matches("\"failed\"").count();
        assert!(failed > 40, "{failed}");
    }
}
