//! Spreadsheets (.xlsx, .xls) and comma-separated values → one grid a sheet.
//!
//! Empty cells inside the used area become cells too, so that positions in a row mean the same as in
//! a table of Word. Figures stored as binary floats are written with at most 15 significant digits,
//! which is what the spreadsheet itself keeps and shows.

mod struck;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Dimensions, Reader, SheetType, Xls, Xlsx};

use super::block::{Block, Document, NoteKind, Place};
use super::decode::{Foreign, decode};
use super::fault::{Fault, Format, Measure};
use super::grid::{Grid, GridBuilder, GridCell, MAX_CELLS, MAX_COLUMNS};
use super::package::Package;

/// Filled cells by row and column.
type Cells = BTreeMap<(u32, u32), String>;

/// Reads an .xlsx.
pub(crate) fn read_xlsx(bytes: &[u8]) -> Result<Document, Fault> {
    Package::open(bytes, Format::Xlsx)?.check_sizes()?;
    let damaged = |error: calamine::XlsxError| Fault::damaged(Format::Xlsx, error);
    let bytes = struck::marked(bytes)?.map_or(Cow::Borrowed(bytes), Cow::Owned);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_ref())).map_err(damaged)?;
    let mut document = Document::default();
    for name in sheets(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut cells = Cells::new();
        let mut reader = book.worksheet_cells_reader(&name).map_err(damaged)?;
        let is_struck = |style: &calamine::Style| style.font.as_ref().is_some_and(calamine::Font::has_strikethrough);
        let struck_styles: Vec<bool> = reader.styles().iter().map(is_struck).collect();
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(damaged)? {
            let of_cell = struck_styles.get(style).is_some_and(|struck| *struck);
            let (text, struck) = struck::parted(&text_of(&Data::from(cell.get_value().clone())), of_cell);
            if !struck.trim().is_empty() {
                document.note(NoteKind::Struck, struck.trim(), Place::Row(cell.get_position().0 + 1));
            }
            insert(&mut cells, cell.get_position(), text)?;
        }
        add_sheet(&mut document, &name, cells, &merged)?;
    }
    Ok(document)
}

/// Reads an .xls.
pub(crate) fn read_xls(bytes: &[u8]) -> Result<Document, Fault> {
    let damaged = |error: calamine::XlsError| match error {
        calamine::XlsError::Password => Fault::Encrypted(Format::Xls),
        other => Fault::damaged(Format::Xls, other),
    };
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut document = Document::default();
    for name in sheets(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let range = book.worksheet_range(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut cells = Cells::new();
        for (row, col, value) in range.used_cells() {
            let at = (top + u32::try_from(row).unwrap_or(u32::MAX - top), left + u32::try_from(col).unwrap_or(0));
            insert(&mut cells, at, text_of(value))?;
        }
        add_sheet(&mut document, &name, cells, &merged)?;
    }
    Ok(document)
}

fn sheets<R: std::io::Read + std::io::Seek, B: Reader<R>>(book: &B) -> Vec<String> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.map(|sheet| sheet.name.clone()).collect()
}

fn insert(cells: &mut Cells, at: (u32, u32), text: String) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Ok(());
    }
    if cells.len() >= MAX_CELLS {
        return Err(Fault::TooLarge { what: Measure::Cells, limit: MAX_CELLS as u64 });
    }
    cells.insert(at, text);
    Ok(())
}

fn text_of(value: &Data) -> String {
    match value {
        Data::Float(figure) => float_text(*figure),
        Data::DateTime(date) => date_text(*date),
        other => other.to_string(),
    }
}

/// A float as the spreadsheet shows it: 15 significant digits, no exponent, no trailing zeros.
fn float_text(figure: f64) -> String {
    let shortest = figure.to_string();
    if shortest.chars().filter(char::is_ascii_digit).count() <= 15 {
        return shortest;
    }
    let rounded: f64 = format!("{figure:.14e}").parse().unwrap_or(figure);
    rounded.to_string()
}

