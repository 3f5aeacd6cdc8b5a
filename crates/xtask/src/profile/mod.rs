//! `cargo xtask profile`: which functions of the engine take the time of a request, in wasm.

mod samples;

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{bench, browser_package, paths, tools};

/// Requests by name, about the photograph of the bench. Its ratios are of these.
const JOBS: [(&str, &str); 8] = [
    ("whole", "wid=800&qlt=80"),
    ("webp", "wid=800&fmt=webp&qlt=80"),
    ("png", "wid=800&fmt=png"),
    ("thumbnail", "wid=100&qlt=80"),
    ("region", "crop=1900,1300,1600,1200&wid=400&qlt=80"),
    ("square", "wid=2000&hei=2000&fit=crop,1&qlt=80"),
    ("tile", "scl=1&rect=1024,1024,256,256&qlt=90"),
    ("layers", "size=800,0&layer=1&src=Bench/photo&size=360,0&pos=-180,-90&effect=-1&op_blur=6"),
];

/// Options of `cargo xtask profile`.
#[derive(Debug, clap::Args)]
pub struct Profile {
    /// whole, webp, png, thumbnail, region, square, tile or layers; or the modifiers of a request, such
    /// as 'wid=800&op_usm=1,1,0,0'
    #[arg(default_value = "whole", value_name = "JOB", value_parser = modifiers)]
    modifiers: String,
    /// How many functions are shown
    #[arg(long, default_value_t = 20, value_name = "N")]
    top: usize,
    /// How long the request is repeated, after two seconds that do not count
    #[arg(long, default_value_t = 5, value_name = "S", value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
}

impl Profile {
    /// Builds the engine with the names of its functions, repeats the request, and prints the table.
    pub fn run(self) -> Result<()> {
        tools::install()?;
        browser_package::build_profiled()?;
        let photo = bench::photo()?;
        let folder = paths::target().join("xtask-bench");
        fs::create_dir_all(&folder)?;
        let file = folder.join("request.cpuprofile");
        let mut node = bench::node::node("profile.mjs")?;
        node.arg("build/profiled/").arg(photo).args([&self.modifiers, &self.seconds.to_string()]);
        let done = bench::node::run("profile.mjs", node.arg(&file))?;
        let profile: Value = serde_json::from_slice(&fs::read(&file)?).context("the profile")?;
        let times = samples::self_times(&profile)?;
        let [replies, milliseconds] =
            ["replies", "milliseconds"].map(|name| done[name].as_f64().unwrap_or(f64::NAN));
        println!("{}: {:.2} ms a reply", self.modifiers, milliseconds / replies);
        print!("{}", samples::table(&times, self.top));
        println!("{} opens in the developer tools of browsers", file.display());
        Ok(())
    }
}

/// The modifiers of a job, or those that were given instead.
fn modifiers(job: &str) -> Result<String> {
    if let Some((_, modifiers)) = JOBS.iter().find(|(name, _)| *name == job) {
        return Ok((*modifiers).to_owned());
    }
    if !job.contains('=') {
        let names = JOBS.map(|(name, _)| name).join(", ");
        bail!("there is no job {job}; name one of {names}, or give modifiers such as wid=800");
    }
    Ok(job.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_is_a_name_or_modifiers() {
        assert_eq!(modifiers("webp").unwrap(), "wid=800&fmt=webp&qlt=80");
        assert_eq!(modifiers("wid=3&fmt=png").unwrap(), "wid=3&fmt=png");
        let error = modifiers("wepb").unwrap_err().to_string();
        assert!(error.contains("no job wepb") && error.contains("whole, webp"), "{error}");
    }
}
