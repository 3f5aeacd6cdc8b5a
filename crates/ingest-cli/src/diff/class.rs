//! The classes of pairs.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What makes the replies of a pair differ.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The same bytes, pixels, or lines of text
    Equal,
    /// No larger differences than encoders make
    EncoderOnly,
    /// Other pixels went into the encoder: another kernel, sharpening or quality of the original
    Resampling,
    /// Shifted by up to 2 pixels
    Shifted,
    /// The same picture in other colours
    OtherColours,
    /// Another picture, at least in a part
    DifferentPicture,
    /// Other pixels in width or height
    WrongSize,
    /// Another media type
    WrongType,
    /// Text, such as the properties of an image, that differs
    DifferentText,
    /// Bytes differ, and the format is not decoded here
    NotCompared,
    /// The old server did not reply, or with an error or a damaged picture
    OldFailed,
    /// The new server did not reply, or with an error or a damaged picture
    NewFailed,
    /// Both replied with errors, whose statuses differ
    FailedDifferently,
    /// Both replied with an error of the same status
    FailedAlike,
}

/// Which pairs of a class are over the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Never,
    ByScore,
    Always,
}

/// All classes, in the order of the summary, with their names and which pairs of them are over.
const TABLE: [(Class, &str, Over); 14] = [
    (Class::DifferentPicture, "different picture", Over::Always),
    (Class::WrongSize, "wrong size", Over::Always),
    (Class::WrongType, "wrong type", Over::Always),
    (Class::DifferentText, "different text", Over::Always),
    (Class::NewFailed, "new failed", Over::Always),
    (Class::OldFailed, "old failed", Over::Always),
    (Class::FailedDifferently, "failed differently", Over::Always),
    (Class::NotCompared, "not compared", Over::Always),
    (Class::OtherColours, "other colours", Over::ByScore),
    (Class::Shifted, "shifted", Over::ByScore),
    (Class::Resampling, "resampling", Over::ByScore),
    (Class::EncoderOnly, "encoder only", Over::ByScore),
    (Class::FailedAlike, "failed alike", Over::Never),
    (Class::Equal, "equal", Over::Never),
];

impl Class {
    /// All classes, in the order of the summary.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(class, ..)| *class)
    }

    /// Its name in the summary, the report and the CSV.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its name in JSON, on the command line and in the page.
    pub fn slug(self) -> String {
        self.name().replace(' ', "-")
    }

    /// Whether a pair with this score is over the threshold.
    pub fn is_over(self, score: Option<f64>, threshold: f64) -> bool {
        match self.row().2 {
            Over::Never => false,
            Over::Always => true,
            Over::ByScore => score.is_none_or(|score| score < threshold),
        }
    }

    fn row(self) -> &'static (Self, &'static str, Over) {
        // A test checks that each class has a row.
        TABLE.iter().find(|(class, ..)| *class == self).unwrap_or(&TABLE[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_one_row_and_one_name_each() {
        for class in Class::value_variants() {
            assert_eq!(TABLE.iter().filter(|(of, ..)| of == class).count(), 1, "{class:?}");
            let argument = class.to_possible_value().unwrap();
            assert_eq!(argument.get_name(), class.slug());
            assert_eq!(serde_json::to_value(class).unwrap(), class.slug());
        }
    }

    #[test]
    fn the_threshold_counts_only_where_pictures_are_alike() {
        let over = |class: Class, score| class.is_over(score, 70.0);
        assert!(over(Class::Resampling, Some(69.9)) && !over(Class::Resampling, Some(70.0)));
        assert!(over(Class::WrongSize, Some(99.0)) && over(Class::OldFailed, None));
        assert!(!over(Class::FailedAlike, None) && !over(Class::Equal, Some(100.0)));
    }
}
