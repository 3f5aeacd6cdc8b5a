//! Finds URLs in tables with a header: W3C extended logs (`#Fields:`) such as those of CloudFront
//! and IIS, and tables that are separated by tabs, commas or semicolons.

use super::{Log, names};

/// The columns that an earlier line has named.
#[derive(Debug, Default)]
pub struct Columns {
    names: Vec<String>,
    /// `None` if white space separates fields.
    separator: Option<char>,
    /// Whether the first line has been read. A header can only follow if the first line was one.
    begun: bool,
}

/// The columns of CloudFront's standard logs up to the query, for logs without their header
/// (`zcat *.gz | grep /is/image`). They have not changed since 2008; newer columns follow them.
const CLOUDFRONT: [&str; 12] = [
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
    "cs(Referer)",
    "cs(User-Agent)",
    "cs-uri-query",
];

/// The fewest columns of CloudFront's standard logs.
const CLOUDFRONT_MIN: usize = 19;

/// The columns of CloudFront's real-time logs up to the query, if all fields are selected. The logs
/// have no header, and the stem includes the query.
const REAL_TIME: [&str; 21] = [
    "timestamp",
    "c-ip",
    "s-ip",
    "time-to-first-byte",
    "sc-status",
    "sc-bytes",
    "cs-method",
    "cs-protocol",
    "cs-host",
    "cs-uri-stem",
    "cs-bytes",
    "x-edge-location",
    "x-edge-request-id",
    "x-host-header",
    "time-taken",
    "cs-protocol-version",
    "c-ip-version",
    "cs-user-agent",
    "cs-referer",
    "cs-cookie",
    "cs-uri-query",
];

/// The URLs of a row; none for a header. `None` if the line is not a row.
pub fn urls(line: &str, log: &mut Log) -> Option<Vec<String>> {
    let columns = &mut log.columns;
    if line.starts_with('#') {
        let (directive, rest) = line.split_once(':').unwrap_or((line, ""));
        if directive.eq_ignore_ascii_case("#Fields") {
            let separator = line.contains('\t').then_some('\t');
            let names = rest.split_whitespace().map(str::to_owned).collect();
            *columns = Columns { names, separator, begun: true };
            return Some(Vec::new());
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let of_w3c =
            directive.len() > 1 && directive.chars().skip(1).all(word) && rest.starts_with(' ');
        return of_w3c.then(Vec::new);
    }
    let may_be_header = !columns.begun || !columns.names.is_empty();
    if let Some(header) = may_be_header.then(|| header(line)).flatten() {
        *columns = header;
        return Some(Vec::new());
    }
    // A spreadsheet may declare its separator before the header.
    columns.begun |= !line.starts_with("sep=");
    let fields = columns.fields(line)?;
    Some(names::urls(&fields, log))
}

/// Parses a header. `None` if the line is not one.
fn header(line: &str) -> Option<Columns> {
    if line.contains(['/', '?', '=']) {
        return None;
    }
    let separator = ['\t', ',', ';'].into_iter().find(|separator| line.contains(*separator))?;
    let names = split(line, Some(separator));
    let has_columns = names.iter().any(|name| names::is_column(name.trim()));
    let names = names.iter().map(|name| name.trim().to_owned()).collect();
    has_columns.then_some(Columns { names, separator: Some(separator), begun: true })
}

impl Columns {
    /// The fields of a row with their names. `None` if the line is not a row.
    fn fields(&self, line: &str) -> Option<Vec<(String, String)>> {
        if self.names.is_empty() {
            return cloudfront(line);
        }
        // CloudFront separates column names with spaces, but fields with tabs.
        let separator = if line.contains('\t') { Some('\t') } else { self.separator };
        let fields = split(line, separator);
        (fields.len() == self.names.len()).then(|| self.names.iter().cloned().zip(fields).collect())
    }
}

fn cloudfront(line: &str) -> Option<Vec<(String, String)>> {
    let fields = split(line, Some('\t'));
    let first = |signs: &str| {
        fields.first().is_some_and(|first| {
            first.len() >= 10 && first.chars().all(|c| c.is_ascii_digit() || signs.contains(c))
        })
    };
    let rooted = |place: usize| fields.get(place).is_some_and(|stem| stem.starts_with('/'));
    let named = |names: &[&str]| -> Vec<(String, String)> {
        names.iter().map(|name| (*name).to_owned()).zip(fields.iter().cloned()).collect()
    };
    if first("-") && rooted(7) && fields.len() >= CLOUDFRONT_MIN {
        return Some(named(&CLOUDFRONT));
    }
    let real_time = first(".") && rooted(9) && fields.len() >= REAL_TIME.len();
    real_time.then(|| named(&REAL_TIME))
}

/// Splits a line into fields, without quotes around them. `""` within quotes is a quote.
pub fn split(line: &str, separator: Option<char>) -> Vec<String> {
    let parts = |c: char| separator.map_or(c.is_whitespace(), |separator| c == separator);
    let mut fields = vec![String::new()];
    let (mut quoted, mut chars) = (false, line.chars().peekable());
    while let Some(c) = chars.next() {
        let begins = fields.last().is_some_and(String::is_empty);
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
            }
            '"' if quoted => {
                quoted = false;
                continue;
            }
            '"' if begins => {
                quoted = true;
                continue;
            }
            c if !quoted && parts(c) => {
                // Several spaces are one separator; two tabs enclose an empty field.
                if separator.is_some() || !begins {
                    fields.push(String::new());
                }
                continue;
            }
            _ => {}
        }
        if let Some(field) = fields.last_mut() {
            field.push(c);
        }
    }
    if separator.is_none() && fields.last().is_some_and(String::is_empty) {
        fields.pop();
    }
    fields
}
