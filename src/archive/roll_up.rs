//! The sum of a government's area from the reports of its bodies.

use super::{AgencyIndex, Archive, ReportIndex};
use crate::form::{CellId, Form};
use crate::number::Number;
use crate::report::Scope;

/// What the bodies below an agency reported for a year, added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RollUp {
    /// The reports that are added up: each body's own, or a lower government's for its whole area.
    pub reports: Vec<ReportIndex>,
    /// Bodies that owed a report and have none: while there are any, sums are lower bounds.
    pub missing: Vec<AgencyIndex>,
    /// Bodies whose report is in another edition: left out of sums of cells that do not compare.
    pub other_edition: Vec<ReportIndex>,
}

impl Archive {
    /// Collects what adds up to the area report of `agency` for `year`, to be compared with `form`.
    pub fn roll_up(&self, agency: AgencyIndex, year: u16, form: &Form) -> RollUp {
        let mut sum = RollUp::default();
        for child in &self.agency(agency).children {
            self.collect(*child, year, form, &mut sum);
        }
        sum
    }

    fn collect(&self, agency: AgencyIndex, year: u16, form: &Form, sum: &mut RollUp) {
        let found = self.find_report(agency, year);
        match found {
            Some(index) => {
                sum.reports.push(index);
                if self.report(index).form.key != form.key {
                    sum.other_edition.push(index);
                }
                if self.report(index).scope == Scope::Area {
                    return;
                }
            }
            None if self.agency(agency).owes(year) => sum.missing.push(agency),
            None => {}
        }
        for child in &self.agency(agency).children {
            self.collect(*child, year, form, sum);
        }
    }

    /// The sum of one cell over the reports of a roll-up; `None` if one of them has no figure for it.
    pub fn rolled_cell(&self, roll_up: &RollUp, form: &Form, cell: CellId) -> Option<Number> {
        let figure = |index: &ReportIndex| {
            let report = self.report(*index);
            report.number(form.comparable(cell, &report.form)?)
        };
        roll_up.reports.iter().map(figure).sum()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use super::*;
    use crate::archive::{AgencyKind, Card, Filed};
    use crate::form::Forms;
    use crate::report::read;

    /// A county's own bodies are added up; a body without its report is said to be missing.
    #[test]
    fn bodies_are_added_up_and_missing_ones_are_named() {
        let forms = Forms::builtin();
        let file = |agency: &str, received: i64, scope: &str| {
            let text = format!("+++\nscope = \"{scope}\"\n[applications]\nreceived = [{received}, 0, 0, 0, 0, 0, {received}]\n+++\n");
            Arc::new(Filed {
                agency: agency.into(),
                in_directory: false,
                report: read(&text, 2023, &forms).report,
                attachments: Vec::new(),
                sketch: Default::default(),
            })
        };
        let card = |id: &str| (Arc::from(id), Arc::new(Card::named(id, AgencyKind::Department)));
        let reports = vec![file("x", 30, "area"), file("x/a", 10, "own"), file("x/b", 15, "own"), file("x/b/c", 5, "own")];
        let archive = Archive::new(vec![card("x"), card("x/a"), card("x/b"), card("x/b/c"), card("x/d")], reports);
        let form = forms.get("cn-2021").unwrap();
        let roll_up = archive.roll_up(archive.find_agency("x").unwrap(), 2023, form);
        assert_eq!(roll_up.reports.len(), 3);
        assert_eq!(roll_up.missing, [archive.find_agency("x/d").unwrap()]);
        let cell = form.cell("applications.received.total").unwrap();
        assert_eq!(archive.rolled_cell(&roll_up, form, cell), Some(30.into()));
    }
}
