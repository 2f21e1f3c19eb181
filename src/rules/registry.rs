//! The list of all rules, and the levels that a site gives them.

use super::context::{AgencyContext, ReportContext};
use crate::archive::ReportIndex;
use crate::config::{Config, INVALID_CONFIG};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::INVALID_FORM;
use crate::front_matter::nearest;
use crate::text::Words;
use crate::words;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// The name of the fault it finds: `row-total-mismatch`.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its usual level.
    pub level: Level,
    /// The source file it is written in; its opening comment is the manual page.
    pub source: &'static str,
    /// How it finds the fault.
    pub check: Check,
}

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Files and their front matter.
    File,
    /// The official form.
    Form,
    /// Printed relations.
    Sums,
    /// Last year's report.
    Years,
    /// Agencies and the bodies around them.
    Bodies,
    /// The prose.
    Prose,
    /// Days of publication.
    Dates,
    /// Personal data.
    Privacy,
}

impl Group {
    /// The group for people.
    pub fn label(self) -> Words {
        match self {
            Self::File => Words::new("文件", "Files"),
            Self::Form => Words::new("格式", "Form"),
            Self::Sums => Words::new("勾稽关系", "Sums"),
            Self::Years => Words::new("年度衔接", "Between years"),
            Self::Bodies => Words::new("机关", "Agencies"),
            Self::Prose => Words::new("文字", "Prose"),
            Self::Dates => Words::new("日期", "Dates"),
            Self::Privacy => Words::new("个人信息", "Privacy"),
        }
    }
}

/// How a rule finds its fault.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The readers and the loader report it.
    Reading,
    /// From one report, with its text at hand.
    Report(fn(&ReportContext<'_>, &mut Vec<Fault>)),
    /// From an agency's reports and the bodies around it.
    Agency(fn(&AgencyContext<'_>, &mut Vec<(ReportIndex, Fault)>)),
}

/// All rules, by group.
pub static RULES: &[&Rule] = &[
    &super::invalid_front_matter::RULE,
    &super::unknown_key::RULE,
    &super::duplicate_report::RULE,
    &super::missing_attachment::RULE,
    &super::broken_link::RULE,
    &super::unused_waiver::RULE,
    &super::invalid_agency::RULE,
    &super::missing_agency::RULE,
    &super::reserved_name::RULE,
    &super::stray_file::RULE,
    &super::unreadable_file::RULE,
    &super::not_utf8::RULE,
    &super::wrong_edition::RULE,
    &super::missing_row::RULE,
    &super::blank_cell::RULE,
    &super::negative_count::RULE,
    &super::fractional_count::RULE,
    &super::text_in_cell::RULE,
    &super::missing_section::RULE,
    &super::empty_section::RULE,
    &super::misnumbered_section::RULE,
    &super::leftover_placeholder::RULE,
    &super::title_mismatch::RULE,
    &super::period_mismatch::RULE,
    &super::unexpected_regulations::RULE,
    &super::row_total_mismatch::RULE,
    &super::column_total_mismatch::RULE,
    &super::balance_mismatch::RULE,
    &super::dispute_total_mismatch::RULE,
    &super::inconsistent_cells::RULE,
    &super::breakdown_mismatch::RULE,
    &super::carry_over_mismatch::RULE,
    &super::stock_mismatch::RULE,
    &super::item_count_mismatch::RULE,
    &super::sharp_change::RULE,
    &super::narrative_mismatch::RULE,
];

/// A rule by its name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// The level of every rule on a site.
#[derive(Debug, Clone)]
pub struct Levels {
    changed: Vec<(&'static str, Level)>,
}

impl Levels {
    /// Takes the levels of `site.toml`; names of no rule are faults.
    pub fn of(config: &Config) -> (Self, Vec<Fault>) {
        let mut changed = Vec::new();
        let mut faults = Vec::new();
        for (name, level, span) in &config.check.levels {
            match find(name) {
                Some(rule) => changed.push((rule.name, *level)),
                None => faults.push(unknown_rule(INVALID_CONFIG, name, Place::Span(span.clone()))),
            }
        }
        (Self { changed }, faults)
    }

    /// The level of a rule. Faults of forms and of `site.toml` are always errors.
    pub fn of_rule(&self, name: &str) -> Level {
        let changed = self.changed.iter().rev().find(|(rule, _)| *rule == name).map(|(_, level)| *level);
        let usual = || find(name).map_or(Level::Error, |rule| rule.level);
        debug_assert!(find(name).is_some() || [INVALID_CONFIG, INVALID_FORM].contains(&name), "{name} is not in RULES");
        changed.unwrap_or_else(usual)
    }
}

/// The fault for the name of no rule.
pub(super) fn unknown_rule(rule: &'static str, name: &str, place: Place) -> Fault {
    let fault = Fault::new(rule, place, words!("没有名为 {name} 的规则", "there is no rule {name}"));
    match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => fault.with_hint(words!("是不是 {near}？", "did you mean {near}?")),
        None => fault.with_hint(words!("gongkai explain 列出全部规则", "`gongkai explain` lists all rules")),
    }
}
