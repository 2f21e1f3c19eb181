//! Official tables as HTML, cell for cell as the form prints them.
//!
//! What all reports of a form share (headers, labels, spans, classes) is written once into a
//! [`TableSkeleton`]; a report only puts its figures between. The tables are most of the bytes of the
//! whole site.

use std::fmt::Write as _;

use crate::form::{Arrangement, CellId, Content, Form, Line, LineKind, PrintedCell, Table};
use crate::number::Number;
use crate::pages::{FindingItem, report_anchor};
use crate::report::{Cell, Report};
use crate::text::escape_html;
use crate::theme::Strings;

/// A table of a form with gaps for the figures.
#[derive(Debug)]
pub(super) struct TableSkeleton {
    pieces: Vec<Piece>,
    end: String,
    blank: String,
    not_applicable: String,
    absent: String,
}

/// The markup before a figure, and how the figure's cell looks.
#[derive(Debug)]
struct Piece {
    before: String,
    cell: CellId,
    /// The cell's key, as findings have it.
    key: String,
    classes: &'static str,
    colspan: u16,
    /// The markup with the start of the cell, as it is where no finding looks at it.
    unmarked: String,
    /// The same with the rest of the cell where the figure is zero, as most are.
    zero: String,
}

impl Piece {
    fn new(before: String, cell: CellId, key: String, classes: &'static str, colspan: u16) -> Self {
        let mut piece = Self { unmarked: before.clone(), zero: before.clone(), before, cell, key, classes, colspan };
        let [mut unmarked, mut zero] = [&mut piece.unmarked, &mut piece.zero].map(std::mem::take);
        piece.open(["", ""], None, &mut unmarked);
        piece.open([" zero", ""], None, &mut zero);
        zero.push_str("0</td>");
        Self { unmarked, zero, ..piece }
    }

    /// The start of the cell: `more` are classes that the report gives it, with a space before each.
    fn open(&self, more: [&str; 2], id: Option<&str>, out: &mut String) {
        out.push_str("<td");
        let mut classes = [self.classes, more[0], more[1]].into_iter().filter(|class| !class.is_empty());
        if let Some(first) = classes.next() {
            out.push_str(" class=\"");
            out.push_str(&first[1..]);
            out.extend(classes);
            out.push('"');
        }
        if let Some(id) = id {
            let _ = write!(out, " id=\"{id}\"");
        }
        if self.colspan > 1 {
            let _ = write!(out, " colspan=\"{}\"", self.colspan);
        }
        out.push('>');
    }
}

impl TableSkeleton {
    /// Writes the skeleton of a table.
    pub(super) fn of(form: &Form, table: &Table, strings: &Strings) -> Self {
        let mut writer = Writer { form, table, pieces: Vec::new(), markup: String::new(), in_head: false };
        writer.write(strings);
        Self {
            pieces: writer.pieces,
            end: writer.markup,
            blank: hidden(strings, "table.blank"),
            not_applicable: format!("/{}", hidden(strings, "table.not_applicable")),
            absent: hidden(strings, "table.absent"),
        }
    }

    /// The table with a report's figures; cells that findings look at are marked.
    pub(super) fn fill(&self, report: &Report, findings: &[FindingItem]) -> String {
        let size: usize = self.pieces.iter().map(|piece| piece.zero.len() + 8).sum();
        let mut out = String::with_capacity(size + self.end.len());
        let in_tables: Vec<&FindingItem> = findings.iter().filter(|finding| finding.cell.is_some()).collect();
        for piece in &self.pieces {
            let small = report.figures.small(piece.cell);
            let marks = in_tables.iter().filter(|finding| finding.cell.as_deref() == Some(&piece.key));
            if let Some(level) = marks.clone().next().map(|finding| finding.level) {
                out.push_str(&piece.before);
                let zero = if small == Some(0) { " zero" } else { "" };
                let level = if level == "error" { " bad" } else { " warn" };
                piece.open([zero, level], Some(&report_anchor(&piece.key)), &mut out);
                out.push_str("<span class=\"mark\">");
                for finding in marks {
                    let _ = write!(out, "<a href=\"#f{}\">{}</a>", finding.number, finding.mark);
                }
                out.push_str("</span>");
            } else if small == Some(0) {
                out.push_str(&piece.zero);
                continue;
            } else {
                out.push_str(&piece.unmarked);
            }
            match small {
                Some(whole) => out.push_str(itoa::Buffer::new().format(whole)),
                _ => self.write_other(&report.figures.get(piece.cell), &mut out),
            }
            out.push_str("</td>");
        }
        out.push_str(&self.end);
        out
    }

