//! The links of a form between a report and last year's, evaluated.

use super::context::{AgencyContext, Subject};
use super::relations::{holds, mending_change};
use crate::diagnostic::{Fault, Place};
use crate::form::{CellId, Comparison, Equation, Link, Term};
use crate::number::Number;
use crate::report::Report;
use crate::words;

/// Reports the broken links of one rule for every report that has one before it.
pub(super) fn check(context: &AgencyContext<'_>, rule: &'static str, faults: &mut Vec<(Subject, Fault)>) {
    for index in &context.archive.agency(context.agency).reports {
        let Some(last) = context.archive.previous(*index) else { continue };
        let pair = Pair { report: context.archive.report(*index), last: context.archive.report(last) };
        let links = pair.report.form.tables.iter().flat_map(|table| &table.links);
        for link in links.filter(|link| link.rule == rule && link.from.is_none_or(|from| from <= pair.report.year)) {
            faults.extend(
                link.equations
                    .iter()
                    .filter_map(|equation| pair.broken(rule, link, equation))
                    .map(|fault| (Subject::Report(*index), fault)),
            );
        }
    }
}

/// A report and the one of the year before.
struct Pair<'a> {
    report: &'a Report,
    last: &'a Report,
}

impl Pair<'_> {
    fn broken(&self, rule: &'static str, link: &Link, equation: &Equation) -> Option<Fault> {
        let (left, right) = (self.side(&equation.left)?, self.side(&equation.right)?);
        if holds(equation.comparison, left, right) {
            return None;
        }
        let form = &self.report.form;
        let own: Vec<CellId> = equation.right.iter().chain(&equation.left).filter(|term| !term.last).map(|term| term.cell).collect();
        let look_at = *own.first()?;
        let (label, found, year) = (form.cell_label(look_at), self.report.number(look_at)?, self.last.year);
        let expected = mending_change(equation, look_at, left, right).map(|change| found + change);
        // What cannot be computed for one cell is said as the sides that differ.
        let (expected_zh, expected_en) = match expected.filter(|_| equation.comparison == Comparison::Equal) {
            Some(expected) => (format!("应为 {expected}"), format!("should be {expected}")),
            None => (format!("不符：{left} 与 {right}"), format!("does not fit: {left} and {right}")),
        };
        let (name_zh, name_en) = (&link.name.zh, &link.name.en);
        let message = crate::text::Words::new(
            format!("“{label}”为 {found}，按 {year} 年度报告{expected_zh}（{name_zh}）"),
            format!("`{label}` is {found}; by the report of {year} it {expected_en} ({name_en})"),
        );
        let hint = words!(
            "核对两年的原件；因机构合并、划转等原因不等的，用 [[waive]] 写明",
            "compare both originals; if a merger or the like explains it, waive it with the reason"
        );
        let keys = own.iter().map(|cell| form.cell_key(*cell)).collect();
        Some(Fault::new(rule, Place::Cell(form.cell_key(look_at)), message).with_hint(hint).with_cells(keys))
    }

    fn side(&self, terms: &[Term]) -> Option<Number> {
        let figure = |term: &Term| {
            let number =
                if term.last { self.last.number(self.report.comparable(term.cell, self.last)?)? } else { self.report.number(term.cell)? };
            Some(if term.negative { -number } else { number })
        };
        terms.iter().map(figure).sum()
    }
}
