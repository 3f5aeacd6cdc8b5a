//! Detects frontal faces.

use rustface::{Detector, ImageData, create_detector_with_model, read_model};

const MODEL: &[u8] = include_bytes!("../model/seeta_fd_frontal_v1.0.bin");

/// The minimal score of a detection. Few other objects than faces reach it.
const MIN_SCORE: f64 = 4.5;

/// A face, in pixels of the half-size picture.
#[derive(Debug, Clone, Copy)]
pub struct Face {
    /// The x and y of its centre.
    pub center: [f32; 2],
    /// Half its width and height.
    pub half: [f32; 2],
}

/// The faces of a picture of `width` × `height` pixels. Those smaller than 20 pixels are not
/// detected.
pub fn find(width: usize, height: usize, lab: &[[f32; 3]]) -> Vec<Face> {
    if width.min(height) < 20 {
        return Vec::new();
    }
    let Ok(model) = read_model(MODEL) else { return Vec::new() };
    let mut detector: Box<dyn Detector> = create_detector_with_model(model);
    detector.set_min_face_size(20);
    detector.set_score_thresh(MIN_SCORE);
    detector.set_pyramid_scale_factor(0.8);
    detector.set_slide_window_step(2, 2);
    let grey: Vec<u8> = lab.iter().map(|&[l, ..]| (l * 2.55) as u8).collect();
    let found = detector.detect(&ImageData::new(&grey, width as u32, height as u32));
    found
        .iter()
        .map(|face| {
            let edges = face.bbox();
            let half = [edges.width() as f32 / 4.0, edges.height() as f32 / 4.0];
            let corner = [edges.x() as f32 / 2.0, edges.y() as f32 / 2.0];
            Face { center: [corner[0] + half[0], corner[1] + half[1]], half }
        })
        .collect()
}
