//! Coverage as a matrix: agencies down, years across, how each report came in.

use serde::Serialize;

use super::Route;
use crate::archive::AgencyIndex;
use crate::site::Site;

/// Agencies by years.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Matrix {
    /// The years, oldest first.
    pub years: Vec<u16>,
    /// A row an agency.
    pub rows: Vec<MatrixRow>,
}

/// An agency over the years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// Its name.
    pub name: String,
    /// Its address.
    pub link: String,
    /// Steps below the top of the matrix.
    pub depth: u16,
    /// A cell a year.
    pub cells: Vec<MatrixCell>,
}

/// How a report of a year came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixCell {
    /// `on_time`, `late`, `undated`, `missing`, `due` (not yet late) or `none` (not owed).
    pub state: &'static str,
    /// The report's address.
    pub link: Option<String>,
}

/// The most agencies that a matrix shows; beyond that it explains nothing.
pub(super) const MOST_ROWS: usize = 120;

impl Matrix {
    /// The matrix of some agencies, groups left out; empty if they are too many.
    pub(super) fn of(site: &Site, agencies: impl Iterator<Item = AgencyIndex>) -> Self {
        let archive = &site.archive;
        let first = site.config.check.first_year.unwrap_or(0);
        let years: Vec<u16> = archive.years().filter(|year| *year >= first).collect();
        let shown: Vec<AgencyIndex> = agencies.filter(|index| !archive.agency(*index).is_group()).take(MOST_ROWS + 1).collect();
        if years.is_empty() || shown.len() > MOST_ROWS {
            return Self::default();
        }
        let top = shown.iter().map(|index| archive.agency(*index).depth).min().unwrap_or(0);
        let row = |index: &AgencyIndex| {
            let agency = archive.agency(*index);
            MatrixRow {
                name: agency.short_name().to_owned(),
                link: Route::Agency(agency.id.to_string()).path(),
                depth: agency.depth - top,
                cells: years.iter().map(|year| cell(site, *index, *year)).collect(),
            }
        };
        let rows: Vec<MatrixRow> = shown.iter().map(row).collect();
        Self { years, rows }
    }
}

fn cell(site: &Site, index: AgencyIndex, year: u16) -> MatrixCell {
    let (archive, agency) = (&site.archive, site.archive.agency(index));
    let deadline = site.config.check.deadline(agency.kind().name(), year);
    match archive.find_report(index, year) {
        Some(report) => {
            let state = match archive.report(report).published {
                None => "undated",
                Some(published) if published > deadline => "late",
                Some(_) => "on_time",
            };
            MatrixCell { state, link: Some(Route::of_report(site, report).path()) }
        }
        None => {
            let state = match agency.owes(year) {
                false => "none",
                true if site.today <= deadline => "due",
                true => "missing",
            };
            MatrixCell { state, link: None }
        }
    }
}
