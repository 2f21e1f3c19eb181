//! `gongkai build --watch`: after each change what lies in the output is again what a fresh build writes,
//! and only files whose bytes are others are written.
//!
//! After edits of reports, the pages that can be others are rendered: those of the agencies concerned
//! and all that stand for no agency. After anything else all are.

use std::path::PathBuf;

use rustc_hash::FxHashSet;

use super::super::serve::show_problem;
use super::super::{ExitStatus, Global, Terminal, show_trouble};
use super::partly::write_some;
use super::whole::{Made, write_site};
use super::{Options, refuse, report};
use crate::load::{Changed, Stages};
use crate::render::Renderer;
use crate::serve::{Followed, Follower, Problem, Watcher, follow};
use crate::words;

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
            None => write_site(renderer, self.output.clone(), None, self.terminal, &mut Stages::default()),
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
