//! Tables whose rows stand beside each other (table 四): one line of figures under a header of groups.
//!
//! The line is known by the header above it and by its number of cells. Where the table was broken
//! into one table a group, each has its own header and line.

use crate::form::{CellId, Label};
use crate::words;

use super::align::column_labels;
use super::rows::{SourceCell, SourceRow};
use super::table::{cells_of, place_cell, spot_of, take_headers};
use super::{Doubt, Trial};

/// Places a table arranged across.
pub(super) fn place(trial: &mut Trial, table: usize, rows: &[SourceRow]) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let columns = column_labels(of_form);
    let known = super::all_labels(of_form);
    let mut next = 0;
    let mut from = 0;
    for (at, row) in rows.iter().enumerate() {
        let Some(rows_before) = heads_above(rows, from, at, &columns) else { continue };
        let Some(figures) = figures(row, (of_form.rows.len() - next) * columns.len(), &known, &rows[rows_before.clone()]) else { continue };
        let count = figures.len() / columns.len();
        if figures.len() % columns.len() != 0 || count == 0 {
            place_cut(trial, (table, next), (rows, rows_before), (at, &figures), &columns);
            continue;
        }
        let is_named = |row: usize| names(rows, rows_before.clone(), &of_form.rows[row].label);
        // Where the line of a group before could not be read, the header names a later one.
        let later: Vec<usize> = (next..of_form.rows.len()).filter(|row| is_named(*row)).collect();
        if let ([later], 1) = (later.as_slice(), count) {
            next = *later;
        }
        // Each group's own name must stand in the header, and all of them if there is one line for all.
        let named = (next..next + count).filter(|row| is_named(*row)).count();
        let ids: Vec<CellId> = (next..next + count).flat_map(|row| cells_of(&form, table, row)).collect();
        for (id, cell) in ids.iter().zip(&figures) {
            place_cell(trial, *id, &cell.text, spot_of(row), None);
        }
        if named < count {
            let reason = words!("列标题不全，按格式的列序填入", "the header is not whole; placed in the form's order");
            trial.doubts.push(Doubt { cells: ids, spot: spot_of(row), reason, settled_by_sums: false });
        }
        trial.heads += named;
        trial.rows.insert(at);
        take_headers(trial, of_form, rows, rows_before);
        next += count;
        from = at + 1;
        if next >= of_form.rows.len() {
            return;
        }
    }
}

/// A line that lacks its last cells, cut off at the edge of the page: placed under the headers that are
/// there, if they are the form's first ones in order, with a doubt.
fn place_cut(
    trial: &mut Trial,
    (table, next): (usize, usize),
    (rows, above): (&[SourceRow], std::ops::Range<usize>),
    (at, cells): (usize, &[&SourceCell]),
    columns: &[&Label],
) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let mut heads: Vec<(u32, &str)> = rows[above]
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| columns.iter().any(|column| column.is(&cell.label)))
        .map(|cell| (cell.col, cell.label.as_str()))
        .collect();
    heads.sort_by_key(|(col, _)| *col);
    let in_order = heads.iter().zip(columns.iter().cycle()).all(|((_, head), column)| column.is(head));
    if next > 0 || heads.len() != cells.len() || heads.len() < 2 * columns.len() || !in_order {
        return;
    }
    let ids: Vec<CellId> = (0..of_form.rows.len()).flat_map(|row| cells_of(&form, table, row)).collect();
    for (id, cell) in ids.iter().zip(cells) {
        place_cell(trial, *id, &cell.text, spot_of(&rows[at]), None);
    }
    let (found, due) = (cells.len(), ids.len());
    let reason =
        words!("表格只有 {found} 列，格式为 {due} 列，后面的留空", "the table has {found} columns of {due}; the last are left blank");
    trial.doubts.push(Doubt { cells: ids, spot: spot_of(&rows[at]), reason, settled_by_sums: false });
    trial.rows.insert(at);
}

/// The rows above that hold the column labels, if the last of them does.
fn heads_above(rows: &[SourceRow], from: usize, at: usize, columns: &[&Label]) -> Option<std::ops::Range<usize>> {
    let start = at.saturating_sub(4).max(from);
    let has_heads = |row: &SourceRow| {
        let known = row.cells.iter().filter(|cell| columns.iter().any(|column| column.is(&cell.label))).count();
        known >= columns.len() - 1
    };
    rows[start..at].iter().any(has_heads).then_some(start..at)
}

/// The figures of a line without labels: all its cells, or those that a stub left of the headers `above` leaves. Words
/// that are none of the form's own ("5（含上年结转1件）") may stand for a few of them, if no cell is missing.
fn figures<'r>(row: &'r SourceRow, most: usize, known: &[Label], above: &[SourceRow]) -> Option<Vec<&'r SourceCell>> {
    let is_own = |cell: &SourceCell| known.iter().any(|label| label.is(&cell.label));
    let mut cells: Vec<&SourceCell> = row.cells.iter().collect();
    // A stub that the form does not have: "件数", or nothing.
    let heads = above.iter().filter(|above| above.table == row.table).flat_map(|above| &above.cells).filter(|cell| is_own(cell));
    let is_left = |stub: &SourceCell| heads.map(|head| head.col).min().is_some_and(|first| stub.col + stub.colspan <= first);
    let is_stub = |stub: &SourceCell| stub.is_blank() && row.cells.len() > most || stub.is_label() && !is_own(stub);
    if cells.first().is_some_and(|stub| is_stub(stub) && is_left(stub)) {
        cells.remove(0);
    }
    while cells.len() > most && cells.last().is_some_and(|cell| cell.is_blank()) {
        cells.pop();
    }
    let words: Vec<&SourceCell> = cells.iter().copied().filter(|cell| cell.is_label()).collect();
    let own = words.iter().any(|cell| is_own(cell));
    if !words.is_empty() && (own || cells.len() != most || 2 * words.len() > cells.len()) {
        return None;
    }
    (cells.len() <= most).then_some(cells)
}

fn names(rows: &[SourceRow], range: std::ops::Range<usize>, label: &Label) -> bool {
    rows[range].iter().flat_map(|row| &row.cells).any(|cell| label.is(&cell.label))
}
