//! A line on the terminal that tells how far long work has come.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Terminal;
use crate::text::Words;

/// Fewer items than this are done before anyone could read the line.
const FEW: usize = 500;

/// Progress of counted work; nothing is drawn when nobody watches.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A line that begins with `name`.
    pub(super) fn new(terminal: &Terminal, name: Words) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if terminal.is_interactive() {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_prefix(name.in_language(terminal.language()).to_owned());
        Self { bar }
    }

    /// `done` of `total` items are done. Called from many threads, once an item: only every 64th is
    /// passed on.
    pub(super) fn set(&self, done: usize, total: usize) {
        if total >= FEW && done.is_multiple_of(64) {
            self.bar.set_length(total as u64);
            self.bar.set_position(done as u64);
        }
    }

    /// `done` of `total` long items are done: each is shown.
    pub(super) fn step(&self, done: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
