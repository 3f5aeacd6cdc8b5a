//! `/studio/presets/<rootId>`: the macro file of a catalog.
//!
//! The page gets it and sends it as UTF-8. In the folder it has a byte order mark if it is not
//! ASCII, as `azulejo publish` requires.

use std::{
    fs,
    io::Write,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use azulejo::http::HttpReply;
use serde_json::{Value, json};
use server::Edit;

use super::reply;
use crate::{
    atomic_file::AtomicFile,
    publish::{
        self,
        compile::compile,
        files::Files,
        problem::{Problem, Severity},
        text,
    },
    store::Bucket,
};

/// The mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The presets of a catalog folder.
pub struct Presets {
    folder: PathBuf,
}

impl Presets {
    /// The presets of a folder, which must hold catalogs.
    pub fn new(folder: &Path) -> Result<Self> {
        super::editor::check(folder)?;
        let folder = fs::canonicalize(folder).with_context(|| folder.display().to_string())?;
        publish::publication::name(&folder, None)?;
        Ok(Self { folder })
    }

    /// Reads or replaces the macro file of the catalog `root`.
    pub async fn answer(&self, root: &str, edit: &Edit, bucket: &Bucket) -> Result<HttpReply> {
        let mut files = publish::files(&self.folder)?;
        let name = match macro_file(&files, root) {
            Ok(name) => name,
            Err(message) => return Ok(reply::message(404, &message)),
        };
        let present = files.get(&name);
        let tag = present.map(|bytes| reply::tag(bytes));
        let Some(sent) = &edit.content else {
            let Some((bytes, tag)) = present.zip(tag) else {
                let message =
                    format!("{name}: there is no such file yet; put it with If-None-Match: *");
                return Ok(reply::message(404, &message));
            };
            let text = utf8(bytes);
            return Ok(reply::content("text/plain; charset=utf-8", tag, text.into_bytes()));
        };
        if let Err(refused) = reply::check(edit, tag.as_deref()) {
            return Ok(*refused);
        }
        let bytes = match stored_form(sent) {
            Ok(bytes) => bytes,
            Err(message) => {
                return Ok(reply::errors(422, &[json!({ "line": 0, "message": message })]));
            }
        };
        files.insert(name.clone(), bytes.clone());
        let compiled = compile(&files);
        let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) = {
            let notable =
                compiled.problems.0.iter().filter(|problem| problem.severity > Severity::Note);
            notable.partition(|problem| problem.severity >= Severity::Row)
        };
        if !errors.is_empty() {
            return Ok(reply::errors(422, &described(&errors)));
        }
        let warnings: Vec<&Problem> = warnings.into_iter().filter(|one| one.file == name).collect();
        self.write(&name, &bytes)?;
        let tag = reply::tag(&bytes);
        let published = publish::store(bucket, &self.folder, &files, &compiled).await;
        let mut answer = match published {
            Ok(()) => reply::json(200, &json!({ "warnings": described(&warnings) })),
            Err(error) => {
                let why = format!("{name} is saved, but it could not be published: {error:#}");
                reply::message(502, &why)
            }
        };
        for header in answer.headers.iter_mut().filter(|(name, _)| *name == "etag") {
            header.1.clone_from(&tag);
        }
        Ok(answer)
    }

    /// Writes a file of the folder. Whoever reads it sees the old or the new one.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        // A link stays, and the file that it leads to is replaced.
        let path = match fs::canonicalize(&path) {
            Ok(path) => path,
            Err(_) => {
                let parent = path.parent().context("a file without a folder")?;
                let parent =
                    fs::canonicalize(parent).with_context(|| parent.display().to_string())?;
                parent.join(path.file_name().context("a file without a name")?)
            }
        };
        if !path.starts_with(&self.folder) {
            bail!("{}: it is outside of {}", path.display(), self.folder.display());
        }
        let mut file = AtomicFile::create(&path)?;
        file.write_all(bytes).with_context(|| path.display().to_string())?;
        file.finish()
    }
}

