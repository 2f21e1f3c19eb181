//! Tables that are written the usual way, read without a parser: one row a line, `key = [1, "", "/"]`.
//!
//! Nearly all of a report's front matter is such rows, and nearly all reports have nothing else in their
//! tables. Where every row of every table is there, plainly written and of the right length, the cells follow
//! from one look at the lines; the rest of the front matter goes to the TOML parser. Anything else, be it
//! unusual or wrong, is none of this module's business: it says `None`, and the parser reads all of it.

use memchr::memchr;

use crate::form::{Form, Table};
use crate::number::Number;
use crate::text::{Span, whole_lines};

use super::Cell;

/// What was read.
pub(super) struct PlainTables {
    /// The cells, in the form's order.
    pub(super) cells: Vec<Cell>,
    /// Their places in the file.
    pub(super) spans: Vec<Span>,
    /// The front matter with spaces in the place of the tables: what is left keeps its place.
    pub(super) rest: String,
}

/// Reads all tables of `form` from a front matter that stands at `offset` in its file.
pub(super) fn read_plain(toml: &str, offset: usize, form: &Form) -> Option<PlainTables> {
    let count = form.cell_count();
    let mut reader =
        Reader { form, offset, cells: vec![None; count], spans: vec![0..0; count], headers: Vec::new(), dotted: Vec::new(), open: None };
    let mut rest = String::with_capacity(toml.len());
    // Spaces that are due before what comes next; mostly nothing does.
    let mut due = 0;
    let mut at = 0;
    for line in whole_lines(toml) {
        if begins_header(line) {
            reader.begin(line)?;
        }
        if reader.open.is_some() {
            reader.line(line, at)?;
            due += line.len();
        } else {
            rest.extend(std::iter::repeat_n(' ', std::mem::take(&mut due)));
            rest.push_str(line);
        }
        at += line.len();
    }
    // A row that is missing is missed by the parser's reader, in words.
    let cells = reader.cells.into_iter().collect::<Option<Vec<Cell>>>()?;
    rest.truncate(rest.trim_end().len());
    Some(PlainTables { cells, spans: reader.spans, rest })
}

struct Reader<'f, 't> {
    form: &'f Form,
    offset: usize,
    cells: Vec<Option<Cell>>,
    spans: Vec<Span>,
    /// The headers of tables so far.
    headers: Vec<&'t str>,
    /// Tables with rows of groups below their own header. TOML would have `refused.a` and a header
    /// `[x.refused]` contradict each other; the parser says so.
    dotted: Vec<usize>,
    /// The table that is being read.
    open: Option<Open<'f, 't>>,
}

struct Open<'f, 't> {
    index: usize,
    table: &'f Table,
    /// What the keys of its rows begin with: `refused` below `[applications.refused]`.
    group: &'t str,
    /// The row that probably comes next.
    next: usize,
}

impl<'t> Reader<'_, 't> {
    /// A line that begins with a bracket: the header of a table of the form, or of something else.
    fn begin(&mut self, line: &'t str) -> Option<()> {
        let inner = line.strip_prefix('[')?;
        let (name, after) = inner.split_once(']')?;
        let (first, group) = name.split_once('.').unwrap_or((name, ""));
        let found = self.form.tables.iter().position(|table| table.key == first);
        let Some(index) = found else {
            self.open = None;
            return Some(());
        };
        if !is_end(after) || self.headers.contains(&name) || !group.is_empty() && self.dotted.contains(&index) {
            return None;
        }
        self.headers.push(name);
        self.open = Some(Open { index, table: &self.form.tables[index], group, next: 0 });
        Some(())
    }

    /// A line of a table: its header, a row, a comment or nothing.
    fn line(&mut self, line: &'t str, at: usize) -> Option<()> {
        if begins_header(line) || is_end(line) {
            return Some(());
        }
        let open = self.open.as_mut()?;
        let equals = memchr(b'=', line.as_bytes())?;
        let key = line[..equals].trim_end_matches(' ');
        if is_dotted(key)? {
            if !open.group.is_empty() || self.headers.iter().any(|header| is_below(header, &open.table.key)) {
                return None;
            }
            self.dotted.push(open.index);
        }
        let rows = &open.table.rows;
        let is_it = |row: &usize| match open.group {
            "" => rows[*row].key == key,
            group => rows[*row].key.strip_prefix(group).and_then(|rest| rest.strip_prefix('.')) == Some(key),
        };
        let row = (open.next..rows.len()).chain(0..open.next).find(is_it)?;
        let ids = self.form.row_cells(open.index, row);
        let mut items = Items { line, at: equals + 1 };
        items.open()?;
        for id in ids.clone() {
            let (cell, span) = items.next(id > ids.start)?;
            // A row that comes twice is the parser's to say.
            if self.cells[id].replace(cell).is_some() {
                return None;
            }
            self.spans[id] = span.start + at + self.offset..span.end + at + self.offset;
        }
        items.close()?;
        open.next = row + 1;
        Some(())
    }
}

/// Whether a header stands below that of a table.
fn is_below(header: &str, table: &str) -> bool {
    header.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a key has dots; `None` for one that is not plainly written.
fn is_dotted(key: &str) -> Option<bool> {
    let (mut dotted, mut in_part) = (false, false);
    for byte in key.bytes() {
        match byte {
            b'.' if in_part => (dotted, in_part) = (true, false),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' => in_part = true,
            _ => return None,
        }
    }
    in_part.then_some(dotted)
}

fn begins_header(line: &str) -> bool {
    line.as_bytes().first() == Some(&b'[')
}

/// Whether nothing follows on a line but a comment.
fn is_end(rest: &str) -> bool {
    match rest.as_bytes() {
        [b'\n'] | [] => return true,
        [b' ' | b'\t' | b'\r' | b'#', ..] => {}
        _ => return false,
    }
    let rest = rest.strip_suffix('\n').unwrap_or(rest);
    let rest = rest.strip_suffix('\r').unwrap_or(rest).trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with('#') && !rest.contains(|c: char| c != '\t' && c.is_control())
}

/// The items of an array on one line.
struct Items<'t> {
    line: &'t str,
    at: usize,
}

