//! Image profiles: `azulejo.toml` in a folder, inherited by the folders in it.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use azulejo::catalog::Record;
use serde::{Deserialize, Serialize};
use toml::Table;

use super::{
    set_preset::SetPreset,
    tiles::{Compression, Subsampling},
};

/// The name of a profile file.
pub const FILE: &str = "azulejo.toml";

/// The maximum number of smart crops, as in Dynamic Media.
const MAX_CROPS: usize = 100;

/// The name under which the swatch is served. No crop may have it.
const SWATCH: &str = "Swatch";

/// How to build pyramids and records of the originals of a folder.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Profile {
    /// Width and height of a tile in pixels.
    pub tile: Option<u32>,
    /// JPEG quality of the tiles.
    pub quality: Option<u8>,
    /// Compression of the tiles.
    pub compression: Option<Compression>,
    /// Chroma subsampling of JPEG tiles.
    pub chroma: Option<Subsampling>,
    /// Pixels to cut off each side.
    pub pixel_crop: Option<PixelCrop>,
    /// Sharpens the levels smaller than half size.
    pub unsharp_mask: Option<UnsharpMask>,
    /// Smart crops by name.
    pub smart_crop: BTreeMap<String, Shape>,
    /// The swatch.
    pub swatch: Option<Shape>,
    /// Batch set presets.
    pub set: Vec<SetPreset>,
    /// User data for records that do not have it yet.
    pub metadata: BTreeMap<String, String>,
    /// Whether new assets are published. They are by default.
    pub published: Option<bool>,
}

/// The size in pixels for which a crop or a swatch is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Width in pixels, 1 to 20,000.
    pub width: u32,
    /// Height in pixels, 1 to 20,000.
    pub height: u32,
}

impl Shape {
    /// Fails if width or height are out of range.
    pub fn check(self, name: &str) -> Result<()> {
        for (side, pixels) in [("width", self.width), ("height", self.height)] {
            if !(1..=20_000).contains(&pixels) {
                bail!("{name}: {side} = {pixels}: expected 1 to 20000 pixels");
            }
        }
        Ok(())
    }
}

/// Pixels to cut off each side of the upright picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PixelCrop {
    /// Columns to cut off the left side.
    pub left: u32,
    /// Columns to cut off the right side.
    pub right: u32,
    /// Rows to cut off the top.
    pub top: u32,
    /// Rows to cut off the bottom.
    pub bottom: u32,
}

/// The unsharp mask of Dynamic Media's image profiles, with its defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnsharpMask {
    /// Strength, 0 to 5.
    pub amount: f64,
    /// Radius in pixels of the level, 0 to 250.
    pub radius: f64,
    /// Differences below this many 8-bit levels are left unchanged.
    pub threshold: u8,
}

impl Default for UnsharpMask {
    fn default() -> Self {
        Self { amount: 1.75, radius: 0.2, threshold: 2 }
    }
}

impl Profile {
    /// Reads and checks a profile file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::from_table(table(path, &text)?)
    }

    /// Sets the fields of an image's record that are not set yet.
    pub fn fill(&self, record: &mut Record) {
        record.published = record.published.or(self.published);
        self.add_metadata(&mut record.user_data);
    }

    /// Sets the fields of a static content's record that are not set yet.
    pub fn fill_content(&self, record: &mut Record) {
        record.published = record.published.or(self.published);
        self.add_metadata(&mut record.content.get_or_insert_default().user_data);
    }

    fn add_metadata(&self, user_data: &mut BTreeMap<String, String>) {
        for (name, value) in &self.metadata {
            user_data.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }

    fn from_table(table: Table) -> Result<Self> {
        let profile: Self = table.try_into()?;
        if let Some(tile) = profile.tile {
            let fits = tile.is_multiple_of(16) && (16..=4096).contains(&tile);
            ensure!(fits, "tile = {tile}: expected a multiple of 16, from 16 to 4096");
        }
        if let Some(quality) = profile.quality {
            ensure!((1..=100).contains(&quality), "quality = {quality}: expected 1 to 100");
        }
        if let Some(UnsharpMask { amount, radius, .. }) = profile.unsharp_mask {
            ensure!(
                (0.0..=5.0).contains(&amount),
                "unsharp-mask: amount = {amount}: expected 0 to 5"
            );
            let fits = (0.0..=250.0).contains(&radius);
            ensure!(fits, "unsharp-mask: radius = {radius}: expected 0 to 250 pixels");
        }
        ensure!(profile.smart_crop.len() <= MAX_CROPS, "smart-crop: at most {MAX_CROPS} crops");
        for (name, shape) in &profile.smart_crop {
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            let named = !name.is_empty() && name.chars().all(plain) && name != SWATCH;
            ensure!(named, "smart-crop.{name}: letters, digits, _ - . make a name, not {SWATCH}");
            shape.check(&format!("smart-crop.{name}"))?;
        }
        profile.set.iter().try_for_each(SetPreset::check)?;
        profile.swatch.map_or(Ok(()), |shape| shape.check("swatch"))?;
        Ok(profile)
    }
}

