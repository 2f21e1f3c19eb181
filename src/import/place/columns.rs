//! Which cells of a source row are which columns of the form.
//!
//! As many cells behind the label as the form has columns: the position in the row decides, whatever
//! the spans say. More or fewer: the header's grid columns decide, if they can. Otherwise nothing is
//! placed, and that is said.

use crate::form::{Block, Label, normalise_label};
use crate::text::{Words, excerpt};
use crate::words;

use super::figure::is_unit_cell;
use super::rows::{SourceCell, SourceRow};

/// Where the header of a block stands in the source.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    /// For each column of the form: table, grid column and text of its header cell.
    heads: Vec<Option<(u32, u32, String)>>,
    /// Table and grid columns of other header cells: columns that the form does not have.
    others: Vec<(u32, std::ops::Range<u32>)>,
    /// The headers of some row stand in another order than the form's.
    pub(super) disordered: bool,
}

impl Header {
    /// Looks for the header above a row, from the nearest row up, down to row `from`.
    pub(super) fn above(rows: &[SourceRow], from: usize, row: usize, block: &Block) -> Self {
        let mut header = Self { heads: vec![None; block.columns.len()], others: Vec::new(), disordered: false };
        let mut top = row;
        for at in (from..row).rev() {
            let mut last = None;
            for cell in rows[at].cells.iter().filter(|cell| cell.is_label()) {
                let is_free = |column: &usize| header.heads[*column].is_none() && heads(&block.columns[*column].label, cell);
                if let Some(column) = (0..block.columns.len()).find(is_free) {
                    header.heads[column] = Some((rows[at].table, cell.col, cell.text.clone()));
                    top = at;
                    header.disordered |= last.is_some_and(|last| column < last);
                    last = Some(column);
                }
            }
            if header.heads.iter().all(Option::is_some) {
                break;
            }
        }
        // A header of the office's own may begin in the row of the groups, above all columns of the form.
        let cells = rows[top.saturating_sub(1).max(from)..row].iter().flat_map(|row| row.cells.iter().map(|cell| (row.table, cell)));
        let labels = cells.filter(|(_, cell)| cell.is_label()).map(|(table, cell)| (table, cell.col..cell.col + cell.colspan));
        let is_other = |(table, span): &(u32, std::ops::Range<u32>)| {
            !header.heads.iter().flatten().any(|(t, col, _)| t == table && span.contains(col))
        };
        let others = labels.filter(is_other).collect();
        Self { others, ..header }
    }

    /// How many columns have a header.
    pub(super) fn known(&self) -> usize {
        self.heads.iter().flatten().count()
    }

    /// The header text of a column.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        self.heads.get(column)?.as_ref().map(|(_, _, text)| text.as_str())
    }

    /// Whether the grid columns agree with the order of the headers: in web pages that span too few or too many columns in
    /// some row they do not, and tell nothing.
    fn is_sound(&self) -> bool {
        let mut cols: Vec<u32> = self.heads.iter().flatten().map(|(_, col, _)| *col).collect();
        if self.disordered {
            cols.sort_unstable();
        }
        cols.is_sorted_by(|a, b| a < b)
    }

    /// Whether a grid column lies behind all headers of the form, under one of its own.
    fn is_behind(&self, table: u32, col: u32) -> bool {
        self.heads.iter().flatten().all(|(t, c, _)| *t == table && *c < col) && self.is_other(table, col)
    }

    /// Whether a grid column lies under a header that the form does not have.
    fn is_other(&self, table: u32, col: u32) -> bool {
        self.others.iter().any(|(t, span)| *t == table && span.contains(&col))
    }

    fn column_at(&self, table: u32, col: u32) -> Option<usize> {
        self.heads.iter().position(|head| head.as_ref().is_some_and(|(t, c, _)| *t == table && *c == col))
    }
}

/// Whether a cell is the header of a column, perhaps with another unit in brackets: "采购总金额（元）".
pub(super) fn heads(label: &Label, cell: &SourceCell) -> bool {
    let before_bracket = || normalise_label(cell.text.split(['（', '(']).next().unwrap_or_default());
    label.is(&cell.label) || super::figure::head_unit(&cell.text).is_some() && label.is(&before_bracket())
}

