//! `gongkai build`: check, then the whole site into the output directory.

mod memory;
mod partly;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::check::summary;
use super::progress::Progress;
use super::{ExitStatus, Global, Terminal, cannot_write, load_with, show_findings};
use crate::diagnostic::Finding;
use crate::load::{Loaded, Loader, blocking, read_theme};
use crate::pages::{Route, Shard, Share};
use crate::render::{RenderError, Renderer};
use crate::site::Site;
use crate::text::{Words, reason};
use crate::theme::{TemplateError, Theme};
use crate::words;
use crate::write::{Inventory, Output, Puts, Tampered, WriteError, Written};
use memory::{Found, Memory, Outcome, Remembered, Task};
use partly::{Before, Witness, write_again};

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
    let mut stages = Stages::new();
    let remembered = memory.as_ref().filter(|_| !options.force).and_then(|memory| {
        timed(&mut stages, "compare", || {
            let mut remembered = memory.recall(terminal)?;
            Some((memory.compare(&mut remembered), remembered))
        })
    });
    let tampered = match remembered {
        Some((Found::Same, remembered)) if !(options.strict && remembered.outcome().tally.errors > 0) => {
            say_unchanged(&remembered, &task, start, terminal);
            return ExitStatus::Clean;
        }
        Some((Found::Different(tampered), remembered)) => Some((remembered, tampered)),
        Some((Found::Same, remembered)) => Some((remembered, Tampered::default())),
        Some((Found::Otherwise, _)) | None => None,
    };
    build(options, &task, memory.as_ref(), tampered, terminal, (start, stages))
}

/// Says what the last build came to: this one would come to the same.
fn say_unchanged(remembered: &Remembered, task: &Task, start: Instant, terminal: &Terminal) {
    let (files, bytes) = (remembered.inventory.len(), remembered.inventory.bytes());
    report(&task.output, files, Written { unchanged: files, bytes, ..Written::default() }, terminal);
    sum_up(remembered.outcome(), task, terminal);
    let took = start.elapsed().as_millis();
    terminal.news(&words!("用时 {took} ms：没有变化", "Took {took} ms: nothing has changed"));
}

/// Builds everything, or what can be different from what lies there since the last build.
fn build(
    options: &Options,
    task: &Task,
    memory: Option<&Memory>,
    remembered: Option<(Remembered, Tampered)>,
    terminal: &Terminal,
    (start, mut stages): (Instant, Stages),
) -> ExitStatus {
    let settings = memory.map(Memory::settings);
    let mut loader = Loader::new(&task.root, task.today);
    let taken_up = memory.zip(remembered).and_then(|(memory, (remembered, tampered))| {
        let (loaded, earlier, inventory) = remembered.take_up(memory, &mut loader, terminal)?;
        Some((loaded, earlier, Before { inventory, tampered }))
    });
    let (loaded, earlier, before) = match taken_up {
        Some((loaded, earlier, before)) => (Some(loaded), Some(earlier), Some(before)),
        None => (load_with(&mut loader, terminal), None, None),
    };
    let Some(Loaded { site, stages: of_loading, changed, .. }) = loaded else { return ExitStatus::CouldNotRun };
    stages.extend(of_loading);
    if let Some(status) = refuse(options, &site, terminal) {
        return status;
    }
    let forgotten = memory.zip(settings).and_then(|(memory, settings)| {
        let forgotten = memory.forget().inspect_err(|error| memory::not_remembered(&task.root, error, terminal));
        forgotten.is_ok().then_some((memory, settings))
    });
    let before = before.filter(|_| !changed.everything);
    let is_partly = before.is_some();
    let mut site = if options.no_search { site.without_search() } else { site };
    let witness = Arc::new(Witness::of(site.files.clone()));
    if is_partly {
        site.files = witness.clone();
    }
    // What was read is noted beside the writing: one does not wait for the disk while the other works. What a loader
    // keeps is then of no more use, but to see whether what is read for a few pages is what it has read.
    let outcome = || Outcome::of(&site);
    let note = move || {
        let noted = forgotten.and_then(|(memory, settings)| {
            let noted = memory.note(settings, &loader, earlier);
            noted.inspect_err(|error| memory::not_remembered(&task.root, error, terminal)).ok()
        });
        let noted = noted.map(|noted| if is_partly { noted } else { noted.of_all(loader.content_stamp()) });
        (noted, is_partly.then_some(loader), outcome())
    };
    let write = || {
        renderer(&task.root, &site).and_then(|renderer| match before {
            Some(before) => timed(&mut stages, "write", || write_again(&renderer, &task.output, &changed, before)),
            None => {
                let made = write_site(&renderer, task.output.clone(), task.shard, terminal, &mut stages)?;
                Ok((made.written, timed(&mut stages, "note", || Inventory::take(&task.output, &made.files, &made.puts))))
            }
        })
    };
    let (result, (noted, loader, outcome)) = rayon::join(write, note);
    match result {
        Ok((written, inventory)) => {
            let files = written.written + written.unchanged;
            if let Some((memory, noted)) = memory.zip(noted) {
                let read = || witness.read_so_far().into_iter().chain(changed.edited.iter().cloned()).collect::<Vec<_>>();
                let is_as_read = loader.as_ref().map(|loader| loader.are_as_read(read().iter().map(String::as_str)));
                let kept = timed(&mut stages, "note", || memory.keep(&noted, is_as_read, outcome, inventory));
                let _ = kept.inspect_err(|error| memory::not_remembered(&task.root, error, terminal));
            }
            report(&task.output, files, written, terminal);
            sum_up(outcome, task, terminal);
            terminal.news(&stage_line(&stages, start.elapsed()));
            // The program ends: to free millions of small things one by one would take time.
            std::mem::forget((loader, site));
            ExitStatus::Clean
        }
        Err(failure) => {
            terminal.error(&failure.words());
            ExitStatus::CouldNotRun
        }
    }
}

