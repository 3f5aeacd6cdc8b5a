//! The report as text.

use std::io::{Result, Write};

use super::{about::About, report::Report};

impl Report {
    /// Prints the report as text.
    pub fn print(&self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{}", self.name)?;
        writeln!(out, "  {} × {} pixels, {} bytes", self.width, self.height, self.bytes)?;
        match (&self.version, self.reads_to_open) {
            (Some(version), Some(reads)) => {
                writeln!(out, "  version {version}, opens in {reads} reads")?;
            }
            _ => writeln!(out, "  {}, an original: it has no pyramid yet", self.format)?,
        }
        let alpha = self.alpha.map_or(String::new(), |alpha| format!(" with {alpha} alpha"));
        writeln!(out, "  {}{alpha}", self.colors)?;
        if self.orientation != 1 {
            writeln!(out, "  orientation {}", self.orientation)?;
        }
        if let Some(ppi) = self.resolution {
            writeln!(out, "  {ppi} pixels per inch")?;
        }
        self.about.print(out)?;
        for level in &self.levels {
            let size = format!("{} × {}", level.width, level.height);
            let alpha = level.alpha.map_or(String::new(), |alpha| format!(", {alpha} alpha"));
            writeln!(
                out,
                "  {size:>14}  {} of {}, {} {} {} × {} bits{alpha}, {} bytes",
                level.tiles,
                level.tile,
                level.compression,
                level.photometric,
                level.samples,
                level.bits,
                level.bytes,
            )?;
        }
        Ok(())
    }
}

impl About {
    fn print(&self, out: &mut impl Write) -> Result<()> {
        let profile = self.profile.as_deref().unwrap_or("none");
        writeln!(out, "  ICC profile: {profile} ({} bytes)", self.icc_bytes)?;
        writeln!(
            out,
            "  XMP {} bytes, IPTC {} bytes, Photoshop {} bytes, EXIF {} tags, GPS {} tags",
            self.xmp_bytes, self.iptc_bytes, self.photoshop_bytes, self.exif_tags, self.gps_tags
        )?;
        for (name, value) in &self.fields {
            writeln!(out, "  {name}: {value}")?;
        }
        if !self.paths.is_empty() {
            writeln!(out, "  paths: {}", self.paths.join(", "))?;
        }
        if let Some(name) = &self.clipping_path {
            writeln!(out, "  clipping path: {name}")?;
        }
        Ok(())
    }
}
