//! Text with tabs: the tables of Apache Tika (a cell a line) and of copies from a browser (a row a line).

use super::paragraph;
use crate::import::block::{Block, Place};
use crate::import::fault::Fault;
use crate::import::grid::{Grid, GridBuilder};

/// A table under way.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<(String, u32)>>,
    /// Whether the next cell belongs to the last row.
    row_open: bool,
}

/// Reads the whole text.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, Fault> {
    let mut blocks = Vec::new();
    let mut table: Option<Table> = None;
    let mut blank_lines = 0;
    for (line, number) in text.split(['\n', '\u{c}']).zip(1_u32..) {
        if let Some(cell) = line.strip_prefix('\t') {
            let open = table.get_or_insert_default();
            if blank_lines > 1 && !open.rows.is_empty() {
                blocks.extend(close(&mut table)?);
            }
            table.get_or_insert_default().add_cells(cell, number);
            blank_lines = 0;
        } else if line.trim().is_empty() {
            blank_lines += 1;
            if let Some(table) = &mut table {
                table.row_open = false;
            }
        } else if line.contains('\t') {
            table.get_or_insert_default().add_row(line, number);
            blank_lines = 0;
        } else if table.as_ref().is_some_and(|table| table.row_open) {
            if let Some(table) = &mut table {
                table.continue_cell(line);
            }
        } else {
            blocks.extend(close(&mut table)?);
            blocks.extend(paragraph(line, number));
            blank_lines = 0;
        }
    }
    blocks.extend(close(&mut table)?);
    Ok(blocks)
}

/// Ends a table. Lines that were only indented by a tab are paragraphs, not rows of one cell.
fn close(table: &mut Option<Table>) -> Result<Vec<Block>, Fault> {
    let Some(table) = table.take() else { return Ok(Vec::new()) };
    if table.rows.iter().all(|row| row.len() == 1) {
        return Ok(table.rows.iter().flatten().filter_map(|(text, line)| paragraph(text, *line)).collect());
    }
    Ok(vec![Block::Table(table.grid()?)])
}

impl Table {
    /// A line that began with a tab: one cell, or several apart by further tabs.
    fn add_cells(&mut self, line: &str, number: u32) {
        let cells = line.split('\t').map(|cell| (cell.to_owned(), number));
        match self.rows.last_mut().filter(|_| self.row_open) {
            Some(row) => row.extend(cells),
            None => self.rows.push(cells.collect()),
        }
        self.row_open = true;
    }

    /// A line with tabs inside: a whole row.
    fn add_row(&mut self, line: &str, number: u32) {
        self.rows.push(line.split('\t').map(|cell| (cell.to_owned(), number)).collect());
        self.row_open = false;
    }

    /// A line without a tab right below a cell: the cell has a line break in it.
    fn continue_cell(&mut self, line: &str) {
        if let Some((cell, _)) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            cell.push('\n');
            cell.push_str(line);
        }
    }

    fn grid(self) -> Result<Grid, Fault> {
        let first = self.rows.first().and_then(|row| row.first()).map_or(0, |(_, line)| *line);
        let mut builder = GridBuilder::new(Place::Line(first));
        for (row, cells) in (0..).zip(self.rows) {
            for (col, (text, line)) in (0..).zip(cells) {
                builder.add_single(row, col, text, Place::Line(line))?;
            }
        }
        Ok(builder.finish())
    }
}
