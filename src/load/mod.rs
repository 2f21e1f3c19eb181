//! The disk → a [`Site`]: the only floor that reads a site's files.
//!
//! Steps: `site.toml` → forms → a listing of `content/` → cards → reports, read and checked in
//! parallel → archive → rules of the archive → waivers. A [`Loader`] remembers what it has read, so
//! that looking again ([`Loader::refresh`]) reads only what has changed.

mod changes;
mod disk;
mod inputs;
mod kept;
mod listing;
mod record;
mod reports;
mod settings;
mod stamp;
#[cfg(test)]
mod tests;
mod theme;
mod tree;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use jiff::civil::Date;

use crate::diagnostic::Finding;
use crate::rules::BLOCKING;
use crate::site::Site;
use crate::text::Source;

use kept::{Kept, World};

pub use changes::{Changed, Changes};
pub use disk::Disk;
pub use inputs::{Inputs, Now, Pieces, content_stamp, settings_hash};
pub use reports::LARGEST_FILE;
pub use settings::{Settings, read_settings};
pub use stamp::Stamp;
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
    pub stages: Stages,
    /// What may be different from the site that was loaded before.
    pub changed: Changed,
    /// What is wrong with the settings as they are now; the site is still seen under the ones before.
    pub trouble: Option<Trouble>,
}

/// Findings that always stop a build: files that cannot be read, two pages claiming one path.
pub fn blocking(site: &Site) -> impl Iterator<Item = &Finding> {
    site.findings.all().filter(|finding| BLOCKING.contains(&finding.rule))
}

/// Called with the reports read so far and the reports there are.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Loads a site, again and again.
#[derive(Debug)]
pub struct Loader {
    root: PathBuf,
    today: Date,
    disk: Arc<Disk>,
    /// When the site was last looked at.
    began: SystemTime,
    kept: Option<Kept>,
    /// Whether the settings could not be read when they were last looked at.
    troubled: bool,
}

/// Files that hold for the whole site.
const SETTINGS: &[&str] = &["site.toml", "forms"];

impl Loader {
    /// A loader for the site at `root`, seen on the day `today`.
    pub fn new(root: impl Into<PathBuf>, today: Date) -> Self {
        let root = root.into();
        Self { disk: Arc::new(Disk::new(root.clone())), root, today, began: SystemTime::now(), kept: None, troubled: false }
    }

    /// The site's root directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directories from which the site was read last, below its root: `content`, `content/a`, …
    pub fn directories(&self) -> impl Iterator<Item = String> {
        self.kept.iter().flat_map(Kept::directories)
    }

    /// Loads the site as it is now.
    pub fn load(&mut self, progress: Progress<'_>) -> Result<Loaded, Trouble> {
        let mut stages = Stages::default();
        self.began = SystemTime::now();
        let settings = read_settings(&self.root)?;
        let kept = Kept::new(settings, &self.world(progress), &mut stages);
        self.troubled = false;
        let changed = Changed { everything: true, ..Changed::default() };
        Ok(self.keep(kept, stages, changed, None))
    }

    /// Looks again where something may have changed, `today` being the day it is now. A site that was
    /// loaded once stays: when its settings cannot be read any more, the ones before hold.
    pub fn refresh(&mut self, changes: &Changes, today: Date, progress: Progress<'_>) -> Result<Loaded, Trouble> {
        let new_day = std::mem::replace(&mut self.today, today) != today;
        self.began = SystemTime::now();
        let Some(mut kept) = self.kept.take() else { return self.load(progress) };
        let mut stages = Stages::default();
        let world = self.world(progress);
        let difference = stages.time("list", || kept.look(changes.everything, changes.in_content()));
        let mut trouble = None;
        let mut settings = None;
        if self.troubled || changes.touch(SETTINGS) {
            match read_settings(&self.root) {
                Ok(read) => settings = Some(read).filter(|read| !kept.is_under(read)),
                Err(found) => trouble = Some(found),
            }
        }
        let changed = match settings {
            Some(settings) => {
                kept = kept.under(settings, &world, &mut stages);
                Changed { everything: true, ..Changed::default() }
            }
            None if new_day => {
                kept.take_in(difference, &world, &mut stages);
                kept.judge_all(&world, &mut stages)
            }
            None if difference.is_empty() => Changed::default(),
            None => kept.take_in(difference, &world, &mut stages),
        };
        self.troubled = trouble.is_some();
        Ok(self.keep(kept, stages, changed, trouble))
    }

    fn world<'w>(&'w self, progress: Progress<'w>) -> World<'w> {
        World { root: &self.root, files: &*self.disk, today: self.today, progress }
    }

    fn keep(&mut self, kept: Kept, stages: Stages, changed: Changed, trouble: Option<Trouble>) -> Loaded {
        let site = Site {
            config: kept.config.clone(),
            forms: kept.forms.clone(),
            archive: kept.archive.clone(),
            findings: kept.findings.clone(),
            today: self.today,
            files: self.disk.clone(),
        };
        self.kept = Some(kept);
        Loaded { site, stages, changed, trouble }
    }
}

/// How long each stage of a work took, in their order.
#[derive(Debug, Default)]
pub struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    /// Times a stage; a stage that has parts is counted once.
    pub fn time<R>(&mut self, name: &'static str, work: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = work();
        match self.0.iter_mut().find(|(stage, _)| *stage == name) {
            Some((_, time)) => *time += start.elapsed(),
            None => self.0.push((name, start.elapsed())),
        }
        result
    }

    /// Puts the stages of another work behind these.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The stages with their times.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        self.0.iter().copied()
    }
}
