//! `gongkai import`: published reports as Word, web page, PDF, text or spreadsheet → checked Markdown
//! reports, each with its original beside it.
//!
//! Steps: list the files ([`inputs`]) → have LibreOffice convert what only it can read ([`office`]) →
//! read and place in parallel, each under a time limit ([`reading`]) → write one after another, never
//! over anything ([`store`]) → check what was written → show ([`show`], [`json`]).

mod inputs;
mod json;
mod office;
mod outcome;
mod reading;
mod show;
mod store;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use rayon::prelude::*;

use super::progress::Progress;
use super::{ExitStatus, Global, Terminal, load};
use crate::import::Known;
use crate::site::Site;
use crate::text::Words;
use crate::words;

use inputs::Inputs;
use outcome::{Outcome, State};

/// What `import` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 要导入的文件或文件夹（docx、doc、wps、rtf、odt、html、pdf、xlsx、xls、csv、txt、md）
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 机关目录，如 shili/shuiwu；不写则按标题、落款在年报库中查找
    #[arg(long, value_name = "机关")]
    agency: Option<String>,
    /// 报告年度；不写则按标题、统计期限
    #[arg(long, value_name = "年度", value_parser = clap::value_parser!(u16).range(2008..2200))]
    year: Option<u16>,
    /// 版式：cn-2021、cn-2019、cn-2014 或年报库自己的；不写则按表格识别
    #[arg(long, value_name = "版式")]
    form: Option<String>,
    /// 发布日期（年-月-日）；不写则按网页信息、落款
    #[arg(long, value_name = "日期")]
    date: Option<Date>,
    /// 年报库中没有的机关，新建一个
    #[arg(long)]
    create_agency: bool,
    /// 已有的报告也替换
    #[arg(long)]
    force: bool,
    /// 只显示将写入的内容和差异，不写
    #[arg(long)]
    dry_run: bool,
    /// 只读文件，什么也不做：由 import 自己用来试读来历不明的文件
    #[arg(long, hide = true)]
    probe: bool,
    /// 输出格式：text、json
    #[arg(long, value_enum, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
}

/// How the outcome is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    if options.probe {
        options.files.iter().for_each(|path| reading::probe(path));
        return ExitStatus::Clean;
    }
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let site = loaded.site;
    let known = match known(options, &site) {
        Ok(known) => known,
        Err(message) => {
            terminal.error(&message);
            return ExitStatus::CouldNotRun;
        }
    };
    let Inputs { files, passed_over } = match inputs::list(&options.files) {
        Ok(inputs) if !inputs.files.is_empty() => inputs,
        Ok(inputs) => {
            terminal.error(&Words::new("没有可导入的文件", "there is nothing to import"));
            show::print_passed_over(&inputs.passed_over, terminal);
            return ExitStatus::CouldNotRun;
        }
        Err(message) => {
            terminal.error(&message);
            return ExitStatus::CouldNotRun;
        }
    };
    let mut outcomes = read_all(&files, &site, &known, terminal);
    store::Store::new(options, global, &site).put_all(&mut outcomes);
    if outcomes.iter().any(|outcome| matches!(outcome.state, State::Written | State::Replaced)) {
        check_written(&mut outcomes, global, terminal);
    }
    match options.format {
        Format::Json => terminal.text(&json::print(&outcomes, &passed_over, terminal.language())),
        Format::Text => {
            show::print(&outcomes, options.dry_run, terminal);
            show::print_passed_over(&passed_over, terminal);
        }
    }
    status(&outcomes)
}

/// What the user said, looked up in the site.
fn known(options: &Options, site: &Site) -> Result<Known, Words> {
    let agency = options.agency.as_deref().map(store::agency_id);
    if let Some(id) = &agency {
        store::usable(id, &site.config)?;
    }
    if let Some(id) = agency
        && site.archive.find_agency(&id).is_none()
        && !options.create_agency
    {
        return Err(words!(
            "年报库中没有机关 {id}；加 --create-agency 新建",
            "the site has no agency {id}; add --create-agency to make it"
        ));
    }
    let form = match &options.form {
        None => None,
        Some(key) => Some(site.forms.get(key).cloned().ok_or_else(|| {
            let mut keys: Vec<&str> = site.forms.iter().map(|form| form.key.as_str()).collect();
            keys.sort_unstable();
            let known = keys.join("、");
            words!("没有版式 {key}；已知的有：{known}", "there is no form {key}; known: {known}")
        })?),
    };
    Ok(Known { year: options.year, form, published: options.date })
}

/// Reads all files in parallel; those for LibreOffice are converted first, many at a time.
fn read_all(files: &[PathBuf], site: &Site, known: &Known, terminal: &Terminal) -> Vec<Outcome> {
    let progress = Progress::new(terminal, Words::new("导入", "Importing"));
    let done = AtomicUsize::new(0);
    let opened: Vec<reading::Opened> = files.par_iter().map(|path| reading::open(path)).collect();
    let converted = office::convert_all(&opened);
    let forms = Arc::clone(&site.forms);
    let archive = Arc::clone(&site.archive);
    let outcomes = opened
        .into_par_iter()
        .zip(converted)
        .map(|(opened, converted)| {
            let outcome = reading::read(opened, converted, (&forms, &archive), known);
            progress.step(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            outcome
        })
        .collect();
    progress.clear();
    outcomes
}

/// Loads the site again and takes the findings about the files written.
fn check_written(outcomes: &mut [Outcome], global: &Global, terminal: &Terminal) {
    let Some(loaded) = load(global, terminal) else { return };
    for outcome in outcomes {
        let Some(path) = outcome.target.as_ref().filter(|_| matches!(outcome.state, State::Written | State::Replaced)) else { continue };
        outcome.findings = loaded.site.findings.of_file(path).iter().filter(|finding| finding.counts()).cloned().collect();
    }
}

/// 2 when a file could not be read or written, 1 when anything is in doubt, else 0.
fn status(outcomes: &[Outcome]) -> ExitStatus {
    if outcomes.iter().any(Outcome::failed) {
        ExitStatus::CouldNotRun
    } else if outcomes.iter().any(Outcome::is_doubtful) {
        ExitStatus::Findings
    } else {
        ExitStatus::Clean
    }
}
