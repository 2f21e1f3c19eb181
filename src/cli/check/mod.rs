//! `gongkai check`: all rules on all reports, or on those below some paths.
//!
//! Steps: load the site → choose the findings ([`selection`]) → print them for people or programs.

mod selection;

use std::collections::BTreeSet;
use std::path::{Component, Path};

use clap::{Args, ValueEnum};

use super::{ExitStatus, Global, Terminal, load, show_findings};
use crate::diagnostic::{RuleCard, Tally, by_rule, print_github, print_json, print_junit, print_sarif};
use crate::pages::Route;
use crate::rules::{Manual, RULES, find};
use crate::site::Site;
use crate::text::{Language, Words, pad_to};
use crate::words;

use selection::{Selected, Selection};

/// What `check` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(flatten)]
    selection: Selection,
    /// 输出格式：text、json、sarif、github、junit
    #[arg(long, value_enum, value_name = "格式", default_value = "text", hide_default_value = true, hide_possible_values = true)]
    format: Format,
    /// 只按规则列出个数
    #[arg(long)]
    statistics: bool,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// JUnit XML.
    Junit,
}

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let Some(loaded) = load(global, terminal) else { return ExitStatus::CouldNotRun };
    let Some(selected) = options.selection.of(&loaded.site, global, terminal) else { return ExitStatus::CouldNotRun };
    match options.selection.write_baseline(&selected, &loaded.site, terminal) {
        Some(true) => return ExitStatus::Clean,
        Some(false) => return ExitStatus::CouldNotRun,
        None => {}
    }
    let tally = Tally::of(&selected.findings);
    match options.format {
        Format::Text => show(&selected, &loaded.site, options.statistics, terminal),
        format => terminal.text(&printed(format, &selected, &loaded.site, (global, terminal.language()))),
    }
    if tally.errors > 0 { ExitStatus::Findings } else { ExitStatus::Clean }
}

fn show(selected: &Selected, site: &Site, statistics: bool, terminal: &Terminal) {
    let counting = || selected.findings.iter().filter(|finding| finding.counts());
    if statistics {
        for (rule, count) in by_rule(counting()) {
            let manual = find(rule).map(Manual::of);
            let (zh, en) = manual.map(|manual| (manual.summary, manual.summary_en)).unwrap_or_default();
            let name = pad_to(rule, 24);
            terminal.line(&words!("{count:>7}  {name} {zh}", "{count:>7}  {name} {en}"));
        }
    } else {
        show_findings(counting(), &*site.files, terminal);
    }
    let waived = selected.findings.iter().filter(|finding| finding.waived.is_some()).count();
    terminal.news(&summary(selected.reports.len(), Tally::of(&selected.findings), waived));
    if let Some((known, gone)) = selected.known {
        terminal.news(&words!("基线里已有的 {known} 个没有列出", "{known} findings of the baseline are not shown"));
        if gone > 0 {
            terminal.news(&words!(
                "基线里有 {gone} 个已不存在，可用 --write-baseline 更新",
                "{gone} of the baseline are gone; update it with --write-baseline"
            ));
        }
    }
}

fn printed(format: Format, selected: &Selected, site: &Site, (global, language): (&Global, Language)) -> String {
    let findings = &selected.findings;
    match format {
        Format::Json | Format::Text => print_json(findings, selected.reports.len(), language),
        Format::Sarif => print_sarif(findings, &rule_cards(&site.config.base_url, language), &prefix(&global.root), language),
        Format::Github => print_github(findings, &prefix(&global.root), language),
        Format::Junit => {
            let with: BTreeSet<&str> = findings.iter().filter(|finding| finding.counts()).map(|finding| finding.path.as_str()).collect();
            let clean: Vec<String> = selected.reports.iter().filter(|path| !with.contains(path.as_str())).cloned().collect();
            print_junit(findings, &clean, language)
        }
    }
}

/// What SARIF says of the rules; on a site that has an address their pages have one too.
fn rule_cards(base_url: &str, language: Language) -> Vec<RuleCard> {
    let card = |rule: &&'static crate::rules::Rule| {
        let manual = Manual::of(rule);
        let checks = manual.parts().first().map(|(_, text)| (*text).to_owned()).unwrap_or_default();
        let summary = Words::new(manual.summary, manual.summary_en).in_language(language).to_owned();
        let page = base_url.contains("://").then(|| format!("{base_url}{}", Route::Rule(rule.name.to_owned()).path()));
        RuleCard { name: rule.name, level: rule.level, summary, checks, manual: manual.body, page }
    };
    RULES.iter().map(card).collect()
}

/// How paths below the root are seen from the working directory, which is the repository's in CI: with
/// `--root site` as `site/…`. A root that is no plain path below it is left out.
fn prefix(root: &Path) -> String {
    let mut prefix = String::new();
    for part in root.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => prefix = format!("{prefix}{}/", name.to_string_lossy()),
            _ => return String::new(),
        }
    }
    prefix
}

/// One line: how much was checked and what was found.
pub(super) fn summary(reports: usize, tally: Tally, waived: usize) -> Words {
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