/// A date in Chinese notation, since it is read as text from here on.
fn date_text(date: calamine::ExcelDateTime) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year}年{month}月{day}日")
}

fn add_sheet(document: &mut Document, name: &str, cells: Cells, merged: &[Dimensions]) -> Result<(), Fault> {
    if cells.is_empty() {
        return Ok(());
    }
    document.note(NoteKind::Label, name, Place::Unknown);
    document.blocks.push(Block::Table(grid(cells, merged)?));
    Ok(())
}

/// The used area with empty cells filled in; cells that a merged cell covers are left out.
fn grid(mut cells: Cells, merged: &[Dimensions]) -> Result<Grid, Fault> {
    let rows = cells.keys().map(|(row, _)| row + 1).max().unwrap_or(0);
    let cols = cells.keys().map(|(_, col)| col + 1).max().unwrap_or(0);
    if cols > MAX_COLUMNS {
        return Err(Fault::TooLarge { what: Measure::Columns, limit: u64::from(MAX_COLUMNS) });
    }
    if u64::from(rows) * u64::from(cols) > MAX_CELLS as u64 {
        return Err(Fault::TooLarge { what: Measure::Cells, limit: MAX_CELLS as u64 });
    }
    let mut covered = std::collections::BTreeSet::new();
    let mut spans = BTreeMap::new();
    for Dimensions { start, end } in merged.iter().filter(|area| area.start.0 < rows && area.start.1 < cols) {
        let (bottom, right) = (end.0.min(rows - 1), end.1.min(cols - 1));
        spans.insert(*start, (bottom - start.0 + 1, right - start.1 + 1));
        covered.extend((start.0..=bottom).flat_map(|row| (start.1..=right).map(move |col| (row, col))).filter(|at| at != start));
    }
    let mut builder = GridBuilder::new(Place::Row(1));
    for (row, col) in (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))) {
        if covered.contains(&(row, col)) {
            continue;
        }
        let (rowspan, colspan) = spans.get(&(row, col)).copied().unwrap_or((1, 1));
        let text = cells.remove(&(row, col)).unwrap_or_default();
        builder.add(GridCell { row, col, rowspan, colspan, text, place: Place::Row(row + 1) })?;
    }
    Ok(builder.finish())
}

/// Reads comma-, semicolon- or tab-separated values.
pub(crate) fn read_csv(bytes: &[u8]) -> Result<Document, Fault> {
    let Foreign { text, lossy } = decode(bytes);
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut document = Document::default();
    let mut builder = GridBuilder::new(Place::Line(1));
    for (row, record) in (0..).zip(reader.records()) {
        let record = record.map_err(|error| Fault::damaged(Format::Csv, error))?;
        let line = record.position().map_or(row + 1, |at| u32::try_from(at.line()).unwrap_or(u32::MAX));
        for (col, field) in (0..).zip(&record) {
            builder.add_single(row, col, field, Place::Line(line))?;
        }
    }
    document.blocks.push(Block::Table(builder.finish()));
    if lossy {
        document.note(NoteKind::Undecodable, "", Place::Unknown);
    }
    Ok(document)
}

