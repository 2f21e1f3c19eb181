//! The editions of the national office, built in, and those of a site.

use std::sync::Arc;

use super::Form;
use crate::diagnostic::Fault;

const CN_2014: &str = include_str!("editions/cn-2014.toml");
const CN_2019: &str = include_str!("editions/cn-2019.toml");
const CN_2021: &str = include_str!("editions/cn-2021.toml");

/// All forms that a site knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    forms: Vec<Arc<Form>>,
    first: Arc<Form>,
}

impl Forms {
    /// The built-in editions: `cn-2014`, `cn-2019`, `cn-2021`.
    pub fn builtin() -> Self {
        // A test reads all three, so none is ever left out here.
        let forms = [CN_2014, CN_2019, CN_2021].into_iter().filter_map(|text| Form::read(text).ok());
        let forms: Vec<Arc<Form>> = forms.map(Arc::new).collect();
        let first = forms.first().cloned().unwrap_or_default();
        Self { forms, first }
    }

    /// Adds a form from the text of its file and returns it; one with the same key is replaced.
    pub fn with(&mut self, text: &str) -> Result<Arc<Form>, Vec<Fault>> {
        let form = Arc::new(Form::read(text)?);
        let added = form.clone();
        match self.forms.iter_mut().find(|known| known.key == form.key) {
            Some(known) => *known = form,
            None => self.forms.push(form),
        }
        Ok(added)
    }

