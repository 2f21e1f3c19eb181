//! Reports as one long table: a line a cell.
//!
//! Columns: `agency, agency_name, year, form, table, row, column, label, unit, value`. A byte order
//! mark comes first, without which Excel takes the text for GBK.

use std::io::{self, Write};

use super::{PIECE, Shapes};
use crate::archive::{Archive, ReportIndex};

/// The columns, in order.
pub const COLUMNS: [&str; 10] = ["agency", "agency_name", "year", "form", "table", "row", "column", "label", "unit", "value"];

/// All cells of all reports that their files have.
pub fn export_csv(archive: &Archive) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_csv(archive, &Shapes::of_archive(archive), archive.reports().map(|(index, _)| index), &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes the cells of some reports, piece by piece.
pub fn write_csv(archive: &Archive, shapes: &Shapes, reports: impl Iterator<Item = ReportIndex>, out: &mut dyn Write) -> io::Result<()> {
    let mut piece = format!("\u{feff}{}\n", COLUMNS.join(",")).into_bytes();
    for index in reports {
        shapes.write_csv(archive, index, &mut piece);
        if piece.len() > PIECE {
            out.write_all(&piece)?;
            piece.clear();
        }
    }
    out.write_all(&piece)
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

    /// What a spreadsheet would run is text to it. Figures, signs that stand alone and JSON are as they were.
    #[test]
    fn no_text_is_a_formula() {
        let text = "+++\n[applications]\nreceived = [\"=1+1\", \"-5件\", \"-\", \"＠某\", \"'甲\", \"\\t=A1,\", -5]\ngranted = [\"+\", \"\", \"/\", 1.50, \"甲=乙\", 0, 0]\n+++\n";
        let report = read(text, 2023, &Forms::builtin()).report;
        let archive = Archive::new(
            vec![],
            vec![Arc::new(Filed { agency: "a".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() })],
        );
        let csv = export_csv(&archive);
        let values = |row: &str| -> Vec<String> {
            let lines = csv.lines().filter(|line| line.contains(&format!(",applications,{row},")));
            lines.filter_map(|line| Some(line.split_once(",件,")?.1.to_owned())).collect()
        };
        assert_eq!(values("received"), ["'=1+1", "'-5件", "-", "'＠某", "''甲", "\"'\t=A1,\"", "-5"]);
        assert_eq!(values("granted"), ["+", "", "/", "1.50", "甲=乙", "0", "0"]);
        assert!(crate::export::export_json(&archive).contains("[\"=1+1\", \"-5件\", \"-\", \"＠某\", \"'甲\", \"\\t=A1,\", -5]"));
    }
}
