//! The fields of catalog data files that a record stores (c-image-data-reference).

use serde::{Deserialize, Serialize};

use crate::{error::Result, protocol::Args, ratio::Ratio};

use super::attributes::timestamp;

/// The fields of an object in catalog data files. `None` is a field that is empty or missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fields {
    /// `catalog::Path`: the image file. Empty for a template without an image; `None` for the
    /// object's own image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `catalog::MaskPath`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_path: Option<String>,
    /// `catalog::Modifier`: commands that the request can override.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modifier: Option<String>,
    /// `catalog::PostModifier`: commands that override the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_modifier: Option<String>,
    /// `catalog::Expiration` in hours; −1 never expires, −2 uses the catalog's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<f64>,
    /// `catalog::Anchor`: x and y in pixels of the full image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anchor: Option<[i64; 2]>,
    /// `catalog::Resolution` in pixels per inch, or another unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<f64>,
    /// `catalog::PrintResolution` in pixels per inch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_resolution: Option<f64>,
    /// `catalog::ThumbType`: 1 crop, 2 fit, 3 texture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb_type: Option<u8>,
    /// `catalog::ThumbRes`, in the unit of `Resolution`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb_res: Option<f64>,
    /// `catalog::Map`: HTML `<AREA>` elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// `catalog::Targets`: zoom targets, in the syntax of properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<String>,
    /// `catalog::TimeStamp` in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_stamp: Option<f64>,
    /// `catalog::VideoSize`: width × height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_size: Option<[u32; 2]>,
    /// `catalog::VideoBitRate` in bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_bit_rate: Option<u64>,
    /// `catalog::AudioBitRate` in bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio_bit_rate: Option<u64>,
    /// `catalog::TotalStreamBitRate` in bits per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_stream_bit_rate: Option<u64>,
    /// `catalog::UserType`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_type: Option<String>,
}

impl Fields {
    /// Sets a field from a data file. An empty value clears it, except `Path`; so does a malformed
    /// `TimeStamp`. Returns false for a field that is not stored here.
    pub fn set(&mut self, name: &str, value: &str) -> Result<bool> {
        let args = Args { command: name, value };
        let text = || (!value.is_empty()).then(|| value.to_owned());
        match name.to_ascii_lowercase().as_str() {
            // An empty path is that of a template without an image.
            "path" => self.path = Some(value.to_owned()),
            "maskpath" => self.mask_path = text(),
            "modifier" => self.modifier = text(),
            "postmodifier" => self.post_modifier = text(),
            "expiration" => self.expiration = hours(&args)?,
            "anchor" => self.anchor = anchor(&args)?,
            "resolution" => self.resolution = factor(&args)?,
            "printresolution" => self.print_resolution = factor(&args)?,
            "thumbtype" => self.thumb_type = thumb_type(&args)?,
            "thumbres" => self.thumb_res = factor(&args)?,
            "map" => self.map = text(),
            "targets" => self.targets = text(),
            "timestamp" => self.time_stamp = timestamp(value),
            "videosize" => self.video_size = args.pixels(0)?.zip(args.pixels(1)?).map(Into::into),
            "videobitrate" => self.video_bit_rate = rate(&args)?,
            "audiobitrate" => self.audio_bit_rate = rate(&args)?,
            "totalstreambitrate" => self.total_stream_bit_rate = rate(&args)?,
            "usertype" => self.user_type = text(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The lifetime in hours that the record sets; `None` if the catalog's applies (unset or −2).
    pub fn own_expiration(&self) -> Option<f64> {
        self.expiration.filter(|hours| *hours != -2.0)
    }
}

fn factor(args: &Args) -> Result<Option<f64>> {
    Ok(args.factor(0)?.map(Ratio::to_f64))
}

fn rate(args: &Args) -> Result<Option<u64>> {
    match args.real(0)? {
        None => Ok(None),
        Some(bits) if (0.0..=1e12).contains(&bits) => Ok(Some(bits as u64)),
        Some(_) => Err(args.wrong("bits per second")),
    }
}

fn hours(args: &Args) -> Result<Option<f64>> {
    match args.real(0)? {
        Some(hours) if hours < 0.0 && hours != -1.0 && hours != -2.0 => {
            Err(args.wrong("hours, 0 or more, -1 for never, -2 for the catalog's"))
        }
        hours => Ok(hours),
    }
}

fn anchor(args: &Args) -> Result<Option<[i64; 2]>> {
    match (args.int(0)?, args.int(1)?) {
        (Some(x), Some(y)) => Ok(Some([x, y])),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(args.wrong("x,y in pixels")),
    }
}

fn thumb_type(args: &Args) -> Result<Option<u8>> {
    match args.int(0)? {
        None | Some(0) => Ok(None),
        Some(kind @ 1..=3) => Ok(Some(kind as u8)),
        Some(_) => Err(args.wrong("1 crop, 2 fit or 3 texture")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_ignored_but_an_empty_path_is_not() {
        let mut fields = Fields::default();
        for name in ["Expiration", "Anchor", "Resolution", "ThumbType", "Modifier", "TimeStamp"] {
            assert!(fields.set(name, "").unwrap(), "{name}");
        }
        assert_eq!(fields, Fields::default());
        fields.set("Path", "").unwrap();
        assert_eq!(fields.path.as_deref(), Some(""));
    }

    #[test]
    fn bad_values_name_their_field() {
        for (name, value) in [("Expiration", "-3"), ("Anchor", "5"), ("ThumbType", "4")] {
            let error = Fields::default().set(name, value).unwrap_err();
            assert!(error.message.starts_with(&format!("{name}={value}: ")), "{error}");
        }
        assert!(!Fields::default().set("Colour", "red").unwrap());
    }

    #[test]
    fn videos_have_a_size_and_rates() {
        let mut fields = Fields::default();
        fields.set("VideoSize", "512,288").unwrap();
        fields.set("VideoBitRate", "400000").unwrap();
        fields.set("TotalStreamBitRate", "").unwrap();
        let rates = (fields.video_bit_rate, fields.audio_bit_rate, fields.total_stream_bit_rate);
        assert_eq!((fields.video_size, rates), (Some([512, 288]), (Some(400_000), None, None)));
        assert!(fields.set("AudioBitRate", "-1").is_err());
    }

    #[test]
    fn an_expiration_of_minus_two_is_the_catalogs() {
        let mut fields = Fields::default();
        fields.set("Expiration", "-2").unwrap();
        assert_eq!(fields.own_expiration(), None);
        fields.set("Expiration", "-1").unwrap();
        assert_eq!(fields.own_expiration(), Some(-1.0));
    }
}
