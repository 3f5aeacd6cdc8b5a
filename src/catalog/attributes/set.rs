//! Shorthands for the rows of attributes.

use super::{Attribute, Attributes, Empty};
use crate::{commands::Support, error::Result, protocol::Args, ratio::Ratio};

/// A row that the engine supports fully.
pub const fn full(
    name: &'static str,
    doc: &'static str,
    empty: Empty,
    set: fn(&mut Attributes, &Args) -> Result<()>,
) -> Attribute {
    Attribute { name, doc, empty, support: Support::Full, set }
}

/// A row whose value is validated and stored, but has no effect; `why` is the reason.
pub const fn accepted(
    name: &'static str,
    doc: &'static str,
    empty: Empty,
    why: &'static str,
    set: fn(&mut Attributes, &Args) -> Result<()>,
) -> Attribute {
    Attribute { name, doc, empty, support: Support::Accepted(why), set }
}

/// Stores the value as text.
pub fn text(attributes: &mut Attributes, args: &Args) -> Result<()> {
    if let Some(row) = super::find(args.command) {
        attributes.texts.insert(row.name, args.value.to_owned());
    }
    Ok(())
}

/// Stores a flag, 0 or 1, as text.
pub fn flag(attributes: &mut Attributes, args: &Args) -> Result<()> {
    args.switch(0)?.ok_or_else(|| args.wrong("0 or 1"))?;
    text(attributes, args)
}

/// Stores `count[0]` to `count[1]` integers as text. Each can be empty.
pub fn numbers(attributes: &mut Attributes, args: &Args, count: [usize; 2]) -> Result<()> {
    let given = args.count();
    if !(count[0]..=count[1]).contains(&given) {
        return Err(args.wrong(&format!("{} to {} numbers", count[0], count[1])));
    }
    for nth in 0..given {
        args.int(nth)?;
    }
    text(attributes, args)
}

/// Width × height in pixels; 0, the value of a missing side, is no limit.
pub fn size(args: &Args) -> Result<[u32; 2]> {
    Ok([args.pixels(0)?.unwrap_or(0), args.pixels(1)?.unwrap_or(0)])
}

/// A lifetime in hours: 0 or more, or −1 for one that never expires.
pub fn hours(args: &Args) -> Result<f64> {
    match args.real(0)? {
        Some(hours) if hours >= 0.0 || hours == -1.0 => Ok(hours),
        Some(_) | None => Err(args.wrong("hours, 0 or more, or -1 for never")),
    }
}

/// A number greater than 0. Fails if it is missing.
pub fn positive(args: &Args) -> Result<Ratio> {
    args.factor(0)?.ok_or_else(|| args.wrong("a number greater than 0"))
}

/// An integer from `low` to `high`. `wanted` describes them in the error.
pub fn choice(args: &Args, low: i64, high: i64, wanted: &str) -> Result<i64> {
    match args.int(0)? {
        Some(number) if (low..=high).contains(&number) => Ok(number),
        Some(_) | None => Err(args.wrong(wanted)),
    }
}
