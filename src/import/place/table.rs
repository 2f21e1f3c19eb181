//! One table of the form: its rows found among the source's, its cells read.

use crate::form::{Arrangement, CellId, Form, Kind, Table};
use crate::text::Words;
use crate::words;

use super::align::{Found, align, column_labels, fill_gaps, furniture, own_label, strays};
use super::columns::{Header, Taken, heads, take};
use super::figure;
use super::rows::{SourceCell, SourceRow};
use super::{CellNote, Doubt, Spot, Trial, across};

/// Places one table of the trial's form.
pub(super) fn place(trial: &mut Trial, table: usize, rows: &[SourceRow]) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let mut found = align(rows, of_form);
    fill_gaps(&mut found, rows, &form, table);
    if of_form.arrangement == Arrangement::Across && found.iter().flatten().count() < of_form.rows.len() {
        across::place(trial, table, rows);
        return;
    }
    let strays = strays(rows, of_form, &found);
    let mut from = 0;
    for (block_index, block) in of_form.blocks.iter().enumerate() {
        let Some(first) = block.rows.clone().find_map(|row| found[row].as_ref().map(|found| found.first)) else { continue };
        let header = Header::above(rows, from, first, block);
        trial.heads += header.known();
        let whole = from;
        for row in block.rows.clone() {
            if let Some(found) = &found[row] {
                place_row(trial, (table, row), found, rows, &header);
                from = found.first + found.count;
            }
        }
        for (row, stray) in strays.iter().filter(|(row, _)| block.rows.contains(row)) {
            place_row(trial, (table, *row), stray, rows, &header);
            let reason =
                words!("这一行的次序与格式不同，按标签填入", "this row stands in another order than the form's; placed by its label");
            let spot = spot_of(&rows[stray.first]);
            trial.doubts.push(Doubt { cells: cells_of(&form, table, *row), spot, reason, settled_by_sums: false });
        }
        take_headers(trial, of_form, rows, whole..first);
        doubt_header(trial, (table, block_index), &header, &rows[first]);
    }
    doubt_repeats(trial, table, &found, rows);
}

/// Rows between two blocks that hold nothing but the form's own words belong to the table.
pub(super) fn take_headers(trial: &mut Trial, of_form: &Table, rows: &[SourceRow], between: std::ops::Range<usize>) {
    let known = furniture(of_form);
    for at in between.rev() {
        let row = &rows[at];
        let is_known = |cell: &SourceCell| !cell.is_label() && cell.is_blank() || known.iter().any(|label| heads(label, cell));
        if !row.cells.iter().all(is_known) {
            break;
        }
        trial.heads += row.cells.iter().filter(|cell| cell.is_label()).count().min(1);
        trial.rows.insert(at);
    }
}

fn place_row(trial: &mut Trial, (table, row): (usize, usize), found: &Found, rows: &[SourceRow], header: &Header) {
    let form = trial.form.clone();
    let ids = cells_of(&form, table, row);
    let parts = &rows[found.first..found.first + found.count];
    let Some((source, from)) = source_of(parts, found) else { return };
    trial.rows.extend(found.first..found.first + found.count);
    let Taken { cells, doubt } = take(source, from, ids.len(), header);
    let spot = spot_of(source);
    let label = &form.tables[table].rows[row].label.text;
    let alike =
        found.alike.as_ref().map(|text| words!("原件标签为“{text}”，与“{label}”不同", "the original's label is “{text}”, not “{label}”"));
    let unlabelled = found
        .label
        .is_none()
        .then(|| words!("这一行没有标签，按次序当作“{label}”", "this row has no label; taken for “{label}” by its order"));
    for reason in [doubt, alike, unlabelled].into_iter().flatten() {
        trial.doubts.push(Doubt { cells: ids.clone(), spot, reason, settled_by_sums: false });
    }
    for (column, (id, cell)) in ids.into_iter().zip(cells).enumerate() {
        if let Some(cell) = cell {
            place_cell(trial, id, &cell.text, spot, header.text(column));
        }
    }
}

/// The cells of a row of the form.
pub(super) fn cells_of(form: &Form, table: usize, row: usize) -> Vec<CellId> {
    form.row_cells(table, row).filter_map(|index| u16::try_from(index).ok()).map(CellId).collect()
}

