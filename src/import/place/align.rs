//! Which source rows are which rows of the form: an order-keeping alignment by labels.
//!
//! The rows of the form and the rows of the document stand in the same order, whatever lies between
//! them. The alignment with the best score keeps that order, lets several source rows make one row (a
//! row cut by a page break, a label broken over lines), and skips what it does not know.

use std::collections::BTreeSet;

use crate::form::{Arrangement, Form, Label, Row, Table, normalise_label};

use super::rows::{SourceCell, SourceRow};

/// Source rows of which one row of the form may be made.
const MOST_PARTS: usize = 4;
/// How alike two labels must be, in hundredths, to be taken for the same with a doubt.
const ALIKE: usize = 78;

/// Source rows found for a row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The first of the source rows.
    pub(super) first: usize,
    /// How many.
    pub(super) count: usize,
    /// Index of the label cell in the first row; `None` where the row has no label of its own.
    pub(super) label: Option<usize>,
    /// The source's label where it is only alike.
    pub(super) alike: Option<String>,
}

/// A row of the form and the labels around it.
struct Wanted<'f> {
    label: &'f Label,
    groups: Vec<&'f Label>,
    /// How many figures it has.
    columns: usize,
}

/// The rows of a form's table, in order.
fn wanted(table: &Table) -> Vec<Wanted<'_>> {
    let columns = |row: &Row| table.blocks[row.block].columns.len();
    table.rows.iter().map(|row| Wanted { label: &row.label, groups: groups(table, row), columns: columns(row) }).collect()
}

fn groups<'f>(table: &'f Table, row: &'f Row) -> Vec<&'f Label> {
    let block = &table.blocks[row.block];
    let mut chain = Vec::new();
    let mut at = row.group;
    while let Some(group) = at.and_then(|index| block.groups.get(index)) {
        chain.push(&group.label);
        at = group.within;
    }
    chain
}

/// Labels of a table that are no row: columns, groups, titles, notes.
pub(super) fn furniture(table: &Table) -> Vec<Label> {
    let mut labels = Vec::new();
    for block in &table.blocks {
        labels.extend(block.columns.iter().map(|column| column.label.clone()));
        labels.extend(block.column_groups.iter().chain(&block.groups).map(|group| group.label.clone()));
        labels.extend([&block.title, &block.stub, &block.unit_head].into_iter().flatten().map(plain));
    }
    if table.arrangement == Arrangement::Across {
        labels.extend(table.rows.iter().map(|row| row.label.clone()));
    }
    labels.extend(table.note.iter().map(plain));
    labels
}

/// The labels of a table's columns.
pub(super) fn column_labels(table: &Table) -> Vec<&Label> {
    table.blocks.iter().flat_map(|block| &block.columns).map(|column| &column.label).collect()
}

fn plain(text: impl AsRef<str>) -> Label {
    Label::new(text.as_ref(), None, Vec::new())
}

/// How well source rows match a row of the form.
#[derive(Clone)]
struct Candidate {
    count: usize,
    score: i64,
    label: Option<usize>,
    alike: Option<String>,
}

/// Finds the source rows of each wanted row.
pub(super) fn align(rows: &[SourceRow], table: &Table) -> Vec<Option<Found>> {
    let wanted = wanted(table);
    let heads = column_labels(table);
    let known: Vec<Label> = super::all_labels(table);
    let candidates: Vec<Vec<Option<Candidate>>> = (0..rows.len())
        .map(|at| {
            wanted.iter().map(|wanted| candidate(&rows[at..], wanted, &heads).or_else(|| with_words(&rows[at], wanted, &known))).collect()
        })
        .collect();
    let (height, width) = (rows.len() + 1, wanted.len() + 1);
    // best[r][f]: the best score of what follows source row r and wanted row f.
    let mut best = vec![0_i64; height * width];
    for at in (0..rows.len()).rev() {
        for row in (0..wanted.len()).rev() {
            let skip = best[(at + 1) * width + row].max(best[at * width + row + 1]);
            let take = candidates[at][row].as_ref().map_or(i64::MIN, |c| c.score + best[(at + c.count) * width + row + 1]);
            best[at * width + row] = skip.max(take);
        }
    }
    let mut found = vec![None; wanted.len()];
    let (mut at, mut row) = (0, 0);
    while at < rows.len() && row < wanted.len() {
        let here = best[at * width + row];
        match &candidates[at][row] {
            Some(c) if here == c.score + best[(at + c.count) * width + row + 1] => {
                found[row] = Some(Found { first: at, count: c.count, label: c.label, alike: c.alike.clone() });
                (at, row) = (at + c.count, row + 1);
            }
            _ if here == best[(at + 1) * width + row] => at += 1,
            _ => row += 1,
        }
    }
    found
}