/// The source cells of a row's columns, and why they are in doubt.
pub(super) struct Taken<'s> {
    pub(super) cells: Vec<Option<&'s SourceCell>>,
    pub(super) doubt: Option<Words>,
}

/// Takes the cells of `columns` columns from a row, from the cell at `from` on.
pub(super) fn take<'s>(row: &'s SourceRow, from: usize, columns: usize, header: &Header) -> Taken<'s> {
    let cells: Vec<&SourceCell> = row.cells.get(from..).unwrap_or_default().iter().filter(|cell| !is_unit_cell(cell)).collect();
    let in_other_order = || by_header(row, &cells, columns, header).filter(|taken| taken.cells.iter().all(Option::is_some));
    if cells.len() == columns {
        if header.disordered
            && let Some(taken) = in_other_order()
        {
            return taken;
        }
        return Taken { cells: cells.into_iter().map(Some).collect(), doubt: None };
    }
    by_header(row, &cells, columns, header).or_else(|| filled_run(row, &cells, columns, header)).unwrap_or_else(|| refuse(&cells, columns))
}

/// Cells that stand exactly under the headers. Nothing that shows anything may be left over, but what stands
/// behind the last header, under a header that the form does not have: that is told, and all columns of the form must
/// be filled, or the figures may have slipped. A column of the form that has no header may lack its cells, if all
/// others have one.
fn by_header<'s>(row: &SourceRow, cells: &[&'s SourceCell], columns: usize, header: &Header) -> Option<Taken<'s>> {
    if header.known() < columns && header.known() != cells.len() || !header.is_sound() {
        return None;
    }
    let mut taken = vec![None; columns];
    let mut beyond: Vec<&str> = Vec::new();
    for cell in cells {
        match header.column_at(row.table, cell.col) {
            Some(column) if cell.colspan == 1 || cells.len() > columns => taken[column] = Some(*cell),
            _ if cell.is_blank() => {}
            _ if header.known() == columns && header.is_behind(row.table, cell.col) => beyond.push(cell.text.trim()),
            _ => return None,
        }
    }
    if !beyond.is_empty() && taken.iter().any(|cell| cell.is_none_or(SourceCell::is_blank)) {
        return None;
    }
    let missing = taken.iter().filter(|cell| cell.is_none()).count();
    let doubt = if beyond.is_empty() {
        (missing > 0).then(|| {
            words!("这一行少了 {missing} 格，按列标题的位置放置", "this row is {missing} cells short; placed by the header's columns")
        })
    } else {
        let (count, texts) = (beyond.len(), excerpt(&beyond.join("、").replace('\n', "")));
        Some(words!(
            "这一行多出 {count} 格，按列标题的位置放置；多出的没有采用：{texts}",
            "this row has {count} cells more; placed by the header's columns without {texts}"
        ))
    };
    Some(Taken { cells: taken, doubt })
}

/// As many filled cells side by side as there are columns, and only blanks around them; none under a header that the
/// form does not have, where all its own are known.
fn filled_run<'s>(row: &SourceRow, cells: &[&'s SourceCell], columns: usize, header: &Header) -> Option<Taken<'s>> {
    let first = cells.iter().position(|cell| !cell.is_blank())?;
    let last = cells.iter().rposition(|cell| !cell.is_blank())?;
    let run = &cells[first..=last];
    let is_other = |cell: &&SourceCell| header.known() == columns && header.is_other(row.table, cell.col);
    let is_sure = run.len() == columns && !run.iter().any(is_other);
    is_sure.then(|| Taken { cells: run.iter().map(|cell| Some(*cell)).collect(), doubt: None })
}

fn refuse<'s>(cells: &[&SourceCell], columns: usize) -> Taken<'s> {
    let found = cells.len();
    let texts: Vec<&str> = cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()).collect();
    let shown = texts.join("、").replace('\n', "");
    let doubt = words!(
        "这一行有 {found} 格，格式为 {columns} 格，无法对应，未填（原文：{shown}）",
        "this row has {found} cells, the form {columns}; not placed (original: {shown})"
    );
    Taken { cells: vec![None; columns], doubt: Some(doubt) }
}
