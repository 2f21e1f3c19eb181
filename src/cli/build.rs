//! `gongkai build`: check, then the whole site into the output directory.

mod failure;
mod memory;
mod partly;
mod told;
mod watch;
mod whole;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::{ExitStatus, Global, Terminal, load_with, show_findings};
use crate::diagnostic::Finding;
use crate::load::{Changed, Loaded, Loader, Stages, blocking, read_theme};
use crate::pages::Shard;
use crate::render::Renderer;
use crate::site::Site;
use crate::text::Words;
use crate::theme::Theme;
use crate::words;
use crate::write::{Inventory, Tampered, Written};
use failure::Failure;
use memory::{Earlier, Found, Memory, Outcome, Remembered, Task};
use partly::{Before, Witness, write_again};
use told::{report, say_unchanged, stage_line, sum_up};
use whole::write_site;

/// What `build` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 输出目录，默认 public
    #[arg(short, long, value_name = "目录")]
    output: Option<PathBuf>,
    /// 有错误级别的问题时不生成
    #[arg(long)]
    strict: bool,
    /// 不做全文检索：没有检索页和索引
    #[arg(long)]
    no_search: bool,
    /// 不看上次生成的记录，全部重新生成
    #[arg(long)]
    force: bool,
    /// 之后每次保存都只更新变了的网页，直到按 Ctrl-C
    #[arg(short, long)]
    watch: bool,
    /// 只生成几份中的一份，如 2/4；各份合在一起就是整个网站
    #[arg(long, value_name = "第几份/份数", conflicts_with = "watch")]
    shard: Option<Shard>,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let start = Instant::now();
    let output = options.output.clone().unwrap_or_else(|| global.root.join("public"));
    if let Some(words) = among_sources(&output, &global.root) {
        terminal.error(&words);
        return ExitStatus::CouldNotRun;
    }
    let Options { no_search, shard, .. } = *options;
    let task = Task { root: global.root.clone(), output, no_search, shard, today: global.today() };
    let memory = Memory::of(task.clone());
    if options.watch {
        // What watching writes is not noted.
        let _ = memory.map(|memory| memory.forget());
        return watch::run(options, task.output, global, terminal);
    }
    let mut stages = Stages::default();
    let remembered = memory.as_ref().filter(|_| !options.force).and_then(|memory| {
        stages.time("compare", || {
            let mut remembered = memory.recall(terminal)?;
            Some((memory.compare(&mut remembered), remembered))
        })
    });
    let tampered = match remembered {
        Some((Found::Same, remembered)) if !(options.strict && remembered.outcome().tally.errors > 0) => {
            say_unchanged(&remembered, &task, start.elapsed(), terminal);
            return ExitStatus::Clean;
        }
        Some((Found::Different(tampered), remembered)) => Some((remembered, tampered)),
        Some((Found::Same, remembered)) => Some((remembered, Tampered::default())),
        Some((Found::Otherwise, _)) | None => None,
    };
    Build { options, task: &task, memory: memory.as_ref(), terminal, stages }.run(tampered, start)
}

/// A build at work.
struct Build<'b> {
    options: &'b Options,
    task: &'b Task,
    memory: Option<&'b Memory>,
    terminal: &'b Terminal,
    stages: Stages,
}

