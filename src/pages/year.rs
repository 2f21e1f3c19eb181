//! A report year: totals, who published, who was late, who is missing.

use serde::Serialize;

use super::figures::{columns, value};
use super::home::{cell, year_figures};
use super::{Column, Coverage, Frame, KeyFigure, Route, coverage};
use crate::archive::ReportIndex;
use crate::report::Scope;
use crate::site::Site;

/// The page of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearPage {
    /// Its frame.
    pub frame: Frame,
    /// The report year.
    pub year: u16,
    /// The edition in force.
    pub form: String,
    /// The notice it rests on.
    pub basis: String,
    /// Totals over the whole archive.
    pub figures: Vec<KeyFigure>,
    /// How complete it is.
    pub coverage: Coverage,
    /// Columns of the table.
    pub columns: Vec<Column>,
    /// A row a report, by agency in tree order.
    pub rows: Vec<YearRow>,
    /// The totals below the columns; area reports are not counted twice.
    pub totals: Vec<Option<String>>,
    /// The year before, if it has reports.
    pub previous: Option<u16>,
    /// The year after, if it has reports.
    pub next: Option<u16>,
}

/// A report in the table of its year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearRow {
    /// The agency's name.
    pub name: String,
    /// The report's address.
    pub link: String,
    /// Steps below the top.
    pub depth: u16,
    /// Whether it gives figures for a whole area.
    pub area: bool,
    /// Whether it is in another edition than the year's.
    pub other_form: bool,
    /// Key figures, by column; nothing where there is no figure.
    pub cells: Vec<Option<String>>,
    /// The day of publication.
    pub published: Option<String>,
    /// How many findings count, at level error.
    pub errors: usize,
    /// How many findings count, at lower levels.
    pub warnings: usize,
}

impl YearPage {
    /// The page of a year that has reports.
    pub fn of(site: &Site, year: u16) -> Self {
        let archive = &site.archive;
        let form = site.forms.for_year(year);
        let language = site.config.language;
        let figures = year_figures(site, year);
        let columns = columns(form, language);
        let rows = archive.reports_of_year(year).iter().map(|index| row(site, *index, &columns, &form.key)).collect();
        let near = |other: Option<u16>| other.filter(|year| !archive.reports_of_year(*year).is_empty());
        Self {
            frame: Frame::new(year.to_string(), "years", &Route::Year(year)).below(&["years"]).ending(year.to_string(), ""),
            year,
            form: form.title.in_language(language).to_owned(),
            basis: form.basis.clone(),
            totals: figures.iter().map(|figure| figure.value.clone()).collect(),
            figures,
            coverage: coverage(site, year),
            columns,
            rows,
            previous: near(year.checked_sub(1)),
            next: near(year.checked_add(1)),
        }
    }
}

fn row(site: &Site, index: ReportIndex, columns: &[Column], form: &str) -> YearRow {
    let (archive, report) = (&site.archive, site.archive.report(index));
    let agency = archive.agency(archive.agency_of(index));
    let (errors, warnings) = counts(site, index);
    YearRow {
        name: agency.name().to_owned(),
        link: Route::of_report(site, index).path(),
        depth: agency.depth,
        area: report.scope == Scope::Area,
        other_form: report.form.key != form,
        cells: columns.iter().map(|column| cell(value(report, &column.key))).collect(),
        published: report.published.map(|date| date.to_string()),
        errors,
        warnings,
    }
}

/// Findings about a report that count: errors, others.
pub(super) fn counts(site: &Site, index: ReportIndex) -> (usize, usize) {
    let tally = crate::diagnostic::Tally::of(site.findings_of(index));
    (tally.errors, tally.warnings + tally.infos)
}
