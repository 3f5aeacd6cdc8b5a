//! The cache of recent colours (RFC 9649, section 3.6).

/// Colours by the hash of their bits.
pub struct Cache {
    colors: Vec<u32>,
    shift: u32,
}

impl Cache {
    /// A cache of two to the power of `bits` colours, 1 to 11; none for 0 bits.
    pub fn new(bits: u32) -> Self {
        Self { colors: if bits > 0 { vec![0; 1 << bits] } else { Vec::new() }, shift: 32 - bits }
    }

    /// The place of a colour if the cache has it. Puts it there otherwise.
    pub fn find(&mut self, color: u32) -> Option<u16> {
        if self.colors.is_empty() {
            return None;
        }
        let place = color.wrapping_mul(0x1e35_a7bd) >> self.shift;
        let held = self.colors.get_mut(place as usize)?;
        if *held == color {
            return Some(place as u16);
        }
        *held = color;
        None
    }
}
