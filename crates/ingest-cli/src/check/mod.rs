//! `azulejo check`: what the engine makes of URLs, one by one or a whole access log.

mod described;
mod input;
mod logs;
mod shapes;
mod shop;
mod summary;

use std::io::{self, BufRead, Read, Write};

use anyhow::{Context, Result};
use azulejo::check::{Report, Summary};
use serde::Serialize;

use crate::args::CheckArgs;
use input::Input;
use logs::Columns;
use shapes::Shapes;
use shop::Shop;

/// Bytes of a line that are read as one: a packed file may hold a line that no memory does.
const LINE_BYTES: u64 = 16 << 20;

/// What is said of one URL.
#[derive(Debug, Serialize)]
pub struct Checked {
    #[serde(flatten)]
    report: Report,
    /// Whether the image is in the store; nothing where no store was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<bool>,
    /// The file it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Its line there, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

/// Checks URLs; false when one of them is not answered as it was meant.
pub async fn run(args: &CheckArgs) -> Result<bool> {
    // A wrong name is told before an hour is spent on the files before it.
    let inputs: Vec<Input> = args.what.iter().map(|what| Input::of(what)).collect::<Result<_>>()?;
    let shop = Shop::open(args)?;
    let out = io::stdout().lock();
    let mut run = Run { args, shop, out, counts: Counts::default(), shapes: Shapes::default() };
    for (input, what) in inputs.into_iter().zip(&args.what) {
        match (input, input.lines()?) {
            (_, Some(lines)) => run.lines(what, lines).await.with_context(|| what.clone())?,
            (Input::Url(url), None) => run.url(url, None).await?,
            (Input::File(_) | Input::Standard, None) => {}
        }
    }
    if args.summary {
        run.shapes.print(&mut run.out, args.json)?;
    }
    if let Some(path) = &args.csv {
        std::fs::write(path, run.shapes.csv()).with_context(|| path.display().to_string())?;
    }
    run.out.flush()?;
    summary::print(&run.counts, &mut io::stderr().lock())?;
    let Counts { of, .. } = &run.counts;
    Ok(of.ok == of.urls && of.services.is_empty())
}

/// Counts over all URLs.
#[derive(Debug, Default)]
pub struct Counts {
    of: Summary,
    /// Lines in which no URL of ours was found.
    without: usize,
    /// URLs whose image is not in the store; nothing where no store was named.
    missing: Option<usize>,
}

struct Run<'a, W> {
    args: &'a CheckArgs,
    shop: Shop,
    out: W,
    counts: Counts,
    shapes: Shapes,
}

impl<W: Write> Run<'_, W> {
    /// A URL a line, or a log; a line that is no text is read as far as it is.
    async fn lines(&mut self, file: &str, mut lines: impl BufRead) -> Result<()> {
        let (mut line, mut columns) = (Vec::new(), Columns::default());
        let (mut number, mut begins) = (0, true);
        while lines.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line)? > 0 {
            number += usize::from(begins);
            begins = line.ends_with(b"\n");
            let urls = logs::urls(&String::from_utf8_lossy(&line), &mut columns);
            self.counts.without += usize::from(urls.is_empty());
            for url in urls {
                self.url(&url, Some((file, number))).await?;
            }
            line.clear();
        }
        Ok(())
    }

    async fn url(&mut self, url: &str, place: Option<(&str, usize)>) -> Result<()> {
        let (report, missing) = self.shop.check(url).await?;
        self.counts.of.add(&report);
        if let Some(missing) = missing {
            *self.counts.missing.get_or_insert(0) += usize::from(missing);
        }
        let file = place.map(|(file, _)| file.to_owned());
        let checked = Checked { report, missing, file, line: place.map(|(_, line)| line) };
        self.shapes.add(&checked);
        if self.args.summary {
            return Ok(());
        }
        if self.args.json {
            writeln!(self.out, "{}", serde_json::to_string(&checked)?)?;
        } else {
            write!(self.out, "{}", described::text(&checked))?;
        }
        Ok(())
    }
}
