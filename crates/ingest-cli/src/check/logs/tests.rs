use super::*;

/// Reads the lines of a file. Returns the URLs and the state.
fn read(lines: &[&str]) -> (Vec<Located>, Log) {
    let (mut log, mut urls) = (Log::default(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        urls.extend(log.line(format!("{line}\n"), at + 1).unwrap());
    }
    urls.extend(log.end());
    (urls, log)
}

fn all(lines: &[&str]) -> Vec<String> {
    read(lines).0.into_iter().map(|(_, url)| url).collect()
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
    let line = r#"<img src="/_next/image?url=https%3A%2F%2Fh%2Fis%2Fimage%2Fa%2Fb%3Fwid%3D1%26hei%3D2&amp;w=640&q=75">"#;
    assert_eq!(all(&[line]), ["https://h/is/image/a/b?wid=1&hei=2"]);
    let line = "/is/image/a/b?src=(https:%2F%2Fh%2Fis%2Fimage%2Fa%2Fc)";
    assert_eq!(all(&[line]), [line]);
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
fn a_referer_is_not_a_requested_url() {
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

fn lines(text: &str) -> (Vec<Located>, Log) {
    read(&text.lines().collect::<Vec<_>>())
}

#[test]
fn json_of_several_lines_is_read_as_a_whole() {
    let text = r#"{
  "Records": [
    {
      "referer": "https://h/is/image/r/r?wid=9",
      "request": {"path": "/is/image/a/b", "query": "wid=1"}
    },
    { "request": {"path": "/about", "query": "x=/is/image/a/x"}, "method": "GET" },
    {
      "query": "wid=abc",
      "path": "/is/image/a/c"
    }
  ]
}
{"path":"/is/image/a/d"}"#;
    let (urls, log) = lines(text);
    let at = |line: usize, url: &str| (line, url.to_owned());
    assert_eq!(
        urls,
        [at(3, "/is/image/a/b?wid=1"), at(8, "/is/image/a/c?wid=abc"), at(14, "/is/image/a/d")]
    );
    assert!(log.warnings().is_empty(), "{:?}", log.warnings());
    // A truncated text is read as far as possible, with a warning.
    let (urls, log) = lines(text.get(..text.len() - 40).unwrap());
    assert_eq!(urls.len(), 2, "{urls:?}");
    assert!(log.warnings()[0].contains("a JSON value has no end"), "{:?}", log.warnings());
}

#[test]
fn lists_within_a_request_are_no_requests() {
    // AWS WAF.
    let line = r#"{"timestamp":1,"ruleGroupList":[{"ruleGroupId":"a"}],"httpRequest":{"uri":"/is/image/a/b","args":"wid=1","httpMethod":"GET","headers":[{"name":"Host","value":"h"}]},"labels":[{"name":"x"}]}"#;
    assert_eq!(one(line), "/is/image/a/b?wid=1");
    assert_eq!(
        one(r#"[{"url":"/is/image/a/b"},{"url":"/is/image/a/c","h":[{"name":"a"}]}]"#),
        "/is/image/a/b /is/image/a/c"
    );
}

#[test]
fn a_complete_url_is_not_a_query() {
    // Azure Application Gateway.
    let line = r#"{"properties":{"httpMethod":"GET","requestUri":"/is/image/a/b","requestQuery":"SERVER-ROUTED=1.2.3.4&wid=3","originalRequestUriWithArgs":"/is/image/a/b?wid=3"}}"#;
    assert_eq!(one(line), "/is/image/a/b?wid=3");
    assert_eq!(
        one(r#"{"request_uri":"/is/image/a/b","uri_with_args":"/is/image/a/b?wid=3"}"#),
        "/is/image/a/b"
    );
}

#[test]
fn a_har_file_contains_requested_urls() {
    let text = r#"{"log": {"version": "1.2", "pages": [{"id": "p", "title": "https://shop/"}], "entries": [
      {"request": {"method": "GET", "url": "https://shop/", "headers": [{"name": "Referer", "value": "https://h/is/image/r/r"}]},
       "response": {"content": {"text": "<img src=\"https://h/is/image/a/seen?wid=3\">"}}},
      {"_initiator": {"type": "parser", "url": "https://shop/"},
       "request": {"method": "GET", "url": "https://h/is/image/a/b?wid=3", "queryString": [{"name": "wid", "value": "3"}]}}
    ]}}"#;
    assert_eq!(lines(text).0, [(4, "https://h/is/image/a/b?wid=3".to_owned())]);
}

#[test]
fn each_image_of_a_feed_is_found() {
    // Shopify's products.json, a JSON feed, a script's list.
    let text = r#"{"products":[{"id":1,"body_html":"<img src=\"https://h/is/image/a/b?wid=3\">",
      "images":[{"src":"https://h/is/image/a/c"},{"src":"https://h/is/image/a/d"}]}]}"#;
    let found: Vec<String> = lines(text).0.into_iter().map(|(_, url)| url).collect();
    assert_eq!(
        found,
        ["https://h/is/image/a/b?wid=3", "https://h/is/image/a/c", "https://h/is/image/a/d"]
    );
    let line = r#"{"items":[{"url":"https://shop/p","image":"https://h/is/image/a/b","x":["https://h/is/image/a/c"]}]}"#;
    assert_eq!(one(line), "https://h/is/image/a/b https://h/is/image/a/c");
    assert_eq!(lines("[\n\"/is/image/a/b\",\n\"/is/image/a/c\"\n]").0.len(), 2);
    // Products by their ids.
    let by_id = |id| format!(r#""{id}":{{"url":"https://h/is/image/a/{id}?wid=3","x":"y"}}"#);
    let text = format!("{{{}}}", (0..1_000).map(by_id).collect::<Vec<_>>().join(","));
    assert_eq!(all(&[&text]).len(), 1_000);
    // In the order of the text, whatever the fields are called.
    let text = r#"{"b":[{"x":"/is/image/a/1"}],
      "a":[{"x":"/is/image/a/2"}]}"#;
    assert_eq!(lines(text).0, [(1, "/is/image/a/1".to_owned()), (2, "/is/image/a/2".to_owned())]);
    // Tables: Google Merchant, Google Search Console, Screaming Frog.
    let rows = [
        "id\ttitle\tlink\timage_link\tadditional_image_link",
        "1\tShoe\thttps://shop/p\thttps://h/is/image/a/b?wid=3\thttps://h/is/image/a/c,https://h/is/image/a/d",
    ];
    assert_eq!(all(&rows).len(), 2, "{:?}", all(&rows));
    let rows =
        ["Top pages,Clicks,CTR", "https://h/is/image/a/b?wid=3,10,1.5%", "https://shop/p,1,2%"];
    assert_eq!(all(&rows), ["https://h/is/image/a/b?wid=3"]);
    let line = "<g:image_link><![CDATA[https://h/is/image/a/b?wid=3]]></g:image_link>";
    assert_eq!(one(line), "https://h/is/image/a/b?wid=3");
    assert_eq!(
        one("<image:loc>https://h/is/image/a/b?wid=3&amp;hei=4</image:loc>"),
        "https://h/is/image/a/b?wid=3&amp;hei=4"
    );
}

