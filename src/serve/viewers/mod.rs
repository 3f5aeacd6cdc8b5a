//! `/s7viewers/…`: the addresses of Adobe's viewers, so that pages that embed them go on working.
//!
//! | path | reply |
//! | --- | --- |
//! | `/s7viewers/html5/<Name>.html` | a page that holds the viewer; its query has the parameters |
//! | `/s7viewers/html5/js/<Name>.js` | a script with the classes of `s7viewers` |
//! | `/s7viewers/libs/responsive_image.js` | the same script: it has `s7responsiveImage`, too |
//!
//! Page and script load the viewer from `/viewers/`, which are static files.

use crate::{
    http::{HttpReply, HttpRequest},
    reply::{self, tag_of, text::TEXT},
};

/// The path prefix of the routes.
pub const PREFIX: &str = "/s7viewers/";

/// Adobe's name of a viewer, the module in `/viewers/` that is it, and the title of its page.
const VIEWERS: [(&str, &str, &str); 12] = [
    ("BasicZoomViewer", "zoom", "Zoom viewer"),
    ("BeforeAfterViewer", "before-after", "Before and after"),
    ("CarouselViewer", "carousel", "Carousel"),
    ("FlyoutViewer", "flyout", "Flyout viewer"),
    ("InteractiveImage", "interactive-image", "Interactive image"),
    ("MixedMediaViewer", "mixed-media", "Mixed media viewer"),
    ("PanoramicImage", "panorama", "Panorama"),
    ("PanoramicViewer", "panorama", "Panorama"),
    ("SpinViewer", "spin", "Spin viewer"),
    ("VideoViewer", "video", "Video viewer"),
    ("ZoomVerticalViewer", "zoom", "Zoom viewer"),
    ("ZoomViewer", "zoom", "Zoom viewer"),
];

/// The script of all viewers: a script, not a module, since pages use its classes at once.
const SCRIPT: &str = include_str!("script.js");

const LIBRARY: &str = "libs/responsive_image.js";

/// A page loads scripts, images and videos of its own server only. Any site may embed it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors *";

/// Answers one request.
pub fn viewer(request: &HttpRequest) -> HttpReply {
    let file = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let reply = if file == LIBRARY {
        script()
    } else if let Some(name) = file.strip_prefix("html5/") {
        match (name.strip_prefix("js/"), name.strip_suffix(".html")) {
            (Some(name), _) => {
                find(name.strip_suffix(".js").unwrap_or(name)).map_or_else(missing, |_| script())
            }
            (None, Some(name)) => find(name).map_or_else(missing, page),
            (None, None) => missing(),
        }
    } else {
        missing()
    };
    reply::for_client(request, reply)
}

fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    VIEWERS.iter().find(|(other, ..)| *other == name)
}

/// The page of a viewer. `page.js` reads the parameters, so every query has the same page.
fn page((name, module, title): &(&str, &str, &str)) -> HttpReply {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\" data-viewer=\"{module}\" data-name=\"{name}\">\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/viewers/page.css\">\n\
         <link rel=\"modulepreload\" href=\"/viewers/{module}.js\">\n\
         <script type=\"module\" src=\"/viewers/page.js\"></script>\n\
         <main><h1>{title}</h1></main>\n<noscript>This viewer needs JavaScript.</noscript>\n</html>\n"
    );
    let mut reply = file("text/html; charset=utf-8", &text);
    reply.headers.push(("content-security-policy", POLICY.to_owned()));
    reply
}

fn script() -> HttpReply {
    file("text/javascript; charset=utf-8", SCRIPT)
}

/// A file, which browsers revalidate each time, as they do those of `/viewers/`.
fn file(media_type: &str, text: &str) -> HttpReply {
    let own = vec![
        ("content-type", media_type.to_owned()),
        ("etag", tag_of(text, None)),
        ("cache-control", "public, max-age=0, must-revalidate".to_owned()),
    ];
    HttpReply::new(200, own, text.as_bytes().to_vec())
}

/// A 404 that lists the viewers.
fn missing() -> HttpReply {
    let names: Vec<&str> = VIEWERS.iter().map(|(name, ..)| *name).collect();
    let text = format!(
        "No such viewer. Pages are at {PREFIX}html5/<Name>.html, scripts at \
         {PREFIX}html5/js/<Name>.js, where <Name> is one of {}.\n",
        names.join(", ")
    );
    let own = vec![
        ("content-type", TEXT.to_owned()),
        ("etag", "\"404\"".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ];
    HttpReply::new(404, own, text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    fn get(path: &str) -> HttpReply {
        viewer(&HttpRequest { path: path.to_owned(), ..HttpRequest::default() })
    }

    #[test]
    fn each_viewer_has_a_page_with_its_module_and_a_script() {
        for (name, module, _) in VIEWERS {
            let page = get(&format!("/s7viewers/html5/{name}.html"));
            let text = String::from_utf8(page.body.clone()).unwrap();
            assert_eq!(page.status, 200, "{name}");
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(text.contains(&format!("data-viewer=\"{module}\" data-name=\"{name}\"")));
            assert!(page.header("content-security-policy").unwrap().ends_with("frame-ancestors *"));
            let script = get(&format!("/s7viewers/html5/js/{name}.js"));
            assert_eq!((script.status, script.body.as_slice()), (200, SCRIPT.as_bytes()));
            assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
            assert!(
                SCRIPT.contains(&format!("{name}: \"{module}\"")),
                "{name} is not in the script"
            );
        }
        assert_eq!(get("/s7viewers/libs/responsive_image.js").body, SCRIPT.as_bytes());
    }

    #[test]
    fn names_of_no_viewer_are_404_and_the_names_are_listed() {
        for path in [
            "/s7viewers/",
            "/s7viewers/html5/",
            "/s7viewers/html5/.html",
            "/s7viewers/html5/eCatalogViewer.html",
            "/s7viewers/html5/ZoomViewer",
            "/s7viewers/html5/<script>.html",
            "/s7viewers/html5/js/eCatalogViewer.js",
        ] {
            let reply = get(path);
            assert_eq!(
                (reply.status, reply.header("cache-control")),
                (404, Some("no-store")),
                "{path}"
            );
            let text = String::from_utf8(reply.body).unwrap();
            assert!(
                text.contains("SpinViewer, VideoViewer") && !text.contains("<script>"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_page_that_the_browser_has_is_304() {
        let etag = get("/s7viewers/html5/ZoomViewer.html").header("etag").map(str::to_owned);
        let path = "/s7viewers/html5/ZoomViewer.html".to_owned();
        let request = HttpRequest { path, if_none_match: etag, ..HttpRequest::default() };
        assert_eq!(viewer(&request).status, 304);
        let head = viewer(&HttpRequest { method: Method::Head, if_none_match: None, ..request });
        assert!(head.status == 200 && head.body.is_empty());
    }
}
