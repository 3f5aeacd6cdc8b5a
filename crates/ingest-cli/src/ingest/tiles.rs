//! The keys `compression` and `chroma` of an image profile.

use azulejo::codec;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

/// The compression of tiles. A picture with alpha is always lossless.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Lossless if the original has a palette or if that is smaller; JPEG otherwise.
    #[default]
    Auto,
    /// JPEG.
    Jpeg,
    /// Deflate.
    Lossless,
}

/// Chroma subsampling of JPEG tiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Subsampling {
    /// 4:4:4 if 4:2:0 would damage coloured text, else 4:2:0.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// 4:2:0: one chroma sample for 2 × 2 pixels.
    #[serde(rename = "420")]
    Yuv420,
    /// 4:4:4: one chroma sample for each pixel.
    #[serde(rename = "444")]
    Yuv444,
}

impl<'de> Deserialize<'de> for Compression {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let values = [("auto", Self::Auto), ("jpeg", Self::Jpeg), ("lossless", Self::Lossless)];
        one_of("compression", &values, from)
    }
}

impl<'de> Deserialize<'de> for Subsampling {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        one_of(
            "chroma",
            &[("auto", Self::Auto), ("420", Self::Yuv420), ("444", Self::Yuv444)],
            from,
        )
    }
}

/// Parses the value of a key. A number is equivalent to its digits in quotes.
fn one_of<'de, T: Copy, D: Deserializer<'de>>(
    key: &str,
    values: &[(&str, T)],
    from: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(from)?;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let found = values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    found.ok_or_else(|| D::Error::custom(format!("{key} = {value}: expected {}", names.join(", "))))
}

impl From<Compression> for originals::Compression {
    fn from(compression: Compression) -> Self {
        match compression {
            Compression::Auto => Self::Auto,
            Compression::Jpeg => Self::Jpeg,
            Compression::Lossless => Self::Lossless,
        }
    }
}

impl From<Subsampling> for Option<codec::Subsampling> {
    fn from(subsampling: Subsampling) -> Self {
        match subsampling {
            Subsampling::Auto => None,
            Subsampling::Yuv420 => Some(codec::Subsampling::Yuv420),
            Subsampling::Yuv444 => Some(codec::Subsampling::Yuv444),
        }
    }
}
