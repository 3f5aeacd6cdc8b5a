//! Checks the URLs of standard input, one a line, without any image.
//!
//!     cargo run --example check_urls < urls.txt
#![expect(clippy::print_stdout, reason = "a command line program prints to stdout")]

use std::{
    io::{self, BufRead},
    process::ExitCode,
};

use azulejo::check::check;

/// What is wrong with a URL, with its column; `None` if the server answers it as intended.
pub fn fault(url: &str) -> Option<String> {
    let error = check(url).error?;
    Some(format!("column {}: {}", error.column, error.message))
}

fn main() -> io::Result<ExitCode> {
    let mut faults = 0;
    for url in io::stdin().lock().lines() {
        let url = url?;
        if let Some(fault) = fault(&url) {
            println!("{url}\n  {fault}");
            faults += 1;
        }
    }
    Ok(if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
