//! Reads the entropy-coded data of a scan: the MCUs of each restart interval.

use std::ops::Range;

use super::{
    bits::{Bits, Position, Segment},
    damage::{Damage, ENDS_EARLY, Fault},
};

/// Decodes the MCUs of a scan.
pub trait Mcus {
    /// Starts a restart interval: resets the state of the previous one.
    fn restart(&mut self);

    /// Decodes the MCU with this number in the scan; `None` if its bits are invalid.
    fn mcu(&mut self, bits: &mut Bits, number: usize) -> Option<()>;

    /// Handles an MCU that is lost to damage.
    fn lost(&mut self, _number: usize) {}
}

/// The data of a scan, read once from start to end.
pub struct Entropy<'a> {
    /// The data from the marker that ends the interval.
    rest: &'a [u8],
    /// That marker, and the offset of its end in `rest`.
    marker: Option<(u8, usize)>,
    /// The interval.
    segment: Segment,
    position: Position,
    /// MCUs per interval.
    interval: usize,
    left: usize,
    /// The number of restart markers read.
    restarts: u8,
    /// Whether the rest of the interval is lost.
    lost: bool,
}

impl<'a> Entropy<'a> {
    /// Reads the data after a scan header. `interval` is 0 if there are no restart markers. The
    /// buffer `segment` is reused.
    pub fn new(data: &'a [u8], interval: usize, segment: Segment) -> Self {
        let interval = if interval == 0 { usize::MAX } else { interval };
        let (position, left) = (Position::default(), interval);
        let (marker, restarts, lost) = (None, 0, false);
        let mut new =
            Self { rest: data, marker, segment, position, interval, left, restarts, lost };
        new.next_segment(data);
        new
    }

    /// Decodes the next MCUs, which have these numbers in the scan.
    pub fn decode(
        &mut self,
        mcus: Range<usize>,
        damage: &mut Damage,
        into: &mut impl Mcus,
    ) -> Result<(), Fault> {
        let mut next = mcus.start;
        while next < mcus.end {
            if self.left == 0 {
                self.restart(damage)?;
                into.restart();
            }
            let end = mcus.end.min(next.saturating_add(self.left));
            let decoded = if self.lost { next } else { self.in_interval(next..end, damage, into)? };
            (decoded..end).for_each(|number| into.lost(number));
            self.left -= end - next;
            next = end;
        }
        Ok(())
    }

    /// Returns the bytes after the data, and the buffer.
    pub fn finish(self) -> (&'a [u8], Segment) {
        (self.rest, self.segment)
    }

    /// Decodes MCUs of the interval. Returns the number of the first one that is lost.
    #[inline(always)]
    fn in_interval(
        &mut self,
        mcus: Range<usize>,
        damage: &mut Damage,
        into: &mut impl Mcus,
    ) -> Result<usize, Fault> {
        let mut bits = Bits::new(&self.segment, self.position);
        for number in mcus.clone() {
            let decoded = into.mcu(&mut bits, number);
            if bits.is_overrun() || decoded.is_none() {
                self.lost = true;
                damage.note(if bits.is_overrun() { ENDS_EARLY } else { "an invalid code" })?;
                return Ok(number);
            }
        }
        self.position = bits.position();
        Ok(mcus.end)
    }

    fn restart(&mut self, damage: &mut Damage) -> Result<(), Fault> {
        let wanted = 0xd0 | self.restarts;
        self.restarts = (self.restarts + 1) & 7;
        (self.left, self.lost) = (self.interval, false);
        match self.marker {
            Some((marker @ 0xd0..=0xd7, end)) => {
                self.next_segment(self.rest.get(end..).unwrap_or_default());
                if marker != wanted {
                    damage.note("a restart marker is out of order")?;
                }
            }
            Some(_) => {
                self.lost = true;
                damage.note("a restart marker is missing")?;
            }
            None => {
                self.lost = true;
                damage.note(ENDS_EARLY)?;
            }
        }
        Ok(())
    }

    fn next_segment(&mut self, data: &'a [u8]) {
        let found = self.segment.read(data);
        self.position = Position::default();
        // The marker itself is two bytes.
        let marker = found.map_or(data.len(), |(_, end)| end - 2);
        self.rest = data.get(marker..).unwrap_or_default();
        self.marker = found.map(|(marker, _)| (marker, 2));
    }
}
