//! What products call the fields that hold a URL. Another log format is another row.

use azulejo::protocol::decode_path;

use super::text;

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
    // Azure Front Door and Google Cloud Load Balancing.
    Names { whole: &["requestUri", "requestUri_s", "requestUrl"], apart: &[] },
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

/// Whether a field of this name can hold a URL or its path.
pub fn is_named(field: &str) -> bool {
    let mut rows = NAMES.iter();
    rows.any(|row| {
        let apart = row.apart.iter().map(|(path, _)| path);
        row.whole.iter().chain(apart).any(|name| folded(name) == folded(field))
    })
}

/// Whether a field tells the page that a request came from.
pub fn is_referer(field: &str) -> bool {
    folded(field).contains("refer")
}

/// A field's name without case and without what joins its words.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase()
}

/// The URL among the fields of one request, by their names.
pub fn url(fields: &[(String, String)]) -> Option<String> {
    NAMES.iter().find_map(|names| {
        let whole = names.whole.iter().flat_map(|name| of(fields, name));
        // What is called whole may be a path all the same, with its query beside it.
        let mut whole = whole.filter_map(|(before, value)| {
            let query = any_query(fields, before).map_or("", |(_, query)| query);
            text::first(&join(&plain_path(value), query))
        });
        whole.next().or_else(|| names.apart.iter().find_map(|names| apart(fields, *names)))
    })
}

fn apart(fields: &[(String, String)], (path, query): (&str, &str)) -> Option<String> {
    let both = |(before, value): (&str, &str)| {
        let value = plain_path(value);
        let named = of(fields, query).find(|(of, _)| *of == before);
        // A path alone would be called right whatever stands behind it.
        let query = named.or_else(|| any_query(fields, before)).map(|(_, query)| query);
        text::first(&join(&value, query.unwrap_or_default()))
    };
    of(fields, path).find_map(both)
}

/// A field beside the path that holds a query by its name.
fn any_query<'a>(fields: &'a [(String, String)], before: &str) -> Option<(&'a str, &'a str)> {
    const ENDS: [&str; 7] = ["query", "querystring", "querystr", "args", "qs", "params", "search"];
    fields.iter().find_map(|(field, value)| {
        let (object, name) = field.rsplit_once('.').unwrap_or(("", field));
        let beside = object == before.trim_end_matches('.');
        let name = folded(name);
        let named = ENDS.iter().any(|end| name.ends_with(end)) && !is_referer(&name);
        (beside && named).then_some((object, value.as_str()))
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
