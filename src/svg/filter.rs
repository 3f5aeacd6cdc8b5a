//! What the primitives of a filter take (Filter Effects 1, section 9).

use resvg::usvg::filter::{Filter, Kind, Primitive};

/// The work of a primitive for each pixel of the filter's region, in pixels of a
/// [`TimeSlice`](crate::time_slice::TimeSlice), and how far it reads around a pixel.
pub struct Cost {
    /// The work for each pixel.
    pub work: f64,
    /// Pixels.
    pub reach: f64,
}

/// Copies of its region that a filter has at once: one for each result, and those of its source, of
/// two inputs, of an output and of scratch memory.
pub fn copies(filter: &Filter) -> f64 {
    filter.primitives().len() as f64 + 5.0
}

/// What a primitive takes. `scale` is pixels per unit, `region` the longer side of the filter's
/// region in pixels.
pub fn cost(primitive: &Primitive, scale: f64, region: f64) -> Cost {
    let px = |length: f32| f64::from(length.abs()) * scale;
    let (work, reach) = match primitive.kind() {
        Kind::GaussianBlur(fe) => (10.0, 3.0 * px(fe.std_dev_x().get().max(fe.std_dev_y().get()))),
        Kind::DropShadow(fe) => {
            let sigma = px(fe.std_dev_x().get().max(fe.std_dev_y().get()));
            (14.0, 3.0 * sigma + px(fe.dx()).max(px(fe.dy())))
        }
        Kind::Offset(fe) => (2.0, px(fe.dx()).max(px(fe.dy()))),
        Kind::Morphology(fe) => {
            let radii = [fe.radius_x(), fe.radius_y()].map(|radius| px(radius.get()).min(region));
            let window = (2.0 * radii[0] + 1.0) * (2.0 * radii[1] + 1.0);
            (2.0 + window / 2.0, radii[0].max(radii[1]))
        }
        Kind::ConvolveMatrix(fe) => {
            let [columns, rows] = [fe.matrix().columns(), fe.matrix().rows()].map(f64::from);
            (4.0 + 2.0 * columns * rows, columns.max(rows))
        }
        Kind::DisplacementMap(fe) => (6.0, px(fe.scale()) / 2.0),
        Kind::Turbulence(fe) => (8.0 + 30.0 * f64::from(fe.num_octaves()), 0.0),
        Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => (24.0, 1.0),
        // It repeats what may lie anywhere in the region.
        Kind::Tile(_) => (8.0, region),
        Kind::Merge(fe) => (2.0 + 2.0 * fe.inputs().len() as f64, 0.0),
        Kind::ComponentTransfer(_) => (12.0, 0.0),
        Kind::ColorMatrix(_) | Kind::Composite(_) | Kind::Blend(_) => (6.0, 0.0),
        Kind::Flood(_) | Kind::Image(_) => (2.0, 0.0),
    };
    // Most primitives convert their input to linear light and back.
    Cost { work: work + 4.0, reach }
}
