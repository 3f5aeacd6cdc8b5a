//! `compression` and `chroma` of an image profile: how tiles are stored.

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

/// How tiles are compressed. Those of a picture with alpha are always lossless.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Lossless where the original has a palette, or where that is shorter; JPEG otherwise.
    #[default]
    Auto,
    /// JPEG.
    Jpeg,
    /// Deflate.
    Lossless,
}

/// How often JPEG tiles store colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Subsampling {
    /// For each pixel where coloured type would suffer, else for two by two.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// For two by two pixels: 4:2:0.
    #[serde(rename = "420")]
    Yuv420,
    /// For each pixel: 4:4:4.
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

/// The value of a key by its name; a number is as good as its digits in quotes.
fn one_of<'de, T: Copy, D: Deserializer<'de>>(
    key: &str,
    values: &[(&str, T)],
    from: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(from)?;
    let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let found = values.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
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

impl From<Subsampling> for originals::Subsampling {
    fn from(chroma: Subsampling) -> Self {
        match chroma {
            Subsampling::Auto => Self::Auto,
            Subsampling::Yuv420 => Self::Yuv420,
            Subsampling::Yuv444 => Self::Yuv444,
        }
    }
}
