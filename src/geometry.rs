//! Sizes and rectangles, tagged with the space they are measured in.

use std::marker::PhantomData;

/// Pixels of the full-resolution source image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceSpace {}
/// Pixels of one level of a pyramid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LevelSpace {}
/// Pixels of the composite image (the canvas of layer 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompositeSpace {}
/// Pixels of the view image, before `rect=` cuts the reply out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewSpace {}
/// Pixels of the reply image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReplySpace {}

/// Width × height in integer pixels of space `S`; either may be 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size<S> {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    space: PhantomData<S>,
}

impl<S> Size<S> {
    /// `width` × `height`.
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, space: PhantomData }
    }

    /// The number of pixels, `width` × `height`.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// A rectangle with integer coordinates in space `S`; it may lie outside the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rect<S> {
    /// Left edge.
    pub x: i64,
    /// Top edge.
    pub y: i64,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    space: PhantomData<S>,
}

impl<S> Rect<S> {
    /// The rectangle with its top-left at (`x`, `y`).
    pub const fn new(x: i64, y: i64, width: u32, height: u32) -> Self {
        Self { x, y, width, height, space: PhantomData }
    }

    /// The rectangle of an entire image of this size, at (0, 0).
    pub fn of(size: Size<S>) -> Self {
        Self::new(0, 0, size.width, size.height)
    }

    /// One past the right edge.
    pub fn right(&self) -> i64 {
        self.x + i64::from(self.width)
    }

    /// One past the bottom edge.
    pub fn bottom(&self) -> i64 {
        self.y + i64::from(self.height)
    }

    /// Whether the width or the height is 0.
    pub fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The intersection of both rectangles; empty if they do not overlap.
    pub fn intersect(&self, other: &Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = (self.right().min(other.right()) - x).max(0);
        let height = (self.bottom().min(other.bottom()) - y).max(0);
        Self::new(x, y, width as u32, height as u32)
    }

    /// The rectangle moved by x and y.
    pub fn shift(&self, [x, y]: [i64; 2]) -> Self {
        Self::new(self.x + x, self.y + y, self.width, self.height)
    }

    /// The rectangle extended by `by` pixels on every side.
    pub fn grow(&self, by: u32) -> Self {
        let by64 = i64::from(by);
        Self::new(
            self.x - by64,
            self.y - by64,
            self.width.saturating_add(by.saturating_mul(2)),
            self.height.saturating_add(by.saturating_mul(2)),
        )
    }
}
