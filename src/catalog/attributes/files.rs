//! Names, folders and files of a catalog. Only `azulejo publish` reads the files.

use super::{
    Attribute,
    Empty::{Counts, Inherits},
    set::{accepted, full, text},
    values,
};

const READ: &str = "read by azulejo publish";

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("RootId", "r-rootid", Inherits, text),
    full("RootPath", "r-rootpath", Counts, |attributes, args| {
        attributes.root_path = Some(values::folder(args, "assets")?);
        Ok(())
    }),
    accepted("CatalogFile", "r-catalogfile", Inherits, READ, text),
    accepted("MacroFile", "r-macrofile", Inherits, READ, text),
    accepted("FontMapFile", "r-fontmapfile", Inherits, READ, text),
    accepted("IccProfileMapFile", "r-iccprofilemapfile", Inherits, READ, text),
    accepted("RuleSetFile", "r-rulesetfile", Inherits, READ, text),
    accepted("StaticContentCatalogFile", "r-staticcontentcatalogfile", Inherits, READ, text),
    accepted("SvgCatalogFile", "r-svgcatalogfile", Inherits, READ, text),
    full("StaticContentRootPath", "r-staticcontentrootpath", Counts, |attributes, args| {
        attributes.static_root_path = Some(values::folder(args, "content")?);
        Ok(())
    }),
    accepted("SavePath", "r-savepath", Counts, "req=saveToFile is unsupported", text),
    full("DefaultExt", "r-defaultext", Counts, |attributes, args| {
        if !args.value.is_empty() && (args.value.len() < 2 || !args.value.starts_with('.')) {
            return Err(args.wrong("a suffix that begins with a dot, such as .jpg"));
        }
        args.value.clone_into(&mut attributes.default_ext);
        Ok(())
    }),
    full("FullMatch", "r-fullmatch", Inherits, |attributes, args| {
        attributes.full_match = values::flag(args)?;
        Ok(())
    }),
    full("PublishInfo", "r-publishinfo", Inherits, text),
    full("TimeStamp", "r-timestamp", Inherits, |attributes, args| {
        // "If the date/time value is not formatted correctly, it is ignored."
        attributes.time_stamp = values::timestamp(args.value).or(attributes.time_stamp);
        Ok(())
    }),
];
