//! Defaults of record fields, and what only video has.

use super::{
    Attribute,
    Empty::Inherits,
    set::{full, kept, numbers, positive, text},
};

const NO_VIDEO: &str = "video is not streamed: req=set and mbrSet tell no rates";

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("PrintResolution", "r-printresolution", Inherits, |attributes, args| {
        attributes.print_resolution = positive(args)?;
        Ok(())
    }),
    full("Resolution", "r-resolution", Inherits, |attributes, args| {
        attributes.resolution = positive(args)?;
        Ok(())
    }),
    kept("AudioBitRate", "r-audiobitrate", Inherits, NO_VIDEO, |attributes, args| {
        numbers(attributes, args, [1, 1])
    }),
    kept("VideoBitRate", "r-videobitrate-cat", Inherits, NO_VIDEO, |attributes, args| {
        numbers(attributes, args, [1, 1])
    }),
    kept("TotalStreamBitRate", "r-totalstreambitrate", Inherits, NO_VIDEO, |attributes, args| {
        numbers(attributes, args, [1, 1])
    }),
    kept("VideoSize", "r-videosize-cat", Inherits, NO_VIDEO, |attributes, args| {
        numbers(attributes, args, [2, 2])
    }),
    kept(
        "HttpAppleStreamingContext",
        "r-httpapplestreamingcontext",
        Inherits,
        "video is not streamed",
        text,
    ),
    kept(
        "HttpFlashStreamingContext",
        "r-httpflashstreamingcontext",
        Inherits,
        "video is not streamed",
        text,
    ),
];
