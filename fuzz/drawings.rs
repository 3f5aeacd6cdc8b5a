//! Invariants of every SVG, even a damaged one.

use azulejo::{
    limits,
    pixel::{PixelFormat, Raster},
    svg::{Drawing, SvgImage, SvgPixels, SvgVariables, images, natural, texts},
    text::font::{Faces, FontMap},
};

/// The longest side of a drawn cell, in pixels.
const SIDE: f64 = 120.0;

/// Reads any bytes as an SVG, and draws it at two scales, or says why not. Returns whether it is
/// drawn.
pub fn check_drawing(bytes: &[u8]) -> Result<bool, String> {
    let named = |message: &str| match message.is_empty() {
        true => Err("an error without words".to_owned()),
        false => Ok(false),
    };
    if let Err(error) = natural(bytes) {
        named(&error.message)?;
    }
    let variables = SvgVariables::new([("color", "red"), ("radius", "7")].into_iter());
    let fonts = match texts(bytes, &variables) {
        Ok(texts) => Faces::choose(texts, &FontMap::default()).fonts(),
        Err(error) => return named(&error.message),
    };
    let fonts = fonts.map_err(|error| error.message)?;
    let embedded = match images(bytes, &variables) {
        Ok(embedded) => embedded,
        Err(error) => return named(&error.message),
    };
    let sizes = (4..).map(|side| [side, 2 * side]);
    let embedded = embedded.into_iter().zip(sizes);
    let embedded = embedded.map(|(image, size)| SvgImage { href: image.href, size });
    let embedded: Vec<SvgImage> = embedded.collect();
    let drawing = match Drawing::read(bytes, &variables, fonts, Some(&embedded)) {
        Ok(drawing) => drawing,
        Err(error) => return named(&error.message),
    };
    let size = drawing.size();
    let longer = f64::from(size.width.max(size.height));
    let mut drawn = false;
    for scale in [SIDE / longer, 2.7] {
        let side = |len: u32| ((f64::from(len) * scale).ceil().max(1.0)).min(SIDE) as u32;
        let cell = [side(size.width), side(size.height)];
        let matrix = [scale, 0.0, 0.0, scale, -3.25, 0.0];
        let (own, most) = (drawing.load(matrix, cell, false), drawing.load(matrix, cell, true));
        if own.memory > most.memory || own.work > most.work {
            return Err(format!("{own:?} of a cell, {most:?} of any"));
        }
        let reaches = most.reach > limits::SVG_REACH;
        if reaches || own.memory > 16 << 20 || own.work > 4_000_000 {
            continue;
        }
        let places = drawing.places(matrix, cell).map_err(|error| error.message)?;
        let shown =
            embedded.iter().zip(&places).map(|(SvgImage { size: [width, height], .. }, place)| {
                let mut raster = Raster::new(*width, *height, PixelFormat::RGBA);
                raster.data.fill(150);
                place.visible.then(|| SvgPixels::new([*width, *height], &raster, [0, 0]))
            });
        let shown: Vec<Option<SvgPixels>> = shown.collect();
        let pixels = drawing.draw(matrix, cell, &shown).map_err(|error| error.message)?;
        if pixels.len() != cell[0] as usize * cell[1] as usize * 4 {
            return Err(format!("{} bytes of {cell:?} pixels", pixels.len()));
        }
        drawn = true;
    }
    Ok(drawn)
}
