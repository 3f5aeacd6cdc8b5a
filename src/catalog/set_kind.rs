//! The types of sets and of what is in them.

/// What kind of set it is, as `req=set` calls it (r-media-set-requests).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKind {
    /// One image.
    Image,
    /// Images, each with a swatch.
    Images,
    /// Images around an object; of sets, in two dimensions.
    Spin,
    /// Pages of a catalogue.
    Pages,
    /// Anything, each with its type.
    Media,
    /// Videos.
    Videos,
    /// One video.
    Video,
    /// Anything else.
    Static,
}

impl SetKind {
    /// The `type` of a reply.
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

    /// Whether it is one thing, not a set of things.
    pub fn is_one(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Static)
    }

    /// What a name says by its suffix (r-media-set-requests): a video, or an image.
    pub fn of_file(name: &str) -> Self {
        let suffix = name.rsplit('/').next().unwrap_or(name).rsplit_once('.');
        let suffix = suffix.map(|(_, suffix)| suffix.to_ascii_lowercase()).unwrap_or_default();
        match suffix.as_str() {
            "mp3" | "mp4" | "flv" | "f4v" | "swf" | "xml" => Self::Video,
            _ => Self::Image,
        }
    }

    /// The kind that `catalog::AssetType` or the type of a media set's item names; `None` where
    /// it is none that is known, which is then found out.
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
