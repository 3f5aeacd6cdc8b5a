//! What is wrong with a catalog folder, and where.

use std::fmt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Taken, and without effect on this server.
    Note,
    /// Left out.
    Warning,
    /// Nothing is published.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file, relative to the folder.
    pub file: String,
    /// Its line, counted from 1; 0 is the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All findings of a folder.
#[derive(Debug, Clone, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Notes an error.
    pub fn error(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Error, file, line, message.to_string());
    }

    /// Notes a warning.
    pub fn warning(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Warning, file, line, message.to_string());
    }

    /// Notes what is taken and has no effect.
    pub fn note(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Note, file, line, message.to_string());
    }

    /// Whether nothing may be published.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|problem| problem.severity == Severity::Error)
    }

    fn push(&mut self, severity: Severity, file: &str, line: usize, message: String) {
        self.0.push(Problem { severity, file: file.to_owned(), line, message });
    }
}
