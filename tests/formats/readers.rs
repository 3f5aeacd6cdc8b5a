//! Other programs that open replies. Where one is absent, what it would check counts as skipped.

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command, Output},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::skip::skip;

static FILES: AtomicUsize = AtomicUsize::new(0);

/// A file that is removed at the end.
pub struct File(pub PathBuf);

impl File {
    pub fn new(bytes: &[u8], extension: &str) -> Self {
        let nth = FILES.fetch_add(1, Ordering::Relaxed);
        let name = format!("azulejo-formats-{}-{nth}.{extension}", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, bytes).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What a program makes of its arguments; `None` where there is no such program.
pub fn run(program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(done) => Some(done),
        Err(error) => {
            skip(program, &error.to_string());
            None
        }
    }
}

/// Whether a line says that there are no errors.
fn is_harmless(line: &str) -> bool {
    line.starts_with("No ") || line == "errors that qpdf cannot detect"
}

/// What a program prints about a file that it opens without complaint.
pub fn report(program: &str, arguments: &[&str]) -> Option<String> {
    let done = run(program, arguments)?;
    let text = [done.stdout, done.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(done.status.success(), "{program} {arguments:?}: {text}");
    let complaint = ["warning", "error", "corrupt"].iter().any(|word| {
        let mut lines = text.lines().filter(|line| !is_harmless(line));
        lines.any(|line| line.to_ascii_lowercase().contains(word))
    });
    assert!(!complaint, "{program} {arguments:?}: {text}");
    Some(text)
}

/// Prints the size and writes the samples of a file in a mode of Pillow.
const PILLOW: &str = "import sys, warnings
warnings.simplefilter('error', UserWarning)
from PIL import Image
picture = Image.open(sys.argv[1])
print(*picture.size, picture.mode, *(round(value) for value in picture.info.get('dpi', (0, 0))))
open(sys.argv[2], 'wb').write(picture.convert(sys.argv[3]).tobytes())";

/// Whether there is a Python with Pillow. The test is counted as skipped if not.
pub fn has_pillow() -> bool {
    let imports = Command::new("python3").args(["-c", "import PIL"]).output();
    let is_there = imports.is_ok_and(|done| done.status.success());
    if !is_there {
        skip("python3", "there is none with Pillow");
    }
    is_there
}

/// The first line that the script prints (size, mode, dpi), and the samples in a mode of Pillow.
pub fn pillow(file: &File, mode: &str) -> Option<(String, Vec<u8>)> {
    if !has_pillow() {
        return None;
    }
    let raw = File::new(&[], "raw");
    let text = report("python3", &["-c", PILLOW, file.path(), raw.path(), mode])?;
    Some((text.trim().to_owned(), fs::read(raw.path()).unwrap()))
}

/// The samples that ImageMagick reads, such as `rgba`.
pub fn imagemagick(file: &File, samples: &str) -> Option<Vec<u8>> {
    let done = run("convert", &[file.path(), "-depth", "8", &format!("{samples}:-")])?;
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && complaint.is_empty(), "{complaint}");
    Some(done.stdout)
}
