//! A whole and its parts: a line a part, its columns over the years (or its bar, with a mark for the
//! year before), its latest figure and share.

use super::svg::{Anchor, Svg, text_width};
use super::{Caption, Chart, ChartTable, WIDTH, largest, scaled, share, shown};
use crate::number::Number;

/// Pixels of a line.
const LINE: i64 = 32;
/// Pixels of the tallest column.
const TALLEST: i64 = 24;
/// Pixels at the right for figure and share.
const FIGURES: i64 = 92;

/// One part over the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// A figure a year, in the order of the years.
    pub values: Vec<Option<Number>>,
}

/// A line for each part. All lines have one scale, so that a small part looks small.
pub fn parts(caption: Caption<'_>, years: &[u16], parts: &[Part]) -> Chart {
    let latest: Vec<Option<Number>> = parts.iter().map(|part| part.values.last().copied().flatten()).collect();
    let whole: Number = latest.iter().flatten().copied().sum();
    let of = |value: Number| share(value, whole).map(|share| format!("{share}%"));
    let told: Vec<String> =
        parts.iter().zip(&latest).filter_map(|(part, value)| Some(format!("{} {}", part.label, shown((*value)?)))).collect();
    let year = years.last().map(u16::to_string).unwrap_or_default();
    let lines = i64::try_from(parts.len()).unwrap_or(0);
    let mut svg = Svg::new(caption, lines * LINE + 20, &format!("{year} {}", told.join("；")));
    let labels = parts.iter().map(|part| text_width(&part.label)).max().unwrap_or(0).min(WIDTH / 2) + 10;
    let space = Space { left: labels * 10, width: (WIDTH - labels - FIGURES).max(60) * 10 };
    let top = largest(parts.iter().flat_map(|part| part.values.iter().copied().flatten()));
    for (place, part) in (0i64..).zip(parts) {
        let base = (place * LINE + LINE - 4) * 10;
        svg.text("c-label", (0, base - 50), Anchor::Start, &part.label);
        if years.len() > 2 {
            space.columns(&mut svg, base, &part.values, top)
        } else {
            space.bar(&mut svg, base, &part.values, top)
        }
        match part.values.last().copied().flatten() {
            Some(value) => {
                svg.text("c-value", ((WIDTH - 46) * 10, base - 50), Anchor::End, &shown(value));
                svg.text("c-share", (WIDTH * 10, base - 50), Anchor::End, &of(value).unwrap_or_default());
            }
            None => svg.text("c-none", ((WIDTH - 46) * 10, base - 50), Anchor::End, "—"),
        }
    }
    let foot = (lines * LINE + 14) * 10;
    if let (Some(first), Some(last)) = (years.first(), years.last()) {
        if years.len() > 2 {
            svg.text("c-axis", (space.left, foot), Anchor::Start, &first.to_string());
            svg.text("c-axis", (space.left + space.width, foot), Anchor::End, &last.to_string());
        }
        svg.text("c-axis", (WIDTH * 10, foot), Anchor::End, &last.to_string());
    }
    Chart { id: caption.id.to_owned(), title: caption.title(), svg: svg.finish(), table: table(caption, years, parts) }
}

/// The room between labels and figures.
struct Space {
    left: i64,
    width: i64,
}

impl Space {
    fn columns(&self, svg: &mut Svg, base: i64, values: &[Option<Number>], top: Number) {
        let slot = self.width / i64::try_from(values.len().max(1)).unwrap_or(1);
        let width = (slot * 7 / 10).max(10);
        for (place, value) in (0i64..).zip(values) {
            let Some(value) = value else { continue };
            let height = scaled(*value, top, TALLEST);
            let newest = usize::try_from(place).is_ok_and(|place| place + 1 == values.len());
            if height > 0 {
                svg.bar(
                    if newest { "c-bar c-now" } else { "c-bar" },
                    (self.left + slot * place + (slot - width) / 2, base - height),
                    (width, height),
                );
            }
        }
        svg.line("c-base", (self.left, base), (self.left + self.width, base));
    }

    /// A bar for the newest year and, where there is one, a mark for the year before.
    fn bar(&self, svg: &mut Svg, base: i64, values: &[Option<Number>], top: Number) {
        let pixels = self.width / 10;
        if let Some(value) = values.last().copied().flatten() {
            svg.bar("c-bar c-now", (self.left, base - 160), (scaled(value, top, pixels), 120));
        }
        if let [Some(before), _] = values {
            let at = self.left + scaled(*before, top, pixels);
            svg.line("c-mark", (at, base - 190), (at, base - 10));
        }
        svg.line("c-base", (self.left, base - 190), (self.left, base - 10));
    }
}

fn table(caption: Caption<'_>, years: &[u16], parts: &[Part]) -> ChartTable {
    let rows = parts.iter().map(|part| (part.label.clone(), part.values.iter().map(|value| value.map(shown)).collect())).collect();
    ChartTable { head: [caption.head.to_owned()].into_iter().chain(years.iter().map(u16::to_string)).collect(), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(years: &[u16], figures: &[&[Option<i64>]]) -> Chart {
        let rows: Vec<Part> = figures
            .iter()
            .map(|values| Part { label: "予以公开".into(), values: values.iter().map(|value| value.map(Number::from)).collect() })
            .collect();
        parts(Caption { id: "p", title: "办理结果", unit: "件", head: "结果", latest: true }, years, &rows)
    }

    /// Shares are those of the newest year.
    #[test]
    fn a_line_has_its_figure_and_share() {
        let chart = chart(&[2021, 2022, 2023], &[&[Some(1), Some(2), Some(3)], &[Some(4), None, Some(1)]]);
        assert!(chart.svg.contains(">75%</text>") && chart.svg.contains(">25%</text>"), "{}", chart.svg);
        assert_eq!(chart.svg.matches("<rect").count(), 5);
        assert_eq!(chart.table.head, ["结果", "2021", "2022", "2023"]);
    }

    /// Two years are a bar and a mark, not two columns.
    #[test]
    fn two_years_are_a_bar_and_a_mark() {
        let chart = chart(&[2022, 2023], &[&[Some(4), Some(2)], &[None, Some(0)]]);
        assert_eq!(chart.svg.matches("c-mark").count(), 1);
        assert_eq!(chart.svg.matches("<rect").count(), 2);
    }

    /// A whole of nothing has no shares.
    #[test]
    fn nothing_is_not_divided() {
        assert!(!chart(&[2023], &[&[Some(0)]]).svg.contains('%'));
    }
}
