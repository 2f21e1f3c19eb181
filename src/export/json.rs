//! The archive as one JSON object, the contract of design.md §4: tables as in front matter, numbers
//! exact to the digit.

use std::fmt::Write as _;

use crate::archive::{Archive, ReportIndex};
use crate::form::CellId;
use crate::report::Cell;

/// All reports: `{"reports": [{"agency", "year", "form", "title", "published", "tables"}]}`.
pub fn export_json(archive: &Archive) -> String {
    let mut out = String::from("{\"reports\": [");
    for (position, (index, _)) in archive.reports().enumerate() {
        out.push_str(if position == 0 { "\n" } else { ",\n" });
        write_report(archive, index, &mut out);
    }
    out.push_str("\n]}\n");
    out
}

/// One report as a JSON object.
pub fn report_json(archive: &Archive, index: ReportIndex) -> String {
    let mut out = String::new();
    write_report(archive, index, &mut out);
    out.push('\n');
    out
}

fn write_report(archive: &Archive, index: ReportIndex, out: &mut String) {
    let (filed, report) = (archive.filed(index), archive.report(index));
    let _ = write!(
        out,
        "{{\"agency\": {}, \"year\": {}, \"form\": {}, \"title\": {}, \"published\": {}, \"tables\": {{",
        quoted(&filed.agency),
        report.year,
        quoted(&report.form.key),
        quoted(&archive.title(index)),
        report.published.map_or_else(|| "null".to_owned(), |date| quoted(&date.to_string())),
    );
    for (number, table) in report.form.tables.iter().enumerate() {
        let separator = if number == 0 { "" } else { ", " };
        let _ = write!(out, "{separator}{}: {{", quoted(&table.key));
        write_rows(report, number, out);
        out.push('}');
    }
    out.push_str("}}");
}

/// The rows of a table, nested as they are in front matter: `refused.state_secret` in `refused`.
fn write_rows(report: &crate::report::Report, table: usize, out: &mut String) {
    let rows = report.form.tables[table].rows.iter().enumerate();
    let rows: Vec<(&str, usize)> = rows.map(|(index, row)| (row.key.as_str(), index)).collect();
    write_group(report, table, &rows, out);
}

/// Rows by what is left of their keys. Those of a group are written together, where its first row stands:
/// a name that came twice would be lost by whoever reads the object.
fn write_group(report: &crate::report::Report, table: usize, rows: &[(&str, usize)], out: &mut String) {
    let mut written: Vec<&str> = Vec::new();
    for (key, row) in rows {
        let (name, below) = key.split_once('.').map_or((*key, None), |(name, below)| (name, Some(below)));
        if below.is_some() && written.contains(&name) {
            continue;
        }
        let separator = if written.is_empty() { "" } else { ", " };
        written.push(name);
        let _ = write!(out, "{separator}{}: ", quoted(name));
        if below.is_none() {
            let cells = report.form.row_cells(table, *row).filter_map(|id| u16::try_from(id).ok());
            let cells: Vec<String> = cells.map(|id| json_cell(&report.figures.get(CellId(id)))).collect();
            let _ = write!(out, "[{}]", cells.join(", "));
            continue;
        }
        let in_group = |(key, row): &(&'_ str, usize)| {
            let (first, below) = key.split_once('.')?;
            (first == name).then_some((below.len(), *row))
        };
        let group: Vec<(&str, usize)> =
            rows.iter().filter_map(|entry| in_group(entry).map(|(length, row)| (&entry.0[entry.0.len() - length..], row))).collect();
        out.push('{');
        write_group(report, table, &group, out);
        out.push('}');
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use super::*;
    use crate::archive::Filed;
    use crate::form::Forms;
    use crate::report::read;

    /// Rows of groups are nested, figures are exact, a blank is not zero.
    #[test]
    fn cells_are_as_in_front_matter() {
        let text = "+++\n[proactive]\nfees = [127.0820]\n[applications]\nreceived = [1, 2, 3, 4, 5, \"\", \"/\"]\nrefused.state_secret = [0, 0, 0, 0, 0, 0, 0]\n+++\n";
        let report = read(text, 2023, &Forms::builtin()).report;
        let archive = Archive::new(
            vec![],
            vec![Arc::new(Filed { agency: "a".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() })],
        );
        let json = export_json(&archive);
        assert!(json.contains("\"fees\": [127.0820]"), "{json}");
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let tables = &value["reports"][0]["tables"];
        assert_eq!(tables["applications"]["received"].to_string(), "[1,2,3,4,5,\"\",\"/\"]");
        assert_eq!(tables["applications"]["refused"]["state_secret"][0], 0);
        assert_eq!(tables["applications"]["other"]["other"][0], serde_json::Value::Null);
        assert_eq!(tables["disputes"]["review"].as_array().unwrap().len(), 5);
    }
}
