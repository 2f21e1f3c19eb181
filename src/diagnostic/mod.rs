//! Findings: what a reader or a rule reports, where, and what to do about it.
//!
//! A [`Fault`] is what the floors above make: a rule's name, a [`Place`] in a file, a message, a hint.
//! Given the file it becomes a [`Finding`] with a level, a path, lines and columns, which the
//! printers ([`print_text`], [`print_json`], [`print_sarif`], [`print_github`], [`print_junit`]) show to people and programs.

mod baseline;
mod github;
mod json;
mod junit;
mod plain;
mod sarif;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::pack::{Pack, Unpacker, packed};
use crate::text::{LineColumn, Span, Words};

pub use baseline::Baseline;
pub use github::print_github;
pub use json::print_json;
pub use junit::print_junit;
pub use plain::{TextStyle, print_text};
pub use sarif::{RuleCard, print_sarif};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not shown and not counted.
    Off,
    /// Worth a look; never fails anything.
    Info,
    /// Probably wrong, or wrong in a way that has innocent causes.
    Warning,
    /// Wrong. `check` exits with 1.
    Error,
}

impl Level {
    /// Reads `off`, `info`, `warning`, `error`.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "info" => Some(Self::Info),
            "warning" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }

    /// The name used in files and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Pack for Level {
    fn pack(&self, to: &mut Vec<u8>) {
        (*self as u8).pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        [Self::Off, Self::Info, Self::Warning, Self::Error].get(from.get::<usize>()?).copied()
    }
}

/// Where in a file a fault lies. Cells and keys are named here and found in the text only when a
/// finding is made, since the archive does not keep the spans of a hundred thousand reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// A byte range of the decoded text.
    Span(Span),
    /// A cell, by its full key (`applications.received.total`).
    Cell(String),
    /// A key of the front matter (`published`); when it is absent, the front matter's first line.
    Key(Cow<'static, str>),
    /// The file as a whole.
    File,
}

impl Pack for Place {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Span(span) => (0u8, span.clone()).pack(to),
            Self::Cell(cell) => (1u8, cell.clone()).pack(to),
            Self::Key(key) => (2u8, key.clone().into_owned()).pack(to),
            Self::File => 3u8.pack(to),
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(match from.get::<u8>()? {
            0 => Self::Span(from.get()?),
            1 => Self::Cell(from.get()?),
            2 => Self::Key(Cow::Owned(from.get()?)),
            3 => Self::File,
            _ => return None,
        })
    }
}

impl Place {
    /// The place of a key's value.
    pub fn key(name: &'static str) -> Self {
        Self::Key(Cow::Borrowed(name))
    }
}

/// One fault as a reader or a rule sees it, before its level and its line are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule, by the name of the fault it finds (`row-total-mismatch`).
    pub rule: &'static str,
    /// The smallest culprit.
    pub place: Place,
    /// What is wrong, with the numbers.
    pub message: Words,
    /// What to do next.
    pub hint: Option<Words>,
    /// Full keys of the cells concerned; the first is the one to look at.
    pub cells: Vec<String>,
    /// A level other than the rule's, unless the site sets one.
    pub level: Option<Level>,
}

impl Fault {
    /// A fault without hint or cells.
    pub fn new(rule: &'static str, place: Place, message: Words) -> Self {
        Self { rule, place, message, hint: None, cells: Vec::new(), level: None }
    }

    /// The same fault with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: Words) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same fault at a level of its own.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// The same fault with the cells it concerns.
    #[must_use]
    pub fn with_cells(mut self, cells: Vec<String>) -> Self {
        self.cells = cells;
        self
    }
}

/// One finding, placed and levelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// Its level on this site.
    pub level: Level,
    /// The file below the site's root, with `/` between its parts.
    pub path: String,
    /// Where the culprit begins.
    pub start: LineColumn,
    /// Where it ends (just past its last character).
    pub end: LineColumn,
    /// What is wrong.
    pub message: Words,
    /// What to do next.
    pub hint: Option<Words>,
    /// The agency's id (`fuyang/wanshi`), if the finding is about one.
    pub agency: Option<String>,
    /// The report's year, if the finding is about one.
    pub year: Option<u16>,
    /// Full keys of the cells concerned; the first is the one to look at.
    pub cells: Vec<String>,
    /// The reason given in the report for letting it stand, if it was waived.
    pub waived: Option<String>,
}

impl Finding {
    /// A finding about a whole file of the site, at its first character.
    pub fn at_file(level: Level, path: impl Into<String>, fault: Fault) -> Self {
        let start = LineColumn { line: 1, column: 1 };
        Self::at(level, path, (start, start), fault)
    }

    /// A finding at a resolved place.
    pub fn at(level: Level, path: impl Into<String>, place: (LineColumn, LineColumn), fault: Fault) -> Self {
        Self {
            rule: fault.rule,
            level,
            path: path.into(),
            start: place.0,
            end: place.1,
            message: fault.message,
            hint: fault.hint,
            agency: None,
            year: None,
            cells: fault.cells,
            waived: None,
        }
    }

    /// Whether it counts: not switched off and not waived.
    pub fn counts(&self) -> bool {
        self.level > Level::Off && self.waived.is_none()
    }
}

/// Orders findings for people: by file, then by place, then by rule.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (&a.path, a.start, a.rule, &a.message.zh).cmp(&(&b.path, b.start, b.rule, &b.message.zh)));
}

/// How many findings of each level count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Findings at level error.
    pub errors: usize,
    /// Findings at level warning.
    pub warnings: usize,
    /// Findings at level info.
    pub infos: usize,
}

packed!(Tally { errors, warnings, infos });

impl Tally {
    /// Counts those that count.
    pub fn of<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut tally = Self::default();
        for finding in findings.into_iter().filter(|f| f.counts()) {
            match finding.level {
                Level::Error => tally.errors += 1,
                Level::Warning => tally.warnings += 1,
                Level::Info => tally.infos += 1,
                Level::Off => {}
            }
        }
        tally
    }
}

/// How many findings each rule has, most first.
pub fn by_rule<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts
}
