//! What products call the fields that hold a URL. Another log format is another row.

use azulejo::protocol::decode_path;

use super::{Log, json, text};

/// One product's names. Field names match in any case and whatever signs join their words
/// (`cs-uri-stem`, `cs_uri_stem`); those with dots also name nested objects.
struct Names {
    /// Fields that hold path and query together, perhaps with a host or as a request line.
    whole: &'static [&'static str],
    /// Fields that hold the path alone, and beside them the query.
    apart: &'static [(&'static str, &'static str)],
}

/// The rows, in the order they are tried: names that only one product has come first.
const NAMES: [Names; 9] = [
    // W3C extended log files, IIS, CloudFront; Akamai's Log Delivery Service has cs-uri.
    Names { whole: &["cs-uri"], apart: &[("cs-uri-stem", "cs-uri-query")] },
    // Cloudflare Logpush, data set http_requests.
    Names { whole: &["ClientRequestURI"], apart: &[("ClientRequestPath", "")] },
    // Akamai DataStream 2.
    Names { whole: &[], apart: &[("reqPath", "queryStr")] },
    // Azure Application Gateway and Front Door, Google Cloud Load Balancing.
    Names {
        whole: &["originalRequestUriWithArgs", "requestUri", "requestUri_s", "requestUrl"],
        apart: &[],
    },
    // AWS: load balancers as Athena has them, WAF.
    Names { whole: &["request_url"], apart: &[("httpRequest.uri", "httpRequest.args")] },
    // Elastic Common Schema.
    Names { whole: &["url.original", "url.full"], apart: &[("url.path", "url.query")] },
    // nginx and Apache in JSON, Caddy, Traefik.
    Names {
        whole: &["request_uri", "request.uri", "RequestPath", "request", "request_line"],
        apart: &[("uri", "args")],
    },
    // Fastly, whose customers name the fields: those of its documentation.
    Names {
        whole: &["url", "req_url"],
        apart: &[
            ("request_path", "request_query"),
            ("url_path", "url_query"),
            ("uri_path", "uri_query"),
            ("cs_uri_path", "cs_uri_query"),
        ],
    },
    // Plain words.
    Names { whole: &[], apart: &[("path", "query"), ("pathname", "search")] },
];

/// Names of columns in tables that are no logs: product feeds (Google Merchant), crawls (Screaming
/// Frog), exports of Google Search Console. Any of their columns may hold URLs of images.
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

/// Fields that a warning lists.
const LISTED: usize = 40;

/// Whether a field of this name can hold a URL or its path.
pub fn is_named(field: &str) -> bool {
    let mut rows = NAMES.iter();
    rows.any(|row| {
        let apart = row.apart.iter().map(|(path, _)| path);
        row.whole.iter().chain(apart).any(|name| folded(name) == folded(field))
    })
}

/// Whether a column of this name makes a line the header of a table.
pub fn is_column(name: &str) -> bool {
    is_named(name) || TABLES.iter().any(|known| folded(known) == folded(name))
}

/// Whether a field tells the page that a request came from.
pub fn is_referer(field: &str) -> bool {
    let name = folded(field);
    name.contains("referer") || name.contains("referrer") || name.ends_with("refer")
}

/// Whether fields are of a request: then what else they hold was not asked for.
pub fn is_request(fields: &[(String, String)]) -> bool {
    fields.iter().any(|(name, _)| folded(name).ends_with("method"))
}

/// Whether a log that has the path in a field of its own has the query, too.
#[derive(Debug, Default)]
pub struct Paths {
    queried: bool,
    /// Of the first path without a field for its query: the path's field, what the product calls
    /// the query's, and all fields.
    alone: Option<(&'static str, &'static str, Vec<String>)>,
}

impl Paths {
    /// Tells of a log that has no query anywhere: all its URLs would be called right.
    pub fn warning(&self) -> Option<String> {
        let (path, query, fields) = self.alone.as_ref().filter(|_| !self.queried)?;
        let more = if fields.len() > LISTED { " …" } else { "" };
        let fields = fields.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
        Some(format!(
            "no field holds the query, so its URLs were checked without their commands: {path} is \
             the path alone; log {query}, too (the fields are {fields}{more})"
        ))
    }
}

