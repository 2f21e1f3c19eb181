//! The disk → a [`Site`]: the only floor that reads a site's files.
//!
//! Steps: `site.toml` → forms → a listing of `content/` → cards → reports, read and checked in
//! parallel → archive → rules of the archive → waivers. A [`Loader`] remembers what it has read, so
//! that loading again reads only what has changed.

mod disk;
mod listing;
mod reports;
mod settings;
mod theme;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use crate::archive::Archive;
use crate::diagnostic::Finding;
use crate::rules::{Levels, check_archive, duplicate_report, settle, unreadable_file};
use crate::site::{Findings, Site};
use crate::text::Source;

pub use disk::Disk;
pub use listing::{Listing, ReportFile, Stamp, list};
pub use reports::{LARGEST_FILE, ReportCache};
pub use settings::{Settings, read_settings};
pub use theme::read_theme;

/// Why a site cannot be loaded at all: findings about `site.toml` or forms, with their sources.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// What is wrong, each at its place.
    pub findings: Vec<Finding>,
    /// The files that the findings are about.
    pub sources: Vec<Source>,
}

/// A loaded site.
#[derive(Debug)]
pub struct Loaded {
    /// The site.
    pub site: Site,
    /// How long each stage took, in order: name and time.
    pub stages: Vec<(&'static str, Duration)>,
}

impl Loaded {
    /// Findings that always stop a build: files that cannot be read, two pages claiming one path.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        let names = [unreadable_file::RULE.name, duplicate_report::RULE.name];
        self.site.findings.all().iter().filter(move |finding| names.contains(&finding.rule))
    }
}

/// Called with the reports read so far and the reports there are.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Loads a site, again and again.
#[derive(Debug)]
pub struct Loader {
    root: PathBuf,
    today: Date,
    cache: ReportCache,
}

impl Loader {
    /// A loader for the site at `root`, seen on the day `today`.
    pub fn new(root: impl Into<PathBuf>, today: Date) -> Self {
        Self { root: root.into(), today, cache: ReportCache::default() }
    }

    /// The site's root directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Loads the site as it is now.
    pub fn load(&mut self, progress: Progress<'_>) -> Result<Loaded, Trouble> {
        let mut stages = Stages::default();
        let settings = read_settings(&self.root)?;
        let listing = stages.time("list", || list(&self.root));
        let read = stages.time("read", || self.cache.read(&self.root, &settings, &listing, progress));
        let Settings { config, forms, mut findings } = settings;
        findings.extend(listing.findings);
        findings.extend(read.findings);
        let archive = stages.time("archive", || Archive::new(read.cards, read.reports));
        let disk = Arc::new(Disk::new(self.root.clone()));
        let findings = stages.time("check", || {
            findings.extend(check_archive(&archive, &config, &forms, &*disk, self.today));
            let (levels, _) = Levels::of(&config);
            settle(findings, &archive, &levels, &forms, &*disk)
        });
        let site = Site {
            config: Arc::new(config),
            forms: Arc::new(forms),
            archive: Arc::new(archive),
            findings: Arc::new(Findings::new(findings)),
            today: self.today,
            files: disk,
        };
        Ok(Loaded { site, stages: stages.0 })
    }
}

#[derive(Default)]
struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    fn time<R>(&mut self, name: &'static str, work: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = work();
        self.0.push((name, start.elapsed()));
        result
    }
}