    /// All forms, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.iter()
    }

    /// A form by its key.
    pub fn get(&self, key: &str) -> Option<&Arc<Form>> {
        self.forms.iter().find(|form| form.key == key)
    }

    /// The form for a report year: the newest edition in force then; before the first edition, the
    /// first.
    pub fn for_year(&self, year: u16) -> &Arc<Form> {
        let in_force = self.forms.iter().filter(|form| form.is_for(year)).max_by_key(|form| form.first_year);
        let fallback = || self.forms.iter().min_by_key(|form| form.first_year);
        in_force.or_else(fallback).unwrap_or(&self.first)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;
    use crate::form::{Content, LineKind};

    fn form(key: &str) -> Arc<Form> {
        Forms::builtin().get(key).unwrap().clone()
    }

    /// The forms' own files have no fault; the numbers of cells are those of domain.md.
    #[test]
    fn the_built_in_editions_are_whole() {
        for text in [CN_2014, CN_2019, CN_2021] {
            if let Err(faults) = Form::read(text) {
                panic!("{faults:#?}");
            }
        }
        assert_eq!(form("cn-2021").cell_count(), 10 + 175 + 15);
        assert_eq!(form("cn-2019").cell_count(), 22 + 161 + 15);
    }

    #[test]
    fn the_edition_follows_from_the_year() {
        let forms = Forms::builtin();
        let key = |year| forms.for_year(year).key.clone();
        assert_eq!(
            [2012, 2014, 2018, 2019, 2020, 2021, 2030].map(key),
            ["cn-2014", "cn-2014", "cn-2014", "cn-2019", "cn-2019", "cn-2021", "cn-2021"]
        );
    }

    /// The spans of each printed line, as text: `label×rows/columns`.
    fn spans(form: &Form, table: &str) -> Vec<Vec<(u16, u16)>> {
        form.table(table).unwrap().layout.lines.iter().map(|line| line.cells.iter().map(|c| (c.rowspan, c.colspan)).collect()).collect()
    }

    #[test]
    fn table_two_is_printed_as_the_official_form_prints_it() {
        let form = form("cn-2021");
        let lines = spans(&form, "proactive");
        assert_eq!(lines.len(), 14);
        assert_eq!(lines[0], [(1, 4)]);
        assert_eq!(lines[2], [(1, 1); 4]);
        assert_eq!(lines[5], [(1, 1), (1, 3)]);
        assert_eq!(lines[13], [(1, 1), (1, 3)]);
    }

    #[test]
    fn table_three_is_printed_as_the_official_form_prints_it() {
        let form = form("cn-2021");
        let lines = spans(&form, "applications");
        assert_eq!(lines.len(), 28);
        assert_eq!(lines[0], [(3, 3), (1, 7)]);
        assert_eq!(lines[1], [(2, 1), (1, 5), (2, 1)]);
        assert_eq!(lines[2], [(1, 1); 5]);
        assert_eq!(lines[3][0], (1, 3));
        assert_eq!(lines[5][..2], [(22, 1), (1, 2)]);
        assert_eq!(lines[7][..2], [(8, 1), (1, 1)]);
        assert_eq!(lines[26][0], (1, 2));
        assert_eq!(lines[27][0], (1, 3));
    }

    #[test]
    fn table_four_prints_its_rows_beside_each_other() {
        for key in ["cn-2021", "cn-2019"] {
            let form = form(key);
            let lines = spans(&form, "disputes");
            assert_eq!(lines[0], [(1, 5), (1, 10)]);
            assert_eq!(lines[1], [(2, 1), (2, 1), (2, 1), (2, 1), (2, 1), (1, 5), (1, 5)]);
            assert_eq!(lines[2], [(1, 1); 10]);
            assert_eq!(lines[3], [(1, 1); 15]);
        }
    }

    /// Whatever the spans, each line fills the grid and each cell is printed once.
    #[test]
    fn every_printed_table_fills_its_grid() {
        for form in Forms::builtin().iter() {
            let mut figures = Vec::new();
            for table in &form.tables {
                let mut covered = vec![vec![false; table.layout.width.into()]; table.layout.lines.len()];
                for (y, line) in table.layout.lines.iter().enumerate() {
                    for cell in &line.cells {
                        for row in &mut covered[y..y + usize::from(cell.rowspan)] {
                            for taken in &mut row[cell.at.into()..usize::from(cell.at + cell.colspan)] {
                                assert!(!*taken, "{}.{}: line {y} overlaps", form.key, table.key);
                                *taken = true;
                            }
                        }
                        if let Content::Data(id) = cell.content {
                            assert_eq!(line.kind, LineKind::Data);
                            figures.push(id);
                        }
                    }
                }
                assert!(covered.iter().flatten().all(|taken| *taken), "{}.{}", form.key, table.key);
            }
            assert_eq!(figures, form.cells().collect::<Vec<_>>());
        }
    }

    #[test]
    fn relations_are_written_out_for_rows_and_columns() {
        let form = form("cn-2021");
        assert_eq!(form.table("applications").unwrap().equations.len(), 7 + 7 + 25);
        assert_eq!(form.table("disputes").unwrap().equations.len(), 3);
        assert_eq!(form.table("applications").unwrap().links[0].equations.len(), 7);
    }

    #[test]
    fn cells_compare_across_editions_only_within_a_series() {
        let (old, new) = (form("cn-2019"), form("cn-2021"));
        let received = new.cell("applications.received.total").unwrap();
        assert_eq!(new.comparable(received, &old), old.cell("applications.received.total"));
        let penalties = new.cell("proactive.penalties.decisions").unwrap();
        assert_eq!(new.comparable(penalties, &old), None);
    }

    /// A wrong type is one message, not two.
    #[test]
    fn a_wrong_type_is_one_fault() {
        let faults = Form::read(&CN_2021.replacen("first_year = 2021", "first_year = \"2021\"", 1)).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        let faults = Form::read(&CN_2021.replacen("each = \"row\"", "each = 3", 1)).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
    }

    /// A form of a hundred thousand rows is refused at once, with one message.
    #[test]
    fn a_huge_form_is_refused() {
        let rows: Vec<String> = (0..100_000).map(|n| format!("{{ key = \"r{n}\", label = \"行\" }}")).collect();
        let text = format!(
            "key = \"x\"\ntitle = \"x\"\nfirst_year = 2030\nreport_title = \"x\"\n[[section]]\nkey = \"a\"\ntitle = \"甲\"\n[[table]]\nkey = \"t\"\nsection = \"a\"\ncaption = \"表\"\n[[table.block]]\ncolumns = [{{ key = \"n\", label = \"数\" }}]\nrows = [{}]\n",
            rows.join(", ")
        );
        let faults = Form::read(&text).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].message.zh.contains("太大"), "{faults:#?}");
    }

    /// Faults of a form file, each at its place: (what is changed, into what, where, the message).
    #[test]
    fn a_faulty_form_is_reported_with_its_place() {
        let cases = [
            ("received + carried_in = total + carried_out", "recieved + carried_in = total + carried_out", "recieved", "没有行"),
            ("key = \"carried_in\", label", "key = \"received\", label", "", "用了两次"),
            ("label = \"3.其他\", in = \"other\"", "label = \"3.其他\", in = \"refused\"", "", "重叠"),
            ("label = \"行政许可\" }", "label = \"行政许可\", knd = 1 }", "knd", "knd"),
            ("kind = \"amount\"", "kind = \"money\"", "\"money\"", "count、signed 或 amount"),
            ("rule = \"stock-mismatch\"", "rule = \"stok-mismatch\"", "\"stok-mismatch\"", "rule 应为"),
            ("each = \"row\"", "each = 3", "3", "each 应为"),
            ("first_year = 2021", "first_year = 2021\nlast_year = 2020", "2020", "早于 first_year"),
            ("key = \"cn-2021\"", "key = \"cn 2021\"", "\"cn 2021\"", "只能用英文字母"),
            ("key = \"proactive\"\nsection", "key = \"主动公开\"\nsection", "\"主动公开\"", "只能用英文字母"),
            ("key = \"proactive\"\nsection", "key = \"review\"\nsection", "\"review\"", "前置数据自己的键"),
            ("section = \"disputes\"", "section = \"applications\"", "\"applications\"", "已有一张表"),
            ("{ key = \"licensing\", label", "{ key = \"licensing x\", label", "\"licensing x\"", "只能用英文字母"),
            ("{ key = \"granted\", label", "{ key = \"refused\", label", "", "的开头"),
            (
                "formula = \"applications.received.total\"",
                "formula = \"last.applications.received.total\"",
                "last.applications.received.total",
                "last.",
            ),
        ];
        for (from, to, at, message) in cases {
            assert!(CN_2021.contains(from), "{from}");
            let text = CN_2021.replacen(from, to, 1);
            let faults = Form::read(&text).unwrap_err();
            let fault = faults.iter().find(|f| f.message.zh.contains(message)).unwrap_or_else(|| panic!("{to}: {faults:#?}"));
            let crate::diagnostic::Place::Span(span) = &fault.place else { panic!("no place") };
            if !at.is_empty() {
                assert_eq!(&text[span.clone()], at);
            }
        }
    }
}
