//! A document that is ready to be drawn.

use std::sync::Arc;

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        Group, ImageHrefResolver, ImageKind, Node, Options, Paint, Path, Tree, roxmltree::Document,
    },
};
use sha2::{Digest, Sha256};

use super::{
    Load, SvgFonts, SvgImage, SvgPixels, SvgPlace, SvgVariables, document, expansion, glyphs,
    images, load, load::Counting, places, size, substitute, with_images::WithImages,
};
use crate::{
    error::{Error, ErrorKind, Result},
    geometry::{Size, SourceSpace},
    limits,
};

/// A document with its variables inserted.
#[derive(Debug)]
pub struct Drawing {
    size: Size<SourceSpace>,
    tree: Tree,
    hash: [u8; 16],
    memory: u64,
    /// How many images it embeds; `None` if their sizes are not known, so that it cannot be drawn.
    images: Option<usize>,
}

impl Drawing {
    /// Reads a document, inserts variables into it, and draws its texts in these fonts. Fails if it
    /// is damaged, too complex, or has what is not drawn as browsers draw it. Without `images`, only
    /// the size of a document with images is known.
    pub fn read(
        bytes: &[u8],
        variables: &SvgVariables,
        fonts: SvgFonts,
        images: Option<&[SvgImage]>,
    ) -> Result<Self> {
        let text = document::text(bytes)?;
        let written = document::parse(&text)?;
        let filled = substitute::variables(&written, variables)?;
        drop(written);
        let text = filled.as_deref().unwrap_or(&text);
        let document = document::parse(text)?;
        let elements = expansion::checked(&document, &fonts)?;
        let sides = size::sides(document.root_element())?;
        let size = size::rounded(sides)?;
        let sized = substitute::sides(document.root_element(), text, sides)?;
        let mut digest = Sha256::new_with_prefix(text.as_bytes());
        for face in &fonts.faces {
            digest.update([0, face.bold.into(), face.italic.into()]);
            digest.update(face.names.concat());
            digest.update(&face.id);
        }
        for SvgImage { href, size: [width, height] } in images.unwrap_or_default() {
            digest.update(format!("{width},{height},{href}\0"));
        }
        let images = known(&document, images)?;
        let options = options(fonts, images.unwrap_or_default().to_vec());
        let tree = match &sized {
            None => Tree::from_xmltree(&document, &options),
            Some(text) => {
                drop(document);
                Tree::from_xmltree(&document::parse(text)?, &options)
            }
        };
        let tree =
            tree.map_err(|error| Error::bad_source(format!("the SVG is damaged: {error}")))?;
        let mut nodes = Nodes::default();
        nodes.count(tree.root())?;
        let images = images.map(<[SvgImage]>::len);
        if images.is_some_and(|images| images > 0) {
            places::check(tree.root())?;
        }
        let memory = elements * 1024 + nodes.nodes * 1024 + nodes.points * 24;
        let hash = digest.finalize().first_chunk::<16>().copied().unwrap_or_default();
        Ok(Self { size, tree, hash, memory, images })
    }

    /// Its size in pixels.
    pub fn size(&self) -> Size<SourceSpace> {
        self.size
    }

    /// A hash of its text with the variables in it, and of its fonts.
    pub fn hash(&self) -> [u8; 16] {
        self.hash
    }

    /// Bytes of memory that it takes, at most.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// Where its images are drawn on a cell, by their numbers. Fails if their sizes are not known.
    pub fn places(&self, matrix: [f64; 6], size: [u32; 2]) -> Result<Vec<SvgPlace>> {
        let images = self.images.ok_or_else(changed)?;
        Ok(places::places(self.tree.root(), self.transform(matrix), size, images))
    }

    /// What drawing a cell takes at most. `matrix` maps pixels of the document to pixels of the
    /// cell: x is `a·x + c·y + e`, y is `b·x + d·y + f`. With `anywhere` it holds for any cell of
    /// the size, wherever it lies.
    pub fn load(&self, matrix: [f64; 6], size: [u32; 2], anywhere: bool) -> Load {
        let has_images = self.images.is_some_and(|images| images > 0);
        Counting::load(self.tree.root(), self.transform(matrix), size, (anywhere, has_images))
    }

