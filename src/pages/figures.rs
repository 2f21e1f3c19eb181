//! Key figures: the form's indicators, shown with their change against the year before.

use serde::Serialize;

use crate::archive::{Archive, AgencyIndex};
use crate::form::{Form, Indicator};
use crate::number::Number;
use crate::report::{Report, Scope};
use crate::text::Language;

/// A key figure of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyFigure {
    /// The indicator's name: `received`.
    pub key: String,
    /// Its label in the site's language.
    pub label: String,
    /// The figure, or nothing where a cell of its sum has none.
    pub value: Option<String>,
    /// Its unit.
    pub unit: String,
    /// The figure of the year before, where it compares.
    pub last: Option<String>,
    /// How far it has moved, without sign.
    pub change: Option<String>,
    /// `up`, `down`, `same`, or nothing where it does not compare.
    pub direction: &'static str,
}

/// A column of key figures in a table of reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The indicator's name.
    pub key: String,
    /// Its label in the site's language.
    pub label: String,
    /// Its unit.
    pub unit: String,
}

/// Columns for the indicators of a form.
pub(super) fn columns(form: &Form, language: Language) -> Vec<Column> {
    let column = |indicator: &Indicator| Column {
        key: indicator.key.clone(),
        label: indicator.label.in_language(language).to_owned(),
        unit: indicator.unit.clone(),
    };
    form.indicators.iter().map(column).collect()
}

/// An indicator of a report, by name.
pub(super) fn value(report: &Report, key: &str) -> Option<Number> {
    report.sum(&report.form.indicator(key)?.terms)
}

/// A figure as people read it: thousands set apart by thin commas only in running figures, never in
/// the official tables.
pub(super) fn shown(number: Number) -> String {
    let text = number.normalised().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

/// The key figures of a form, from a function that gives this year's and last year's.
pub fn key_figures(
    form: &Form,
    language: Language,
    now: impl Fn(&Indicator) -> Option<Number>,
    before: impl Fn(&Indicator) -> Option<Number>,
) -> Vec<KeyFigure> {
    let figure = |indicator: &Indicator| {
        let (now, before) = (now(indicator), before(indicator));
        let moved = now.zip(before).map(|(now, before)| now - before);
        let direction = match moved {
            None => "",
            Some(moved) if moved.is_zero() => "same",
            Some(moved) if moved.is_negative() => "down",
            Some(_) => "up",
        };
        KeyFigure {
            key: indicator.key.clone(),
            label: indicator.label.in_language(language).to_owned(),
            value: now.map(shown),
            unit: indicator.unit.clone(),
            last: before.map(shown),
            change: moved.map(|moved| shown(moved.abs())),
            direction,
        }
    };
    form.indicators.iter().map(figure).collect()
}

/// Last year's figure for an indicator, where the editions let it compare.
pub(super) fn last_value(report: &Report, last: Option<&Report>, indicator: &Indicator) -> Option<Number> {
    let last = last?;
    let then = last.form.indicator(&indicator.key)?;
    let compares = report.form.key == last.form.key || indicator.series.is_some() && indicator.series == then.series;
    if !compares || report.scope != last.scope {
        return None;
    }
    last.sum(&then.terms)
}

/// The sum of an indicator over a whole archive for a year. A government's area report stands for all
/// bodies below it, so that nothing is counted twice; figures that do not compare with `form` are
/// left out, and a report without the figure too.
pub(super) fn total(archive: &Archive, year: u16, form: &Form, indicator: &Indicator) -> Option<Number> {
    let mut sum = None;
    for root in archive.roots() {
        add(archive, root, year, (form, indicator), &mut sum);
    }
    sum
}

fn add(archive: &Archive, agency: AgencyIndex, year: u16, of: (&Form, &Indicator), sum: &mut Option<Number>) {
    if let Some(index) = archive.find_report(agency, year) {
        let report = archive.report(index);
        let compares = report.form.key == of.0.key
            || of.1.series.is_some() && report.form.indicator(&of.1.key).is_some_and(|there| there.series == of.1.series);
        if let Some(number) = value(report, &of.1.key).filter(|_| compares) {
            *sum = Some(sum.unwrap_or_default() + number);
        }
        if report.scope == Scope::Area {
            return;
        }
    }
    for child in &archive.agency(agency).children {
        add(archive, *child, year, of, sum);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (text, expected) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("1234567.50", "1,234,567.5"), ("-12", "−12")] {
            assert_eq!(shown(Number::parse(text).unwrap()), expected);
        }
    }
}
