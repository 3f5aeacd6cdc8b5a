//! What the command line names as originals: files, folders, and prefixes of S3 buckets.

use std::{
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use anyhow::{Context, Error, Result, anyhow};
use azulejo::store::Listed;

use super::{
    original::SourceObject,
    walk::{HIDDEN, Walk, Walked, check_extension},
};
use crate::store::{Bucket, Location};

/// A source of originals.
pub enum Source {
    /// A file or folder.
    Path(PathBuf),
    /// The objects of a bucket below a prefix.
    Objects {
        /// Where they are, as the command line names it.
        location: String,
        /// The bucket below the prefix.
        bucket: Rc<Bucket>,
        /// The objects, in the order of their keys.
        objects: Vec<Listed>,
    },
}

/// What a source has.
#[derive(Debug)]
pub enum Found {
    /// An original, and its path relative to the source.
    Original(PathBuf, PathBuf, Option<SourceObject>),
    /// A file, folder or object that is passed over, and why.
    Skipped(PathBuf, String),
    /// Something that is no file.
    Failed(PathBuf, Error),
    /// A folder that cannot be read, or a file that is missing.
    Unreadable(PathBuf, Error),
}

impl From<Walked> for Found {
    fn from(walked: Walked) -> Self {
        match walked {
            Walked::File(path, relative) => Self::Original(path, relative, None),
            Walked::Skipped(path, why) => Self::Skipped(path, why),
            Walked::Unreadable(path, error) => Self::Unreadable(path, error),
        }
    }
}

/// Whether a name is that of a bucket.
pub fn is_bucket(name: &Path) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("s3://"))
}

impl Source {
    /// A source as the command line names it. Lists the objects of a bucket.
    pub async fn open(name: &Path) -> Result<Self> {
        if !is_bucket(name) {
            return Ok(Self::Path(name.to_owned()));
        }
        let named = name.to_string_lossy().trim_end_matches('/').to_owned();
        let location: Location =
            named.parse().map_err(|error: String| anyhow!("{named}: {error}"))?;
        let Location::S3 { bucket, prefix } = &location else { unreachable_location(&named)? };
        let opened = Bucket::s3_with(bucket, prefix, [])?;
        let objects = opened.objects("").await.with_context(|| named.clone())?;
        if !objects.is_empty() || prefix.is_empty() {
            return Ok(Self::Objects { location: named, bucket: Rc::new(opened), objects });
        }
        // The name may be that of one object.
        let (above, key) = prefix.rsplit_once('/').unwrap_or(("", prefix));
        let opened = Bucket::s3_with(bucket, above, [])?;
        let mut objects = opened.objects("").await.with_context(|| named.clone())?;
        objects.retain(|object| object.key == key);
        let location = Location::S3 { bucket: bucket.clone(), prefix: above.to_owned() };
        Ok(Self::Objects { location: location.to_string(), bucket: Rc::new(opened), objects })
    }

    /// What it has, in the order of names.
    pub fn found(&self, content: bool) -> Box<dyn Iterator<Item = Found> + '_> {
        match self {
            Self::Path(path) => match fs::metadata(path) {
                Ok(meta) if meta.is_dir() => {
                    Box::new(Walk::new(path.clone(), content).map(Found::from))
                }
                Ok(meta) if !meta.is_file() => {
                    let error = anyhow!("not a file and not a folder");
                    one(Found::Failed(path.clone(), error))
                }
                Ok(_) => one(Found::Original(path.clone(), own_name(path), None)),
                Err(error) => one(Found::Unreadable(path.clone(), error.into())),
            },
            Self::Objects { location, objects, .. } if objects.is_empty() => {
                one(Found::Unreadable(location.into(), anyhow!("the bucket has no such objects")))
            }
            Self::Objects { location, bucket, objects } => Box::new(
                objects.iter().map(move |object| from_object(location, bucket, object, content)),
            ),
        }
    }
}

fn unreachable_location<T>(named: &str) -> Result<T> {
    Err(anyhow!("{named}: expected s3://bucket[/prefix]"))
}

fn one<'a>(found: Found) -> Box<dyn Iterator<Item = Found> + 'a> {
    Box::new(std::iter::once(found))
}

fn from_object(location: &str, bucket: &Rc<Bucket>, object: &Listed, content: bool) -> Found {
    let (key, path) = (&object.key, PathBuf::from(format!("{location}/{}", object.key)));
    if key.split('/').any(|part| part.starts_with('.')) {
        return Found::Skipped(path, HIDDEN.to_owned());
    }
    let relative = PathBuf::from(key);
    let extension = relative.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match check_extension(&extension.unwrap_or_default(), content) {
        Err(why) => Found::Skipped(path, why),
        Ok(()) => {
            let object = SourceObject {
                bucket: Rc::clone(bucket),
                key: key.clone(),
                stored: (object.len, object.modified.unwrap_or_default() as i64),
                tag: Some(object.version.0.clone()).filter(|tag| !tag.is_empty()),
            };
            Found::Original(path, relative, Some(object))
        }
    }
}

/// The name of a file without its folder.
pub fn own_name(path: &Path) -> PathBuf {
    path.file_name().map(PathBuf::from).unwrap_or_default()
}
