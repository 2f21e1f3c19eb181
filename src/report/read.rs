//! The text of a file → a report and everything that is wrong with it.
//!
//! Steps: split at `+++` → TOML → edition → tables → details → sections of the prose. No step stops
//! the next: what cannot be read is kept as printed or left absent, and said.

use std::sync::Arc;

use super::body::{Body, read_body};
use super::details::{Details, read_details};
use super::edition::{has_rows, recognise};
use super::locations::Locations;
use super::plain::read_plain;
use super::tables::{MISSING_ROW, ReadTables, read_tables};
use super::{Figures, Report, Scope};
use crate::diagnostic::{Fault, Place};
use crate::form::{FRONT_MATTER_KEYS, Form, Forms};
use crate::front_matter::{Fields, INVALID_FRONT_MATTER, Parts, parse, split};
use crate::text::Span;
use crate::words;

/// What was read of one file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The report, as far as it could be read.
    pub report: Report,
    /// Where its TOML and its Markdown lie.
    pub parts: Parts,
    /// The sections of its prose.
    pub body: Body,
    /// Where its cells and keys stand.
    pub locations: Locations,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// Reads the report of `year` from the decoded text of its file.
///
/// Faults carry the names of the rules `invalid-front-matter`, `unknown-key`, `text-in-cell`,
/// `missing-row` and `wrong-edition`; everything that can be judged from the report itself is left to
/// the rules.
pub fn read(text: &str, year: u16, forms: &Forms) -> Reading {
    let (parts, fault) = split(text);
    match fault {
        None => read_usual(text, &parts, year, forms).unwrap_or_else(|| read_any(text, parts, None, year, forms)),
        fault => read_any(text, parts, fault, year, forms),
    }
}

/// Reads a report in its year's edition with nothing unusual in its tables, as nearly all are; the others
/// are left to [`read_any`], which reads every report and says the same of these.
fn read_usual(text: &str, parts: &Parts, year: u16, forms: &Forms) -> Option<Reading> {
    let form = forms.for_year(year);
    let tables = read_plain(&text[parts.toml.clone()], parts.toml.start, form)?;
    let (toml, syntax) = parse(&tables.rest, parts.toml.start, INVALID_FRONT_MATTER);
    let mut fields = Fields::new(toml.get_ref(), parts.toml.start, INVALID_FRONT_MATTER);
    let declared = fields.string("form");
    let as_expected = syntax.is_empty() && declared.is_none_or(|name| name == form.key) && !has_rows(toml.get_ref(), form);
    if !as_expected || form.tables.iter().any(|table| fields.raw(&table.key).is_some()) {
        return None;
    }
    let locations = Locations { front: front_line(text, parts), cells: tables.spans, keys: Vec::new() };
    Some(read_rest(text, parts.clone(), (form.clone(), year, Figures::new(tables.cells)), fields, locations))
}

/// Reads any report, whatever is in its front matter.
fn read_any(text: &str, parts: Parts, fault: Option<Fault>, year: u16, forms: &Forms) -> Reading {
    let mut faults: Vec<Fault> = fault.into_iter().collect();
    let whole_body = !parts.has_front_matter();
    let (toml, syntax) = parse(&text[parts.toml.clone()], parts.toml.start, INVALID_FRONT_MATTER);
    let broken = whole_body || !syntax.is_empty();
    let broken_lines: Vec<Span> = syntax.iter().filter_map(|fault| line_of(text, &fault.place)).collect();
    faults.extend(syntax);
    let mut fields = Fields::new(toml.get_ref(), parts.toml.start, INVALID_FRONT_MATTER);
    let front = front_line(text, &parts);
    let declared = fields.string("form").map(|name| (name, fields.span("form").unwrap_or_else(|| front.clone())));
    let (form, fault) = recognise(declared, year, toml.get_ref(), forms);
    faults.extend(fault);
    let ReadTables { cells, spans, faults: in_tables } = read_tables(&mut fields, &form, text, &front);
    // What broken syntax has swallowed is not missing, and what it has left on its line is no news: the
    // one message that counts is the syntax error.
    // Before the first edition there were no tables to leave out.
    let no_tables = !forms.iter().any(|form| form.first_year <= year);
    let echo = |fault: &Fault| {
        (broken || no_tables) && fault.rule == MISSING_ROW || line_of(text, &fault.place).is_some_and(|line| broken_lines.contains(&line))
    };
    faults.extend(in_tables.into_iter().filter(|fault| !echo(fault)));
    let locations = Locations { front, cells: spans, keys: Vec::new() };
    let rest = read_rest(text, parts, (form, year, Figures::new(cells)), fields, locations);
    faults.extend(rest.faults.into_iter().filter(|fault| !echo(fault)));
    Reading { faults, ..rest }
}

