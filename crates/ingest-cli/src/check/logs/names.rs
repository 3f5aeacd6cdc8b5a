//! What products call the fields that hold a URL. Another log format is another row.

use azulejo::protocol::decode_path;

use super::text;

/// One product's names. Field names match in any case; those with dots also name nested objects.
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
        apart: &[("uri", "args"), ("uri", "query_string")],
    },
    // Fastly, whose customers name the fields: those of its documentation.
    Names {
        whole: &["url", "req_url"],
        apart: &[("request_path", "request_query"), ("url_path", "url_query")],
    },
    // Plain words.
    Names {
        whole: &[],
        apart: &[("path", "query"), ("path", "query_string"), ("path", "querystring")],
    },
];

/// Whether a field of this name can hold a URL or its path.
pub fn is_named(field: &str) -> bool {
    let mut rows = NAMES.iter();
    rows.any(|row| {
        let apart = row.apart.iter().map(|(path, _)| path);
        row.whole.iter().chain(apart).any(|name| name.eq_ignore_ascii_case(field))
    })
}

/// The URL among the fields of one request, by their names.
pub fn url(fields: &[(String, String)]) -> Option<String> {
    NAMES.iter().find_map(|names| {
        let whole = names.whole.iter().flat_map(|name| of(fields, name)).map(|(_, value)| value);
        let mut whole = whole.filter_map(|value| text::first(&plain_path(value)));
        whole.next().or_else(|| names.apart.iter().find_map(|names| apart(fields, *names)))
    })
}

fn apart(fields: &[(String, String)], (path, query): (&str, &str)) -> Option<String> {
    let both = |(before, value): (&str, &str)| {
        let value = plain_path(value);
        let query = of(fields, query).find(|(of, _)| *of == before).map(|(_, query)| query);
        text::first(&join(&value, query.unwrap_or_default()))
    };
    of(fields, path).find_map(both)
}

/// The fields of a name, also within objects: what stands before the name, and the value.
fn of<'a>(
    fields: &'a [(String, String)],
    name: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    fields.iter().filter(move |_| !name.is_empty()).filter_map(move |(field, value)| {
        let at = field.len().checked_sub(name.len())?;
        let (before, end) = field.split_at_checked(at)?;
        let named = end.eq_ignore_ascii_case(name) && (before.is_empty() || before.ends_with('.'));
        named.then_some((before, value.as_str()))
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
