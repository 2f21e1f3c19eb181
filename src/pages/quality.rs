//! All findings, by rule and by agency.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rule::{address, catalogue, summary};
use super::{Frame, Route, RuleGroup};
use crate::diagnostic::{Finding, Level};
use crate::rules::{Manual, RULES};
use crate::site::Site;

/// The page of all findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityPage {
    /// Its frame.
    pub frame: Frame,
    /// Reports checked.
    pub reports: usize,
    /// Reports without findings.
    pub clean: usize,
    /// Findings at level error.
    pub errors: usize,
    /// Findings at lower levels.
    pub warnings: usize,
    /// Rules with findings, in the order of the catalogue.
    pub rules: Vec<RuleFindings>,
    /// Agencies with findings, in tree order.
    pub agencies: Vec<AgencyFindings>,
    /// Findings that were waived, with their reasons.
    pub waived: Vec<QualityFinding>,
    /// All rules by group.
    pub catalogue: Vec<RuleGroup>,
}

/// The findings of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleFindings {
    /// The rule's name.
    pub rule: &'static str,
    /// The address of its page.
    pub link: String,
    /// What it finds, in one sentence.
    pub summary: String,
    /// How many findings there are.
    pub count: usize,
    /// The first of them.
    pub findings: Vec<QualityFinding>,
    /// How many more there are.
    pub more: usize,
}

/// One finding in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityFinding {
    /// `error`, `warning` or `info`.
    pub level: &'static str,
    /// The rule's name.
    pub rule: &'static str,
    /// The address of the rule's page.
    pub rule_link: String,
    /// The agency and year, or the file.
    pub place: String,
    /// The address of the page it is about, if it is about one.
    pub link: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The reason for waiving it.
    pub waived: Option<String>,
}

/// How many findings an agency has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyFindings {
    /// The agency's name.
    pub name: String,
    /// Its address.
    pub link: String,
    /// Its reports.
    pub reports: usize,
    /// Findings at level error.
    pub errors: usize,
    /// Findings at lower levels.
    pub warnings: usize,
}

/// A page of thousands of findings helps nobody; `check` and the reports' own pages have them all.
const MOST_OF_A_RULE: usize = 100;

impl QualityPage {
    /// The findings of a site.
    pub fn of(site: &Site) -> Self {
        let tally = site.findings.tally();
        let reports = site.archive.reports().len();
        let troubled = site.archive.reports().filter(|(index, _)| site.findings_of(*index).any(Finding::counts)).count();
        Self {
            frame: Frame::new("", "quality", &Route::Quality).below(&["quality"]).ending_here(),
            reports,
            clean: reports - troubled,
            errors: tally.errors,
            warnings: tally.warnings + tally.infos,
            rules: by_rule(site),
            agencies: by_agency(site),
            waived: site
                .findings
                .all()
                .filter(|finding| finding.waived.is_some())
                .take(MOST_OF_A_RULE)
                .map(|finding| item(site, finding))
                .collect(),
            catalogue: catalogue(site),
        }
    }
}

fn by_rule(site: &Site) -> Vec<RuleFindings> {
    let mut of_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in site.findings.all().filter(|finding| finding.counts()) {
        of_rule.entry(finding.rule).or_default().push(finding);
    }
    let rules = RULES.iter().filter_map(|rule| Some((rule, of_rule.remove(rule.name)?)));
    rules
        .map(|(rule, found)| {
            let manual = Manual::of(rule);
            RuleFindings {
                rule: rule.name,
                link: address(rule),
                summary: summary(&manual, site.config.language),
                count: found.len(),
                more: found.len().saturating_sub(MOST_OF_A_RULE),
                findings: found.into_iter().take(MOST_OF_A_RULE).map(|finding| item(site, finding)).collect(),
            }
        })
        .collect()
}

fn by_agency(site: &Site) -> Vec<AgencyFindings> {
    let mut tallies: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in site.findings.all().filter(|finding| finding.counts()) {
        let Some(agency) = finding.agency.as_deref() else { continue };
        let tally = tallies.entry(agency).or_default();
        if finding.level == Level::Error {
            tally.0 += 1;
        } else {
            tally.1 += 1;
        }
    }
    let row = |(_, agency): (_, &crate::archive::Agency)| {
        let (errors, warnings) = *tallies.get(&*agency.id)?;
        Some(AgencyFindings {
            name: agency.name().to_owned(),
            link: Route::Agency(agency.id.to_string()).path(),
            reports: agency.reports.len(),
            errors,
            warnings,
        })
    };
    site.archive.agencies().filter_map(row).collect()
}

fn item(site: &Site, finding: &Finding) -> QualityFinding {
    let language = site.config.language;
    let agency = finding.agency.as_deref().and_then(|id| site.archive.find_agency(id));
    let name = agency.map(|index| site.archive.agency(index).name().to_owned());
    let report = agency.zip(finding.year).and_then(|(agency, year)| site.archive.find_report(agency, year));
    let link = match (report, &finding.agency) {
        (Some(report), _) => Some(Route::of_report(site, report).path() + "#findings"),
        (None, Some(id)) if agency.is_some() => Some(Route::Agency(id.clone()).path()),
        _ => None,
    };
    let year = finding.year.map(|year| format!(" {year}")).unwrap_or_default();
    QualityFinding {
        level: finding.level.name(),
        rule: finding.rule,
        rule_link: Route::Rule(finding.rule.to_owned()).path(),
        place: name.map_or_else(|| finding.path.clone(), |name| format!("{name}{year}")),
        link,
        message: finding.message.in_language(language).to_owned(),
        hint: finding.hint.as_ref().map(|hint| hint.in_language(language).to_owned()),
        waived: finding.waived.clone(),
    }
}
