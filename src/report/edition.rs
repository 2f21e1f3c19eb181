//! Which edition a report is written in: what it says, what its year says, what its rows say.

use std::sync::Arc;

use super::tables::raw_rows;
use crate::diagnostic::{Fault, Place};
use crate::form::{Form, Forms};
use crate::front_matter::{DeTable, DeValue, nearest};
use crate::text::{Span, Words, excerpt};
use crate::words;

/// The rule that reports reports in another edition than their year's.
pub(crate) const WRONG_EDITION: &str = "wrong-edition";

/// The form to read with, and a fault if it is not the one that belongs to the year.
///
/// The rows decide: a report that says nothing, or something else, is read with the edition whose
/// rows it has, so that one wrong word does not make every row unknown.
pub(super) fn recognise(declared: Option<(String, Span)>, year: u16, table: &DeTable<'_>, forms: &Forms) -> (Arc<Form>, Option<Fault>) {
    let expected = forms.for_year(year).clone();
    let Some((name, span)) = declared else {
        let fitting = best_fit(&expected, table, forms);
        let fault = (fitting.key != expected.key).then(|| unlike_year(&fitting, &expected, year, Place::key("tables")));
        return (fitting, fault);
    };
    let Some(form) = forms.get(&name).cloned() else {
        return (expected, Some(unknown_form(&name, span, forms)));
    };
    let fitting = best_fit(&form, table, forms);
    if fitting.key != form.key {
        let fault = unlike_rows(&fitting, &form, span);
        return (fitting, Some(fault));
    }
    let wrong = !form.is_for(year) && expected.key != form.key;
    let fault = wrong.then(|| unlike_year(&form, &expected, year, Place::Span(span)));
    (form, fault)
}

/// Whether a table has rows of cells in it.
pub(super) fn has_rows(table: &DeTable<'_>, form: &Form) -> bool {
    known_rows(form, table).1 > 0
}

/// `form`, unless another one knows strictly more of the rows.
fn best_fit(form: &Arc<Form>, table: &DeTable<'_>, forms: &Forms) -> Arc<Form> {
    let (own, rows) = known_rows(form, table);
    if own == rows {
        return form.clone();
    }
    let mut best = (own, form);
    for other in forms.iter() {
        let (known, rows) = known_rows(other, table);
        // At least half of the rows must be known: a file of typing errors is in no edition.
        if known > best.0 && known * 2 >= rows {
            best = (known, other);
        }
    }
    best.1.clone()
}

/// How many of the file's rows a form knows, by key and number of cells, and how many there are.
fn known_rows(form: &Form, table: &DeTable<'_>) -> (usize, usize) {
    let mut known = 0;
    let mut all = 0;
    for (key, value) in table.iter() {
        let DeValue::Table(rows) = value.get_ref() else { continue };
        let rows = raw_rows(rows, 0);
        let cells = rows.iter().filter(|row| matches!(row.value.get_ref(), DeValue::Array(_)));
        let Some(of_form) = form.table(key.get_ref()) else {
            all += cells
                .filter(|row| row.value.get_ref().as_array().is_some_and(|items| items.iter().all(|item| item.get_ref().is_integer())))
                .count();
            continue;
        };
        for row in cells {
            all += 1;
            let length = row.value.get_ref().as_array().map_or(0, |items| items.len());
            let same = |r: &&crate::form::Row| r.key == row.key && of_form.blocks[r.block].columns.len() == length;
            known += usize::from(of_form.rows.iter().any(|r| same(&r)));
        }
    }
    (known, all)
}

fn unlike_year(form: &Form, expected: &Form, year: u16, place: Place) -> Fault {
    let (used, title, due) = (&form.key, &form.title, &expected.key);
    let (zh, en) = (&title.zh, &title.en);
    let basis = Some(&expected.basis).filter(|basis| !basis.is_empty());
    let (basis_zh, basis_en) = basis.map(|basis| (format!("（{basis}）"), format!(" ({basis})"))).unwrap_or_default();
    let message = Words::new(
        format!("{year} 年度应使用 {due}{basis_zh}，这份用的是 {used}（{zh}）"),
        format!("reports of {year} use {due}{basis_en}; this one uses {used} ({en})"),
    );
    let hint = words!(
        "请填报单位改用 {due} 重填；若原件确实如此发布，写 form = \"{used}\" 并以 [[waive]] 说明",
        "ask the agency to use {due}; if the original was published like this, write form = \"{used}\" and waive it with a reason"
    );
    Fault::new(WRONG_EDITION, place, message).with_hint(hint)
}

fn unlike_rows(fitting: &Form, declared: &Form, span: Span) -> Fault {
    let (fits, says) = (&fitting.key, &declared.key);
    let message = words!("写的是 form = \"{says}\"，但各行属于 {fits}", "it says form = \"{says}\", but its rows are those of {fits}");
    let hint = words!("改为 form = \"{fits}\"，或按 {says} 重填各表", "write form = \"{fits}\", or fill in the tables of {says}");
    Fault::new(WRONG_EDITION, Place::Span(span), message).with_hint(hint)
}

fn unknown_form(name: &str, span: Span, forms: &Forms) -> Fault {
    let mut keys: Vec<&str> = forms.iter().map(|form| form.key.as_str()).collect();
    keys.sort_unstable();
    let shown = excerpt(name);
    let message = words!("没有名为“{shown}”的格式", "there is no form `{shown}`");
    let known = keys.join("、");
    let hint = match nearest(name, keys.iter().copied()) {
        Some(near) => words!("是不是 {near}？已知的有：{known}", "did you mean {near}? known: {known}"),
        None => words!("已知的有：{known}；另有格式请放在 forms/", "known: {known}; put further forms into forms/"),
    };
    Fault::new(WRONG_EDITION, Place::Span(span), message).with_hint(hint)
}
