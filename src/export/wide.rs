//! Reports as the tables that people open: all of a year side by side, or all of an agency over the years.
//!
//! A year is a line a report and a column a cell, named by its key and the words of the form
//! (`applications.received.individual 本年新收·自然人（件）`). An agency is a line a cell and a
//! column a year; editions of the form stand on lines of their own. A cell that a report's file does not
//! have is left empty, one that it has and leaves blank is `""`: the two look alike in a spreadsheet and
//! apart to a program that asks.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use super::PIECE;
use super::shape::{Shapes, field, push_agency, push_value, push_whole};
use crate::archive::{Archive, ReportIndex};
use crate::form::{CellId, Form};
use crate::report::{Cell, Report};

/// The columns of a year's table before those of the cells.
pub const YEAR_COLUMNS: [&str; 5] = ["agency", "agency_name", "year", "form", "published"];

/// The columns of an agency's table before those of the years.
pub const AGENCY_COLUMNS: [&str; 8] = ["agency", "agency_name", "form", "table", "row", "column", "label", "unit"];

/// A byte order mark, without which Excel takes the text for GBK.
const MARK: &str = "\u{feff}";

/// Writes the reports of a year, a line each, piece by piece.
pub fn write_year_csv(archive: &Archive, shapes: &Shapes, reports: &[ReportIndex], out: &mut dyn Write) -> io::Result<()> {
    let columns = Columns::of(forms_of(archive, reports), shapes);
    let mut piece = format!("{MARK}{}", YEAR_COLUMNS.join(",")).into_bytes();
    for heading in &columns.headings {
        piece.push(b',');
        piece.extend_from_slice(heading.as_bytes());
    }
    piece.push(b'\n');
    for index in reports {
        columns.push_line(archive, *index, &mut piece);
        if piece.len() > PIECE {
            out.write_all(&piece)?;
            piece.clear();
        }
    }
    out.write_all(&piece)
}

/// Writes the reports of an agency, a line a cell that any of them has.
pub fn write_agency_csv(archive: &Archive, shapes: &Shapes, reports: &[ReportIndex], out: &mut dyn Write) -> io::Result<()> {
    let mut start = Vec::new();
    if let Some(first) = reports.first() {
        push_agency(archive, *first, &mut start);
    }
    let mut text = format!("{MARK}{}", AGENCY_COLUMNS.join(",")).into_bytes();
    for index in reports {
        // Writing to memory cannot fail.
        let _ = write!(text, ",{}", archive.report(*index).year);
    }
    text.push(b'\n');
    for form in forms_of(archive, reports) {
        let reports: Vec<Option<&Report>> =
            reports.iter().map(|index| Some(archive.report(*index)).filter(|report| report.form.key == form.key)).collect();
        for (cell, (_, described)) in form.cells().zip(shapes.cells(form)) {
            let at = text.len();
            text.extend_from_slice(&start);
            text.extend_from_slice(described.as_bytes());
            let mut is_there = false;
            for (place, report) in reports.iter().enumerate() {
                if place > 0 {
                    text.push(b',');
                }
                if let Some(report) = report {
                    is_there |= push_cell(report, cell, &mut text);
                }
            }
            text.push(b'\n');
            if !is_there {
                text.truncate(at);
            }
        }
    }
    out.write_all(&text)
}

/// The forms that reports are in, earliest first.
fn forms_of<'a>(archive: &'a Archive, reports: &[ReportIndex]) -> Vec<&'a Form> {
    let mut forms: Vec<&Form> = Vec::new();
    for index in reports {
        let form = &*archive.report(*index).form;
        if !forms.iter().any(|known| known.key == form.key) {
            forms.push(form);
        }
    }
    forms.sort_by(|a, b| (a.first_year, &a.key).cmp(&(b.first_year, &b.key)));
    forms
}

/// The columns of a table that has a report a line.
struct Columns<'a> {
    headings: Vec<&'a str>,
    /// For each form the cell that stands in each column, if it has one there.
    cells: FxHashMap<&'a str, Vec<Option<CellId>>>,
}

impl<'a> Columns<'a> {
    /// The cells of some forms. Those of the same key, label and unit share a column.
    fn of(forms: Vec<&'a Form>, shapes: &'a Shapes) -> Self {
        let mut headings: Vec<&str> = Vec::new();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for form in &forms {
            for (heading, _) in shapes.cells(form) {
                places.entry(heading).or_insert_with(|| {
                    headings.push(heading);
                    headings.len() - 1
                });
            }
        }
        let cells_of = |form: &'a Form| {
            let mut cells = vec![None; headings.len()];
            for (cell, (heading, _)) in form.cells().zip(shapes.cells(form)) {
                if let Some(place) = places.get(heading.as_str()).and_then(|place| cells.get_mut(*place)) {
                    *place = Some(cell);
                }
            }
            (form.key.as_str(), cells)
        };
        let cells = forms.into_iter().map(cells_of).collect();
        Self { headings, cells }
    }

    fn push_line(&self, archive: &Archive, index: ReportIndex, out: &mut Vec<u8>) {
        let report = archive.report(index);
        push_agency(archive, index, out);
        // Writing to memory cannot fail.
        let _ = write!(out, ",{},", report.year);
        field(&report.form.key, out);
        out.push(b',');
        if let Some(published) = report.published {
            let _ = write!(out, "{published}");
        }
        for cell in self.cells.get(report.form.key.as_str()).into_iter().flatten() {
            out.push(b',');
            if let Some(cell) = cell {
                push_cell(report, *cell, out);
            }
        }
        out.push(b'\n');
    }
}

