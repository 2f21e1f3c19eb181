//! What became of one file.

use std::path::PathBuf;

use crate::diagnostic::{Finding, Level};
use crate::import::Imported;
use crate::import::fault::{Fault, Format};
use crate::text::Words;

/// Where a file stands at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Not yet decided.
    Read,
    /// Written anew.
    Written,
    /// Written over a report that was there (`--force`).
    Replaced,
    /// `--dry-run`.
    WouldWrite,
    /// The very same original was imported before.
    Same,
    /// There is a report already.
    Exists,
    /// It is not known whose report it is, or of which year.
    Undecided(Words),
    /// It could not be read or written.
    Failed(Words, Option<Words>),
}

impl State {
    /// A stable name for programs.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Written => "written",
            Self::Replaced => "replaced",
            Self::WouldWrite => "dry-run",
            Self::Same => "same",
            Self::Exists => "exists",
            Self::Undecided(_) => "undecided",
            Self::Failed(..) => "failed",
        }
    }

    /// In one or two words, for the table.
    pub(super) fn label(&self) -> Words {
        let (zh, en) = match self {
            Self::Read => ("已读", "read"),
            Self::Written => ("已写入", "written"),
            Self::Replaced => ("已替换", "replaced"),
            Self::WouldWrite => ("未写（试运行）", "dry run"),
            Self::Same => ("已导入过", "same as before"),
            Self::Exists => ("已有报告", "exists"),
            Self::Undecided(_) => ("待指定", "undecided"),
            Self::Failed(..) => ("失败", "failed"),
        };
        Words::new(zh, en)
    }
}

/// One file's outcome.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The file as given.
    pub(super) file: PathBuf,
    /// Its bytes' SHA-256 in hexadecimal.
    pub(super) sha256: String,
    /// Its format by its content.
    pub(super) format: Option<Format>,
    /// What was made of it.
    pub(super) imported: Option<Imported>,
    /// Where it stands.
    pub(super) state: State,
    /// The agency: id and name.
    pub(super) agency: Option<(String, String)>,
    /// The report's path below the site's root.
    pub(super) target: Option<String>,
    /// The Markdown (`--dry-run`).
    pub(super) markdown: Option<String>,
    /// The difference from the report that is there (`--dry-run`).
    pub(super) diff: Option<String>,
    /// What `check` says of the written report.
    pub(super) findings: Vec<Finding>,
}

impl Outcome {
    /// An outcome before anything is known.
    pub(super) fn new(file: PathBuf, sha256: String, format: Option<Format>) -> Self {
        Self {
            file,
            sha256,
            format,
            imported: None,
            state: State::Read,
            agency: None,
            target: None,
            markdown: None,
            diff: None,
            findings: Vec::new(),
        }
    }

    /// A file that could not be read.
    pub(super) fn fault(mut self, fault: &Fault) -> Self {
        self.state = State::Failed(fault.message(), Some(fault.hint()));
        self
    }

    /// Whether it could not be read or written.
    pub(super) fn failed(&self) -> bool {
        matches!(self.state, State::Failed(..))
    }

    /// Whether a person has to look at it.
    pub(super) fn is_doubtful(&self) -> bool {
        let doubtful = self.imported.as_ref().is_some_and(Imported::is_doubtful) && self.state != State::Same;
        let errors = self.findings.iter().any(|finding| finding.level == Level::Error);
        doubtful || errors || matches!(self.state, State::Exists | State::Undecided(_))
    }

    /// How many cells are in doubt.
    pub(super) fn doubted(&self) -> usize {
        let doubts = self.imported.iter().flat_map(|imported| &imported.doubts);
        doubts.flat_map(|doubt| &doubt.cells).collect::<std::collections::BTreeSet<_>>().len()
    }
}
