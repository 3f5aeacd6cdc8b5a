//! The words of errors: the file, its kind, what is wrong, what to do.

use originals::Unreadable;

/// The error of an SVG.
pub fn svg(name: &str) -> String {
    format!(
        "{name}, SVG: it has no pyramid, and this page does not draw it; azulejo ingest stores it as \
         it is, and the server draws it"
    )
}

/// The error of a file whose format is unknown or not accepted, or whose header is damaged.
pub fn unopened(name: &str, bytes: &[u8], error: &Unreadable) -> String {
    match originals::format_of(bytes) {
        Some(format) => undecoded(name, format.name, error),
        None => with_remedy(format!("{name}: {error}"), error),
    }
}

/// The error of a file of a known format.
pub fn undecoded(name: &str, format: &str, error: &Unreadable) -> String {
    with_remedy(format!("{name}, {format}: {error}"), error)
}

/// Adds what to do, unless the error says it.
fn with_remedy(message: String, error: &Unreadable) -> String {
    if error.is_damaged() {
        return format!(
            "{message}; azulejo ingest --allow-damaged stores it as far as it can be decoded"
        );
    }
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if has(&["accepted", "unsupported", "azulejo ingest"]) {
        return message;
    }
    // What a decoder says that may not use more memory.
    if has(&["limit", "memory"]) {
        return format!("{message}: too much for a page; use azulejo ingest");
    }
    format!("{message}; save it again, or as PNG or TIFF")
}
