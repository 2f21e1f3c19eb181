//! The archive as one long table: a line a cell.
//!
//! Columns: `agency, agency_name, year, form, table, row, column, label, unit, value`. A byte order
//! mark comes first, without which Excel takes the text for GBK.

use super::cell_text;
use crate::archive::Archive;
use crate::report::Cell;

/// The columns, in order.
pub(super) const COLUMNS: [&str; 10] = ["agency", "agency_name", "year", "form", "table", "row", "column", "label", "unit", "value"];

/// All cells of all reports that their files have.
pub fn export_csv(archive: &Archive) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::from("\u{feff}"));
    // Writing to memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for (index, filed) in archive.reports() {
        let (report, form) = (&filed.report, &filed.report.form);
        let name = archive.agency(archive.agency_of(index)).name();
        let year = report.year.to_string();
        for cell in form.cells() {
            let value = report.figures.get(cell);
            if value == Cell::Absent {
                continue;
            }
            let (table, row, column) = form.parts(cell);
            let (label, unit, value) = (form.cell_label(cell), form.unit(cell).unwrap_or_default(), cell_text(&value));
            let record = [&*filed.agency, name, &year, &form.key, &table.key, &row.key, &column.key, &label, unit, &value];
            let _ = writer.write_record(record);
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::archive::Filed;
    use crate::form::Forms;
    use crate::report::read;

    #[test]
    fn a_line_a_cell_with_its_label() {
        let report = read("+++\n[proactive]\nfees = [127.082]\nlicensing = [\"\"]\n+++\n", 2023, &Forms::builtin()).report;
        let archive = Archive::new(
            vec![],
            vec![Arc::new(Filed { agency: "a".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() })],
        );
        let text = export_csv(&archive);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], format!("\u{feff}{}", COLUMNS.join(",")));
        assert_eq!(lines[1], "a,a,2023,cn-2021,proactive,licensing,decisions,行政许可·决定,件,");
        assert_eq!(lines[2], "a,a,2023,cn-2021,proactive,fees,amount,行政事业性收费·万元,万元,127.082");
        assert_eq!(lines.len(), 3);
    }
}
