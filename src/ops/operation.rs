//! The row of an operation: what is fixed before its arguments are parsed.

use super::{ALL, Op};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// One name of an operation: a row of its file.
#[derive(Debug)]
pub struct Operation {
    /// The command's name as the protocol spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// Its title, its arguments, what it does, and an example.
    pub usage: Usage,
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

/// What an operation applies to. Without `layer=` it is the composite image, unless a variant says
/// otherwise (D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppliesTo {
    /// A layer. Effects ignore it.
    Layer,
    /// A layer; without `layer=` the view. Effects ignore it.
    LayerOrView,
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
    use crate::{
        ops::{
            Ops, brightness::Brightness, contrast::Contrast, grow::Grow, grow_mask::GrowMask,
            grow_mask_r::GrowMaskR, in_order, of_mask, saturation::Saturation,
        },
        pixel::{PixelFormat, Raster},
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
        const fn mask(radius: i8) -> GrowMask {
            GrowMask { radius: radius as i16 }
        }
        let makers: [(&str, Maker); 6] = [
            ("op_brightness", |change| Op::Brightness(Brightness { change })),
            ("op_contrast", |percent| Op::Contrast(Contrast { percent })),
            ("op_saturation", |change| Op::Saturation(Saturation { change })),
            ("op_grow", |radius| Op::Grow(Grow { radius: radius.into() })),
            ("op_growMask", |radius| Op::GrowMask(mask(radius))),
            ("op_growMaskR", |radius| Op::GrowMaskR(GrowMaskR { drawn: mask(radius) })),
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

    /// Two halves of different colours and alphas.
    fn picture() -> Raster {
        let mut raster = Raster::new(24, 4, PixelFormat::RGBA);
        for y in 0..4 {
            for (pixel, x) in raster.row_mut(y).chunks_exact_mut(4).zip(0..) {
                let color = if x < 12 { [200, 90, 30, 255] } else { [40, 60, 90, 120] };
                pixel.copy_from_slice(&color);
            }
        }
        raster
    }

    /// Each operation changes an image with an edge of colour and alpha.
    #[test]
    fn every_row_is_supported_and_changes_an_image() {
        let before = picture();
        for row in ALL.iter().copied().flatten() {
            assert!(
                !matches!(row.support, Support::Refused | Support::Accepted(_)),
                "{}",
                row.name
            );
            let mut after = before.clone();
            effective(row).apply(&mut after);
            assert!(after != before, "{}", row.name);
        }
    }

    #[test]
    fn rows_of_one_operation_change_an_image_alike_at_full_size() {
        for rows in ALL {
            let changed = |row| {
                let mut raster = picture();
                effective(row).apply(&mut raster);
                raster
            };
            assert!(rows.iter().all(|row| changed(row) == changed(&rows[0])), "{}", rows[0].name);
        }
    }

    /// The operation of a row with these arguments.
    fn op(name: &str, value: &str) -> Parsed {
        (find(name).unwrap().parse)(&Args { command: "op", value }).unwrap()
    }

    #[test]
    fn operations_have_one_order_and_those_of_the_view_come_last() {
        let mut all = Ops::default();
        for (slot, rows) in all.iter_mut().zip(ALL) {
            *slot = Some(effective(&rows[0]));
        }
        let order: Vec<&str> = ALL.iter().map(|rows| rows[0].name).collect();
        let wanted = "op_growMask op_growMaskR op_invert op_brightness op_contrast op_hue \
            op_saturation op_colorbalance op_colorize op_grow op_blur op_noise op_sharpen op_usm";
        assert_eq!(order.join(" "), wanted);
        let found = in_order(&all, 1.0, &Ops::default(), 1.0);
        let all_in_order: Vec<Op> = all.iter().copied().flatten().collect();
        assert_eq!([of_mask(&all, 1.0), found].concat(), all_in_order);
        let found = in_order(&Ops::default(), 1.0, &all, 1.0);
        let sharpen = ["op_sharpen", "op_usm"].map(|name| effective(find(name).unwrap()));
        assert_eq!(found[found.len() - 2..], sharpen);
    }

    #[test]
    fn lengths_are_scaled_with_what_they_belong_to() {
        let of = |given: &[(&str, &str)]| {
            let mut ops = Ops::default();
            for (name, value) in given {
                let nth = ALL.iter().position(|rows| rows.iter().any(|row| row.name == *name));
                ops[nth.unwrap()] = op(name, value);
            }
            ops
        };
        let of_image = [("op_grow", "-20"), ("op_blur", "20"), ("op_usm", "1,20")];
        let of_masks = [("op_growMask", "20"), ("op_growMaskR", "20")];
        let given = of(&of_image);
        let masked = of(&[&of_masks[..], &of_image].concat());
        let as_drawn = of(&[("op_usmR", "1,20")]);
        let found = in_order(&masked, 0.5, &given, 1.0);
        let seen = |name, value| op(name, value).unwrap();
        let layer = [seen("op_grow", "-10"), seen("op_blur", "10"), seen("op_usm", "1,10")];
        let composite = [seen("op_grow", "-10"), seen("op_blur", "10"), seen("op_usm", "1,20")];
        assert_eq!(found, [layer, composite].concat());
        let mask = [seen("op_growMask", "2"), seen("op_growMaskR", "20")];
        assert_eq!(of_mask(&masked, 0.1), mask);
        let found = in_order(&as_drawn, 0.5, &as_drawn, 1.0);
        assert_eq!(found, [seen("op_usmR", "1,20"), seen("op_usmR", "1,20")]);
    }
}
