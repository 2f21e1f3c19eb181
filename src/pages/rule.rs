//! A rule: its manual page, its level on this site, how often it found its fault.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Frame, Route};
use crate::rules::{Group, Levels, Manual, RULES, Rule};
use crate::site::Site;
use crate::text::{Language, Words};

/// How many findings count, by the name of their rule.
pub type RuleCounts = FxHashMap<&'static str, usize>;

/// Counts the findings of each rule.
pub fn rule_counts(site: &Site) -> RuleCounts {
    let mut counts = RuleCounts::default();
    for finding in site.findings.all().filter(|finding| finding.counts()) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    counts
}

/// The page of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RulePage {
    /// Its frame.
    pub frame: Frame,
    /// The rule's name.
    pub rule: &'static str,
    /// What it finds, in one sentence.
    pub summary: String,
    /// What it is about.
    pub group: String,
    /// Its level on this site: `error`, `warning`, `info` or `off`.
    pub level: &'static str,
    /// Its usual level.
    pub usual_level: &'static str,
    /// How often it found its fault on this site.
    pub count: usize,
    /// Where these findings are listed.
    pub findings: String,
    /// Its manual page, part by part.
    pub parts: Vec<RulePart>,
    /// The catalogue's rule before it: name and address.
    pub previous: Option<(&'static str, String)>,
    /// The catalogue's rule after it.
    pub next: Option<(&'static str, String)>,
}

/// One part of a manual page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RulePart {
    /// Which: `checks`, `why`, `example`, `mend`, `basis`.
    pub name: &'static str,
    /// The text as HTML, put in by the render floor.
    pub html: String,
    /// The text as it is written, in Markdown.
    #[serde(skip)]
    pub markdown: String,
}

impl RulePage {
    /// The page of a rule, of which so many findings were counted.
    pub fn of(site: &Site, rule: &'static Rule, counts: &RuleCounts) -> Self {
        let manual = Manual::of(rule);
        let at = RULES.iter().position(|other| other.name == rule.name).unwrap_or_default();
        let near = |at: Option<usize>| at.and_then(|at| RULES.get(at)).map(|rule| (rule.name, address(rule)));
        let part = |(name, text): (&'static str, &str)| RulePart { name, html: String::new(), markdown: text.to_owned() };
        Self {
            frame: Frame::new(rule.name, "quality", &route(rule)).below(&["quality"]).ending(rule.name, ""),
            rule: rule.name,
            summary: summary(&manual, site.config.language),
            group: rule.group.label().in_language(site.config.language).to_owned(),
            level: Levels::of(&site.config).0.of_rule(rule.name).name(),
            usual_level: rule.level.name(),
            count: counts.get(rule.name).copied().unwrap_or_default(),
            findings: format!("{}#{}", Route::Quality.path(), rule.name),
            parts: manual.parts().into_iter().map(part).collect(),
            previous: near(at.checked_sub(1)),
            next: near(Some(at + 1)),
        }
    }
}

fn route(rule: &Rule) -> Route {
    Route::Rule(rule.name.to_owned())
}

/// The address of a rule's page.
pub(super) fn address(rule: &Rule) -> String {
    route(rule).path()
}

/// What a rule finds, in one sentence.
pub fn rule_summary(rule: &'static Rule, language: Language) -> String {
    summary(&Manual::of(rule), language)
}

/// What a rule finds, in one sentence of its manual page.
pub(super) fn summary(manual: &Manual, language: Language) -> String {
    Words::new(manual.summary.as_str(), manual.summary_en.as_str()).in_language(language).to_owned()
}

/// The rules of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleGroup {
    /// What they are about.
    pub label: String,
    /// The rules.
    pub rules: Vec<RuleEntry>,
}

/// A rule in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleEntry {
    /// Its name.
    pub rule: &'static str,
    /// The address of its page.
    pub link: String,
    /// What it finds, in one sentence.
    pub summary: String,
    /// Its level on this site.
    pub level: &'static str,
}

/// All rules by group, at the levels that the site gives them.
pub fn catalogue(site: &Site) -> Vec<RuleGroup> {
    let (levels, language) = (Levels::of(&site.config).0, site.config.language);
    let mut groups: Vec<(Group, RuleGroup)> = Vec::new();
    for rule in RULES {
        if groups.last().is_none_or(|(group, _)| *group != rule.group) {
            groups.push((rule.group, RuleGroup { label: rule.group.label().in_language(language).to_owned(), rules: Vec::new() }));
        }
        let (link, level) = (address(rule), levels.of_rule(rule.name).name());
        let entry = RuleEntry { rule: rule.name, link, summary: summary(&Manual::of(rule), language), level };
        groups.last_mut().into_iter().for_each(|(_, group)| group.rules.push(entry.clone()));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
