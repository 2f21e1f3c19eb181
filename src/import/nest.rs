//! Tables inside tables → flat blocks.
//!
//! Two things look alike: a table that only lays out a page (one cell holds the article), and a table
//! of data in one cell of which somebody put another table. The first is dissolved into its content;
//! from the second the inner table is taken out and set behind it, or, when it is a single cell, read
//! as that cell's text.

use super::block::{Block, Place};
use super::fault::{Fault, Measure};
use super::grid::{Grid, GridBuilder, GridCell, MAX_CELLS, Occupancy, sane_spans};

/// A cell whose content is still blocks.
#[derive(Debug)]
pub(crate) struct RawCell {
    /// First grid column.
    pub(crate) col: u32,
    /// Columns covered.
    pub(crate) colspan: u32,
    /// Its content.
    pub(crate) blocks: Vec<Block>,
    /// Where it stands.
    pub(crate) place: Place,
}

struct Placed {
    row: u32,
    rowspan: u32,
    cell: RawCell,
}

/// A table whose cells are still blocks.
pub(crate) struct RawTable {
    cells: Vec<Placed>,
    row: Option<u32>,
    /// The next column of the current row, for tables whose cells flow.
    col: u32,
    taken: Occupancy,
    place: Place,
}

impl RawTable {
    /// A table that begins at `place`.
    pub(crate) fn new(place: Place) -> Self {
        Self { cells: Vec::new(), row: None, col: 0, taken: Occupancy::default(), place }
    }

    /// Begins the next row.
    pub(crate) fn next_row(&mut self) {
        self.row = Some(self.row.map_or(0, |row| row + 1));
        self.col = 0;
    }

    /// Adds a cell at the next free column of the current row, as HTML tables are laid out.
    pub(crate) fn flow(&mut self, blocks: Vec<Block>, spans: (u32, u32), place: Place) -> Result<(), Fault> {
        let row = *self.row.get_or_insert(0);
        let (rowspan, colspan) = sane_spans(spans.0, spans.1);
        let col = self.taken.next_free(row, self.col);
        let colspan = self.taken.fit(row, col, colspan);
        self.taken.take(row, col, rowspan, colspan);
        self.col = col + colspan;
        self.push(RawCell { col, colspan, blocks, place }, rowspan)
    }

    /// Adds a cell of one row.
    pub(crate) fn add(&mut self, cell: RawCell) -> Result<(), Fault> {
        self.push(cell, 1)
    }

    fn push(&mut self, cell: RawCell, rowspan: u32) -> Result<(), Fault> {
        if self.cells.len() >= MAX_CELLS {
            return Err(Fault::TooLarge { what: Measure::Cells, limit: MAX_CELLS as u64 });
        }
        let row = *self.row.get_or_insert(0);
        self.cells.push(Placed { row, rowspan, cell });
        Ok(())
    }

    /// Lets the cell above `col` reach into the current row; false if there is none.
    pub(crate) fn extend_down(&mut self, col: u32) -> bool {
        let row = self.row.unwrap_or(0);
        let above = |placed: &&mut Placed| placed.cell.col == col && placed.row + placed.rowspan == row;
        match self.cells.iter_mut().rev().take_while(|p| row - p.row < 5_000).find(above) {
            Some(placed) => {
                placed.rowspan += 1;
                true
            }
            None => false,
        }
    }

    /// Lets the last cell of the current row reach further right; false if there is none.
    pub(crate) fn extend_right(&mut self, columns: u32) -> bool {
        let row = self.row.unwrap_or(0);
        match self.cells.last_mut().filter(|placed| placed.row == row) {
            Some(placed) => {
                placed.cell.colspan += columns;
                true
            }
            None => false,
        }
    }

