//! Some thousand odd requests, made of the seeds in `fuzz/`, the language cases and the names of
//! the table; and requests that are made to hurt. The same seed makes the same requests.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]

#[path = "../fuzz/invariants.rs"]
mod invariants;
#[path = "../fuzz/texts.rs"]
mod texts;

use std::{fs, path::Path};

use azulejo::{
    commands::{rows, takes_request},
    error::ErrorKind,
    limits,
    protocol::{self, RawRequest, tokens},
    resolve,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A small generator of numbers that look random (xorshift64*).
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn seeds(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut entries: Vec<_> = fs::read_dir(root.join(folder)).unwrap().flatten().collect();
    entries.sort_by_key(fs::DirEntry::path);
    entries
        .into_iter()
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "txt"))
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect()
}

/// Requests out of language cases.
fn requests() -> Vec<String> {
    let mut requests = seeds("fuzz/seeds/lexer");
    for file in seeds("tests/language/commands") {
        requests
            .extend(file.split("\n\n").filter_map(|case| case.lines().nth(1)).map(str::to_owned));
    }
    assert!(requests.len() > 200);
    requests
}

/// One change: a piece taken out, doubled, moved, encoded, wrapped or put in.
fn changed(request: &str, others: &[String], words: &[String], rng: &mut Rng) -> String {
    let chars: Vec<char> = request.chars().collect();
    let (one, other) = (rng.below(chars.len() + 1), rng.below(chars.len() + 1));
    let (from, to) = (one.min(other), one.max(other));
    let text = |part: &[char]| part.iter().collect::<String>();
    let (before, piece, after) = (text(&chars[..from]), text(&chars[from..to]), text(&chars[to..]));
    match rng.below(9) {
        0 => before + &after,
        1 => format!("{before}{piece}{piece}{after}"),
        2 => format!("{before}{}{piece}{after}", rng.of(words)),
        3 => format!("{before}&{}={piece}{after}", rng.of(words)),
        4 => format!("{before}is{{{piece}}}{after}"),
        5 => format!("{before}%{:02X}{after}", rng.below(256)),
        6 => format!(
            "{before}{}{after}",
            piece.replace(['(', '{'], "%7B").replace([')', '}'], "%7D")
        ),
        7 => format!("{after}{piece}{before}"),
        _ => {
            let cut = rng.of(others);
            let cut: String = cut.chars().skip(rng.below(cut.chars().count())).collect();
            format!("{before}{cut}{after}")
        }
    }
}

#[test]
fn changed_requests_are_read_or_refused_and_stay_canonical() {
    let catalog = invariants::catalog();
    let seeds = requests();
    let mut words: Vec<String> = rows().map(|row| row.name().to_owned()).collect();
    words.extend(
        [
            "is(",
            "is{",
            "}",
            ")",
            "$v$",
            "$v=",
            "&",
            "?",
            "=",
            "amp;",
            ",",
            "%",
            "$view$",
            "$self$",
            "layer=1",
            "layer=comp",
            "effect=-1",
            ".c",
            "/",
            "..",
            "é",
            "-1",
            "1e9",
            "NaN",
        ]
        .map(str::to_owned),
    );
    let rounds = std::env::var("MUTATIONS").ok().and_then(|rounds| rounds.parse().ok());
    let rounds = rounds.unwrap_or(12_000);
    // More rounds are other rounds.
    let mut rng = Rng(0x005E_ED0F_A21E_5E10 + rounds);
    for round in 0..rounds {
        let mut request = rng.of(&seeds).clone();
        for _ in 0..=rng.below(5) {
            request = changed(&request, &seeds, &words, &mut rng);
        }
        if let Err(why) = invariants::check_request(&request, &catalog) {
            panic!("round {round}: {request}\n  {why}");
        }
        if !request.starts_with("is/")
            && !request.contains("/is/")
            && let Err(why) = invariants::check_lint(&request)
        {
            panic!("round {round}: {request}\n  {why}");
        }
    }
}