/// Of the source rows of one row, the one with figures, and where its figures begin.
fn source_of<'r>(parts: &'r [SourceRow], found: &Found) -> Option<(&'r SourceRow, usize)> {
    if let [single] = parts {
        return Some((single, found.label.map_or_else(|| single.last_label().map_or(0, |at| at + 1), |at| at + 1)));
    }
    let behind = |row: &SourceRow| row.last_label().map_or(0, |at| at + 1);
    let filled = parts.iter().find(|row| row.has_figures(behind(row)));
    let row = filled.or_else(|| parts.iter().max_by_key(|row| row.cells.len() - behind(row)))?;
    Some((row, behind(row)))
}

pub(super) fn spot_of(row: &SourceRow) -> Spot {
    Spot { place: row.place(), table: row.table, row: row.row + 1 }
}

/// Reads a figure into a cell, with its doubt or note.
pub(super) fn place_cell(trial: &mut Trial, id: CellId, text: &str, spot: Spot, header: Option<&str>) {
    let form = trial.form.clone();
    // A unit of money is that of amounts, whatever else the header holds.
    let head_unit = header.filter(|_| form.kind(id) == Kind::Amount).and_then(figure::head_unit);
    let figure = figure::read(text, form.kind(id), form.unit(id), head_unit);
    if let Some(reason) = figure.doubt {
        trial.doubts.push(Doubt { cells: vec![id], spot, reason, settled_by_sums: figure.gap });
    }
    if let Some(note) = figure.note {
        trial.notes.push(CellNote { cell: id, spot, note });
    }
    trial.cells[id.index()] = Some(figure.cell);
    trial.spots.insert(id, spot);
}

/// A block whose header is missing or in another order is placed by position, with a doubt.
fn doubt_header(trial: &mut Trial, (table, block): (usize, usize), header: &Header, first: &SourceRow) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let columns = of_form.blocks[block].columns.len();
    let missing = header.known() * 2 < columns && of_form.arrangement != Arrangement::List;
    let reason: Words = if header.disordered {
        words!(
            "列标题的次序与格式不同；正对列标题的格按列标题填入，其余按格式的列序",
            "the column headers stand in another order than the form's; cells right below a header are placed by it, others in the form's order"
        )
    } else if missing {
        words!("没有找到列标题，按格式的列序填入", "the column headers were not found; placed in the form's order")
    } else {
        return;
    };
    let rows = of_form.blocks[block].rows.clone();
    let cells: Vec<CellId> = rows.flat_map(|row| cells_of(&form, table, row)).filter(|id| trial.cells[id.index()].is_some()).collect();
    // A block of which nothing was placed has other doubts.
    if !cells.is_empty() {
        trial.doubts.push(Doubt { cells, spot: spot_of(first), reason, settled_by_sums: false });
    }
}

/// A row that stands in the document twice with different figures: one of them is wrong, or is of
/// another year.
fn doubt_repeats(trial: &mut Trial, table: usize, found: &[Option<Found>], rows: &[SourceRow]) {
    let form = trial.form.clone();
    let used: std::collections::BTreeSet<usize> = trial.rows.clone();
    let heads = column_labels(&form.tables[table]);
    for (row, found) in found.iter().enumerate() {
        let Some(found) = found.as_ref().filter(|found| found.label.is_some()) else { continue };
        let wanted = &form.tables[table].rows[row].label;
        let ids = cells_of(&form, table, row);
        let figures = |row: &SourceRow| {
            let from = row.last_label().map_or(0, |at| at + 1);
            row.cells[from..].iter().map(|cell| crate::number::normalise(&cell.text)).collect::<Vec<_>>()
        };
        let own = figures(&rows[found.first]);
        let other = rows.iter().enumerate().find(|(at, other)| {
            let label = own_label(other, &heads);
            let same = label.is_some_and(|label| wanted.is(&other.cells[label].label) && other.has_figures(label + 1));
            !used.contains(at) && same && other.cells.len() > ids.len() && figures(other) != own
        });
        if let Some((_, other)) = other {
            let Spot { table, .. } = spot_of(other);
            let reason = words!("第 {table} 个表格也有这一行，数字不同", "table {table} has this row too, with other figures");
            trial.doubts.push(Doubt { cells: ids, spot: spot_of(&rows[found.first]), reason, settled_by_sums: false });
        }
    }
}
