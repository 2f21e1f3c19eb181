//! A site with its theme, followed from one version on disk to the next. What cannot be read leaves
//! the version before as it was, and is said.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::problem::Problem;
use super::watch::{Batch, Watcher};
use crate::load::{Changed, Changes, Loaded, Loader, Progress, Trouble, read_theme};
use crate::render::Renderer;
use crate::site::Site;
use crate::theme::{Theme, ThemeFiles};

/// What themes are made of.
const THEME: &[&str] = &["templates", "themes"];

/// Follows a site.
pub struct Follower {
    loader: Loader,
    today: Box<dyn Fn() -> Date + Send>,
    renderer: Option<Renderer>,
    /// The files of the renderer's theme.
    theme: Option<Arc<ThemeFiles>>,
    /// Whether the theme could not be read or compiled when it was last looked at.
    theme_troubled: bool,
    /// Whether the site is to have no index to search in, whatever it says.
    no_search: bool,
}

/// What following has come to.
#[derive(Debug)]
pub struct Followed {
    /// Renders the site; none if it could never be loaded.
    pub renderer: Option<Renderer>,
    /// What keeps it from being as it is on disk.
    pub problems: Vec<Problem>,
    /// What may be different.
    pub changed: Changed,
    /// Whether the theme is another one.
    pub new_theme: bool,
}

impl Followed {
    fn nothing(problems: Vec<Problem>) -> Self {
        Self { renderer: None, problems, changed: Changed::default(), new_theme: false }
    }
}

impl Follower {
    /// Follows the site at `root`; `today` tells the day it is.
    pub fn new(root: PathBuf, today: Box<dyn Fn() -> Date + Send>) -> Self {
        Self { loader: Loader::new(root, today()), today, renderer: None, theme: None, theme_troubled: false, no_search: false }
    }

    /// The same without an index to search in.
    #[must_use]
    pub fn without_search(self, no_search: bool) -> Self {
        Self { no_search, ..self }
    }

    /// The site's root directory.
    pub fn root(&self) -> &Path {
        self.loader.root()
    }

    /// The directories below the root in which reports and agencies lie.
    pub fn directories(&self) -> impl Iterator<Item = String> {
        self.loader.directories()
    }

    /// Loads the site for the first time. `Err` if there is none at all.
    pub fn load(&mut self, progress: Progress<'_>) -> Result<Followed, Trouble> {
        match self.loader.load(progress) {
            Ok(loaded) => Ok(self.take_in(loaded, &Changes::everything())),
            Err(trouble) if trouble.sources.is_empty() => Err(trouble),
            Err(trouble) => Ok(Followed::nothing(Problem::of_trouble(&trouble))),
        }
    }

    /// Looks again where something may have changed.
    pub fn refresh(&mut self, changes: &Changes) -> Followed {
        match self.loader.refresh(changes, (self.today)(), &|_, _| ()) {
            Ok(loaded) => self.take_in(loaded, changes),
            Err(trouble) => Followed::nothing(Problem::of_trouble(&trouble)),
        }
    }

    fn take_in(&mut self, loaded: Loaded, changes: &Changes) -> Followed {
        let Loaded { site, changed, trouble, .. } = loaded;
        let mut problems: Vec<Problem> = trouble.iter().flat_map(Problem::of_trouble).collect();
        let site = if self.no_search { site.without_search() } else { site };
        let same_settings = self.renderer.as_ref().is_some_and(|renderer| *renderer.settings() == *site.config);
        let new =
            if same_settings && !self.theme_troubled && !changes.touch(THEME) { Ok(None) } else { self.new_renderer(&site, same_settings) };
        self.theme_troubled = new.is_err();
        let new = new.unwrap_or_else(|problem| {
            problems.push(*problem);
            None
        });
        let new_theme = new.is_some();
        self.renderer = new.or_else(|| self.renderer.as_ref().map(|renderer| renderer.with_site(site)));
        Followed { renderer: self.renderer.clone(), problems, changed, new_theme }
    }

    /// A renderer with the theme as it is on disk; none if that is the one at hand.
    fn new_renderer(&mut self, site: &Site, same_settings: bool) -> Result<Option<Renderer>, Box<Problem>> {
        let config = &site.config;
        let files = read_theme(self.loader.root(), &config.theme).map_err(|words| Box::new(Problem::of_words(&words)))?;
        if same_settings && !self.theme_troubled && self.theme.as_deref() == Some(&files) {
            return Ok(None);
        }
        let theme =
            Theme::new(&files, config).map_err(|error| Box::new(Problem::of_template(&error, self.loader.root(), &config.theme)))?;
        let files = Arc::new(files);
        self.theme = Some(files.clone());
        let renderer = Renderer::new(site.clone(), Arc::new(theme), files).in_all_languages();
        renderer.map(Some).map_err(|error| Box::new(Problem::of_template(&error, self.loader.root(), &config.theme)))
    }
}

/// Follows a site for ever: `take` is given each new version, with the time that reading it took, and
/// says whether anything is different.
pub fn follow(follower: &mut Follower, watcher: &mut Watcher, mut take: impl FnMut(Followed, Duration) -> bool) -> ! {
    // What was saved while the site was loaded was not heard of.
    let mut look = |follower: &mut Follower, changes: &Changes| {
        let start = Instant::now();
        let followed = follower.refresh(changes);
        let structure = followed.changed.everything;
        (take(followed, start.elapsed()), structure)
    };
    let mut batch = None;
    loop {
        let start = Instant::now();
        let changes = batch.as_ref().map_or_else(Changes::everything, |batch: &Batch| batch.changes.clone());
        let (different, structure) = look(follower, &changes);
        // New directories are watched first and then looked at again, until none is new.
        if structure || batch.as_ref().is_some_and(Batch::is_unwatched) {
            loop {
                let new = watcher.cover(follower.directories());
                if new.is_empty() {
                    break;
                }
                look(follower, &new);
            }
        }
        if let Some(batch) = &batch {
            watcher.done(batch, different, start.elapsed());
        }
        batch = Some(watcher.next_batch());
    }
}
