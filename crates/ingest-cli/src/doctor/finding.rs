//! What a check found.

use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as it should be.
    Ok,
    /// It works, but something costs time, money or a feature.
    Warning,
    /// It does not work.
    Failed,
    /// It could not be checked.
    NotChecked,
}

impl Outcome {
    /// The word in a report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::NotChecked => "not checked",
        }
    }
}

/// What a check found, and what to do about it.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The name of the check.
    pub check: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Ok, message: message.into(), advice: None }
    }

    /// It works, with a remark.
    pub fn warning(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let advice = Some(advice.into());
        Self { check, outcome: Outcome::Warning, message: message.into(), advice }
    }

    /// It does not work.
    pub fn failed(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let advice = Some(advice.into());
        Self { check, outcome: Outcome::Failed, message: message.into(), advice }
    }

    /// It could not be checked.
    pub fn not_checked(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let advice = Some(advice.into());
        Self { check, outcome: Outcome::NotChecked, message: message.into(), advice }
    }
}