/// Adds what a report has in a cell; says whether its file has the cell.
fn push_cell(report: &Report, cell: CellId, out: &mut Vec<u8>) -> bool {
    if let Some(small) = report.figures.small(cell) {
        push_whole(small, out);
        return true;
    }
    match report.figures.get(cell) {
        Cell::Absent => return false,
        Cell::Blank => out.extend_from_slice(b"\"\""),
        value => push_value(&value, out),
    }
    true
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::archive::Filed;
    use crate::form::Forms;
    use crate::report::read;

    fn archive(reports: &[(&str, u16, &str)]) -> Archive {
        let forms = Forms::builtin();
        let filed = |(agency, year, text): &(&str, u16, &str)| {
            let report = read(&format!("+++\n{text}+++\n"), *year, &forms).report;
            Arc::new(Filed { agency: (*agency).into(), in_directory: false, report, attachments: vec![], sketch: Default::default() })
        };
        Archive::new(vec![], reports.iter().map(filed).collect())
    }

    fn lines(write: impl Fn(&Shapes, &mut Vec<u8>) -> io::Result<()>, archive: &Archive) -> Vec<String> {
        let mut out = Vec::new();
        write(&Shapes::of_archive(archive), &mut out).ok();
        String::from_utf8_lossy(&out).lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_year_is_a_line_a_report() {
        let archive = archive(&[
            ("a", 2023, "published = 2024-01-20\n[proactive]\nfees = [127.0820]\nlicensing = [\"\"]\n"),
            ("b", 2023, "form = \"cn-2014\"\n"),
            ("c", 2022, ""),
        ]);
        let lines = lines(|shapes, out| write_year_csv(&archive, shapes, archive.reports_of_year(2023), out), &archive);
        assert_eq!(lines.len(), 3);
        let head: Vec<&str> = lines[0].split(',').collect();
        assert_eq!(head[..5].join(","), format!("{MARK}{}", YEAR_COLUMNS.join(",")));
        let first: Vec<&str> = lines[1].split(',').collect();
        assert_eq!(first[..5].join(","), "a,a,2023,cn-2021,2024-01-20");
        assert_eq!(head.len(), first.len());
        let cell = |name: &str| head.iter().position(|heading| heading.starts_with(name)).map(|place| (head[place], first[place]));
        assert_eq!(cell("proactive.fees.amount"), Some(("proactive.fees.amount 行政事业性收费·万元", "127.0820")));
        assert_eq!(cell("proactive.licensing.decisions"), Some(("proactive.licensing.decisions 行政许可·决定（件）", "\"\"")));
        assert_eq!(cell("proactive.penalties.decisions").map(|cell| cell.1), Some(""), "not in the file");
        assert!(lines[2].starts_with("b,b,2023,cn-2014,,"), "{}", lines[2]);
    }

    #[test]
    fn an_agency_is_a_line_a_cell_and_a_column_a_year() {
        let archive = archive(&[
            ("a", 2020, "[proactive]\nfees = [1.5, 2]\n"),
            ("a", 2022, "[proactive]\nfees = [\"\"]\n"),
            ("a", 2023, "[proactive]\nlicensing = [7]\n"),
        ]);
        let reports = archive.find_agency("a").map(|index| archive.agency(index).reports.clone()).unwrap_or_default();
        let lines = lines(|shapes, out| write_agency_csv(&archive, shapes, &reports, out), &archive);
        assert_eq!(lines[0], format!("{MARK}{},2020,2022,2023", AGENCY_COLUMNS.join(",")));
        let has = |start: &str, end: &str| lines.iter().any(|line| line.starts_with(start) && line.ends_with(end));
        assert!(has("a,a,cn-2019,proactive,fees,", ",1.5,,"), "the form of 2020: {lines:#?}");
        assert!(has("a,a,cn-2021,proactive,fees,amount,行政事业性收费·万元,万元", ",,\"\","), "blank in 2022: {lines:#?}");
        assert!(has("a,a,cn-2021,proactive,licensing,decisions,", ",,,7"), "only 2023: {lines:#?}");
    }
}
