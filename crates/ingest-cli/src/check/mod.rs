//! `azulejo check`: lints URLs, single ones or those of a whole access log.

mod text_report;
mod input;
mod lines;
mod logs;
mod missing;
mod objects;
mod shapes;
mod checker;
mod sources;
mod summary;
mod decode;
mod urls;

use std::{
    fs::File,
    io::{self, BufRead, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};
use azulejo::check::{Report, Summary};
use serde::Serialize;

use crate::args::{CheckArgs, Usage};
use checker::Checker;
use logs::Located;
use shapes::Shapes;
use sources::Sources;

pub use checker::target;
pub use decode::{file, standard};
pub use input::Input;
pub(crate) use lines::Lines;
pub use logs::split;
pub use shapes::quoted;
pub use summary::count;
pub use text_report::printable;
pub use urls::Urls;

/// The result for one URL.
#[derive(Debug, Serialize)]
pub struct Checked {
    #[serde(flatten)]
    report: Report,
    /// Whether the image is missing in the store. `None` without a store.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<bool>,
    /// Whether the image exists but is not published.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unpublished: bool,
    /// The file that contains the URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Its line in the file, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

impl Checked {
    /// The result for a URL that was checked without a store.
    pub fn of(report: Report) -> Self {
        Self { report, missing: None, unpublished: false, file: None, line: None }
    }
}

/// Checks URLs. Returns false if one of them is wrong, or if a file cannot be read.
pub async fn run(args: &CheckArgs) -> Result<bool> {
    // Checks all arguments before it reads long files.
    let (mut inputs, mut wrong) = (Vec::new(), Vec::new());
    for what in &args.what {
        match Input::of(what) {
            Ok(input) => inputs.push((what, input)),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if inputs.is_empty() {
        return Err(Usage(wrong.join("\nazulejo: ")).into());
    }
    let sources = Sources::open(args)?;
    let checker = Checker::open(args, &sources).await?;
    let file =
        |path: &PathBuf| File::create(path).with_context(|| format!("--csv {}", path.display()));
    let csv = args.csv.as_ref().map(file).transpose()?;
    wrong.iter().try_for_each(|error| print_message(&format!("azulejo: {error}")))?;
    let out = io::stdout().lock();
    let mut run = Run { args, checker, out, counts: Counts::default(), shapes: Shapes::default() };
    let mut unread = 0;
    for (what, input) in inputs {
        if let Err(error) = run.input(what, input).await? {
            unread += 1;
            print_message(&format!("azulejo: {what}: {error:#}"))?;
        }
    }
    if args.summary {
        run.shapes.print(&mut run.out, args.json)?;
    }
    if let Some(mut file) = csv {
        file.write_all(run.shapes.csv().as_bytes()).context("--csv")?;
    }
    run.out.flush()?;
    summary::print(&run.counts, &mut io::stderr().lock())?;
    if unread > 0 {
        print_message(&format!("{} could not be read to the end", count(unread, "file")))?;
    }
    if !wrong.is_empty() {
        let message =
            format!("{} of {} not checked", count(wrong.len(), "argument"), args.what.len());
        return Err(Usage(message).into());
    }
    let Counts { of, .. } = &run.counts;
    Ok(of.ok == of.urls && of.services.is_empty() && unread == 0)
}

/// Prints a message that is not the result of a URL.
fn print_message(message: &str) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{message}")
}

/// Counts over all URLs.
#[derive(Debug, Default)]
pub struct Counts {
    of: Summary,
    /// Lines without an Image Serving URL.
    without: usize,
    /// Incomplete URLs that a script or viewer completes.
    bases: usize,
    /// URLs whose image is not in the store. `None` without a store.
    missing: Option<usize>,
    /// URLs whose image is not published.
    unpublished: usize,
}

struct Run<'a, W> {
    args: &'a CheckArgs,
    checker: Checker<'a>,
    out: W,
    counts: Counts,
    shapes: Shapes,
}

impl<W: Write> Run<'_, W> {
    /// Checks one input. The inner result is the error that prevented reading it to the end.
    async fn input(&mut self, what: &str, input: Input<'_>) -> Result<Result<()>> {
        let opened = match input {
            Input::Url(url) => return self.url(url, None).await.map(Ok),
            Input::File(path) => file(path),
            Input::Standard => standard(),
        };
        match opened {
            Ok(lines) => self.file(what, Urls::of(lines)).await,
            Err(error) => Ok(Err(error)),
        }
    }

    /// Checks a list of URLs or a log, as far as it can be read. The inner result is the error that
    /// prevented reading further.
    async fn file(&mut self, file: &str, mut urls: Urls<impl BufRead>) -> Result<Result<()>> {
        let mut found = 0;
        let read = loop {
            match urls.next_line() {
                Ok(Some(located)) => found += self.urls(file, located).await?,
                Ok(None) => break Ok(()),
                Err(error) => {
                    found += self.urls(file, urls.rest()).await?;
                    break Err(error);
                }
            }
        };
        let log = urls.log;
        for warning in log.warnings() {
            print_message(&format!("{file}: {}", printable(&warning)))?;
        }
        if found == 0 && log.without > 0 {
            print_message(&format!(
                "{file}: no Image Serving URL in {}",
                count(log.without, "line")
            ))?;
        }
        self.counts.without += log.without;
        self.counts.bases += log.bases;
        Ok(read)
    }

    async fn urls(&mut self, file: &str, urls: Vec<Located>) -> Result<usize> {
        for (number, url) in &urls {
            self.url(url, Some((file, *number))).await?;
        }
        Ok(urls.len())
    }

    async fn url(&mut self, url: &str, place: Option<(&str, usize)>) -> Result<()> {
        let mut checked = self.checker.check(url).await?;
        checked.file = place.map(|(file, _)| file.to_owned());
        checked.line = place.map(|(_, line)| line);
        self.counts.of.add(&checked.report);
        if let Some(missing) = checked.missing {
            *self.counts.missing.get_or_insert(0) += usize::from(missing);
        }
        self.counts.unpublished += usize::from(checked.unpublished);
        self.shapes.add(&checked);
        if self.args.summary {
            return Ok(());
        }
        if self.args.json {
            writeln!(self.out, "{}", serde_json::to_string(&checked)?)?;
        } else {
            write!(self.out, "{}", text_report::text(&checked))?;
        }
        Ok(())
    }
}
