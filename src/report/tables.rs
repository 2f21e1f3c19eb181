//! The numeric tables of the front matter → cells, each with its place.

use toml::Spanned;

use super::Cell;
use crate::diagnostic::{Fault, Place};
use crate::form::{Form, Table};
use crate::front_matter::{DeTable, DeValue, Fields, INVALID_FRONT_MATTER, UNKNOWN_KEY, nearest};
use crate::number::{Number, NumberError};
use crate::text::{Span, Words, excerpt, is_han};
use crate::words;

/// The rule that reports cells that are no figures.
pub(crate) const TEXT_IN_CELL: &str = "text-in-cell";
/// The rule that reports rows and tables that are not there.
pub(crate) const MISSING_ROW: &str = "missing-row";

/// One row as the file has it: its dotted key, its value, where its key stands.
pub(super) struct RawRow<'t, 's> {
    pub(super) key: String,
    pub(super) value: &'t Spanned<DeValue<'s>>,
    pub(super) span: Span,
}

/// The rows of a table, in file order: `[applications.refused]` and dotted keys are the same.
pub(super) fn raw_rows<'t, 's>(table: &'t DeTable<'s>, offset: usize) -> Vec<RawRow<'t, 's>> {
    let mut rows = Vec::new();
    collect(table, "", offset, &mut rows);
    rows
}

fn collect<'t, 's>(table: &'t DeTable<'s>, prefix: &str, offset: usize, rows: &mut Vec<RawRow<'t, 's>>) {
    for (key, value) in table.iter() {
        let name = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(below) => collect(below, &format!("{name}."), offset, rows),
            _ => rows.push(RawRow { key: name, value, span: key.span().start + offset..key.span().end + offset }),
        }
    }
}

/// What is read of all tables: cells and their places in the form's order, and the faults.
pub(super) struct ReadTables {
    pub(super) cells: Vec<Cell>,
    pub(super) spans: Vec<Span>,
    pub(super) faults: Vec<Fault>,
}

/// Reads every table of the form.
pub(super) fn read_tables(fields: &mut Fields<'_, '_>, form: &Form, text: &str, front: &Span) -> ReadTables {
    let mut read =
        ReadTables { cells: vec![Cell::Absent; form.cell_count()], spans: vec![front.clone(); form.cell_count()], faults: Vec::new() };
    for (index, table) in form.tables.iter().enumerate() {
        let value = fields.raw(&table.key);
        let span = fields.span(&table.key).unwrap_or_else(|| front.clone());
        match value.map(Spanned::get_ref) {
            None => read.faults.push(missing_table(table)),
            Some(DeValue::Table(rows)) => {
                let rows = raw_rows(rows, fields.shift(0..0).start);
                TableReader { form, table, index, text, offset: fields.shift(0..0).start }.read(&rows, &span, &mut read);
            }
            Some(DeValue::Integer(zero)) if zero.as_str() == "0" => fill_zero(form, index, &span, &mut read),
            Some(_) => read.faults.push(wrong_table(table, span)),
        }
    }
    read
}

fn fill_zero(form: &Form, table: usize, span: &Span, read: &mut ReadTables) {
    for row in 0..form.tables[table].rows.len() {
        for cell in form.row_cells(table, row) {
            read.cells[cell] = Cell::Number(Number::ZERO);
            read.spans[cell] = span.clone();
        }
    }
}

fn missing_table(table: &Table) -> Fault {
    let (key, caption) = (&table.key, &table.caption);
    let message = words!("缺少表 [{key}]（{caption}）", "the table [{key}] ({caption}) is missing");
    let hint = words!(
        "补上这张表；若全部为零，可在第一张表之前写 {key} = 0",
        "add it; if every cell is zero, write `{key} = 0` before the first table"
    );
    Fault::new(MISSING_ROW, Place::key("tables"), message).with_hint(hint)
}

fn wrong_table(table: &Table, span: Span) -> Fault {
    let key = &table.key;
    let message = words!("{key} 应为表 [{key}]，或 {key} = 0（全部为零）", "{key} must be a table [{key}], or 0 (all cells zero)");
    Fault::new(INVALID_FRONT_MATTER, Place::Span(span), message)
}

struct TableReader<'f, 't> {
    form: &'f Form,
    table: &'f Table,
    index: usize,
    text: &'t str,
    offset: usize,
}

impl TableReader<'_, '_> {
    fn read(&self, rows: &[RawRow<'_, '_>], table_span: &Span, read: &mut ReadTables) {
        let mut seen = vec![false; self.table.rows.len()];
        // Rows nearly always come in the form's order: looking on from the last one found is quick.
        let mut next = 0;
        for raw in rows {
            let order = (next..self.table.rows.len()).chain(0..next);
            let Some(row) = order.into_iter().find(|row| self.table.rows[*row].key == raw.key) else {
                read.faults.push(self.unknown_row(raw));
                continue;
            };
            next = row + 1;
            seen[row] = true;
            self.read_row(row, raw, read);
        }
        let missing: Vec<usize> = (0..seen.len()).filter(|row| !seen[*row]).collect();
        if !missing.is_empty() {
            read.faults.push(self.missing_rows(&missing, table_span));
        }
    }

