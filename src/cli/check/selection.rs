//! Which findings `check` shows: by path, rule, level, and against a baseline.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::super::places::Places;
use super::super::{Global, Terminal, cannot_write};
use crate::diagnostic::{Baseline, Finding, Level};
use crate::front_matter::nearest;
use crate::rules::{RULES, find};
use crate::site::{Files, Site};
use crate::text::{Words, decode, reason};
use crate::words;

/// What can be chosen.
#[derive(Debug, Clone, Args)]
pub(super) struct Selection {
    /// 只看这些文件或目录里的问题
    #[arg(value_name = "路径")]
    paths: Vec<PathBuf>,
    /// 只看这些规则（可重复，或用逗号分开）
    #[arg(long, value_name = "规则", value_delimiter = ',')]
    select: Vec<String>,
    /// 不看这些规则（可重复，或用逗号分开）
    #[arg(long, value_name = "规则", value_delimiter = ',')]
    ignore: Vec<String>,
    /// 只看这个级别及以上的：error、warning、info
    #[arg(long, value_enum, value_name = "级别", hide_possible_values = true)]
    level: Option<LeastLevel>,
    /// 基线文件：其中已有的问题不再显示，也不算错误
    #[arg(long, value_name = "文件")]
    baseline: Option<PathBuf>,
    /// 把现有问题写成基线文件
    #[arg(long, value_name = "文件", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
}

/// The least level that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LeastLevel {
    /// Errors only.
    Error,
    /// Errors and warnings.
    Warning,
    /// Everything.
    Info,
}

/// What was chosen.
#[derive(Debug)]
pub(super) struct Selected {
    /// The findings, waived ones included.
    pub(super) findings: Vec<Finding>,
    /// The files of the reports that were looked at.
    pub(super) reports: Vec<String>,
    /// How many findings the baseline knew, and how many of its own were not met.
    pub(super) known: Option<(usize, usize)>,
}

impl Selection {
    /// Chooses; what cannot be chosen by is said, and `None` returned.
    pub(super) fn of(&self, site: &Site, global: &Global, terminal: &Terminal) -> Option<Selected> {
        let places = Places::of(&self.paths, global, terminal)?;
        for name in self.select.iter().chain(&self.ignore) {
            if find(name).is_none() {
                terminal.error(&no_rule(name));
                return None;
            }
        }
        let is_chosen = |finding: &&Finding| places.holds(&finding.path) && self.takes(finding);
        let findings: Vec<Finding> = site.findings.all().filter(is_chosen).cloned().collect();
        let reports = site.archive.reports().map(|(_, filed)| filed.path()).filter(|path| places.holds(path)).collect();
        let selected = Selected { findings, reports, known: None };
        match &self.baseline {
            Some(path) => sift(selected, path, site, terminal),
            None => Some(selected),
        }
    }

    fn takes(&self, finding: &Finding) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == finding.rule);
        let least = match self.level {
            Some(LeastLevel::Error) => Level::Error,
            Some(LeastLevel::Warning) => Level::Warning,
            Some(LeastLevel::Info) | None => Level::Info,
        };
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore) && finding.level >= least
    }

    /// Writes the baseline that was asked for; says whether it could.
    pub(super) fn write_baseline(&self, selected: &Selected, site: &Site, terminal: &Terminal) -> Option<bool> {
        let path = self.write_baseline.as_ref()?;
        let baseline = Baseline::of(&selected.findings, Quotes::new(&*site.files).quote());
        let (shown, count) = (path.display(), baseline.len());
        match fs::write(path, baseline.print()) {
            Ok(()) => {
                terminal.news(&words!("{count} 个问题写进了基线 {shown}", "{count} findings written to the baseline {shown}"));
                Some(true)
            }
            Err(error) => {
                terminal.error(&cannot_write(&shown, &error));
                Some(false)
            }
        }
    }
}

fn no_rule(name: &str) -> Words {
    match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => words!("没有名为 {name} 的规则；是不是 {near}？", "there is no rule {name}; did you mean {near}?"),
        None => words!("没有名为 {name} 的规则；gongkai explain 列出全部规则", "there is no rule {name}; `gongkai explain` lists all"),
    }
}

fn sift(selected: Selected, path: &Path, site: &Site, terminal: &Terminal) -> Option<Selected> {
    let shown = path.display();
    let read = match fs::read_to_string(path) {
        Ok(text) => Baseline::read(&text),
        Err(error) => {
            let Words { zh, en } = reason(&error);
            Err(words!("读不出来：{zh}；可用 --write-baseline 生成", "cannot be read: {en}; --write-baseline makes one"))
        }
    };
    match read {
        Ok(baseline) => {
            let before = selected.findings.len();
            let (findings, gone) = baseline.sift(selected.findings, Quotes::new(&*site.files).quote());
            let known = before - findings.len();
            Some(Selected { findings, known: Some((known, gone)), ..selected })
        }
        Err(reason) => {
            let (zh, en) = (reason.zh, reason.en);
            terminal.error(&words!("基线 {shown} {zh}", "the baseline {shown}: {en}"));
            None
        }
    }
}

/// The words that findings point at; each file is read once while its findings come one after another.
struct Quotes<'f> {
    files: &'f dyn Files,
    path: String,
    lines: Vec<String>,
}

impl<'f> Quotes<'f> {
    fn new(files: &'f dyn Files) -> Self {
        Self { files, path: String::new(), lines: Vec::new() }
    }

    fn quote(mut self) -> impl FnMut(&Finding) -> String + 'f {
        move |finding| {
            if self.path != finding.path {
                let text = self.files.read(&finding.path).map(|bytes| decode(bytes).text).unwrap_or_default();
                self.lines = text.lines().map(str::to_owned).collect();
                self.path.clone_from(&finding.path);
            }
            let line = self.lines.get(finding.start.line as usize - 1).map_or("", String::as_str);
            let end = if finding.end.line > finding.start.line { usize::MAX } else { finding.end.column as usize - 1 };
            let start = finding.start.column as usize - 1;
            line.chars().skip(start).take(end.saturating_sub(start)).collect()
        }
    }
}
