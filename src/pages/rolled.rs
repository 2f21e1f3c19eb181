//! A government's own area report beside the sum of the reports of its bodies.

use serde::Serialize;

use super::yearbook::indicator_in;
use crate::archive::{Agency, AgencyIndex};
use crate::chart::shown;
use crate::number::Number;
use crate::report::Scope;
use crate::site::Site;

/// The bodies of an agency added up, for one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolledUp {
    /// The year.
    pub year: u16,
    /// How many reports are added up.
    pub reports: usize,
    /// How many bodies owe a report that is not there: while there are any, sums are lower bounds.
    pub missing: usize,
    /// How many of the reports are in another edition.
    pub other_edition: usize,
    /// Whether the agency has an area report for the year.
    pub area: bool,
    /// A row an indicator.
    pub rows: Vec<RolledRow>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolledRow {
    /// Its label.
    pub label: String,
    /// Its unit.
    pub unit: String,
    /// The figure of the area report.
    pub area: Option<String>,
    /// The sum over the bodies.
    pub bodies: Option<String>,
    /// The area report's figure less the sum.
    pub difference: Option<String>,
}

/// The roll-up of the latest year in which a body below reported; none for an agency without bodies.
pub(super) fn rolled_up(site: &Site, index: AgencyIndex, agency: &Agency) -> Option<RolledUp> {
    let archive = &site.archive;
    if agency.children.is_empty() {
        return None;
    }
    let below = archive.descendants(index).filter_map(|below| archive.agency(below).reports.last());
    let latest_below = below.map(|report| archive.report(*report).year).max()?;
    let area_year = agency
        .reports
        .iter()
        .rev()
        .map(|report| archive.report(*report))
        .find(|report| report.scope == Scope::Area && report.year <= latest_below);
    let year = area_year.map_or(latest_below, |report| report.year);
    let form = site.forms.for_year(year);
    let bodies = archive.roll_up(index, year, form);
    let area = archive.find_report(index, year).map(|report| archive.report(report)).filter(|report| report.scope == Scope::Area);
    let rows = form.indicators.iter().map(|indicator| {
        let own = area.and_then(|report| indicator_in(report, form, indicator));
        let figures = bodies.reports.iter().map(|report| indicator_in(archive.report(*report), form, indicator));
        let sum: Option<Number> = figures.sum();
        RolledRow {
            label: indicator.label.in_language(site.config.language).to_owned(),
            unit: indicator.unit.in_language(site.config.language).to_owned(),
            area: own.map(shown),
            bodies: sum.filter(|_| !bodies.reports.is_empty()).map(shown),
            difference: own.zip(sum).map(|(own, sum)| shown(own - sum)),
        }
    });
    Some(RolledUp {
        year,
        reports: bodies.reports.len(),
        missing: bodies.missing.len(),
        other_edition: bodies.other_edition.len(),
        area: area.is_some(),
        rows: rows.collect(),
    })
}
