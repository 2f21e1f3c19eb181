//! A report year: totals, who published, who was late, who is missing, how the figures spread.
//!
//! Beyond [`MOST_ROWS`] reports the year's page lists the bodies that the reports stand below, and
//! each of those has a page of its own with the rows.

use serde::Serialize;

use super::charts::archive_charts;
use super::coverage::coverage_of;
use super::figures::{columns, value};
use super::home::{cell, year_figures};
use super::spread::{KindSpread, Ranking, distribution, rankings, spreads};
use super::{Column, Coverage, Frame, KeyFigure, Route, Yearbook};
use crate::archive::{AgencyIndex, Archive, ReportIndex};
use crate::chart::{Chart, shown};
use crate::number::Number;
use crate::report::Scope;
use crate::site::Site;

/// The page of a year, or of the reports of a year that stand below one body.
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
    /// The body whose part of the year this is: name and address; none on the page of the whole year.
    pub part: Option<(String, String)>,
    /// Totals over the whole archive; none on the page of a part.
    pub figures: Vec<KeyFigure>,
    /// Charts of the whole archive up to this year.
    pub charts: Vec<Chart>,
    /// How complete it is.
    pub coverage: Coverage,
    /// Columns of the table.
    pub columns: Vec<Column>,
    /// A row a report, by agency in tree order; none where the year is paged.
    pub rows: Vec<YearRow>,
    /// The bodies whose pages hold the rows, where the year is paged.
    pub parts: Vec<YearPart>,
    /// The totals below the columns; area reports are not counted twice.
    pub totals: Vec<Option<String>>,
    /// Reports that lack a figure, which its total is without.
    pub unfilled: usize,
    /// How the first key figure is spread, by kind of agency.
    pub spreads: Vec<KindSpread>,
    /// Rankings of agencies of one kind.
    pub rankings: Vec<Ranking>,
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
    /// What sort of body it is.
    pub kind: String,
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

/// A body with the reports of a year that stand below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearPart {
    /// Its name.
    pub name: String,
    /// The address of its part of the year.
    pub link: String,
    /// How many reports there are.
    pub reports: usize,
    /// Owed reports that are missing.
    pub missing: usize,
    /// Reports that were late.
    pub late: usize,
    /// Sums, by column.
    pub cells: Vec<Option<String>>,
}

/// The most rows of one page.
const MOST_ROWS: usize = 500;

impl YearPage {
    /// The page of a year that has reports.
    pub fn of(site: &Site, book: &Yearbook, year: u16) -> Self {
        let archive = &site.archive;
        let form = site.forms.for_year(year);
        let figures = year_figures(site, book, year);
        let reports = archive.reports_of_year(year);
        let parts = part_bodies(archive, year);
        let mut page = Self::bare(site, year);
        if parts.is_empty() {
            page.rows = rows(site, reports, &page.columns, &form.key);
        } else {
            page.parts = parts.iter().map(|body| part(site, year, *body, &page.columns)).collect();
        }
        page.totals = figures.iter().map(|figure| figure.value.clone()).collect();
        page.charts = archive_charts(site, book, year);
        page.charts.extend(distribution(site, year));
        page.figures = figures;
        if let Some(digest) = book.year(year) {
            page.coverage = digest.coverage.clone();
            page.unfilled = digest.unfilled;
        }
        page.spreads = spreads(site, year);
        page.rankings = rankings(site, year);
        page
    }

    /// The part of a year that stands below a body; `None` if the year is not paged or the body has
    /// no part of it.
    pub fn part(site: &Site, year: u16, body: AgencyIndex) -> Option<Self> {
        let archive = &site.archive;
        if !part_bodies(archive, year).contains(&body) {
            return None;
        }
        let agency = archive.agency(body);
        let form = site.forms.for_year(year);
        let mut page = Self::bare(site, year);
        let reports = reports_of_part(archive, year, body);
        page.rows = rows(site, &reports, &page.columns, &form.key);
        let counted = counted(archive, &reports);
        page.totals = sums(archive, counted, &page.columns).into_iter().map(cell).collect();
        let lacks = |report: &&ReportIndex| page.columns.iter().any(|column| value(archive.report(**report), &column.key).is_none());
        page.unfilled = counted.iter().filter(lacks).count();
        page.coverage = coverage_of(site, year, agencies_of_part(archive, body).into_iter());
        page.part = Some((agency.name().to_owned(), Route::Agency(agency.id.to_string()).path()));
        let route = Route::YearPart { year, agency: agency.id.to_string() };
        let mut frame = Frame::new(format!("{year} {}", agency.name()), "years", &route).below(&["years"]);
        frame.crumbs.push(super::Crumb { label: year.to_string(), name: "", link: Some(Route::Year(year).path()) });
        page.frame = frame.ending(agency.short_name(), "");
        Some(page)
    }

