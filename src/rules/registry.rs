//! The list of all rules, and the levels that a site gives them.

use super::context::{AgencyContext, ReportContext, Subject};
use super::digits::PublishedText;
use crate::archive::AgencyKind;
use crate::config::{Config, INVALID_CONFIG, RuleLevel};
use crate::diagnostic::{Fault, Finding, Level, Place};
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
    /// From any text that is published: a report's whole file, an agency's, a text beside a report.
    Text(fn(&PublishedText<'_>, &mut Vec<Fault>)),
    /// From an agency's reports and the bodies below it.
    Agency(fn(&AgencyContext<'_>, &mut Vec<(Subject, Fault)>)),
    /// From the texts of all reports: which stands in which.
    Copies,
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
    &super::unusable_alias::RULE,
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
    &super::roll_up_mismatch::RULE,
    &super::missing_report::RULE,
    &super::narrative_mismatch::RULE,
    &super::copied_text::RULE,
    &super::late_publication::RULE,
    &super::impossible_date::RULE,
    &super::missing_review::RULE,
    &super::personal_id_number::RULE,
    &super::mobile_number::RULE,
    &super::bank_card_number::RULE,
];

/// Rules whose findings always stop a build: what they find cannot be published, whatever a site thinks of
/// it, so that their levels cannot be changed.
pub const BLOCKING: [&str; 4] = ["unreadable-file", "duplicate-report", "reserved-name", "unusable-alias"];

/// A rule by its name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// The level of every rule on a site, and in its parts.
#[derive(Debug, Clone)]
pub struct Levels {
    changed: Vec<(&'static str, Level)>,
    overrides: Vec<(String, Vec<(&'static str, Level)>)>,
    /// The rules that are switched on anywhere: every report asks for them.
    on: Vec<&'static Rule>,
}

impl Levels {
    /// Takes the levels of `site.toml`; names of no rule, and deadlines for no kind of agency, are faults.
    pub fn of(config: &Config) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut known = |levels: &[RuleLevel]| -> Vec<(&'static str, Level)> {
            let mut known = Vec::new();
            for (name, level, span) in levels {
                match find(name) {
                    Some(rule) if BLOCKING.contains(&rule.name) => faults.push(fixed_level(name, Place::Span(span.clone()))),
                    Some(rule) => known.push((rule.name, *level)),
                    None => faults.push(unknown_rule(INVALID_CONFIG, name, Place::Span(span.clone()))),
                }
            }
            known
        };
        let changed = known(&config.check.levels);
        let overrides = config.check.overrides.iter().map(|part| (part.path.clone(), known(&part.levels))).collect();
        for rule in &config.check.deadlines {
            let kinds = AgencyKind::ALL.map(AgencyKind::name);
            if let Some(kind) = rule.kind.as_deref().filter(|kind| !kinds.contains(kind)) {
                let all = kinds.join("、");
                let message = words!("没有 {kind} 这类机关；有 {all}", "there is no kind of agency {kind}; there are {all}");
                faults.push(Fault::new(INVALID_CONFIG, Place::Span(rule.span.clone()), message));
            }
        }
        let mut levels = Self { changed, overrides, on: Vec::new() };
        levels.on = RULES.iter().copied().filter(|rule| levels.is_on(rule.name)).collect();
        (levels, faults)
    }

    /// The level of a rule where no part of the archive has its own. Faults of forms and of `site.toml`
    /// are always errors.
    pub fn of_rule(&self, name: &str) -> Level {
        let usual = || find(name).map_or(Level::Error, |rule| rule.level);
        debug_assert!(find(name).is_some() || [INVALID_CONFIG, INVALID_FORM].contains(&name), "{name} is not in RULES");
        last_level(&self.changed, name).unwrap_or_else(usual)
    }

    /// The level of a fault in a file, by its path below the site's root. A fault with a level of its
    /// own has it unless the site says otherwise.
    pub(super) fn of_fault(&self, fault: &Fault, path: &str) -> Level {
        let below = path.strip_prefix("content/").unwrap_or(path);
        let parts = self.overrides.iter().rev().filter(|(pattern, _)| is_within(below, pattern));
        let set = parts.filter_map(|(_, levels)| last_level(levels, fault.rule)).next().or_else(|| last_level(&self.changed, fault.rule));
        set.unwrap_or_else(|| fault.level.unwrap_or_else(|| self.of_rule(fault.rule)))
    }

    /// Gives findings about files and directories as such the levels that the site wants; those that are
    /// switched off are left out.
    pub fn of_files(&self, findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
        let levelled = |mut finding: Finding| {
            let own = Fault { level: Some(finding.level), ..Fault::new(finding.rule, Place::File, Words::default()) };
            finding.level = self.of_fault(&own, &finding.path);
            Some(finding).filter(|finding| finding.level > Level::Off)
        };
        findings.into_iter().filter_map(levelled).collect()
    }

    /// The rules that are switched on anywhere, in the order of [`RULES`].
    pub(super) fn rules_on(&self) -> impl Iterator<Item = &'static Rule> {
        self.on.iter().copied()
    }

    /// Whether a rule is switched on anywhere.
    pub(super) fn is_on(&self, name: &str) -> bool {
        let somewhere = || self.overrides.iter().any(|(_, levels)| last_level(levels, name).is_some_and(|level| level > Level::Off));
        self.of_rule(name) > Level::Off || somewhere()
    }
}

fn last_level(levels: &[(&'static str, Level)], name: &str) -> Option<Level> {
    levels.iter().rev().find(|(rule, _)| *rule == name).map(|(_, level)| *level)
}

/// Whether a path is at a pattern or below it; `*` stands for any part of a name, `**` for any names.
fn is_within(path: &str, pattern: &str) -> bool {
    let (names, patterns): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), pattern.split('/').collect());
    within(&names, &patterns)
}

fn within(names: &[&str], patterns: &[&str]) -> bool {
    match patterns.split_first() {
        None => true,
        Some((&"**", rest)) => (0..=names.len()).any(|skip| within(&names[skip..], rest)),
        Some((pattern, rest)) => names.split_first().is_some_and(|(name, names)| is_named(name, pattern) && within(names, rest)),
    }
}

/// Whether a name is one of a pattern's: `20*.md`. A report's name also matches without its ending.
fn is_named(name: &str, pattern: &str) -> bool {
    let fits = |name: &str| {
        let mut parts = pattern.split('*');
        let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    };
    fits(name) || name.strip_suffix(".md").is_some_and(fits)
}

fn fixed_level(name: &str, place: Place) -> Fault {
    let message = words!(
        "规则 {name} 的级别不能改：它查出的问题总使构建失败",
        "the level of {name} cannot be changed: what it finds always stops a build"
    );
    Fault::new(INVALID_CONFIG, place, message)
}

/// The fault for the name of no rule.
pub(super) fn unknown_rule(rule: &'static str, name: &str, place: Place) -> Fault {
    let fault = Fault::new(rule, place, words!("没有名为 {name} 的规则", "there is no rule {name}"));
    match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => fault.with_hint(words!("是不是 {near}？", "did you mean {near}?")),
        None => fault.with_hint(words!("gongkai explain 列出全部规则", "`gongkai explain` lists all rules")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_hold_for_what_lies_below_them() {
        for pattern in ["shili", "shili/baihe", "shili/*/2016", "shili/*/2016.md", "**/2016", "shili/**", "shili/b*e/20*6.md", "**"] {
            assert!(is_within("shili/baihe/2016.md", pattern), "{pattern}");
        }
        for pattern in ["shil", "baihe", "shili/*/2017", "**/2017", "shili/b*x", "shili/baihe/2016.md/x"] {
            assert!(!is_within("shili/baihe/2016.md", pattern), "{pattern}");
        }
        assert!(is_within("shili/baihe/2016/index.md", "shili/*/2016"));
    }

    /// A part's own level comes before the site's; the later part comes before the earlier.
    #[test]
    fn levels_of_parts_come_first() {
        let text = "[check]\nlevels = { sharp-change = \"error\" }\n[[check.override]]\npath = \"a\"\nlevels = { sharp-change = \"off\" }\n[[check.override]]\npath = \"a/b\"\nlevels = { sharp-change = \"info\" }\n";
        let (levels, faults) = Levels::of(&Config::read(text).0);
        assert!(faults.is_empty());
        let fault = Fault::new("sharp-change", Place::File, Words::default());
        let at = |path: &str| levels.of_fault(&fault, path);
        assert_eq!([at("content/c/2020.md"), at("content/a/2020.md"), at("content/a/b/2020.md")], [Level::Error, Level::Off, Level::Info]);
    }

    #[test]
    fn names_of_nothing_are_said() {
        let text = "[check]\nlevels = { sharp-chnge = \"error\" }\ndeadlines = { city = \"01-31\" }\n[[check.override]]\npath = \"a\"\nlevels = { x = \"off\" }\n";
        assert_eq!(Levels::of(&Config::read(text).0).1.len(), 3);
    }
}
