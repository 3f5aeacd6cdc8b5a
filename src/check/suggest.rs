//! "Did you mean": the commands whose names are most like an unknown one.

use crate::commands::rows;

/// The most edits between two names that are alike.
const EDITS: usize = 2;
/// A name this short is alike only with one edit, or every short name would be.
const SHORT: usize = 3;
/// The most suggestions for one name.
const SUGGESTIONS: usize = 3;

/// The names of the table with the fewest edits from `name`, which is in lower case.
pub fn nearest(name: &str) -> Vec<&'static str> {
    let length = name.chars().count();
    let most = if length <= SHORT { 1 } else { EDITS };
    // Longer names than these are never alike, so that a hostile one costs nothing.
    if !(2..=20).contains(&length) {
        return Vec::new();
    }
    let near: Vec<(usize, &str)> = rows()
        .map(|row| (edits(name, &row.name().to_ascii_lowercase()), row.name()))
        .filter(|(edits, _)| *edits <= most)
        .collect();
    let fewest = near.iter().map(|(edits, _)| *edits).min();
    let best = near.into_iter().filter(|(edits, _)| Some(*edits) == fewest);
    best.map(|(_, name)| name).take(SUGGESTIONS).collect()
}

/// The fewest characters to insert, remove, replace or swap with their neighbour.
fn edits(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (one, other, count) in [
            ("wid", "wid", 0),
            ("wdi", "wid", 1),
            ("width", "wid", 2),
            ("", "hei", 3),
            ("op_sharp", "op_sharpen", 2),
            ("qualität", "qualitat", 1),
        ] {
            assert_eq!((edits(one, other), edits(other, one)), (count, count), "{one} {other}");
        }
    }

    #[test]
    fn the_nearest_names_are_suggested_and_others_are_not() {
        assert_eq!(nearest("width"), ["wid"]);
        assert_eq!(nearest("wdi"), ["wid"]);
        assert_eq!(nearest("hie"), ["hide", "hei"]);
        assert_eq!(nearest("op_unsharp"), Vec::<&str>::new());
        assert_eq!(nearest("op_brightnes"), ["op_brightness"]);
        assert_eq!(nearest("resmod"), ["resMode"]);
        // What sites write to tell versions apart is like no command.
        for name in ["v", "ts", "imwidth", "timestamp", "cachebuster", "qty", &"wid".repeat(9_000)]
        {
            assert_eq!(nearest(name), Vec::<&str>::new(), "{name}");
        }
    }
}
