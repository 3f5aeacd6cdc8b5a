//! Edits XMP packets: resets the orientation, and merges extended XMP.

/// The packet with `tiff:Orientation` set to 1.
pub(crate) fn reset_orientation(mut packet: Vec<u8>) -> Vec<u8> {
    for before in [b"tiff:Orientation=\"".as_slice(), b"tiff:Orientation='", b"<tiff:Orientation>"]
    {
        let mut from = 0;
        while let Some(at) = find(&packet, before, from) {
            from = at + before.len();
            if let Some(digit @ b'2'..=b'8') = packet.get_mut(from) {
                *digit = b'1';
            }
        }
    }
    packet
}

/// The main packet of a JPEG with the descriptions of its extended XMP, which did not fit into one
/// segment.
pub(crate) fn with_extension(packet: Vec<u8>, extension: &[u8]) -> Vec<u8> {
    const END: &[u8] = b"</rdf:RDF>";
    let inner = find(extension, b"<rdf:RDF", 0)
        .and_then(|start| find(extension, b">", start))
        .zip(find(extension, END, 0))
        .and_then(|(start, end)| extension.get(start + 1..end));
    match (inner, find(&packet, END, 0)) {
        (Some(inner), Some(end)) => [&packet[..end], inner, &packet[end..]].concat(),
        _ => packet,
    }
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.windows(what.len()).position(|window| window == what)?;
    Some(from + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orientation_is_reset_as_attribute_and_as_element() {
        let packet = b"<a tiff:Orientation=\"6\"/><tiff:Orientation>8</tiff:Orientation>".to_vec();
        let expected = b"<a tiff:Orientation=\"1\"/><tiff:Orientation>1</tiff:Orientation>";
        assert_eq!(reset_orientation(packet), expected);
    }

    #[test]
    fn an_extension_is_merged_into_its_packet() {
        let packet = b"<x><rdf:RDF xmlns:rdf='r'><a/></rdf:RDF></x>".to_vec();
        let merged = with_extension(packet, b"<x><rdf:RDF xmlns:rdf='r'><b/></rdf:RDF></x>");
        assert_eq!(merged, b"<x><rdf:RDF xmlns:rdf='r'><a/><b/></rdf:RDF></x>");
    }
}
