//! Writes the metadata of a file into application segments.

use sha2::{Digest, Sha256};

use super::{
    application::{EXTENDED_XMP, ICC, PHOTOSHOP, XMP},
    segments::{marker, write_segment},
};
use crate::codec::Embedded;

/// Bytes of the start marker and of the JFIF segment.
const HEAD: usize = 2 + 18;

/// Maximum bytes of a profile in one segment. There are 255 segments at most.
const PROFILE_PART: usize = 65519;

/// Maximum bytes of an XMP packet in one segment (XMP specification, part 3, 1.1.3).
const PACKET: usize = 65502;

/// Bytes of a longer packet, and of Photoshop's resources, in one segment.
const PART: usize = 65400;

/// Bytes that the segments take, at most.
pub fn room(embedded: &Embedded) -> usize {
    embedded.bytes() + embedded.bytes() / 512 + (4 << 10)
}

/// Inserts metadata after the JFIF segment, in the order in which Photoshop writes it.
#[inline(never)]
pub fn embed(embedded: &Embedded, file: &mut Vec<u8>) {
    let Embedded { profile, xmp, paths } = embedded;
    let mut segments = Vec::new();
    // Readers join the parts.
    for part in paths.chunks(PART) {
        write_segment(marker::APP13, &[PHOTOSHOP, part].concat(), &mut segments);
    }
    match xmp.len() {
        0 => {}
        1..=PACKET => write_segment(marker::APP1, &[XMP, xmp].concat(), &mut segments),
        _ => long_packet(xmp, &mut segments),
    }
    // ICC.1:2022, B.4.
    let parts = profile.chunks(PROFILE_PART);
    let count = parts.len() as u8;
    for (number, part) in (1_u8..).zip(parts) {
        let body = [ICC, &[number, count], part].concat();
        write_segment(marker::APP2, &body, &mut segments);
    }
    file.splice(HEAD..HEAD, segments);
}

/// Appends a packet that is too long for one segment: a short packet that only names the long one,
/// then its parts (XMP specification, part 3, 1.1.3.1). The name should be an MD5 hash of the packet.
/// Readers only compare it, so it is the start of a SHA-256 hash, which the engine has.
fn long_packet(xmp: &[u8], segments: &mut Vec<u8>) {
    let digest = Sha256::digest(xmp);
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02X}")).collect();
    let head = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description \
         rdf:about=\"\" xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" \
         xmpNote:HasExtendedXMP=\"{name}\"/></rdf:RDF></x:xmpmeta>\
         <?xpacket end=\"r\"?>"
    );
    write_segment(marker::APP1, &[XMP, head.as_bytes()].concat(), segments);
    let length = (xmp.len() as u32).to_be_bytes();
    for (nth, part) in xmp.chunks(PART).enumerate() {
        let offset = ((nth * PART) as u32).to_be_bytes();
        let body = [EXTENDED_XMP, name.as_bytes(), &length, &offset, part].concat();
        write_segment(marker::APP1, &body, segments);
    }
}
