//! The `op_*` commands that are not done yet; those that are have a file each in `ops`.

use super::{Command, refused};

pub(super) const COMMANDS: &[Command] = &[
    refused("op_invert", "r-op-invert", "0|1", &["", "0"]),
    refused("op_brightness", "r-op-brightness", "adj", &["", "0"]),
    refused("op_contrast", "r-op-contrast", "adj", &["", "0"]),
    refused("op_hue", "r-op-hue", "adj", &["", "0"]),
    refused("op_saturation", "r-op-saturation", "adj", &["", "0"]),
    refused("op_colorbalance", "r-op-colorbalance", "red,green,blue", &["", "0", "0,0,0"]),
    refused("op_colorize", "r-op-colorize", "color[,…]", &[""]),
    refused("colorize", "r-op-colorize", "color[,…]", &[""]),
    refused("op_grow", "r-op-grow", "radius", &["", "0"]),
    refused("op_growMask", "r-op-growmask", "radius", &["", "0"]),
    refused("op_growMaskR", "r-op-growmaskr", "radius", &["", "0"]),
    refused("op_blur", "r-op-blur", "radius", &["", "0"]),
    refused("op_noise", "r-op-noise", "val[,type[,monochrome]]", &["", "0", "0,uniform,0"]),
    refused("op_usmR", "r-op-usmr", "amount[,radiusR[,…]]", &["", "0", "0,0,0,0"]),
];
