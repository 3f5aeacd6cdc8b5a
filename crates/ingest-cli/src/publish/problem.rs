//! Errors and warnings about a catalog folder.

use std::fmt;

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Accepted, but without effect on this server.
    Note,
    /// Omitted, or probably a mistake.
    Warning,
    /// The row or line is not published. Without `--keep-going`, nothing is published.
    Row,
    /// Nothing is published.
    Error,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its severity.
    pub severity: Severity,
    /// The file, relative to the folder.
    pub file: String,
    /// Its line, counted from 1; 0 for the whole file.
    pub line: usize,
    /// The message.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Row | Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All problems of a folder.
#[derive(Debug, Clone, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds an error.
    pub fn error(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Error, file, line, message.to_string());
    }

    /// Adds an error of one row.
    pub fn row(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Row, file, line, message.to_string());
    }

    /// Adds a warning.
    pub fn warning(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Warning, file, line, message.to_string());
    }

    /// Adds a note.
    pub fn note(&mut self, file: &str, line: usize, message: impl ToString) {
        self.push(Severity::Note, file, line, message.to_string());
    }

    /// Adds the problems of a row. Its errors become errors of the row only.
    pub fn add_row_problems(&mut self, found: Self) {
        self.0.extend(found.0.into_iter().map(|problem| match problem.severity {
            Severity::Error => Problem { severity: Severity::Row, ..problem },
            Severity::Note | Severity::Warning | Severity::Row => problem,
        }));
    }

    /// The highest severity; `None` without problems.
    pub fn worst(&self) -> Option<Severity> {
        self.0.iter().map(|problem| problem.severity).max()
    }

    /// Whether something is not published.
    pub fn has_errors(&self) -> bool {
        self.worst() >= Some(Severity::Row)
    }

    /// The errors as text.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.0.iter().filter(|problem| problem.severity >= Severity::Row);
        errors.map(ToString::to_string).collect()
    }

    fn push(&mut self, severity: Severity, file: &str, line: usize, message: String) {
        self.0.push(Problem { severity, file: file.to_owned(), line, message });
    }
}