/// Parses and checks a profile file. Errors name the file.
fn table(path: &Path, text: &str) -> Result<Table> {
    let read = || -> Result<Table> {
        toml::from_str::<Profile>(text)?;
        let table: Table = toml::from_str(text)?;
        Profile::from_table(table.clone())?;
        Ok(table)
    };
    read().with_context(|| path.display().to_string())
}

/// The profiles of folders. Each file is read once.
#[derive(Debug, Default)]
pub struct Profiles {
    /// The profile of `--profile`, which applies to all folders.
    only: Option<Arc<Profile>>,
    folders: HashMap<PathBuf, (Table, Arc<Profile>)>,
    /// The profile of the last file's folder, as the file's path has it.
    last: Option<(PathBuf, Arc<Profile>)>,
    /// The profile of originals that are in no folder.
    empty: Arc<Profile>,
}

impl Profiles {
    /// Uses the profile `file` for all folders, or without it the profile files of the folders.
    pub fn new(file: Option<&Path>) -> Result<Self> {
        let only = file.map(Profile::read).transpose()?.map(Arc::new);
        Ok(Self { only, ..Self::default() })
    }

    /// The profile for a file. Keys of its folder's profile override those of the folders above.
    pub fn of(&mut self, file: &Path) -> Result<Arc<Profile>> {
        if let Some(only) = &self.only {
            return Ok(Arc::clone(only));
        }
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        if let Some((last, profile)) = &self.last
            && last == parent
        {
            return Ok(Arc::clone(profile));
        }
        let (_, profile) = self.folder(&fs::canonicalize(parent)?)?;
        self.last = Some((parent.to_owned(), Arc::clone(&profile)));
        Ok(profile)
    }

    /// The profile of originals that are in no folder: that of `--profile`, or an empty one.
    pub fn without_folder(&self) -> Arc<Profile> {
        Arc::clone(self.only.as_ref().unwrap_or(&self.empty))
    }

    fn folder(&mut self, folder: &Path) -> Result<(Table, Arc<Profile>)> {
        if let Some(cached) = self.folders.get(folder) {
            return Ok(cached.clone());
        }
        let inherited = folder.parent().map(|above| self.folder(above)).transpose()?;
        let (mut keys, mut profile) = inherited.unwrap_or_default();
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => {
                keys.extend(table(&path, &text)?);
                profile = Arc::new(Profile::from_table(keys.clone())?);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        }
        self.folders.insert(folder.to_owned(), (keys.clone(), Arc::clone(&profile)));
        Ok((keys, profile))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_inherits_and_overrides_key_by_key() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("shoes/red");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join(FILE), "tile = 512\nquality = 80").unwrap();
        fs::write(root.path().join("shoes").join(FILE), "quality = 95").unwrap();
        let mut profiles = Profiles::new(None).unwrap();
        let profile = profiles.of(&deep.join("a.jpg")).unwrap();
        assert_eq!((profile.tile, profile.quality), (Some(512), Some(95)));
        let above = profiles.of(&root.path().join("b.jpg")).unwrap();
        assert_eq!((above.tile, above.quality), (Some(512), Some(80)));
    }

    #[test]
    fn chroma_is_a_number_or_a_string() {
        let root = tempfile::tempdir().unwrap();
        for text in ["chroma = 444", "chroma = '444'"] {
            fs::write(root.path().join(FILE), text).unwrap();
            let profile = Profiles::new(None).unwrap().of(&root.path().join("a.jpg")).unwrap();
            assert_eq!(profile.chroma, Some(Subsampling::Yuv444), "{text}");
        }
    }

    #[test]
    fn an_unsharp_mask_without_numbers_has_the_defaults_of_dynamic_media() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(FILE), "[unsharp-mask]").unwrap();
        let profile = Profiles::new(None).unwrap().of(&root.path().join("a.jpg")).unwrap();
        let expected = UnsharpMask { amount: 1.75, radius: 0.2, threshold: 2 };
        assert_eq!(profile.unsharp_mask, Some(expected));
    }

    #[test]
    fn a_wrong_key_or_value_names_the_file() {
        let root = tempfile::tempdir().unwrap();
        for (text, expected) in [
            ("qualty = 9", "qualty"),
            ("quality = 0", "1 to 100"),
            ("compression = \"png\"", "compression = \"png\": expected auto, jpeg, lossless"),
            ("chroma = 422", "chroma = 422: expected auto, 420, 444"),
            ("tile", "1"),
            ("smart-crop.Swatch = { width = 1, height = 1 }", "Swatch"),
            ("unsharp-mask = { amount = 9 }", "0 to 5"),
            ("pixel-crop = { top = -1 }", "top"),
            ("swatch = { width = 0, height = 1 }", "width = 0"),
        ] {
            fs::write(root.path().join(FILE), text).unwrap();
            let error = Profiles::new(None).unwrap().of(&root.path().join("a.jpg")).unwrap_err();
            let message = format!("{error:#}");
            assert!(message.contains("azulejo.toml") && message.contains(expected), "{message}");
        }
    }
}