    fn bare(site: &Site, year: u16) -> Self {
        let form = site.forms.for_year(year);
        let language = site.config.language;
        let near = |other: Option<u16>| other.filter(|year| !site.archive.reports_of_year(*year).is_empty());
        Self {
            frame: Frame::new(year.to_string(), "years", &Route::Year(year)).below(&["years"]).ending(year.to_string(), ""),
            year,
            form: form.title.in_language(language).to_owned(),
            basis: form.basis.clone(),
            part: None,
            figures: Vec::new(),
            charts: Vec::new(),
            coverage: Coverage::default(),
            columns: columns(form, language),
            rows: Vec::new(),
            parts: Vec::new(),
            totals: Vec::new(),
            unfilled: 0,
            spreads: Vec::new(),
            rankings: Vec::new(),
            previous: near(year.checked_sub(1)),
            next: near(year.checked_add(1)),
        }
    }
}

/// The bodies that a year is paged by, in tree order; none if the year fits one page, or if paging
/// would leave pages of a row or two.
pub(super) fn part_bodies(archive: &Archive, year: u16) -> Vec<AgencyIndex> {
    let reports = archive.reports_of_year(year);
    if reports.len() <= MOST_ROWS {
        return Vec::new();
    }
    let mut bodies: Vec<AgencyIndex> = reports.iter().map(|report| body_of(archive, archive.agency_of(*report))).collect();
    bodies.sort_unstable();
    bodies.dedup();
    if bodies.len() > reports.len() / 2 { Vec::new() } else { bodies }
}

/// The body whose page lists an agency: the one above it, or itself at the top.
fn body_of(archive: &Archive, agency: AgencyIndex) -> AgencyIndex {
    archive.agency(agency).parent.unwrap_or(agency)
}

fn agencies_of_part(archive: &Archive, body: AgencyIndex) -> Vec<AgencyIndex> {
    let itself = archive.agency(body).parent.is_none().then_some(body);
    itself.into_iter().chain(archive.agency(body).children.iter().copied()).collect()
}

fn reports_of_part(archive: &Archive, year: u16, body: AgencyIndex) -> Vec<ReportIndex> {
    agencies_of_part(archive, body).into_iter().filter_map(|agency| archive.find_report(agency, year)).collect()
}

fn part(site: &Site, year: u16, body: AgencyIndex, columns: &[Column]) -> YearPart {
    let archive = &site.archive;
    let agency = archive.agency(body);
    let reports = reports_of_part(archive, year, body);
    let coverage = coverage_of(site, year, agencies_of_part(archive, body).into_iter());
    YearPart {
        name: agency.name().to_owned(),
        link: Route::YearPart { year, agency: agency.id.to_string() }.path(),
        reports: reports.len(),
        missing: coverage.missing.len(),
        late: coverage.late.len(),
        cells: sums(archive, counted(archive, &reports), columns).into_iter().map(cell).collect(),
    }
}

/// Those of a part's reports that count for its sums: an area report at the top stands for the others.
fn counted<'r>(archive: &Archive, reports: &'r [ReportIndex]) -> &'r [ReportIndex] {
    let is_top = |report: ReportIndex| archive.agency(archive.agency_of(report)).parent.is_none();
    let area = reports.iter().find(|report| archive.report(**report).scope == Scope::Area && is_top(**report));
    area.map_or(reports, std::slice::from_ref)
}

/// Sums over reports.
fn sums(archive: &Archive, counted: &[ReportIndex], columns: &[Column]) -> Vec<Option<Number>> {
    let sum = |column: &Column| {
        let figures = counted.iter().filter_map(|report| value(archive.report(*report), &column.key));
        figures.fold(None, |sum: Option<Number>, figure| Some(sum.unwrap_or_default() + figure))
    };
    columns.iter().map(sum).collect()
}

fn rows(site: &Site, reports: &[ReportIndex], columns: &[Column], form: &str) -> Vec<YearRow> {
    reports.iter().map(|index| row(site, *index, columns, form)).collect()
}

fn row(site: &Site, index: ReportIndex, columns: &[Column], form: &str) -> YearRow {
    let (archive, report) = (&site.archive, site.archive.report(index));
    let agency = archive.agency(archive.agency_of(index));
    let (errors, warnings) = counts(site, index);
    YearRow {
        name: agency.name().to_owned(),
        link: Route::of_report(site, index).path(),
        kind: agency.kind().label().in_language(site.config.language).to_owned(),
        depth: agency.depth,
        area: report.scope == Scope::Area,
        other_form: report.form.key != form,
        cells: columns.iter().map(|column| value(report, &column.key).map(shown)).collect(),
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
