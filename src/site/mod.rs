//! One read-only view of everything a page may speak of: configuration, forms, archive, findings, the
//! day it is, and a way to read the prose again.
//!
//! Pages, feeds and exports are pure functions of a [`Site`]. It is made by the loader and never
//! changed; after an edit a new one is made that shares what did not change.

use std::fmt;
use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

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
    /// The findings about a report, waived ones included.
    pub fn findings_of(&self, index: ReportIndex) -> impl Iterator<Item = &Finding> {
        let agency = &self.archive.agency(self.archive.agency_of(index)).id;
        self.findings.of_report(agency, self.archive.report(index).year)
    }
}

/// All findings of a site in order, found by report.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    all: Vec<Finding>,
    by_report: FxHashMap<String, FxHashMap<u16, Vec<u32>>>,
}

impl Findings {
    /// Orders and indexes findings.
    pub fn new(mut all: Vec<Finding>) -> Self {
        crate::diagnostic::sort(&mut all);
        let mut by_report: FxHashMap<String, FxHashMap<u16, Vec<u32>>> = FxHashMap::default();
        for (index, finding) in (0u32..).zip(&all) {
            if let (Some(agency), Some(year)) = (&finding.agency, finding.year) {
                by_report.entry(agency.clone()).or_default().entry(year).or_default().push(index);
            }
        }
        Self { all, by_report }
    }

    /// All findings, by file and place; waived ones included.
    pub fn all(&self) -> &[Finding] {
        &self.all
    }

    /// The findings about one report.
    pub fn of_report(&self, agency: &str, year: u16) -> impl Iterator<Item = &Finding> {
        let found = self.by_report.get(agency).and_then(|years| years.get(&year));
        found.into_iter().flatten().filter_map(|index| self.all.get(*index as usize))
    }

    /// How many there are of each level.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.all)
    }
}
