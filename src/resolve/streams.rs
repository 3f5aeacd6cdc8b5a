//! `req=mbrSet`: the streams of a video set (r-mbrset).

use super::{Lookups, RequestContext, access::Named, set::member};
use crate::{
    catalog::{Attributes, ImageSet, Record},
    commands::{Manifest, ReplyFormat},
    error::{Error, Result},
    resolved::{ReplyData, Resolved, Streams},
    store::Together,
};

/// Lists the videos of the set whose bit rate is known and whose file type the manifest prefers.
pub async fn streams(
    resolved: &Resolved,
    context: (&RequestContext, Named),
    attributes: &Attributes,
    lookups: &Lookups<'_>,
) -> Result<ReplyData> {
    let usual = match resolved.answer.format {
        ReplyFormat::Xml => Manifest::Flash,
        ReplyFormat::Text | ReplyFormat::JavaScript | ReplyFormat::Json => Manifest::Apple,
    };
    let manifest = resolved.answer.manifest.unwrap_or(usual);
    let plain = resolved.answer.manifest.is_none();
    let Some(text) = super::set::text(resolved) else {
        return Ok(ReplyData::Streams(Streams { manifest, plain, streams: Vec::new() }));
    };
    let names = super::set::names(&ImageSet::parse(&text)?.rooted(&resolved.object.root))?;
    let mut answers = Together::new(names.iter().map(|name| member(name, context, lookups)));
    let mut videos = Vec::new();
    while let Some(found) = answers.next().await? {
        videos.extend(found.and_then(|found| video(found.record.as_ref()?)));
    }
    let (attribute, preferred, suffix) = match manifest {
        Manifest::Apple => ("HttpAppleStreamingContext", ["mp4", "f4v"], "m3u8"),
        Manifest::Flash => ("HttpFlashStreamingContext", ["f4v", "mp4"], "f4m"),
    };
    let is = |path: &str, kind: &str| path.to_ascii_lowercase().ends_with(&format!(".{kind}"));
    let kind = preferred.into_iter().find(|kind| videos.iter().any(|(path, _)| is(path, kind)));
    videos.retain(|(path, _)| kind.is_some_and(|kind| is(path, kind)));
    let prefix = attributes.text(attribute).trim_end_matches('/');
    if prefix.is_empty() && !videos.is_empty() {
        let message = format!(
            "req=mbrSet: the catalog has no {attribute}; set it to the URL of your streaming server"
        );
        return Err(Error::unsupported(message));
    }
    let root = attributes.static_root_path.as_deref().unwrap_or_default();
    let url = |path: &str| {
        let parts = [prefix, root, path.trim_start_matches('/')];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}.{suffix}", parts.join("/"))
    };
    let streams = videos.iter().map(|(path, rate)| (url(path), *rate)).collect();
    Ok(ReplyData::Streams(Streams { manifest, plain, streams }))
}

/// The path of a video and its bits per second; `None` if the record lacks either.
fn video(record: &Record) -> Option<(String, u64)> {
    let fields = &record.fields;
    let sum = || match (fields.video_bit_rate, fields.audio_bit_rate) {
        (None, None) => None,
        (video, audio) => Some(video.unwrap_or(0) + audio.unwrap_or(0)),
    };
    let rate = fields.total_stream_bit_rate.or_else(sum)?;
    Some((fields.path.clone().filter(|path| !path.is_empty())?, rate))
}
