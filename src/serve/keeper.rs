//! Keeps what is shown up with the disk: takes batches from the watcher, follows the site, shows it,
//! tells the terminal.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::follow::{Followed, Follower, follow};
use super::news::{News, Observer};
use super::preview::{Preview, Shown};
use super::watch::Watcher;
use crate::diagnostic::Finding;
use crate::load::{Changed, Trouble};
use crate::site::Findings;

/// Keeps a preview up with the disk.
pub(super) struct Keeper {
    follower: Follower,
    showing: Showing,
}

/// Shows versions of a site, and tells of what is new in them.
struct Showing {
    preview: Arc<Preview>,
    observer: Arc<dyn Observer>,
    /// Whether the terminal was told that the site is loaded.
    told: bool,
}

impl Keeper {
    pub(super) fn new(follower: Follower, preview: Arc<Preview>, observer: Arc<dyn Observer>) -> Self {
        Self { follower, showing: Showing { preview, observer, told: false } }
    }

    /// Loads the site for the first time and begins to watch it. `Err` if there is none at all.
    pub(super) fn load(&mut self, watcher: &mut Watcher) -> Result<(), Trouble> {
        let start = Instant::now();
        let observer = self.showing.observer.clone();
        let followed = self.follower.load(&|done, total| observer.hear(News::Reading { done, total }))?;
        self.showing.show(followed, start.elapsed());
        watcher.cover(self.follower.directories());
        Ok(())
    }

    /// Keeps up for ever.
    pub(super) fn keep_up(self, mut watcher: Watcher) {
        let Self { mut follower, mut showing } = self;
        if watcher.is_limited() {
            showing.observer.hear(News::Limited);
        }
        follow(&mut follower, &mut watcher, |followed, took| showing.show(followed, took));
    }
}

impl Showing {
    /// Shows a site and tells what is new; says whether anything is different.
    fn show(&mut self, followed: Followed, took: Duration) -> bool {
        let Followed { renderer, problems, changed, new_theme } = followed;
        let before = self.preview.shown();
        if changed.is_empty() && !new_theme && before.problems == problems {
            return false;
        }
        let appeared: Vec<_> = problems.iter().filter(|problem| !before.problems.contains(problem)).cloned().collect();
        let mended = problems.is_empty() && !before.problems.is_empty();
        let site = renderer.as_ref().map(|renderer| renderer.site().clone());
        self.preview.show(Shown { renderer, problems });
        if !appeared.is_empty() {
            self.observer.hear(News::Problems(&appeared));
        }
        if mended {
            self.observer.hear(News::Mended);
        }
        let Some(site) = site else { return true };
        if !std::mem::replace(&mut self.told, true) {
            self.observer.hear(News::Loaded { reports: site.archive.reports().len(), findings: &site.findings, took });
        } else if !changed.is_empty() || new_theme {
            let old = before.renderer.as_ref().map(|renderer| renderer.site().findings.clone()).unwrap_or_default();
            let appeared = new_findings(&old, &site.findings, &changed);
            let gone = new_findings(&site.findings, &old, &changed).len();
            self.observer.hear(News::Changed { changed: &changed, theme: new_theme, appeared, gone, files: &*site.files, took });
        }
        true
    }
}

/// Findings that are in `now` and were not in `before`, wherever in their files they stand.
pub(super) fn new_findings(before: &Findings, now: &Findings, changed: &Changed) -> Vec<Finding> {
    let is_new = |finding: &&Finding| {
        let mut old = before.of_file(&finding.path).iter();
        finding.counts() && !old.any(|old| old.counts() && (old.rule, &old.message) == (finding.rule, &finding.message))
    };
    if changed.everything {
        return now.all().filter(is_new).cloned().collect();
    }
    changed.files.iter().flat_map(|path| now.of_file(path)).filter(is_new).cloned().collect()
}
