//! Reads the fonts of a picture.

use std::rc::Rc;

use crate::{
    error::{Error, Result},
    limits,
    picture::Picture,
    store::{ByteRange, Fetched, Read, Store, Version, fetch},
    text::font::{self, Font, FontHandle, FontSource},
};

/// Opens the stored fonts that the picture uses: from the isolate's cache, or by reading their
/// files, several at once.
pub async fn read_fonts(picture: &mut Picture, store: &impl Store) -> Result<()> {
    let mut fonts = picture.fonts_mut();
    let reads = unread(&mut fonts)?;
    if reads.is_empty() {
        return Ok(());
    }
    let mut fetched = Fetched::default();
    fetch(store, &mut fetched, reads.clone()).await?;
    for read in reads {
        let bytes = fetched.object(&read.key).and_then(|object| object.get(read.range));
        let bytes =
            bytes.ok_or_else(|| Error::bad_source(format!("{}: it ends early", read.key)))?;
        let opened = Font::open(bytes.to_vec()).map_err(|mut error| {
            error.message = format!("{}: {}", read.key, error.message);
            error
        });
        let opened = Rc::new(opened?);
        if let Some(version) = &read.version {
            font::put(&read.key, version, &opened);
        }
        let same = |font: &&mut &mut FontHandle| font.key() == Some(&read.key);
        fonts.iter_mut().filter(same).for_each(|font| font.set_font(Rc::clone(&opened)));
    }
    Ok(())
}

/// Takes fonts from the cache, and returns the reads of the others. Fails if they are too long
/// together.
fn unread(fonts: &mut [&mut FontHandle]) -> Result<Vec<Read>> {
    let mut reads: Vec<Read> = Vec::new();
    let mut bytes = 0;
    for font in fonts {
        let FontSource::Stored { key, version } = &font.source else { continue };
        let version: Version = version
            .clone()
            .ok_or_else(|| Error::bug(format!("{key}: the font was not looked up")))?;
        if reads.iter().any(|read| read.key == *key) {
            continue;
        }
        if let Some(opened) = font::get(key, &version) {
            font.set_font(opened);
            continue;
        }
        let range = ByteRange::new(0, font.len);
        bytes += font.len;
        reads.push(Read { key: key.clone(), range, version: Some(version) });
    }
    if bytes > limits::FONT_BYTES {
        let limit = limits::FONT_BYTES;
        let message = format!("the fonts of the texts have {bytes} bytes, the limit is {limit}");
        return Err(Error::too_large(message));
    }
    Ok(reads)
}
