//! Who owed a report for a year, who published in time, who was late, who has none.

use serde::Serialize;

use super::Route;
use crate::archive::AgencyIndex;
use crate::site::Site;

/// How complete a year is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    /// Agencies that owed a report.
    pub owed: usize,
    /// Owed reports that are there.
    pub published: usize,
    /// All reports of the year, those nobody owed included.
    pub reports: usize,
    /// Published per cent of owed, rounded down, so that 100 means all.
    pub percent: usize,
    /// Reports published after the deadline.
    pub late: Vec<LateReport>,
    /// Agencies that owed a report and have none though the deadline is past.
    pub missing: Vec<MissingReport>,
    /// Agencies without a report whose deadline is still to come.
    pub due: usize,
}

/// A report published after its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LateReport {
    /// The agency's name.
    pub name: String,
    /// The report's address.
    pub link: String,
    /// The day it was published.
    pub published: String,
    /// The last day in time.
    pub deadline: String,
    /// Days after the deadline.
    pub days: i32,
}

/// An agency without its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingReport {
    /// The agency's name.
    pub name: String,
    /// The agency's address.
    pub link: String,
    /// The year of its latest report, if it has any.
    pub latest: Option<u16>,
}

/// The coverage of a year.
pub fn coverage(site: &Site, year: u16) -> Coverage {
    let agencies = site.archive.agencies().map(|(index, _)| index);
    Coverage { reports: site.archive.reports_of_year(year).len(), ..coverage_of(site, year, agencies) }
}

/// The coverage of a year among some agencies; `reports` counts only theirs.
pub(super) fn coverage_of(site: &Site, year: u16, agencies: impl Iterator<Item = AgencyIndex>) -> Coverage {
    let archive = &site.archive;
    let mut coverage = Coverage::default();
    let counted = site.config.check.first_year.is_none_or(|first| first <= year);
    for index in agencies {
        let agency = archive.agency(index);
        let owes = counted && agency.owes(year);
        coverage.owed += usize::from(owes);
        match archive.find_report(index, year) {
            Some(report) => {
                coverage.reports += 1;
                coverage.published += usize::from(owes);
                coverage.late.extend(late(site, report));
            }
            None if owes && site.today <= site.config.check.deadline(agency.kind().name(), year) => coverage.due += 1,
            None if owes => coverage.missing.push(MissingReport {
                name: agency.name().to_owned(),
                link: Route::Agency(agency.id.to_string()).path(),
                latest: agency.reports.last().map(|report| archive.report(*report).year),
            }),
            None => {}
        }
    }
    coverage.percent = (coverage.published * 100).checked_div(coverage.owed).unwrap_or(100);
    coverage
}

fn late(site: &Site, index: crate::archive::ReportIndex) -> Option<LateReport> {
    let (archive, report) = (&site.archive, site.archive.report(index));
    let agency = archive.agency(archive.agency_of(index));
    let published = report.published?;
    let deadline = site.config.check.deadline(agency.kind().name(), report.year);
    let days = deadline.until(published).ok()?.get_days();
    (published > deadline).then(|| LateReport {
        name: agency.name().to_owned(),
        link: Route::of_report(site, index).path(),
        published: published.to_string(),
        deadline: deadline.to_string(),
        days,
    })
}
