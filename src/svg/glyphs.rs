//! Tells the renderer which fonts there are, and which one a text is drawn in.

use std::sync::Arc;

use resvg::usvg::{
    FontFamily, FontResolver, FontStyle,
    fontdb::{Database, FaceInfo, ID, Source, Stretch, Style, Weight},
};

use super::SvgFonts;

/// The fonts as the renderer takes them: a database, and what chooses from it. It never looks at
/// the fonts of the system.
pub fn resolver(fonts: SvgFonts) -> (Arc<Database>, FontResolver<'static>) {
    let mut database = Database::new();
    let faces = fonts.faces.iter().map(|face| FaceInfo {
        id: ID::dummy(),
        source: Source::Binary(Arc::clone(&face.bytes)),
        index: 0,
        families: Vec::new(),
        post_script_name: String::new(),
        style: Style::Normal,
        weight: Weight::NORMAL,
        stretch: Stretch::Normal,
        monospaced: false,
    });
    let ids: Vec<ID> = faces.map(|face| database.push_face_info(face)).collect();
    let fallbacks: Vec<(ID, Vec<char>)> = fonts
        .fallbacks
        .iter()
        .filter_map(|face| Some((*ids.get(*face)?, fonts.faces.get(*face)?.characters.clone())))
        .collect();
    let select_font = move |font: &resvg::usvg::Font, _: &mut Arc<Database>| {
        let names = font.families().iter().filter_map(|family| match family {
            FontFamily::Named(name) => Some(name.as_str()),
            FontFamily::Serif
            | FontFamily::SansSerif
            | FontFamily::Cursive
            | FontFamily::Fantasy
            | FontFamily::Monospace => None,
        });
        let italic = font.style() != FontStyle::Normal;
        let face = fonts.find(names, font.weight() >= BOLD, italic)?;
        ids.get(face).copied()
    };
    let select_fallback = move |character: char, used: &[ID], _: &mut Arc<Database>| {
        let fits = |(id, characters): &&(ID, Vec<char>)| {
            !used.contains(id) && characters.binary_search(&character).is_ok()
        };
        fallbacks.iter().find(fits).map(|(id, _)| *id)
    };
    let resolver = FontResolver {
        select_font: Box::new(select_font),
        select_fallback: Box::new(select_fallback),
    };
    (Arc::new(database), resolver)
}

/// The least weight that is bold (CSS Fonts 4, section 5.2, with faces of 400 and 700).
const BOLD: u16 = 600;
