//! The archive → data files. Each cell is written as in front matter, whatever the format: as one long table
//! ([`write_csv`]), as tables to open ([`write_year_csv`], [`write_agency_csv`]), as JSON ([`write_json`]). A text that a
//! spreadsheet would take for a formula stands behind an apostrophe in CSV; figures never do.

mod csv;
mod json;
mod shape;
mod wide;

pub use self::csv::{COLUMNS, export_csv, write_csv};
pub use self::json::{export_json, write_json};
pub use self::shape::Shapes;
pub use self::wide::{AGENCY_COLUMNS, YEAR_COLUMNS, write_agency_csv, write_year_csv};

use crate::report::Cell;

/// Data is written in pieces of about this size, however much there is.
const PIECE: usize = 256 << 10;

/// A cell as data formats write it: the figure to the digit, nothing for a blank, `/`, the text.
pub(crate) fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Blank | Cell::Absent => String::new(),
        Cell::NotApplicable => "/".to_owned(),
        Cell::Text(text) => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::collections::BTreeMap;
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;

    use super::*;
    use crate::archive::{Archive, Filed};
    use crate::form::{Form, Forms};
    use crate::report::{Figures, Report, read};

    /// The built-in editions and one whose groups are deep and not together.
    static FORMS: LazyLock<Forms> = LazyLock::new(|| {
        let mut forms = Forms::builtin();
        let text = "key = \"x-1\"\ntitle = \"x\"\nfirst_year = 2030\nreport_title = \"x\"\n[[section]]\nkey = \"a\"\ntitle = \"甲\"\n[[table]]\nkey = \"t\"\nsection = \"a\"\ncaption = \"表\"\n[[table.block]]\ncolumns = [{ key = \"n\", label = \"数\" }, { key = \"m\", label = \"数\" }]\nrows = [{ key = \"g.a\", label = \"1\" }, { key = \"x\", label = \"2\" }, { key = \"g.b.c\", label = \"3\" }, { key = \"h.a\", label = \"4\" }, { key = \"g.b.d\", label = \"5\" }]\n";
        forms.with(text).unwrap();
        forms
    });

    fn any_cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            6 => (-999i64..100_000, 0u32..4).prop_map(|(n, places)| Cell::Number(crate::number::Number::from(n).shifted(places))),
            1 => Just(Cell::Blank),
            1 => Just(Cell::NotApplicable),
            1 => Just(Cell::Absent),
            1 => "[一-龥,\"\\n=;'+＠-]{1,5}".prop_map(|text| Cell::Text(text.into())),
        ]
    }

    /// What JSON says of every cell that is there, by its key, as CSV writes it.
    fn cells_of_json(form: &Form, json: &str) -> BTreeMap<String, String> {
        // Numbers are compared as they are written: a float would hide a lost digit.
        let raw: serde_json::Value = serde_json::from_str(&quote_numbers(json)).unwrap();
        let tables = &raw["reports"][0]["tables"];
        let mut cells = BTreeMap::new();
        for id in form.cells() {
            let (table, row, column) = form.parts(id);
            let at = row.key.split('.').fold(&tables[&table.key], |at, part| &at[part]);
            let place = table.blocks[row.block].columns.iter().position(|other| other.key == column.key).unwrap();
            if let Some(text) = at[place].as_str() {
                cells.insert(form.cell_key(id), text.to_owned());
            } else {
                assert!(at[place].is_null(), "{}: {}", form.cell_key(id), at[place]);
            }
        }
        cells
    }

    /// Numbers outside strings are put in quotation marks.
    fn quote_numbers(json: &str) -> String {
        let (mut out, mut in_text, mut escaped, mut in_number) = (String::new(), false, false, false);
        for c in json.chars() {
            let number = !in_text && (c.is_ascii_digit() || matches!(c, '-' | '.'));
            if number != in_number {
                out.push('"');
                in_number = number;
            }
            if c == '"' && !escaped {
                in_text = !in_text;
            }
            escaped = in_text && c == '\\' && !escaped;
            out.push(c);
        }
        out
    }

    fn records(csv: &str) -> Vec<::csv::StringRecord> {
        let reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        reader.into_records().map(Result::unwrap).collect()
    }

    /// A value without the apostrophe that tells spreadsheets that it is text.
    fn read_value(value: &str) -> String {
        value.strip_prefix('\'').unwrap_or(value).to_owned()
    }

    /// Cells by key, of a table with a line a cell whose key stands in three columns from one on.
    fn cells_of_lines(csv: &str, first: usize) -> BTreeMap<String, String> {
        let key = |record: &::csv::StringRecord| [first, first + 1, first + 2].map(|column| &record[column]).join(".");
        records(csv)[1..].iter().map(|record| (key(record), read_value(record.iter().next_back().unwrap()))).collect()
    }

    /// Cells by key, of the one line of a table with a line a report.
    fn cells_of_columns(csv: &str) -> BTreeMap<String, String> {
        let records = records(csv);
        assert_eq!(records.len(), 2, "one report: {csv}");
        let (heads, line) = (&records[0], &records[1]);
        let key = |head: &str| head.split_once(' ').map(|(key, _)| key.to_owned());
        heads.iter().zip(line).filter_map(|(head, value)| Some((key(head)?, read_value(value)))).collect()
    }

    fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// All formats agree cell by cell, to the digit, whatever the cells hold and however a form nests them.
        #[test]
        fn formats_agree_cell_by_cell(
            (year, cells) in prop::sample::select(vec![2016u16, 2020, 2023, 2030])
                .prop_flat_map(|year| (Just(year), prop::collection::vec(any_cell(), FORMS.for_year(year).cell_count())))
        ) {
            let form = FORMS.for_year(year).clone();
            let report = Report { figures: Figures::new(cells), form: form.clone(), ..read("+++\n+++\n", year, &FORMS).report };
            let filed = Filed { agency: "a".into(), in_directory: false, report, attachments: vec![], sketch: Default::default() };
            let archive = Archive::new(vec![], vec![Arc::new(filed)]);
            let json = cells_of_json(&form, &export_json(&archive));
            prop_assert_eq!(&json, &cells_of_lines(&export_csv(&archive), 4));
            let shapes = Shapes::of_archive(&archive);
            let reports = archive.reports_of_year(year);
            let agency = written(|out| write_agency_csv(&archive, &shapes, reports, out));
            prop_assert_eq!(&json, &cells_of_lines(&agency, 3));
            // A table with a column a cell has one for those that the file does not have, too.
            let mut whole = json;
            for cell in form.cells() {
                whole.entry(form.cell_key(cell)).or_default();
            }
            prop_assert_eq!(whole, cells_of_columns(&written(|out| write_year_csv(&archive, &shapes, reports, out))));
        }
    }
}
