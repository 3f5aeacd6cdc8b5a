//! The row of an operation: what is fixed before its arguments are parsed.

use super::{ALL, Op};
use crate::{error::Result, protocol::Args, support::Support};

/// One name of an operation: a row of its file.
#[derive(Debug)]
pub struct Operation {
    /// The command's name as the protocol spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// Its arguments.
    pub syntax: &'static str,
    /// How far the engine supports it.
    pub support: Support,
    /// Its group in canonical order.
    pub family: Family,
    /// What it applies to.
    pub applies_to: AppliesTo,
    /// Parses its arguments.
    pub parse: fn(&Args) -> Result<Parsed>,
}

/// The parsed operation; `None` means that its arguments have no effect.
pub type Parsed = Option<Op>;

/// A group of rows that are adjacent in canonical order, in the order of [`ALL`]. `commands` sets
/// the position of each group among the other commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// After the other attributes of effects.
    Effect,
    /// After the other attributes of layers.
    Layer,
    /// After all commands.
    View,
}

/// What an operation applies to. Without `layer=` it is the composite image or the view, unless a
/// variant says otherwise (D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppliesTo {
    /// A layer. Effects ignore it.
    Layer,
    /// A layer or an effect.
    LayerOrEffect,
    /// The mask of a layer; without `layer=` that of layer 0. Effects ignore it.
    Mask,
}

/// The first argument as an integer, clamped to −100…100; `None` if it is 0 or missing, which has
/// no effect.
pub fn hundred(args: &Args) -> Result<Option<i8>> {
    Ok(args.int_within(0, -100, 100)?.map(|number| number as i8).filter(|number| *number != 0))
}

/// The row of a name as the protocol spells it; `None` if there is none.
pub fn find(name: &str) -> Option<&'static Operation> {
    ALL.iter().copied().flatten().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{
        Ops, brightness::Brightness, contrast::Contrast, grow::Grow, grow_mask::GrowMask,
        grow_mask_r::GrowMaskR, in_order, saturation::Saturation,
    };

    /// Parses a value that has an effect.
    fn effective(row: &Operation) -> Op {
        let value = match row.doc {
            "r-op-colorize" => "ff0000",
            "r-op-noise" => "1",
            _ => "1,1",
        };
        (row.parse)(&Args { command: row.name, value }).unwrap().unwrap()
    }

    #[test]
    fn a_number_to_a_hundred_is_brought_into_range_and_zero_has_no_effect() {
        type Maker = fn(i8) -> Op;
        let makers: [(&str, Maker); 6] = [
            ("op_brightness", |change| Op::Brightness(Brightness { change })),
            ("op_contrast", |percent| Op::Contrast(Contrast { percent })),
            ("op_saturation", |change| Op::Saturation(Saturation { change })),
            ("op_grow", |radius| Op::Grow(Grow { radius })),
            ("op_growMask", |radius| Op::GrowMask(GrowMask { radius })),
            ("op_growMaskR", |radius| Op::GrowMaskR(GrowMaskR { radius })),
        ];
        for (command, op) in makers {
            let read = |value| (find(command).unwrap().parse)(&Args { command, value });
            for (value, number) in [("30", 30), ("-7.5", -7), ("999", 100), ("-999", -100)] {
                assert_eq!(read(value).unwrap(), Some(op(number)), "{command}={value}");
            }
            for value in ["", "0", "0.4"] {
                assert_eq!(read(value).unwrap(), None, "{command}={value}");
            }
            assert!(read("much").is_err(), "{command}");
        }
    }

    #[test]
    fn rows_are_refused_as_long_as_their_operation_has_no_filter() {
        for row in ALL.iter().copied().flatten() {
            let drawn = effective(row).filter().is_some();
            assert_eq!(drawn, row.support != Support::Refused, "{}", row.name);
        }
    }

    #[test]
    fn rows_of_one_operation_ask_for_the_same() {
        for rows in ALL {
            let asked: Vec<Op> = rows.iter().map(effective).collect();
            assert!(asked.iter().all(|op| *op == asked[0]), "{asked:?}");
        }
    }

    #[test]
    fn what_is_refused_is_not_among_what_is_done() {
        let mut all = Ops::default();
        for (slot, rows) in all.iter_mut().zip(ALL) {
            *slot = Some(effective(&rows[0]));
        }
        let [sharpen, mask] = ["op_sharpen", "op_usm"].map(|name| effective(find(name).unwrap()));
        assert_eq!(in_order(&all, 1.0, &all), [sharpen, mask, sharpen, mask]);
    }
}