    fn read_row(&self, row: usize, raw: &RawRow<'_, '_>, read: &mut ReadTables) {
        let ids = self.form.row_cells(self.index, row);
        let width = ids.len();
        let value_span = raw.value.span().start + self.offset..raw.value.span().end + self.offset;
        for id in ids.clone() {
            read.spans[id] = value_span.clone();
        }
        match raw.value.get_ref() {
            DeValue::Array(items) if items.len() == width => {
                for (id, item) in ids.zip(items.iter()) {
                    let span = item.span().start + self.offset..item.span().end + self.offset;
                    read.spans[id] = span.clone();
                    read.cells[id] = read_cell(item, span, (self.text, self.unit(id)), &mut read.faults);
                }
            }
            DeValue::Array(items) => {
                // Which cell is missing cannot be known: what is there is kept as printed, not as figures.
                for (id, item) in ids.zip(items.iter()) {
                    let span = item.span().start + self.offset..item.span().end + self.offset;
                    read.cells[id] = Cell::Text(printed(item.get_ref(), &self.text[span.clone()]).into());
                    read.spans[id] = span;
                }
                read.faults.push(self.wrong_length(row, items.len(), value_span));
            }
            DeValue::Table(_) => {}
            _ if width == 1 => {
                let id = ids.start;
                read.cells[id] = read_cell(raw.value, value_span, (self.text, self.unit(id)), &mut read.faults);
            }
            other => {
                let key = &raw.key;
                let found = crate::front_matter::describe(other);
                let (zh, en) = (found.zh, found.en);
                let message = Words::new(
                    format!("{key} 应为 {width} 格的数组 [ … ]，这里是{zh}"),
                    format!("{key} must be an array of {width} cells, found {en}"),
                );
                let fault = Fault::new(INVALID_FRONT_MATTER, Place::Span(value_span), message);
                read.faults.push(fault.with_hint(self.columns_hint(row)));
            }
        }
    }

    /// The unit that the form prints for a cell.
    fn unit(&self, cell: usize) -> Option<&str> {
        self.form.unit(crate::form::CellId(u16::try_from(cell).ok()?))
    }

    fn columns_hint(&self, row: usize) -> Words {
        let block = &self.table.blocks[self.table.rows[row].block];
        let columns = block.columns.iter().map(|column| column.label.short()).collect::<Vec<_>>().join("、");
        words!("各格依次为：{columns}", "the cells are: {columns}")
    }

    fn wrong_length(&self, row: usize, found: usize, span: Span) -> Fault {
        let label = self.table.rows[row].label.short();
        let width = self.form.row_cells(self.index, row).len();
        let (zh, en) = if found < width { ("少了", "too few") } else { ("多了", "too many") };
        let message = Words::new(
            format!("“{label}”一行应有 {width} 格，实有 {found} 格，{zh}"),
            format!("`{label}` must have {width} cells, found {found}: {en}"),
        );
        Fault::new(INVALID_FRONT_MATTER, Place::Span(span), message).with_hint(self.columns_hint(row))
    }

    fn unknown_row(&self, raw: &RawRow<'_, '_>) -> Fault {
        let (key, shown, table, form) = (&raw.key, excerpt(&raw.key), &self.table.key, &self.form.key);
        let message = words!("{form} 的表 {table} 没有行“{shown}”", "table {table} of {form} has no row `{shown}`");
        let fault = Fault::new(UNKNOWN_KEY, Place::Span(raw.span.clone()), message);
        match nearest(key, self.table.rows.iter().map(|row| row.key.as_str())) {
            Some(near) => fault.with_hint(words!("是不是 {near}？", "did you mean {near}?")),
            None => fault.with_hint(words!(
                "删去这一行，或对照 gongkai new 生成的样板改名",
                "delete it, or see the template that `gongkai new` writes"
            )),
        }
    }

    fn missing_rows(&self, missing: &[usize], table_span: &Span) -> Fault {
        let names = |limit: usize| {
            let shown = missing.iter().take(limit).map(|row| {
                let row = &self.table.rows[*row];
                format!("{}（{}）", row.key, row.label.short())
            });
            shown.collect::<Vec<_>>().join("、")
        };
        let (table, count, shown) = (&self.table.key, missing.len(), names(5));
        let more = if count > 5 { "……" } else { "" };
        let message = words!("表 {table} 缺 {count} 行：{shown}{more}", "table {table} lacks {count} rows: {shown}{more}");
        let hint =
            words!("补上这些行；原件未填的格写 \"\"，不要写 0", "add them; write cells that the original leaves blank as \"\", not 0");
        let cells = missing.iter().flat_map(|row| self.form.row_cells(self.index, *row)).filter_map(|id| u16::try_from(id).ok());
        let cells = cells.map(|id| self.form.cell_key(crate::form::CellId(id))).collect();
        Fault::new(MISSING_ROW, Place::Span(table_span.clone()), message).with_hint(hint).with_cells(cells)
    }
}

