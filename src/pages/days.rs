//! When what a page shows was last changed, by the days that reports carry: publication and revisions.
//!
//! The clock is never asked: the same archive has the same days wherever and whenever it is built.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::Route;
use crate::archive::{AgencyIndex, ReportIndex};
use crate::report::Report;
use crate::site::Site;

/// The day of a report's publication or of its last revision, whichever is later.
pub fn last_change(report: &Report) -> Option<Date> {
    let revisions = report.details().revisions.iter().filter_map(|revision| revision.date);
    revisions.chain(report.published).max()
}

/// The reports of an agency and of the bodies below it; those of the whole archive without one.
fn reports_below(site: &Site, agency: Option<AgencyIndex>) -> Box<dyn Iterator<Item = ReportIndex> + '_> {
    let archive = &site.archive;
    match agency {
        None => Box::new(archive.reports().map(|(index, _)| index)),
        Some(agency) => {
            let all = std::iter::once(agency).chain(archive.descendants(agency));
            Box::new(all.flat_map(|agency| archive.agency(agency).reports.iter().copied()))
        }
    }
}

/// Whether there is news of an agency or of the bodies below it: a report with a day.
pub fn has_news(site: &Site, agency: Option<AgencyIndex>) -> bool {
    reports_below(site, agency).any(|index| site.archive.report(index).published.is_some())
}

/// The published reports of an agency and of the bodies below it that were changed last, with the day, latest
/// first; those of the whole archive without an agency.
pub fn newest(site: &Site, agency: Option<AgencyIndex>, most: usize) -> Vec<(Date, ReportIndex)> {
    let dated = |index| {
        let report = site.archive.report(index);
        report.published.and_then(|_| last_change(report)).map(|day| (Reverse(day), index))
    };
    let mut dated: Vec<_> = reports_below(site, agency).filter_map(dated).collect();
    if most < dated.len() {
        dated.select_nth_unstable(most);
        dated.truncate(most);
    }
    dated.sort_unstable();
    dated.into_iter().map(|(Reverse(day), index)| (day, index)).collect()
}

/// The day on which what a page shows was last changed; `None` if no report on it has a day.
pub fn last_change_of(site: &Site, route: &Route) -> Option<Date> {
    let archive = &site.archive;
    let latest = |reports: &mut dyn Iterator<Item = ReportIndex>| reports.filter_map(|index| last_change(archive.report(index))).max();
    match route {
        Route::Year(year) => latest(&mut archive.reports_of_year(*year).iter().copied()),
        Route::YearPart { year, agency } => {
            latest(&mut reports_below(site, Some(archive.find_agency(agency)?)).filter(|index| archive.report(*index).year == *year))
        }
        Route::Agency(id) => latest(&mut reports_below(site, Some(archive.find_agency(id)?))),
        Route::Report { agency, year } => last_change(archive.report(archive.find_report(archive.find_agency(agency)?, *year)?)),
        _ => latest(&mut reports_below(site, None)),
    }
}
