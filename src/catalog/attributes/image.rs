//! Defaults of the view and of the output; watermarks, effects and fonts.

use super::{
    Attribute,
    Empty::{Counts, Inherits},
    set::{choice, flag, full, size, text},
    values,
};
use crate::{codec::Subsampling, color::Color, commands::Support, resample::Kernel};

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("DefaultPix", "r-defaultpix", Inherits, |attributes, args| {
        attributes.default_pix = size(args)?;
        Ok(())
    }),
    full("MaxPix", "r-maxpix", Inherits, |attributes, args| {
        attributes.max_pix = size(args)?;
        Ok(())
    }),
    // Our extension, for pages that were made for servers that enlarge images.
    full("Upscale", "", Inherits, |attributes, args| {
        attributes.upscale = values::flag(args)?;
        Ok(())
    }),
    full("BkgColor", "r-bkgcolor", Inherits, |attributes, args| {
        attributes.background = Color::parse(args.command, args.value)?;
        Ok(())
    }),
    full("JpegQuality", "r-jpegquality", Inherits, |attributes, args| {
        let quality = args.within(0, 1.0, 100.0)?.unwrap_or(80.0) as u8;
        let full = args.switch(1)?.unwrap_or(false);
        let subsampling = if full { Subsampling::Yuv444 } else { Subsampling::Yuv420 };
        attributes.jpeg_quality = (quality, subsampling);
        Ok(())
    }),
    full("ResMode", "r-is-cat-resmode", Inherits, |attributes, args| {
        attributes.res_mode = match choice(args, 1, 4, "1 sharp, 2 bilin, 3 bicub or 4 sharp2")? {
            1 => Kernel::Sharp,
            2 => Kernel::Bilin,
            3 => Kernel::Bicub,
            _ => Kernel::Sharp2,
        };
        Ok(())
    }),
    full("Watermark", "r-watermark", Counts, text),
    Attribute {
        name: "DigimarcId",
        doc: "r-digimarcid",
        empty: Inherits,
        support: Support::Refused,
        set: |_, args| Err(not_supported(args, "Digimarc watermarks are unsupported")),
    },
    Attribute {
        name: "DigimarcInfo",
        doc: "r-digimarcinfo",
        empty: Inherits,
        support: Support::Refused,
        // "0,0,0,0" disables Digimarc watermarking.
        set: |attributes, args| match args.int(0)? {
            Some(0) | None => text(attributes, args),
            Some(_) => Err(not_supported(args, "Digimarc watermarks are unsupported")),
        },
    },
    full("ApplyEffectMask", "r-applyeffectmask", Inherits, |attributes, args| {
        attributes.effect_mask = values::flag(args)?;
        Ok(())
    }),
    full("DefaultFont", "r-defaultfont", Inherits, text),
    full("SynthesizeFontStyles", "r-synthesizefontstyles", Inherits, flag),
];

fn not_supported(args: &crate::protocol::Args, why: &str) -> crate::error::Error {
    let message = format!("{}={}: {why}; leave it empty", args.command, args.value);
    crate::error::Error::unsupported(message)
}
