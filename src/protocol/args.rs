//! Parses the comma-separated arguments of a command; errors name the command.

use crate::{
    error::{Error, Result},
    geometry::Rect,
    ratio::Ratio,
};

/// The value of one command. A missing or empty argument is `None`, which means "not specified".
#[derive(Debug, Clone, Copy)]
pub struct Args<'a> {
    /// The command as the protocol spells it.
    pub command: &'a str,
    /// Its decoded, substituted value.
    pub value: &'a str,
}

/// The largest integer that is accepted; no image has as many pixels along a side.
const PIXELS_MAX: i64 = 1_000_000_000;

impl<'a> Args<'a> {
    /// The `nth` argument, trimmed; `None` if missing or empty.
    pub fn text(&self, nth: usize) -> Option<&'a str> {
        // Real sites send `;` instead of `,` in lists (D8).
        self.value.split([',', ';']).nth(nth).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether the value is empty.
    pub fn is_empty(&self) -> bool {
        self.value.trim().is_empty()
    }

    /// The number of arguments, including empty ones.
    pub fn count(&self) -> usize {
        self.value.split([',', ';']).count()
    }

    /// The `nth` argument as a finite number.
    pub fn real(&self, nth: usize) -> Result<Option<f64>> {
        let Some(text) = self.text(nth) else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(self.wrong("a number")),
        }
    }

    /// The `nth` argument as an exact number, as written.
    pub fn exact(&self, nth: usize) -> Result<Option<Ratio>> {
        let Some(text) = self.text(nth) else { return Ok(None) };
        Ratio::parse(text).map(Some).ok_or_else(|| self.wrong("a number"))
    }

    /// The `nth` argument as an integer; fractions are rounded half up (A8).
    pub fn int(&self, nth: usize) -> Result<Option<i64>> {
        let Some(number) = self.exact(nth)? else { return Ok(None) };
        let number = number.round();
        if number.saturating_abs() > PIXELS_MAX {
            return Err(self.wrong("a number below 1,000,000,000"));
        }
        Ok(Some(number))
    }

    /// The `nth` argument in pixels; 0 means "not specified" (A7), a negative number is an error.
    pub fn pixels(&self, nth: usize) -> Result<Option<u32>> {
        match self.int(nth)? {
            None | Some(0) => Ok(None),
            Some(number) => match u32::try_from(number) {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.wrong("an integer number of pixels, 1 or more")),
            },
        }
    }

    /// The `nth` argument as a factor greater than 0; `None` if 0 or missing, an error if negative.
    pub fn factor(&self, nth: usize) -> Result<Option<Ratio>> {
        match self.exact(nth)? {
            None | Some(Ratio::ZERO) => Ok(None),
            Some(number) if number > Ratio::ZERO => Ok(Some(number)),
            Some(_) => Err(self.wrong("a factor greater than 0")),
        }
    }

    /// The `nth` argument as a number clamped to `low..=high` (A6).
    pub fn within(&self, nth: usize, low: f64, high: f64) -> Result<Option<f64>> {
        Ok(self.real(nth)?.map(|number| number.max(low).min(high)))
    }

    /// The `nth` argument as a switch: a number, of which only 0 is off; or false, true, off, on.
    pub fn switch(&self, nth: usize) -> Result<Option<bool>> {
        let Some(text) = self.text(nth) else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "on" => Ok(Some(true)),
            "false" | "off" => Ok(Some(false)),
            _ => match self.real(nth) {
                Ok(number) => Ok(number.map(|number| number != 0.0)),
                Err(_) => Err(self.wrong("0 or 1, off or on")),
            },
        }
    }

    /// The `nth` argument as one of these keywords, in any case.
    pub fn keyword<T: Copy>(&self, nth: usize, keywords: &[(&str, T)]) -> Result<Option<T>> {
        let Some(text) = self.text(nth) else { return Ok(None) };
        match keywords.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            Some(&(_, meaning)) => Ok(Some(meaning)),
            None => {
                let list: Vec<&str> = keywords.iter().map(|&(word, _)| word).collect();
                Err(self.wrong(&format!("one of {}", list.join(", "))))
            }
        }
    }

    /// The first `N` arguments as numbers. `None` if all are missing; an error if only some are.
    pub fn numbers<const N: usize>(&self, wanted: &str) -> Result<Option<[Ratio; N]>> {
        let mut numbers = [Ratio::ZERO; N];
        let mut given = 0;
        for (nth, number) in numbers.iter_mut().enumerate() {
            if let Some(value) = self.exact(nth)? {
                *number = value;
                given += 1;
            }
        }
        match given {
            0 => Ok(None),
            _ if given == N => Ok(Some(numbers)),
            _ => Err(self.wrong(wanted)),
        }
    }

    /// The first `N` arguments as integer pixels, rounded half up; they may be negative.
    pub fn offsets<const N: usize>(&self, wanted: &str) -> Result<Option<[i64; N]>> {
        let Some(_) = self.numbers::<N>(wanted)? else { return Ok(None) };
        let mut offsets = [0; N];
        for (nth, offset) in offsets.iter_mut().enumerate() {
            *offset = self.int(nth)?.unwrap_or(0);
        }
        Ok(Some(offsets))
    }

    /// The `nth` argument as an integer clamped to `low..=high` (A6).
    pub fn int_within(&self, nth: usize, low: i64, high: i64) -> Result<Option<i64>> {
        Ok(self.int(nth)?.map(|number| number.max(low).min(high)))
    }

    /// The `nth` argument and all after it, trimmed; `None` if empty.
    pub fn rest(&self, nth: usize) -> Option<&'a str> {
        let mut parts = self.value.splitn(nth + 1, [',', ';']);
        parts.nth(nth).map(str::trim).filter(|rest| !rest.is_empty())
    }

    /// The first four arguments as an exact rectangle; `None` if all are 0 or empty (A7).
    pub fn rectangle(&self) -> Result<Option<[Ratio; 4]>> {
        let mut numbers = [Ratio::ZERO; 4];
        let mut given = 0;
        for (nth, number) in numbers.iter_mut().enumerate() {
            if let Some(value) = self.exact(nth)? {
                *number = value;
                given += 1;
            }
        }
        match (given, numbers) {
            (0, _) | (_, [Ratio::ZERO, Ratio::ZERO, Ratio::ZERO, Ratio::ZERO]) => Ok(None),
            (4, [_, _, width, height]) if width > Ratio::ZERO && height > Ratio::ZERO => {
                Ok(Some(numbers))
            }
            _ => Err(self.wrong("x,y,width,height with a width and height greater than 0")),
        }
    }

    /// The first four arguments as a rectangle in integer pixels, at least 1 × 1.
    pub fn pixel_rectangle<S>(&self) -> Result<Option<Rect<S>>> {
        let Some(_) = self.rectangle()? else { return Ok(None) };
        let int = |nth| Ok::<_, Error>(self.int(nth)?.unwrap_or(0));
        let [x, y, width, height] = [int(0)?, int(1)?, int(2)?, int(3)?];
        if width < 1 || height < 1 {
            return Err(self.wrong("a width and height of 1 pixel or more"));
        }
        let side = |len: i64| u32::try_from(len).unwrap_or(u32::MAX);
        Ok(Some(Rect::new(x, y, side(width), side(height))))
    }

    /// The error for an invalid value of this command; `wanted` describes valid ones.
    pub fn wrong(&self, wanted: &str) -> Error {
        let shown: String = self.value.chars().take(60).collect();
        Error::value(self.command, &shown, wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(value: &str) -> Args<'_> {
        Args { command: "wid", value }
    }

    #[test]
    fn zero_and_empty_mean_not_specified() {
        assert_eq!(args("0").pixels(0).unwrap(), None);
        assert_eq!(args("").pixels(0).unwrap(), None);
        assert_eq!(args("0,0,0,0").rectangle().unwrap(), None);
    }

    #[test]
    fn fractions_of_pixels_round_half_up() {
        assert_eq!(args("300.5").pixels(0).unwrap(), Some(301));
        assert_eq!(args("-0.5").int(0).unwrap(), Some(0));
    }

    #[test]
    fn an_error_names_command_value_and_what_was_expected() {
        let error = args("$x$").pixels(0).unwrap_err();
        assert_eq!(error.message, "wid=$x$: expected a number");
        assert!(args("-1").pixels(0).is_err());
        assert!(args("1e300").pixels(0).is_err());
        assert!(args("nan").real(0).is_err());
    }

    #[test]
    fn keywords_ignore_case_and_list_themselves() {
        let keywords = [("lr", 1), ("ud", 2)];
        assert_eq!(args("LR").keyword(0, &keywords).unwrap(), Some(1));
        assert!(args("x").keyword(0, &keywords).unwrap_err().message.contains("one of lr, ud"));
    }
}
