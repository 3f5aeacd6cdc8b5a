//! The types of sets and of their members.

/// The type of a set or of a member, as `req=set` reports it (r-media-set-requests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKind {
    /// One image.
    Image,
    /// Images; each may have a swatch.
    Images,
    /// Views around an object. If the members are sets, it spins in two dimensions.
    Spin,
    /// Pages of a printed catalogue.
    Pages,
    /// Members of any type; each states its type.
    Media,
    /// Videos.
    Videos,
    /// One video.
    Video,
    /// Anything else.
    Static,
}

impl SetKind {
    /// The value of `type` in the reply.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "img",
            Self::Images => "img_set",
            Self::Spin => "spin",
            Self::Pages => "ecat",
            Self::Media => "media_set",
            Self::Videos => "video_set",
            Self::Video => "video",
            Self::Static => "static",
        }
    }

    /// Whether it is a single asset, not a set.
    pub fn is_one(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Static)
    }

    /// The kind that the suffix of a file name implies: a video for the suffixes of
    /// r-media-set-requests, an image for all others.
    pub fn of_file(name: &str) -> Self {
        let suffix = name.rsplit('/').next().unwrap_or(name).rsplit_once('.');
        let suffix = suffix.map(|(_, suffix)| suffix.to_ascii_lowercase()).unwrap_or_default();
        match suffix.as_str() {
            "mp3" | "mp4" | "flv" | "f4v" | "swf" | "xml" => Self::Video,
            _ => Self::Image,
        }
    }

    /// The kind that `catalog::AssetType` or the type of a media set's item names. `None` for an
    /// unknown name; the caller then detects the kind.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().replace('_', "").as_str() {
            "img" | "image" | "basic" | "advancedimage" => Self::Image,
            "imgset" | "imageset" | "advancedimageset" | "swatchset" | "advancedswatchset" => {
                Self::Images
            }
            "spin" | "spinset" | "spinset2d" => Self::Spin,
            "ecat" | "ecatalog" | "pageset" => Self::Pages,
            "mediaset" => Self::Media,
            "videoset" => Self::Videos,
            "video" => Self::Video,
            "static" => Self::Static,
            _ => return None,
        })
    }
}
