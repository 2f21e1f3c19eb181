//! Recall: clean generated reports are spoiled in one place at a time, and the fault must be found.
//! Precision: many clean generated reports give no error and no `narrative-mismatch`.
//!
//! The generator stands in `recall/generator.rs`; its reports hold every relation and say some of their
//! figures in sentences as offices write them. Everything follows from a fixed seed.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "recall/generator.rs"]
mod generator;

use gongkai::archive::{AgencyKind, Card};
use gongkai::config::Config;
use gongkai::diagnostic::{Finding, Level};
use gongkai::form::Forms;
use gongkai::report::read;
use gongkai::rules::{Levels, Prose, ReportContext, check_report, place};
use gongkai::text::Source;

use generator::{Generated, Random};

struct Checker {
    forms: Forms,
    config: Config,
    levels: Levels,
    card: Card,
}

impl Checker {
    fn new() -> Self {
        let config = Config::default();
        let levels = Levels::of(&config).0;
        Self { forms: Forms::builtin(), levels, config, card: Card::named(generator::NAME, AgencyKind::Township) }
    }

    /// What is found in the text of a report.
    fn find(&self, text: &str, year: u16) -> Vec<Finding> {
        let mut reading = read(text, year, &self.forms);
        let mut faults = std::mem::take(&mut reading.faults);
        let context = ReportContext {
            report: &reading.report,
            text,
            body: &reading.body,
            prose: reading.parts.body.clone(),
            words: &Prose::of(text, reading.parts.body.clone()),
            locations: &reading.locations,
            agency: "a",
            card: Some(&self.card),
            attachments: &[],
            pages: &|_| true,
            config: &self.config,
        };
        check_report(&context, &self.levels, &mut faults);
        place(faults, &Source::new("a.md", text), &reading.locations, &reading.report.form, &self.levels, ("a", year))
    }

    fn errors(&self, text: &str, year: u16) -> Vec<Finding> {
        self.find(text, year).into_iter().filter(|finding| finding.level == Level::Error).collect()
    }
}

/// How many spoiled reports of a kind were found, and those that were not.
struct Score {
    tried: usize,
    missed: Vec<String>,
}

impl Score {
    fn of(seed: u64, tries: usize, mut try_one: impl FnMut(&mut Random) -> Result<(), String>) -> Self {
        let mut random = Random::new(seed);
        let missed: Vec<String> = (0..tries).filter_map(|_| try_one(&mut random).err()).collect();
        Self { tried: tries, missed }
    }

    fn assert_at_least(&self, percent: usize) {
        let found = self.tried - self.missed.len();
        let missed = self.missed[..self.missed.len().min(40)].join("\n");
        assert!(found * 100 >= self.tried * percent, "{found} of {}, missed:\n{missed}", self.tried);
    }
}

fn found(findings: &[Finding], what: &str) -> Result<(), String> {
    if findings.is_empty() { Err(what.to_owned()) } else { Ok(()) }
}

/// 800 changes of one cell in 三 or 四: every one is an error that names the cell.
#[test]
fn changed_cells_are_found() {
    let checker = Checker::new();
    let score = Score::of(1, 800, |random| {
        let (report, text) = generator::report(random);
        let cell = report.pick_cell(random);
        let value = loop {
            let value = random.below(400);
            if value != report.cell(&cell) {
                break value;
            }
        };
        let spoiled = report.with_cell(&cell, value);
        let errors = checker.errors(&spoiled.print(&text), spoiled.year);
        let named: Vec<Finding> = errors.into_iter().filter(|finding| finding.cells.contains(&cell.key())).collect();
        found(&named, &format!("{} {} → {value}", cell.key(), report.cell(&cell)))
    });
    score.assert_at_least(100);
}

/// 300 transposed digits: 12 written as 21.
#[test]
fn transposed_digits_are_found() {
    let checker = Checker::new();
    let score = Score::of(2, 300, |random| {
        let (report, text, cell, value) = loop {
            let (report, text) = generator::report(random);
            let cell = report.pick_cell(random);
            let digits = report.cell(&cell).to_string();
            let turned: String = digits.chars().rev().collect();
            let turned: u32 = turned.parse().unwrap();
            if digits.len() > 1 && turned != report.cell(&cell) {
                break (report, text, cell, turned);
            }
        };
        let spoiled = report.with_cell(&cell, value);
        found(&checker.errors(&spoiled.print(&text), spoiled.year), &cell.key())
    });
    score.assert_at_least(100);
}

