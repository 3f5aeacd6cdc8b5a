//! The tones of a whole image: what an operation has to know of pixels that it may not get.

/// The median and the range of an image's luma, in 8-bit steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Half of the pixels are darker.
    pub median: f32,
    /// The difference between the brightest and the darkest hundredth of the pixels.
    pub range: f32,
}

/// Of an image whose tones are unknown: middle grey, from black to white.
impl Default for Tone {
    fn default() -> Self {
        Self { median: 127.5, range: 255.0 }
    }
}