#[test]
fn changed_rules_catalog_files_and_texts_are_applied_or_refused() {
    let words: Vec<String> = [
        "$1", "$0", "\\", "(", ")+", ".*", "[^", "]", "{9}", "|", "\n", "\n--\n", "=", "$view$",
        ",", "{", "}", "\\par ", "\\u", "\\'e9", "\\uc3", "\\*", "\\f1", "\\line", "\\cf1", ";",
    ]
    .map(str::to_owned)
    .to_vec();
    type Holds = fn(&str) -> Result<(), String>;
    let kinds: [(&str, Holds); 3] = [
        ("fuzz/seeds/rules", invariants::check_rules),
        ("fuzz/seeds/catalog", invariants::check_catalog),
        ("fuzz/seeds/rtf", texts::check_text),
    ];
    for (folder, holds) in kinds {
        let seeds = seeds(folder);
        assert!(seeds.len() > 4, "{folder}");
        let mut rng = Rng(0x005E_ED0F_0DD0);
        for round in 0..3000 {
            let mut text = rng.of(&seeds).clone();
            for _ in 0..=rng.below(4) {
                text = changed(&text, &seeds, &words, &mut rng);
            }
            if let Err(why) = holds(&text) {
                panic!("{folder}, round {round}: {text}\n  {why}");
            }
        }
    }
}

/// Requests that are made to hurt, each with what is said of it: a part of the error.
fn hostile() -> Vec<(String, &'static str)> {
    let fill = |part: &str| part.repeat(limits::REQUEST_BYTES / part.len() - 2);
    let layers = (0..800).map(|n| format!("layer={n}&hide=1&")).collect::<String>();
    let v = "$v=is%7Ba/b?src=$v$%26mask=$v$%7D&src=$v$";
    let wide = "&layer=1&src=is(a)".replace("=1", "=N");
    let many = (1..60).map(|n| wide.replace('N', &n.to_string())).collect::<String>();
    vec![
        (format!("a/b?{}", "x".repeat(limits::REQUEST_BYTES)), "longer than 8192 bytes"),
        (format!("a/b?{}", fill("&")), ""),
        (format!("a/b?{}", fill("wid=1&")), ""),
        (format!("a/b?{}", fill("$")), ""),
        (format!("a/b?{}", fill("%")), ""),
        (format!("a/b?id={}", fill("$x")), ""),
        (format!("a/b?{}", fill("src=is(")), "a bracket is not closed"),
        (format!("a/b?src={}", fill("is{")), "a bracket is not closed"),
        (format!("a/b?src=is{{{}}}", fill("(")), ""),
        (format!("a/b?{layers}").chars().take(8000).collect(), "more than 256 layers and effects"),
        (
            format!("a/b?$a={}{}", "x".repeat(4000), "&id=$a$".repeat(500)),
            "expand the request over",
        ),
        (
            format!("a/b?$a={}&id={}", "$b$".repeat(1000), "$a$".repeat(1000)),
            "expand the request over",
        ),
        (format!("a/b?{}", fill("$twice$&")), ""),
        (format!("a/b?{v}"), "nested deeper than 8"),
        (format!("a/b?$self=1&{v}{}", fill("&$self$").chars().take(7000).collect::<String>()), ""),
        (format!("a/b?x=1{many}"), "more than 32 nested requests"),
        (format!("a/b?clipPath=M{}", fill("1,")), ""),
        (format!("a/b?clipPath=M{}", "1 ".repeat(4080)), ""),
    ]
}

#[test]
fn requests_made_to_hurt_are_bounded() {
    let catalog = invariants::catalog();
    for (request, expected) in hostile() {
        let shown: String = request.chars().take(60).collect();
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        let (path, query) = request.split_once('?').unwrap();
        let read = protocol::read(path, query, takes_request);
        let outcome = read.and_then(|raw| resolve::resolve(&raw, &catalog));
        let peak = MEMORY.peak_usage().saturating_sub(before);
        // Other tests run beside this one; what doubles would be far beyond it.
        assert!(peak < 32 << 20, "{shown}: {peak} bytes");
        match outcome {
            Err(error) if !expected.is_empty() => {
                assert!(error.message.contains(expected), "{shown}: {}", error.message);
                assert_eq!(error.kind.status().0, 403);
            }
            Err(error) => assert_eq!(error.kind.status().0, 403, "{shown}: {}", error.message),
            Ok(_) => assert!(expected.is_empty(), "{shown}: expected {expected}"),
        }
        invariants::check_request(&request, &catalog)
            .unwrap_or_else(|why| panic!("{shown}: {why}"));
        invariants::check_lint(&request).unwrap_or_else(|why| panic!("{shown}: {why}"));
    }
}

/// Deeper than any URL is long: a catalog's texts are not bound to a URL's length.
#[test]
fn ten_thousand_deep_is_refused_before_it_is_read() {
    let deep = format!("{}{}", "src=is(a/b?".repeat(10_000), ")".repeat(10_000));
    let tokens = tokens(&deep, takes_request).unwrap();
    assert_eq!(tokens.len(), 1);
    let raw = RawRequest { object: vec!["a".to_owned(), "b".to_owned()], tokens };
    let error = resolve::resolve(&raw, &invariants::catalog()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge, "{}", error.message);
}
