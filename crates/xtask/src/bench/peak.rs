//! The most memory that a process had resident, as Linux counts it.

use std::{
    fs, io,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

/// Runs a program to its end; its output, and its peak in bytes where the system tells.
pub fn run(command: &mut Command) -> io::Result<(Output, Option<u64>)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    // What it says fits into the pipes; the number is gone with the process, and only grows.
    while child.try_wait()?.is_none() {
        peak = high_water(&status).or(peak);
        thread::sleep(Duration::from_millis(2));
    }
    Ok((child.wait_with_output()?, peak))
}

fn high_water(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
