//! Changes against last year as HTML.

use std::fmt::Write as _;

use super::official::escape;
use crate::form::{Arrangement, Form};
use crate::pages::{Changes, Piece};
use crate::report::Cell;
use crate::theme::Strings;

/// Writes the changed cells and passages into `changes`.
pub(super) fn fill(changes: &mut Changes, form: &Form, strings: &Strings) {
    changes.cells_html = cells(changes, form, strings);
    changes.prose_html = prose(changes, strings);
}

/// A row of the form a line: its changed cells as `column last → now`.
fn cells(changes: &Changes, form: &Form, strings: &Strings) -> String {
    let mut out = String::with_capacity(changes.cells * 48);
    let mut open = None;
    for row in &changes.rows {
        let table = &form.tables[row.table];
        if open != Some(row.table) {
            let before = if open.is_some() { "</tbody>" } else { "<table class=\"list diff\">" };
            let _ = write!(out, "{before}<tbody{}>", strings.zh());
            out.push_str("<tr><th colspan=\"2\" scope=\"rowgroup\" class=\"band\">");
            escape(&table.caption, &mut out);
            out.push_str("</th></tr>");
            open = Some(row.table);
        }
        let printed = &table.rows[row.row];
        out.push_str("<tr><th scope=\"row\">");
        escape(printed.label.short(), &mut out);
        out.push_str("</th><td>");
        let columns = &table.blocks[printed.block].columns;
        let named = table.arrangement != Arrangement::List && columns.len() > 1;
        for (place, (cell, now, last)) in row.cells.iter().enumerate() {
            if place > 0 {
                out.push('；');
            }
            if named {
                escape(columns[form.place(*cell).column].label.short(), &mut out);
                out.push(' ');
            }
            self::cell(last, strings, &mut out);
            out.push_str("→<b>");
            self::cell(now, strings, &mut out);
            out.push_str("</b>");
        }
        out.push_str("</td></tr>");
    }
    if open.is_some() {
        out.push_str("</tbody></table>");
    }
    out
}

fn cell(cell: &Cell, strings: &Strings, out: &mut String) {
    match cell {
        Cell::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Cell::Blank => own(strings, "table.blank", out),
        Cell::NotApplicable => out.push('/'),
        Cell::Absent => own(strings, "changes.absent", out),
        Cell::Text(text) => escape(text, out),
    }
}

/// Words of the theme among Chinese.
fn own(strings: &Strings, name: &str, out: &mut String) {
    let attribute = strings.own();
    let (before, after) = if attribute.is_empty() { (String::new(), "") } else { (format!("<span{attribute}>"), "</span>") };
    out.push_str(&before);
    escape(strings.get(name), out);
    out.push_str(after);
}

fn prose(changes: &Changes, strings: &Strings) -> String {
    let mut out = String::new();
    let (gone, new) = (strings.get("changes.gone"), strings.get("changes.new"));
    for section in &changes.prose {
        out.push_str("<h3>");
        escape(&section.title, &mut out);
        out.push_str("</h3>");
        for passage in &section.passages {
            out.push_str("<p>");
            for piece in passage {
                match piece {
                    Piece::Same(text) => escape(text, &mut out),
                    Piece::Gone(text) => mark("del", gone, text, &mut out),
                    Piece::New(text) => mark("ins", new, text, &mut out),
                }
            }
            out.push_str("</p>");
        }
    }
    out
}

/// Marked by more than colour: struck or underlined to the eye, named to the ear in the title.
fn mark(tag: &str, name: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<{tag} title=\"{name}\">");
    escape(text, out);
    let _ = write!(out, "</{tag}>");
}
