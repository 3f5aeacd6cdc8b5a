//! The requests that the images of a document name (r-svg-support, "Image references").

use resvg::usvg::{
    Image, ImageKind,
    roxmltree::{self, Document},
};

use super::{ImageHref, SvgVariables, document, document::SVG, substitute};
use crate::{
    error::{Error, Result},
    limits,
};

/// What the images of a document with its variables name, each once. Fails for more than a request
/// may nest.
pub fn images(bytes: &[u8], variables: &SvgVariables) -> Result<Vec<ImageHref>> {
    let text = document::text(bytes)?;
    let written = document::parse(&text)?;
    let filled = substitute::variables(&written, variables)?;
    let filled = filled.as_deref().map(document::parse).transpose()?;
    distinct(filled.as_ref().unwrap_or(&written), &written)
}

fn distinct(document: &Document, written: &Document) -> Result<Vec<ImageHref>> {
    let mut all: Vec<ImageHref> = Vec::new();
    for href in document.descendants().filter_map(href) {
        if all.iter().any(|known| known.href == href) {
            continue;
        }
        if all.len() >= limits::NESTED_REQUESTS {
            let limit = limits::NESTED_REQUESTS;
            return Err(Error::too_large(format!(
                "the SVG shows more than {limit} different images; show several of them by one \
                 request with layers"
            )));
        }
        let is_written = written.descendants().any(|node| self::href(node) == Some(href));
        let has_variables = !is_written || href.contains('$');
        all.push(ImageHref { href: href.to_owned(), has_variables });
    }
    Ok(all)
}

/// Whether a document has images.
pub fn has_images(document: &Document) -> bool {
    document.descendants().any(|node| href(node).is_some())
}

/// What an image names. An image that names nothing is not drawn.
pub fn href<'a>(node: roxmltree::Node<'a, '_>) -> Option<&'a str> {
    let href = document::href(node).filter(|_| node.has_tag_name((SVG, "image")))?;
    Some(href.trim()).filter(|href| !href.is_empty())
}

/// The request that a `href` names, as the text of a nested request. Fails for anything else: no file
/// and no other server is ever read.
pub fn embedded_request(href: &str) -> Result<&str> {
    let (url, _) = href.split_once('#').unwrap_or((href, ""));
    let scheme = ["http://", "https://"].iter().find(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    // Of a complete URL, the host does not count.
    let path = scheme.and_then(|scheme| {
        let rest = url.get(scheme.len()..)?;
        rest.find('/').and_then(|at| rest.get(at..))
    });
    let path = if scheme.is_some() { path.unwrap_or_default() } else { url };
    let request = path.strip_prefix("/is/image");
    let request = request.filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    request.map(|request| request.trim_start_matches('/')).ok_or_else(|| {
        let what: String = href.chars().take(60).collect();
        Error::unsupported(format!(
            "the SVG shows an image ({what}), which is unsupported: expected a request for this \
             server, as in href=\"/is/image/rootId/id?wid=300\"; ingest the image"
        ))
    })
}

/// What stands for the pixels of an image in the renderer's tree: the head of a PNG file, which tells
/// its size, and then its number.
pub fn placeholder(number: u32, [width, height]: [u32; 2]) -> Vec<u8> {
    let head = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes()];
    [&head.concat(), height.to_be_bytes().as_slice(), &number.to_be_bytes()].concat()
}

/// The number of an image of the renderer's tree; `None` for the picture of a glyph.
pub fn number(image: &Image) -> Option<usize> {
    let ImageKind::PNG(stands) = image.kind() else { return None };
    let number = stands.get(24..)?;
    number.try_into().ok().map(|number| u32::from_be_bytes(number) as usize)
}

#[cfg(test)]
mod tests {
    use resvg::usvg::{ImageHrefResolver, Node, Options, Tree};

    use super::*;
    use crate::svg::document::XLINK;

    fn hrefs(body: &str) -> Result<Vec<String>> {
        let text = format!("<svg xmlns='{SVG}' xmlns:x='{XLINK}'>{body}</svg>");
        let variables =
            SvgVariables::new([("a", "/is/image/Shop/a?wid=9"), ("b", "9")].into_iter());
        let images = images(text.as_bytes(), &variables)?;
        let mark = |image: &ImageHref| if image.has_variables { "!" } else { "" };
        Ok(images.iter().map(|image| [mark(image), &image.href].concat()).collect())
    }

    #[test]
    fn hrefs_are_found_once_and_their_queries_stay_as_written() {
        let body = "<g><image href=' a '/><image x:href='b'/><image x:href='b' href='c'/></g>\
                    <image/><image href=''/><image href='a'/><use href='d'/>\
                    <image href='/is/image/$b$?src=$a$&amp;wid=$b$'/><image href='$a$&amp;x?hei=$b$'/>";
        let expected =
            ["a", "b", "c", "!/is/image/$b$?src=$a$&wid=$b$", "!/is/image/Shop/a?wid=9&x?hei=$b$"];
        assert_eq!(hrefs(body).unwrap(), expected);
        let many: String = (0..1000).map(|n| format!("<image href='{n}'/>")).collect();
        assert!(hrefs(&many).unwrap_err().message.contains("more than 32 different images"));
        assert_eq!(hrefs(&"<image href='a'/>".repeat(1000)).unwrap(), ["a"]);
    }

    #[test]
    fn only_requests_for_this_server_are_followed() {
        for (href, request) in [
            ("/is/image/Shop/a?wid=9", "Shop/a?wid=9"),
            ("/is/image?src=$img$&wid=300", "?src=$img$&wid=300"),
            ("/is/image", ""),
            ("http://www.example.com/is/image/Shop/a#top", "Shop/a"),
            ("HTTPS://www.example.com:8443/is/image/Shop/a?hei=4", "Shop/a?hei=4"),
        ] {
            assert_eq!(embedded_request(href).unwrap(), request, "{href}");
        }
        for href in [
            "data:image/png;base64,AAAA",
            "http://www.example.com/other/is/image/a",
            "http://www.example.com",
            "https:///is/content/a",
            "//www.example.com/is/image/a",
            "ftp://www.example.com/is/image/a",
            "/is/images/a",
            "/is/content/Shop/a",
            "/etc/passwd",
            "is/image/Shop/a",
            "file:///is/image/Shop/a",
            "#a",
        ] {
            let message = embedded_request(href).unwrap_err().message;
            assert!(message.contains(&format!("shows an image ({href})")), "{message}");
            assert!(message.contains("href=\"/is/image/"), "{message}");
        }
    }

    #[test]
    fn a_placeholder_has_the_size_and_the_number() {
        let resolver = ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| Some(ImageKind::PNG(placeholder(7, [64, 48]).into()))),
        };
        let options = Options { image_href_resolver: resolver, ..Options::default() };
        let text = format!("<svg xmlns='{SVG}' width='9' height='9'><image href='a'/></svg>");
        let tree = Tree::from_str(&text, &options).unwrap();
        let Node::Group(group) = &tree.root().children()[0] else { panic!("{tree:?}") };
        let Node::Image(image) = &group.children()[0] else { panic!("{group:?}") };
        assert_eq!((number(image), image.size().width()), (Some(7), 64.0));
    }
}
