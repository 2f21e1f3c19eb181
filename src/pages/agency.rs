//! An agency: what it is, its reports side by side, the bodies below it.

use serde::Serialize;

use super::charts::agency_charts;
use super::figures::{columns, value};
use super::home::cell;
use super::matrix::Matrix;
use super::rolled::{RolledUp, rolled_up};
use super::side_by_side::{SideBySide, side_by_side};
use super::year::counts;
use super::{Column, Frame, Route};
use crate::archive::{Agency, AgencyIndex, Card};
use crate::chart::Chart;
use crate::report::{Report, Scope};
use crate::rules::Exposed;
use crate::site::Site;

/// The page of an agency or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyPage {
    /// Its frame.
    pub frame: Frame,
    /// The full name.
    pub name: String,
    /// Whether it is only a directory that groups others.
    pub is_group: bool,
    /// What sort of body it is.
    pub kind: String,
    /// The agency above: name and address.
    pub parent: Option<(String, String)>,
    /// The first day it existed.
    pub since: Option<String>,
    /// The last day it existed.
    pub until: Option<String>,
    /// The agency that took over: name and address.
    pub successor: Option<(String, String)>,
    /// Agencies that it took over from: name and address.
    pub predecessors: Vec<(String, String)>,
    /// Former and other names.
    pub aliases: Vec<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Whether it ever reports by itself.
    pub owes_report: bool,
    /// Its reports, latest first, in stretches of years whose figures compare.
    pub stretches: Vec<Stretch>,
    /// How many reports it has.
    pub reports: usize,
    /// Charts of its figures over the years.
    pub charts: Vec<Chart>,
    /// All years side by side, one table an edition that has rows of its own.
    pub years: Vec<SideBySide>,
    /// Its area report beside the sum of its bodies.
    pub rolled_up: Option<RolledUp>,
    /// Coverage of the bodies below it by year; empty if they are too many for one page.
    pub matrix: Matrix,
    /// The bodies directly below it.
    pub children: Vec<ChildCard>,
}

/// Years whose figures compare with each other, under one set of columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Columns of key figures.
    pub columns: Vec<Column>,
    /// A row a report, latest first.
    pub rows: Vec<AgencyRow>,
}

/// A report in the table of its agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyRow {
    /// The report year.
    pub year: u16,
    /// The report's address.
    pub link: String,
    /// The edition it is in.
    pub form: String,
    /// Whether it gives figures for a whole area.
    pub area: bool,
    /// Key figures, by column.
    pub cells: Vec<Option<String>>,
    /// The day of publication.
    pub published: Option<String>,
    /// Findings at level error.
    pub errors: usize,
    /// Findings at lower levels.
    pub warnings: usize,
}

/// A body below an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildCard {
    /// Its name.
    pub name: String,
    /// Its address.
    pub link: String,
    /// What sort of body it is; nothing for a group.
    pub kind: Option<String>,
    /// How many reports it has.
    pub reports: usize,
    /// The year in which it was abolished, if it was.
    pub abolished: Option<i16>,
}

impl AgencyPage {
    /// The page of an agency.
    pub fn of(site: &Site, index: AgencyIndex) -> Self {
        let (archive, language) = (&site.archive, site.config.language);
        let agency = archive.agency(index);
        let route = Route::Agency(agency.id.to_string());
        let card = agency.card.as_deref();
        let exposed = Exposed::of(site.findings.of_file(&format!("content/{}/agency.toml", agency.id)));
        let day = |pick: fn(&Card) -> Option<jiff::civil::Date>| card.and_then(pick).map(|date| date.to_string());
        let named = |index: AgencyIndex| link_to(archive.agency(index));
        let successor = card.and_then(|card| archive.find_agency(card.succeeded_by.as_deref()?));
        Self {
            frame: Frame::new(agency.name(), "agencies", &route).below(&["agencies"]).below_agency(site, index).ending_here(),
            name: agency.name().to_owned(),
            is_group: agency.is_group(),
            kind: agency.kind().label().in_language(language).to_owned(),
            parent: agency.parent.map(named),
            since: day(|card| card.since),
            until: day(|card| card.until),
            successor: successor.map(named),
            predecessors: archive.predecessors(index).iter().map(|before| link_to(archive.agency(*before))).collect(),
            aliases: card.map(|card| card.aliases.clone()).unwrap_or_default(),
            contact: card.and_then(|card| card.contact.as_ref()).map(|contact| exposed.hide(contact).into_owned()),
            owes_report: card.is_some_and(|card| card.owes_report),
            stretches: stretches(site, agency),
            reports: agency.reports.len(),
            charts: agency_charts(site, agency),
            years: side_by_side(site, agency),
            rolled_up: rolled_up(site, index, agency),
            matrix: if agency.children.is_empty() { Matrix::default() } else { Matrix::of(site, archive.descendants(index)) },
            children: agency.children.iter().map(|child| child_card(site, *child)).collect(),
        }
    }
}

fn link_to(agency: &Agency) -> (String, String) {
    (agency.name().to_owned(), Route::Agency(agency.id.to_string()).path())
}

fn stretches(site: &Site, agency: &Agency) -> Vec<Stretch> {
    let archive = &site.archive;
    let mut stretches: Vec<(String, Stretch)> = Vec::new();
    for index in agency.reports.iter().rev() {
        let report = archive.report(*index);
        let mark = mark(report);
        if stretches.last().is_none_or(|(last, _)| *last != mark) {
            let columns = columns(&report.form, site.config.language);
            stretches.push((mark, Stretch { columns, rows: Vec::new() }));
        }
        let Some((_, stretch)) = stretches.last_mut() else { continue };
        let (errors, warnings) = counts(site, *index);
        stretch.rows.push(AgencyRow {
            year: report.year,
            link: Route::of_report(site, *index).path(),
            form: report.form.title.in_language(site.config.language).to_owned(),
            area: report.scope == Scope::Area,
            cells: stretch.columns.iter().map(|column| cell(value(report, &column.key))).collect(),
            published: report.published.map(|date| date.to_string()),
            errors,
            warnings,
        });
    }
    stretches.into_iter().map(|(_, stretch)| stretch).collect()
}

/// What a report's key figures compare with: the series of its indicators, else its edition.
fn mark(report: &Report) -> String {
    let series = report.form.indicators.iter().map(|indicator| indicator.series.as_deref());
    let joined: Option<Vec<&str>> = series.collect();
    joined.filter(|series| !series.is_empty()).map_or_else(|| report.form.key.clone(), |series| series.join("+"))
}

fn child_card(site: &Site, index: AgencyIndex) -> ChildCard {
    let agency = site.archive.agency(index);
    ChildCard {
        name: agency.name().to_owned(),
        link: Route::Agency(agency.id.to_string()).path(),
        kind: (!agency.is_group()).then(|| agency.kind().label().in_language(site.config.language).to_owned()),
        reports: agency.reports.len(),
        abolished: agency.card.as_ref().and_then(|card| card.until).map(jiff::civil::Date::year),
    }
}
