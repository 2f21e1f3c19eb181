//! What is shown at this moment, and each page of it: what `build` would write, or, where that cannot
//! be had, the last good version with what is wrong.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::watch;
use xxhash_rust::xxh3::xxh3_128;

use super::album::Album;
use super::panel::{Panel, inject};
use super::problem::Problem;
use crate::pages::Route;
use crate::render::Renderer;
use crate::rules::unreadable_file;
use crate::text::Language;

/// The site as it is shown; never changed, only replaced.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Renders its pages; none while the site could not be loaded yet.
    pub(super) renderer: Option<Renderer>,
    /// What is wrong with the site as a whole.
    pub(super) problems: Vec<Problem>,
}

/// What is shown, shared by all who answer requests.
#[derive(Debug)]
pub(super) struct Preview {
    root: PathBuf,
    language: Language,
    shown: RwLock<Arc<Shown>>,
    /// Counts what was shown.
    version: watch::Sender<u64>,
    album: Mutex<Album>,
}

/// A page as it is answered.
#[derive(Debug)]
pub(super) struct Page {
    /// 200, 404, or 500 where neither the page nor an older version of it can be had.
    pub(super) status: u16,
    /// The page as `build` writes it.
    pub(super) built: Vec<u8>,
    /// What its panel shows.
    pub(super) panel: Panel,
    /// What tells this version from others; style sheets are not part of it.
    pub(super) seen: String,
    /// The published names of the style sheets.
    pub(super) styles: Vec<String>,
}

impl Page {
    /// The page with its panel and the script.
    pub(super) fn served(&self) -> Vec<u8> {
        inject(&self.built, &self.panel, &self.seen)
    }
}

/// A page before its panel is made.
struct Rendered {
    status: u16,
    bytes: Vec<u8>,
    problems: Vec<Problem>,
    stale: bool,
}

impl Preview {
    /// A preview of the site at `root` that shows nothing yet.
    pub(super) fn new(root: &Path, language: Language) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Self { root, language, shown: RwLock::default(), version: watch::Sender::new(0), album: Mutex::default() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows something else.
    pub(super) fn show(&self, shown: Shown) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
        self.version.send_modify(|version| *version += 1);
    }

    /// Tells when something else is shown.
    pub(super) fn versions(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// The page at an address; without a route, the page for addresses that do not exist.
    pub(super) fn page(&self, route: Option<&Route>) -> Page {
        let shown = self.shown();
        let Some(renderer) = &shown.renderer else {
            let panel = Panel::of(None, None, &shown.problems, false, self.language);
            return finish(500, self.empty_page(), panel, Vec::new());
        };
        let mut rendered = self.render(renderer, route.unwrap_or(&Route::NotFound), route.is_some());
        rendered.problems.splice(0..0, shown.problems.iter().cloned());
        let stale = rendered.stale || !shown.problems.is_empty();
        let panel = Panel::of(Some(renderer.site()), route, &rendered.problems, stale, self.language);
        let is_style = |name: &&String| name.ends_with(".css");
        finish(rendered.status, rendered.bytes, panel, renderer.theme().assets().keys().filter(is_style).cloned().collect())
    }

    fn render(&self, renderer: &Renderer, route: &Route, exists: bool) -> Rendered {
        match renderer.render(route) {
            Ok(Some(bytes)) => {
                let problems = front_matter_problems(renderer, route);
                if problems.is_empty() {
                    self.album().keep(route, &bytes);
                    return Rendered { status: if exists { 200 } else { 404 }, bytes, problems, stale: false };
                }
                let good = self.album().find(route);
                let stale = good.is_some();
                Rendered { status: 200, bytes: good.map_or(bytes, |good| good.to_vec()), problems, stale }
            }
            Ok(None) => {
                let problems = unreadable(renderer, route);
                if problems.is_empty() {
                    self.album().forget(route);
                    return self.render(renderer, &Route::NotFound, false);
                }
                self.fall_back(route, problems)
            }
            Err(error) => self.fall_back(route, vec![Problem::of_render(&error, &self.root, &renderer.site().config.theme)]),
        }
    }

    fn album(&self) -> MutexGuard<'_, Album> {
        self.album.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fall_back(&self, route: &Route, problems: Vec<Problem>) -> Rendered {
        let good = self.album().find(route);
        let stale = good.is_some();
        let bytes = good.map_or_else(|| self.empty_page(), |good| good.to_vec());
        Rendered { status: if stale { 200 } else { 500 }, bytes, problems, stale }
    }

    /// A page with nothing in it, for the panel to stand on.
    fn empty_page(&self) -> Vec<u8> {
        let (tag, title) = match self.language {
            Language::Chinese => ("zh-CN", "还不能显示"),
            Language::English => ("en", "Nothing to show yet"),
        };
        format!("<!doctype html>\n<html lang=\"{tag}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\n<body>\n</body>\n</html>\n").into_bytes()
    }
}

fn finish(status: u16, built: Vec<u8>, panel: Panel, styles: Vec<String>) -> Page {
    let mut text = String::from_utf8_lossy(&built);
    for name in &styles {
        text = text.replace(name.as_str(), "").into();
    }
    let seen = format!("{status}-{:032x}", xxh3_128(text.as_bytes()));
    Page { status, built, panel, seen, styles }
}

/// What keeps a report's front matter from being read.
fn front_matter_problems(renderer: &Renderer, route: &Route) -> Vec<Problem> {
    let Route::Report { agency, year } = route.page() else { return Vec::new() };
    let site = renderer.site();
    let report = site.archive.find_agency(agency).and_then(|agency| site.archive.find_report(agency, *year));
    let Some(report) = report else { return Vec::new() };
    let findings = site.findings.of_file(&site.archive.filed(report).path());
    Problem::of_front_matter(findings, &*site.files)
}

/// What keeps the file of a report from being read at all.
fn unreadable(renderer: &Renderer, route: &Route) -> Vec<Problem> {
    let Route::Report { agency, year } = route.page() else { return Vec::new() };
    let findings = &renderer.site().findings;
    let paths = [format!("content/{agency}/{year}.md"), format!("content/{agency}/{year}/index.md")];
    let found = paths.iter().flat_map(|path| findings.of_file(path));
    found.filter(|finding| finding.rule == unreadable_file::RULE.name).map(|finding| Problem::of_finding(finding, None)).collect()
}