    /// The table as blocks.
    pub(crate) fn settle(self) -> Result<Vec<Block>, Fault> {
        if self.is_frame() {
            return Ok(self.cells.into_iter().flat_map(|placed| placed.cell.blocks).collect());
        }
        let mut builder = GridBuilder::new(self.place);
        let mut inner = Vec::new();
        for Placed { row, rowspan, cell } in self.cells {
            let (text, mut taken_out) = text_and_tables(cell.blocks);
            inner.append(&mut taken_out);
            builder.add(GridCell { row, col: cell.col, rowspan, colspan: cell.colspan, text, place: cell.place })?;
        }
        let grid = builder.finish();
        let mut blocks = if grid.cells.is_empty() { Vec::new() } else { vec![Block::Table(grid)] };
        blocks.extend(inner.into_iter().map(Block::Table));
        Ok(blocks)
    }

    /// Whether the table only frames its content: a single column, an article in one cell, or inner
    /// tables that hold more than it does itself.
    fn is_frame(&self) -> bool {
        let single_column = self.cells.iter().all(|placed| placed.cell.col == 0);
        let article = |placed: &Placed| {
            let paragraphs = placed.cell.blocks.iter().filter(|block| !matches!(block, Block::Table(_)));
            let (count, length) = paragraphs.fold((0, 0), |(n, l), block| (n + 1, l + block.text().chars().count()));
            count >= 3 && length > 300
        };
        single_column || self.cells.iter().any(article) || self.inner_cells() > self.own_texts()
    }

    fn inner_cells(&self) -> usize {
        let inner = self.cells.iter().flat_map(|placed| &placed.cell.blocks);
        inner.map(|block| if let Block::Table(grid) = block { grid.cells.len() } else { 0 }).sum()
    }

    fn own_texts(&self) -> usize {
        let has_text = |block: &Block| !matches!(block, Block::Table(_)) && !block.text().trim().is_empty();
        self.cells.iter().filter(|placed| placed.cell.blocks.iter().any(has_text)).count()
    }
}

/// A cell's text, and the inner tables that are more than text.
fn text_and_tables(blocks: Vec<Block>) -> (String, Vec<Grid>) {
    let (mut lines, mut tables) = (Vec::new(), Vec::new());
    for block in blocks {
        match block {
            Block::Table(grid) if grid.cells.len() > 1 => tables.push(grid),
            other => lines.push(other.text()),
        }
    }
    (lines.join("\n"), tables)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;
    use crate::import::grid::MAX_COLUMNS;

    fn flow(table: &mut RawTable, text: &str, rowspan: u32, colspan: u32) -> Result<(), Fault> {
        table.flow(vec![Block::paragraph(text, Place::Unknown)], (rowspan, colspan), Place::Unknown)
    }

    fn grid(table: RawTable) -> Grid {
        match table.settle().unwrap().remove(0) {
            Block::Table(grid) => grid,
            other => panic!("{other:?}"),
        }
    }

    /// A cell that comes down from above pushes the next row's cells to the right.
    #[test]
    fn cells_flow_around_row_spans() {
        let mut table = RawTable::new(Place::Unknown);
        flow(&mut table, "甲", 2, 1).unwrap();
        flow(&mut table, "乙", 1, 2).unwrap();
        table.next_row();
        flow(&mut table, "丙", 1, 1).unwrap();
        let grid = grid(table);
        assert_eq!((grid.rows, grid.cols), (2, 3));
        assert_eq!((grid.cells[2].row, grid.cells[2].col), (1, 1));
    }

    /// An absurd span is taken as none, and nothing is allocated for it.
    #[test]
    fn absurd_spans_cost_nothing() {
        let mut table = RawTable::new(Place::Unknown);
        flow(&mut table, "甲", 1_000_000, 1_000_000).unwrap();
        flow(&mut table, "乙", 1, 1).unwrap();
        let grid = grid(table);
        assert_eq!((grid.rows, grid.cols), (1, 2));
    }

    /// Ten thousand columns are refused with the limit.
    #[test]
    fn too_many_columns_are_refused() {
        let mut table = RawTable::new(Place::Unknown);
        for _ in 0..10_000 {
            flow(&mut table, "", 1, 1).unwrap();
        }
        assert_eq!(
            table.settle().unwrap_err(),
            Fault::TooLarge { what: crate::import::fault::Measure::Columns, limit: u64::from(MAX_COLUMNS) }
        );
    }
}
