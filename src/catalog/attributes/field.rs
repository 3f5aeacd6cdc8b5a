//! Defaults of record fields, and the attributes of videos.

use super::{
    Attribute,
    Empty::Inherits,
    set::{accepted, full, numbers, positive, text},
};

const OF_RECORDS: &str = "each video's record has its own; req=mbrSet and req=set report it";

pub(super) const ATTRIBUTES: &[Attribute] = &[
    full("PrintResolution", "r-printresolution", Inherits, |attributes, args| {
        attributes.print_resolution = positive(args)?.to_f64();
        Ok(())
    }),
    full("Resolution", "r-resolution", Inherits, |attributes, args| {
        attributes.resolution = positive(args)?;
        Ok(())
    }),
    accepted("AudioBitRate", "r-audiobitrate", Inherits, OF_RECORDS, |attributes, args| {
        numbers(attributes, args, [1, 1])
    }),
    accepted("VideoBitRate", "r-videobitrate-cat", Inherits, OF_RECORDS, |attributes, args| {
        numbers(attributes, args, [1, 1])
    }),
    accepted(
        "TotalStreamBitRate",
        "r-totalstreambitrate",
        Inherits,
        OF_RECORDS,
        |attributes, args| numbers(attributes, args, [1, 1]),
    ),
    accepted("VideoSize", "r-videosize-cat", Inherits, OF_RECORDS, |attributes, args| {
        numbers(attributes, args, [2, 2])
    }),
    full("HttpAppleStreamingContext", "r-httpapplestreamingcontext", Inherits, text),
    full("HttpFlashStreamingContext", "r-httpflashstreamingcontext", Inherits, text),
];
