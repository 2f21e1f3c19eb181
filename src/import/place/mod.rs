//! Tables of a document → cells of a form, by labels.
//!
//! Each form is tried: its rows are aligned with all rows of the document (`align`), figures are
//! taken by their position in the row (`columns`) and read (`figure`). The form that explains most
//! is the edition. Where the document only has lines, `lines` looks for the labels in the text.
//! Nothing is guessed: a cell that is not found stays blank with a doubt, and what is found in an
//! unusual way is doubted.

mod across;
mod align;
mod columns;
mod figure;
mod lines;
mod rest;
mod rows;
mod sums;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::form::{Arrangement, CellId, Form, Forms, Label, Table};
use crate::report::Cell;
use crate::text::Words;
use crate::words;

use super::block::{Block, Place};
use rows::{SourceRow, mend, rows_of};

/// Why cells are not certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The cells concerned.
    pub cells: Vec<CellId>,
    /// Where in the original to look.
    pub spot: Spot,
    /// What is uncertain.
    pub reason: Words,
    /// Sums that hold remove the doubt.
    pub(crate) settled_by_sums: bool,
}

/// A place in a table of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// Page, line or paragraph.
    pub place: Place,
    /// Which table, from 1; 0 for none.
    pub table: u32,
    /// Row of the table, from 1; 0 for none.
    pub row: u32,
}

/// A change made on the way that leaves no doubt: a unit taken off, a separator dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellNote {
    /// The cell.
    pub cell: CellId,
    /// Where in the original it stands.
    pub spot: Spot,
    /// What was done.
    pub note: Words,
}

/// A document's figures on a form.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The edition recognised.
    pub form: Arc<Form>,
    /// All cells of the form; those not found are blank.
    pub cells: Vec<Cell>,
    /// How many cells were found in the document, blank ones included.
    pub found: usize,
    /// Doubts, by cell.
    pub doubts: Vec<Doubt>,
    /// Changes made without doubt.
    pub notes: Vec<CellNote>,
    /// Rows of official tables that the form does not know.
    pub unplaced: Vec<(Spot, String)>,
    /// What remains of the document when the official tables are taken out.
    pub rest: Vec<Block>,
}

/// What one form makes of a document.
#[derive(Debug, Clone)]
struct Trial {
    form: Arc<Form>,
    cells: Vec<Option<Cell>>,
    doubts: Vec<Doubt>,
    notes: Vec<CellNote>,
    /// Where each cell was found.
    spots: BTreeMap<CellId, Spot>,
    /// Source rows that belong to a table of the form.
    rows: BTreeSet<usize>,
    /// Tables whose figures come from lines of text.
    from_lines: BTreeSet<usize>,
    /// Lines that belong to a table of the form: block and line.
    lines: BTreeSet<(usize, usize)>,
    /// Found headers and titles, which tell editions apart.
    heads: usize,
}

impl Trial {
    fn new(form: &Arc<Form>) -> Self {
        let cells = vec![None; form.cell_count()];
        let (doubts, notes) = (Vec::new(), Vec::new());
        Self {
            form: form.clone(),
            cells,
            doubts,
            notes,
            spots: BTreeMap::new(),
            rows: BTreeSet::new(),
            from_lines: BTreeSet::new(),
            lines: BTreeSet::new(),
            heads: 0,
        }
    }

    /// How much of the document the form explains: cells without doubt, and headers.
    fn score(&self) -> usize {
        let doubted: BTreeSet<CellId> = self.doubts.iter().flat_map(|doubt| doubt.cells.iter().copied()).collect();
        let sure = self.form.cells().filter(|id| self.cells[id.index()].is_some() && !doubted.contains(id)).count();
        let found = self.cells.iter().flatten().count();
        2 * sure + found + 3 * self.heads
    }

    fn found_in(&self, table: usize) -> usize {
        self.form.cells().filter(|id| self.form.place(*id).table == table && self.cells[id.index()].is_some()).count()
    }
}

/// Places a document's tables on the form that fits best, or on `form` if one is given; among forms
/// that fit alike, and where there are no tables, that of `year` is taken.
pub fn place(blocks: &[Block], forms: &Forms, form: Option<&Arc<Form>>, year: Option<u16>) -> Placed {
    let known: Vec<Label> = forms.iter().flat_map(|form| &form.tables).flat_map(all_labels).collect();
    let rows = mend(rows_of(blocks), &known, &row_labels(forms));
    let due = year.map(|year| forms.for_year(year).clone());
    let trials: Vec<Trial> = forms.iter().map(|form| attempt(form, &rows, blocks)).collect();
    let is_due = |trial: &Trial| due.as_ref().is_some_and(|due| due.key == trial.form.key);
    let best = match form {
        Some(form) => trials.iter().find(|trial| trial.form.key == form.key),
        None => trials.iter().max_by_key(|trial| (trial.score(), is_due(trial), trial.form.first_year)),
    };
    let Some(best) = best else { return nothing(form.cloned().unwrap_or_else(|| forms.for_year(2021).clone()), blocks) };
    finish(best, &trials, &rows, blocks)
}

