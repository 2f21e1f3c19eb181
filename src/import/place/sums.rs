//! The form's own sums tell whether figures may have slipped into a neighbour's place.
//!
//! A sum that does not hold may be the original's fault, which the rules report; but it is also what a
//! figure in the wrong cell looks like, and whoever imports can look at the original now.

use std::collections::BTreeSet;

use crate::form::{Along, Arrangement, CellId, Comparison, Equation, Term};
use crate::number::Number;
use crate::report::Cell;
use crate::words;

use super::{CellNote, Doubt, Spot, Trial};

/// Doubts figures by the sums of all tables.
pub(super) fn doubt(trial: &mut Trial) {
    settle(trial);
    for table in 0..trial.form.tables.len() {
        if trial.from_lines.contains(&table) {
            doubt_all(trial, table);
        } else {
            let empty = doubt_empty_columns(trial, table);
            doubt_rows(trial, table, &empty);
            doubt_holes(trial, table, &empty);
        }
    }
}

/// A column that nobody filled in, 总计 mostly, while the others have figures: one doubt for its block, where
/// each row would say the same of itself. Returns the cells of such columns.
fn doubt_empty_columns(trial: &mut Trial, table: usize) -> BTreeSet<CellId> {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let mut empty = BTreeSet::new();
    for block in of_form.blocks.iter().filter(|block| block.columns.len() > 1 && of_form.arrangement != Arrangement::Across) {
        let is_found = |row: &Vec<CellId>| row.iter().any(|id| trial.cells[id.index()].is_some());
        let rows: Vec<Vec<CellId>> = block.rows.clone().map(|row| super::table::cells_of(&form, table, row)).filter(is_found).collect();
        let is = |id: &CellId, wanted: fn(&Cell) -> bool| trial.cells[id.index()].as_ref().is_some_and(wanted);
        let columns: Vec<Vec<CellId>> =
            (0..block.columns.len()).map(|column| rows.iter().filter_map(|row| row.get(column).copied()).collect()).collect();
        let is_filled = columns.iter().flatten().any(|id| is(id, |cell| matches!(cell, Cell::Number(_))));
        for (column, cells) in block.columns.iter().zip(&columns) {
            if !is_filled || cells.len() < 3 || !cells.iter().all(|id| is(id, |cell| *cell == Cell::Blank)) {
                continue;
            }
            let label = column.label.short();
            let reason =
                words!("“{label}”列一格也没有填；请与原件核对有无错位", "the column “{label}” is all blank; check for misplaced figures");
            let spot = cells.iter().find_map(|cell| trial.spots.get(cell).copied()).unwrap_or_default();
            trial.doubts.push(Doubt { cells: rows.concat(), spot, reason, settled_by_sums: false });
            empty.extend(cells);
        }
    }
    empty
}

/// Where a table prints its zeros, a row with a blank among its figures is odd: a cell may have been lost
/// or put in, and the sums may hold all the same. In a table of one line nothing else would tell.
fn doubt_holes(trial: &mut Trial, table: usize, empty: &BTreeSet<CellId>) {
    let form = trial.form.clone();
    let is_zero = |id: &CellId| matches!(trial.cells[id.index()], Some(Cell::Number(number)) if number.is_zero());
    let prints_zeros = form.cells().filter(|id| form.place(*id).table == table).any(|id| is_zero(&id));
    let rows = 0..form.tables[table].rows.len();
    let rows: Vec<Vec<CellId>> = match form.tables[table].arrangement {
        // One line of figures holds all rows.
        Arrangement::Across => vec![rows.flat_map(|row| super::table::cells_of(&form, table, row)).collect()],
        _ => rows.map(|row| super::table::cells_of(&form, table, row)).collect(),
    };
    let one_line = form.tables[table].arrangement == Arrangement::Across;
    for cells in rows.into_iter().filter(|_| prints_zeros || one_line) {
        let blank = cells.iter().any(|id| trial.cells[id.index()] == Some(Cell::Blank) && !empty.contains(id));
        let figure = cells.iter().any(|id| matches!(trial.cells[id.index()], Some(Cell::Number(_))));
        if blank && figure {
            let reason = words!(
                "这一行有空格，而表中的零都写明；请核对有无错位",
                "this row has a blank while zeros are printed; check for misplaced figures"
            );
            let spot = cells.iter().find_map(|cell| trial.spots.get(cell).copied()).unwrap_or_default();
            trial.doubts.push(Doubt { cells, spot, reason, settled_by_sums: false });
        }
    }
}

