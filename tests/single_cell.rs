//! Every change of a single cell in tables 三 and 四 of a clean report is found, and the finding names
//! the row or the column of the cell.

mod common;

use gongkai::form::{CellId, Forms};
use gongkai::number::Number;
use gongkai::report::{Cell, Figures, Report, read};
use gongkai::rules::{Levels, Prose, ReportContext, check_report};
use proptest::prelude::*;

/// The cells named by the findings about a report.
fn named_cells(report: &Report) -> Vec<Vec<String>> {
    let config = gongkai::config::Config::default();
    let (levels, _) = Levels::of(&config);
    let (body, locations) = (Default::default(), Default::default());
    let context = ReportContext {
        report,
        text: "",
        body: &body,
        prose: 0..0,
        words: &Prose::default(),
        locations: &locations,
        agency: "a",
        card: None,
        attachments: &[],
        pages: &|_| true,
        config: &config,
    };
    let mut faults = Vec::new();
    check_report(&context, &levels, &mut faults);
    let error = |fault: &gongkai::diagnostic::Fault| levels.of_rule(fault.rule) == gongkai::diagnostic::Level::Error;
    faults.into_iter().filter(|fault| error(fault) && !fault.cells.is_empty()).map(|fault| fault.cells).collect()
}

/// The forms are read once: a thousand cases would read them a thousand times.
static FORMS: std::sync::LazyLock<Forms> = std::sync::LazyLock::new(Forms::builtin);

fn clean(year: u16) -> Report {
    read(&common::report(year), year, &FORMS).report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_single_wrong_cell_goes_unseen(year in prop::sample::select(vec![2019u16, 2023]), pick in any::<prop::sample::Index>(), value in 0i64..3000) {
        let report = clean(year);
        let form = report.form.clone();
        let cells: Vec<CellId> = form.cells().filter(|cell| ["applications", "disputes"].contains(&form.parts(*cell).0.key.as_str())).collect();
        let cell = cells[pick.index(cells.len())];
        prop_assume!(report.number(cell) != Some(Number::from(value)));
        let mut figures = report.figures.to_cells();
        figures[cell.index()] = Cell::Number(value.into());
        let wrong = Report { figures: Figures::new(figures), ..report };
        let key = form.cell_key(cell);
        prop_assert!(named_cells(&wrong).iter().any(|cells| cells.contains(&key)), "{key} = {value}");
    }

    /// Where the cell stands in a row sum and a column sum, it is named as the culprit, with its true value.
    #[test]
    fn the_culprit_is_named(pick in any::<prop::sample::Index>(), value in 0i64..3000) {
        let report = clean(2023);
        let form = report.form.clone();
        let inner: Vec<CellId> = form.cells().filter(|cell| form.parts(*cell).0.key == "applications").collect();
        let cell = inner[pick.index(inner.len())];
        prop_assume!(report.number(cell) != Some(Number::from(value)));
        let mut figures = report.figures.to_cells();
        figures[cell.index()] = Cell::Number(value.into());
        let wrong = Report { figures: Figures::new(figures), ..report };
        let key = form.cell_key(cell);
        prop_assert!(named_cells(&wrong).iter().all(|cells| cells[0] == key), "{key} = {value}: {:?}", named_cells(&wrong));
    }
}

#[test]
fn the_clean_reports_are_clean() {
    for year in [2019, 2023] {
        assert!(named_cells(&clean(year)).is_empty(), "{:?}", named_cells(&clean(year)));
    }
    assert!(clean(2023).form.cell("applications.received.total").is_some());
}
