//! Path data of `clipPath=`, `textPath=` and the like: SVG's `d` with commas (r-clippath).

use std::hash::{Hash, Hasher};

use super::args::Args;
use crate::{
    error::{Error, Result},
    limits,
};

/// One or more subpaths, in pixels from the layer's top-left corner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Step>);

/// One step of a path. Parsing makes relative steps absolute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Begins a new subpath at x, y.
    Move([f64; 2]),
    /// A straight line to x, y.
    Line([f64; 2]),
    /// A cubic Bézier curve: two control points and the end point, x and y of each.
    Curve([f64; 6]),
    /// A straight line back to the start of the subpath.
    Close,
}

// No number is NaN, because parsing refuses it.
impl Eq for Step {}

impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        let numbers: &[f64] = match self {
            Self::Move(to) | Self::Line(to) => to,
            Self::Curve(points) => points,
            Self::Close => &[],
        };
        numbers.iter().for_each(|number| number.to_bits().hash(state));
    }
}

const WANTED: &str = "a path of M, L, C and Z with numbers, such as M0,0L10,0,10,10Z";

impl Path {
    /// Parses path data; `None` if empty. Fails on wrong syntax, or above `limits::PATH_POINTS`.
    pub fn parse(args: &Args) -> Result<Option<Self>> {
        if args.is_empty() {
            return Ok(None);
        }
        let mut steps = Vec::new();
        // The current point, and the start of the subpath.
        let (mut pen, mut start) = ([0.0, 0.0], [0.0, 0.0]);
        let mut rest = args.value.trim_start();
        while let Some(letter) = rest.chars().next() {
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let numbers = numbers(&mut rest).ok_or_else(|| args.wrong(WANTED))?;
            let from = if letter.is_ascii_lowercase() { pen } else { [0.0, 0.0] };
            let fits = match letter {
                // A path begins with a move. Pairs after the first one are lines, as in SVG.
                'M' | 'm' => pairs(&numbers, from, letter == 'm', |nth, to| {
                    steps.push(if nth == 0 { Step::Move(to) } else { Step::Line(to) });
                    if nth == 0 {
                        start = to;
                    }
                    pen = to;
                }),
                _ if steps.is_empty() => false,
                'L' | 'l' => pairs(&numbers, from, letter == 'l', |_, to| {
                    steps.push(Step::Line(to));
                    pen = to;
                }),
                'C' | 'c' => {
                    let groups = numbers.chunks_exact(6);
                    let whole = groups.remainder().is_empty() && !numbers.is_empty();
                    for group in groups {
                        let [x, y] = if letter == 'c' { pen } else { [0.0, 0.0] };
                        let at =
                            |nth: usize| group[nth] + if nth.is_multiple_of(2) { x } else { y };
                        let curve = [at(0), at(1), at(2), at(3), at(4), at(5)];
                        steps.push(Step::Curve(curve));
                        pen = [curve[4], curve[5]];
                    }
                    whole
                }
                'Z' | 'z' if numbers.is_empty() => {
                    steps.push(Step::Close);
                    pen = start;
                    true
                }
                _ => false,
            };
            if !fits {
                return Err(args.wrong(WANTED));
            }
            if steps.len() > limits::PATH_POINTS {
                let (command, most) = (args.command, limits::PATH_POINTS);
                let message = format!("{command}=: the path has more than {most} points");
                return Err(Error::too_large(message));
            }
        }
        Ok(Some(Self(steps)))
    }
}

/// Calls `put` for each pair; if `relative`, each pair is relative to the one before. Returns
/// whether the numbers form complete pairs.
fn pairs(
    numbers: &[f64],
    from: [f64; 2],
    relative: bool,
    mut put: impl FnMut(usize, [f64; 2]),
) -> bool {
    let mut origin = from;
    let pairs = numbers.chunks_exact(2);
    let whole = pairs.remainder().is_empty() && !numbers.is_empty();
    for (nth, pair) in pairs.enumerate() {
        let to = [origin[0] + pair[0], origin[1] + pair[1]];
        put(nth, to);
        if relative {
            origin = to;
        }
    }
    whole
}

/// Reads the numbers before the next letter, separated by commas, spaces or a minus sign. `None` if
/// one is invalid.
fn numbers(rest: &mut &str) -> Option<Vec<f64>> {
    let mut numbers = Vec::new();
    loop {
        let text = rest.trim_start_matches([',', ' ', '\t', '\n', '\r']);
        let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
        let digits = signed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(signed.len());
        if digits == 0 {
            *rest = text;
            return Some(numbers).filter(|_| signed.len() == text.len());
        }
        let (number, after) = text.split_at_checked(text.len() - signed.len() + digits)?;
        numbers.push(number.parse().ok().filter(|number: &f64| number.abs() < 1e9)?);
        *rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(value: &str) -> Option<Vec<Step>> {
        let path = Path::parse(&Args { command: "clipPath", value });
        path.ok().map(|path| path.map(|path| path.0).unwrap_or_default())
    }

    #[test]
    fn separators_are_commas_spaces_or_a_minus() {
        let square = Some(vec![
            Step::Move([1.0, 2.0]),
            Step::Line([3.5, -4.0]),
            Step::Line([0.0, 0.5]),
            Step::Close,
        ]);
        assert_eq!(steps("M1,2L3.5,-4,0,.5Z"), square);
        assert_eq!(steps("M 1 2 L 3.5-4 0 .5 z"), square);
        assert_eq!(steps("M1,2,3.5,-4L0,.5Z"), square);
    }

    #[test]
    fn small_letters_are_relative() {
        let path = steps("m1,1l2,0,0,2zm1,1").unwrap();
        let expected = [
            Step::Move([1.0, 1.0]),
            Step::Line([3.0, 1.0]),
            Step::Line([3.0, 3.0]),
            Step::Close,
            Step::Move([2.0, 2.0]),
        ];
        assert_eq!(path, expected, "behind z, m starts from the beginning of the subpath");
        let curve = steps("M1,1c0,1,1,0,1,1").unwrap();
        assert_eq!(curve[1], Step::Curve([1.0, 2.0, 2.0, 1.0, 2.0, 2.0]));
    }

    #[test]
    fn wrong_grammar_is_refused() {
        for value in ["L1,2", "M1", "M1,2Q3,4", "M1,2Z3", "M1,2C1,2,3", "1,2", "M1,2L-", "M1e9,2"] {
            assert_eq!(steps(value), None, "{value}");
        }
        assert_eq!(steps(" "), Some(vec![]));
    }

    #[test]
    fn a_path_of_too_many_points_is_stopped() {
        let value = format!("M{}", "1,1,".repeat(limits::PATH_POINTS + 1));
        let error = Path::parse(&Args { command: "clipPath", value: &value }).unwrap_err();
        assert_eq!(error.kind, crate::error::ErrorKind::TooLarge);
    }
}
