//! The encodings that a request may choose for an XML reply: `req=set,xml,UTF-16`.

/// A character encoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8
    #[default]
    Utf8,
    /// UTF-16, big-endian, with a byte order mark.
    Utf16,
    /// UTF-16, little-endian, without a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, without a byte order mark.
    Utf16Be,
    /// ISO-8859-1; other characters are written as character references.
    Latin1,
}

/// The encodings by their names in the protocol.
pub const ENCODINGS: [(&str, Encoding); 5] = [
    ("UTF-8", Encoding::Utf8),
    ("UTF-16", Encoding::Utf16),
    ("UTF-16LE", Encoding::Utf16Le),
    ("UTF-16BE", Encoding::Utf16Be),
    ("ISO-8859-1", Encoding::Latin1),
];

impl Encoding {
    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        ENCODINGS.iter().find(|(_, encoding)| *encoding == self).map_or("UTF-8", |(name, _)| name)
    }

    /// An XML document: the prolog that names the encoding, then `text`, in this encoding.
    pub fn document(self, text: &str) -> Vec<u8> {
        let document = format!("<?xml version=\"1.0\" encoding=\"{}\" ?>\n{text}\n", self.name());
        match self {
            Self::Utf8 => document.into_bytes(),
            Self::Utf16 => std::iter::once(0xfeff)
                .chain(document.encode_utf16())
                .flat_map(u16::to_be_bytes)
                .collect(),
            Self::Utf16Le => document.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => document.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Latin1 => document.chars().flat_map(latin1).collect(),
        }
    }
}

fn latin1(c: char) -> Vec<u8> {
    match u8::try_from(u32::from(c)) {
        Ok(byte) => vec![byte],
        Err(_) => format!("&#{};", u32::from(c)).into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_in_the_encoding_it_names() {
        assert_eq!(Encoding::Utf16.document("é").get(..4), Some(&[0xfe, 0xff, 0, b'<'][..]));
        assert_eq!(Encoding::Utf16Le.document("é").get(..2), Some(&[b'<', 0][..]));
        let latin = Encoding::Latin1.document("é€");
        assert!(latin.ends_with(b"\xe9&#8364;\n"), "{latin:?}");
        assert!(
            Encoding::Utf8
                .document("é")
                .starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>")
        );
    }
}