fn candidate(rows: &[SourceRow], wanted: &Wanted<'_>, heads: &[&Label]) -> Option<Candidate> {
    let row = rows.first()?;
    if let Some(label) = own_label(row, heads) {
        let text = &row.cells[label].label;
        if wanted.label.is(text) && label + 1 < row.cells.len() {
            let score = 1_000 + 20 * grouped(row, label, wanted);
            return Some(Candidate { count: 1, score, label: Some(label), alike: None });
        }
    }
    joined(rows, wanted, heads).or_else(|| alike(row, wanted, heads))
}

/// Rows of the form that were not found in their order, but stand elsewhere in a table that holds others of the same
/// form's table, each once and whole. A label that several rows of the form have ("被依法纠错数") does not tell which it is.
pub(super) fn strays(rows: &[SourceRow], table: &Table, found: &[Option<Found>]) -> Vec<(usize, Found)> {
    let used: BTreeSet<usize> = found.iter().flatten().flat_map(|found| found.first..found.first + found.count).collect();
    let blocks: BTreeSet<usize> = used.iter().map(|at| rows[*at].block).collect();
    let known = super::all_labels(table);
    let wanted = wanted(table);
    let missing = (0..found.len()).filter(|row| found[*row].is_none());
    missing
        .filter_map(|row| {
            let free = (0..rows.len()).filter(|at| !used.contains(at) && blocks.contains(&rows[*at].block));
            let mut fits = free.filter_map(|at| Some((at, with_words(&rows[at], &wanted[row], &known)?)));
            let (first, candidate) = fits.next()?;
            let is_label = |wanted: &Wanted<'_>| candidate.label.is_some_and(|label| wanted.label.is(&rows[first].cells[label].label));
            let behind = candidate.label.map_or(0, |label| label + 1);
            let is_only =
                fits.next().is_none() && rows[first].has_figures(behind) && wanted.iter().filter(|wanted| is_label(wanted)).count() == 1;
            is_only.then_some((row, Found { first, count: 1, label: candidate.label, alike: None }))
        })
        .collect()
}

/// A row with words among its figures ("5（含上年结转1件）", "待填"): behind the form's own label stand just
/// as many cells as the form has columns, blanks of a wider sheet aside, and none is a label that the form knows.
fn with_words(row: &SourceRow, wanted: &Wanted<'_>, known: &[Label]) -> Option<Candidate> {
    let label = row.cells.iter().position(|cell| cell.is_label() && wanted.label.is(&cell.label))?;
    let figures: Vec<&SourceCell> = row.cells[label + 1..].iter().filter(|cell| !super::figure::is_unit_cell(cell)).collect();
    let is_known = |cell: &&SourceCell| cell.is_label() && known.iter().any(|label| label.is(&cell.label));
    let beyond = figures.get(wanted.columns..)?;
    let fits = beyond.iter().all(|cell| cell.is_blank()) && !figures.iter().any(is_known);
    fits.then(|| Candidate { count: 1, score: 900 + 20 * grouped(row, label, wanted), label: Some(label), alike: None })
}

/// The label of a data row: its last label that is no unit. Header rows have none.
pub(super) fn own_label(row: &SourceRow, heads: &[&Label]) -> Option<usize> {
    let labels: Vec<usize> =
        (0..row.cells.len()).filter(|at| row.cells[*at].is_label() && !super::figure::is_unit_cell(&row.cells[*at])).collect();
    let last = *labels.last()?;
    let header = labels.len() > 4 || labels[..labels.len() - 1].iter().any(|at| heads.iter().any(|head| head.is(&row.cells[*at].label)));
    (!header).then_some(last)
}

