//! Matrices of three rows and columns.

/// A vector.
pub type Vector = [f64; 3];

/// Three rows.
pub type Matrix = [Vector; 3];

/// The product of a matrix and a vector.
pub fn apply(matrix: &Matrix, [x, y, z]: Vector) -> Vector {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}

/// The product of two matrices: `second` is applied after `first`.
pub fn product(second: &Matrix, first: &Matrix) -> Matrix {
    let columns = transposed(first).map(|column| apply(second, column));
    transposed(&columns)
}

/// Rows as columns.
pub fn transposed(&[[a, b, c], [d, e, f], [g, h, i]]: &Matrix) -> Matrix {
    [[a, d, g], [b, e, h], [c, f, i]]
}

/// A matrix that multiplies each number of a vector.
pub fn diagonal([x, y, z]: Vector) -> Matrix {
    [[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]]
}

/// The inverse, by cofactors; `None` if there is none.
pub fn inverse(&[[a, b, c], [d, e, f], [g, h, i]]: &Matrix) -> Option<Matrix> {
    let determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    let adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ];
    let inverse = adjugate.map(|row| row.map(|number| number / determinant));
    (determinant.abs() > 1e-12).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_changes_nothing() {
        let matrix = [[0.4, 0.3, 0.1], [0.2, 0.7, 0.1], [0.0, 0.1, 0.9]];
        let one = product(&inverse(&matrix).unwrap(), &matrix);
        for (row, expected) in one.iter().zip(&diagonal([1.0; 3])) {
            assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{one:?}");
        }
        assert_eq!(inverse(&[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 0.0, 1.0]]), None);
    }
}
