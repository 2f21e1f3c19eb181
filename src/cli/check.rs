//! `gongkai check`: all rules on all reports, or on those below some paths.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ExitStatus, Global, Terminal, load, show_findings};
use crate::diagnostic::{Finding, Tally, print_json};
use crate::words;

/// What `check` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 只看这些文件或目录里的问题
    #[arg(value_name = "路径")]
    paths: Vec<PathBuf>,
    /// 输出格式：text、json
    #[arg(long, value_enum, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let site = &loaded.site;
    let mut wanted = Vec::new();
    for path in &options.paths {
        match below_root(global, path) {
            Some(path) => wanted.push(path),
            None => {
                let path = path.display();
                terminal.error(&words!(
                    "找不到 {path}（应在年报库 content/ 里）",
                    "cannot find {path} (it must lie below content/ of the site)"
                ));
                return ExitStatus::CouldNotRun;
            }
        }
    }
    let below =
        |path: &str, place: &str| path.strip_prefix(place).is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'));
    let is_wanted = |path: &str| wanted.is_empty() || wanted.iter().any(|wanted| below(path, wanted));
    let findings: Vec<Finding> = site.findings.all().filter(|finding| is_wanted(&finding.path)).cloned().collect();
    let reports = site.archive.reports().filter(|(_, filed)| wanted.is_empty() || is_wanted(&filed.path())).count();
    let tally = Tally::of(&findings);
    match options.format {
        Format::Json => terminal.text(&print_json(&findings, reports, terminal.language())),
        Format::Text => {
            show_findings(findings.iter().filter(|finding| finding.counts()), &*site.files, terminal);
            terminal.news(&summary(reports, tally, findings.iter().filter(|finding| finding.waived.is_some()).count()));
        }
    }
    if tally.errors > 0 { ExitStatus::Findings } else { ExitStatus::Clean }
}

/// A path as typed, as a path below the root with `/` between its parts; also accepted without the
/// leading `content/`.
fn below_root(global: &Global, path: &std::path::Path) -> Option<String> {
    let root = global.root.canonicalize().ok()?;
    let candidates = [path.to_owned(), global.root.join(path), global.root.join("content").join(path)];
    let found = candidates.into_iter().find_map(|candidate| candidate.canonicalize().ok())?;
    let relative = found.strip_prefix(&root).ok()?;
    // Findings stand in what the site is made of; anywhere else "nothing found" would say nothing.
    let first = relative.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    if first.is_some_and(|first| !["content", "site.toml", "forms"].contains(&first.as_str())) {
        return None;
    }
    Some(relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// One line: how much was checked and what was found.
pub(super) fn summary(reports: usize, tally: Tally, waived: usize) -> crate::text::Words {
    let Tally { errors, warnings, infos } = tally;
    let (mut zh, mut en) = (String::new(), String::new());
    if infos > 0 {
        zh += &format!("，{infos} 个提示");
        en += &format!(", {infos} infos");
    }
    if waived > 0 {
        zh += &format!("，{waived} 个已说明");
        en += &format!(", {waived} waived");
    }
    if reports == 0 && errors + warnings + infos == 0 {
        return words!(
            "没有找到年报{zh}；年报放在 content/<机关>/<年度>.md，可用 gongkai new 新写",
            "no reports found{en}; they stand at content/<agency>/<year>.md, `gongkai new` writes one"
        );
    }
    if errors + warnings + infos == 0 {
        return words!("校验 {reports} 份年报：没有问题{zh}", "{reports} reports checked: nothing found{en}");
    }
    words!(
        "校验 {reports} 份年报：{errors} 个错误，{warnings} 个警告{zh}",
        "{reports} reports checked: {errors} errors, {warnings} warnings{en}"
    )
}