/// The name of the file with the macros of a catalog.
fn macro_file(files: &Files, root: &str) -> Result<String, String> {
    let compiled = compile(files);
    let shown: String = root.chars().filter(|c| !c.is_control()).take(100).collect();
    let Some(catalog) = compiled.catalogs.get(root) else {
        let roots: Vec<&str> = compiled.catalogs.keys().map(String::as_str).collect();
        return Err(format!("{shown}: no catalog of the folder; it has {}", roots.join(", ")));
    };
    let named = catalog.attributes.get("MacroFile").map(String::as_str).unwrap_or_default();
    if named.is_empty() {
        return Err(format!("{shown}: its .ini file names no MacroFile; add such a line"));
    }
    let name = named.replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    let is_plain = |part: Component| matches!(part, Component::Normal(_));
    if !Path::new(name).components().all(is_plain) || name.ends_with('/') || name.contains("//") {
        return Err(format!("MacroFile={named}: expected a file in the folder"));
    }
    Ok(name.to_owned())
}

/// The text of a file of the folder, as UTF-8.
fn utf8(bytes: &[u8]) -> String {
    match text::lacks_mark(bytes) {
        true => String::from_utf8_lossy(bytes).into_owned(),
        false => {
            text::decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// The bytes that the folder has of a text that was sent as UTF-8.
fn stored_form(sent: &[u8]) -> Result<Vec<u8>, String> {
    let plain = sent.strip_prefix(MARK).unwrap_or(sent);
    if let Err(error) = std::str::from_utf8(plain) {
        return Err(format!("the file is not UTF-8: {error}"));
    }
    if plain.contains(&0) {
        return Err("the file has a byte 0, as no text has".to_owned());
    }
    let mark = if plain.is_ascii() { &[] } else { MARK };
    Ok([mark, plain].concat())
}

fn described(problems: &[&Problem]) -> Vec<Value> {
    let describe = |problem: &&Problem| json!({ "file": problem.file, "line": problem.line, "message": problem.message });
    problems.iter().map(describe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studio_presets_a_text_is_utf8_to_the_page_and_marked_in_the_folder() {
        assert_eq!(stored_form(b"a\twid=9\n").unwrap(), b"a\twid=9\n");
        assert_eq!(stored_form("# é\n".as_bytes()).unwrap(), [MARK, "# é\n".as_bytes()].concat());
        assert_eq!(stored_form(b"\xef\xbb\xbfa").unwrap(), b"a", "ASCII needs no mark");
        assert!(stored_form(b"\xff").is_err() && stored_form(b"a\0b").is_err());
        for bytes in [b"\xef\xbb\xbf\xc3\xa9".as_slice(), b"\xc3\xa9", b"\xe9"] {
            assert_eq!(utf8(bytes), "é", "{bytes:?}");
        }
    }

    #[test]
    fn studio_presets_a_macro_file_lies_in_the_folder() {
        let file = |ini: &str| {
            let files = Files::from([("default.ini".to_owned(), ini.as_bytes().to_vec())]);
            macro_file(&files, "default")
        };
        assert_eq!(file("MacroFile=.\\sub\\m.txt\n").unwrap(), "sub/m.txt");
        for outside in
            ["../m.txt", "/etc/passwd", "a/../../b", "a//b", "..", "sub/", "\\\\host\\m.txt"]
        {
            let error = file(&format!("MacroFile={outside}\n")).unwrap_err();
            assert!(error.contains("expected a file in the folder"), "{outside}: {error}");
        }
        assert!(file("MaxPix=9,9\n").unwrap_err().contains("names no MacroFile"));
        let nowhere = macro_file(&Files::new(), "../x").unwrap_err();
        assert!(nowhere.starts_with("../x: no catalog"), "{nowhere}");
    }
}