/// The URL of a request among its fields; of fields that are no request's, those in their texts.
pub fn urls(fields: &[(String, String)], log: &mut Log) -> Vec<String> {
    match url(fields, &mut log.paths) {
        Some(url) => vec![url],
        None if is_request(fields) => Vec::new(),
        None => texts(fields, log),
    }
}

/// Every URL in the texts of fields, but not the page that a request came from.
pub fn texts(fields: &[(String, String)], log: &mut Log) -> Vec<String> {
    let fields = fields.iter().filter(|(name, _)| !is_referer(name));
    fields.flat_map(|(_, text)| json::within(text, log)).collect()
}

/// A field's name without case and without what joins its words.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase()
}

/// The URL among the fields of one request, by their names.
pub fn url(fields: &[(String, String)], paths: &mut Paths) -> Option<String> {
    NAMES.iter().find_map(|names| {
        let whole = names.whole.iter().flat_map(|name| of(fields, name));
        // What is called whole may be a path all the same, with its query beside it.
        let mut whole = whole.filter_map(|(before, value)| {
            let query = any_query(fields, before).map_or("", |(_, query)| query);
            text::asked(&join(&plain_path(value), query))
        });
        let found = whole.next();
        paths.queried |= found.as_ref().is_some_and(|url| url.contains('?'));
        let mut apart = names.apart.iter();
        found.or_else(|| apart.find_map(|apart| names.joined(apart, fields, paths)))
    })
}

impl Names {
    /// A URL of a path and a query in fields of their own.
    fn joined(
        &self,
        &(path, query): &(&'static str, &'static str),
        fields: &[(String, String)],
        paths: &mut Paths,
    ) -> Option<String> {
        of(fields, path).find_map(|(before, value)| {
            let named = of(fields, query).find(|(of, _)| *of == before);
            // A path alone would be called right whatever stands behind it.
            let found = named.or_else(|| any_query(fields, before)).map(|(_, query)| query);
            let url = text::asked(&join(&plain_path(value), found.unwrap_or_default()))?;
            if found.is_some() || url.contains('?') {
                paths.queried = true;
            } else if paths.alone.is_none() {
                let query =
                    if query.is_empty() { self.whole.first().unwrap_or(&"") } else { query };
                let names = fields.iter().map(|(name, _)| name.clone()).collect();
                paths.alone = Some((path, query, names));
            }
            Some(url)
        })
    }
}

/// A field beside the path that holds a query by its name.
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

/// The fields of a name, also within objects: what stands before the name, and the value.
fn of<'a>(
    fields: &'a [(String, String)],
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    fields.iter().filter(move |_| !name.is_empty()).filter_map(move |(field, value)| {
        // As many objects as the name tells, from the end.
        let dots = name.matches('.').count();
        let at = field.rmatch_indices('.').nth(dots).map_or(0, |(at, _)| at + 1);
        let (before, end) = field.split_at_checked(at)?;
        (folded(end) == folded(name)).then_some((before, value.as_str()))
    })
}

/// Path and query as one; `-` and nothing are no query.
pub fn join(path: &str, query: &str) -> String {
    let query = query.trim().trim_start_matches('?');
    if matches!(query, "" | "-") || path.contains('?') {
        return path.to_owned();
    }
    // Akamai encodes the whole field: no `=` is left between a command and its value.
    let encoded = !query.contains(['=', '&']) && query.contains('%');
    let query = if encoded { decode_path(query) } else { query.to_owned() };
    format!("{path}?{query}")
}

/// A path that is encoded as a whole, or lacks its first slash, as Akamai writes them.
fn plain_path(value: &str) -> String {
    let value = value.trim();
    let encoded = !value.contains('/') && value.to_ascii_lowercase().contains("%2f");
    let value = if encoded { decode_path(value) } else { value.to_owned() };
    if value.starts_with("is/") { format!("/{value}") } else { value }
}