#[test]
fn logs_within_logs_are_read() {
    let access = r#"1.2.3.4 - - [x] \"GET /is/image/a/b?wid=3 HTTP/1.1\" 200 9 \"https://h/is/image/r/r\" \"x\""#;
    for line in [
        format!(r#"{{"log":"{access}\n","stream":"stdout"}}"#),
        format!(r#"{{"logEvents":[{{"id":"1","message":"{access}"}}]}}"#),
        r#"{"message":"{\"path\":\"/is/image/a/b\",\"query\":\"wid=3\"}"}"#.to_owned(),
    ] {
        assert_eq!(one(&line), "/is/image/a/b?wid=3", "{line}");
    }
}

#[test]
fn custom_formats_are_read() {
    for line in [
        // Heroku, programs in Go, nginx with names before its variables.
        r#"at=info method=GET path="/is/image/a/b?wid=3" host=h fwd="1.2.3.4" status=200"#,
        r#"time=08:00 uri=/is/image/a/b args=wid=3 referer=https://h/is/image/r/r"#,
        r#"ts=1 level=info path=/is/image/a/b query="wid=3" referer="https://h/is/image/r/r""#,
        // nginx: each variable in quotes, or bars between them.
        r#""1.2.3.4" "/is/image/a/b" "wid=3" "200""#,
        "1.2.3.4|/is/image/a/b?wid=3|200|curl",
        "1.2.3.4|GET|/is/image/a/b|wid=3|200",
        // varnishlog
        "-   ReqURL         /is/image/a/b?wid=3",
    ] {
        assert_eq!(one(line), "/is/image/a/b?wid=3", "{line}");
    }
    for line in [
        "-   BereqURL       /is/image/a/b?wid=3",
        "-   ReqHeader      Referer: https://h/is/image/r/r",
        r#""1.2.3.4" "/about" referer="https://h/is/image/r/r""#,
        // Requests of another service.
        r#"1.2.3.4 - - [x] "GET /proxy?url=/is/image/a/b HTTP/1.1" 200 9 "-" "x""#,
        r#"{"path":"/search","query":"q=/is/image/a/b","method":"GET"}"#,
    ] {
        assert_eq!(one(line), "", "{line}");
    }
    // A list of images in one field.
    let line = "1|/is/image/a/b|/is/image/a/c?wid=3|https://h/is/image/a/d?wid=4";
    assert_eq!(
        all(&[line]),
        ["/is/image/a/b", "/is/image/a/c?wid=3", "https://h/is/image/a/d?wid=4"]
    );
    // CloudFront's real-time logs, all fields.
    let row = "1573672200.123\t192.0.2.1\t-\t0.002\t200\t163\tGET\thttps\td1.cloudfront.net\t/is/image/a/b?wid=3\t21\tFRA\tid\th\t0.1\tHTTP/2.0\tIPv4\tcurl\thttps://h/is/image/r/r\t-\twid=3\tHit\t-";
    assert_eq!(one(row), "/is/image/a/b?wid=3");
}

#[test]
fn a_log_without_queries_gives_a_warning() {
    let warnings = |lines: &[&str]| read(lines).1.warnings();
    let row = "2026-11-20\tGET\t/is/image/Shop/a";
    let found = warnings(&["#Fields: date cs-method cs-uri-stem", row, row]);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("cs-uri-stem is the path alone; log cs-uri-query, too"), "{found:?}");
    assert!(found[0].contains("(the fields are date, cs-method, cs-uri-stem)"), "{found:?}");
    let found = warnings(&[r#"{"ClientRequestPath":"/is/image/a/b","ClientIP":"1"}"#]);
    assert!(found[0].contains("log ClientRequestURI, too"), "{found:?}");
    let found = warnings(&["time,path", "1,/is/image/a/b"]);
    assert!(found[0].contains("path is the path alone; log query, too"), "{found:?}");
    // Where there is a query at all, some URLs have none.
    for queried in [
        vec![r#"{"path":"/is/image/a/b"}"#, r#"{"path":"/is/image/a/b","query":"wid=3"}"#],
        vec![r#"{"path":"/is/image/a/b"}"#, r#"{"path":"/is/image/a/b?wid=3"}"#],
        vec!["time,path,query", "1,/is/image/a/b,-"],
        vec![
            r#"{"ClientRequestPath":"/is/image/a/b"}"#,
            r#"{"ClientRequestURI":"/is/image/a/b?wid=3"}"#,
        ],
        vec!["GET /is/image/a/b HTTP/1.1"],
    ] {
        assert!(warnings(&queried).is_empty(), "{queried:?}");
    }
    let found = warnings(&["\"GET /is/image/a/b HTTP/1.1\" 200"; 20]);
    assert!(found[0].starts_with("none of its 20 URLs of images has a query"), "{found:?}");
}

#[test]
fn incomplete_urls_are_counted_and_not_returned() {
    let html = [
        r#"<div data-serverurl="https://h/is/image/" data-contenturl='https://h/is/content/'>"#,
        r#"params.serverUrl = "https://h/is/image"; var u = "/is/image/Shop/" + id;"#,
        "x = `/is/image/Shop/${id}?wid=3`; y = '/is/image/Shop/{id}?wid=3'",
        r#"<img src="/is/image/Shop/a?wid=3">"#,
    ];
    let (urls, log) = read(&html);
    assert_eq!(urls, [(4, "/is/image/Shop/a?wid=3".to_owned())]);
    assert_eq!((log.bases, log.without), (6, 3));
    assert_eq!(read(&[r#"{"serverUrl":"https://h/is/image/"}"#]).1.bases, 1);
    // In a log it was requested as it is.
    assert_eq!(one("GET /is/image/ HTTP/1.1"), "/is/image/");
}

#[test]
fn text_without_urls_gives_none() {
    for line in [
        "}",
        "],",
        "word",
        "*/",
        "*{margin:0}",
        "font:12px/1.5",
        "a\u{0}b/c",
        "\u{fffd}PNG/x",
        "transition:all",
        "Disallow:/is",
        "x(a/b)",
    ] {
        assert_eq!(one(line), "", "{line}");
    }
    for line in ["Shop/shoe", "Shop/shoe:Banner", "https://h/x", "Shop/a?src=is{a/b}"] {
        assert_eq!(one(line), line);
    }
    assert_eq!(one("/is/image/a/b?\u{1b}wid=3"), "/is/image/a/b?\u{1b}wid=3");
    assert_eq!(one("a/is/image/a/b\u{0}\u{1}?wid=3\u{1b}[31m"), "/is/image/a/b");
}

#[test]
fn a_header_is_the_first_line() {
    let lines = ["referer,path", "/is/image/r/r,/is/image/a/b"];
    assert_eq!(all(&lines), ["/is/image/a/b"]);
    assert_eq!(all(&["a text", lines[0], "/is/image/r/r"]), ["/is/image/r/r"]);
    assert_eq!(all(&["a text", lines[0], "/is/image/r/r,2"]), ["/is/image/r/r,2"]);
    assert_eq!(all(&["sep=;", "path;query", "/is/image/a/b;wid=3"]), ["/is/image/a/b?wid=3"]);
}
