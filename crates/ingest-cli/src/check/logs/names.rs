//! The names that products give to fields with URLs. Each log format is a row.

use azulejo::protocol::decode_path;

use super::{Log, json, text};

/// The field names of one product. Case, `-`, `_` and spaces are ignored, so that `cs-uri-stem`
/// matches `cs_uri_stem`. Names with dots also match nested objects.
struct Names {
    /// Fields with path and query, possibly with a host or as a request line.
    whole: &'static [&'static str],
    /// Pairs of fields with the path and the query.
    split: &'static [(&'static str, &'static str)],
}

/// The rows, in the order in which they are tried. Names that only one product uses come first.
const NAMES: [Names; 9] = [
    // W3C extended log files, IIS, CloudFront; Akamai's Log Delivery Service has cs-uri.
    Names { whole: &["cs-uri"], split: &[("cs-uri-stem", "cs-uri-query")] },
    // Cloudflare Logpush, data set http_requests.
    Names { whole: &["ClientRequestURI"], split: &[("ClientRequestPath", "")] },
    // Akamai DataStream 2.
    Names { whole: &[], split: &[("reqPath", "queryStr")] },
    // Azure Application Gateway and Front Door, Google Cloud Load Balancing.
    Names {
        whole: &["originalRequestUriWithArgs", "requestUri", "requestUri_s", "requestUrl"],
        split: &[],
    },
    // AWS: load balancers as Athena has them, WAF.
    Names { whole: &["request_url"], split: &[("httpRequest.uri", "httpRequest.args")] },
    // Elastic Common Schema.
    Names { whole: &["url.original", "url.full"], split: &[("url.path", "url.query")] },
    // nginx and Apache in JSON, Caddy, Traefik.
    Names {
        whole: &["request_uri", "request.uri", "RequestPath", "request", "request_line"],
        split: &[("uri", "args")],
    },
    // Fastly, whose customers name the fields: those of its documentation.
    Names {
        whole: &["url", "req_url"],
        split: &[
            ("request_path", "request_query"),
            ("url_path", "url_query"),
            ("uri_path", "uri_query"),
            ("cs_uri_path", "cs_uri_query"),
        ],
    },
    // Generic names.
    Names { whole: &[], split: &[("path", "query"), ("pathname", "search")] },
];

/// Column names of tables that are not logs: product feeds (Google Merchant), crawls (Screaming
/// Frog), exports of Google Search Console. Any of their columns may have image URLs.
const TABLES: [&str; 11] = [
    "page",
    "top pages",
    "address",
    "link",
    "image_link",
    "additional_image_link",
    "image",
    "image_src",
    "src",
    "loc",
    "href",
];

/// How many fields a warning lists.
const LISTED: usize = 40;

/// Whether a field of this name may have a URL or its path.
pub fn is_named(field: &str) -> bool {
    let mut rows = NAMES.iter();
    rows.any(|row| {
        let paths = row.split.iter().map(|(path, _)| path);
        row.whole.iter().chain(paths).any(|name| folded(name) == folded(field))
    })
}

/// Whether a column of this name identifies the header of a table.
pub fn is_column(name: &str) -> bool {
    is_named(name) || TABLES.iter().any(|column| folded(column) == folded(name))
}

/// Whether a field is the referer.
pub fn is_referer(field: &str) -> bool {
    let name = folded(field);
    name.contains("referer") || name.contains("referrer") || name.ends_with("refer")
}

/// Whether the fields describe a request. Then other URLs in them were not requested.
pub fn is_request(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, _)| folded(name).ends_with("method"))
}

/// Detects logs that have the path in a field of its own but lack the query.
#[derive(Debug, Default)]
pub struct Paths {
    has_query: bool,
    /// The first path without a field for its query.
    without_query: Option<PathField>,
}

/// A path without a query field.
#[derive(Debug)]
struct PathField {
    /// The name of the path's field.
    path: &'static str,
    /// The product's name of the query's field.
    query: &'static str,
    /// The names of all fields.
    fields: Vec<String>,
}

impl Paths {
    /// The warning for a log that has no query anywhere, since all its URLs would pass.
    pub fn warning(&self) -> Option<String> {
        let PathField { path, query, fields } =
            self.without_query.as_ref().filter(|_| !self.has_query)?;
        let more = if fields.len() > LISTED { " …" } else { "" };
        let fields = fields.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
        Some(format!(
            "no field holds the query, so its URLs were checked without their commands: {path} is \
             the path alone; log {query}, too (the fields are {fields}{more})"
        ))
    }
}

