//! `gongkai explain`: the manual page of a rule, or the list of all rules.

use clap::Args;

use super::{ExitStatus, Terminal};
use crate::front_matter::nearest;
use crate::rules::{Manual, RULES, Rule, find};
use crate::text::{Language, Words, pad_to};
use crate::words;

/// What `explain` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 规则名；不写则列出全部规则
    #[arg(value_name = "规则")]
    rule: Option<String>,
}

pub(super) fn run(options: &Options, terminal: &Terminal) -> ExitStatus {
    let Some(name) = &options.rule else {
        list(terminal);
        return ExitStatus::Clean;
    };
    match find(name) {
        Some(rule) => {
            terminal.text(&page(rule, terminal.language()));
            ExitStatus::Clean
        }
        None => {
            let near = nearest(name, RULES.iter().map(|rule| rule.name));
            let hint = near.map_or_else(
                || Words::new("；gongkai explain 列出全部规则", "; `gongkai explain` lists all"),
                |near| words!("；是不是 {near}？", "; did you mean {near}?"),
            );
            terminal.error(&Words::new(format!("没有名为 {name} 的规则{}", hint.zh), format!("there is no rule {name}{}", hint.en)));
            ExitStatus::CouldNotRun
        }
    }
}

fn list(terminal: &Terminal) {
    let mut group = None;
    for rule in RULES {
        if group != Some(rule.group) {
            group = Some(rule.group);
            let label = rule.group.label();
            let (zh, en) = (label.zh, label.en);
            terminal.line(&words!("\n{zh}", "\n{en}"));
        }
        let manual = Manual::of(rule);
        let (name, level) = (pad_to(rule.name, 24), rule.level.name());
        terminal.line(&Words::new(format!("  {name} {level:<8} {}", manual.summary), format!("  {name} {level:<8} {}", manual.summary_en)));
    }
}

fn page(rule: &Rule, language: Language) -> String {
    let manual = Manual::of(rule);
    let (name, level) = (rule.name, rule.level.name());
    let summaries = match language {
        Language::Chinese => format!("{}\n{}", manual.summary, manual.summary_en),
        Language::English => format!("{}\n{}", manual.summary_en, manual.summary),
    };
    format!("{name}（{level}）\n\n{summaries}\n\n{}\n", manual.body)
}
