//! What changed against last year's report: every cell that differs, and the passages of the prose.
//!
//! Cells are compared where the editions say that they compare. Prose is compared section by section
//! and sentence by sentence; sentences that are nearly the same are compared word by word, so that a
//! changed figure stands out. Where hardly a sentence is the same, the text was written anew and a list
//! of all of it would tell nothing: only that is said.

mod parts;
mod prose;

use serde::Serialize;

use crate::form::CellId;
use crate::report::{Cell, Report};

use prose::Comparison;
pub use prose::{Passage, Piece, Sentences};

/// Changes against the report of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The year before.
    pub year: u16,
    /// Whether last year's report is in another edition: only tables that compare are compared.
    pub other_edition: bool,
    /// How many cells changed.
    pub cells: usize,
    /// The changed cells as HTML.
    pub cells_html: String,
    /// How much of this year's prose stood in last year's, in per cent.
    pub same_prose: usize,
    /// How many passages changed; none are listed where the prose was written anew.
    pub passages: usize,
    /// The changed passages as HTML.
    pub prose_html: String,
}

/// What the render floor writes [`Changes`] from.
#[derive(Debug, Clone)]
pub struct Compared<'t> {
    /// This year's report.
    pub now: &'t Report,
    /// That of the year before.
    pub last: &'t Report,
    /// The changed cells, in the form's order.
    pub cells: Vec<CellChange>,
    /// How much of this year's prose stood in last year's, in per cent.
    pub same_prose: usize,
    /// Whether the prose was written anew.
    pub anew: bool,
    /// The changed passages, in order.
    pub passages: Vec<Passage>,
    /// What they consist of.
    pub pieces: Vec<Piece<'t>>,
}

/// A changed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// The cell of this year's form.
    pub cell: CellId,
    /// What it says this year.
    pub now: Cell,
    /// What it said last year.
    pub last: Cell,
}

/// A report and its sentences.
#[derive(Debug, Clone, Copy)]
pub struct Written<'t> {
    /// The report.
    pub report: &'t Report,
    /// Its sentences.
    pub sentences: &'t Sentences,
}

/// Below this much common text (in per cent) the prose counts as written anew.
const WRITTEN_ANEW: usize = 20;

impl<'t> Compared<'t> {
    /// What changed from `last` to `now`.
    pub fn between(last: Written<'t>, now: Written<'t>) -> Self {
        let mut prose = Comparison::default();
        for (index, section) in now.report.form.sections.iter().enumerate() {
            let there = last.report.form.sections.iter().position(|other| other.key == section.key);
            prose.section(index, now.sentences, there.map(|there| (last.sentences, there)));
        }
        let same_prose = (prose.same * 100).checked_div(prose.whole).unwrap_or(100);
        Self {
            now: now.report,
            last: last.report,
            cells: changed_cells(last.report, now.report),
            same_prose,
            anew: same_prose < WRITTEN_ANEW && prose.whole > 0,
            passages: prose.passages,
            pieces: prose.pieces,
        }
    }
}

fn changed_cells(last: &Report, now: &Report) -> Vec<CellChange> {
    if !now.has_scope_of(last) {
        return Vec::new();
    }
    let form = &*now.form;
    if last.form.key == form.key {
        return now.figures.unlike(&last.figures).filter_map(|cell| changed_cell(last, cell, now, cell)).collect();
    }
    let changed = |cell| changed_cell(last, now.comparable(cell, last)?, now, cell);
    form.cells().filter_map(changed).collect()
}

/// What a cell says now in the place of what the cell `there` said, if that is something else.
fn changed_cell(last: &Report, there: CellId, now: &Report, cell: CellId) -> Option<CellChange> {
    // Nearly all figures are small counts, of which no decimals need be made.
    let (before, after) = (last.figures.small(there), now.figures.small(cell));
    if before.is_some() && before == after {
        return None;
    }
    let small = before.is_some() && after.is_some();
    let (last, now) = (last.figures.get(there), now.figures.get(cell));
    let same = || last == now || last.number().is_some() && last.number() == now.number();
    (small || !same()).then_some(CellChange { cell, now, last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;
    use crate::front_matter::split;
    use crate::report::{read, read_body};

    /// Calls `look` with what changed from one text to another.
    fn compared<T>(last: (&str, u16), now: (&str, u16), look: impl FnOnce(Compared<'_>) -> T) -> T {
        let forms = Forms::builtin();
        let [last, now] = [last, now].map(|(text, year)| {
            let report = read(text, year, &forms).report;
            let body = read_body(text, split(text).0.body, &report.form);
            let sentences = Sentences::of(text, &body, &report.form);
            (report, sentences)
        });
        let [last, now] = [&last, &now].map(|(report, sentences)| Written { report, sentences });
        look(Compared::between(last, now))
    }

    fn report(received: &str, prose: &str) -> String {
        format!("+++\n[applications]\nreceived = [{received}]\n+++\n## 一、总体情况\n\n{prose}\n")
    }

    #[test]
    fn changed_cells_are_listed() {
        compared((&report("1, 0, 0, 0, 0, 0, 1", "甲。"), 2022), (&report("2, 0, 0, \"\", 0, 0, 2", "甲。"), 2023), |found| {
            assert_eq!(found.cells.len(), 3);
            assert_eq!((&found.cells[1].last, &found.cells[1].now), (&Cell::Number(0.into()), &Cell::Blank));
            assert_eq!((found.passages.len(), found.same_prose), (0, 100));
        });
    }

    /// Figures of table 二 do not compare between the editions of 2020 and 2021.
    #[test]
    fn cells_that_do_not_compare_are_left_out() {
        let last = "+++\n[proactive]\nlicensing = [3, 1, 40]\n[applications]\nreceived = [7, 0, 0, 0, 0, 0, 7]\n+++\n";
        let now = "+++\n[proactive]\nlicensing = [50]\n[applications]\nreceived = [9, 0, 0, 0, 0, 0, 9]\n+++\n";
        compared((last, 2020), (now, 2021), |found| assert_eq!(found.cells.len(), 2));
    }

    /// A changed figure in a sentence stands out; the words around it are the same.
    #[test]
    fn a_changed_figure_stands_out() {
        let texts = ["全年公开信息120条。加强培训。", "全年公开信息135条。加强培训。"].map(|prose| report("0", prose));
        compared((&texts[0], 2022), (&texts[1], 2023), |found| {
            let expected = [Piece::Same("全年公开信息"), Piece::Gone("120"), Piece::New("135"), Piece::Same("条。")];
            assert_eq!(found.pieces, expected);
            assert_eq!(found.passages, [Passage { section: 0, pieces: 0..4 }]);
            assert!(found.same_prose > 80 && !found.anew, "{}", found.same_prose);
        });
    }

    /// Prose written anew is said to be so.
    #[test]
    fn prose_written_anew_is_known() {
        compared((&report("0", "一二三四。五六七八。"), 2022), (&report("0", "甲乙丙丁。戊己庚辛。"), 2023), |found| {
            assert_eq!(found.same_prose, 0);
            assert!(found.anew && !found.passages.is_empty());
        });
    }

    /// A section that the other edition does not have is compared with nothing.
    #[test]
    fn prose_without_a_counterpart_is_new() {
        compared(("+++\n+++\n", 2022), (&report("0", "甲。乙。"), 2023), |found| assert_eq!(found.pieces, [Piece::New("甲。乙。")]));
    }
}
