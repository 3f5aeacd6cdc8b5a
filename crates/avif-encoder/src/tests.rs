use super::*;

/// A picture of noise on a slope.
fn pixels(width: u32, height: u32, channels: u8) -> Vec<u8> {
    let samples = width * height * u32::from(channels);
    (0..samples).map(|at| (at.wrapping_mul(2_654_435_761) >> 28) as u8 + (at % 200) as u8).collect()
}

fn encoded(size: [u32; 2], channels: u8, quality: u8, full_chroma: bool) -> Vec<u8> {
    let [width, height] = size;
    let pixels = pixels(width, height, channels);
    encode(Picture { pixels, width, height, channels }, quality, full_chroma).unwrap()
}

/// The content of the first box of this type, wherever its type stands.
fn content<'a>(file: &'a [u8], kind: &[u8; 4]) -> &'a [u8] {
    let at = file.windows(4).position(|window| window == kind).unwrap();
    let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
    &file[at + 4..at - 4 + length]
}

/// The streams that `iloc` lists.
fn streams(file: &[u8]) -> Vec<&[u8]> {
    let iloc = content(file, b"iloc");
    let count = usize::from(iloc[7]);
    let number = |at: usize| u32::from_be_bytes(iloc[at..at + 4].try_into().unwrap()) as usize;
    let items = (0..count).map(|item| (number(14 + 14 * item), number(18 + 14 * item)));
    items.map(|(start, length)| &file[start..start + length]).collect()
}

#[test]
fn a_file_is_boxes_up_to_its_end() {
    for channels in 1..=4 {
        let file = encoded([40, 30], channels, 60, false);
        let (mut rest, mut kinds) = (&file[..], Vec::new());
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            kinds.push(String::from_utf8(rest[4..8].to_vec()).unwrap());
            rest = &rest[length..];
        }
        assert_eq!(kinds, ["ftyp", "meta", "mdat"]);
        assert!(file.starts_with(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"));
        let streams = streams(&file);
        assert_eq!(streams.len(), if channels % 2 == 0 { 2 } else { 1 });
        assert_eq!(streams.concat(), content(&file, b"mdat"));
        for stream in streams {
            // A sequence header, with its length; no temporal delimiter (AV1, 6.2.2).
            assert_eq!(stream[0], 0x0a, "{stream:?}");
        }
    }
}

#[test]
fn the_properties_are_those_of_the_samples() {
    for (channels, full_chroma, profile, flags, depths) in [
        (1, false, 0x1f, 0x1c, &[1u8, 8][..]),
        (3, false, 0x1f, 0x0c, &[3, 8, 8, 8]),
        (3, true, 0x3f, 0x00, &[3, 8, 8, 8]),
    ] {
        let file = encoded([21, 13], channels, 60, full_chroma);
        assert_eq!(content(&file, b"av1C"), [0x81, profile, flags, 0]);
        assert_eq!(content(&file, b"pixi")[4..], *depths);
        assert_eq!(content(&file, b"colr"), b"nclx\0\x01\0\x0d\0\x06\x80");
        assert_eq!(content(&file, b"ispe"), [0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 13]);
        assert!(!file.windows(4).any(|window| window == b"auxC"));
    }
    let alpha = encoded([21, 13], 4, 60, false);
    assert_eq!(content(&alpha, b"auxl"), [0, 2, 0, 1, 0, 1]);
    assert!(content(&alpha, b"auxC")[4..].starts_with(b"urn:mpeg:mpegB:cicp"));
}

#[test]
fn a_better_quality_takes_more_bytes() {
    let lengths: Vec<usize> =
        [1, 30, 60, 90, 100].map(|quality| encoded([64, 64], 3, quality, false).len()).to_vec();
    assert!(lengths.windows(2).all(|pair| pair[0] < pair[1]), "{lengths:?}");
    assert!(encoded([64, 64], 3, 60, true).len() > encoded([64, 64], 3, 60, false).len());
}

#[test]
fn sizes_of_every_shape_are_encoded() {
    for size in [[1, 1], [1, 50], [50, 1], [2, 3], [15, 17], [64, 65], [3000, 2]] {
        for channels in 1..=4 {
            for full_chroma in [false, true] {
                assert!(encoded(size, channels, 50, full_chroma).len() > 200, "{size:?}");
            }
        }
    }
}

#[test]
fn samples_that_are_no_picture_are_refused() {
    for (length, width, height, channels) in [
        (0, 0, 0, 3),
        (11, 2, 2, 3),
        (13, 2, 2, 3),
        (20, 2, 2, 5),
        (0, 2, 2, 0),
        (65536, 65536, 1, 1),
    ] {
        let pixels = vec![0; length];
        let picture = Picture { pixels, width, height, channels };
        assert!(encode(picture, 80, false).is_err(), "{length} {width} {height} {channels}");
    }
}

/// The hashes are those of the files that the wasm module makes.
#[test]
fn every_machine_makes_the_same_bytes() {
    for (size, channels, quality, full_chroma, wanted) in [
        ([320, 200], 3, 60, false, 0xd5e9_2874_d0d2_9f19),
        ([333, 211], 4, 95, true, 0xdc0e_44a9_b7e6_fa61),
        ([97, 3], 2, 30, false, 0x0aae_caba_21f7_4c4b),
        ([800, 600], 3, 80, false, 0x051e_79d2_82ff_d425),
    ] {
        let file = encoded(size, channels, quality, full_chroma);
        // FNV-1a.
        let hash = file.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        assert_eq!(hash, wanted, "{size:?} {channels} {quality}: {hash:#x}");
    }
}