/// A figure broken over two lines of its cell is certain if every sum it is part of holds.
fn settle(trial: &mut Trial) {
    let form = trial.form.clone();
    let doubts = std::mem::take(&mut trial.doubts);
    for doubt in doubts {
        let equations = form.tables.iter().flat_map(|table| &table.equations).filter(|equation| equation.comparison == Comparison::Equal);
        let mut own = equations.filter(|equation| cells_of(equation).any(|cell| doubt.cells.contains(&cell))).peekable();
        let settled = doubt.settled_by_sums && own.peek().is_some() && own.all(|equation| holds(trial, equation));
        if settled {
            trial.notes.extend(doubt.cells.iter().map(|cell| CellNote { cell: *cell, spot: doubt.spot, note: doubt.reason.clone() }));
        } else {
            trial.doubts.push(doubt);
        }
    }
}

/// Whether all cells of an equality have figures and it holds.
fn holds(trial: &Trial, equation: &Equation) -> bool {
    cells_of(equation).all(|cell| matches!(trial.cells[cell.index()], Some(Cell::Number(_)))) && !is_broken(trial, equation)
}

/// Doubts rows whose own sum does not hold; where only columns do not hold, those columns.
fn doubt_rows(trial: &mut Trial, table: usize, empty: &BTreeSet<CellId>) {
    let form = trial.form.clone();
    // Without its total a row has no sum that could fail.
    let has_sides =
        |equation: &&Equation| [&equation.left, &equation.right].iter().all(|side| side.iter().any(|term| !empty.contains(&term.cell)));
    let equations = form.tables[table].equations.iter().filter(has_sides);
    let broken: Vec<&Equation> = equations.filter(|equation| is_broken(trial, equation)).collect();
    let of_rows: Vec<&Equation> = broken.iter().copied().filter(|equation| matches!(equation.along, Along::Row(_))).collect();
    let chosen = if of_rows.is_empty() { broken } else { of_rows };
    for equation in chosen {
        let cells: Vec<CellId> = cells_of(equation).collect();
        let reason =
            words!("合计不成立，请与原件核对有无错位", "the sum does not hold; compare with the original whether figures are out of place");
        let spot = cells.iter().find_map(|cell| trial.spots.get(cell).copied()).unwrap_or_default();
        trial.doubts.push(Doubt { cells, spot, reason, settled_by_sums: false });
    }
}

/// Doubts every cell of every sum that does not hold: for figures that come from lines of text.
fn doubt_all(trial: &mut Trial, table: usize) {
    let form = trial.form.clone();
    let broken = form.tables[table].equations.iter().filter(|equation| is_broken(trial, equation));
    let cells: BTreeSet<CellId> = broken.flat_map(cells_of).collect();
    if !cells.is_empty() {
        let reason = words!("勾稽关系不成立，文字中的数可能错位，请核对", "the sums do not hold; figures of the text may be out of place");
        trial.doubts.push(Doubt { cells: cells.into_iter().collect(), spot: Spot::default(), reason, settled_by_sums: false });
    }
}

fn cells_of(equation: &Equation) -> impl Iterator<Item = CellId> {
    equation.left.iter().chain(&equation.right).map(|term| term.cell)
}

/// Whether an equality does not hold, a blank counting as nothing; false where it cannot be judged.
fn is_broken(trial: &Trial, equation: &Equation) -> bool {
    let number = |term: &Term| {
        let number = match trial.cells[term.cell.index()].as_ref()? {
            Cell::Number(number) => *number,
            Cell::Blank => Number::ZERO,
            _ => return None,
        };
        Some(if term.negative { -number } else { number })
    };
    let sum = |terms: &[Term]| terms.iter().map(number).sum::<Option<Number>>();
    equation.comparison == Comparison::Equal
        && matches!((sum(&equation.left), sum(&equation.right)), (Some(left), Some(right)) if left != right)
}
