//! One read-only view of everything a page may speak of: configuration, forms, archive, findings, the
//! day it is, and a way to read the prose again.
//!
//! Pages, feeds and exports are pure functions of a [`Site`]. It is made by the loader and never
//! changed; after an edit a new one is made that shares what did not change.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

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
        let found = if self.findings.by_directory.is_empty() { &[] } else { self.findings.of_file(&filed.path()) };
        found.iter().filter(|finding| finding.year == Some(filed.report.year))
    }
}

/// All findings of a site, by file and place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// By the directory that all paths of a body begin with, so that a copy that differs in one file
    /// shares nearly everything.
    by_directory: BTreeMap<Arc<str>, Arc<InDirectory>>,
}

/// Findings by file.
type InDirectory = BTreeMap<Arc<str>, Arc<[Finding]>>;

/// `content/fuyang/` of `content/fuyang/wanshi/2020.md`; a path with fewer parts as it is. By these and then
/// by path is the same order as by path.
fn directory(path: &str) -> &str {
    path.match_indices('/').nth(1).map_or(path, |(at, _)| &path[..=at])
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
            let directory = directory(&path);
            if !found.is_empty() {
                let here = match self.by_directory.get_mut(directory) {
                    Some(here) => here,
                    None => self.by_directory.entry(directory.into()).or_default(),
                };
                Arc::make_mut(here).insert(path.into(), found.into());
            } else if let Some(here) = self.by_directory.get_mut(directory).filter(|here| here.contains_key(&*path)) {
                Arc::make_mut(here).remove(&*path);
                if here.is_empty() {
                    self.by_directory.remove(directory);
                }
            }
        }
    }

    /// Puts what is found in some files, in order of place, in the place of what was found there before; it is shared. Fast
    /// where the files of a directory stand together.
    pub fn share(&mut self, files: &[(&str, Arc<[Finding]>)]) {
        let together: Vec<_> = files.chunk_by(|a, b| directory(a.0) == directory(b.0)).collect();
        let made = together.par_iter().map(|files| files.iter().map(|(path, found)| (Arc::from(*path), found.clone())).collect());
        let made: Vec<InDirectory> = made.collect();
        for (files, mut here) in together.into_iter().zip(made) {
            match self.by_directory.entry(directory(files[0].0).into()) {
                Entry::Vacant(entry) => drop(entry.insert(Arc::new(here))),
                Entry::Occupied(mut entry) => Arc::make_mut(entry.get_mut()).append(&mut here),
            }
        }
    }

    /// All findings, by file and place; waived ones included.
    pub fn all(&self) -> impl Iterator<Item = &Finding> + Clone {
        self.by_directory.values().flat_map(|here| here.values()).flat_map(|found| found.iter())
    }

    /// The findings in one file.
    pub fn of_file(&self, path: &str) -> &[Finding] {
        self.by_directory.get(directory(path)).and_then(|here| here.get(path)).map_or(&[], |found| found)
    }

    /// How many there are of each level.
    pub fn tally(&self) -> Tally {
        Tally::of(self.all())
    }

    /// How many were waived.
    pub fn waived(&self) -> usize {
        self.all().filter(|finding| finding.waived.is_some()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fault, Level, Place};
    use crate::words;

    fn finding(path: &str) -> Finding {
        Finding::at_file(Level::Error, path, Fault::new("x", Place::File, words!("甲", "a")))
    }

    /// All findings stand in the order of their paths, whatever was put in and taken out before; a copy
    /// keeps what it had.
    #[test]
    fn findings_stand_by_path_and_copies_stay() {
        let paths = ["content/a/2020.md", "content/a-b/2020.md", "content/a/b/2020.md", "content/z/agency.toml", "site.toml"];
        let mut findings = Findings::new(paths.map(finding));
        let copy = findings.clone();
        let all = |findings: &Findings| findings.all().map(|finding| finding.path.clone()).collect::<Vec<_>>();
        let mut sorted = paths.map(str::to_owned).to_vec();
        sorted.sort();
        assert_eq!(all(&findings), sorted);
        findings.replace([("content/a/b/2020.md".to_owned(), vec![]), ("content/z/agency.toml".to_owned(), vec![])]);
        assert_eq!(findings.of_file("content/a/b/2020.md"), []);
        assert_eq!(all(&findings).len(), 3);
        assert_eq!(all(&copy), sorted);
    }
}
