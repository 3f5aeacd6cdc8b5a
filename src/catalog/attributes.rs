//! Catalog attribute files (r-catalog-attribute-files), as far as they are used.

use crate::{
    color::Color,
    commands::Chroma,
    error::{Error, ErrorKind, Result},
    protocol::{Args, ForeignRules},
    resample::Kernel,
};

/// Values where a request says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributes {
    /// `DefaultPix`: the view's largest size when none is asked for; 0 is free.
    pub default_pix: [u32; 2],
    /// `MaxPix`: the largest reply; 0 is free.
    pub max_pix: [u32; 2],
    /// `BkgColor`
    pub background: Color,
    /// `JpegQuality`: 1 to 100, and chroma.
    pub jpeg_quality: (u8, Chroma),
    /// `ResMode`
    pub res_mode: Kernel,
    /// `PrintResolution` in pixels per inch.
    pub print_resolution: f64,
    /// `Resolution` in pixels per inch.
    pub resolution: f64,
    /// `Expiration` of images in hours; −1 is never.
    pub expiration: f64,
    /// `NonImgExpiration` in hours: properties and the like.
    pub non_image_expiration: f64,
    /// `ErrorDetail`: 0 or 1 title only, 2 the message.
    pub error_detail: u8,
    /// `AllowDirectUrls` and `RootUrl`; and `ForeignHosts`, which is ours: the hosts that may be
    /// asked, between commas.
    pub foreign: ForeignRules,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            default_pix: [1280, 1280],
            max_pix: [3000, 3000],
            background: Color::WHITE,
            jpeg_quality: (80, Chroma::Halved),
            res_mode: Kernel::Sharp2,
            print_resolution: 72.0,
            resolution: 72.0,
            expiration: 10.0,
            non_image_expiration: 0.1,
            error_detail: 2,
            foreign: ForeignRules::default(),
        }
    }
}

impl Attributes {
    /// Reads `name = value` records. Unknown names are ignored, the last of a name counts.
    pub fn parse(text: &str) -> Result<Self> {
        let mut attributes = Self::default();
        for (number, line) in text.trim_start_matches('\u{feff}').split(['\r', '\n']).enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                let message = format!("line {}: expected name = value: {line}", number + 1);
                return Err(Error::new(ErrorKind::Syntax, message));
            };
            let (command, value) = (name.trim(), value.trim());
            attributes.set(&Args { command, value })?;
        }
        Ok(attributes)
    }

    fn set(&mut self, args: &Args) -> Result<()> {
        match args.command.to_ascii_lowercase().as_str() {
            "defaultpix" => self.default_pix = size(args)?,
            "maxpix" => self.max_pix = size(args)?,
            "bkgcolor" => self.background = Color::parse(args.command, args.value)?,
            "jpegquality" => {
                let quality = args.within(0, 1.0, 100.0)?.unwrap_or(80.0) as u8;
                let full = args.switch(1)?.unwrap_or(false);
                self.jpeg_quality = (quality, if full { Chroma::Full } else { Chroma::Halved });
            }
            "resmode" => {
                self.res_mode = match args.int(0)? {
                    Some(1) => Kernel::Sharp,
                    Some(2) => Kernel::Bilin,
                    Some(3) => Kernel::Bicub,
                    Some(4) => Kernel::Sharp2,
                    _ => return Err(args.wrong("1 sharp, 2 bilin, 3 bicub or 4 sharp2")),
                };
            }
            "printresolution" => self.print_resolution = args.factor(0)?.unwrap_or(72.0),
            "resolution" => self.resolution = args.factor(0)?.unwrap_or(72.0),
            "expiration" => self.expiration = args.real(0)?.unwrap_or(10.0),
            "nonimgexpiration" => self.non_image_expiration = args.real(0)?.unwrap_or(0.1),
            "errordetail" => {
                self.error_detail = args.within(0, 0.0, 2.0)?.unwrap_or(0.0) as u8;
            }
            "allowdirecturls" => self.foreign.direct = args.switch(0)?.unwrap_or(false),
            "rooturl" => self.foreign.root = args.value.to_owned(),
            "foreignhosts" => {
                let hosts = args.value.split(',').map(str::trim).filter(|host| !host.is_empty());
                self.foreign.hosts = hosts.map(str::to_owned).collect();
            }
            _ => {}
        }
        Ok(())
    }
}

fn size(args: &Args) -> Result<[u32; 2]> {
    Ok([args.pixels(0)?.unwrap_or(0), args.pixels(1)?.unwrap_or(0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ignore_case_and_the_last_one_counts() {
        let text = "# comment\r\nmaxpix=10,20\r\n\r\nMaxPix = 30 , 40\nUnknown=x";
        assert_eq!(Attributes::parse(text).unwrap().max_pix, [30, 40]);
    }

    #[test]
    fn a_bad_value_names_its_attribute() {
        let error = Attributes::parse("ResMode=9").unwrap_err();
        assert!(error.message.starts_with("ResMode=9"), "{}", error.message);
    }
}
