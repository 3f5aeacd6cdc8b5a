//! Saved replies of `req=userdata` that describe a smart crop or a swatch, one in each file. The name of
//! a file is that of its object, with `%3A` or `:` before the name of the crop: `red-shoe%3ALarge.userdata`.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use azulejo::catalog::{Crop, Record, Swatch};

/// The name of a swatch.
const SWATCH: &str = "Swatch";

/// A smart crop or a swatch of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedCrop {
    /// The name of its file without the crop, which is the object's id, or the end of it.
    pub object: String,
    /// The name of the crop.
    pub name: String,
    crop: Crop,
    /// The colour of a swatch.
    color: Option<String>,
}

/// Whether a file name in lower case is that of a saved reply.
pub fn is_named_so(name: &str) -> bool {
    let stem = name.strip_suffix(".userdata").or_else(|| name.strip_suffix(".userdata.txt"));
    stem.is_some_and(|stem| stem.contains("%3a") || stem.contains(':'))
}

/// Reads a saved reply.
pub fn read(path: &Path) -> Result<SavedCrop> {
    let name = path.file_name().and_then(|name| name.to_str()).context("the name is not UTF-8")?;
    let text = std::fs::read_to_string(path)?;
    parse(name, &text)
}

fn parse(file: &str, text: &str) -> Result<SavedCrop> {
    let stem = file.split(".userdata").next().unwrap_or_default();
    let stem = stem.replace("%3a", ":").replace("%3A", ":");
    let (object, name) =
        stem.rsplit_once(':').context("the name has no %3A before the crop's name")?;
    let property = |wanted: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == wanted).then(|| value.trim())
        })
    };
    let rect = property("SmartCropRect").context("there is no line SmartCropRect=")?;
    let numbers: Vec<f64> = rect.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let [x, y, w, h, ref size @ ..] = numbers[..] else {
        bail!("SmartCropRect={rect}: expected x,y,width,height from 0 to 1");
    };
    let inside = x >= 0.0 && y >= 0.0 && w > 0.0 && h > 0.0 && x + w <= 1.0001 && y + h <= 1.0001;
    ensure!(
        inside,
        "SmartCropRect={rect}: expected x,y,width,height from 0 to 1, within the picture"
    );
    let number = |name: &str| property(name)?.parse::<f64>().ok();
    let side = |name: &str, index: usize| -> Result<u32> {
        let side = number(name).or_else(|| size.get(index).copied());
        let side = side.filter(|side| *side >= 1.0 && *side <= 65_500.0);
        Ok(side.with_context(|| format!("{name}= is missing, or not from 1 to 65500"))? as u32)
    };
    let crop = Crop {
        rect: [x, y, w, h],
        width: side("SmartCropWidth", 0)?,
        height: side("SmartCropHeight", 1)?,
        // As if somebody had set it by hand: ingest keeps it.
        found: None,
    };
    let color = property("SmartSwatchColor").map(str::to_owned);
    ensure!(
        (name == SWATCH) == color.is_some(),
        "a swatch has the name {SWATCH} and a line SmartSwatchColor=, and no crop has"
    );
    Ok(SavedCrop { object: object.to_owned(), name: name.to_owned(), crop, color })
}

impl SavedCrop {
    /// Writes the crop or the swatch into the record of its object.
    pub fn write(&self, record: &mut Record) {
        let crop = self.crop.clone();
        match &self.color {
            Some(color) => record.swatch = Some(Swatch { color: color.clone(), crop }),
            None => drop(record.crops.insert(self.name.clone(), crop)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWATCH_TEXT: &str = "SmartCropDef=Swatch\r\nSmartCropHeight=200.0\r\n\
        SmartCropRect=0.421671,0.389815,0.0848564,0.0592593,200,200\r\nSmartCropType=Swatch\r\n\
        SmartCropWidth=200.0\r\nSmartSwatchColor=0xA56DB2\r\n";

    #[test]
    fn a_saved_swatch_and_a_saved_crop_become_those_of_a_record() {
        let mut record = Record::default();
        let swatch = parse("red-shoe%3ASwatch.userdata", SWATCH_TEXT).unwrap();
        assert_eq!((swatch.object.as_str(), swatch.name.as_str()), ("red-shoe", "Swatch"));
        swatch.write(&mut record);
        let large = "SmartCropRect=0,0.25,1,0.5\nSmartCropWidth=1200.0\nSmartCropHeight=400.0\n";
        parse("red:Large.userdata.txt", large).unwrap().write(&mut record);
        let swatch = record.swatch.unwrap();
        assert_eq!((swatch.color.as_str(), swatch.crop.width), ("0xA56DB2", 200));
        assert_eq!(record.crops["Large"].rect, [0.0, 0.25, 1.0, 0.5]);
        assert_eq!((record.crops["Large"].width, record.crops["Large"].height), (1200, 400));
    }

    #[test]
    fn what_is_no_crop_is_refused_with_its_reason() {
        for (file, text, wanted) in [
            ("a%3AL.userdata", "", "no line SmartCropRect"),
            ("a%3AL.userdata", "SmartCropRect=1,2", "expected x,y,width,height"),
            ("a%3AL.userdata", "SmartCropRect=0.5,0,0.6,1,9,9", "within the picture"),
            ("a%3AL.userdata", "SmartCropRect=0,0,NaN,1,9,9", "within the picture"),
            ("a%3AL.userdata", "SmartCropRect=0,0,1,1", "SmartCropWidth= is missing"),
            ("a%3ASwatch.userdata", "SmartCropRect=0,0,1,1,9,9", "SmartSwatchColor"),
            ("a.userdata", "SmartCropRect=0,0,1,1,9,9", "%3A"),
        ] {
            let error = format!("{:#}", parse(file, text).unwrap_err());
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn names_of_saved_replies_have_a_crop() {
        assert!(is_named_so("red%3alarge.userdata") && is_named_so("red:large.userdata.txt"));
        assert!(!is_named_so("red.userdata") && !is_named_so("a:b.txt"));
    }
}
