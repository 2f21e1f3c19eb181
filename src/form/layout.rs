//! A table as printed: lines of cells with spans, computed from the form's groups.
//!
//! One grid serves every reader and writer of tables: HTML, Word, spreadsheets, and the importer,
//! which looks for figures where this grid has them.

use super::{Arrangement, Block, CellId, Group, Table};

/// A printed table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Grid columns.
    pub width: u16,
    /// The lines, top to bottom.
    pub lines: Vec<Line>,
}

/// One printed line. Cells that spans from above or from the left cover are left out, as in HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the line is for.
    pub kind: LineKind,
    /// The cells, left to right.
    pub cells: Vec<PrintedCell>,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// The title of a block, or of a group in a list.
    Title,
    /// Column headers.
    Head,
    /// Figures.
    Data,
}

/// One printed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCell {
    /// What it holds.
    pub content: Content,
    /// Lines it covers, itself included.
    pub rowspan: u16,
    /// Grid columns it covers.
    pub colspan: u16,
    /// Its first grid column, from 0.
    pub at: u16,
}

/// What a printed cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A note in the corner of the header.
    Note(String),
    /// The title of a block, or of a group in a list with its indentation.
    Title(String, u8),
    /// A header over one column (`last` in its group) or several.
    Head {
        /// The label.
        text: String,
        /// Whether it stands over several columns.
        group: bool,
    },
    /// A label beside rows.
    Stub {
        /// The label.
        text: String,
        /// Whether it stands beside several rows.
        group: bool,
        /// Steps of indentation in a list.
        depth: u8,
        /// Whether its row is a sum.
        sum: bool,
    },
    /// A unit in a column of units.
    Unit(String),
    /// A figure.
    Data(CellId),
}

impl Layout {
    /// Computes the printed grid. `Err` holds the key of a group whose rows or columns are not
    /// together, so that its label would have to cover others, or of a column that is too wide.
    pub(super) fn of(table: &Table) -> Result<Self, String> {
        match table.arrangement {
            Arrangement::Down => down(table),
            Arrangement::Across => across(table),
            Arrangement::List => list(table),
        }
    }
}

fn cell(content: Content, rowspan: usize, colspan: usize, at: usize) -> PrintedCell {
    let clamp = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    PrintedCell { content, rowspan: clamp(rowspan), colspan: clamp(colspan), at: clamp(at) }
}

/// Indices of the groups around a leaf, outermost first.
fn chain(groups: &[Group], innermost: Option<usize>) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut at = innermost;
    while let Some(group) = at {
        chain.insert(0, group);
        at = groups[group].within.filter(|within| *within < group);
    }
    chain
}

/// Runs of leaves that share their group at one level: (group, first leaf, leaves).
fn runs(chains: &[Vec<usize>], level: usize) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (leaf, chain) in chains.iter().enumerate() {
        let Some(&group) = chain.get(level) else { continue };
        match runs.last_mut() {
            Some((last, first, count)) if *last == group && *first + *count == leaf => *count += 1,
            _ => runs.push((group, leaf, 1)),
        }
    }
    runs
}

/// Groups must be contiguous; otherwise their labels would overlap others.
fn check_together(groups: &[Group], chains: &[Vec<usize>]) -> Result<(), String> {
    let depth = chains.iter().map(Vec::len).max().unwrap_or(0);
    for level in 0..depth {
        let mut seen = Vec::new();
        for (group, ..) in runs(chains, level) {
            if seen.contains(&group) {
                return Err(groups[group].key.clone());
            }
            seen.push(group);
        }
    }
    Ok(())
}