/// A renderer with the theme that the site names.
fn renderer(root: &Path, site: &Site) -> Result<Renderer, Failure> {
    let files = read_theme(root, &site.config.theme).map_err(Failure::Words)?;
    let theme = Theme::new(&files, &site.config).map_err(Failure::Template)?;
    Renderer::new(site.clone(), Arc::new(theme), Arc::new(files)).in_all_languages().map_err(Failure::Template)
}

/// Says how many reports there are and what was found.
fn sum_up(outcome: Outcome, task: &Task, terminal: &Terminal) {
    if let Some(shard) = task.shard {
        terminal.news(&words!("这是 {shard} 份；各份合在一起才是整个网站", "This is shard {shard}; all shards together are the site"));
    }
    let Outcome { reports, tally, waived } = outcome;
    terminal.news(&summary(reports, tally, waived));
    if tally.errors + tally.warnings > 0 {
        terminal.news(&words!("详情见 gongkai check，或网站的“数据质量”页", "See `gongkai check` or the page “Data quality”"));
    }
}

/// How long each step took.
type Stages = Vec<(&'static str, Duration)>;

/// Times a step; one that has parts is counted once.
fn timed<T>(stages: &mut Stages, name: &'static str, step: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = step();
    match stages.iter_mut().find(|(stage, _)| *stage == name) {
        Some((_, time)) => *time += began.elapsed(),
        None => stages.push((name, began.elapsed())),
    }
    result
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

/// Why a site could not be written.
enum Failure {
    Words(Words),
    Template(TemplateError),
    Read(String, std::io::Error),
    Write(WriteError),
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Template(error) => Self::Template(error),
            RenderError::Read(path, error) => Self::Read(path, error),
        }
    }
}

impl Failure {
    fn words(&self) -> Words {
        match self {
            Self::Words(words) => words.clone(),
            Self::Template(error) => template_words(error),
            Self::Read(path, error) => {
                let Words { zh, en } = reason(error);
                words!("读不了 {path}：{zh}", "cannot read {path}: {en}")
            }
            Self::Write(WriteError::Foreign(path)) => {
                let path = path.display();
                words!(
                    "{path} 里有不是 gongkai 生成的文件，不敢动它；请换一个 --output，或先清空",
                    "{path} holds files that gongkai did not make; choose another --output or empty it first"
                )
            }
            Self::Write(WriteError::Taken(path)) => {
                let path = path.display();
                words!(
                    "{path} 在这次生成期间已由另一次运行写好，这次的结果没有放进去；请再运行一次 gongkai build",
                    "{path} was made by another run while this one was at work; run `gongkai build` again"
                )
            }
            Self::Write(WriteError::Io(path, error)) => cannot_write(&path.display(), error),
        }
    }
}

fn template_words(error: &TemplateError) -> Words {
    let place = error.place();
    let line = error.source.as_ref().map(|line| format!("\n  {}", line.trim())).unwrap_or_default();
    let (zh, en) = (&error.message.zh, &error.message.en);
    words!("模板 {place}：{zh}{line}", "template {place}: {en}{line}")
}

/// What was made.
struct Made {
    /// The files that lie in the output now.
    files: FxHashSet<String>,
    /// What was done to them.
    written: Written,
    /// What is known of those that were put.
    puts: Puts,
}