/// How many of a row's group labels stand before its own label.
fn grouped(row: &SourceRow, label: usize, wanted: &Wanted<'_>) -> i64 {
    let before = row.cells[..label].iter().filter(|cell| wanted.groups.iter().any(|group| group.is(&cell.label)));
    i64::try_from(before.count()).unwrap_or(0)
}

/// Several source rows whose label parts make the label, with figures in at most one of them.
fn joined(rows: &[SourceRow], wanted: &Wanted<'_>, heads: &[&Label]) -> Option<Candidate> {
    let first = own_label(rows.first()?, heads)?;
    let mut text = String::new();
    let mut with_figures = 0;
    for (index, row) in rows.iter().take(MOST_PARTS).enumerate() {
        if row.block != rows[0].block && row.row > 1 {
            return None;
        }
        let label = own_label(row, heads);
        if label.is_none() && row.last_label().is_some() {
            return None;
        }
        text.push_str(label.map_or("", |at| row.cells[at].text.as_str()));
        let from = label.map_or(0, |at| at + 1);
        with_figures += usize::from(row.has_figures(from));
        if with_figures > 1 {
            return None;
        }
        let has_cells = row.cells.len() > from;
        if index > 0 && has_cells && wanted.label.is(&normalise_label(&text)) {
            return Some(Candidate { count: index + 1, score: 950, label: Some(first), alike: None });
        }
    }
    None
}

/// A label that is not the form's, but much like it.
fn alike(row: &SourceRow, wanted: &Wanted<'_>, heads: &[&Label]) -> Option<Candidate> {
    let label = own_label(row, heads)?;
    let cell = &row.cells[label];
    if label + 1 >= row.cells.len() {
        return None;
    }
    let known = std::iter::once(&wanted.label.text).chain(&wanted.label.variants);
    let best = known.map(|text| likeness(&normalise_label(text), &cell.label)).max()?;
    let score = i64::try_from(best).unwrap_or(0) * 5;
    (best >= ALIKE).then(|| Candidate { count: 1, score, label: Some(label), alike: Some(cell.text.replace('\n', "")) })
}

/// Likeness of two texts in hundredths: twice the common characters in order, over all characters. A
/// label that goes on after the form's words (an explanation in brackets) counts as alike.
fn likeness(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().take(80).collect());
    if a.len() >= 4 && b.len() >= 4 && (b.starts_with(&a) || a.starts_with(&b)) {
        return ALIKE + 2;
    }
    200 * common(&a, &b) / (a.len() + b.len()).max(1)
}

/// Length of the longest common subsequence.
pub(super) fn common(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (index, y) in b.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if x == y { diagonal + 1 } else { above.max(row[index]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Rows without a label between two found rows, where the form has as many rows in between: taken in
/// order, to be doubted.
pub(super) fn fill_gaps(found: &mut [Option<Found>], rows: &[SourceRow], form: &Form, table: usize) {
    let of_form = &form.tables[table];
    let mut row = 0;
    while row < found.len() {
        if found[row].is_some() {
            row += 1;
            continue;
        }
        let end = (row..found.len()).find(|at| found[*at].is_some()).unwrap_or(found.len());
        let (Some(before), Some(after)) = (row.checked_sub(1).and_then(|at| found[at].as_ref()), found.get(end).and_then(Option::as_ref))
        else {
            row = end;
            continue;
        };
        let between: Vec<usize> = (before.first + before.count..after.first).collect();
        let columns = of_form.blocks[of_form.rows[row].block].columns.len();
        let unlabelled = |at: &usize| !rows[*at].cells.iter().any(|cell| cell.is_label()) && rows[*at].cells.len() >= columns;
        if between.len() == end - row && between.iter().all(unlabelled) {
            for (offset, at) in between.into_iter().enumerate() {
                found[row + offset] = Some(Found { first: at, count: 1, label: None, alike: None });
            }
        }
        row = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_tells_slips_from_other_rows() {
        assert!(likeness("属于国家秘密", "属于国家机密") >= ALIKE);
        assert!(likeness("部分公开", "部分公开区分处理") >= ALIKE);
        assert!(likeness("属于三类内部事务信息", "属于四类过程性信息") < ALIKE);
        assert!(likeness("重复申请", "信访举报投诉类申请") < ALIKE);
    }
}