impl Build<'_> {
    /// Builds everything, or what can be different from what lies there since the last build; begun at `start`.
    fn run(mut self, remembered: Option<(Remembered, Tampered)>, start: Instant) -> ExitStatus {
        let (task, terminal) = (self.task, self.terminal);
        let settings = self.memory.map(Memory::settings);
        let mut loader = Loader::new(&task.root, task.today);
        let (loaded, earlier, before) = match self.take_up(&mut loader, remembered) {
            Some((loaded, earlier, before)) => (Some(loaded), Some(earlier), Some(before)),
            None => (load_with(&mut loader, terminal), None, None),
        };
        let Some(Loaded { site, stages, changed, .. }) = loaded else { return ExitStatus::CouldNotRun };
        self.stages.extend(stages);
        if let Some(status) = refuse(self.options, &site, terminal) {
            return status;
        }
        let noting = self.memory.zip(settings).filter(|(memory, _)| self.said(memory.forget()).is_some());
        let before = before.filter(|_| !changed.everything);
        let is_partly = before.is_some();
        let mut site = if self.options.no_search { site.without_search() } else { site };
        let witness = Arc::new(Witness::of(site.files.clone()));
        if is_partly {
            site.files = witness.clone();
        }
        // What was read is noted beside the writing: one does not wait for the disk while the other works. What a loader
        // keeps is then of no more use, but to see whether what is read for a few pages is what it has read.
        let note = || {
            let noted = noting.map(|(memory, settings)| memory.note(settings, &loader, earlier));
            let noted = noted.map(|noted| noted.map(|noted| if is_partly { noted } else { noted.of_all(loader.content_stamp()) }));
            (noted, is_partly.then_some(loader), Outcome::of(&site))
        };
        let (result, (noted, loader, outcome)) = rayon::join(|| self.write(&site, &changed, before), note);
        let (written, inventory) = match result {
            Ok(done) => done,
            Err(failure) => {
                terminal.error(&failure.words());
                return ExitStatus::CouldNotRun;
            }
        };
        if let Some((memory, noted)) = self.memory.zip(noted.and_then(|noted| self.said(noted))) {
            let read: Vec<String> = witness.read_so_far().into_iter().chain(changed.edited).collect();
            let is_as_read = loader.as_ref().map(|loader| loader.are_as_read(read.iter().map(String::as_str)));
            let kept = self.stages.time("note", || memory.keep(&noted, is_as_read, outcome, inventory.as_ref()));
            self.said(kept);
        }
        report(&task.output, written.written + written.unchanged, written, terminal);
        sum_up(outcome, task, terminal);
        terminal.news(&stage_line(&self.stages, start.elapsed()));
        // The program ends: to free millions of small things one by one would take time.
        std::mem::forget((loader, site, inventory));
        ExitStatus::Clean
    }

    /// Takes up the site from the last build, if what is remembered of that can be used.
    fn take_up(&self, loader: &mut Loader, remembered: Option<(Remembered, Tampered)>) -> Option<(Loaded, Earlier, Before)> {
        let (memory, (remembered, tampered)) = self.memory.zip(remembered)?;
        let (loaded, earlier, inventory) = remembered.take_up(memory, loader, self.terminal)?;
        Some((loaded, earlier, Before { inventory, tampered }))
    }

    /// Writes the site, or what of it can be different from what lay there before. Returns what was done, and what lies
    /// there now, if that is known.
    fn write(&mut self, site: &Site, changed: &Changed, before: Option<Before>) -> Result<(Written, Option<Inventory>), Failure> {
        let Self { task, terminal, stages, .. } = self;
        let renderer = renderer(&task.root, site)?;
        match before {
            Some(before) => stages.time("write", || write_again(&renderer, &task.output, changed, before)),
            None => {
                let made = write_site(&renderer, task.output.clone(), task.shard, terminal, stages)?;
                Ok((made.written, stages.time("note", || Inventory::take(&task.output, &made.files, &made.puts))))
            }
        }
    }

    /// What came of a step of remembering; where it failed, that is said and the build goes on.
    fn said<T>(&self, result: io::Result<T>) -> Option<T> {
        result.inspect_err(|error| memory::not_remembered(&self.task.root, error, self.terminal)).ok()
    }
}

/// A renderer with the theme that the site names.
fn renderer(root: &Path, site: &Site) -> Result<Renderer, Failure> {
    let files = read_theme(root, &site.config.theme).map_err(Failure::Words)?;
    let theme = Theme::new(&files, &site.config).map_err(Failure::Template)?;
    Renderer::new(site.clone(), Arc::new(theme), Arc::new(files)).in_all_languages().map_err(Failure::Template)
}

/// Where a path that need not exist yet leads: what counts is the nearest directory above it that does.
fn real_place(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (there, below) = path.ancestors().find_map(|above| Some((above.canonicalize().ok()?, path.strip_prefix(above).ok()?)))?;
    // What does not exist is no link: going up from it leads back.
    let mut place = there;
    for part in below.components() {
        match part {
            std::path::Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
    }
    Some(place)
}

/// Why pages cannot be written to a directory among the site's own files: the next build would read them.
fn among_sources(output: &Path, root: &Path) -> Option<Words> {
    let place = real_place(output)?;
    let source = ["content", "forms", "themes", "templates"]
        .into_iter()
        .find(|source| root.canonicalize().is_ok_and(|root| place.starts_with(root.join(source))))?;
    let shown = output.display();
    Some(words!(
        "输出目录 {shown} 在 {source}/ 里，下次会被当作原始文件；请换一个 --output",
        "the output {shown} lies in {source}/ and would be read as a source; choose another --output"
    ))
}

/// What stops a build before anything is written: files that cannot be read, two reports that claim
/// one page, and with `--strict` any error.
fn refuse(options: &Options, site: &Site, terminal: &Terminal) -> Option<ExitStatus> {
    let files = &*site.files;
    let blocking: Vec<&Finding> = blocking(site).collect();
    if !blocking.is_empty() {
        let count = blocking.len();
        show_findings(blocking, files, terminal);
        terminal.error(&words!(
            "有 {count} 个文件读不出来或互相冲突，没有生成网站",
            "{count} files cannot be read or claim the same page: nothing was written"
        ));
        return Some(ExitStatus::CouldNotRun);
    }
    let errors = if options.strict { site.findings.tally().errors } else { 0 };
    if errors > 0 {
        let counting = site.findings.all().filter(|finding| finding.counts());
        show_findings(counting, files, terminal);
        terminal.error(&words!("有 {errors} 个错误，按 --strict 没有生成网站", "{errors} errors: nothing was written because of --strict"));
        return Some(ExitStatus::Findings);
    }
    None
}
