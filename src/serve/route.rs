//! The routes of a server.

use super::{preview, viewers};
use crate::http::{HttpRequest, Method};

/// What answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// A 405: the method is neither GET nor HEAD.
    MethodNotAllowed,
    /// `/health`: whether the server runs, and reaches its storage.
    Health,
    /// `/preview/…`: what the preview page reads.
    Preview,
    /// `/is/content/…`: a stored file.
    Content,
    /// `/is/image…`: an image, or a reply about one.
    Image,
    /// `/s7viewers/…`: the pages and scripts of viewers.
    Viewers,
    /// Any other path: a file of the page, or a 404.
    Other,
}

impl Route {
    /// The route of a request.
    pub fn of(request: &HttpRequest) -> Self {
        match request.path.as_str() {
            _ if request.method == Method::Other => Self::MethodNotAllowed,
            "/health" => Self::Health,
            "/is/image" => Self::Image,
            path if path.starts_with("/is/image/") => Self::Image,
            path if path.starts_with("/is/content/") => Self::Content,
            path if path.starts_with(preview::PREFIX) => Self::Preview,
            path if path.starts_with(viewers::PREFIX) => Self::Viewers,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_a_method_name_the_route() {
        let route = |method, path: &str| {
            Route::of(&HttpRequest { method, path: path.to_owned(), ..HttpRequest::default() })
        };
        for (path, wanted) in [
            ("/health", Route::Health),
            ("/is/image", Route::Image),
            ("/is/image/Shop/shoe", Route::Image),
            ("/is/imagery", Route::Other),
            ("/is/content/Shop/a.css", Route::Content),
            ("/is/content", Route::Other),
            ("/preview/catalog/Shop", Route::Preview),
            ("/s7viewers/html5/ZoomViewer.html", Route::Viewers),
            ("/viewers/zoom.js", Route::Other),
            ("/", Route::Other),
        ] {
            assert_eq!(route(Method::Get, path), wanted, "{path}");
            assert_eq!(route(Method::Head, path), wanted, "{path}");
            assert_eq!(route(Method::Other, path), Route::MethodNotAllowed, "{path}");
        }
    }
}
