//! Colours: values as the protocol writes them (r-is-http-color; decisions H1 to H12), and
//! conversions between grey, RGB, CMYK and the YCbCr of JPEG: without profiles, and by ICC profiles
//! ([`icc`]).

pub mod from_rgb;
pub mod icc;
mod naive;
mod value;
pub mod ycbcr;

pub use naive::{convert_row, numbers_in};
pub use value::{Color, Components};
