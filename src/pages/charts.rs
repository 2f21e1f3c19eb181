//! The charts of an agency and of the whole archive: its first key figure over the years, and the
//! wholes and parts that its form declares.

use super::Yearbook;
use super::yearbook::{composition_in, part_in};
use crate::archive::{Agency, Archive};
use crate::chart::{Caption, Chart, Part, Point, columns, parts};
use crate::form::{Composition, Form};
use crate::number::Number;
use crate::report::{Report, Scope};
use crate::site::Site;
use crate::text::Language;

/// Charts of one agency's reports, those for a whole area and those of its own kept apart: the scope
/// of the latest report decides.
pub(super) fn agency_charts(site: &Site, agency: &Agency) -> Vec<Chart> {
    let archive = &site.archive;
    let Some(latest) = agency.reports.last().map(|index| archive.report(*index)) else { return Vec::new() };
    let reports: Vec<&Report> = same_scope(archive, agency, latest.scope);
    let language = site.config.language;
    let mut charts = Vec::new();
    if let Some(first) = latest.form.indicators.first() {
        let point = |report: &&Report| {
            let there = report.form.indicator(&first.key)?;
            let mark = there.series.clone().unwrap_or_else(|| report.form.key.clone());
            Some(Point { label: report.year.to_string(), value: report.sum(&there.terms), mark })
        };
        let points: Vec<Point> = reports.iter().filter_map(point).collect();
        charts.extend(over_years(first.label.in_language(language), first.unit.in_language(language), points, language));
    }
    for composition in &latest.form.compositions {
        let there: Vec<(&Report, &Composition)> =
            reports.iter().filter_map(|report| Some((*report, composition_in(report, &latest.form, composition)?))).collect();
        let years: Vec<u16> = there.iter().map(|(report, _)| report.year).collect();
        let figures = |at: usize| there.iter().map(|(report, other)| part_in(report, other, &composition.parts[at])).collect();
        charts.extend(whole_and_parts(composition, &years, figures, language));
    }
    charts
}

fn same_scope<'a>(archive: &'a Archive, agency: &Agency, scope: Scope) -> Vec<&'a Report> {
    agency.reports.iter().map(|index| archive.report(*index)).filter(|report| report.scope == scope).collect()
}

/// Charts of the whole archive up to `year`, the last of them `year` itself.
pub(super) fn archive_charts(site: &Site, book: &Yearbook, year: u16) -> Vec<Chart> {
    let form = site.forms.for_year(year);
    let language = site.config.language;
    let mut charts = Vec::new();
    if let Some(first) = form.indicators.first() {
        let point = |of: u16| {
            let form = site.forms.for_year(of);
            let at = form.indicators.iter().position(|indicator| indicator.key == first.key)?;
            let value = book.year(of)?.indicators.get(at).copied().flatten();
            let mark = form.indicators[at].series.clone().unwrap_or_else(|| form.key.clone());
            Some(Point { label: of.to_string(), value, mark })
        };
        let points = book.years().map(|(of, _)| of).filter(|of| *of <= year).filter_map(point).collect();
        charts.extend(over_years(first.label.in_language(language), first.unit.in_language(language), points, language));
    }
    for composition in &form.compositions {
        let there: Vec<(u16, &Form, usize)> = book
            .years()
            .filter(|(of, _)| *of <= year)
            .filter_map(|(of, _)| {
                let other: &Form = site.forms.for_year(of);
                let at = other.compositions.iter().position(|there| there.key == composition.key)?;
                let compares = other.key == form.key || composition.series.is_some() && composition.series == other.compositions[at].series;
                compares.then_some((of, other, at))
            })
            .collect();
        let years: Vec<u16> = there.iter().map(|(of, ..)| *of).collect();
        let figures = |part: usize| {
            let key = &composition.parts[part].key;
            let figure = |(of, other, at): &(u16, &Form, usize)| {
                let place = other.compositions[*at].parts.iter().position(|there| there.key == *key)?;
                book.year(*of)?.compositions.get(*at)?.get(place).copied().flatten()
            };
            there.iter().map(figure).collect()
        };
        charts.extend(whole_and_parts(composition, &years, figures, language));
    }
    charts
}

fn head(language: Language, zh: &'static str, en: &'static str) -> &'static str {
    if language == Language::Chinese { zh } else { en }
}

/// A chart of one year alone would say less than its figure does.
fn over_years(label: &str, unit: &str, points: Vec<Point>, language: Language) -> Option<Chart> {
    let caption = Caption { id: "chart-years", title: label, unit, head: head(language, "年度", "Year"), latest: true };
    (points.iter().filter(|point| point.value.is_some()).count() > 1).then(|| columns(caption, &points))
}

/// A chart of a composition; none if every figure of the newest year is missing or zero.
fn whole_and_parts(
    composition: &Composition,
    years: &[u16],
    figures: impl Fn(usize) -> Vec<Option<Number>>,
    language: Language,
) -> Option<Chart> {
    let rows: Vec<Part> = composition
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| Part { label: part.label.in_language(language).to_owned(), values: figures(at) })
        .collect();
    let something = rows.iter().filter_map(|row| row.values.last().copied().flatten()).any(|figure| !figure.is_zero());
    let id = format!("chart-{}", composition.key);
    let caption = Caption {
        id: &id,
        title: composition.label.in_language(language),
        unit: composition.unit.in_language(language),
        head: head(language, "类别", "Kind"),
        latest: true,
    };
    (something && !years.is_empty()).then(|| parts(caption, years, &rows))
}