    /// Draws a cell with these images: red, green, blue and alpha of its pixels.
    pub fn draw(
        &self,
        matrix: [f64; 6],
        [width, height]: [u32; 2],
        images: &[Option<SvgPixels>],
    ) -> Result<Vec<u8>> {
        let pixmap = Pixmap::new(width, height);
        let mut pixmap = pixmap.ok_or_else(|| Error::bug("a cell of an SVG has no pixels"))?;
        let transform = self.transform(matrix);
        match self.images {
            None | Some(0) => resvg::render(&self.tree, transform, &mut pixmap.as_mut()),
            Some(_) => WithImages(images).nodes(self.tree.root(), transform, &mut pixmap),
        }
        let mut pixels = pixmap.take();
        for pixel in pixels.as_chunks_mut::<4>().0 {
            let [.., alpha] = *pixel;
            if !matches!(alpha, 0 | 255) {
                let alpha = u32::from(alpha);
                let color = |premultiplied: u8| {
                    let color = (u32::from(premultiplied) * 255 + alpha / 2) / alpha;
                    color.min(255) as u8
                };
                let [r, g, b, _] = pixel.map(color);
                *pixel = [r, g, b, alpha as u8];
            }
        }
        Ok(pixels)
    }

    /// The transform from the units of the document, whose size need not be whole pixels.
    fn transform(&self, [a, b, c, d, e, f]: [f64; 6]) -> Transform {
        let size = self.tree.size();
        let x = f64::from(self.size.width) / f64::from(size.width());
        let y = f64::from(self.size.height) / f64::from(size.height());
        let [sx, ky, kx, sy, tx, ty] = [a * x, b * x, c * y, d * y, e, f].map(|n| n as f32);
        Transform::from_row(sx, ky, kx, sy, tx, ty)
    }
}

/// The images of a document; `None` for one with images of which no size is known. Fails if that of
/// any is missing.
fn known<'a>(
    document: &Document,
    images: Option<&'a [SvgImage]>,
) -> Result<Option<&'a [SvgImage]>> {
    let is_known = |href: &str| images.unwrap_or_default().iter().any(|image| image.href == href);
    let mut hrefs = document.descendants().filter_map(images::href);
    match (hrefs.find(|href| !is_known(href)), images) {
        (None, _) => Ok(Some(images.unwrap_or_default())),
        (Some(_), None) => Ok(None),
        (Some(_), Some(_)) => Err(changed()),
    }
}

fn changed() -> Error {
    Error::new(ErrorKind::Changed, "the SVG was replaced while its images were looked up")
}

/// Options that read nothing but the document and the fonts. Placeholders stand for images.
fn options(fonts: SvgFonts, images: Vec<SvgImage>) -> Options<'static> {
    let placeholder = move |href: &str, _: &Options| {
        let number = images.iter().position(|image| image.href == href.trim())?;
        let size = images.get(number)?.size;
        let stands = images::placeholder(u32::try_from(number).ok()?, size);
        Some(ImageKind::PNG(Arc::new(stands)))
    };
    let (fontdb, font_resolver) = glyphs::resolver(fonts);
    Options {
        fontdb,
        font_resolver,
        // As in browsers (CSS Fonts 4, section 2.5).
        font_size: 16.0,
        font_family: String::new(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(placeholder),
        },
        ..Options::default()
    }
}

/// The nodes of a tree, with those of its masks, patterns and clip paths.
#[derive(Default)]
struct Nodes {
    nodes: u64,
    points: u64,
}

impl Nodes {
    fn count(&mut self, group: &Group) -> Result<()> {
        for node in group.children() {
            self.nodes += 1;
            match node {
                Node::Group(group) => self.count(group)?,
                Node::Path(path) => self.path(path)?,
                // The paths of a text are a subroot.
                Node::Image(_) | Node::Text(_) => {}
            }
            let mut inner = Ok(());
            node.subroots(|group| {
                if inner.is_ok() {
                    inner = self.count(group);
                }
            });
            inner?;
        }
        Ok(())
    }

    fn path(&mut self, path: &Path) -> Result<()> {
        self.points += path.data().points().len() as u64;
        for paint in
            [path.fill().map(|fill| fill.paint()), path.stroke().map(|stroke| stroke.paint())]
        {
            let gradient = match paint {
                Some(Paint::LinearGradient(gradient)) => Some(gradient.stops()),
                Some(Paint::RadialGradient(gradient)) => Some(gradient.stops()),
                Some(Paint::Color(_) | Paint::Pattern(_)) | None => None,
            };
            self.points += gradient.map_or(0, |stops| stops.len() as u64);
        }
        let dashes = path.stroke().map_or(0.0, |stroke| load::dashes(stroke, load::length(path)));
        if dashes > limits::SVG_DASHES {
            let limit = limits::SVG_DASHES;
            let message =
                format!("the SVG has a line of more than {limit} dashes; make them longer");
            return Err(Error::too_large(message));
        }
        Ok(())
    }
}
