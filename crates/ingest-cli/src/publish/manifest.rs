//! Reads the image server's manifest of AEM's repository, as FileVault XML (`.content.xml`) or
//! Sling JSON (decision K1). Its attributes are in lower case and its lifetimes in milliseconds.

use azulejo::catalog::attribute;
use roxmltree::Document;

/// The attributes of a manifest.
#[derive(Debug, Default, PartialEq)]
pub struct Manifest {
    /// Names and values in the form of attribute files.
    pub attributes: Vec<(String, String)>,
    /// Names of properties that are not attributes.
    pub unknown: Vec<String>,
}

/// The possible file names of a manifest.
pub const FILES: [&str; 3] = ["manifest.json", "manifest.xml", ".content.xml"];

/// Parses a manifest.
pub fn parse(file: &str, text: &str) -> Result<Manifest, String> {
    let properties = if file.ends_with(".json") { json(text)? } else { xml(text)? };
    let mut manifest = Manifest::default();
    for (name, value) in properties {
        // Skips the repository's own properties, such as jcr:primaryType.
        if name.contains(':') {
            continue;
        }
        match attribute(&name) {
            Some(row) => {
                manifest.attributes.push((row.name.to_owned(), value_of(row.name, &value)?));
            }
            None => manifest.unknown.push(name),
        }
    }
    Ok(manifest)
}

fn json(text: &str) -> Result<Vec<(String, String)>, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let properties = value.as_object().ok_or("expected an object of properties")?;
    let text =
        |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let plain = properties.iter().filter(|(_, value)| !value.is_object());
    Ok(plain.map(|(name, value)| (name.clone(), text(value))).collect())
}

fn xml(text: &str) -> Result<Vec<(String, String)>, String> {
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    // The properties are on the content node if there is one, else on the root.
    let content = document.descendants().find(|node| node.tag_name().name() == "content");
    let node = content.unwrap_or_else(|| document.root_element());
    let property = |attribute: roxmltree::Attribute| {
        let prefix = if attribute.namespace().is_some() { "jcr:" } else { "" };
        let value = attribute.value();
        let value = match value.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((_, value)) => value,
            None => value,
        };
        (format!("{prefix}{}", attribute.name()), value.to_owned())
    };
    Ok(node.attributes().map(property).collect())
}

/// Converts a property's value to the form of attribute files.
fn value_of(name: &str, value: &str) -> Result<String, String> {
    let wrong = |wanted: &str| format!("{}={value}: expected {wanted}", name.to_ascii_lowercase());
    let number_of = |names: &[(&str, &'static str)]| {
        names.iter().find(|(name, _)| name.eq_ignore_ascii_case(value.trim())).map(|(_, n)| *n)
    };
    Ok(match name {
        "Expiration" | "DefaultExpiration" | "NonImgExpiration" => {
            let wanted = "milliseconds, or -1 for never";
            match value.trim().parse::<f64>() {
                Ok(-1.0) => "-1".to_owned(),
                Ok(milliseconds) if milliseconds >= 0.0 => (milliseconds / 3_600_000.0).to_string(),
                Ok(_) | Err(_) => return Err(wrong(wanted)),
            }
        }
        "ResMode" => {
            let names = [("sharp", "1"), ("bilin", "2"), ("bicub", "3"), ("sharp2", "4")];
            number_of(&names).unwrap_or(value).to_owned()
        }
        "IccRenderIntent" => {
            let names =
                [("perceptual", "0"), ("relative", "1"), ("saturation", "2"), ("absolute", "3")];
            number_of(&names).unwrap_or(value).to_owned()
        }
        _ => value.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_xml_are_equivalent() {
        let one = parse(
            "manifest.json",
            r#"{"jcr:primaryType":"nt:unstructured","bkgcolor":"FFFFFF",
            "expiration":36000000,"resmode":"SHARP2","maxpix":"2000,2000","thumbnailtime":"1%"}"#,
        );
        let two = parse(
            ".content.xml",
            r#"<?xml version="1.0"?>
            <jcr:root xmlns:jcr="http://www.jcp.org/jcr/1.0" jcr:primaryType="cq:Page">
            <jcr:content jcr:primaryType="nt:unstructured" bkgcolor="FFFFFF" expiration="{Long}36000000"
             resmode="SHARP2" maxpix="2000,2000" thumbnailtime="1%"/></jcr:root>"#,
        );
        let sorted = |mut manifest: Manifest| {
            manifest.attributes.sort();
            manifest
        };
        let (one, two) = (sorted(one.unwrap()), sorted(two.unwrap()));
        assert_eq!(one, two);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            one.attributes,
            [
                pair("BkgColor", "FFFFFF"),
                pair("Expiration", "10"),
                pair("MaxPix", "2000,2000"),
                pair("ResMode", "4")
            ]
        );
        assert_eq!(one.unknown, ["thumbnailtime"]);
    }

    #[test]
    fn lifetimes_are_milliseconds() {
        let hours = |text: &str| value_of("NonImgExpiration", text);
        assert_eq!(hours("360000").unwrap(), "0.1");
        assert_eq!(hours("-1").unwrap(), "-1");
        assert_eq!(
            hours("soon").unwrap_err(),
            "nonimgexpiration=soon: expected milliseconds, or -1 for never"
        );
    }
}
