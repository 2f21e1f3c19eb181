//! A table as a grid of cells with spans, and the builder that readers use to make one.
//!
//! Cells are kept in reading order and sparsely, so that `colspan="1000000"` or a cell in the last
//! column of a sheet costs nothing. Sizes are capped ([`MAX_COLUMNS`], [`MAX_CELLS`]).

use super::block::Place;
use super::fault::{Fault, Measure};

/// Columns that a table may have: official forms have at most 15, ragged HTML perhaps a hundred.
pub const MAX_COLUMNS: u32 = 1_000;
/// Cells that a table may have.
pub const MAX_CELLS: usize = 100_000;
/// A wider span is a slip or an attack; what counts then is the cell's position in its row.
const WIDEST_SPAN: u32 = 100;
const TALLEST_SPAN: u32 = 10_000;

/// One cell as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    /// Row of its upper left corner, from 0.
    pub row: u32,
    /// Column of its upper left corner, from 0.
    pub col: u32,
    /// Rows it covers, at least 1.
    pub rowspan: u32,
    /// Columns it covers, at least 1.
    pub colspan: u32,
    /// Its text; `\n` between lines.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Cells by row, then column.
    pub cells: Vec<GridCell>,
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub cols: u32,
    /// Where the table begins.
    pub place: Place,
}

impl Grid {
    /// The cells that begin in each row, by row.
    pub fn by_row(&self) -> Vec<Vec<&GridCell>> {
        let mut rows = vec![Vec::new(); self.rows as usize];
        for cell in &self.cells {
            if let Some(row) = rows.get_mut(cell.row as usize) {
                row.push(cell);
            }
        }
        rows
    }

    /// All text in reading order, cells apart by tabs, rows by line feeds.
    pub fn text(&self) -> String {
        let rows = self.by_row();
        let line = |row: &Vec<&GridCell>| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("\t");
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Whether no cell shows anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.chars().all(super::block::is_blank_char))
    }
}

/// Which columns are taken by cells that come down from above.
#[derive(Debug, Default)]
pub(crate) struct Occupancy {
    /// For each column, the first row that is free again.
    free_from: Vec<u32>,
}

impl Occupancy {
    fn taken(&self, row: u32, col: u32) -> bool {
        self.free_from.get(col as usize).is_some_and(|free| *free > row)
    }

    /// The first free column of `row` from `col` on.
    pub(crate) fn next_free(&self, row: u32, mut col: u32) -> u32 {
        while self.taken(row, col) {
            col += 1;
        }
        col
    }

    /// A span that would run over a cell coming down from above ends before it.
    pub(crate) fn fit(&self, row: u32, col: u32, colspan: u32) -> u32 {
        (1..colspan).find(|offset| self.taken(row, col + offset)).unwrap_or(colspan)
    }

    /// Takes the columns of a cell down to its last row.
    pub(crate) fn take(&mut self, row: u32, col: u32, rowspan: u32, colspan: u32) {
        let right = (col.saturating_add(colspan)).min(2 * MAX_COLUMNS) as usize;
        if self.free_from.len() < right {
            self.free_from.resize(right, 0);
        }
        for free in self.free_from.iter_mut().take(right).skip(col as usize) {
            *free = (*free).max(row.saturating_add(rowspan));
        }
    }
}

/// Spans as pages give them, made sane. A row span of 0 means "to the end" in HTML; it is taken as 1.
pub(crate) fn sane_spans(rowspan: u32, colspan: u32) -> (u32, u32) {
    let colspan = if colspan > WIDEST_SPAN { 1 } else { colspan.max(1) };
    (rowspan.clamp(1, TALLEST_SPAN), colspan)
}

/// Builds a grid from cells whose places are known.
#[derive(Debug, Default)]
pub struct GridBuilder {
    grid: Grid,
}

impl GridBuilder {
    /// A table that begins at `place`.
    pub fn new(place: Place) -> Self {
        Self { grid: Grid { place, ..Grid::default() } }
    }

    /// Adds a cell.
    pub fn add(&mut self, cell: GridCell) -> Result<(), Fault> {
        let right = cell.col.saturating_add(cell.colspan);
        if cell.col >= MAX_COLUMNS || right > MAX_COLUMNS * 2 {
            return Err(Fault::TooLarge { what: Measure::Columns, limit: u64::from(MAX_COLUMNS) });
        }
        if self.grid.cells.len() >= MAX_CELLS {
            return Err(Fault::TooLarge { what: Measure::Cells, limit: MAX_CELLS as u64 });
        }
        self.grid.rows = self.grid.rows.max(cell.row + 1);
        self.grid.cols = self.grid.cols.max(right);
        self.grid.cells.push(cell);
        Ok(())
    }

    /// Adds a cell that covers one row and one column.
    pub fn add_single(&mut self, row: u32, col: u32, text: impl Into<String>, place: Place) -> Result<(), Fault> {
        self.add(GridCell { row, col, rowspan: 1, colspan: 1, text: text.into(), place })
    }

    /// The finished table: cells in order, row spans cut at the last row.
    pub fn finish(mut self) -> Grid {
        self.grid.cells.sort_by_key(|cell| (cell.row, cell.col));
        for cell in &mut self.grid.cells {
            cell.rowspan = cell.rowspan.min(self.grid.rows - cell.row);
        }
        self.grid
    }
}
