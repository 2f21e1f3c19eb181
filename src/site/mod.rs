//! One read-only view of everything a page may speak of: configuration, forms, archive, findings, the
//! day it is, and a way to read the prose again.
//!
//! Pages, feeds and exports are pure functions of a [`Site`]. It is made by the loader and never
//! changed; after an edit a new one is made that shares what did not change.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use jiff::civil::Date;

use crate::archive::{Archive, ReportIndex};
use crate::config::Config;
use crate::diagnostic::{Finding, Tally};
use crate::form::Forms;

/// The files of a site, read when a page needs them. The disk at the rim, a map in tests.
pub trait Files: Send + Sync {
    /// The bytes of a file, by its path below the site's root with `/` between its parts.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
}

/// Everything a page may speak of.
#[derive(Clone)]
pub struct Site {
    /// What `site.toml` says.
    pub config: Arc<Config>,
    /// The forms it knows.
    pub forms: Arc<Forms>,
    /// Its agencies and reports.
    pub archive: Arc<Archive>,
    /// What is wrong with them.
    pub findings: Arc<Findings>,
    /// The day on which the site is looked at.
    pub today: Date,
    /// Its files.
    pub files: Arc<dyn Files>,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("config", &self.config).field("today", &self.today).finish_non_exhaustive()
    }
}

impl Site {
    /// The same site without an index to search in.
    #[must_use]
    pub fn without_search(mut self) -> Self {
        if self.config.search {
            self.config = Arc::new(Config { search: false, ..(*self.config).clone() });
        }
        self
    }

    /// The findings about a report, waived ones included.
    pub fn findings_of(&self, index: ReportIndex) -> impl Iterator<Item = &Finding> {
        let filed = self.archive.filed(index);
        let found = if self.findings.by_file.is_empty() { &[] } else { self.findings.of_file(&filed.path()) };
        found.iter().filter(|finding| finding.year == Some(filed.report.year))
    }
}

/// All findings of a site, by file and place.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    by_file: BTreeMap<Arc<str>, Arc<[Finding]>>,
}

impl Findings {
    /// Orders findings by file and place.
    pub fn new(all: impl IntoIterator<Item = Finding>) -> Self {
        let mut files: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in all {
            match files.get_mut(&finding.path) {
                Some(found) => found.push(finding),
                None => drop(files.insert(finding.path.clone(), vec![finding])),
            }
        }
        let mut findings = Self::default();
        findings.replace(files);
        findings
    }

    /// Puts what is found in some files now in the place of what was found there before.
    pub fn replace(&mut self, files: impl IntoIterator<Item = (String, Vec<Finding>)>) {
        for (path, mut found) in files {
            crate::diagnostic::sort(&mut found);
            if found.is_empty() {
                self.by_file.remove(&*path);
            } else {
                self.by_file.insert(path.into(), found.into());
            }
        }
    }

    /// All findings, by file and place; waived ones included.
    pub fn all(&self) -> impl Iterator<Item = &Finding> + Clone {
        self.by_file.values().flat_map(|found| found.iter())
    }

    /// The findings in one file.
    pub fn of_file(&self, path: &str) -> &[Finding] {
        self.by_file.get(path).map_or(&[], |found| found)
    }

    /// How many there are of each level.
    pub fn tally(&self) -> Tally {
        Tally::of(self.all())
    }
}
