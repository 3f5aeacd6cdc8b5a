//! The order in which the coefficients of a block are stored (ITU-T T.81, figure A.6).

/// The index of the n-th zigzag coefficient in a block that is stored column by column.
pub const ZIGZAG: [u8; 64] = zigzag();

const fn zigzag() -> [u8; 64] {
    let mut order = [0; 64];
    let (mut row, mut column) = (0_u8, 0_u8);
    let mut nth = 0;
    while nth < 64 {
        order[nth] = column * 8 + row;
        // Diagonals go up if their number is even, and down if it is odd.
        match ((row + column) % 2, row, column) {
            (0, _, 7) | (1, 0..7, 0) => row += 1,
            (0, 0, _) | (1, 7, _) => column += 1,
            (0, _, _) => (row, column) = (row - 1, column + 1),
            (_, _, _) => (row, column) = (row + 1, column - 1),
        }
        nth += 1;
    }
    order
}
