//! Catalog attributes: one row each, beside the field it sets (c-attributes-reference).
//!
//! A catalog starts from the default catalog's values and sets its own over them, so a row also
//! says what an empty value means: inherited, or empty.

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

/// Values where a request says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes {
    /// `DefaultPix`: the view's largest size when none is asked for; 0 is free.
    pub default_pix: [u32; 2],
    /// `MaxPix`: the largest reply; 0 is free.
    pub max_pix: [u32; 2],
    /// `Upscale`, which is ours: `wid=` and `hei=` may enlarge where no `fit=` says otherwise.
    pub upscale: bool,
    /// `BkgColor`
    pub background: Color,
    /// `JpegQuality`: 1 to 100, and chroma subsampling.
    pub jpeg_quality: (u8, Subsampling),
    /// `ResMode`
    pub res_mode: Kernel,
    /// `ApplyEffectMask`: whether effects are cut off where their layer is.
    pub effect_mask: bool,
    /// `PrintResolution` in pixels per inch.
    pub print_resolution: f64,
    /// `Resolution` in pixels per inch.
    pub resolution: Ratio,
    /// `Expiration` of images in hours; −1 is never.
    pub expiration: f64,
    /// `NonImgExpiration` in hours: properties and the like.
    pub non_image_expiration: f64,
    /// `DefaultExpiration` in hours: default images.
    pub default_expiration: f64,
    /// `ErrorDetail`, and `MissingStatus`, which is ours.
    pub errors: ErrorPolicy,
    /// `ErrorImage`: the object that is drawn instead of an error's text; empty for none.
    pub error_image: String,
    /// `DefaultImage`: the object that stands for a missing image; empty for none.
    pub default_image: String,
    /// `DefaultImageMode` 1: it replaces the missing layer only, not the whole request.
    pub default_image_per_layer: bool,
    /// `DefaultExt`: a suffix with its dot, tried where a path has none.
    pub default_ext: String,
    /// `RootPath`: the folder of `assets/` for paths; `None` is the rootId's own.
    pub root_path: Option<String>,
    /// `StaticContentRootPath`: the folder of static content, below `content/`.
    pub static_root_path: Option<String>,
    /// `FullMatch`: without a record of the id, the catalog does not count at all.
    pub full_match: bool,
    /// `AllowDirectAccess`: the types whose objects are served without a record.
    pub direct_access: Vec<&'static str>,
    /// `ClientAddressFilter`: who may ask.
    pub client_addresses: AddressFilter,
    /// `TrustedCatalogs`, which is ours: rootIds of the catalogs whose requests may use objects of this
    /// one as their own; `*` is all. No catalog inherits it.
    pub trusted_catalogs: Vec<String>,
    /// `RequestLock`: modifiers must end with their hash.
    pub request_lock: bool,
    /// `RequestObfuscation`: modifiers come in base64.
    pub request_obfuscation: bool,
    /// `LocaleMap`: suffixes of ids, by locale.
    pub locale_map: LocaleMap,
    /// `LocaleStrMap`: identifiers of strings, by locale.
    pub locale_str_map: LocaleMap,
    /// `DefaultLocale`
    pub default_locale: String,
    /// `AllowDirectUrls` and `RootUrl`; and `ForeignHosts`, which is ours: the hosts that may be
    /// asked, between commas.
    pub remote: RemoteRules,
    /// `MaxNesting`, which is ours: how deep requests may stand within requests.
    pub max_nesting: usize,
    /// `UseLastModified`
    pub use_last_modified: bool,
    /// `TimeStamp` in milliseconds since 1970.
    pub time_stamp: Option<f64>,
    /// What `req=tmb` starts from.
    pub thumbnail: Thumbnail,
    /// Attributes that the engine hands on as they are, by their names in the reference.
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
            // B5: the page names two defaults; this is the one it calls the default value.
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
            use_last_modified: false,
            time_stamp: None,
            thumbnail: Thumbnail::default(),
            texts: BTreeMap::new(),
        }
    }
}

/// One attribute: a row of `TABLE`.
#[derive(Debug)]
pub struct Attribute {
    /// Its name as the reference spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// What an empty value means.
    pub empty: Empty,
    /// How far it is carried out.
    pub support: Support,
    /// Sets it; the value is not empty unless `empty` says that it counts.
    pub set: fn(&mut Attributes, &Args) -> Result<()>,
}

impl Attribute {
    /// Whether this value says anything.
    pub fn counts(&self, value: &str) -> bool {
        !value.trim().is_empty() || self.empty == Empty::Counts
    }
}

/// What `Name=` without a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// The default catalog's value stays.
    Inherits,
    /// Empty is a value: it switches off what the default catalog says.
    Counts,
}

/// All attributes, a family a slice.
pub const TABLE: [&[Attribute]; 7] = [
    files::ATTRIBUTES,
    security::ATTRIBUTES,
    reply::ATTRIBUTES,
    image::ATTRIBUTES,
    field::ATTRIBUTES,
    thumbnail::ATTRIBUTES,
    color::ATTRIBUTES,
];

/// All rows.
pub fn rows() -> impl Iterator<Item = &'static Attribute> {
    TABLE.iter().flat_map(|family| family.iter())
}

/// The row of an attribute, by its name in any case.
pub fn find(name: &str) -> Option<&'static Attribute> {
    rows().find(|row| row.name.eq_ignore_ascii_case(name))
}

impl Attributes {
    /// Sets one attribute over what is there. False when no such attribute is known: it is then
    /// ignored (r-catalog-attribute-files).
    pub fn set(&mut self, name: &str, value: &str) -> Result<bool> {
        let Some(row) = find(name) else { return Ok(false) };
        let value = value.trim();
        if row.counts(value) {
            (row.set)(self, &Args { command: row.name, value })?;
        }
        Ok(true)
    }

    /// Whether requests to the catalog of this rootId may use objects of this one as their own.
    pub fn trusts(&self, root: &str) -> bool {
        self.trusted_catalogs.iter().any(|trusted| trusted == "*" || trusted == root)
    }

    /// The text of an attribute that is handed on as it is; empty where nobody set it.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }
}
