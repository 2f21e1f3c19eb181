//! Figures → inline SVG at build time: sharp, printable, readable in grey, without scripts.
//!
//! Two charts are enough for an archive of reports. [`columns`] shows one figure over the years;
//! [`parts`] shows a whole and its parts, over the years or against the year before. Each comes with
//! a title, a description that says every figure in words, and the same figures as a table. Colours
//! are left to the theme's classes; a coordinate is a whole number of tenths of a pixel, so that the
//! same figures always give the same bytes and no figure passes through a float.
//!
//! A chart is [`WIDTH`] pixels wide, what a phone can show; wider pages put several side by side.

mod columns;
mod parts;
mod svg;

use serde::Serialize;

use crate::number::Number;

pub use columns::columns;
pub use parts::{Part, parts};

/// The width of every chart in pixels, before it is scaled.
pub const WIDTH: i64 = 320;

/// A chart with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Its anchor; the SVG's title and description have anchors that begin with it.
    pub id: String,
    /// What it shows, with the unit.
    pub title: String,
    /// The drawing, as HTML.
    pub svg: String,
    /// The same figures as a table.
    pub table: ChartTable,
}

/// The figures of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartTable {
    /// Headers of the columns; the first stands above the labels.
    pub head: Vec<String>,
    /// Label and figures, row by row; nothing where there is no figure.
    pub rows: Vec<(String, Vec<Option<String>>)>,
}

/// What a chart is called, and in which unit it counts.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'c> {
    /// Its anchor, unique on the page.
    pub id: &'c str,
    /// What it shows.
    pub title: &'c str,
    /// The unit of its figures.
    pub unit: &'c str,
    /// The header above its labels: 年度.
    pub head: &'c str,
    /// Whether the last of its figures is the one to look at.
    pub latest: bool,
}

impl Caption<'_> {
    fn title(&self) -> String {
        match self.unit {
            "" => self.title.to_owned(),
            unit if unit.is_ascii() => format!("{} ({unit})", self.title),
            unit => format!("{}（{unit}）", self.title),
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What stands below it: the year.
    pub label: String,
    /// The figure, if there is one.
    pub value: Option<Number>,
    /// What it compares with: between points of different marks stands a break.
    pub mark: String,
}

/// A figure as people read it: thousands set apart, the minus as long as a plus. Used in running
/// figures, never in the official tables.
pub fn shown(number: Number) -> String {
    if let Some(few) = number.as_small().filter(|few| (0..1000).contains(few)) {
        return few.to_string();
    }
    let text = number.normalised().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut grouped = String::with_capacity(text.len() + 4);
    grouped.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &fraction
}

/// `part` of `whole` in per cent, to one decimal.
pub fn share(part: Number, whole: Number) -> Option<Number> {
    part.checked_mul(Number::from(100))?.ratio(whole, 1)
}

/// The largest of some figures; at least one, so that nothing is divided by zero.
fn largest(figures: impl Iterator<Item = Number>) -> Number {
    figures.max().filter(|largest| *largest > Number::ZERO).unwrap_or_else(|| Number::from(1))
}

/// `value` of `largest`, as tenths of a pixel of a length of `length` pixels. A figure that is not
/// zero is never drawn as nothing.
fn scaled(value: Number, largest: Number, length: i64) -> i64 {
    let tenths =
        value.checked_mul(Number::from(length * 10)).and_then(|product| product.ratio(largest, 0)).and_then(Number::as_small).unwrap_or(0);
    if value > Number::ZERO { tenths.max(10) } else { 0 }
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

    #[test]
    fn shares_are_rounded_half_up_to_one_decimal() {
        assert_eq!(share(1.into(), 3.into()).unwrap().to_string(), "33.3");
        assert_eq!(share(1.into(), 8.into()).unwrap().to_string(), "12.5");
        assert_eq!(share(1.into(), 0.into()), None);
    }

    /// One case among thousands still shows as a line; none shows as nothing.
    #[test]
    fn small_figures_are_drawn_and_zero_is_not() {
        assert_eq!(scaled(1.into(), 100_000.into(), 100), 10);
        assert_eq!(scaled(0.into(), 100.into(), 100), 0);
        assert_eq!(scaled(50.into(), 100.into(), 100), 500);
    }
}
