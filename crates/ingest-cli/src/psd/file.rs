//! The file: header, resources, layers.

use anyhow::{Result, bail, ensure};

use super::{
    bytes::Bytes,
    layer::{Layer, block, read_layers},
};

/// A Photoshop file, without its composite.
#[derive(Debug)]
pub struct Psd<'a> {
    /// Whether it is a PSB, in which some lengths have twice as many bits.
    pub large: bool,
    /// Width and height of the canvas.
    pub size: [u32; 2],
    /// Whether the pixels are grey, not RGB.
    pub gray: bool,
    /// Bits per sample: 8 or 16.
    pub depth: u16,
    /// The ICC profile of its colours.
    pub profile: Option<&'a [u8]>,
    /// Its layers, from bottom to top.
    pub layers: Vec<Layer<'a>>,
}

/// The resource that holds the ICC profile.
const ICC_PROFILE: u16 = 1039;

impl<'a> Psd<'a> {
    /// Reads a file. Fails if it is damaged, or in a colour mode or depth that is unsupported.
    pub fn read(file: &'a [u8]) -> Result<Self> {
        let mut bytes = Bytes(file);
        let signature = bytes.name().unwrap_or_default();
        ensure!(signature == *b"8BPS", "no Photoshop file");
        let large = match bytes.u16()? {
            1 => false,
            2 => true,
            version => bail!("a Photoshop file of version {version}: expected 1 or 2"),
        };
        bytes.take(6)?;
        let _channels = bytes.u16()?;
        let (height, width, depth) = (bytes.u32()?, bytes.u32()?, bytes.u16()?);
        let mode = bytes.u16()?;
        let sides = 1..=300_000;
        let sound = sides.contains(&width) && sides.contains(&height);
        ensure!(sound, "the header of the Photoshop file is damaged");
        let advice = "convert it in Photoshop (Image > Mode) to RGB with 8 bits per channel";
        ensure!(matches!(mode, 1 | 3), "its colours are neither RGB nor grey; {advice}");
        ensure!(matches!(depth, 8 | 16), "it has {depth} bits per channel; {advice}");
        bytes.part(false)?;
        let profile = profile(bytes.part(false)?)?;
        let layers = layers(bytes.part(large)?, large)?;
        Ok(Self { large, size: [width, height], gray: mode == 1, depth, profile, layers })
    }
}

/// The ICC profile among the image resources.
fn profile(mut resources: Bytes<'_>) -> Result<Option<&[u8]>> {
    while resources.0.len() >= 12 {
        resources.name()?;
        let id = resources.u16()?;
        let len = usize::from(resources.u8()?);
        // The name with its length, and the content, take an even number of bytes.
        resources.take(len + usize::from(len % 2 == 0))?;
        let content = resources.part(false)?.0;
        if id == ICC_PROFILE {
            return Ok(Some(content));
        }
        resources.take((content.len() % 2).min(resources.0.len()))?;
    }
    Ok(None)
}

fn layers(mut section: Bytes<'_>, large: bool) -> Result<Vec<Layer<'_>>> {
    if section.0.is_empty() {
        return Ok(Vec::new());
    }
    let layers = section.part(large)?;
    if layers.0.len() >= 2 {
        return read_layers(layers, large);
    }
    // With 16 bits, they are in a block after the global mask.
    section.part(false)?;
    while let Some((name, content)) = block(&mut section, large, 4)? {
        if matches!(&name, b"Lr16" | b"Lr32") {
            return read_layers(content, large);
        }
    }
    Ok(Vec::new())
}
