//! One figure over the years: a column a year, its figure above it.

use super::svg::{Anchor, Svg, text_width};
use super::{Caption, Chart, ChartTable, Point, WIDTH, largest, scaled, shown};

/// Pixels from the top to the base line.
const BASE: i64 = 128;
/// Pixels of the tallest column.
const TALLEST: i64 = 104;
const HEIGHT: i64 = 148;

/// A column for each point, in order. Years that do not compare are parted by a dashed line.
pub fn columns(caption: Caption<'_>, points: &[Point]) -> Chart {
    let top = largest(points.iter().filter_map(|point| point.value));
    let told: Vec<String> = points.iter().filter_map(|point| Some(format!("{} {}", point.label, shown(point.value?)))).collect();
    let mut svg = Svg::new(caption, HEIGHT, &told.join("；"));
    let slot = WIDTH * 10 / i64::try_from(points.len().max(1)).unwrap_or(1);
    let width = (slot * 64 / 100).clamp(10, 360);
    let every = step(slot, points.iter().map(|point| text_width(&point.label)).max().unwrap_or(0) + 4);
    for (place, point) in (0i64..).zip(points) {
        let left = slot * place;
        let middle = left + slot / 2;
        let newest = caption.latest && place + 1 == i64::try_from(points.len()).unwrap_or(0);
        if let Some(value) = point.value {
            let height = scaled(value, top, TALLEST);
            svg.bar(if newest { "c-bar c-now" } else { "c-bar" }, (middle - width / 2, BASE * 10 - height), (width, height));
            if text_width(&shown(value)) * 10 <= slot + 40 || newest || value == top {
                svg.text(
                    if newest { "c-value c-now" } else { "c-value" },
                    (middle, BASE * 10 - height - 50),
                    Anchor::Middle,
                    &shown(value),
                );
            }
        } else {
            svg.text("c-none", (middle, BASE * 10 - 50), Anchor::Middle, "—");
        }
        let from_end = i64::try_from(points.len()).unwrap_or(0) - 1 - place;
        if from_end % every == 0 {
            svg.text("c-axis", (middle, (HEIGHT - 4) * 10), Anchor::Middle, &point.label);
        }
        let follows_break =
            place > 0 && points.get(usize::try_from(place - 1).unwrap_or(0)).is_some_and(|before| before.mark != point.mark);
        if follows_break {
            svg.line("c-break", (left, 40), (left, BASE * 10 + 40));
        }
    }
    svg.line("c-base", (0, BASE * 10), (WIDTH * 10, BASE * 10));
    let rows = points.iter().map(|point| (point.label.clone(), vec![point.value.map(shown)])).collect();
    Chart {
        id: caption.id.to_owned(),
        title: caption.title(),
        svg: svg.finish(),
        table: ChartTable { head: vec![caption.head.to_owned(), caption.title()], rows },
    }
}

/// Every how many slots a label of `width` pixels fits.
fn step(slot: i64, width: i64) -> i64 {
    (width * 10 + slot - 1).div_euclid(slot.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Number;

    fn chart(points: &[(u16, Option<i64>, &str)]) -> Chart {
        let points: Vec<Point> = points
            .iter()
            .map(|(year, value, mark)| Point { label: year.to_string(), value: value.map(Number::from), mark: (*mark).to_owned() })
            .collect();
        columns(Caption { id: "x", title: "新收申请", unit: "件", head: "年度", latest: true }, &points)
    }

    /// A year without a figure is a dash, not a column of no height; where figures do not compare
    /// stands a line.
    #[test]
    fn gaps_and_breaks_are_shown() {
        let chart = chart(&[(2018, Some(20), "a"), (2019, None, "b"), (2020, Some(10), "b")]);
        assert_eq!(chart.svg.matches("<rect").count(), 2);
        assert_eq!(chart.svg.matches("c-none").count(), 1);
        assert_eq!(chart.svg.matches("c-break").count(), 1);
        assert!(chart.svg.contains("<title id=\"x-t\">新收申请（件）</title><desc id=\"x-d\">2018 20；2020 10</desc>"), "{}", chart.svg);
        assert_eq!(chart.table.rows[1], ("2019".to_owned(), vec![None]));
    }

    /// Long archives label some of the years, the newest always.
    #[test]
    fn labels_of_many_years_do_not_overlap() {
        let years: Vec<(u16, Option<i64>, &str)> = (2000..2024).map(|year| (year, Some(1), "a")).collect();
        let chart = chart(&years);
        let labels = chart.svg.matches("c-axis").count();
        assert!((6..=12).contains(&labels), "{labels}");
        assert!(chart.svg.contains(">2023</text>"));
    }
}