/// All labels of a table, of rows and others.
fn all_labels(table: &Table) -> Vec<Label> {
    table.rows.iter().map(|row| row.label.clone()).chain(align::furniture(table)).collect()
}

/// The labels behind which figures stand; those of rows beside each other are headings.
fn row_labels(forms: &Forms) -> Vec<Label> {
    let tables = forms.iter().flat_map(|form| &form.tables).filter(|table| table.arrangement != Arrangement::Across);
    tables.flat_map(|table| &table.rows).map(|row| row.label.clone()).collect()
}

fn nothing(form: Arc<Form>, blocks: &[Block]) -> Placed {
    let cells = vec![Cell::Blank; form.cell_count()];
    Placed { form, cells, found: 0, doubts: Vec::new(), notes: Vec::new(), unplaced: Vec::new(), rest: blocks.to_vec() }
}

/// Tries one form.
fn attempt(form: &Arc<Form>, rows: &[SourceRow], blocks: &[Block]) -> Trial {
    let mut trial = Trial::new(form);
    for table in 0..form.tables.len() {
        table::place(&mut trial, table, rows);
        if trial.found_in(table) == 0 {
            lines::place(&mut trial, table, blocks);
        }
    }
    trial
}

fn finish(best: &Trial, trials: &[Trial], rows: &[SourceRow], blocks: &[Block]) -> Placed {
    let mut best = best.clone();
    sums::doubt(&mut best);
    let best = &best;
    let mut placed = Placed {
        form: best.form.clone(),
        cells: best.cells.iter().map(|cell| cell.clone().unwrap_or(Cell::Blank)).collect(),
        found: best.cells.iter().flatten().count(),
        doubts: best.doubts.clone(),
        notes: best.notes.clone(),
        unplaced: Vec::new(),
        rest: Vec::new(),
    };
    doubt_missing(best, trials, &mut placed);
    placed.doubts.sort_by_key(|doubt| doubt.cells.first().copied());
    rest::rest(best, rows, blocks, &mut placed);
    placed
}

/// Cells that were not found, where no doubt says so yet: table by table, row by row.
fn doubt_missing(best: &Trial, trials: &[Trial], placed: &mut Placed) {
    let form = &best.form;
    let said: BTreeSet<CellId> = best.doubts.iter().flat_map(|doubt| doubt.cells.iter().copied()).collect();
    for (index, table) in form.tables.iter().enumerate() {
        let missing: Vec<CellId> =
            form.cells().filter(|id| form.place(*id).table == index && best.cells[id.index()].is_none() && !said.contains(id)).collect();
        let caption = &table.caption;
        if best.found_in(index) == 0 && !missing.is_empty() {
            let reason = other_edition(best, trials, index).unwrap_or_else(|| {
                words!("没有找到“{caption}”表，全部留空", "the table “{caption}” was not found; all its cells are left blank")
            });
            placed.doubts.push(Doubt { cells: missing, spot: Spot::default(), reason, settled_by_sums: false });
            continue;
        }
        for row in 0..table.rows.len() {
            let cells: Vec<CellId> = missing.iter().copied().filter(|id| form.place(*id).row == row).collect();
            if !cells.is_empty() {
                let label = &table.rows[row].label.text;
                let reason = words!("没有找到“{label}”，留空", "“{label}” was not found; left blank");
                placed.doubts.push(Doubt { cells, spot: Spot::default(), reason, settled_by_sums: false });
            }
        }
    }
}

/// A table that another edition would explain: the report mixes editions.
fn other_edition(best: &Trial, trials: &[Trial], table: usize) -> Option<Words> {
    let key = &best.form.tables[table].key;
    let other = trials.iter().filter(|trial| trial.form.key != best.form.key).find(|trial| {
        let there = trial.form.tables.iter().position(|table| table.key == *key);
        there.is_some_and(|there| trial.found_in(there) > 0)
    })?;
    let (caption, used) = (&best.form.tables[table].caption, &other.form.key);
    Some(words!(
        "“{caption}”表是 {used} 的样式，与其余各表版式不同，未填",
        "the table “{caption}” is of {used}, unlike the other tables; not placed"
    ))
}
