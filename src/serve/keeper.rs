//! Keeps what is shown up with the disk: takes batches from the watcher, looks again, shows the new
//! site, tells the terminal.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::news::{News, Observer};
use super::preview::{Preview, Shown};
use super::problem::Problem;
use super::watch::Watcher;
use crate::diagnostic::Finding;
use crate::load::{Changed, Changes, Loaded, Loader, Trouble, read_theme};
use crate::render::Renderer;
use crate::site::{Findings, Site};
use crate::theme::{Theme, ThemeFiles};

/// Everything is looked at again when nothing was heard for this long.
const IDLE: Duration = Duration::from_secs(10);
/// The same where the system does not watch everything.
const IDLE_LIMITED: Duration = Duration::from_secs(1);
/// Looking at everything may take this part of the time.
const SHARE: u32 = 20;

/// What themes are made of.
const THEME: &[&str] = &["templates", "themes"];

/// Keeps a preview up with the disk.
pub(super) struct Keeper {
    loader: Loader,
    today: Box<dyn Fn() -> Date + Send>,
    preview: Arc<Preview>,
    observer: Arc<dyn Observer>,
    /// The files of the theme that is shown.
    theme: Option<Arc<ThemeFiles>>,
    /// Whether the theme could not be read or compiled when it was last looked at.
    theme_troubled: bool,
    /// Whether the terminal was told that the site is loaded.
    told: bool,
}

impl Keeper {
    pub(super) fn new(root: PathBuf, today: Box<dyn Fn() -> Date + Send>, preview: Arc<Preview>, observer: Arc<dyn Observer>) -> Self {
        Self { loader: Loader::new(root, today()), today, preview, observer, theme: None, theme_troubled: false, told: false }
    }

    /// Loads the site for the first time. `Err` if there is none at all.
    pub(super) fn load(&mut self) -> Result<(), Trouble> {
        let start = Instant::now();
        match self.loader.load(&|done, total| self.observer.hear(News::Reading { done, total })) {
            Ok(loaded) => {
                self.take_in(loaded, &Changes::everything(), start);
                Ok(())
            }
            Err(trouble) if trouble.sources.is_empty() => Err(trouble),
            Err(trouble) => {
                self.show(None, Problem::of_trouble(&trouble));
                Ok(())
            }
        }
    }

    /// Keeps up for ever.
    pub(super) fn keep_up(mut self, mut watcher: Watcher) {
        let limited = watcher.is_limited();
        if limited {
            self.observer.hear(News::Limited);
        }
        let mut idle = if limited { IDLE_LIMITED } else { IDLE };
        // What was saved while the watch was being set up was not heard of.
        self.refresh(&Changes::everything());
        loop {
            let batch = watcher.next(idle);
            let start = Instant::now();
            let different = self.refresh(&batch.changes);
            watcher.done(&batch);
            if batch.changes.everything {
                let least = if limited { IDLE_LIMITED } else { IDLE };
                idle = least.max(start.elapsed() * SHARE);
                if different {
                    watcher.watch_all();
                }
            }
        }
    }

    /// Looks again; says whether anything is different.
    pub(super) fn refresh(&mut self, changes: &Changes) -> bool {
        let start = Instant::now();
        match self.loader.refresh(changes, (self.today)(), &|_, _| ()) {
            Ok(loaded) => self.take_in(loaded, changes, start),
            Err(trouble) => self.show(None, Problem::of_trouble(&trouble)),
        }
    }

    fn take_in(&mut self, loaded: Loaded, changes: &Changes, start: Instant) -> bool {
        let before = self.preview.shown();
        let Loaded { site, changed, trouble, .. } = loaded;
        let mut problems = trouble.iter().flat_map(Problem::of_trouble).collect::<Vec<_>>();
        let was = before.renderer.as_ref();
        let same_settings = was.is_some_and(|renderer| renderer.site().config == site.config);
        let renderer = if same_settings && !self.theme_troubled && !changes.touch(THEME) {
            Ok(None)
        } else {
            self.new_renderer(&site, same_settings)
        };
        self.theme_troubled = renderer.is_err();
        let renderer = renderer.unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let new_theme = renderer.is_some();
        if changed.is_empty() && !new_theme && before.problems == problems && was.is_some() {
            return false;
        }
        let files = site.files.clone();
        let findings = site.findings.clone();
        let reports = site.archive.reports().len();
        let renderer = renderer.or_else(|| was.map(|renderer| renderer.with_site(site)));
        self.show(renderer, problems);
        if !std::mem::replace(&mut self.told, true) {
            self.observer.hear(News::Loaded { reports, findings: &findings, took: start.elapsed() });
        } else {
            let old = before.renderer.as_ref().map(|renderer| renderer.site().findings.clone()).unwrap_or_default();
            let (appeared, gone) = (new_findings(&old, &findings, &changed), new_findings(&findings, &old, &changed).len());
            self.observer.hear(News::Changed { changed: &changed, theme: new_theme, appeared, gone, files: &*files, took: start.elapsed() });
        }
        true
    }

    /// A renderer with the theme as it is on disk; none if that is the one that is shown already.
    fn new_renderer(&mut self, site: &Site, same_settings: bool) -> Result<Option<Renderer>, Problem> {
        let config = &site.config;
        let files = read_theme(self.loader.root(), &config.theme).map_err(|words| Problem::of_words(&words))?;
        if same_settings && !self.theme_troubled && self.theme.as_deref() == Some(&files) {
            return Ok(None);
        }
        let theme = Theme::new(&files, config).map_err(|error| Problem::of_template(&error, self.preview.root(), &config.theme))?;
        let files = Arc::new(files);
        self.theme = Some(files.clone());
        Ok(Some(Renderer::new(site.clone(), Arc::new(theme), files)))
    }

    /// Shows a site, and tells of problems that are new or over; says that something is different.
    fn show(&mut self, renderer: Option<Renderer>, problems: Vec<Problem>) -> bool {
        let before = self.preview.shown();
        let different = before.problems != problems || renderer.is_some();
        if !different {
            return false;
        }
        let appeared: Vec<Problem> = problems.iter().filter(|problem| !before.problems.contains(problem)).cloned().collect();
        let mended = problems.is_empty() && !before.problems.is_empty();
        self.preview.show(Shown { renderer, problems });
        if !appeared.is_empty() {
            self.observer.hear(News::Problems(&appeared));
        }
        if mended {
            self.observer.hear(News::Mended);
        }
        true
    }
}

/// Findings that are in `now` and were not in `before`, wherever in their files they stand.
fn new_findings(before: &Findings, now: &Findings, changed: &Changed) -> Vec<Finding> {
    let is_new = |finding: &&Finding| {
        let mut old = before.of_file(&finding.path).iter();
        finding.counts() && !old.any(|old| old.counts() && (old.rule, &old.message) == (finding.rule, &finding.message))
    };
    if changed.everything {
        return now.all().filter(is_new).cloned().collect();
    }
    changed.files.iter().flat_map(|path| now.of_file(path)).filter(is_new).cloned().collect()
}
