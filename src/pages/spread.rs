//! How a year's figures are spread over the agencies: quartiles, a distribution, rankings.
//!
//! Only reports of an agency's own are looked at, and only agencies of one kind are set beside each
//! other: a county's land office and a township do different work. Quartiles are figures that some
//! agency really reported (nearest rank); nothing is interpolated.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Route;
use super::yearbook::indicator_in;
use crate::archive::{AgencyKind, ReportIndex};
use crate::chart::{Caption, Chart, Point, columns, share, shown};
use crate::form::{Form, Indicator};
use crate::number::Number;
use crate::report::Scope;
use crate::site::Site;
use crate::text::Language;

/// The spread of a figure among agencies of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindSpread {
    /// The kind.
    pub kind: String,
    /// How many agencies.
    pub agencies: usize,
    /// The least figure.
    pub least: String,
    /// A quarter of the agencies have at most this.
    pub first_quartile: String,
    /// Half of the agencies have at most this.
    pub median: String,
    /// Three quarters of the agencies have at most this.
    pub third_quartile: String,
    /// The greatest figure.
    pub most: String,
}

/// A ranking of agencies of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ranking {
    /// The kind.
    pub kind: String,
    /// What is ranked.
    pub label: String,
    /// What it is a share of; none if figures are ranked and not shares.
    pub of: Option<String>,
    /// How many agencies are ranked.
    pub agencies: usize,
    /// How many are left out for having too few cases.
    pub left_out: usize,
    /// The first of them.
    pub rows: Vec<Ranked>,
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ranked {
    /// The place, from 1; equal figures have equal places.
    pub place: usize,
    /// The agency's name.
    pub name: String,
    /// The report's address.
    pub link: String,
    /// The figure, or the share in per cent.
    pub value: String,
    /// For a share, the figures that it is made of.
    pub from: Option<String>,
}

/// Fewer agencies of a kind than this are not ranked and have no quartiles.
const FEWEST_AGENCIES: usize = 4;
/// A share of fewer cases than this says more about chance than about the agency.
const FEWEST_CASES: i64 = 10;
/// A ranking shows the first of its agencies.
const MOST_RANKED: usize = 5;

/// Own reports of a year, by kind.
fn by_kind(site: &Site, year: u16) -> BTreeMap<AgencyKind, Vec<ReportIndex>> {
    let archive = &site.archive;
    let mut kinds: BTreeMap<AgencyKind, Vec<ReportIndex>> = BTreeMap::new();
    for index in archive.reports_of_year(year) {
        if archive.report(*index).scope == Scope::Own {
            kinds.entry(archive.agency(archive.agency_of(*index)).kind()).or_default().push(*index);
        }
    }
    kinds
}

/// The spread of the first key figure, by kind.
pub(super) fn spreads(site: &Site, year: u16) -> Vec<KindSpread> {
    let form = site.forms.for_year(year);
    let Some(first) = form.indicators.first() else { return Vec::new() };
    let spread = |(kind, reports): (AgencyKind, Vec<ReportIndex>)| {
        let mut figures: Vec<Number> = reports.iter().filter_map(|index| indicator_in(site.archive.report(*index), form, first)).collect();
        figures.sort_unstable();
        let rank =
            |quarters: usize| figures.get((figures.len() * quarters).div_ceil(4).saturating_sub(1)).copied().map(shown).unwrap_or_default();
        (figures.len() >= FEWEST_AGENCIES).then(|| KindSpread {
            kind: kind.label().in_language(site.config.language).to_owned(),
            agencies: figures.len(),
            least: rank(0),
            first_quartile: rank(1),
            median: rank(2),
            third_quartile: rank(3),
            most: rank(4),
        })
    };
    by_kind(site, year).into_iter().filter_map(spread).collect()
}

/// How many agencies reported how much: bounds of the classes, each but the last including its end.
const CLASSES: [(i64, &str); 8] =
    [(0, "0"), (5, "1–5"), (10, "6–10"), (20, "11–20"), (50, "21–50"), (100, "51–100"), (500, "101–500"), (i64::MAX, "501+")];

