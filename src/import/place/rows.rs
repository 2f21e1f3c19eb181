//! All rows of all tables of a document, in one sequence.
//!
//! A form's table may be broken over several tables of the document, or several forms' tables may
//! stand in one: for the placer there are only rows.

use crate::form::{Label, normalise_label};
use crate::import::block::{Block, Place};
use crate::import::grid::Grid;

use super::figure::{is_blank, is_value, without_marks};

/// Rows in which official tables are looked for; theirs are under a hundred.
const MOST_ROWS: usize = 5_000;

/// A cell of a row.
#[derive(Debug, Clone)]
pub(super) struct SourceCell {
    pub(super) text: String,
    /// Normalised as labels are; empty for blanks and values.
    pub(super) label: String,
    pub(super) col: u32,
    pub(super) colspan: u32,
    pub(super) place: Place,
}

impl SourceCell {
    pub(super) fn is_label(&self) -> bool {
        !self.label.is_empty()
    }

    pub(super) fn is_blank(&self) -> bool {
        is_blank(&self.text)
    }
}

/// A row of some table.
#[derive(Debug, Clone)]
pub(super) struct SourceRow {
    /// Index of its block in the document.
    pub(super) block: usize,
    /// Which table of the document it is in, from 1.
    pub(super) table: u32,
    /// Its row in that table, from 0.
    pub(super) row: u32,
    pub(super) cells: Vec<SourceCell>,
}

impl SourceRow {
    /// Index of the last label of the row, behind which its figures stand.
    pub(super) fn last_label(&self) -> Option<usize> {
        self.cells.iter().rposition(SourceCell::is_label)
    }

    /// Whether any cell from `from` on shows a figure.
    pub(super) fn has_figures(&self, from: usize) -> bool {
        self.cells[from.min(self.cells.len())..].iter().any(|cell| !cell.is_blank() && !cell.is_label())
    }

    /// Whether no figure stands before its last label.
    fn label_leads(&self) -> bool {
        let label = self.last_label().unwrap_or_default();
        self.cells[..label].iter().all(|cell| cell.is_blank() || cell.is_label())
    }

    pub(super) fn place(&self) -> Place {
        self.cells.first().map_or(Place::Unknown, |cell| cell.place)
    }

    /// All its text, cells apart by spaces.
    pub(super) fn text(&self) -> String {
        let texts = self.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
        texts.collect::<Vec<_>>().join(" ").replace('\n', "")
    }
}

/// The rows of a document's tables.
pub(super) fn rows_of(blocks: &[Block]) -> Vec<SourceRow> {
    let mut rows = Vec::new();
    let mut table = 0;
    for (index, block) in blocks.iter().enumerate() {
        if let Block::Table(grid) = block {
            table += 1;
            rows.extend(grid_rows(grid, index, table).take(MOST_ROWS.saturating_sub(rows.len())));
        }
    }
    rows
}

/// Joins rows that a page break has cut: the last row of a table and the first of the next, where their
/// cells together make more known labels than apart, or where the figures stand above and the label of
/// a row, one of `labels`, below.
pub(super) fn mend(rows: Vec<SourceRow>, known: &[Label], labels: &[Label]) -> Vec<SourceRow> {
    let count =
        |row: &SourceRow| row.cells.iter().filter(|cell| cell.is_label() && known.iter().any(|label| label.is(&cell.label))).count();
    let mut mended: Vec<SourceRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let last = mended.iter_mut().rev().take(3).find(|last| last.cells.iter().any(|cell| !cell.is_blank()));
        if let Some(last) = last
            && row.row == 0
            && row.block == last.block + 1
        {
            let candidates = [joined(last, &row, false), joined(last, &row, true)];
            let halves = are_halves(last, &row, known, labels);
            let apart = count(last) + count(&row);
            let is_better = |joined: &SourceRow| count(joined) > apart || halves && count(joined) == apart && joined.label_leads();
            if let Some(best) = candidates.into_iter().filter(is_better).max_by_key(count) {
                *last = best;
                continue;
            }
        }
        mended.push(row);
    }
    mended
}

/// Whether one row has figures and no label that is known, and the other the label of a row and no figures. It ends
/// left of the figures: what spans them is the heading of a table.
fn are_halves(above: &SourceRow, below: &SourceRow, known: &[Label], labels: &[Label]) -> bool {
    let is_known = |row: &SourceRow, label: usize| known.iter().any(|known| known.is(&row.cells[label].label));
    let from = |row: &SourceRow| row.last_label().map_or(0, |label| label + 1);
    let has_label = |row: &SourceRow| row.last_label().is_some_and(|label| is_known(row, label));
    let figures = &above.cells[from(above)..];
    let Some(first) = figures.iter().find(|cell| !cell.is_blank()) else { return false };
    let is_left = |label: &SourceCell| label.col + label.colspan <= first.col && labels.iter().any(|row| row.is(&label.label));
    !has_label(above) && below.last_label().is_some_and(|at| is_left(&below.cells[at])) && !below.has_figures(from(below))
}

/// Two rows as one, their cells put together from the left or from the right, since a stub may be missing
/// from either.
fn joined(above: &SourceRow, below: &SourceRow, from_left: bool) -> SourceRow {
    let mut row = above.clone();
    let shift = if from_left { 0 } else { above.cells.len() as isize - below.cells.len() as isize };
    for (index, rest) in below.cells.iter().enumerate().filter(|(_, rest)| !rest.is_blank()) {
        let Some(cell) = usize::try_from(index as isize + shift).ok().and_then(|at| row.cells.get_mut(at)) else { continue };
        let gap = if cell.is_blank() { "" } else { "\n" };
        let text = format!("{}{gap}{}", cell.text, rest.text);
        *cell = SourceCell { label: label_of(&text), text, ..cell.clone() };
    }
    row
}

/// A text as labels are compared; empty for values.
fn label_of(text: &str) -> String {
    if is_value(text) { String::new() } else { normalise_label(without_marks(text)) }
}

fn grid_rows(grid: &Grid, block: usize, table: u32) -> impl Iterator<Item = SourceRow> {
    let rows = grid.by_row();
    (0..).zip(rows).map(move |(row, cells)| SourceRow {
        block,
        table,
        row,
        cells: cells
            .into_iter()
            .map(|cell| SourceCell {
                label: label_of(&cell.text),
                text: cell.text.clone(),
                col: cell.col,
                colspan: cell.colspan,
                place: cell.place,
            })
            .collect(),
    })
}
