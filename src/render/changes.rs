//! Changes against last year as HTML.

use std::fmt::Write as _;

use super::official::figure;
use crate::form::{Arrangement, Form, Table};
use crate::pages::{CellChange, Changes, Compared, Piece};
use crate::report::Cell;
use crate::text::escape_html;
use crate::theme::Strings;

/// What changed, with the changed cells and passages as HTML.
pub(super) fn written(compared: &Compared<'_>, strings: &Strings) -> Changes {
    Changes {
        year: compared.last.year,
        other_edition: compared.last.form.key != compared.now.form.key,
        cells: compared.cells.len(),
        cells_html: cells(compared, strings),
        same_prose: compared.same_prose,
        passages: compared.passages.len(),
        prose_html: if compared.anew { String::new() } else { prose(compared, strings) },
    }
}

/// A row of the form a line: its changed cells as `column last → now`.
fn cells(compared: &Compared<'_>, strings: &Strings) -> String {
    let form = &*compared.now.form;
    let mut out = String::with_capacity(compared.cells.len() * 48);
    let mut open = None;
    let row_of = |change: &CellChange| {
        let place = form.place(change.cell);
        (place.table, place.row)
    };
    for changes in compared.cells.chunk_by(|a, b| row_of(a) == row_of(b)) {
        let Some((table, row)) = changes.first().map(row_of) else { continue };
        if open != Some(table) {
            let before = if open.is_some() { "</tbody>" } else { "<table class=\"list diff\">" };
            let _ = write!(out, "{before}<tbody{}>", strings.zh());
            out.push_str("<tr><th colspan=\"2\" scope=\"rowgroup\" class=\"band\">");
            escape_html(&form.tables[table].caption, &mut out);
            out.push_str("</th></tr>");
            open = Some(table);
        }
        self::row(changes, &form.tables[table], row, form, strings, &mut out);
    }
    if open.is_some() {
        out.push_str("</tbody></table>");
    }
    out
}

fn row(changes: &[CellChange], table: &Table, row: usize, form: &Form, strings: &Strings, out: &mut String) {
    let printed = &table.rows[row];
    out.push_str("<tr><th scope=\"row\">");
    escape_html(printed.label.short(), out);
    out.push_str("</th><td>");
    let columns = &table.blocks[printed.block].columns;
    let named = table.arrangement != Arrangement::List && columns.len() > 1;
    for (place, change) in changes.iter().enumerate() {
        if place > 0 {
            out.push('；');
        }
        if named {
            escape_html(columns[form.place(change.cell).column].label.short(), out);
            out.push(' ');
        }
        cell(&change.last, strings, out);
        out.push_str("→<b>");
        cell(&change.now, strings, out);
        out.push_str("</b>");
    }
    out.push_str("</td></tr>");
}

fn cell(cell: &Cell, strings: &Strings, out: &mut String) {
    match cell {
        Cell::Number(number) => figure(*number, out),
        Cell::Blank => own(strings, "table.blank", out),
        Cell::NotApplicable => out.push('/'),
        Cell::Absent => own(strings, "changes.absent", out),
        Cell::Text(text) => escape_html(text, out),
    }
}

/// Words of the theme among Chinese.
fn own(strings: &Strings, name: &str, out: &mut String) {
    let attribute = strings.own();
    let (before, after) = if attribute.is_empty() { (String::new(), "") } else { (format!("<span{attribute}>"), "</span>") };
    out.push_str(&before);
    escape_html(strings.get(name), out);
    out.push_str(after);
}

/// A piece between its marks, of which the first of what is gone and of what is new are given.
fn marked<'t>(piece: &Piece<'t>, gone: &'t str, new: &'t str) -> [&'t str; 3] {
    match *piece {
        Piece::Same(text) => ["", text, ""],
        Piece::Gone(text) => [gone, text, "</del>"],
        Piece::New(text) => [new, text, "</ins>"],
    }
}

fn prose(compared: &Compared<'_>, strings: &Strings) -> String {
    // Marked by more than colour: struck or underlined to the eye, named to the ear in the title.
    let named = |element: &str, name: &str| {
        let mut mark = format!("<{element} title=\"");
        escape_html(strings.get(name), &mut mark);
        mark + "\">"
    };
    let (gone, new) = (named("del", "changes.gone"), named("ins", "changes.new"));
    let marked = |piece| marked(piece, &gone, &new);
    let sizes: usize = compared.pieces.iter().flat_map(marked).map(str::len).sum();
    let mut out = String::with_capacity(sizes + compared.passages.len() * "<p></p>".len() + 256);
    let mut open = None;
    for passage in &compared.passages {
        if open != Some(passage.section) {
            out.push_str("<h3>");
            escape_html(&compared.now.form.sections[passage.section].title.text, &mut out);
            out.push_str("</h3>");
            open = Some(passage.section);
        }
        out.push_str("<p>");
        for piece in &compared.pieces[passage.pieces.clone()] {
            let [before, text, after] = marked(piece);
            out.push_str(before);
            escape_html(text, &mut out);
            out.push_str(after);
        }
        out.push_str("</p>");
    }
    out
}
