//! Key figures: the form's indicators, shown with their change against the year before.

use serde::Serialize;

use crate::chart::{share, shown};
use crate::form::{Form, Indicator};
use crate::number::Number;
use crate::report::Report;
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
    /// How far it has moved, in per cent of the year before, to one decimal and without sign.
    pub rate: Option<String>,
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
        unit: indicator.unit.in_language(language).to_owned(),
    };
    form.indicators.iter().map(column).collect()
}

/// An indicator of a report, by name.
pub(super) fn value(report: &Report, key: &str) -> Option<Number> {
    report.sum(&report.form.indicator(key)?.terms)
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
            unit: indicator.unit.in_language(language).to_owned(),
            last: before.map(shown),
            change: moved.map(|moved| shown(moved.abs())),
            rate: moved.zip(before).and_then(|(moved, before)| share(moved.abs(), before)).map(|rate| rate.to_string()),
            direction,
        }
    };
    form.indicators.iter().map(figure).collect()
}