/// The mark that parts most lines.
pub(crate) fn delimiter(text: &str) -> u8 {
    let lines_with = |mark: char| text.lines().take(60).filter(|line| line.matches(mark).count() >= 2).count();
    let best = [',', '\t', ';'].into_iter().rev().max_by_key(|mark| lines_with(*mark)).unwrap_or(',');
    u8::try_from(best).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn floats_are_written_as_shown() {
        assert_eq!(float_text(127.082), "127.082");
        assert_eq!(float_text(15.0), "15");
        assert_eq!(float_text(0.1 + 0.2), "0.3");
        assert_eq!(float_text(12_345_678.9), "12345678.9");
    }

    /// A workbook of one sheet; the font of style 1 is struck out.
    fn workbook(strings: &str, cells: &str) -> Vec<u8> {
        use std::io::Write;
        let namespaces = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
            xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
        let relation = |id: &str, kind: &str, target: &str| {
            let kind = format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}");
            format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
        };
        let relations = |content: String| {
            format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{content}</Relationships>")
        };
        let of_book = [
            relation("r1", "worksheet", "worksheets/sheet1.xml"),
            relation("r2", "styles", "styles.xml"),
            relation("r3", "sharedStrings", "sharedStrings.xml"),
        ];
        let parts = [
            ("_rels/.rels", relations(relation("r1", "officeDocument", "xl/workbook.xml"))),
            ("xl/_rels/workbook.xml.rels", relations(of_book.concat())),
            (
                "xl/workbook.xml",
                format!("<workbook {namespaces}><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet {namespaces}><fonts><font/><font><strike/></font></fonts>\
                     <cellXfs><xf fontId=\"0\"/><xf fontId=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>"
                ),
            ),
            ("xl/sharedStrings.xml", format!("<sst {namespaces}>{strings}</sst>")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet {namespaces}><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>")),
        ];
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// A figure struck out in a cell is no part of the one beside it, and a struck cell is empty: 9 and 15 are not 915.
    #[test]
    fn struck_text_is_noted_and_not_read() {
        let run = |properties: &str, text: &str| format!("<r><rPr>{properties}<sz val=\"11\"/></rPr><t>{text}</t></r>");
        let strings = [
            format!("<si>{}{}</si>", run("<strike/>", "9"), run("", "15")),
            format!("<si>{}{}</si>", run("<strike val=\"0\"/>", " 9"), run("", "15\n")),
            format!("<si><r><t>9</t></r>{}</si>", run("", "15")),
            "<si><t>915</t></si>".to_owned(),
        ];
        let cells = "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" s=\"1\" t=\"s\"><v>2</v></c>\
            <c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" s=\"1\"><v>8</v></c><c r=\"F1\"><v>3</v></c>\
            <c r=\"G1\" t=\"inlineStr\"><is><r><rPr><strike/></rPr><t>4</t></r><r><t>5</t></r></is></c>";
        let document = read_xlsx(&workbook(&strings.concat(), cells)).unwrap();
        let grid = document.grids().next().unwrap();
        assert_eq!(grid.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), ["15", "915", "15", "915", "", "3", "5"]);
        let struck = document.notes.iter().filter(|note| note.kind == NoteKind::Struck);
        assert_eq!(
            struck.map(|note| (note.text.as_str(), note.place)).collect::<Vec<_>>(),
            ["9", "9", "8", "4"].map(|text| (text, Place::Row(1)))
        );
    }

    /// Quoted line breaks stay in their cell; semicolons are told from commas.
    #[test]
    fn separated_values_make_a_grid() {
        let document = read_csv("信息内容;\"本年\n制发\";x\n规章;0;\n".as_bytes()).unwrap();
        let grid = document.grids().next().unwrap();
        assert_eq!((grid.rows, grid.cols, grid.cells[1].text.as_str()), (2, 3, "本年\n制发"));
    }

    /// A merged cell covers its neighbours; empty cells are cells.
    #[test]
    fn merged_areas_become_spans() {
        let cells = Cells::from([((0, 0), "甲".to_owned()), ((1, 2), "3".to_owned())]);
        let grid = grid(cells, &[Dimensions { start: (0, 0), end: (0, 1) }]).unwrap();
        let cells: Vec<_> = grid.cells.iter().map(|c| (c.row, c.col, c.colspan, c.text.as_str())).collect();
        assert_eq!(cells, [(0, 0, 2, "甲"), (0, 2, 1, ""), (1, 0, 1, ""), (1, 1, 1, ""), (1, 2, 1, "3")]);
    }
}
