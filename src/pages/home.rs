//! The home page and the list of years.

use serde::Serialize;

use super::figures::{key_figures, shown, total};
use super::{Coverage, Frame, KeyFigure, Route, coverage};
use crate::form::Form;
use crate::site::Site;

/// The home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomePage {
    /// Its frame.
    pub frame: Frame,
    /// How many agencies there are, groups not counted.
    pub agencies: usize,
    /// How many reports there are.
    pub reports: usize,
    /// The first report year.
    pub first_year: Option<u16>,
    /// The latest year, with figures and coverage.
    pub latest: Option<YearSummary>,
    /// Key figures of the latest year.
    pub figures: Vec<KeyFigure>,
    /// All years, latest first.
    pub years: Vec<YearSummary>,
    /// The reports published last, latest first.
    pub recent: Vec<RecentReport>,
}

/// The list of years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearsPage {
    /// Its frame.
    pub frame: Frame,
    /// All years, latest first.
    pub years: Vec<YearSummary>,
}

/// A year in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearSummary {
    /// The report year.
    pub year: u16,
    /// Its address.
    pub link: String,
    /// The edition in force.
    pub form: String,
    /// How complete it is.
    pub coverage: Coverage,
    /// Applications received and handled, over the whole archive.
    pub totals: Vec<KeyFigure>,
}

/// A report in a list of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecentReport {
    /// Its title.
    pub title: String,
    /// Its address.
    pub link: String,
    /// The day of publication.
    pub published: String,
}

const MOST_RECENT: usize = 6;

/// The home page of a site.
pub fn home_page(site: &Site) -> HomePage {
    let archive = &site.archive;
    let years = summaries(site);
    let latest = years.first().cloned();
    let figures = latest.as_ref().map(|latest| year_figures(site, latest.year)).unwrap_or_default();
    HomePage {
        frame: Frame::new("", "home", &Route::Home),
        agencies: archive.agencies().filter(|(_, agency)| !agency.is_group()).count(),
        reports: archive.reports().len(),
        first_year: archive.years().next(),
        latest,
        figures,
        years,
        recent: recent(site),
    }
}

/// The list of years of a site.
pub fn years_page(site: &Site) -> YearsPage {
    let frame = Frame::new("", "years", &Route::Years).below(&["years"]).ending_here();
    YearsPage { frame, years: summaries(site) }
}

fn summaries(site: &Site) -> Vec<YearSummary> {
    site.archive.years().rev().map(|year| summary(site, year)).collect()
}

fn summary(site: &Site, year: u16) -> YearSummary {
    let form = site.forms.for_year(year);
    YearSummary {
        year,
        link: Route::Year(year).path(),
        form: form.title.in_language(site.config.language).to_owned(),
        coverage: coverage(site, year),
        totals: year_figures(site, year).into_iter().take(2).collect(),
    }
}

/// Key figures of a year over the whole archive, against the year before.
pub(super) fn year_figures(site: &Site, year: u16) -> Vec<KeyFigure> {
    let form: &Form = site.forms.for_year(year);
    let before = |indicator: &crate::form::Indicator| {
        let last = year.checked_sub(1)?;
        let last_form = site.forms.for_year(last);
        let there = last_form.indicator(&indicator.key)?;
        let compares = last_form.key == form.key || indicator.series.is_some() && indicator.series == there.series;
        compares.then(|| total(&site.archive, last, last_form, there)).flatten()
    };
    key_figures(form, site.config.language, |indicator| total(&site.archive, year, form, indicator), before)
}

fn recent(site: &Site) -> Vec<RecentReport> {
    let archive = &site.archive;
    let mut dated: Vec<_> = archive.reports().filter_map(|(index, filed)| Some((filed.report.published?, index))).collect();
    dated.sort_by_key(|(published, index)| (std::cmp::Reverse(*published), *index));
    let item = |(published, index): (jiff::civil::Date, crate::archive::ReportIndex)| RecentReport {
        title: archive.title(index),
        link: Route::of_report(site, index).path(),
        published: published.to_string(),
    };
    dated.into_iter().take(MOST_RECENT).map(item).collect()
}

/// A figure for tables of reports; `None` is shown as a dash.
pub(super) fn cell(number: Option<crate::number::Number>) -> Option<String> {
    number.map(shown)
}
