//! The home page and the list of years.

use std::collections::BTreeMap;

use serde::Serialize;

use super::charts::archive_charts;
use super::figures::key_figures;
use super::matrix::Matrix;
use super::{Coverage, Frame, KeyFigure, Route, Yearbook};
use crate::chart::{Chart, share, shown};
use crate::form::{Composition, Indicator};
use crate::number::Number;
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
    /// The latest year in a few sentences, made of its figures.
    pub sentences: Vec<Sentence>,
    /// Key figures of the latest year.
    pub figures: Vec<KeyFigure>,
    /// Charts of the whole archive.
    pub charts: Vec<Chart>,
    /// Coverage of agencies by year; empty if there are too many agencies for one page.
    pub matrix: Matrix,
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

/// A sentence of the theme with the values to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// The theme's string below `sentence`: `complete`, `coverage`, `up`, `down`, `same`, `value`, `parts`, `unfilled`.
    pub name: &'static str,
    /// What stands for `{label}`, `{value}` and so on.
    pub values: BTreeMap<&'static str, String>,
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
    /// Its first key figures, over the whole archive.
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
pub fn home_page(site: &Site, book: &Yearbook) -> HomePage {
    let archive = &site.archive;
    let years = summaries(site, book);
    let latest = years.first().cloned();
    let of_latest = latest.as_ref().map(|latest| latest.year);
    HomePage {
        frame: Frame::new("", "home", &Route::Home),
        agencies: archive.agencies().filter(|(_, agency)| !agency.is_group()).count(),
        reports: archive.reports().len(),
        first_year: archive.years().next(),
        sentences: latest.as_ref().map(|latest| sentences(site, book, latest)).unwrap_or_default(),
        figures: of_latest.map(|year| year_figures(site, book, year)).unwrap_or_default(),
        charts: of_latest.map(|year| archive_charts(site, book, year)).unwrap_or_default(),
        matrix: Matrix::of(site, archive.agencies().map(|(index, _)| index)),
        latest,
        years,
        recent: recent(site),
    }
}

/// The list of years of a site.
pub fn years_page(site: &Site, book: &Yearbook) -> YearsPage {
    let frame = Frame::new("", "years", &Route::Years).below(&["years"]).ending_here();
    YearsPage { frame, years: summaries(site, book) }
}

fn summaries(site: &Site, book: &Yearbook) -> Vec<YearSummary> {
    let summary = |(year, digest): (u16, &super::YearDigest)| YearSummary {
        year,
        link: Route::Year(year).path(),
        form: site.forms.for_year(year).title.in_language(site.config.language).to_owned(),
        coverage: digest.coverage.clone(),
        totals: year_figures(site, book, year).into_iter().take(2).collect(),
    };
    book.years().rev().map(summary).collect()
}

/// Key figures of a year over the whole archive, against the year before.
pub(super) fn year_figures(site: &Site, book: &Yearbook, year: u16) -> Vec<KeyFigure> {
    let form = site.forms.for_year(year);
    let at = |form: &crate::form::Form, key: &str| form.indicators.iter().position(|indicator| indicator.key == key);
    let now = |indicator: &Indicator| book.year(year)?.indicators.get(at(form, &indicator.key)?).copied().flatten();
    let before = |indicator: &Indicator| {
        let last = year.checked_sub(1)?;
        let last_form = site.forms.for_year(last);
        let place = at(last_form, &indicator.key)?;
        let compares = last_form.key == form.key || indicator.series.is_some() && indicator.series == last_form.indicators[place].series;
        book.year(last).filter(|_| compares)?.indicators.get(place).copied().flatten()
    };
    key_figures(form, site.config.language, now, before)
}

/// Who reported, the first key figure, the largest part of each whole that the form declares, and what all these are
/// without.
fn sentences(site: &Site, book: &Yearbook, latest: &YearSummary) -> Vec<Sentence> {
    let coverage = &latest.coverage;
    let mut sentences = vec![Sentence {
        name: if coverage.late.is_empty() && coverage.missing.is_empty() { "complete" } else { "coverage" },
        values: [
            ("year", latest.year.to_string()),
            ("owed", coverage.owed.to_string()),
            ("published", coverage.published.to_string()),
            ("missing", coverage.missing.len().to_string()),
            ("late", coverage.late.len().to_string()),
        ]
        .into(),
    }];
    sentences.extend(latest.totals.first().and_then(headline));
    let form = site.forms.for_year(latest.year);
    let Some(digest) = book.year(latest.year) else { return sentences };
    let parts = form.compositions.iter().zip(&digest.compositions);
    sentences.extend(parts.filter_map(|(composition, sums)| largest_part(site, composition, sums)));
    if digest.unfilled > 0 {
        sentences.push(Sentence { name: "unfilled", values: [("count", digest.unfilled.to_string())].into() });
    }
    sentences
}

fn headline(figure: &KeyFigure) -> Option<Sentence> {
    let name = if figure.direction.is_empty() { "value" } else { figure.direction };
    let mut values: BTreeMap<&'static str, String> =
        [("label", figure.label.clone()), ("value", figure.value.clone()?), ("unit", figure.unit.clone())].into();
    values.extend(figure.change.clone().map(|change| ("change", change)));
    values.extend(figure.last.clone().map(|last| ("last", last)));
    values.extend(figure.rate.clone().map(|rate| ("rate", rate)));
    Some(Sentence { name, values })
}

fn largest_part(site: &Site, composition: &Composition, sums: &[Option<Number>]) -> Option<Sentence> {
    let whole: Number = sums.iter().copied().collect::<Option<Vec<_>>>()?.into_iter().sum();
    let (part, value) =
        composition.parts.iter().zip(sums).filter_map(|(part, sum)| Some((part, (*sum)?))).reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    let language = site.config.language;
    Some(Sentence {
        name: "parts",
        values: [
            ("whole", composition.label.in_language(language).to_owned()),
            ("total", shown(whole)),
            ("part", part.label.in_language(language).to_owned()),
            ("value", shown(value)),
            ("unit", composition.unit.in_language(language).to_owned()),
            ("share", share(value, whole)?.to_string()),
        ]
        .into(),
    })
}

fn recent(site: &Site) -> Vec<RecentReport> {
    let item = |index| {
        let published = site.archive.report(index).published?;
        Some(RecentReport {
            title: site.archive.title(index),
            link: Route::of_report(site, index).path(),
            published: published.to_string(),
        })
    };
    latest_reports(site, MOST_RECENT).into_iter().filter_map(item).collect()
}

/// The reports published last, latest first.
pub(super) fn latest_reports(site: &Site, most: usize) -> Vec<crate::archive::ReportIndex> {
    let mut dated: Vec<_> =
        site.archive.reports().filter_map(|(index, filed)| Some((std::cmp::Reverse(filed.report.published?), index))).collect();
    let most = most.min(dated.len());
    if most > 0 {
        dated.select_nth_unstable(most - 1);
    }
    dated.truncate(most);
    dated.sort_unstable();
    dated.into_iter().map(|(_, index)| index).collect()
}

/// A figure for tables of reports; `None` is shown as a dash.
pub(super) fn cell(number: Option<Number>) -> Option<String> {
    number.map(shown)
}
