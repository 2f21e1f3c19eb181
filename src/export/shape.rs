//! What all reports in one form have in common in a data file, written out once: the text between their cells.
//!
//! A report then is a row of short copies, so that the data of a whole archive costs little beside its pages.

use std::fmt::Write as _;
use std::io::Write as _;

use rustc_hash::FxHashMap;

use super::cell_text;
use crate::archive::{Archive, ReportIndex};
use crate::form::{CellId, Form};
use crate::report::Cell;

/// The common text of the reports in each form.
#[derive(Debug, Default)]
pub struct Shapes {
    of_form: FxHashMap<String, Shape>,
}

#[derive(Debug)]
struct Shape {
    /// For each cell its heading in a table of a year, and what stands before the value where a line is a
    /// cell: `,form,table,row,column,label,unit,`.
    csv: Vec<(String, String)>,
    /// What stands before each cell in JSON, from `"tables"` on.
    json: Vec<(String, CellId)>,
    /// What stands behind the last.
    json_end: String,
}

impl Shapes {
    /// The text of some forms.
    pub fn of<'f>(forms: impl IntoIterator<Item = &'f Form>) -> Self {
        let mut shapes = Self::default();
        for form in forms {
            if !shapes.of_form.contains_key(&form.key) {
                shapes.of_form.insert(form.key.clone(), Shape::of(form));
            }
        }
        shapes
    }

    /// The text of the forms that an archive's reports are in.
    pub fn of_archive(archive: &Archive) -> Self {
        Self::of(archive.reports().map(|(_, filed)| &*filed.report.form))
    }

    /// The cells of a form, in its order: the heading of its column, or the start of its line.
    pub(super) fn cells(&self, form: &Form) -> &[(String, String)] {
        self.of_form.get(&form.key).map_or(&[], |shape| shape.csv.as_slice())
    }

    /// Adds the lines of a report: one a cell that its file has.
    pub fn write_csv(&self, archive: &Archive, index: ReportIndex, out: &mut Vec<u8>) {
        let report = archive.report(index);
        let Some(shape) = self.of_form.get(&report.form.key) else { return };
        let mut start = Vec::new();
        push_agency(archive, index, &mut start);
        // Writing to memory cannot fail.
        let _ = write!(start, ",{}", report.year);
        for (cell, (_, middle)) in report.form.cells().zip(&shape.csv) {
            let at = out.len();
            out.extend_from_slice(&start);
            out.extend_from_slice(middle.as_bytes());
            if let Some(small) = report.figures.small(cell) {
                push_whole(small, out);
            } else {
                match report.figures.get(cell) {
                    Cell::Absent => {
                        out.truncate(at);
                        continue;
                    }
                    value => push_value(&value, out),
                }
            }
            out.push(b'\n');
        }
    }

    /// Adds a report as a JSON object.
    pub fn write_json(&self, archive: &Archive, index: ReportIndex, out: &mut Vec<u8>) {
        let (filed, report) = (archive.filed(index), archive.report(index));
        let Some(shape) = self.of_form.get(&report.form.key) else { return };
        // Writing to memory cannot fail.
        let _ = write!(
            out,
            "{{\"agency\": {}, \"year\": {}, \"form\": {}, \"title\": {}, \"published\": {}",
            quoted(&filed.agency),
            report.year,
            quoted(&report.form.key),
            quoted(&archive.title(index)),
            report.published.map_or_else(|| "null".to_owned(), |date| quoted(&date.to_string())),
        );
        for (before, cell) in &shape.json {
            out.extend_from_slice(before.as_bytes());
            match report.figures.small(*cell) {
                Some(small) => push_whole(small, out),
                None => out.extend_from_slice(json_cell(&report.figures.get(*cell)).as_bytes()),
            }
        }
        out.extend_from_slice(shape.json_end.as_bytes());
    }
}

