//! What remains of a document when the official tables are taken out, in its order.
//!
//! Rows that the form does not know are told; long texts in one cell are prose; whole tables of other
//! content stay tables. Lines that no table took become paragraphs.

use std::collections::BTreeSet;

use crate::form::{Label, normalise_label};
use crate::import::block::Block;
use crate::import::grid::{Grid, GridBuilder, GridCell};
use crate::import::lines::paragraphs;

use super::align::furniture;
use super::columns::heads;
use super::rows::SourceRow;
use super::table::spot_of;
use super::{Placed, Trial};

/// Fills in the remaining blocks and the rows that could not be placed.
pub(super) fn rest(trial: &Trial, rows: &[SourceRow], blocks: &[Block], placed: &mut Placed) {
    let official: BTreeSet<usize> = trial.rows.iter().map(|at| rows[*at].block).collect();
    let known: Vec<_> = trial.form.tables.iter().flat_map(furniture).collect();
    for (index, block) in blocks.iter().enumerate() {
        match block {
            Block::Table(grid) if official.contains(&index) => {
                let own: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].block == index).collect();
                pieces(trial, rows, &own, grid, placed);
            }
            Block::Table(grid) if grid.is_blank() => {}
            Block::Lines(lines) => {
                let left = lines.iter().enumerate().filter(|(line, _)| !trial.lines.contains(&(index, *line)));
                let left: Vec<_> = left.map(|(_, line)| line.clone()).collect();
                // Headers of a table that a page break parted from it.
                let is_furniture = |block: &Block| known.iter().any(|label| label.is(&normalise_label(&block.text())));
                placed.rest.extend(paragraphs(&left).into_iter().filter(|block| !is_furniture(block)));
            }
            other => placed.rest.push(other.clone()),
        }
    }
}

/// The rows of an official table that were not placed: prose, or told as unplaced.
fn pieces(trial: &Trial, rows: &[SourceRow], own: &[usize], grid: &Grid, placed: &mut Placed) {
    let known: Vec<_> = trial.form.tables.iter().flat_map(furniture).collect();
    let mut other: Vec<usize> = Vec::new();
    for at in own {
        let row = &rows[*at];
        let filled: Vec<_> = row.cells.iter().filter(|cell| !cell.is_blank()).collect();
        let is_head =
            !filled.is_empty() && filled.iter().all(|cell| known.iter().any(|label| is_part(&cell.label, label) || heads(label, cell)));
        if trial.rows.contains(at) || filled.is_empty() || is_head {
            continue;
        }
        if let [single] = filled.as_slice()
            && single.is_label()
        {
            // The end of a label in the stub, below a page break.
            if single.label.chars().count() < 4 && known.iter().any(|label| normalise_label(&label.text).contains(&single.label)) {
                continue;
            }
            flush(grid, rows, &mut other, placed);
            placed.rest.push(Block::paragraph(single.text.clone(), single.place));
        } else {
            other.push(*at);
        }
    }
    flush(grid, rows, &mut other, placed);
}

/// Whether a text is a label, or a part of one that a page break has cut.
fn is_part(text: &str, label: &Label) -> bool {
    label.is(text) || text.chars().count() >= 4 && normalise_label(&label.text).contains(text)
}

/// Rows that are no part of the form: a table of their own if they are many, else told row by row.
fn flush(grid: &Grid, rows: &[SourceRow], other: &mut Vec<usize>, placed: &mut Placed) {
    for at in other.iter() {
        placed.unplaced.push((spot_of(&rows[*at]), rows[*at].text()));
    }
    if other.len() >= 3 {
        let mut builder = GridBuilder::new(grid.place);
        for (row, at) in (0..).zip(other.iter()) {
            for cell in &rows[*at].cells {
                let text = cell.text.clone();
                let cell = GridCell { row, col: cell.col, rowspan: 1, colspan: cell.colspan, text, place: cell.place };
                // The grid came from a builder, so its cells fit one.
                let _ = builder.add(cell);
            }
        }
        placed.rest.push(Block::Table(builder.finish()));
    }
    other.clear();
}