/// The requested URL among the fields. If the fields do not describe a request, all URLs in them.
pub fn urls(fields: &[(String, String)], log: &mut Log) -> Vec<String> {
    match url(fields, &mut log.paths) {
        Some(url) => vec![url],
        None if is_request(fields) => Vec::new(),
        None => texts(fields, log),
    }
}

/// All URLs in the fields, except referers.
pub fn texts(fields: &[(String, String)], log: &mut Log) -> Vec<String> {
    let fields = fields.iter().filter(|(name, _)| !is_referer(name));
    fields.flat_map(|(_, text)| json::within(text, log)).collect()
}

/// A field name in lower case, without `-`, `_` and spaces.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase()
}

/// The requested URL among the fields of one request, found by field names.
pub fn url(fields: &[(String, String)], paths: &mut Paths) -> Option<String> {
    NAMES.iter().find_map(|names| {
        let whole = names.whole.iter().flat_map(|name| of(fields, name));
        // A field for path and query may have the path only, with the query in another field.
        let mut whole = whole.filter_map(|(before, value)| {
            let query = any_query(fields, before).map_or("", |(_, query)| query);
            text::requested(&join(&plain_path(value), query))
        });
        let found = whole.next();
        paths.has_query |= found.as_ref().is_some_and(|url| url.contains('?'));
        let mut pairs = names.split.iter();
        found.or_else(|| pairs.find_map(|pair| names.joined(pair, fields, paths)))
    })
}

impl Names {
    /// Joins a path and a query in separate fields to a URL.
    fn joined(
        &self,
        &(path, query): &(&'static str, &'static str),
        fields: &[(String, String)],
        paths: &mut Paths,
    ) -> Option<String> {
        of(fields, path).find_map(|(before, value)| {
            let named = of(fields, query).find(|(of, _)| *of == before);
            // Without its query a URL would always pass, so looks for the query in other fields.
            let found = named.or_else(|| any_query(fields, before)).map(|(_, query)| query);
            let url = text::requested(&join(&plain_path(value), found.unwrap_or_default()))?;
            if found.is_some() || url.contains('?') {
                paths.has_query = true;
            } else if paths.without_query.is_none() {
                let query =
                    if query.is_empty() { self.whole.first().unwrap_or(&"") } else { query };
                let fields = fields.iter().map(|(name, _)| name.clone()).collect();
                paths.without_query = Some(PathField { path, query, fields });
            }
            Some(url)
        })
    }
}

/// A field in the same object as the path whose name suggests a query.
fn any_query<'a>(fields: &'a [(String, String)], before: &str) -> Option<(&'a str, &'a str)> {
    const ENDS: [&str; 7] = ["query", "querystring", "querystr", "args", "qs", "params", "search"];
    fields.iter().find_map(|(field, value)| {
        let (object, name) = field.rsplit_once('.').unwrap_or(("", field));
        let beside = object == before.trim_end_matches('.');
        let name = folded(name);
        let named = ENDS.iter().any(|end| name.ends_with(end)) && !is_referer(&name);
        (beside && named && !value.starts_with('/')).then_some((object, value.as_str()))
    })
}

/// The fields with a name, also in nested objects: the path of the object, and the value.
fn of<'a>(
    fields: &'a [(String, String)],
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    fields.iter().filter(move |_| !name.is_empty()).filter_map(move |(field, value)| {
        // Compares as many components from the end as the name has.
        let dots = name.matches('.').count();
        let at = field.rmatch_indices('.').nth(dots).map_or(0, |(at, _)| at + 1);
        let (before, end) = field.split_at_checked(at)?;
        (folded(end) == folded(name)).then_some((before, value.as_str()))
    })
}

/// Joins path and query. An empty query and `-` are none.
pub fn join(path: &str, query: &str) -> String {
    let query = query.trim().trim_start_matches('?');
    if matches!(query, "" | "-") || path.contains('?') {
        return path.to_owned();
    }
    // Akamai percent-encodes the whole field, including `=` and `&`.
    let encoded = !query.contains(['=', '&']) && query.contains('%');
    let query = if encoded { decode_path(query) } else { query.to_owned() };
    format!("{path}?{query}")
}

/// Decodes a path that is percent-encoded as a whole, and adds a missing first slash. Akamai writes
/// both.
fn plain_path(value: &str) -> String {
    let value = value.trim();
    let encoded = !value.contains('/') && value.to_ascii_lowercase().contains("%2f");
    let value = if encoded { decode_path(value) } else { value.to_owned() };
    if value.starts_with("is/") { format!("/{value}") } else { value }
}
