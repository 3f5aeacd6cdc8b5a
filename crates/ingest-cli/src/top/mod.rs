//! `azulejo top`: which presets and objects of an access log are slow, large or frequent.

mod histogram;
mod keys;
mod request;
mod report;
mod s7access;
mod stats;
mod wrapped;

use std::{
    io::{self, BufRead, Write},
    path::Path,
};

use anyhow::{Context, Result};

use self::{keys::Keys, request::Logged};
use crate::{
    args::{By, TopArgs},
    check::{Lines, file as open, standard},
};

/// What was read.
#[derive(Debug, Default, PartialEq)]
pub struct Counts {
    /// Lines with a request.
    pub lines: u64,
    /// Requests that they stand for.
    pub requests: f64,
    /// Lines of a log that are not whole.
    pub torn: u64,
    /// Other lines.
    pub foreign: u64,
}

/// Reads the logs, and prints a table for each thing that is counted by.
pub fn run(args: &TopArgs) -> Result<()> {
    let by = args.by.map_or(vec![By::Preset, By::Object], |by| vec![by]);
    let mut tables: Vec<Keys> = by.iter().map(|by| Keys::new(*by, args.sort)).collect();
    let mut counts = Counts::default();
    for file in &args.files {
        let lines = match file.as_str() {
            "-" => standard(),
            path => open(Path::new(path)),
        };
        let read = lines.and_then(|lines| read(lines, &mut tables, &mut counts));
        read.with_context(|| file.clone())?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (nth, table) in tables.iter().enumerate() {
        if nth > 0 && !args.json {
            writeln!(out)?;
        }
        report::print(table, args, &mut out)?;
    }
    out.flush()?;
    report::summary(&tables, &counts)
}

fn read(lines: impl BufRead, tables: &mut [Keys], counts: &mut Counts) -> Result<()> {
    let mut lines = Lines::new(lines);
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(error) => {
                let number = lines.number();
                return Err(anyhow::Error::from(error).context(format!("after line {number}")));
            }
        };
        if line.trim().is_empty() {
            continue;
        }
        match Logged::read(&line) {
            Logged::Requests(requests) => {
                counts.lines += 1;
                for request in requests {
                    counts.requests += request.weight;
                    tables.iter_mut().for_each(|table| table.add(&request));
                }
            }
            Logged::Torn => counts.torn += 1,
            Logged::Foreign => counts.foreign += 1,
        }
    }
}
