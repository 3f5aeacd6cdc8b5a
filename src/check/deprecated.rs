//! Deprecated commands and obsolete formats, and their replacements.

/// The advice for a command with this value; `None` if it is not deprecated.
pub fn advice(name: &str, value: &str) -> Option<&'static str> {
    let first = value.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (name, first.as_str()) {
        ("colorize", _) => Some("an old name: write op_colorize="),
        ("resMode", "sharp") => {
            Some("replaced by sharp2, which has less moiré (r-is-http-resmode)")
        }
        ("resMode", "trilin") => Some("an old name: write bilin"),
        ("fmt", "swf" | "swf-alpha" | "swf3" | "swf3-alpha" | "f4m") => {
            Some("browsers do not show Flash: use jpeg or png-alpha")
        }
        ("fmt", "jpegxr" | "jpegxr-alpha") => {
            Some("browsers do not show JPEG XR: use jpeg or png-alpha")
        }
        ("effect", "0") => Some("0 is not an effect (r-effect); it ends the effect before it"),
        _ => None,
    }
}