/// Renders and writes every route, or a shard's share of them. One page of each kind is rendered before anything
/// is written, so that a fault in a template leaves the output as it was, and stops every shard. The index comes
/// last: pages do without it.
fn write_site(
    renderer: &Renderer,
    output: PathBuf,
    shard: Option<Shard>,
    terminal: &Terminal,
    stages: &mut Stages,
) -> Result<Made, Failure> {
    let began = Instant::now();
    let routes = renderer.routes();
    let tried = try_each_kind(renderer, &routes)?;
    let (Share { routes, index }, tried) = match shard {
        // Its routes stand in other places.
        Some(shard) => (shard.share(renderer.site(), routes), FxHashMap::default()),
        None => (Share { routes, index: renderer.site().config.search }, tried),
    };
    let mut files: FxHashSet<String> = routes.par_iter().map(Route::file).collect();
    if files.len() < routes.len() {
        return Err(Failure::Words(claimed_twice(&routes)));
    }
    // Shards that begin together may be written to one new place.
    let output = if shard.is_none() { Output::open_alone(output) } else { Output::open(output) };
    let output = output.map_err(Failure::Write)?;
    let progress = Progress::new(terminal, Words::new("生成网页", "Writing"));
    let done = AtomicUsize::new(0);
    let write = |(place, route): (usize, &Route)| -> Result<(), Failure> {
        match tried.get(&place) {
            Some(bytes) => output.put(&route.file(), bytes).map_err(Failure::Write)?,
            None => put(renderer, &output, route)?,
        }
        progress.set(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
        Ok(())
    };
    let result = routes.par_iter().enumerate().try_for_each(write);
    progress.clear();
    result?;
    stages.push(("write", began.elapsed()));
    if index {
        let began = Instant::now();
        files.extend(write_index(renderer, &output)?.iter().map(Route::file));
        stages.push(("index", began.elapsed()));
    }
    let puts = output.puts();
    let written = output.finish(&files).map_err(Failure::Write)?;
    Ok(Made { files, written, puts })
}

/// Says that two pages would be one file.
fn claimed_twice(routes: &[Route]) -> Words {
    let mut files = FxHashSet::default();
    let twice = routes.iter().map(Route::file).find(|file| !files.insert(file.clone())).unwrap_or_default();
    words!(
        "有两个网页要写到同一个文件 {twice}，没有生成网站；请改 aliases、moved_from、附件名或主题里的文件名",
        "two pages would be the file {twice}: nothing was written; change an alias, moved_from, an attachment or a file of the theme"
    )
}

/// Writes the index to search in, and returns its routes.
fn write_index(renderer: &Renderer, output: &Output) -> Result<Vec<Route>, Failure> {
    let routes = renderer.index_routes()?;
    routes.par_iter().try_for_each(|route| match renderer.render(route)? {
        Some(bytes) => output.put(&route.file(), &bytes).map_err(Failure::Write),
        None => Ok(()),
    })?;
    Ok(routes)
}

/// Renders and writes a route. The data of a year is written as it is made: a year may have more than
/// memory should.
fn put(renderer: &Renderer, output: &Output, route: &Route) -> Result<(), Failure> {
    if matches!(route, Route::YearData { .. }) {
        return output.put_with(&route.file(), |out| renderer.write_data(route, out).map(|_| ())).map_err(Failure::Write);
    }
    if let Some(bytes) = renderer.render(route)? {
        output.put(&route.file(), &bytes).map_err(Failure::Write)?;
    }
    Ok(())
}

/// Renders a page of each kind that a template makes, and returns them by their places among the routes.
fn try_each_kind(renderer: &Renderer, routes: &[Route]) -> Result<FxHashMap<usize, Vec<u8>>, Failure> {
    let mut kinds = FxHashSet::default();
    let mut is_first = |route: &Route| kinds.insert((std::mem::discriminant(route), std::mem::discriminant(route.page())));
    let first = routes.iter().enumerate().filter(|(_, route)| route.is_of_template() && is_first(route));
    let first: Vec<(usize, &Route)> = first.collect();
    let render = |(place, route): &(usize, &Route)| Ok(renderer.render(route)?.map(|bytes| (*place, bytes)));
    let tried: Vec<Result<Option<(usize, Vec<u8>)>, Failure>> = first.par_iter().map(render).collect();
    tried.into_iter().filter_map(Result::transpose).collect()
}

fn report(output: &std::path::Path, pages: usize, written: Written, terminal: &Terminal) {
    let output = output.display();
    let Written { written, unchanged, removed, bytes } = written;
    let megabytes = format!("{}.{}", bytes >> 20, ((bytes >> 10) % 1024) * 10 / 1024);
    terminal.news(&words!(
        "已生成 {output}：{pages} 个文件，{megabytes} MB（新写 {written}，未变 {unchanged}，删去 {removed}）",
        "Wrote {output}: {pages} files, {megabytes} MB ({written} written, {unchanged} unchanged, {removed} removed)"
    ));
}

fn stage_line(stages: &[(&'static str, Duration)], total: Duration) -> Words {
    const NAMES: [(&str, &str); 9] = [
        ("compare", "比对"),
        ("recall", "取记录"),
        ("list", "列目录"),
        ("read", "读取"),
        ("archive", "建库"),
        ("check", "核对"),
        ("note", "记录"),
        ("write", "生成"),
        ("index", "索引"),
    ];
    let milliseconds = |time: Duration| format!("{} ms", time.as_millis());
    let zh = |name: &str| NAMES.iter().find(|(en, _)| *en == name).map_or_else(|| name.to_owned(), |(_, zh)| (*zh).to_owned());
    let zh: Vec<String> = stages.iter().map(|(name, time)| format!("{} {}", zh(name), milliseconds(*time))).collect();
    let en: Vec<String> = stages.iter().map(|(name, time)| format!("{name} {}", milliseconds(*time))).collect();
    let (zh, en, total) = (zh.join("，"), en.join(", "), milliseconds(total));
    words!("用时 {total}：{zh}", "Took {total}: {en}")
}