/// Reads one cell. `span` is its place in `text`, the whole file; `unit` is what the form counts it in.
pub(super) fn read_cell(value: &Spanned<DeValue<'_>>, span: Span, (text, unit): (&str, Option<&str>), faults: &mut Vec<Fault>) -> Cell {
    let raw = &text[span.clone()];
    match value.get_ref() {
        DeValue::String(content) => match content.as_ref() {
            // Without a quotation mark it is what the parser saved of a value that is none: the syntax error
            // has been said, and nothing is to be made of it.
            _ if !raw.starts_with(['"', '\'']) => Cell::Text(raw.into()),
            "" => Cell::Blank,
            "/" => Cell::NotApplicable,
            words => {
                faults.push(text_in_cell(words, unit, span));
                Cell::Text(words.into())
            }
        },
        DeValue::Integer(_) | DeValue::Float(_) => match Number::parse(raw) {
            Ok(number) => Cell::Number(number),
            Err(error) => {
                faults.push(not_plain(raw, error, span));
                Cell::Text(raw.into())
            }
        },
        other => {
            faults.push(text_in_cell(raw, unit, span));
            Cell::Text(printed(other, raw).into())
        }
    }
}

fn printed(value: &DeValue<'_>, raw: &str) -> String {
    value.as_str().map_or_else(|| raw.to_owned(), str::to_owned)
}

fn not_plain(raw: &str, error: NumberError, span: Span) -> Fault {
    let raw = excerpt(raw);
    let message = match error {
        NumberError::TooLong => {
            words!("“{raw}”太长：小数点前最多 15 位，后最多 10 位", "`{raw}` is too long: at most 15 digits before the point, 10 behind it")
        }
        _ => words!("“{raw}”不是普通十进制写法", "`{raw}` is not plain decimal notation"),
    };
    if let Some(Ok(number)) = raw.strip_prefix('+').map(Number::parse) {
        let hint = words!("写成 {number}，不加正号", "write {number} without the plus sign");
        return Fault::new(TEXT_IN_CELL, Place::Span(span), message).with_hint(hint);
    }
    let hint = words!("写成普通十进制，如 1000、127.082", "write a plain decimal such as 1000 or 127.082");
    Fault::new(TEXT_IN_CELL, Place::Span(span), message).with_hint(hint)
}

fn text_in_cell(content: &str, printed: Option<&str>, span: Span) -> Fault {
    let shown = excerpt(content);
    let message = words!("单元格里应为数字，这里是“{shown}”", "a cell must hold a number, found `{shown}`");
    let hint = match Number::read(content) {
        Ok(loose) if loose.unit.is_empty() => {
            let number = loose.number;
            words!("写成 {number}（不加引号）", "write {number} without quotation marks")
        }
        Ok(loose) if loose.unit.starts_with(['（', '(']) && loose.unit.chars().count() > 5 => {
            let number = loose.number;
            words!("只写 {number}，括号里的说明移到正文", "write {number} alone and move the remark in brackets to the text")
        }
        // "3O", "5/3" and "2+3=5" are no figures with a unit.
        Ok(loose) if !loose.unit.chars().all(|c| is_han(c) || matches!(c, '（' | '）' | '(' | ')')) => {
            words!("核对原件，只写数字", "compare with the original and write the number alone")
        }
        Ok(loose) => {
            let (number, unit) = (loose.number, excerpt(&loose.unit));
            if let Some((printed, number)) = printed.and_then(|printed| Some((printed, in_unit(number, &loose.unit, printed)?))) {
                let hint = words!(
                    "表中以“{printed}”为单位：换算为 {number}，不写单位",
                    "the form counts in `{printed}`: that is {number}, without a unit"
                );
                return Fault::new(TEXT_IN_CELL, Place::Span(span), message).with_hint(hint);
            }
            words!(
                "去掉单位“{unit}”，写成 {number}；注意表中规定的单位",
                "drop the unit `{unit}` and write {number}; mind the unit that the form prints"
            )
        }
        Err(_) => words!(
            "只写数字；未填的格写 \"\"，不适用的写 \"/\"",
            "write a number, \"\" for a cell left blank, \"/\" for one that does not apply"
        ),
    };
    Fault::new(TEXT_IN_CELL, Place::Span(span), message).with_hint(hint)
}

/// Multiples that stand before a unit, and their powers of ten.
const MULTIPLES: [(&str, u32); 7] = [("千万", 7), ("百万", 6), ("十万", 5), ("亿", 8), ("万", 4), ("千", 3), ("百", 2)];

/// A figure in another multiple of its unit: 251000元 is 25.1 of 万元. `None` for the same multiple and for
/// another unit.
fn in_unit(number: Number, found: &str, printed: &str) -> Option<Number> {
    let split = |unit: &'_ str| {
        let known = MULTIPLES.iter().find_map(|(word, power)| Some((unit.strip_prefix(word)?.to_owned(), *power)));
        known.unwrap_or_else(|| (unit.to_owned(), 0))
    };
    let ((base, from), (wanted, to)) = (split(found), split(printed));
    if base != wanted || from == to {
        return None;
    }
    let larger = (to..from).try_fold(number, |number, _| number.checked_mul(10.into()))?;
    Some(larger.shifted(to.saturating_sub(from)).normalised())
}
