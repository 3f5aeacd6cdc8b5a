//! Lifetimes, errors, default images and locales.

use super::{
    Attribute,
    Empty::{Counts, Inherits},
    set::{accepted, choice, full, hours, text},
    values,
};
use crate::catalog::locale::LocaleMap;

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("Expiration", "r-expiration", Inherits, |attributes, args| {
        attributes.expiration = hours(args)?;
        Ok(())
    }),
    // Ours, for operators who purge the caches in front of the server (K14).
    full("SharedExpiration", "", Counts, |attributes, args| {
        attributes.shared_expiration = match args.value {
            "" => None,
            _ => Some(hours(args)?),
        };
        Ok(())
    }),
    full("NonImgExpiration", "r-nonimgexpiration", Inherits, |attributes, args| {
        attributes.non_image_expiration = hours(args)?;
        Ok(())
    }),
    full("DefaultExpiration", "r-defaultexpiration", Inherits, |attributes, args| {
        attributes.default_expiration = hours(args)?;
        Ok(())
    }),
    accepted(
        "CacheValidationPolicy",
        "r-cachevalidationpolicy",
        Inherits,
        "caches always validate by the version of the stored object",
        |attributes, args| {
            choice(args, 0, 1, "0 for expiration or 1 for the catalog")?;
            text(attributes, args)
        },
    ),
    full("UseLastModified", "r-uselastmodified", Inherits, |attributes, args| {
        attributes.use_last_modified = values::flag(args)?;
        Ok(())
    }),
    full("ErrorDetail", "r-errordetail", Inherits, |attributes, args| {
        let wanted = "0 or 1 for the title, 2 for the message, 3 for debugging";
        attributes.errors.detail = choice(args, 0, 3, wanted)? as u8;
        Ok(())
    }),
    // Ours: r-errors prescribes 403, but crawlers and monitors expect 404 for a missing image (J1).
    full("MissingStatus", "", Inherits, |attributes, args| {
        attributes.errors.missing_status = match args.int(0)? {
            Some(403) => 403,
            Some(404) => 404,
            Some(_) | None => return Err(args.wrong("403 or 404")),
        };
        Ok(())
    }),
    full("ErrorImage", "r-errorimage", Counts, |attributes, args| {
        attributes.error_image = values::object(args)?;
        Ok(())
    }),
    full("DefaultImage", "r-is-cat-defaultimage", Counts, |attributes, args| {
        attributes.default_image = values::object(args)?;
        Ok(())
    }),
    full("DefaultImageMode", "r-defaultimagemode", Inherits, |attributes, args| {
        let mode = choice(args, 0, 1, "0 for the whole request or 1 for the missing layer")?;
        attributes.default_image_per_layer = mode == 1;
        Ok(())
    }),
    full("LocaleMap", "r-localemap", Counts, |attributes, args| {
        attributes.locale_map = LocaleMap::parse(args.command, args.value)?;
        Ok(())
    }),
    full("LocaleStrMap", "r-localestrmap", Counts, |attributes, args| {
        attributes.locale_str_map = LocaleMap::parse(args.command, args.value)?;
        Ok(())
    }),
    full("DefaultLocale", "r-defaultlocale", Counts, |attributes, args| {
        if !args.value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(args.wrong("a locale of printable ASCII characters"));
        }
        args.value.clone_into(&mut attributes.default_locale);
        Ok(())
    }),
    full("Bfc", "r-bfc", Inherits, |attributes, args| {
        attributes.convert = values::flag(args)?;
        Ok(())
    }),
];
