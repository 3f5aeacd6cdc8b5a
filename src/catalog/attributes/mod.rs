//! Catalog attributes: one row each, with the function that sets its field
//! (c-attributes-reference).
//!
//! A catalog starts from the default catalog's values and overrides them. So a row also defines
//! whether an empty value inherits or overrides.

mod color;
mod field;
mod files;
mod image;
mod reply;
mod security;
mod set;
mod thumbnail;
mod values;

use std::collections::BTreeMap;

pub use color::ColorAttributes;
pub use thumbnail::{Thumbnail, ThumbnailType};
pub use values::{is_image_allowed, is_static_allowed, timestamp};

use crate::{
    codec::Subsampling,
    color::Color,
    commands::Support,
    error::{ErrorPolicy, Result},
    limits,
    protocol::{Args, RemoteRules},
    ratio::Ratio,
    resample::Kernel,
};

use super::{address::AddressFilter, locale::LocaleMap};

/// The attributes of a catalog. Most are defaults for what a request does not set.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes {
    /// `DefaultPix`: maximum width × height of a view without a requested size; 0 is no limit.
    pub default_pix: [u32; 2],
    /// `MaxPix`: maximum width × height of a reply; 0 is no limit.
    pub max_pix: [u32; 2],
    /// `Upscale`, our extension: `wid=` and `hei=` without `fit=` can enlarge the image.
    pub upscale: bool,
    /// `BkgColor`
    pub background: Color,
    /// `JpegQuality`: the quality, 1 to 100, and the chroma subsampling.
    pub jpeg_quality: (u8, Subsampling),
    /// `ResMode`
    pub res_mode: Kernel,
    /// `ApplyEffectMask`: whether effects are cut off where their layer is.
    pub effect_mask: bool,
    /// `PrintResolution` in pixels per inch.
    pub print_resolution: f64,
    /// `Resolution` in pixels per inch.
    pub resolution: Ratio,
    /// `Expiration`: lifetime of images in hours; −1 never expires, here and below.
    pub expiration: f64,
    /// `SharedExpiration`, our extension: lifetime of images in shared caches in front of this
    /// server, in hours; `None` is `expiration`.
    pub shared_expiration: Option<f64>,
    /// `NonImgExpiration`: lifetime of non-image replies, such as properties, in hours.
    pub non_image_expiration: f64,
    /// `DefaultExpiration`: lifetime of replies that show a default image, in hours.
    pub default_expiration: f64,
    /// `ErrorDetail`, and `MissingStatus`, our extension.
    pub errors: ErrorPolicy,
    /// `ErrorImage`: the object that is rendered instead of an error message; empty for none.
    pub error_image: String,
    /// `DefaultImage`: the object that replaces a missing image; empty for none.
    pub default_image: String,
    /// `DefaultImageMode` 1: it replaces only the missing layer, not the whole request.
    pub default_image_per_layer: bool,
    /// `DefaultExt`: a suffix with its dot, which is tried after a name without a suffix.
    pub default_ext: String,
    /// `RootPath`: the folder below `assets/` for paths; `None` is the rootId.
    pub root_path: Option<String>,
    /// `StaticContentRootPath`: the folder below `content/` for paths; `None` is the rootId.
    pub static_root_path: Option<String>,
    /// `FullMatch`: the catalog does not apply to an object without a record in it.
    pub full_match: bool,
    /// `AllowDirectAccess`: the types whose objects are served without a record.
    pub direct_access: Vec<&'static str>,
    /// `ClientAddressFilter`: the permitted client addresses.
    pub client_addresses: AddressFilter,
    /// `TrustedCatalogs`, our extension: rootIds of the catalogs whose requests can use the objects
    /// of this one as their own; `*` is all. No catalog inherits it.
    pub trusted_catalogs: Vec<String>,
    /// `RequestLock`: the modifiers must end with their hash.
    pub request_lock: bool,
    /// `RequestObfuscation`: the modifiers must be in base64.
    pub request_obfuscation: bool,
    /// `LocaleMap`: suffixes of ids, by locale.
    pub locale_map: LocaleMap,
    /// `LocaleStrMap`: identifiers of strings, by locale.
    pub locale_str_map: LocaleMap,
    /// `DefaultLocale`
    pub default_locale: String,
    /// `AllowDirectUrls` and `RootUrl`; and `ForeignHosts`, our extension: the remote hosts that
    /// can be contacted.
    pub remote: RemoteRules,
    /// `MaxNesting`, our extension: the maximum depth of nested requests.
    pub max_nesting: usize,
    /// `Bfc`: a smaller format than the requested one may be sent.
    pub convert: bool,
    /// `UseLastModified`
    pub use_last_modified: bool,
    /// `TimeStamp` in milliseconds since 1970.
    pub time_stamp: Option<f64>,
    /// Defaults of `req=tmb`.
    pub thumbnail: Thumbnail,
    /// `IccProfile…`, `IccProfileSrc…`, `IccRenderIntent`, `IccBlackPointCompensation`, `IccDither`
    pub color: ColorAttributes,
    /// Attributes stored as the text that was written, by their names in the reference.
    pub texts: BTreeMap<&'static str, String>,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            default_pix: [1280, 1280],
            max_pix: [3000, 3000],
            upscale: false,
            background: Color::WHITE,
            jpeg_quality: (80, Subsampling::Yuv420),
            res_mode: Kernel::Sharp2,
            effect_mask: true,
            print_resolution: 72.0,
            resolution: Ratio::from(72_u32),
            expiration: 10.0,
            shared_expiration: None,
            non_image_expiration: 0.1,
            default_expiration: 1.0,
            errors: ErrorPolicy::default(),
            error_image: String::new(),
            default_image: String::new(),
            default_image_per_layer: false,
            default_ext: String::new(),
            root_path: None,
            static_root_path: None,
            full_match: false,
            // B5: the page gives two defaults; this is the one it calls the default value.
            direct_access: vec!["IS", "STATIC"],
            client_addresses: AddressFilter::default(),
            trusted_catalogs: Vec::new(),
            request_lock: false,
            request_obfuscation: false,
            locale_map: LocaleMap::default(),
            locale_str_map: LocaleMap::default(),
            default_locale: String::new(),
            remote: RemoteRules::default(),
            max_nesting: limits::NESTING,
            convert: false,
            use_last_modified: false,
            time_stamp: None,
            thumbnail: Thumbnail::default(),
            color: ColorAttributes::default(),
            texts: BTreeMap::new(),
        }
    }
}

