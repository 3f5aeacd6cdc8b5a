//! The header of a frame (RFC 6386, sections 9 and 19).

use super::{
    bits::BitWriter,
    costs::Costs,
    frame::Frame,
    macroblock::LumaMode,
    modes::{self, BY_SUBBLOCKS, Path, chroma_path, luma_path, subblock_probabilities},
    token_probabilities::{DEFAULT, UPDATE},
};
use crate::error::{Error, Result};

/// The paths of the segments, and the node of each path's second branch.
const SEGMENT_PATHS: [Path; 4] = [
    &[(0, false), (1, false)],
    &[(0, false), (1, true)],
    &[(0, true), (2, false)],
    &[(0, true), (2, true)],
];

/// Writes the first partition: the parameters of the frame, and the modes.
pub fn write(frame: &Frame, costs: &Costs) -> Vec<u8> {
    let mut bits = BitWriter::new(Vec::new());
    // The colours are those of BT.601, and decoders clamp.
    bits.literal(0, 2);
    let segments = write_segments(frame, &mut bits);
    // The normal filter, of no sharpness and no adjustments.
    let [first, ..] = frame.segmentation.segments.as_slice() else { return Vec::new() };
    bits.literal(0, 1);
    bits.literal(first.filter as u32, 6);
    bits.literal(0, 3);
    bits.literal(0, 1);
    // One partition of tokens.
    bits.literal(0, 2);
    bits.literal(first.index as u32, 7);
    for delta in [0, 0, 0, first.chroma_delta[0], first.chroma_delta[1]] {
        bits.optional(delta, 4);
    }
    // There is no next frame to keep the probabilities for.
    bits.literal(0, 1);
    for (context, probabilities) in costs.probabilities.iter().enumerate() {
        for (node, &probability) in probabilities.iter().enumerate() {
            let changes = probability != DEFAULT[context][node];
            bits.put(changes, UPDATE[context][node]);
            if changes {
                bits.literal(probability.into(), 8);
            }
        }
    }
    let skipped = frame.modes.iter().filter(|modes| modes.skipped).count();
    let skips = (skipped > 0).then(|| share(frame.modes.len() - skipped, frame.modes.len()));
    bits.literal(skips.is_some().into(), 1);
    if let Some(probability) = skips {
        bits.literal(probability.into(), 8);
    }
    write_modes(frame, segments, skips, &mut bits);
    bits.finish()
}

/// The probability of 0, where 0 is this many of all.
fn share(zeros: usize, all: usize) -> u8 {
    (zeros * 255 / all.max(1)).clamp(1, 255) as u8
}

/// Writes the parameters of the segments. Returns the probabilities of the tree of segments, where
/// there are several.
fn write_segments(frame: &Frame, bits: &mut BitWriter) -> Option<[u8; 3]> {
    let segments = &frame.segmentation.segments;
    bits.literal((segments.len() > 1).into(), 1);
    if segments.len() < 2 {
        return None;
    }
    // The map and the parameters follow, the latter as they are and not as differences.
    bits.literal(0b111, 3);
    for nth in 0..4 {
        bits.optional(segments.get(nth).map_or(0, |segment| segment.index), 7);
    }
    for nth in 0..4 {
        bits.optional(segments.get(nth).map_or(0, |segment| segment.filter), 6);
    }
    let mut counts = [0; 4];
    for &segment in &frame.segmentation.map {
        counts[usize::from(segment)] += 1;
    }
    let [a, b, c, d] = counts;
    let probabilities = [share(a + b, a + b + c + d), share(a, a + b), share(c, c + d)];
    for probability in probabilities {
        bits.literal(1, 1);
        bits.literal(probability.into(), 8);
    }
    Some(probabilities)
}

/// Writes the modes of all macroblocks.
fn write_modes(frame: &Frame, segments: Option<[u8; 3]>, skips: Option<u8>, bits: &mut BitWriter) {
    let across = frame.macroblocks.0;
    let mut above = vec![[0; 4]; across];
    for row in frame.modes.chunks_exact(across.max(1)) {
        let mut left = [0; 4];
        for (modes, above) in row.iter().zip(&mut above) {
            if let Some(probabilities) = segments {
                bits.path(SEGMENT_PATHS[usize::from(modes.segment & 3)], &probabilities);
            }
            if let Some(probability) = skips {
                bits.put(modes.skipped, probability);
            }
            match modes.luma {
                LumaMode::Whole(mode) => bits.path(luma_path(mode), &modes::LUMA),
                LumaMode::Subblocks(_) => bits.path(BY_SUBBLOCKS, &modes::LUMA),
            }
            let subblocks = modes.subblocks();
            for (nth, &mode) in subblocks.iter().enumerate() {
                let (above, left) = (&mut above[nth % 4], &mut left[nth / 4]);
                if matches!(modes.luma, LumaMode::Subblocks(_)) {
                    let probabilities = subblock_probabilities(*above, *left);
                    bits.path(modes::SUBBLOCK[usize::from(mode)], probabilities);
                }
                (*above, *left) = (mode, mode);
            }
            bits.path(chroma_path(modes.chroma), &modes::CHROMA);
        }
    }
}

/// Bytes of the head of a frame before the first partition.
pub const BYTES: usize = 10;

/// Appends the head of a frame and its first partition. Fails if that is too long.
pub fn append((width, height): (usize, usize), first: &[u8], out: &mut Vec<u8>) -> Result<()> {
    if first.len() >= 1 << 19 {
        return Err(Error::too_large(format!(
            "fmt=webp: a picture of {width} × {height} pixels has too many macroblocks; request a \
             smaller one"
        )));
    }
    // A key frame of version 0 that is shown.
    let [a, b, c, _] = ((first.len() as u32) << 5 | 1 << 4).to_le_bytes();
    let [[left, right], [top, bottom]] = [width, height].map(|side| (side as u16).to_le_bytes());
    out.extend_from_slice(&[a, b, c, 0x9d, 0x01, 0x2a, left, right, top, bottom]);
    out.extend_from_slice(first);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn modes_that_take_more_than_512_kb_are_refused() {
        let mut out = Vec::new();
        append((16383, 2), &vec![0; (1 << 19) - 1], &mut out).unwrap();
        assert_eq!(out.len(), BYTES + (1 << 19) - 1);
        let error = append((16383, 16383), &vec![0; 1 << 19], &mut out).unwrap_err();
        assert_eq!(error.kind, ErrorKind::TooLarge);
        assert!(error.message.starts_with("fmt=webp: a picture of 16383 × 16383"), "{error}");
    }
}
