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
            Some("Flash is gone from browsers: ask for jpeg or png-alpha")
        }
        ("fmt", "jpegxr" | "jpegxr-alpha") => {
            Some("no browser of today shows JPEG XR: ask for jpeg or png-alpha")
        }
        ("effect", "0") => Some("0 is no effect (r-effect); it is taken for the end of one"),
        _ => None,
    }
}
