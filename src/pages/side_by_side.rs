//! An agency's figures with its years side by side: one table that grows by a column a year.
//!
//! The latest edition's rows come first, with every year that has a comparable cell; rows that only
//! older editions have follow, each edition under its own heading. A year whose edition says that a
//! row does not compare has an empty cell that says so: figures are never set beside others that count
//! something else.

use serde::Serialize;

use crate::archive::Agency;
use crate::form::{Arrangement, Block, CellId, Form, strip_numbering};
use crate::report::{Report, Scope};
use crate::site::Site;

/// Years side by side, in one edition's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideBySide {
    /// The edition whose rows they are.
    pub form: String,
    /// The years, oldest first, each with the address of its report.
    pub years: Vec<(u16, String)>,
    /// Whether the rows of other years compare with these.
    pub newest: bool,
    /// The table as HTML, put in by the render floor.
    pub html: String,
    /// What the render floor writes the table from.
    #[serde(skip)]
    pub lines: Vec<SideLine>,
}

/// A row of figures, or a heading between rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SideLine {
    /// The table that the following rows belong to.
    Heading(String),
    /// A label beside several rows, and its steps of indentation.
    Group(String, u8),
    /// A label and a figure a year.
    Figures {
        /// The row, and the column where a row has several.
        label: String,
        /// Whether it adds up others.
        sum: bool,
        /// Steps of indentation.
        depth: u8,
        /// A cell a year.
        cells: Vec<SideCell>,
    },
}

/// A figure of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideCell {
    /// The cell of a report: its place among the agency's reports, and the cell in its form.
    Of(u16, CellId),
    /// The edition of that year has nothing that compares.
    NotComparable,
}

/// The tables of an agency, latest edition first. Reports of the other scope are left out.
pub(super) fn side_by_side(site: &Site, agency: &Agency) -> Vec<SideBySide> {
    let archive = &site.archive;
    let Some(latest) = agency.reports.last().map(|index| archive.report(*index)) else { return Vec::new() };
    let mut tables: Vec<SideBySide> = Vec::new();
    let mut forms: Vec<&Form> = Vec::new();
    for index in agency.reports.iter().rev() {
        let form = &*archive.report(*index).form;
        if forms.iter().all(|known| known.key != form.key) {
            let table = table(site, agency, form, &forms, latest.scope);
            tables.extend(table);
            forms.push(form);
        }
    }
    tables
}

/// A row of an edition that is shown by year.
struct Row {
    cell: CellId,
    label: String,
    sum: bool,
    depth: u8,
    /// The groups it stands in, outermost first: block and group.
    groups: Vec<(usize, usize)>,
}

fn table(site: &Site, agency: &Agency, form: &Form, newer: &[&Form], scope: Scope) -> Option<SideBySide> {
    let archive = &site.archive;
    let reports: Vec<(u16, &Report)> = (0u16..)
        .zip(&agency.reports)
        .map(|(place, index)| (place, archive.report(*index)))
        .filter(|(_, report)| report.scope == scope)
        .collect();
    let shown_already = |cell: CellId| newer.iter().any(|newer| form.comparable(cell, newer).is_some());
    let first_of_each: Vec<(usize, Vec<Row>)> = (0..form.tables.len()).map(|table| (table, rows(form, table))).collect();
    let wanted: Vec<(usize, Vec<Row>)> = first_of_each
        .into_iter()
        .map(|(table, rows)| (table, rows.into_iter().filter(|row| !shown_already(row.cell)).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let compares = |report: &Report| wanted.iter().flat_map(|(_, rows)| rows).any(|row| form.comparable(row.cell, &report.form).is_some());
    let years: Vec<(u16, &Report)> = reports.into_iter().filter(|(_, report)| compares(report)).collect();
    if years.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    for (table, rows) in &wanted {
        let printed = &form.tables[*table];
        lines.push(SideLine::Heading(printed.caption.clone()));
        let mut open: Vec<(usize, usize)> = Vec::new();
        for row in rows {
            for (step, &(block, group)) in (0u8..).zip(&row.groups).filter(|_| printed.arrangement != Arrangement::Across) {
                if !open.contains(&(block, group)) {
                    open.push((block, group));
                    let group = &printed.blocks[block].groups[group];
                    let depth = if printed.arrangement == Arrangement::List { group.depth } else { step };
                    lines.push(SideLine::Group(strip_numbering(&group.label.text).to_owned(), depth));
                }
            }
            let cell = |(place, report): &(u16, &Report)| match form.comparable(row.cell, &report.form) {
                Some(there) => SideCell::Of(*place, there),
                None => SideCell::NotComparable,
            };
            let cells = years.iter().map(cell).collect();
            lines.push(SideLine::Figures { label: row.label.clone(), sum: row.sum, depth: row.depth, cells });
        }
    }
    Some(SideBySide {
        form: form.title.in_language(site.config.language).to_owned(),
        years: years.iter().map(|(_, report)| (report.year, link(agency, report.year))).collect(),
        newest: newer.is_empty(),
        html: String::new(),
        lines,
    })
}

fn link(agency: &Agency, year: u16) -> String {
    super::Route::Report { agency: agency.id.to_string(), year }.path()
}

/// The rows of a table: of a block that adds its columns up the sum only, else every column.
fn rows(form: &Form, table: usize) -> Vec<Row> {
    let printed = &form.tables[table];
    let mut rows = Vec::new();
    for row in &printed.rows {
        let block = &printed.blocks[row.block];
        let groups = groups_around(block, row.block, row.group);
        let depth = match printed.arrangement {
            Arrangement::Down => u8::try_from(groups.len()).unwrap_or(u8::MAX),
            Arrangement::Across => 0,
            Arrangement::List => row.depth,
        };
        for (at, column) in block.columns.iter().enumerate() {
            if block.columns.iter().any(|column| column.sum) && !column.sum {
                continue;
            }
            let several = block.columns.len() > 1 && !column.sum;
            let label = row.label.short();
            rows.push(Row {
                cell: CellId(row.first.0 + u16::try_from(at).unwrap_or(0)),
                label: if several { format!("{label}·{}", column.label.short()) } else { label.to_owned() },
                sum: row.sum,
                depth,
                groups: groups.clone(),
            });
        }
    }
    rows
}

/// The groups around a row, outermost first.
fn groups_around(block: &Block, number: usize, group: Option<usize>) -> Vec<(usize, usize)> {
    let mut around: Vec<(usize, usize)> =
        std::iter::successors(group, |group| block.groups[*group].within).map(|group| (number, group)).collect();
    around.reverse();
    around
}
