//! The links of a form between a report and last year's, evaluated.

use super::context::{AgencyContext, Subject};
use super::relations::{holds, may_be, mending_change};
use crate::archive::{AgencyIndex, Archive, ReportIndex};
use crate::diagnostic::{Fault, Place};
use crate::form::{CellId, Comparison, Equation, Link, Term};
use crate::number::Number;
use crate::report::Report;
use crate::text::Words;
use crate::words;

/// Reports the broken links of one rule for every report that has one before it.
pub(super) fn check(context: &AgencyContext<'_>, rule: &'static str, faults: &mut Vec<(Subject, Fault)>) {
    for index in &context.archive.agency(context.agency).reports {
        let Some((pair, together)) = pairs(context, *index) else { continue };
        let links = pair.report.form.tables.iter().flat_map(|table| &table.links);
        for link in links.filter(|link| link.rule == rule && link.from.is_none_or(|from| from <= pair.report.year)) {
            let broken = |equation| {
                let fault = pair.broken(rule, link, equation)?;
                let hint = together.as_ref().and_then(|together| together.explanation(equation));
                Some(if let Some(hint) = hint { fault.with_hint(hint) } else { fault })
            };
            faults.extend(link.equations.iter().filter_map(broken).map(|fault| (Subject::Report(*index), fault)));
        }
    }
}

/// What a report goes on from: the body's own report of last year; and, where others were merged into it
/// since, that together with theirs. A body that is another under a new name goes on from the other's.
fn pairs<'a>(context: &AgencyContext<'a>, index: ReportIndex) -> Option<(Pair<'a>, Option<Pair<'a>>)> {
    let archive = context.archive;
    let report = archive.report(index);
    let own = archive.previous(index).map(|last| archive.report(last));
    let merged = archive.predecessors(context.agency).iter().filter_map(|before| handed_over(archive, *before, report));
    let (names, mut last): (Vec<&str>, Vec<&Report>) = merged.unzip();
    let Some(own) = own else {
        // A report that is merely missing makes nobody another.
        let agency = archive.agency(context.agency);
        let since = agency.card.as_ref().and_then(|card| card.since).map(|since| since.year());
        let is_new = agency.reports.first() == Some(&index) && since.is_none_or(|since| i32::from(report.year) - i32::from(since) <= 1);
        return (is_new && last.len() == 1).then_some((Pair { report, last, names }, None));
    };
    last.push(own);
    let together = (!names.is_empty()).then_some(Pair { report, last, names });
    Some((Pair { report, last: vec![own], names: Vec::new() }, together))
}

/// The last report of a body that ended since it, with the body's name.
fn handed_over<'a>(archive: &'a Archive, before: AgencyIndex, report: &Report) -> Option<(&'a str, &'a Report)> {
    let agency = archive.agency(before);
    let ended = agency.card.as_ref()?.until?.year();
    let last = archive.report(archive.find_report(before, report.year.checked_sub(1)?)?);
    let since = [report.year, last.year].into_iter().any(|year| i16::try_from(year) == Ok(ended));
    (since && report.has_scope_of(last)).then(|| (agency.short_name(), last))
}

/// A report and those of the year before that it goes on from.
struct Pair<'a> {
    report: &'a Report,
    last: Vec<&'a Report>,
    /// The bodies that it took over.
    names: Vec<&'a str>,
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
        let (label, found) = (form.cell_label(look_at), self.report.number(look_at)?);
        let expected = mending_change(equation, look_at, left, right).map(|change| (found + change).normalised());
        let basis = self.basis();
        let (basis_zh, basis_en) = (&basis.zh, &basis.en);
        // What cannot be computed for one cell is said as the sides that differ.
        let (expected_zh, expected_en) = match expected.filter(|_| equation.comparison == Comparison::Equal) {
            Some(expected) if !may_be(form, look_at, expected) => {
                (format!("推算为 {expected}，小于零，必有一格有误"), format!("would be {expected}, below zero: some cell is wrong"))
            }
            Some(expected) => (format!("应为 {expected}"), format!("should be {expected}")),
            None => (format!("不符：{left} 与 {right}"), format!("does not fit: {left} and {right}")),
        };
        let (name_zh, name_en) = (&link.name.zh, &link.name.en);
        let message = Words::new(
            format!("“{label}”为 {found}，按{basis_zh}{expected_zh}（{name_zh}）"),
            format!("`{label}` is {found}; by {basis_en} it {expected_en} ({name_en})"),
        );
        let hint = words!(
            "核对两年的原件；因机构合并、划转等原因不等的，用 [[waive]] 写明",
            "compare both originals; if a merger or the like explains it, waive it with the reason"
        );
        let keys = own.iter().map(|cell| form.cell_key(*cell)).collect();
        Some(Fault::new(rule, Place::Cell(form.cell_key(look_at)), message).with_hint(hint).with_cells(keys))
    }

    /// Whether what the bodies taken over brought along explains a broken link; `None` if it cannot be judged.
    fn explanation(&self, equation: &Equation) -> Option<Words> {
        let (left, right) = (self.side(&equation.left)?, self.side(&equation.right)?);
        let (year, names) = (self.report.year.saturating_sub(1), self.names.join("、"));
        Some(if holds(equation.comparison, left, right) {
            words!(
                "连同并入的“{names}” {year} 年度报告的数，恰好相等：用 [[waive]] 写明即可",
                "with the figure of {names}, merged into it, for {year} it is equal: waive it with that reason"
            )
        } else {
            words!(
                "连同并入的“{names}” {year} 年度报告的数，也不相等；核对各份原件，有正当原因的，用 [[waive]] 写明",
                "even with the figure of {names}, merged into it, for {year} it differs; compare the originals, or waive it with the reason"
            )
        })
    }

    /// Which report of last year is meant.
    fn basis(&self) -> Words {
        let (year, names) = (self.report.year.saturating_sub(1), self.names.join("、"));
        if names.is_empty() {
            return words!(" {year} 年度报告", "the report of {year}");
        }
        words!("前身“{names}” {year} 年度报告", "the report of {year} of {names}, which it was before,")
    }

    fn side(&self, terms: &[Term]) -> Option<Number> {
        let before =
            |cell: CellId| -> Option<Number> { self.last.iter().map(|last| last.number(self.report.comparable(cell, last)?)).sum() };
        let figure = |term: &Term| {
            let number = if term.last { before(term.cell)? } else { self.report.number(term.cell)? };
            Some(if term.negative { -number } else { number })
        };
        terms.iter().map(figure).sum()
    }
}
