//! Ruled tables of a page: lines → cells with spans.
//!
//! Rules are snapped to common coordinates, connected rules form a table, its coordinates span a fine
//! grid, and fine cells between which no rule runs are one cell. So a merged cell is known by what is
//! drawn, not by guessing at text.

use pdfni::{EdgePart, GlyphPart, Orientation};

use super::glyphs::text_of;

/// Rules closer than this are one rule (both sides of a thin rectangle, double lines), in points.
const SNAP: f64 = 2.4;
/// Rules may miss each other by this much and still meet.
const REACH: f64 = 3.5;
/// Rules that reach further than this beyond the last crossing rule bound a row that was cut.
const CUT: f64 = 7.0;
/// Rules of a page beyond which it is a drawing, not a table.
const MAX_RULES: usize = 6_000;
/// Fine cells of a table beyond which it is a drawing.
const MAX_FINE_CELLS: usize = 40_000;

/// A cell with its edges in points.
#[derive(Debug, Clone)]
pub(super) struct RuledCell {
    pub(super) row: u32,
    pub(super) rowspan: u32,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) text: String,
}

/// A table found on a page.
#[derive(Debug, Clone)]
pub(super) struct RuledTable {
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) rows: u32,
    pub(super) cells: Vec<RuledCell>,
}

/// A rule along one axis: at `at`, from `from` to `to`.
#[derive(Debug, Clone, Copy)]
struct Rule {
    at: f64,
    from: f64,
    to: f64,
}

/// The tables of a page, from top to bottom.
pub(super) fn tables(edges: &[EdgePart], glyphs: &[GlyphPart]) -> Vec<RuledTable> {
    let horizontal = snapped(edges, Orientation::Horizontal);
    let vertical = snapped(edges, Orientation::Vertical);
    if horizontal.len() + vertical.len() > MAX_RULES {
        return Vec::new();
    }
    let mut tables: Vec<RuledTable> =
        components(&horizontal, &vertical).into_iter().filter_map(|(horizontal, vertical)| table(&horizontal, &vertical, glyphs)).collect();
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    tables
}

/// Rules of one direction, snapped to common coordinates and joined where they touch.
fn snapped(edges: &[EdgePart], orientation: Orientation) -> Vec<Rule> {
    let mut rules: Vec<Rule> = edges
        .iter()
        .filter(|edge| edge.orientation == orientation)
        .map(|edge| match orientation {
            Orientation::Horizontal => Rule { at: (edge.top + edge.bottom) / 2.0, from: edge.left, to: edge.right },
            Orientation::Vertical => Rule { at: (edge.left + edge.right) / 2.0, from: edge.top, to: edge.bottom },
        })
        .filter(|rule| rule.at.is_finite() && rule.from.is_finite() && rule.to - rule.from > 1.0)
        .collect();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut snapped: Vec<Rule> = Vec::new();
    let mut start = 0;
    while start < rules.len() {
        let end = rules.partition_point(|rule| rule.at <= rules[start].at + SNAP);
        let at = (rules[start].at + rules[end - 1].at) / 2.0;
        snapped.extend(joined(&mut rules[start..end], at));
        start = end;
    }
    snapped
}

fn joined(rules: &mut [Rule], at: f64) -> Vec<Rule> {
    rules.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut joined: Vec<Rule> = Vec::new();
    for rule in rules {
        match joined.last_mut() {
            Some(last) if rule.from <= last.to + REACH => last.to = last.to.max(rule.to),
            _ => joined.push(Rule { at, ..*rule }),
        }
    }
    joined
}

/// Groups of rules that meet.
fn components(horizontal: &[Rule], vertical: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut groups = Groups::new(horizontal.len() + vertical.len());
    for (h, across) in horizontal.iter().enumerate() {
        for (v, down) in vertical.iter().enumerate() {
            if within(down.at, across) && within(across.at, down) {
                groups.unite(h, horizontal.len() + v);
            }
        }
    }
    let mut found: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = std::collections::BTreeMap::new();
    for (h, rule) in horizontal.iter().enumerate() {
        found.entry(groups.root(h)).or_default().0.push(*rule);
    }
    for (v, rule) in vertical.iter().enumerate() {
        found.entry(groups.root(horizontal.len() + v)).or_default().1.push(*rule);
    }
    found.into_values().filter(|(h, v)| h.len() >= 2 && v.len() >= 2).collect()
}

fn within(at: f64, rule: &Rule) -> bool {
    at >= rule.from - REACH && at <= rule.to + REACH
}

