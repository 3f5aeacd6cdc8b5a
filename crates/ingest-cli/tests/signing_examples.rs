//! The examples of docs/signing.md sign as `azulejo sign` does, in each language that is installed.

use std::{fs, process::Command};

use crate::support::{azulejo, programs::installed, root, text};

/// Each language: the fence of its block, the program that runs it, and the extension of its file.
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("python", "python3", "py"),
    ("js", "node", "mjs"),
    ("php", "php", "php"),
    ("ruby", "ruby", "rb"),
    ("sh", "sh", "sh"),
];

const KEY: &str = "0123456789abcdef0123456789abcdef-_+/";

/// The last block of a language on the page.
fn example(page: &str, language: &str) -> String {
    let last = page.split(&format!("\n```{language}\n")).skip(1).last().map(str::to_owned);
    assert!(last.is_some(), "the page has no example in {language}");
    last.unwrap().split("\n```").next().unwrap().to_owned() + "\n"
}

/// `azulejo sign` of the same request, with the time at which the example's URL expires.
fn wanted(key_file: &str, signed: &str) -> String {
    let plain = signed.rsplit_once("sig=").unwrap().0.trim_end_matches('&');
    let done = azulejo(&["sign", plain.trim_end_matches('?'), "--key-file", key_file]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    text(&done.stdout).trim().to_owned()
}

#[test]
fn signing_examples_sign_as_the_command_does() {
    let page = fs::read_to_string(root().join("docs/signing.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key.txt");
    fs::write(&key_file, KEY).unwrap();
    let mut run = 0;
    for (language, program, extension) in LANGUAGES {
        let file = folder.path().join("example").with_extension(extension);
        fs::write(&file, example(&page, language)).unwrap();
        if !installed(program) || language == "sh" && !installed("openssl") {
            continue;
        }
        run += 1;
        for (path, modifiers, seconds) in [
            ("/is/image/Shop/red-shoe", "wid=800&$product$", "0"),
            ("/is/image/Shop/red%20shoe", "text=a%20b&wid=300", "86400"),
            ("/is/content/Shop/gr%C3%BCn.pdf", "", "0"),
            ("/is/content/Shop/guide.pdf", "", "60"),
        ] {
            let done = Command::new(program)
                .arg(&file)
                .args([path, modifiers, seconds])
                .env("SIGNING_KEY", KEY)
                .output()
                .unwrap();
            assert!(done.status.success(), "{language}: {}", text(&done.stderr));
            let url = text(&done.stdout).trim().to_owned();
            assert!(url.starts_with(&format!("{path}?{modifiers}")), "{language}: {url}");
            assert_eq!(url.contains("expires="), seconds != "0", "{language}: {url}");
            assert_eq!(url, wanted(key_file.to_str().unwrap(), &url), "{language}");
        }
    }
    assert!(run > 0, "sh is everywhere");
}