/// A chart of how many agencies reported how much of the first key figure.
pub(super) fn distribution(site: &Site, year: u16) -> Option<Chart> {
    let form = site.forms.for_year(year);
    let first = form.indicators.first()?;
    let mut counts = [0i64; CLASSES.len()];
    for index in by_kind(site, year).into_values().flatten() {
        let Some(figure) = indicator_in(site.archive.report(index), form, first) else { continue };
        let class = CLASSES.iter().position(|(end, _)| figure <= Number::from(*end)).unwrap_or(CLASSES.len() - 1);
        counts[class] += 1;
    }
    let filled = counts.iter().rposition(|count| *count > 0)?;
    let point =
        |(count, (_, label)): (&i64, &(i64, &str))| Point { label: (*label).to_owned(), value: Some((*count).into()), mark: String::new() };
    let points: Vec<Point> = counts.iter().zip(&CLASSES).take(filled + 1).map(point).collect();
    let label = first.label.in_language(site.config.language);
    let chinese = site.config.language == Language::Chinese;
    let title = if chinese { format!("按{label}多少，机关各有几个") } else { format!("Agencies by {}", label.to_lowercase()) };
    let caption = Caption { id: "chart-spread", title: &title, unit: if chinese { "个" } else { "" }, head: label, latest: false };
    (points.len() > 1).then(|| columns(caption, &points))
}

/// Rankings by the first key figure and by each key figure that is a share of another.
pub(super) fn rankings(site: &Site, year: u16) -> Vec<Ranking> {
    let form = site.forms.for_year(year);
    let wanted = form.indicators.iter().enumerate().filter(|(at, indicator)| *at == 0 || indicator.of.is_some());
    let wanted: Vec<&Indicator> = wanted.map(|(_, indicator)| indicator).collect();
    let mut rankings = Vec::new();
    for (kind, reports) in by_kind(site, year) {
        rankings.extend(wanted.iter().filter_map(|indicator| ranking(site, form, (kind, &reports), indicator)));
    }
    rankings
}

fn ranking(site: &Site, form: &Form, (kind, reports): (AgencyKind, &[ReportIndex]), indicator: &Indicator) -> Option<Ranking> {
    let language = site.config.language;
    let whole = indicator.of.as_deref().and_then(|key| form.indicator(key));
    let figure = |index: &ReportIndex| {
        let report = site.archive.report(*index);
        let figure = indicator_in(report, form, indicator)?;
        let Some(whole) = whole else { return Some((figure, None, *index)) };
        let cases = indicator_in(report, form, whole).filter(|cases| *cases >= Number::from(FEWEST_CASES))?;
        Some((share(figure, cases)?, Some(format!("{} / {}", shown(figure), shown(cases))), *index))
    };
    let mut ranked: Vec<(Number, Option<String>, ReportIndex)> = reports.iter().filter_map(figure).collect();
    if ranked.len() < FEWEST_AGENCIES {
        return None;
    }
    ranked.sort_by_key(|(figure, _, index)| (std::cmp::Reverse(*figure), *index));
    let figures: Vec<Number> = ranked.iter().map(|(figure, ..)| *figure).collect();
    let agencies = ranked.len();
    let row = |(figure, from, index): (Number, Option<String>, ReportIndex)| Ranked {
        place: figures.partition_point(|other| *other > figure) + 1,
        name: site.archive.agency(site.archive.agency_of(index)).name().to_owned(),
        link: Route::of_report(site, index).path(),
        value: if from.is_some() { format!("{figure}%") } else { shown(figure) },
        from,
    };
    Some(Ranking {
        kind: kind.label().in_language(language).to_owned(),
        label: indicator.label.in_language(language).to_owned(),
        of: whole.map(|whole| whole.label.in_language(language).to_owned()),
        agencies,
        left_out: reports.len() - agencies,
        rows: ranked.into_iter().take(MOST_RANKED).map(row).collect(),
    })
}
