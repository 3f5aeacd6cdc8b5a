use super::*;

fn all(lines: &[&str]) -> Vec<String> {
    let mut columns = Columns::default();
    lines.iter().flat_map(|line| urls(line, &mut columns)).collect()
}

fn one(line: &str) -> String {
    all(&[line]).join(" ")
}

const URL: &str = "/is/image/Shop/shoe?wid=3&hei=4";

#[test]
fn request_lines_of_servers_and_balancers() {
    for line in [
        format!(r#"1.2.3.4 - - [x] "GET {URL} HTTP/1.1" 200 99 "https://a/is/image/b/c" "x""#),
        format!(r#"a.com:443 1.2.3.4 - - [x] "HEAD {URL} HTTP/2.0" 200 9 "-" "-""#),
        "2026-11-21 08:00:00 GET /is/image/Shop/shoe wid=3&hei=4 443 - 1.2.3.4".to_owned(),
        format!("2026-11-21T08:00:00Z\t{URL}\t200"),
        "08:00\t/is/image/Shop/shoe\t?wid=3&hei=4\t200".to_owned(),
        "08:00\tGET\t/is/image/Shop/shoe\twid=3&hei=4\t200".to_owned(),
        format!("curl '{URL}'"),
    ] {
        assert_eq!(one(&line), URL, "{line}");
    }
    let balancer = r#"https 2026-11-21T08:00:00.1Z app/a/1 1.2.3.4:5 10.0.0.1:80 0 0 0 200 200 34 366 "GET https://img.example.com:443/is/image/Shop/shoe?wid=3 HTTP/1.1" "curl/7" - - arn:aws:x "Root=1" "img.example.com" "arn" 0 2026-11-21T08:00:00Z "forward" "-" "-""#;
    assert_eq!(one(balancer), "https://img.example.com:443/is/image/Shop/shoe?wid=3");
    assert_eq!(one(r#"- "GET /favicon.ico HTTP/1.1" 200 "https://a/is/image/b/c?wid=x""#), "");
    assert_eq!(one("GET /is/image/b/c HTTP/1.1 a=b"), "/is/image/b/c");
}

#[test]
fn w3c_logs_name_their_columns() {
    let cloudfront = "#Fields: date time x-edge-location cs-method cs-uri-stem cs(Referer) cs-uri-query x-host-header";
    let row = |stem: &str, query: &str| {
        format!("2026-11-20\t10:00:01\tFRA\tGET\t{stem}\thttps://x/is/image/r/r?wid=q\t{query}\ta")
    };
    let rows = [
        row("/is/image/Shop/shoe", "$product$"),
        row("/is/image/Shop/shoe", "-"),
        row("/index.html", "wid=3"),
    ];
    let lines = ["#Version: 1.0", cloudfront, &rows[0], &rows[1], &rows[2]];
    assert_eq!(all(&lines), ["/is/image/Shop/shoe?$product$", "/is/image/Shop/shoe"]);
    // IIS, with spaces; the header comes again with other columns.
    let lines = [
        "#Fields: date cs-uri-query cs-uri-stem",
        "2026-11-20 wid=3 /is/image/Shop/shoe",
        "#Fields: cs-uri-stem x-comment cs-uri-query",
        "/is/image/Shop/shoe \"two words\" wid=4",
    ];
    assert_eq!(all(&lines), ["/is/image/Shop/shoe?wid=3", "/is/image/Shop/shoe?wid=4"]);
    // Akamai's Log Delivery Service.
    let lines = [
        "#Fields: date time cs-ip cs-uri",
        "2026-11-20\t10:00\t1.2.3.4\t/h.example.com/is/image/Shop/a?wid=1",
    ];
    assert_eq!(all(&lines), ["/h.example.com/is/image/Shop/a?wid=1"]);
}

#[test]
fn cloudfront_is_known_without_its_header() {
    let row = "2026-11-20\t10:00:02\tFRA50-C1\t5100\t192.0.2.10\tGET\td1.cloudfront.net\t/is/image/Shop/shoe\t200\t-\tMozilla/5.0\twid=abc\t-\tHit\tabc\timg.example.com\thttps\t120\t0.001";
    assert_eq!(one(row), "/is/image/Shop/shoe?wid=abc");
}

#[test]
fn tables_with_a_header() {
    let lines = ["time\tpath\treferer\tquery", "1\t/is/image/a/b\t/is/image/r/r\twid=1"];
    assert_eq!(all(&lines), ["/is/image/a/b?wid=1"]);
    let lines = ["\"time\",\"reqPath\",\"queryStr\"", "\"1\",\"is/image/a/b\",\"rect=0,0,9,9\""];
    assert_eq!(all(&lines), ["/is/image/a/b?rect=0,0,9,9"]);
}

#[test]
fn json_of_each_product() {
    for (line, url) in [
        (
            r#"{"time":3,"request":{"uri":"\/is\/image\/a\/b?wid=1\u0026hei=2"}}"#,
            "/is/image/a/b?wid=1&hei=2",
        ),
        (
            r#"{"ClientRequestReferer":"https://a/is/image/r/r","ClientRequestPath":"/is/image/a/b","ClientRequestURI":"/is/image/a/b?wid=x"}"#,
            "/is/image/a/b?wid=x",
        ),
        (r#"{"ClientRequestPath":"/is/image/a/b"}"#, "/is/image/a/b"),
        (r#"{"ClientRequestURI":"/x.js","ClientRequestReferer":"https://a/is/image/r/r"}"#, ""),
        (r#"{"reqPath":"is/image/a/b","queryStr":"wid=abc"}"#, "/is/image/a/b?wid=abc"),
        (
            r#"{"reqPath":"is%2Fimage%2Fa%2Fb","queryStr":"wid%3Dabc%26%24p%24"}"#,
            "/is/image/a/b?wid=abc&$p$",
        ),
        (r#"{"reqPath":"is/image/a/b","queryStr":"-"}"#, "/is/image/a/b"),
        (r#"{"path":"/is/image/a/b","query":"?wid=1"}"#, "/is/image/a/b?wid=1"),
        (r#"{"url":{"path":"/is/image/a/b","query":"wid=1"}}"#, "/is/image/a/b?wid=1"),
        (r#"{"httpRequest":{"uri":"/is/image/a/b","args":"wid=1"}}"#, "/is/image/a/b?wid=1"),
        (
            r#"{"request":"GET /is/image/a/b?wid=1 HTTP/1.1","referer":"/is/image/r/r"}"#,
            "/is/image/a/b?wid=1",
        ),
        (
            r#"{"httpRequest":{"requestUrl":"https://h/is/image/a/b?wid=1","referer":"https://h/is/image/r/r"}}"#,
            "https://h/is/image/a/b?wid=1",
        ),
        (
            r#"<134>2026-11-21T08:00:00Z cache-fra fastly[1]: {"url":"/is/image/a/b?wid=1"}"#,
            "/is/image/a/b?wid=1",
        ),
        (
            r#"{"Records":[{"uri":"/is/image/a/b"},{"uri":"/is/image/a/c"}]}"#,
            "/is/image/a/b /is/image/a/c",
        ),
        (r#"{"mine":"see /is/image/a/b?wid=1"}"#, "/is/image/a/b?wid=1"),
    ] {
        assert_eq!(one(line), url, "{line}");
    }
}

#[test]
fn every_url_of_html_and_css() {
    let line = r#"<img src="/is/image/a/b?wid=1&amp;hei=2" srcset="/is/image/a/b?wid=1&fit=fit,1 1x, https://h/is/image/a/b?wid=2 2x,/is/image/a/c 3x"><a href='//h/is/content/a/d.pdf'>"#;
    assert_eq!(
        all(&[line]),
        [
            "/is/image/a/b?wid=1&amp;hei=2",
            "/is/image/a/b?wid=1&fit=fit,1",
            "https://h/is/image/a/b?wid=2",
            "/is/image/a/c",
            "//h/is/content/a/d.pdf",
        ]
    );
    let line = r#"#hero{background:url(/is/image/a/b?src=is(a/c)),url('/is/image/a/d')} <i style="background:url(&quot;/is/image/a/e?wid=3&quot;)">"#;
    assert_eq!(all(&[line]), ["/is/image/a/b?src=is(a/c)", "/is/image/a/d", "/is/image/a/e?wid=3"]);
    let line = r#"var a = {"u":"https:\/\/h\/is\/image\/a\/b?wid=1\u0026hei=2"};"#;
    assert_eq!(all(&[line]), ["https://h/is/image/a/b?wid=1&hei=2"]);
}

#[test]
fn other_services_are_found_and_other_lines_are_not() {
    assert_eq!(one(r#"1 - "GET /ir/render/a?obj=b HTTP/1.1" 200"#), "/ir/render/a?obj=b");
    assert_eq!(
        one(r#"<script src="https://h/s7viewers/html5/js/Zoom.js">"#),
        "https://h/s7viewers/html5/js/Zoom.js"
    );
    for line in [
        "",
        "# /is/image/a/b",
        "#Fields: cs-uri-stem",
        "GET /index.html HTTP/1.1",
        "GET /is/imagery/a",
        "see /css/ir/x y",
    ] {
        assert_eq!(one(line), "", "{line}");
    }
    assert_eq!(one("Shop/shoe?wid=3"), "Shop/shoe?wid=3");
    assert_eq!(
        one("200 url=https://a.example.com/is/image/b/c?$d$ 3ms"),
        "https://a.example.com/is/image/b/c?$d$"
    );
}

#[test]
fn a_query_is_found_whatever_it_is_called_beside_its_path() {
    for (path, query) in [
        ("path", "query_string"),
        ("path", "querystring"),
        ("uri", "query_string"),
        ("request_uri", "query"),
        ("request_path", "query_string"),
        ("uri_path", "uri_query"),
        ("cs_uri_stem", "cs_uri_query"),
        ("reqPath", "reqQuery"),
        ("ClientRequestPath", "ClientRequestQuery"),
        ("url", "params"),
        ("pathname", "search"),
    ] {
        let json = format!(r#"{{"{path}":"/is/image/a/b","{query}":"wid=abc"}}"#);
        assert_eq!(one(&json), "/is/image/a/b?wid=abc", "{json}");
        let head = format!("time\treferrer\t{path}\t{query}");
        let row = "1\thttps://x/is/image/r/r?wid=9\t/is/image/a/b\twid=abc";
        assert_eq!(all(&[&head, row]), ["/is/image/a/b?wid=abc"], "{head}");
    }
}

#[test]
fn a_referer_is_never_what_was_asked_for() {
    let header = r#"{"x":1,"headers":[{"name":"Referer","value":"https://a/is/image/r/r?wid=1"}]}"#;
    assert_eq!(one(header), "");
    assert_eq!(one(r#"{"http_referrer":"https://a/is/image/r/r?wid=1"}"#), "");
}

#[test]
fn a_request_line_is_read_to_its_protocol() {
    for (sent, read) in [
        (r"$t=\x22hi\x22&wid=abc", "$t=%22hi%22&wid=abc"),
        (r#"$t=\"hi\"&wid=abc"#, "$t=%22hi%22&wid=abc"),
        ("$t=<b>&wid=abc", "$t=<b>&wid=abc"),
        ("$t=a b&wid=abc", "$t=a b&wid=abc"),
    ] {
        let line = format!(r#"1.2.3.4 - - [x] "GET /is/image/a/b?{sent} HTTP/1.1" 200 9 "-" "x""#);
        assert_eq!(one(&line), format!("/is/image/a/b?{read}"), "{line}");
    }
}

#[test]
fn each_url_of_a_long_line_is_found() {
    let line = r#"{"image":"https://x/is/image/a/b?wid=3"},"#.repeat(30_000);
    let found = all(&[&format!("[1,{line}")]);
    assert_eq!(found.len(), 30_000);
    assert!(found.iter().all(|url| url == "https://x/is/image/a/b?wid=3"));
}
