//! The command line: arguments as typed → one command → an exit status.
//!
//! Each command has a file. What they share is here: the global options, the terminal
//! ([`Terminal`]), exit statuses, and how a site that cannot be loaded is reported.

mod arguments;
mod beside;
mod build;
mod check;
mod explain;
mod export;
mod fmt;
mod import;
mod init;
mod mistakes;
mod new;
mod places;
mod progress;
mod serve;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

pub use arguments::{Arguments, Command, Global};
pub use terminal::{ColorChoice, Terminal};

use crate::diagnostic::Finding;
use crate::load::{Loaded, Loader, Trouble};
use crate::rules::{STAR, hide_numbers};
use crate::text::{Source, Words, decode, reason};
use crate::words;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// All is well.
    Clean,
    /// There are findings at level error.
    Findings,
    /// The command could not do its work.
    CouldNotRun,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        match status {
            ExitStatus::Clean => Self::from(0),
            ExitStatus::Findings => Self::from(1),
            ExitStatus::CouldNotRun => Self::from(2),
        }
    }
}

/// Runs the program with its arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitStatus {
    let arguments = match Arguments::parse_from_zh(arguments) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let terminal = Terminal::new(&arguments.global);
    match &arguments.command {
        Command::Build(options) => build::run(options, &arguments.global, &terminal),
        Command::Check(options) => check::run(options, &arguments.global, &terminal),
        Command::Explain(options) => explain::run(options, &terminal),
        Command::Export(options) => export::run(options, &arguments.global, &terminal),
        Command::Fmt(options) => fmt::run(options, &arguments.global, &terminal),
        Command::Import(options) => import::run(options, &arguments.global, &terminal),
        Command::Init(options) => init::run(options, &terminal),
        Command::New(options) => new::run(options, &arguments.global, &terminal),
        Command::Serve(options) => serve::run(options, &arguments.global, &terminal),
    }
}

/// Loads the site, showing progress; what makes that impossible is shown, and `None` returned.
fn load(global: &Global, terminal: &Terminal) -> Option<Loaded> {
    load_with(&mut Loader::new(&global.root, global.today()), terminal)
}

/// The same with a loader that is kept.
fn load_with(loader: &mut Loader, terminal: &Terminal) -> Option<Loaded> {
    let progress = progress::Progress::new(terminal, crate::text::Words::new("读取和校验", "Reading"));
    let loaded = loader.load(&|done, total| progress.set(done, total));
    progress.clear();
    match loaded {
        Ok(loaded) => Some(loaded),
        Err(trouble) => {
            show_trouble(&trouble, terminal);
            None
        }
    }
}

fn show_trouble(trouble: &Trouble, terminal: &Terminal) {
    for finding in &trouble.findings {
        let source = trouble.sources.iter().find(|source| source.path == finding.path);
        terminal.show_trouble(finding, source);
    }
}

/// Why a file could not be written.
fn cannot_write(path: &dyn std::fmt::Display, error: &std::io::Error) -> Words {
    let Words { zh, en } = reason(error);
    words!("写不了 {path}：{zh}", "cannot write {path}: {en}")
}

/// Shows findings with their source lines, reading each file once. Personal numbers have stars for digits,
/// whichever findings are shown: what is on a terminal ends in logs that others read.
fn show_findings<'f>(findings: impl IntoIterator<Item = &'f Finding>, files: &dyn crate::site::Files, terminal: &Terminal) {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    for of_file in findings.chunk_by(|a, b| a.path == b.path) {
        let path = of_file[0].path.as_str();
        let text = files.read(path).ok().map(|bytes| decode(bytes).text);
        let source = text.map(|text| Source::new(path, hide_numbers(&text, STAR, |_| true).into_owned()));
        for finding in of_file {
            terminal.show_finding(finding, source.as_ref());
        }
    }
}