impl Shape {
    fn of(form: &Form) -> Self {
        let csv = |cell: CellId| {
            let (table, row, column) = form.parts(cell);
            let (label, unit) = (form.cell_label(cell), form.unit(cell).unwrap_or_default());
            let mut line = Vec::new();
            for part in [&form.key, &table.key, &row.key, &column.key, &label, unit] {
                line.push(b',');
                field(part, &mut line);
            }
            line.push(b',');
            let unit = if unit.is_empty() || label.ends_with(unit) { String::new() } else { format!("（{unit}）") };
            let mut heading = Vec::new();
            field(&format!("{} {label}{unit}", form.cell_key(cell)), &mut heading);
            // Both are made of text.
            [heading, line].map(|bytes| String::from_utf8(bytes).unwrap_or_default()).into()
        };
        let mut tables = Nesting { form, text: ", \"tables\": {".to_owned(), cells: Vec::new() };
        for (number, table) in form.tables.iter().enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            let _ = write!(tables.text, "{separator}{}: {{", quoted(&table.key));
            let rows: Vec<(&str, usize)> = table.rows.iter().enumerate().map(|(index, row)| (row.key.as_str(), index)).collect();
            tables.group(number, &rows);
            tables.text.push('}');
        }
        tables.text.push_str("}}");
        Self { csv: form.cells().map(csv).collect(), json: tables.cells, json_end: tables.text }
    }
}

/// The rows of tables, nested as they are in front matter: `refused.state_secret` in `refused`.
struct Nesting<'f> {
    form: &'f Form,
    /// What was written since the last cell.
    text: String,
    cells: Vec<(String, CellId)>,
}

impl Nesting<'_> {
    /// Rows by what is left of their keys. Those of a group are written together, where its first row stands:
    /// a name that came twice would be lost by whoever reads the object.
    fn group(&mut self, table: usize, rows: &[(&str, usize)]) {
        let mut written: Vec<&str> = Vec::new();
        for (key, row) in rows {
            let (name, below) = key.split_once('.').map_or((*key, None), |(name, below)| (name, Some(below)));
            if below.is_some() && written.contains(&name) {
                continue;
            }
            let separator = if written.is_empty() { "" } else { ", " };
            written.push(name);
            let _ = write!(self.text, "{separator}{}: ", quoted(name));
            if below.is_none() {
                self.row(table, *row);
                continue;
            }
            let in_group = |(key, row): &(&'_ str, usize)| {
                let (first, below) = key.split_once('.')?;
                (first == name).then_some((below.len(), *row))
            };
            let group: Vec<(&str, usize)> =
                rows.iter().filter_map(|entry| in_group(entry).map(|(length, row)| (&entry.0[entry.0.len() - length..], row))).collect();
            self.text.push('{');
            self.group(table, &group);
            self.text.push('}');
        }
    }

    fn row(&mut self, table: usize, row: usize) {
        let cells = self.form.row_cells(table, row).filter_map(|id| u16::try_from(id).ok());
        for (position, cell) in cells.enumerate() {
            self.text.push_str(if position == 0 { "[" } else { ", " });
            self.cells.push((std::mem::take(&mut self.text), CellId(cell)));
        }
        self.text.push(']');
    }
}

/// A cell as JSON: numbers keep their digits, since they are written and never pass through a float.
fn json_cell(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Absent => "null".to_owned(),
        Cell::Blank => "\"\"".to_owned(),
        Cell::NotApplicable => "\"/\"".to_owned(),
        Cell::Text(text) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Adds a text as a field of CSV: in quotation marks where it would be misread without them (RFC 4180), behind an
/// apostrophe where a spreadsheet would run it.
pub(super) fn field(text: &str, out: &mut Vec<u8>) {
    let guard: &[u8] = if needs_apostrophe(text) { b"'" } else { b"" };
    if !text.contains([',', '"', '\n', '\r']) {
        out.extend_from_slice(guard);
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(guard);
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Whether a text must not be the whole of a field. Spreadsheets take what begins with these signs for a formula, in
/// quotation marks or not, and run it or show an error in its place (OWASP, "CSV Injection"; ASVS 1.2.10); a sign alone,
/// as forms have it for "none", is text to them. What begins with an apostrophe gets another, so that whoever takes one
/// away from every text has what the report says.
fn needs_apostrophe(text: &str) -> bool {
    const SIGNS: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\0'];
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '\'' || SIGNS.contains(&first) && characters.next().is_some())
}

/// Adds what a cell says. Figures are written as they are: one below zero is no formula.
pub(super) fn push_value(cell: &Cell, out: &mut Vec<u8>) {
    match cell {
        Cell::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        other => field(&cell_text(other), out),
    }
}

/// Adds the id and the name of a report's agency.
pub(super) fn push_agency(archive: &Archive, report: ReportIndex, out: &mut Vec<u8>) {
    field(&archive.filed(report).agency, out);
    out.push(b',');
    field(archive.agency(archive.agency_of(report)).name(), out);
}

/// Adds a whole number.
pub(super) fn push_whole(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
