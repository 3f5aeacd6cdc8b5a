//! Measures the peak resident memory of a process on Linux.

use std::{
    fs, io,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

/// Runs a command to its end. Returns its output, and its peak memory in bytes on Linux.
pub fn run(command: &mut Command) -> io::Result<(Output, Option<u64>)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    // Polls, because the number disappears with the process. It only grows, so the last one is the
    // peak. The output must fit into the pipes, since nobody reads them meanwhile.
    while child.try_wait()?.is_none() {
        peak = high_water_mark(&status).or(peak);
        thread::sleep(Duration::from_millis(2));
    }
    Ok((child.wait_with_output()?, peak))
}

fn high_water_mark(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