fn down(table: &Table) -> Result<Layout, String> {
    let stub_width =
        |block: &Block| table.rows[block.rows.clone()].iter().map(|row| chain(&block.groups, row.group).len() + 1).max().unwrap_or(1);
    let columns_width = |block: &Block| block.columns.iter().map(|column| usize::from(column.span.unwrap_or(1))).sum::<usize>();
    let width = table.blocks.iter().map(|block| stub_width(block) + columns_width(block)).max().unwrap_or(1);
    let mut lines = Vec::new();
    for block in &table.blocks {
        if let Some(title) = &block.title {
            let title = cell(Content::Title(title.clone(), 0), 1, width, 0);
            lines.push(Line { kind: LineKind::Title, cells: vec![title] });
        }
        let stub = stub_width(block);
        let spans = column_spans(block, width - stub)?;
        lines.extend(head_lines(table, block, stub, &spans)?);
        lines.extend(data_lines(table, block, stub, &spans)?);
    }
    Ok(Layout { width: u16::try_from(width).unwrap_or(u16::MAX), lines })
}

/// The grid columns of each column; the last takes what is left of `room`.
fn column_spans(block: &Block, room: usize) -> Result<Vec<usize>, String> {
    let mut spans: Vec<usize> = block.columns.iter().map(|column| usize::from(column.span.unwrap_or(1))).collect();
    let used: usize = spans.iter().sum();
    if used > room {
        return Err(block.columns.last().map(|column| column.key.clone()).unwrap_or_default());
    }
    if let Some(last) = spans.last_mut() {
        *last += room - used;
    }
    Ok(spans)
}

fn head_lines(table: &Table, block: &Block, stub: usize, spans: &[usize]) -> Result<Vec<Line>, String> {
    let chains: Vec<Vec<usize>> = block.columns.iter().map(|column| chain(&block.column_groups, column.group)).collect();
    check_together(&block.column_groups, &chains)?;
    let height = chains.iter().map(Vec::len).max().unwrap_or(0) + 1;
    let mut lines: Vec<Line> = (0..height).map(|_| Line { kind: LineKind::Head, cells: Vec::new() }).collect();
    let corner = match (&block.stub, &table.note) {
        (Some(text), _) => Content::Head { text: text.clone(), group: false },
        (None, Some(note)) => Content::Note(note.clone()),
        (None, None) => Content::Head { text: String::new(), group: false },
    };
    lines[0].cells.push(cell(corner, height, stub, 0));
    for (level, line) in lines.iter_mut().enumerate() {
        let mut cells: Vec<PrintedCell> = runs(&chains, level)
            .into_iter()
            .map(|(group, first, count)| {
                let text = block.column_groups[group].label.text.clone();
                cell(
                    Content::Head { text, group: true },
                    1,
                    spans[first..first + count].iter().sum(),
                    stub + spans[..first].iter().sum::<usize>(),
                )
            })
            .collect();
        for (index, column) in block.columns.iter().enumerate().filter(|(index, _)| chains[*index].len() == level) {
            let head = Content::Head { text: column.label.text.clone(), group: false };
            cells.push(cell(head, height - level, spans[index], stub + spans[..index].iter().sum::<usize>()));
        }
        cells.sort_by_key(|cell| cell.at);
        line.cells.extend(cells);
    }
    Ok(lines)
}

fn data_lines(table: &Table, block: &Block, stub: usize, spans: &[usize]) -> Result<Vec<Line>, String> {
    let rows = &table.rows[block.rows.clone()];
    let chains: Vec<Vec<usize>> = rows.iter().map(|row| chain(&block.groups, row.group)).collect();
    check_together(&block.groups, &chains)?;
    let mut lines: Vec<Line> = (0..rows.len()).map(|_| Line { kind: LineKind::Data, cells: Vec::new() }).collect();
    for level in 0..stub {
        for (group, first, count) in runs(&chains, level) {
            let text = block.groups[group].label.text.clone();
            lines[first].cells.push(cell(Content::Stub { text, group: true, depth: 0, sum: false }, count, 1, level));
        }
        for (index, row) in rows.iter().enumerate().filter(|(index, _)| chains[*index].len() == level) {
            let label = Content::Stub { text: row.label.text.clone(), group: false, depth: 0, sum: row.sum };
            lines[index].cells.push(cell(label, 1, stub - level, level));
        }
    }
    for (line, row) in lines.iter_mut().zip(rows) {
        line.cells.sort_by_key(|cell| cell.at);
        line.cells.extend(figures(row.first, spans, stub));
    }
    Ok(lines)
}

