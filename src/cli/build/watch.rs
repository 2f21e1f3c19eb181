//! `gongkai build --watch`: after each change what lies in the output is again what a fresh build writes,
//! and only files whose bytes are others are written.
//!
//! After edits of reports, the pages that can be others are rendered: those of the agencies concerned
//! and all that stand for no agency. After anything else all are.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::super::serve::show_problem;
use super::super::{ExitStatus, Global, Terminal, show_trouble};
use super::{Failure, Made, Options, put, refuse, report, write_index, write_site};
use crate::load::Changed;
use crate::pages::Route;
use crate::render::Renderer;
use crate::serve::{Followed, Follower, Problem, Watcher, follow};
use crate::words;
use crate::write::Output;

/// Builds, and builds again after each change, until the program is ended.
pub(super) fn run(options: &Options, output: PathBuf, global: &Global, terminal: &Terminal) -> ExitStatus {
    let day = global.clone();
    let mut watcher = Watcher::new(&global.root);
    let mut follower = Follower::new(global.root.clone(), Box::new(move || day.today())).without_search(options.no_search);
    let first = match follower.load(&|_, _| ()) {
        Ok(followed) => followed,
        Err(trouble) => {
            show_trouble(&trouble, terminal);
            return ExitStatus::CouldNotRun;
        }
    };
    watcher.cover(follower.directories());
    let mut writer = Writer { options, output, terminal, there: None, problems: Vec::new() };
    writer.take(first);
    terminal.line(&words!("正在等待修改；按 Ctrl-C 结束", "Waiting for changes; Ctrl-C ends it"));
    follow(&mut follower, &mut watcher, |followed, _| writer.take(followed))
}

/// Keeps an output directory up with a site.
struct Writer<'w> {
    options: &'w Options,
    output: PathBuf,
    terminal: &'w Terminal,
    /// The files that lie there; none if they are not what a build would write.
    there: Option<FxHashSet<String>>,
    /// What was wrong when it was last looked.
    problems: Vec<Problem>,
}

impl Writer<'_> {
    /// Takes in a site as it is now; says whether anything is different.
    fn take(&mut self, followed: Followed) -> bool {
        let Followed { renderer, problems, changed, new_theme } = followed;
        if changed.is_empty() && !new_theme && self.there.is_some() && self.problems == problems {
            return false;
        }
        let troubled = !problems.is_empty();
        let different = self.problems != problems || !changed.is_empty() || new_theme;
        problems.iter().filter(|problem| !self.problems.contains(problem)).for_each(|problem| show_problem(problem, self.terminal));
        self.problems = problems;
        let Some(renderer) = renderer.filter(|_| !troubled) else {
            self.there = None;
            return different;
        };
        // Nothing has changed since it was last found that nothing can be written.
        if !different {
            return false;
        }
        self.there = self.write(&renderer, &changed, new_theme);
        true
    }

    /// Writes what can be different, and returns what lies there now, if all went well.
    fn write(&mut self, renderer: &Renderer, changed: &Changed, new_theme: bool) -> Option<FxHashSet<String>> {
        if refuse(self.options, renderer.site(), self.terminal).is_some() {
            return None;
        }
        let result = match self.there.take().filter(|_| !changed.everything && !new_theme) {
            Some(there) => write_some(renderer, &self.output, changed, &there),
            None => write_site(renderer, self.output.clone(), None, self.terminal, &mut Vec::new()),
        };
        match result {
            Ok(Made { files, written, .. }) => {
                report(&self.output, files.len(), written, self.terminal);
                Some(files)
            }
            Err(failure) => {
                self.terminal.error(&failure.words());
                None
            }
        }
    }
}

/// Whether a route can give other bytes after a change of some agencies' reports.
fn is_concerned(route: &Route, renderer: &Renderer, changed: &Changed) -> bool {
    if renderer.site().archive.moved().find(&route.file()).is_some() {
        return true;
    }
    match route.page() {
        Route::Agency(agency) | Route::Report { agency, .. } | Route::AgencyData { agency, .. } => {
            changed.agencies.contains(agency.as_str())
        }
        Route::Attachment { .. } => changed.files.contains(&format!("content/{}", route.file())),
        // A feed names the reports of an agency and of the bodies below it.
        Route::AgencyFeed(above) => changed
            .agencies
            .iter()
            .any(|agency| agency.strip_prefix(above.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))),
        Route::Asset(_) | Route::Robots => false,
        _ => true,
    }
}

/// Writes the routes that can be others after a change, then the index, and removes what is no more of
/// the files that were `there`.
fn write_some(renderer: &Renderer, output: &Path, changed: &Changed, there: &FxHashSet<String>) -> Result<Made, Failure> {
    let output = Output::open(output).map_err(Failure::Write)?;
    let mut routes = renderer.routes();
    let concerned: Vec<&Route> = routes.iter().filter(|route| is_concerned(route, renderer, changed)).collect();
    concerned.par_iter().try_for_each(|route| -> Result<(), Failure> { put(renderer, &output, route) })?;
    routes.extend(write_index(renderer, &output)?);
    let files: FxHashSet<String> = routes.iter().map(Route::file).collect();
    let hashes = output.hashes();
    let written = output.finish_without(there.difference(&files)).map_err(Failure::Write)?;
    Ok(Made { files, written, hashes })
}
