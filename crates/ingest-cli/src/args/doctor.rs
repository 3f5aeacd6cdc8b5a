//! Arguments of `doctor`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::values::seconds;

const DOCTOR: &str = "It asks about forty requests, ten of which draw an image of up to 800 pixels. It changes \
    nothing.\n\nExit code: 0 no check failed, 1 a check failed, 2 the command line is wrong. Warnings do \
    not count.";

/// `azulejo doctor`
#[derive(Debug, ClapArgs)]
#[command(after_help = DOCTOR)]
pub struct DoctorArgs {
    /// The server, e.g. `https://images.example.com` or `http://127.0.0.1:8787`
    #[arg(value_name = "HOST")]
    pub host: String,
    /// An image to ask for, e.g. Shop/red-shoe [default: one of the samples, if it is there]
    #[arg(long, value_name = "ROOT/ID")]
    pub object: Option<String>,
    /// A static file to ask for, e.g. Shop/guide.pdf, for range requests
    #[arg(long, value_name = "ROOT/ID")]
    pub content: Option<String>,
    /// A file that begins with the server's signing key: checks signatures, and signs all requests
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// How long one request may take
    #[arg(long, value_name = "DURATION", default_value = "20s", value_parser = seconds)]
    pub timeout: u64,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}
