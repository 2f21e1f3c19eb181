//! One figure over the years, across editions where the forms say that it compares.

use super::{AgencyIndex, Archive};
use crate::form::{CellId, Form};
use crate::number::Number;

/// One year of a cell's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The report year.
    pub year: u16,
    /// The figure; `None` where the report has none.
    pub value: Option<Number>,
}

/// One year of an indicator's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorPoint {
    /// The report year.
    pub year: u16,
    /// The figure; `None` where a cell of the sum has none.
    pub value: Option<Number>,
    /// What it compares with: the series' name, or the form's key. Points with different marks stand
    /// beside each other but must not be compared.
    pub mark: String,
}

impl Archive {
    /// A cell over the years. Reports whose edition has no comparable cell are left out.
    pub fn series(&self, agency: AgencyIndex, form: &Form, cell: CellId) -> Vec<Point> {
        let reports = self.agency(agency).reports.iter().map(|index| self.report(*index));
        let point = |report: &crate::report::Report| {
            let there = form.comparable(cell, &report.form)?;
            Some(Point { year: report.year, value: report.number(there) })
        };
        reports.filter_map(point).collect()
    }

    /// An indicator over the years.
    pub fn indicator_series(&self, agency: AgencyIndex, key: &str) -> Vec<IndicatorPoint> {
        let reports = self.agency(agency).reports.iter().map(|index| self.report(*index));
        let point = |report: &crate::report::Report| {
            let indicator = report.form.indicator(key)?;
            let mark = indicator.series.clone().unwrap_or_else(|| report.form.key.clone());
            Some(IndicatorPoint { year: report.year, value: report.sum(&indicator.terms), mark })
        };
        reports.filter_map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use super::*;
    use crate::archive::Filed;
    use crate::form::Forms;
    use crate::report::read;

    /// Applications compare from 2019 on, whatever the edition; licensing starts anew in 2021.
    #[test]
    fn series_cross_editions_only_where_figures_compare() {
        let forms = Forms::builtin();
        let old = "+++\n[proactive]\nlicensing = [3, 1, 40]\n[applications]\nreceived = [7, 0, 0, 0, 0, 0, 7]\n+++\n";
        let new = "+++\n[proactive]\nlicensing = [50]\n[applications]\nreceived = [9, 0, 0, 0, 0, 0, 9]\n+++\n";
        let file = |text: &str, year| {
            Arc::new(Filed {
                agency: "a".into(),
                in_directory: false,
                report: read(text, year, &forms).report,
                attachments: Vec::new(),
                sketch: Default::default(),
            })
        };
        let archive = Archive::new(vec![], vec![file(old, 2020), file(new, 2021)]);
        let form = forms.get("cn-2021").unwrap();
        let years = |key: &str| -> Vec<(u16, Option<Number>)> {
            archive.series(AgencyIndex(0), form, form.cell(key).unwrap()).into_iter().map(|p| (p.year, p.value)).collect()
        };
        assert_eq!(years("applications.received.total"), [(2020, Some(7.into())), (2021, Some(9.into()))]);
        assert_eq!(years("proactive.licensing.decisions"), [(2021, Some(50.into()))]);
        let marks: Vec<_> = archive.indicator_series(AgencyIndex(0), "received").into_iter().map(|p| p.mark).collect();
        assert_eq!(marks, ["applications", "applications"]);
    }
}