    fn write_other(&self, cell: &Cell, out: &mut String) {
        match cell {
            Cell::Number(number) => figure(*number, out),
            Cell::Blank => out.push_str(&self.blank),
            Cell::NotApplicable => out.push_str(&self.not_applicable),
            Cell::Absent => out.push_str(&self.absent),
            Cell::Text(text) => {
                out.push_str("<span class=\"text\">");
                escape_html(text, out);
                out.push_str("</span>");
            }
        }
    }
}

/// Words that are heard but not seen, where a cell shows nothing or a sign.
pub(super) fn hidden(strings: &Strings, name: &str) -> String {
    let mut out = format!("<span class=\"hidden\"{}>", strings.own());
    escape_html(strings.get(name), &mut out);
    out.push_str("</span>");
    out
}

/// A figure as it is printed. Nearly all are small counts.
pub(super) fn figure(number: Number, out: &mut String) {
    match number.as_small() {
        Some(whole) => out.push_str(itoa::Buffer::new().format(whole)),
        _ => {
            let _ = write!(out, "{number}");
        }
    }
}

struct Writer<'f> {
    form: &'f Form,
    table: &'f Table,
    pieces: Vec<Piece>,
    markup: String,
    in_head: bool,
}

impl Writer<'_> {
    fn write(&mut self, strings: &Strings) {
        self.open_table(strings);
        // Only a table whose headers all come first has a table head; blocks have theirs among the rows.
        let heads = self.table.layout.lines.iter().take_while(|line| line.kind == LineKind::Head).count();
        if heads > 0 {
            self.markup.push_str("<thead>");
            self.in_head = true;
        } else {
            self.markup.push_str("<tbody>");
        }
        for (index, line) in self.table.layout.lines.iter().enumerate() {
            if self.in_head && index == heads {
                self.markup.push_str("</thead><tbody>");
                self.in_head = false;
            }
            self.line(line);
        }
        self.markup.push_str("</tbody></table>");
    }

    fn open_table(&mut self, strings: &Strings) {
        let class = match self.table.arrangement {
            Arrangement::Down if self.table.blocks.len() > 1 => "blocks",
            Arrangement::Down => "down",
            Arrangement::Across => "across",
            Arrangement::List => "listed",
        };
        let _ = write!(self.markup, "<table class=\"official {class}\"><caption><span class=\"hidden\">");
        escape_html(&self.table.caption, &mut self.markup);
        self.markup.push_str("</span>");
        if let Some(unit) = self.common_unit() {
            escape_html(&strings.fill("table.unit", &[("unit", unit)]), &mut self.markup);
        }
        self.markup.push_str("</caption>");
        if class == "down" {
            let stub = self.table.layout.width - u16::try_from(self.table.blocks[0].columns.len()).unwrap_or(0);
            self.markup.push_str("<colgroup>");
            for _ in 1..stub {
                self.markup.push_str("<col class=\"group\">");
            }
            let _ = write!(self.markup, "<col class=\"leaf\"></colgroup><colgroup span=\"{}\"></colgroup>", self.table.layout.width - stub);
        }
    }

    /// The unit, if all columns have the same and the table does not print units itself.
    fn common_unit(&self) -> Option<&str> {
        let mut units = self.table.blocks.iter().flat_map(|block| &block.columns).map(|column| column.unit.as_deref());
        let first = units.next()??;
        let rows_agree = self.table.rows.iter().all(|row| row.unit.is_none());
        (self.table.arrangement != Arrangement::List && rows_agree && units.all(|unit| unit == Some(first))).then_some(first)
    }

    fn line(&mut self, line: &Line) {
        let sum = line.cells.iter().any(|cell| matches!(&cell.content, Content::Stub { sum: true, .. }));
        let group = line.kind == LineKind::Data
            && line.cells.iter().any(|cell| matches!(&cell.content, Content::Stub { group: true, .. }) && cell.at > 0);
        self.markup.push_str(match (sum, group) {
            (true, _) => "<tr class=\"total\">",
            (false, true) => "<tr class=\"group\">",
            (false, false) => "<tr>",
        });
        for cell in &line.cells {
            self.cell(cell);
        }
        self.markup.push_str("</tr>");
    }

    fn cell(&mut self, cell: &PrintedCell) {
        let end = if cell.at + cell.colspan == self.table.layout.width { " end" } else { "" };
        match &cell.content {
            Content::Data(id) => self.figure(*id, cell, end),
            Content::Note(text) => self.header(cell, &format!("formula c0{end}"), "", text),
            Content::Title(text, depth) => self.header(cell, &format!("band i{depth}{end}"), "colgroup", text),
            Content::Head { text, group } => {
                let class =
                    if cell.at == 0 && !self.in_head { "stub".to_owned() } else { format!("{}{end}", self.head_class(text, *group)) };
                self.header(cell, class.trim_start(), if *group { "colgroup" } else { "col" }, text);
            }
            Content::Stub { text, group, depth, sum } => {
                let upright = *group && cell.rowspan > 1;
                let shape = if upright { "up" } else { "stub" };
                let strong = if *sum { " sum" } else { "" };
                let class = format!("{shape} c{} i{depth}{strong}{end}", cell.at).replace(" i0", "");
                self.header(cell, &class, if *group { "rowgroup" } else { "row" }, text);
            }
            Content::Unit(text) => {
                self.markup.push_str("<td class=\"unit\">");
                escape_html(text, &mut self.markup);
                self.markup.push_str("</td>");
            }
        }
    }

    fn head_class(&self, text: &str, group: bool) -> &'static str {
        let sums = self.table.blocks.iter().flat_map(|block| &block.columns).any(|column| column.sum && column.label.text == text);
        match (group, sums, self.in_head) {
            (false, true, _) => "sum",
            (false, false, false) => "col",
            _ => "",
        }
    }

    fn header(&mut self, cell: &PrintedCell, class: &str, scope: &str, text: &str) {
        self.markup.push_str("<th");
        for (name, value) in [("scope", scope), ("class", class)] {
            if !value.is_empty() {
                let _ = write!(self.markup, " {name}=\"{value}\"");
            }
        }
        for (name, value) in [("rowspan", cell.rowspan), ("colspan", cell.colspan)] {
            if value > 1 {
                let _ = write!(self.markup, " {name}=\"{value}\"");
            }
        }
        self.markup.push('>');
        escape_html(text, &mut self.markup);
        self.markup.push_str("</th>");
    }

    fn figure(&mut self, id: CellId, cell: &PrintedCell, end: &str) {
        let classes = match (self.form.is_sum(id), !end.is_empty()) {
            (true, true) => " sum end",
            (true, false) => " sum",
            (false, true) => " end",
            (false, false) => "",
        };
        let key = self.form.cell_key(id);
        self.pieces.push(Piece::new(std::mem::take(&mut self.markup), id, key, classes, cell.colspan));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::form::Forms;
    use crate::report::read;

    fn html(key: &str, table: &str, front: &str) -> String {
        let forms = Forms::builtin();
        let form = forms.get(key).unwrap();
        let report = read(&format!("+++\nform = \"{key}\"\n{front}\n+++\n"), form.first_year, &forms).report;
        TableSkeleton::of(form, form.table(table).unwrap(), &Strings::default()).fill(&report, &[])
    }

    proptest::proptest! {
        /// Figures are written as they print themselves.
        #[test]
        fn figures_are_written_as_they_print(number in proptest::num::i64::ANY, places in 0usize..4) {
            let text = format!("{}.{}", number % 1_000_000, "5".repeat(places));
            let numbers = [Number::from(number), Number::from(number % 100), Number::parse(text.trim_end_matches('.')).unwrap_or_default()];
            for number in numbers {
                let mut out = String::new();
                figure(number, &mut out);
                proptest::prop_assert_eq!(out, number.to_string());
            }
        }
    }

    #[test]
    fn headers_are_merged_and_scoped_as_in_the_official_form() {
        let html = html("cn-2021", "applications", "applications = 0");
        assert!(html.contains("<th class=\"formula c0\" rowspan=\"3\" colspan=\"3\">（本列数据的勾稽关系为"), "{html}");
        assert!(html.contains("<th scope=\"colgroup\" class=\"end\" colspan=\"7\">申请人情况</th>"), "{html}");
        assert!(html.contains("<th scope=\"col\" rowspan=\"2\">自然人</th>"), "{html}");
        assert!(html.contains("<th scope=\"rowgroup\" class=\"up c0\" rowspan=\"22\">三、本年度办理结果</th>"), "{html}");
        assert!(html.contains("<th scope=\"row\" class=\"stub c1 sum\" colspan=\"2\">（七）总计</th>"), "{html}");
        assert_eq!(html.matches("<td").count(), 175);
        assert_eq!(html.matches("zero").count(), 175);
    }

    /// A blank cell shows nothing and is heard as blank; it is not a zero.
    #[test]
    fn blanks_and_signs_are_not_zeros() {
        let html = html("cn-2021", "proactive", "[proactive]\nregulations = [\"\", \"/\", 0]\nfees = [127.082]\nlicensing = [\"3 件\"]");
        assert!(html.contains("<td><span class=\"hidden\">table.blank</span></td>"), "{html}");
        assert!(html.contains("<td>/<span"), "{html}");
        assert!(html.contains("<td class=\"end\" colspan=\"3\">127.082</td>"), "{html}");
        assert!(html.contains("<span class=\"text\">3 件</span>"), "{html}");
    }
}