fn figures(first: CellId, spans: &[usize], at: usize) -> impl Iterator<Item = PrintedCell> {
    let mut at = at;
    spans.iter().zip(first.0..).map(move |(span, id)| {
        let figure = cell(Content::Data(CellId(id)), 1, *span, at);
        at += span;
        figure
    })
}

fn across(table: &Table) -> Result<Layout, String> {
    let block = &table.blocks[0];
    let rows = &table.rows[block.rows.clone()];
    let columns = block.columns.len();
    let chains: Vec<Vec<usize>> = rows.iter().map(|row| chain(&block.groups, row.group)).collect();
    check_together(&block.groups, &chains)?;
    let height = chains.iter().map(Vec::len).max().unwrap_or(0) + 2;
    let mut lines: Vec<Line> = (0..height).map(|_| Line { kind: LineKind::Head, cells: Vec::new() }).collect();
    for (level, line) in lines.iter_mut().enumerate() {
        for (group, first, count) in runs(&chains, level) {
            let text = block.groups[group].label.text.clone();
            line.cells.push(cell(Content::Head { text, group: true }, 1, count * columns, first * columns));
        }
        for (index, row) in rows.iter().enumerate() {
            if chains[index].len() == level {
                let text = row.label.text.clone();
                line.cells.push(cell(Content::Head { text, group: true }, 1, columns, index * columns));
            }
            if chains[index].len() + 1 == level {
                line.cells.extend(block.columns.iter().enumerate().map(|(at, column)| {
                    let head = Content::Head { text: column.label.text.clone(), group: false };
                    cell(head, height - level, 1, index * columns + at)
                }));
            }
        }
        line.cells.sort_by_key(|cell| cell.at);
    }
    let spans = vec![1; columns];
    let data = rows.iter().enumerate().flat_map(|(index, row)| figures(row.first, &spans, index * columns)).collect();
    lines.push(Line { kind: LineKind::Data, cells: data });
    Ok(Layout { width: u16::try_from(rows.len() * columns).unwrap_or(u16::MAX), lines })
}

fn list(table: &Table) -> Result<Layout, String> {
    let mut lines = Vec::new();
    for block in &table.blocks {
        let width = 2 + block.columns.len();
        let heads = [&block.stub, &block.unit_head].into_iter().map(|text| text.clone().unwrap_or_default());
        let heads = heads.chain(block.columns.iter().map(|column| column.label.text.clone()));
        let heads = heads.enumerate().map(|(at, text)| cell(Content::Head { text, group: false }, 1, 1, at)).collect();
        lines.push(Line { kind: LineKind::Head, cells: heads });
        let mut group = None;
        for row in &table.rows[block.rows.clone()] {
            if row.group != group {
                group = row.group;
                if let Some(group) = group.map(|index| &block.groups[index]) {
                    let title = Content::Title(group.label.text.clone(), group.depth);
                    lines.push(Line { kind: LineKind::Title, cells: vec![cell(title, 1, width, 0)] });
                }
            }
            let stub = Content::Stub { text: row.label.text.clone(), group: false, depth: row.depth, sum: row.sum };
            let unit = Content::Unit(row.unit.clone().unwrap_or_default());
            let mut cells = vec![cell(stub, 1, 1, 0), cell(unit, 1, 1, 1)];
            cells.extend(figures(row.first, &vec![1; block.columns.len()], 2));
            lines.push(Line { kind: LineKind::Data, cells });
        }
    }
    let width = table.blocks.iter().map(|block| block.columns.len() + 2).max().unwrap_or(2);
    Ok(Layout { width: u16::try_from(width).unwrap_or(u16::MAX), lines })
}