/// An attribute: a row of `TABLE`.
#[derive(Debug)]
pub struct Attribute {
    /// Its name as the reference spells it.
    pub name: &'static str,
    /// Its page in the reference; empty for our extensions.
    pub doc: &'static str,
    /// What an empty value means.
    pub empty: Empty,
    /// How far it is supported.
    pub support: Support,
    /// Sets it. It is called with an empty value only if `empty` is [`Empty::Counts`].
    pub set: fn(&mut Attributes, &Args) -> Result<()>,
}

impl Attribute {
    /// Whether the value has an effect: it is not empty, or an empty value counts.
    pub fn counts(&self, value: &str) -> bool {
        !value.trim().is_empty() || self.empty == Empty::Counts
    }
}

/// What `Name=` without a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// It inherits the value of the default catalog.
    Inherits,
    /// It overrides the value of the default catalog with an empty one.
    Counts,
}

/// All attributes, one slice per family.
pub const TABLE: [&[Attribute]; 7] = [
    files::ATTRIBUTES,
    security::ATTRIBUTES,
    reply::ATTRIBUTES,
    image::ATTRIBUTES,
    field::ATTRIBUTES,
    thumbnail::ATTRIBUTES,
    color::ATTRIBUTES,
];

/// The rows of all families.
pub fn rows() -> impl Iterator<Item = &'static Attribute> {
    TABLE.iter().flat_map(|family| family.iter())
}

/// The row of an attribute; names are compared without case. `None` for an unknown one.
pub fn find(name: &str) -> Option<&'static Attribute> {
    rows().find(|row| row.name.eq_ignore_ascii_case(name))
}

impl Attributes {
    /// Sets or overrides an attribute. Returns false for an unknown one, which is ignored
    /// (r-catalog-attribute-files). Fails for an invalid or unsupported value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<bool> {
        let Some(row) = find(name) else { return Ok(false) };
        let value = value.trim();
        if row.counts(value) {
            (row.set)(self, &Args { command: row.name, value })?;
        }
        Ok(true)
    }

    /// Whether requests to the catalog of this rootId can use the objects of this one as their own.
    pub fn trusts(&self, root: &str) -> bool {
        self.trusted_catalogs.iter().any(|trusted| trusted == "*" || trusted == root)
    }

    /// The value of an attribute in `texts`; empty if it is not set.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }
}
