//! Finds the nearest colour of a palette.

/// Cells of each channel: 16 values each.
const CELLS: i32 = 16;

/// Finds the nearest colour of a palette, by squared distance. For each cell of 16 × 16 × 16
/// colours it computes once which colours of the palette can be the nearest to one of the cell.
pub struct Nearest {
    colors: Vec<[i32; 3]>,
    /// The candidates of each cell: a range of `candidates`. An empty one is not computed yet.
    cells: Vec<(u32, u16)>,
    candidates: Vec<u8>,
}

/// Memory of the look-up in bytes, with more candidates than a palette of an image has: two dozen
/// per cell.
pub const MEMORY: u64 = 4096 * (8 + 24);

impl Nearest {
    /// A look-up of a palette of 1 to 256 colours.
    pub fn new(colors: &[[u8; 3]]) -> Self {
        let colors = colors.iter().map(|color| color.map(i32::from)).collect();
        let cells = vec![(0, 0); (CELLS * CELLS * CELLS) as usize];
        Self { colors, cells, candidates: Vec::new() }
    }

    /// The index of the nearest colour; the first of equally near ones.
    #[inline]
    pub fn find(&mut self, color: [u8; 3]) -> u8 {
        let [r, g, b] = color.map(|value| usize::from(value >> 4));
        let cell = r << 8 | g << 4 | b;
        let (mut start, mut count) = self.cells.get(cell).copied().unwrap_or_default();
        if count == 0 {
            (start, count) = self.fill(cell);
        }
        let range = start as usize..start as usize + usize::from(count);
        let color = color.map(i32::from);
        let mut best = (i32::MAX, 0);
        for &index in self.candidates.get(range).unwrap_or_default() {
            let [r, g, b] = self.colors.get(usize::from(index)).copied().unwrap_or_default();
            let [r, g, b] = [r - color[0], g - color[1], b - color[2]];
            let distance = r * r + g * g + b * b;
            if distance < best.0 {
                best = (distance, index);
            }
        }
        best.1
    }

    /// Computes the candidates of a cell: the colours whose least distance from it is at most the
    /// greatest distance of another.
    #[inline(never)]
    fn fill(&mut self, cell: usize) -> (u32, u16) {
        let low = [8, 4, 0].map(|shift| ((cell >> shift & 15) << 4) as i32);
        let bounds = |color: &[i32; 3]| {
            let mut bounds = (0, 0);
            for (value, low) in color.iter().zip(low) {
                let (below, above) = (low - value, value - (low + 15));
                let (near, far) = (below.max(above).max(0), (low + 15 - value).max(value - low));
                bounds.0 += near * near;
                bounds.1 += far * far;
            }
            bounds
        };
        let most = self.colors.iter().map(|color| bounds(color).1).min().unwrap_or_default();
        let start = self.candidates.len() as u32;
        for (index, color) in (0..=u8::MAX).zip(&self.colors) {
            if bounds(color).0 <= most {
                self.candidates.push(index);
            }
        }
        let found = (start, (self.candidates.len() as u32 - start) as u16);
        if let Some(cell) = self.cells.get_mut(cell) {
            *cell = found;
        }
        found
    }
}
