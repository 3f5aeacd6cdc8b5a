//! The entropy-coded data of a scan: its MCUs, in the restart intervals they come in.

use std::ops::Range;

use super::{
    bits::{Bits, Position, unstuff},
    damage::{Damage, ENDS_EARLY, Fault},
};

/// Takes the MCUs of a scan.
pub trait Mcus {
    /// A restart interval begins: nothing before it counts.
    fn restart(&mut self);

    /// Decodes an MCU, by its number in the scan; `None` where its bits are none.
    fn mcu(&mut self, bits: &mut Bits, number: usize) -> Option<()>;

    /// An MCU is lost.
    fn lost(&mut self, _number: usize) {}
}

/// The data of a scan, read once from front to back.
pub struct Entropy<'a> {
    /// From the marker on that ends the interval.
    rest: &'a [u8],
    /// That marker, and where it ends in `rest`.
    marker: Option<(u8, usize)>,
    /// The bytes of the interval, without stuffed zeros.
    segment: Vec<u8>,
    position: Position,
    /// MCUs of an interval, and those left of this one.
    interval: usize,
    left: usize,
    /// Restart markers that were passed.
    restarts: u8,
    /// Whether the rest of the interval is lost.
    lost: bool,
}

impl<'a> Entropy<'a> {
    /// The data after a scan's header; `interval` is 0 where there are no restart markers. The
    /// buffer is used again.
    pub fn new(data: &'a [u8], interval: usize, segment: Vec<u8>) -> Self {
        let interval = if interval == 0 { usize::MAX } else { interval };
        let (position, left) = (Position::default(), interval);
        let (marker, restarts, lost) = (None, 0, false);
        let mut new =
            Self { rest: data, marker, segment, position, interval, left, restarts, lost };
        new.next_segment(data);
        new
    }

    /// Decodes the MCUs that come next, whose numbers in the scan are these.
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

    /// What follows the data, and the buffer.
    pub fn finish(self) -> (&'a [u8], Vec<u8>) {
        (self.rest, self.segment)
    }

    /// Decodes MCUs of the interval; the number of the first that is lost.
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
                damage.note(if bits.is_overrun() { ENDS_EARLY } else { "a code that is none" })?;
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
        let found = unstuff(data, &mut self.segment);
        self.position = Position::default();
        // The marker itself is two bytes.
        let marker = found.map_or(data.len(), |(_, end)| end - 2);
        self.rest = data.get(marker..).unwrap_or_default();
        self.marker = found.map(|(marker, _)| (marker, 2));
    }
}
