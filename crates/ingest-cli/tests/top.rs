//! `azulejo top` on files.

use std::{
    fmt::Write as _,
    fs,
    io::{BufWriter, Write as _},
    process::Command,
};

use crate::{
    memory::peak_memory,
    skip::skip,
    support::{azulejo, text},
};

fn line(object: &str, presets: &str, more: &str) -> String {
    format!(
        "{{\"event\":\"request\",\"time\":\"2026-11-21T05:18:04.123Z\",\"method\":\"GET\",\
         \"route\":\"image\",\"object\":\"{object}\",\"presets\":[{presets}],{more}}}\n"
    )
}

/// A log of three objects, with what does not belong to it.
fn log() -> String {
    let mut log = "ready http://127.0.0.1:8787\n".to_owned();
    for nth in 0..100 {
        let hit = r#""status":200,"format":"image/jpeg","cache":"hit","ms":0.1,"bytesSent":1000"#;
        log += &line("Shop/often", "\"card\"", hit);
        if nth % 10 == 0 {
            let ms = 5 + nth;
            let miss = format!(
                r#""status":200,"format":"image/jpeg","cache":"miss","ms":{ms},"bytesSent":1000"#
            );
            log += &line("Shop/often", "\"card\"", &miss);
        }
    }
    let slow =
        r#""status":200,"format":"image/png","cache":"miss","ms":900.0,"bytesSent":90000000"#;
    log += &line("Shop/slow", "\"zoom\",\"card\"", slow);
    let wrong = r#""status":403,"format":"text/plain","cache":"bypass","ms":1.0,"bytesSent":20,"error":"no such image""#;
    log += &line("Shop/none", "", wrong);
    let sampled =
        r#""status":304,"format":"","cache":"revalidated","ms":0.2,"bytesSent":0,"sample":0.1"#;
    log += &line("Shop/often", "", sampled);
    log += "\n\n1.2.3.4 - - [x] \"GET /is/image/a/b HTTP/1.1\" 200 9\n";
    log + line("Shop/torn", "", "\"status\":2").split_at(90).0
}

fn rows(arguments: &[&str]) -> Vec<serde_json::Value> {
    let done = azulejo(&[&["top", "--json"], arguments].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn top_counts_by_preset_and_by_object() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, log()).unwrap();
    let path = file.path().to_str().unwrap();
    let names = |arguments: &[&str]| -> Vec<String> {
        let rows = rows(&[&[path], arguments].concat());
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[]), ["zoom+card", "card", "", "Shop/slow", "Shop/often", "Shop/none"]);
    assert_eq!(names(&["--by", "object", "--sort", "slow", "--limit", "1"]), ["Shop/slow"]);
    assert_eq!(names(&["--by", "object", "--sort", "bytes"])[0], "Shop/slow");
    assert_eq!(names(&["--by", "status", "--sort", "count"]), ["200", "304", "403"]);
    assert_eq!(names(&["--by", "format", "--limit", "1"]), ["image/png"]);

    let often = &rows(&[path, "--by", "object"])[1];
    assert_eq!((&often["requests"], &often["errors"]), (&120.into(), &0.into()));
    assert_eq!(often["hitRatio"], 110.0 / 120.0, "a line of a sample stands for ten");
    assert_eq!(often["bytes"], 110_000);
    let near = |name: &str, wanted: f64| {
        let found = often[name].as_f64().unwrap();
        assert!((found / wanted - 1.0).abs() < 0.07, "{name}: {found} of {wanted}");
    };
    near("p50", 45.0);
    near("p95", 95.0);
    assert_eq!(often["max"], 95.0);

    let done = azulejo(&["top", path, "--by", "object"]);
    let (table, told) = (text(&done.stdout), text(&done.stderr));
    assert!(table.lines().next().unwrap().ends_with("errors  object"), "{table}");
    assert!(table.lines().nth(1).unwrap().ends_with("Shop/slow"), "{table}");
    assert!(
        told.starts_with(
            "113 lines, which stand for 122 requests; skipped: 1 torn line, 2 other lines"
        ),
        "{told}"
    );
}

#[test]
fn top_reads_compressed_logs_and_tells_what_it_cannot_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.gz");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(log().as_bytes()).unwrap();
    fs::write(&path, gzip.finish().unwrap()).unwrap();
    assert_eq!(rows(&[path.to_str().unwrap(), "--by", "object"]).len(), 3);
    fs::write(&path, b"PK\x03\x04").unwrap();
    let done = azulejo(&["top", path.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("unzip -p FILE prints its text"), "{}", text(&done.stderr));
    assert_eq!(azulejo(&["top", "/no/such/file"]).status.code(), Some(1));
    assert_eq!(azulejo(&["top"]).status.code(), Some(2));
}

/// Whoever asks for a million names costs no memory for each.
#[test]
fn top_keeps_a_bounded_number_of_names() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut out = BufWriter::new(&file);
    let mut more = String::new();
    for nth in 0..400_000 {
        more.clear();
        let ms = nth % 997;
        write!(more, r#""status":200,"cache":"miss","ms":{ms}.5,"bytesSent":10"#).unwrap();
        out.write_all(line(&format!("Shop/name-{nth}"), "", &more).as_bytes()).unwrap();
        if nth % 4 == 0 {
            out.write_all(line("Shop/often", "", &more).as_bytes()).unwrap();
        }
    }
    out.flush().unwrap();
    let mut top = Command::new(env!("CARGO_BIN_EXE_azulejo"));
    top.arg("top").arg(file.path()).args(["--by", "object", "--limit", "1", "--json"]);
    let (output, peak) = peak_memory::run(&mut top).unwrap();
    let printed = text(&output.stdout);
    assert!(
        printed.starts_with(r#"{"by":"object""#) && printed.contains("Shop/often"),
        "{printed}"
    );
    assert!(printed.contains("(others)"), "{printed}");
    let told = text(&output.stderr);
    assert!(told.contains("note: there are more objects than fit into memory"), "{told}");
    match peak {
        Some(peak) => assert!(peak < 120 << 20, "{} MB", peak >> 20),
        None => skip("rusage", "this system does not report a process's memory"),
    }
}