/// Disjoint sets.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

fn table(horizontal: &[Rule], vertical: &[Rule], glyphs: &[GlyphPart]) -> Option<RuledTable> {
    // A table cut by the page, or one without rules at its sides, ends where its other rules end.
    let (ys, xs) = (coordinates(horizontal), coordinates(vertical));
    let (first_x, last_x) = (*xs.first()?, *xs.last()?);
    let (first_y, last_y) = (*ys.first()?, *ys.last()?);
    let middle = |glyph: &GlyphPart| ((glyph.left + glyph.right) / 2.0, (glyph.top + glyph.bottom) / 2.0);
    let beside = |from: f64, to: f64| glyphs.iter().map(middle).any(|(x, y)| x > from && x < to && y > first_y && y < last_y);
    let above = |from: f64, to: f64| glyphs.iter().map(middle).any(|(x, y)| y > from && y < to && x > first_x && x < last_x);
    let (ys, xs) = (closed(ys, vertical, above), closed(xs, horizontal, beside));
    let (rows, cols) = (ys.len().checked_sub(1)?, xs.len().checked_sub(1)?);
    if rows == 0 || cols == 0 || rows * cols > MAX_FINE_CELLS || rows * cols < 2 {
        return None;
    }
    let mut groups = Groups::new(rows * cols);
    for row in 0..rows {
        for col in 0..cols {
            if col > 0 && !is_ruled(vertical, xs[col], ys[row], ys[row + 1]) {
                groups.unite(row * cols + col - 1, row * cols + col);
            }
            if row > 0 && !is_ruled(horizontal, ys[row], xs[col], xs[col + 1]) {
                groups.unite((row - 1) * cols + col, row * cols + col);
            }
        }
    }
    let mut areas: std::collections::BTreeMap<usize, [usize; 4]> = std::collections::BTreeMap::new();
    for index in 0..rows * cols {
        let (row, col) = (index / cols, index % cols);
        let area = areas.entry(groups.root(index)).or_insert([row, col, row, col]);
        *area = [area[0].min(row), area[1].min(col), area[2].max(row), area[3].max(col)];
    }
    if areas.len() < 2 {
        return None;
    }
    let cell = |[top, left, bottom, right]: [usize; 4]| RuledCell {
        row: index(top),
        rowspan: index(bottom - top + 1),
        left: xs[left],
        right: xs[right + 1],
        text: text_of(glyphs, [xs[left], ys[top], xs[right + 1], ys[bottom + 1]]),
    };
    let mut cells: Vec<RuledCell> = areas.into_values().map(cell).collect();
    cells.sort_by(|a, b| a.row.cmp(&b.row).then(a.left.total_cmp(&b.left)));
    let (left, right) = (xs[0], xs[cols]);
    Some(RuledTable { top: ys[0], bottom: ys[rows], left, right, rows: index(rows), cells })
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn coordinates(rules: &[Rule]) -> Vec<f64> {
    let mut coordinates: Vec<f64> = rules.iter().map(|rule| rule.at).collect();
    coordinates.sort_by(f64::total_cmp);
    coordinates.dedup_by(|a, b| (*a - *b).abs() < SNAP);
    coordinates
}

/// Adds an outer coordinate where at least two crossing rules reach well beyond the last one, and there is
/// text in between.
fn closed(mut coordinates: Vec<f64>, crossing: &[Rule], has_text: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    let reaching = |beyond: &dyn Fn(&Rule) -> bool| crossing.iter().filter(|rule| beyond(rule)).count() >= 2;
    if let Some(first) = coordinates.first().copied()
        && reaching(&|rule| rule.from < first - CUT)
    {
        let from = crossing.iter().map(|rule| rule.from).fold(first, f64::min);
        if has_text(from, first) {
            coordinates.insert(0, from);
        }
    }
    if let Some(last) = coordinates.last().copied()
        && reaching(&|rule| rule.to > last + CUT)
    {
        let to = crossing.iter().map(|rule| rule.to).fold(last, f64::max);
        if has_text(last, to) {
            coordinates.push(to);
        }
    }
    coordinates
}

/// Whether rules at `at` cover most of the side from `from` to `to`.
fn is_ruled(rules: &[Rule], at: f64, from: f64, to: f64) -> bool {
    let covered: f64 =
        rules.iter().filter(|rule| (rule.at - at).abs() < SNAP).map(|rule| (rule.to.min(to) - rule.from.max(from)).max(0.0)).sum();
    covered >= (to - from) * 0.6
}
