//! A report → the Markdown file that a person would write.
//!
//! Rows stand in the form's order, dotted keys keep a table in one block, figures are aligned under a
//! comment line of column names. [`super::read`] gives the same report back.

use std::fmt::Write as _;

use super::{Breakdown, Cell, Details, Original, Report, Scope};
use crate::form::{Block, Table};
use crate::front_matter::quote;
use crate::text::display_width;

/// Prints a report and its prose as one file.
pub fn print(report: &Report, body: &str) -> String {
    let mut out = String::from("+++\n");
    print_fields(report, &mut out);
    for index in 0..report.form.tables.len() {
        print_table(report, index, &mut out);
    }
    print_lists(report.details(), &mut out);
    out.push_str("+++\n");
    out.push_str(body);
    out
}

fn print_fields(report: &Report, out: &mut String) {
    let details = report.details();
    let mut line = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {value}");
        }
    };
    line("title", report.title.as_deref().map(quote));
    line("published", report.published.map(|date| date.to_string()));
    line("form", Some(quote(&report.form.key)));
    line("scope", (report.scope != Scope::Own).then(|| quote(report.scope.name())));
    line("blank", report.blank_is_zero.then(|| quote("zero")));
    line("aliases", (!details.aliases.is_empty()).then(|| strings(&details.aliases)));
    line("document_number", details.document_number.as_deref().map(quote));
    line("index_number", details.index_number.as_deref().map(quote));
    line("contact", details.contact.as_deref().map(quote));
}

fn strings(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quote(item)).collect::<Vec<_>>().join(", "))
}

/// A table of the form; rows that the report does not have are left out.
fn print_table(report: &Report, index: usize, out: &mut String) {
    let form = &report.form;
    let table = &form.tables[index];
    let present = |row: &usize| row_cells(report, index, *row).iter().any(|cell| *cell != Cell::Absent);
    if !(0..table.rows.len()).any(|row| present(&row)) {
        return;
    }
    let section = &form.sections[table.section];
    let number = section.number.as_ref().map(|number| format!("{number}、")).unwrap_or_default();
    let _ = writeln!(out, "\n[{}]  # {number}{}", table.key, section.title.text);
    // As wide as the rows that are there, as `align` sees them.
    let keys = (0..table.rows.len()).filter(present).map(|row| display_width(&table.rows[row].key));
    let key_width = keys.max().unwrap_or(0);
    for block in &table.blocks {
        let rows: Vec<usize> = block.rows.clone().filter(present).collect();
        if !rows.is_empty() {
            print_block(report, (index, table, block), (&rows, key_width), out);
        }
    }
}

fn row_cells(report: &Report, table: usize, row: usize) -> Vec<Cell> {
    let cells = report.form.row_cells(table, row);
    cells.filter_map(|id| u16::try_from(id).ok()).map(|id| report.figures.get(crate::form::CellId(id))).collect()
}

fn print_block(report: &Report, (index, table, block): (usize, &Table, &Block), (rows, key_width): (&[usize], usize), out: &mut String) {
    // A row of the wrong length was kept as printed and is printed so: its absent cells are left out.
    let printed: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row_cells(report, index, *row).iter().filter(|cell| **cell != Cell::Absent).map(print_cell).collect())
        .collect();
    let heads: Vec<&str> = block.columns.iter().map(|column| column.label.short()).collect();
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| {
            let cells = printed.iter().filter_map(|cells| cells.get(column)).map(|cell| display_width(cell));
            cells.chain([display_width(heads[column])]).max().unwrap_or(0)
        })
        .collect();
    let comment: Vec<String> = heads.iter().zip(&widths).map(|(head, width)| pad_left(head, *width)).collect();
    let _ = writeln!(out, "#{}{}", " ".repeat(key_width + 3), comment.join("  "));
    for (row, cells) in rows.iter().zip(&printed) {
        let key = crate::text::pad_to(&table.rows[*row].key, key_width);
        let aligned: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| pad_left(cell, *width)).collect();
        let _ = writeln!(out, "{key} = [{}]", aligned.join(", "));
    }
}

fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(display_width(text))))
}

fn print_cell(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Blank | Cell::Absent => "\"\"".to_owned(),
        Cell::NotApplicable => "\"/\"".to_owned(),
        Cell::Text(text) => quote(text),
    }
}

fn print_lists(details: &Details, out: &mut String) {
    for breakdown in &details.breakdowns {
        print_breakdown(breakdown, out);
    }
    for original in &details.originals {
        print_original(original, out);
    }
    for revision in &details.revisions {
        let date = revision.date.map(|date| format!("date = {date}\n")).unwrap_or_default();
        let _ = write!(out, "\n[[revision]]\n{date}note = {}\n", quote(&revision.note));
    }
    if let Some(review) = &details.review {
        out.push_str("\n[review]\n");
        print_optional("by", review.by.as_deref(), out);
        if let Some(date) = review.date {
            let _ = writeln!(out, "date = {date}");
        }
    }
    for waiver in &details.waivers {
        let _ = write!(out, "\n[[waive]]\nrule = {}\nreason = {}\n", quote(&waiver.rule), quote(&waiver.reason));
        if !waiver.cells.is_empty() {
            let _ = writeln!(out, "cells = {}", strings(&waiver.cells));
        }
    }
}

fn print_breakdown(breakdown: &Breakdown, out: &mut String) {
    let _ = write!(out, "\n[[breakdown]]\nlabel = {}\n", quote(&breakdown.label));
    if breakdown.total != Cell::Absent {
        let _ = writeln!(out, "total = {}", print_cell(&breakdown.total));
    }
    print_optional("unit", breakdown.unit.as_deref(), out);
    if breakdown.partial {
        out.push_str("partial = true\n");
    }
    if !breakdown.parts.is_empty() {
        let parts: Vec<String> = breakdown.parts.iter().map(|(label, cell)| format!("{} = {}", quote(label), print_cell(cell))).collect();
        let _ = writeln!(out, "parts = {{ {} }}", parts.join(", "));
    }
}

fn print_original(original: &Original, out: &mut String) {
    out.push_str("\n[[source]]\n");
    print_optional("file", original.file.as_deref(), out);
    print_optional("url", original.url.as_deref(), out);
    print_optional("sha256", original.sha256.as_deref(), out);
    print_optional("title", original.title.as_deref(), out);
}

fn print_optional(key: &str, value: Option<&str>, out: &mut String) {
    if let Some(value) = value {
        let _ = writeln!(out, "{key} = {}", quote(value));
    }
}