/// 300 swapped neighbours in 三: two figures of one row, or of one column, in each other's place.
#[test]
fn swapped_neighbours_are_found() {
    let checker = Checker::new();
    let score = Score::of(3, 300, |random| {
        let (report, text, a, b) = loop {
            let (report, text) = generator::report(random);
            let (a, b) = report.pick_neighbours(random);
            if report.cell(&a) != report.cell(&b) {
                break (report, text, a, b);
            }
        };
        let spoiled = report.with_cell(&a, report.cell(&b)).with_cell(&b, report.cell(&a));
        found(
            &checker.errors(&spoiled.print(&text), spoiled.year),
            &format!("{} {} ↔ {} {}", a.key(), report.cell(&a), b.key(), report.cell(&b)),
        )
    });
    score.assert_at_least(100);
}

/// 200 dropped rows.
#[test]
fn dropped_rows_are_found() {
    let checker = Checker::new();
    let score = Score::of(4, 200, |random| {
        let (report, text) = generator::report(random);
        let row = report.pick_row(random);
        let spoiled = report.without_row(row);
        let errors = checker.errors(&spoiled.print(&text), spoiled.year);
        let missing: Vec<Finding> =
            errors.into_iter().filter(|finding| finding.rule == "missing-row" && finding.message.zh.contains(row)).collect();
        found(&missing, row)
    });
    score.assert_at_least(100);
}

/// 200 titles with another year.
#[test]
fn changed_years_in_titles_are_found() {
    let checker = Checker::new();
    let score = Score::of(5, 200, |random| {
        let (report, text) = generator::report(random);
        let other = loop {
            let other = 2010 + u16::try_from(random.below(20)).unwrap();
            if other != report.year {
                break other;
            }
        };
        let printed = report.print(&text);
        let spoiled =
            printed.replacen(&format!("{}{}年政府", generator::NAME, report.year), &format!("{}{other}年政府", generator::NAME), 1);
        assert_ne!(printed, spoiled);
        let titles: Vec<Finding> =
            checker.errors(&spoiled, report.year).into_iter().filter(|finding| finding.rule == "title-mismatch").collect();
        found(&titles, &format!("{} → {other}", report.year))
    });
    score.assert_at_least(100);
}

/// 1,000 figures of the prose that name a figure of a table, each changed: at least 95 % are found, where
/// they stand.
#[test]
fn changed_figures_in_sentences_are_found() {
    let checker = Checker::new();
    let score = Score::of(6, 1000, |random| {
        let (report, text) = generator::report(random);
        let (spoiled, what) = text.with_another_figure(random);
        let findings = checker.find(&report.print(&spoiled), report.year);
        let told: Vec<Finding> = findings.into_iter().filter(|finding| finding.rule == "narrative-mismatch").collect();
        found(&told, &what)
    });
    score.assert_at_least(95);
}

/// The sentences of the demonstration archive were written by another hand. Of all its "n件" since 2019 —
/// those that name no figure of a table, such as visits or samples, among them — at least 95 in a hundred are
/// found when they are changed.
#[test]
fn changed_figures_of_the_demo_are_found() {
    let checker = Checker::new();
    let (mut tried, mut missed) = (0, Vec::new());
    for (path, year, text) in demo() {
        let before = mismatches(&checker, &text, year);
        let body = text.rfind("+++").unwrap();
        for (at, _) in text.match_indices('件').filter(|(at, _)| *at > body) {
            let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
            let Ok(figure) = text[at - digits..at].parse::<u32>() else { continue };
            let spoiled = format!("{}{}{}", &text[..at - digits], figure + 1, &text[at..]);
            tried += 1;
            if mismatches(&checker, &spoiled, year) <= before {
                let around: String = text[..at].chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
                missed.push(format!("{path}: {around}件"));
            }
        }
    }
    assert!(tried > 500, "{tried}");
    Score { tried, missed }.assert_at_least(95);
}

fn mismatches(checker: &Checker, text: &str, year: u16) -> usize {
    checker.find(text, year).iter().filter(|finding| finding.rule == "narrative-mismatch").count()
}

/// The reports of the fictional county since 2019: path, year, text.
fn demo() -> Vec<(String, u16, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content/shili");
    let directories = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let mut reports = Vec::new();
    for directory in directories.chain([root.clone()]) {
        for year in 2019..=2024 {
            let path = directory.join(format!("{year}.md"));
            if let Ok(text) = std::fs::read_to_string(&path) {
                reports.push((path.strip_prefix(&root).unwrap().display().to_string(), year, text));
            }
        }
    }
    reports
}

/// Clean reports are clean: no finding at all but the review that the generator does not write.
#[test]
fn clean_reports_are_clean() {
    let checker = Checker::new();
    let mut random = Random::new(7);
    for _ in 0..if cfg!(debug_assertions) { 1000 } else { 10_000 } {
        let (report, text): (Generated, _) = generator::report(&mut random);
        let printed = report.print(&text);
        let findings: Vec<Finding> =
            checker.find(&printed, report.year).into_iter().filter(|finding| finding.rule != "missing-review").collect();
        assert!(findings.is_empty(), "{findings:#?}\n{printed}");
    }
}
