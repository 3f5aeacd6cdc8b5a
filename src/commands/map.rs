//! Image maps and sets: not answered yet; they never change an image.

use super::{Command, accepted};

const NO_PIXELS: &str = "has no bearing on images; its own request types are not answered yet";

pub(super) const COMMANDS: &[Command] = &[
    accepted("map", "r-map", "[string]", NO_PIXELS),
    accepted("mapA", "r-map", "[string]", NO_PIXELS),
    accepted("imageSet", "r-imageset", "val", NO_PIXELS),
];
