//! Reads big-endian fields from a part of a file.

use anyhow::{Context as _, Result};

/// What is left of a part of a file.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `len` bytes. Fails if there are fewer.
    pub fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len).context("the file ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    pub fn u8(&mut self) -> Result<u8> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    pub fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn i16(&mut self) -> Result<i16> {
        self.array().map(i16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn i32(&mut self) -> Result<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub fn f64(&mut self) -> Result<f64> {
        self.array().map(f64::from_be_bytes)
    }

    /// Four characters that name something.
    pub fn name(&mut self) -> Result<[u8; 4]> {
        self.array()
    }

    /// A length of 32 bits, or of 64 if `long`.
    pub fn len(&mut self, long: bool) -> Result<usize> {
        let len = if long { u64::from_be_bytes(self.array()?) } else { self.u32()?.into() };
        Ok(usize::try_from(len)?)
    }

    /// A part that begins with its length.
    pub fn part(&mut self, long: bool) -> Result<Self> {
        let len = self.len(long)?;
        self.take(len).map(Self)
    }

    /// A text in UTF-16 that begins with the number of its code units.
    pub fn unicode(&mut self) -> Result<String> {
        let units = self.u32()? as usize;
        let bytes = self.take(units.saturating_mul(2))?;
        Ok(utf_16(bytes).trim_end_matches('\0').to_owned())
    }
}

/// Decodes UTF-16 with the most significant byte first.
pub fn utf_16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_be_bytes(pair));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
