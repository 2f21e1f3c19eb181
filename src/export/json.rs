//! Reports as one JSON object, the contract of design.md §4: tables as in front matter, numbers exact to
//! the digit.

use std::io::{self, Write};

use super::{PIECE, Shapes};
use crate::archive::{Archive, ReportIndex};

/// All reports: `{"reports": [{"agency", "year", "form", "title", "published", "tables"}]}`.
pub fn export_json(archive: &Archive) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_json(archive, &Shapes::of_archive(archive), archive.reports().map(|(index, _)| index), &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes some reports, piece by piece.
pub fn write_json(archive: &Archive, shapes: &Shapes, reports: impl Iterator<Item = ReportIndex>, out: &mut dyn Write) -> io::Result<()> {
    let mut piece = b"{\"reports\": [".to_vec();
    for (position, index) in reports.enumerate() {
        piece.extend_from_slice(if position == 0 { b"\n" } else { b",\n" });
        shapes.write_json(archive, index, &mut piece);
        if piece.len() > PIECE {
            out.write_all(&piece)?;
            piece.clear();
        }
    }
    piece.extend_from_slice(b"\n]}\n");
    out.write_all(&piece)
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