impl Items<'_> {
    fn skip_spaces(&mut self) {
        while matches!(self.line.as_bytes().get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_spaces();
        (self.line.as_bytes().get(self.at) == Some(&byte)).then(|| self.at += 1)
    }

    fn open(&mut self) -> Option<()> {
        self.take(b'[')
    }

    /// The next item, behind a comma if it is not the first, and its place in the line.
    fn next(&mut self, behind_comma: bool) -> Option<(Cell, Span)> {
        if behind_comma {
            self.take(b',')?;
        }
        self.skip_spaces();
        let rest = &self.line[self.at..];
        let (cell, length) = match rest.as_bytes() {
            // Most figures of most reports are below ten.
            [digit @ b'0'..=b'9', b',' | b']', ..] => (Cell::Number(Number::from(i64::from(digit - b'0'))), 1),
            [b'"', b'"', ..] => (Cell::Blank, 2),
            [b'"', b'/', b'"', ..] => (Cell::NotApplicable, 3),
            bytes => {
                let length = bytes.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'.' | b'-')).count();
                (Cell::Number(number(&rest[..length])?), length)
            }
        };
        let span = self.at..self.at + length;
        self.at += length;
        Some((cell, span))
    }

    fn close(&mut self) -> Option<()> {
        // A comma may stand behind the last item.
        let _ = self.take(b',');
        self.take(b']')?;
        is_end(&self.line[self.at..]).then_some(())
    }
}

/// A number that both TOML and [`Number`] take as it stands.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    // TOML knows no leading zeros.
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") {
        return None;
    }
    Number::parse(text).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::form::Forms;

    const TEXT: &str = "key = \"x-1\"\ntitle = \"x\"\nfirst_year = 2030\nreport_title = \"x\"\n[[section]]\nkey = \"a\"\ntitle = \"甲\"\n[[table]]\nkey = \"t\"\nsection = \"a\"\ncaption = \"表\"\n[[table.block]]\ncolumns = [{ key = \"n\", label = \"数\" }, { key = \"m\", label = \"数\" }]\nrows = [{ key = \"x\", label = \"1\" }, { key = \"g.a\", label = \"2\" }, { key = \"g.b\", label = \"3\" }]\n";

    fn reads(toml: &str) -> Option<(String, String)> {
        let mut forms = Forms::builtin();
        forms.with(TEXT).unwrap();
        let read = read_plain(toml, 4, forms.get("x-1").unwrap())?;
        let places = read.spans.iter().map(|span| &toml[span.start - 4..span.end - 4]).collect::<Vec<_>>().join(" ");
        Some((places, read.rest))
    }

    #[test]
    fn plain_rows_are_read_and_the_rest_keeps_its_place() {
        let toml = "title = \"甲\"\n[t]  # 注\nx = [1, -2.50]\n# 列\ng.a=[ \"\" ,\"/\", ]\r\ng.b   = [0,0] # 注\n\n[review]\nby = \"乙\"\n";
        let (places, rest) = reads(toml).unwrap();
        assert_eq!(places, "1 -2.50 \"\" \"/\" 0 0");
        assert_eq!(rest.trim_end().len(), toml.trim_end().len());
        assert_eq!(rest.split_whitespace().collect::<Vec<_>>().join(" "), "title = \"甲\" [review] by = \"乙\"");
        let grouped = "[t]\nx = [1, 2]\n[t.g]\nb = [5, 6]\na = [3, 4]\n";
        assert_eq!(reads(grouped), Some(("1 2 3 4 5 6".to_owned(), String::new())));
    }

    /// Whatever is not plain is left to the parser.
    #[test]
    fn what_is_not_plain_is_not_read() {
        let rows = ["x = [1, 2]", "g.a = [3, 4]", "g.b = [5, 6]"];
        assert!(reads(&format!("[t]\n{}\n", rows.join("\n"))).is_some());
        for (row, instead) in [
            (0, "x = [1, 02]"),
            (0, "x = [1, 1e3]"),
            (0, "x = [1, .5]"),
            (0, "x = [1, 5.]"),
            (0, "x = [1, +5]"),
            (0, "x = [1]"),
            (0, "x = [1, 2, 3]"),
            (0, "x = [1,, 2]"),
            (0, "x = [1 2]"),
            (0, "x = [1, 2] y"),
            (0, "x = [1, 2"),
            (0, "x = [1, 2] # \u{1}"),
            (0, "x = [1, '']"),
            (0, "x = [1, \"约5\"]"),
            (0, "x = [1, 12345678901234567890]"),
            (0, "\"x\" = [1, 2]"),
            (0, "x = 0"),
            (0, "y = [1, 2]"),
            (0, ""),
            (0, "x = [1, 2]\nx = [1, 2]"),
            (0, "x = [1, 2]\n[t]"),
            (1, "g..a = [3, 4]"),
            (1, ".g.a = [3, 4]"),
            (2, "[t.g]\nb = [5, 6]"),
            (2, "[t.g\nb = [5, 6]"),
        ] {
            let mut rows = rows;
            rows[row] = instead;
            assert_eq!(reads(&format!("[t]\n{}\n", rows.join("\n"))), None, "{instead}");
        }
    }
}
