//! Arguments of `top`.

use clap::{Args as ClapArgs, ValueEnum};

const TOP: &str = "Reads lines of JSON as the Worker and `azulejo serve` log them, also within events of `wrangler tail` and of\n\
    Logpush or behind a syslog header, and lines in the default pattern of Adobe's Image Server; also with gzip.\n\
    Other lines and torn ones are skipped and counted. Lines of a sample count for those that they stand for.\n\n\
    Percentiles are of misses: replies that were made for the request. They are exact to 6 %. Up to 50,000 names\n\
    are kept at once; if there are more, a note says so, and those that matter least are counted together.\n\n\
    Exit code: 0, or 1 if a file cannot be read.\n";

/// `azulejo top`
#[derive(Debug, ClapArgs)]
#[command(after_help = TOP)]
pub struct TopArgs {
    /// Logs; - for standard input
    #[arg(required = true, value_name = "FILE|-")]
    pub files: Vec<String>,
    /// What to count by [default: preset, then object]
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// What comes first: the time of all requests, the 95th percentile of misses, the bytes sent, or
    /// the number of requests
    #[arg(long, value_enum, default_value_t = Sort::Total)]
    pub sort: Sort,
    /// How many lines a table has
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// What requests are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// The presets that the URL calls
    Preset,
    /// The object of the URL
    Object,
    /// The HTTP status
    Status,
    /// The media type of the reply
    Format,
}

/// The order of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// By the time of all requests
    Total,
    /// By the 95th percentile of misses
    Slow,
    /// By the bytes sent
    Bytes,
    /// By the number of requests
    Count,
}