/// What stands beside the tables, and the prose.
fn read_rest(
    text: &str,
    parts: Parts,
    (form, year, figures): (Arc<Form>, u16, Figures),
    mut fields: Fields<'_, '_>,
    mut locations: Locations,
) -> Reading {
    check_year(&mut fields, year);
    let mut report = read_report(&mut fields, form, year, figures);
    let details = read_details(&mut fields, text, &mut locations.keys);
    report.details = (details != Details::EMPTY).then(|| Box::new(details));
    for key in FRONT_MATTER_KEYS {
        locations.keys.extend(fields.span(key).map(|span| ((*key).to_owned(), span)));
    }
    let faults = fields.finish_knowing(FRONT_MATTER_KEYS);
    let body = read_body(text, parts.body.clone(), &report.form);
    Reading { report, parts, body, locations, faults }
}

/// The line on which a span begins.
fn line_of(text: &str, place: &Place) -> Option<Span> {
    let Place::Span(span) = place else { return None };
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    Some(start..end)
}

/// The line `+++`, or the file's first line.
fn front_line(text: &str, parts: &Parts) -> Span {
    let before = text[..parts.toml.start].trim_end();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    start..end
}

/// The fields beside the tables.
fn read_report(fields: &mut Fields<'_, '_>, form: Arc<Form>, year: u16, figures: Figures) -> Report {
    Report {
        form,
        year,
        title: fields.filled_string("title").map(Into::into),
        published: fields.date("published"),
        scope: read_scope(fields),
        blank_is_zero: read_blank(fields),
        figures,
        details: None,
    }
}

fn read_scope(fields: &mut Fields<'_, '_>) -> Scope {
    match fields.string("scope").as_deref() {
        Some("area") => Scope::Area,
        None | Some("own") => Scope::Own,
        Some(other) => {
            let span = fields.span("scope").unwrap_or(0..1);
            fields.fault(span, words!("scope 应为 own（本机关）或 area（全地区），不是 {other}", "scope must be own or area, not {other}"));
            Scope::Own
        }
    }
}

fn read_blank(fields: &mut Fields<'_, '_>) -> bool {
    match fields.string("blank").as_deref() {
        None => false,
        Some("zero") => true,
        Some(other) => {
            let span = fields.span("blank").unwrap_or(0..1);
            fields.fault(span, words!("blank 只能写 \"zero\"（空格即零），不是 {other}", "blank can only be \"zero\", not {other}"));
            false
        }
    }
}

/// The year in the front matter is optional, but if it is there it must be the file's.
fn check_year(fields: &mut Fields<'_, '_>, year: u16) {
    let Some(written) = fields.integer::<u16>("year") else { return };
    if written != year {
        let span = fields.span("year").unwrap_or(0..1);
        let message =
            words!("前置数据写 year = {written}，文件名却是 {year} 年度", "the front matter says year = {written}, the file name {year}");
        fields.fault(span, message);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

    /// A report of every edition with all rows, as `gongkai new` would write it.
    fn template(year: u16) -> String {
        let form = FORMS.for_year(year);
        let cells = vec![crate::report::Cell::Number(crate::number::Number::ONE); form.cell_count()];
        let report = read("+++\n+++\n", year, &FORMS).report;
        crate::report::print(&Report { figures: Figures::new(cells), title: Some("甲".into()), ..report }, "\n## 一、总体情况\n")
    }

    fn same(text: &str, year: u16) -> Result<bool, TestCaseError> {
        let (parts, fault) = split(text);
        let Some(usual) = fault.is_none().then(|| read_usual(text, &parts, year, &FORMS)).flatten() else { return Ok(false) };
        let any = read_any(text, parts, None, year, &FORMS);
        prop_assert_eq!(&usual.report, &any.report);
        prop_assert_eq!((usual.parts, usual.body, usual.locations), (any.parts, any.body, any.locations));
        prop_assert_eq!(usual.faults, any.faults);
        Ok(true)
    }

    /// What is read without the parser is what the parser reads, to the place of each cell, whatever is
    /// edited; and a report as it is printed is read so.
    #[test]
    fn the_usual_way_reads_what_the_parser_reads() {
        let bits = [
            "",
            " ",
            "\n",
            "[",
            "]",
            "x = [1]\n",
            "\"\"",
            "\"/\"",
            ",",
            "1",
            ".5",
            "0",
            "-",
            "#",
            "'",
            "\n[review]\nby = \"乙\"\n",
            "\n[proactive]\n",
            "\n[applications.refused]\n",
            "refused.",
            "proactive = 0\n",
            "form = \"cn-2014\"\n",
            "=",
            "甲",
            "\r\n",
            "\n[x]\na = [1, 2]\n",
        ];
        let edits = prop::collection::vec((0usize..4000, 0usize..8, prop::sample::select(bits.to_vec())), 0..3);
        let years = prop::sample::select(vec![2016u16, 2020, 2023]);
        for year in [2016, 2020, 2023] {
            assert_eq!(same(&template(year), year).ok(), Some(true), "{year}");
        }
        proptest!(ProptestConfig::with_cases(400), |(year in years, edits in edits)| {
            let mut text = template(year);
            for (at, gone, bit) in edits {
                let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1 } at };
                let at = floor(at % text.len());
                let end = floor((at + gone).min(text.len()));
                text.replace_range(at..end.max(at), bit);
            }
            same(&text, year)?;
        });
    }
}
