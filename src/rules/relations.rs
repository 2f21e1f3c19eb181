//! The relations of a form, evaluated: which are broken, by how much, and which cell is to blame.
//!
//! Rows and columns over-determine a table: one wrong cell breaks every relation it stands in by the
//! same difference, and no other cell can explain that. Such a cell is named as the culprit, with the
//! value that mends all of them. Relations with a side that has no figure are not judged.

use crate::diagnostic::{Fault, Place};
use crate::form::{Along, CellId, Comparison, Equation, Form, Table, Term};
use crate::number::Number;
use crate::report::Report;
use crate::text::Words;
use crate::words;

/// A broken relation.
#[derive(Debug, Clone)]
pub(super) struct Breach<'f> {
    pub(super) table: &'f Table,
    pub(super) equation: &'f Equation,
    pub(super) left: Number,
    pub(super) right: Number,
    pub(super) culprit: Option<Culprit>,
}

/// A cell that alone explains several breaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Culprit {
    /// The cell.
    pub(super) cell: CellId,
    /// The value with which all its relations hold.
    pub(super) value: Number,
    /// How many relations it mends.
    pub(super) mends: usize,
}

/// Reports the breaches of one rule.
pub(super) fn check(report: &Report, rule: &'static str, faults: &mut Vec<Fault>) {
    let of_rule = |table: &&Table| table.relations.iter().any(|relation| relation.rule == rule);
    for table in report.form.tables.iter().filter(of_rule) {
        for breach in breaches(report, table) {
            if table.relations[breach.equation.relation].rule == rule {
                faults.push(fault(rule, report, &breach));
            }
        }
    }
}

/// All broken relations of a table.
pub(super) fn breaches<'f>(report: &Report, table: &'f Table) -> Vec<Breach<'f>> {
    let mut breaches: Vec<Breach<'f>> = table.equations.iter().filter_map(|equation| breach(report, table, equation)).collect();
    if breaches.len() > 1 {
        blame(report, table, &mut breaches);
    }
    breaches
}

fn breach<'f>(report: &Report, table: &'f Table, equation: &'f Equation) -> Option<Breach<'f>> {
    let left = side(report, &equation.left)?;
    let right = side(report, &equation.right)?;
    let holds = match equation.comparison {
        Comparison::Equal => left == right,
        Comparison::AtMost => left <= right,
        Comparison::ZeroTogether => left.is_zero() == right.is_zero(),
    };
    (!holds).then_some(Breach { table, equation, left, right, culprit: None })
}

/// The sum of a side. Small counts are added as machine integers, which nearly all reports get by with.
fn side(report: &Report, terms: &[Term]) -> Option<Number> {
    let mut sum = 0i64;
    for term in terms {
        let Some(small) = report.figures.small(term.cell).filter(|n| n.unsigned_abs() < 1 << 40) else {
            return report.sum(terms);
        };
        sum += if term.negative { -small } else { small };
    }
    Some(Number::from(sum))
}

/// Finds, for each breach, the one cell that explains most breaches.
fn blame(report: &Report, table: &Table, breaches: &mut [Breach<'_>]) {
    let broken: Vec<&Equation> = breaches.iter().map(|breach| breach.equation).collect();
    let mut suspects: Vec<Culprit> = Vec::new();
    for term in broken.iter().flat_map(|equation| equation.left.iter().chain(&equation.right)) {
        if suspects.iter().any(|suspect| suspect.cell == term.cell) {
            continue;
        }
        suspects.extend(suspect(report, table, term.cell));
    }
    for breach in breaches {
        let in_breach = |suspect: &&Culprit| terms(breach.equation).any(|term| term.cell == suspect.cell);
        let most = suspects.iter().filter(in_breach).map(|suspect| suspect.mends).max().unwrap_or(0);
        let mut best = suspects.iter().filter(in_breach).filter(|suspect| suspect.mends == most);
        // Two cells that explain as much leave it open which is wrong.
        breach.culprit = best.next().copied().filter(|_| best.next().is_none());
    }
}

fn terms(equation: &Equation) -> impl Iterator<Item = &Term> {
    equation.left.iter().chain(&equation.right)
}

/// A cell as a suspect: all relations it stands in are broken, and one value mends them all.
fn suspect(report: &Report, table: &Table, cell: CellId) -> Option<Culprit> {
    let mut change: Option<Number> = None;
    let mut mends = 0;
    for equation in &table.equations {
        let on_left = equation.left.iter().find(|term| term.cell == cell);
        let Some(term) = on_left.or_else(|| equation.right.iter().find(|term| term.cell == cell)) else { continue };
        if equation.comparison != Comparison::Equal {
            continue;
        }
        let (left, right) = (side(report, &equation.left)?, side(report, &equation.right)?);
        let towards = if on_left.is_some() != term.negative { right - left } else { left - right };
        if towards.is_zero() || change.is_some_and(|change| change != towards) {
            return None;
        }
        change = Some(towards);
        mends += 1;
    }
    let value = report.number(cell)? + change?;
    (mends > 1 && !value.is_negative()).then_some(Culprit { cell, value, mends })
}

fn fault(rule: &'static str, report: &Report, breach: &Breach<'_>) -> Fault {
    let form = &report.form;
    let look_at = breach.culprit.map_or_else(|| weakest(form, breach.equation), |culprit| culprit.cell);
    let mut cells = vec![form.cell_key(look_at)];
    cells.extend(terms(breach.equation).filter(|term| term.cell != look_at).map(|term| form.cell_key(term.cell)));
    let fault = Fault::new(rule, Place::Cell(form.cell_key(look_at)), message(report, breach)).with_cells(cells);
    match hint(report, breach, look_at) {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}

/// Without a culprit: the sum, since it is what a clerk adds up again first.
fn weakest(form: &Form, equation: &Equation) -> CellId {
    let sums = |terms: &[Term]| terms.iter().find(|term| form.is_sum(term.cell)).map(|term| term.cell);
    sums(&equation.right)
        .or_else(|| sums(&equation.left))
        .or_else(|| terms(equation).last().map(|term| term.cell))
        .unwrap_or(CellId(0))
}

fn message(report: &Report, breach: &Breach<'_>) -> Words {
    let relation = &breach.table.relations[breach.equation.relation];
    let (name_zh, name_en) = (&relation.name.zh, &relation.name.en);
    let along = along(breach.table, breach.equation);
    let (along_zh, along_en) = (along.zh, along.en);
    let left = expansion(report, &breach.equation.left, breach.left);
    let right = expansion(report, &breach.equation.right, breach.right);
    let sign = match breach.equation.comparison {
        Comparison::Equal => "≠",
        Comparison::AtMost => ">",
        Comparison::ZeroTogether => "↔",
    };
    Words::new(
        format!("{along_zh}{name_zh}；实为 {left} {sign} {right}"),
        format!("{along_en}{name_en}; found {left} {sign} {right}"),
    )
}

/// The row or column that a relation runs along.
fn along(table: &Table, equation: &Equation) -> Words {
    match equation.along {
        Along::Row(row) => {
            let label = table.rows[row].label.short();
            words!("“{label}”行：", "row `{label}`: ")
        }
        Along::Column(block, column) if table.blocks[block].columns.len() > 1 => {
            let label = table.blocks[block].columns[column].label.short();
            words!("“{label}”列：", "column `{label}`: ")
        }
        Along::Column(..) => Words::default(),
    }
}

/// A side written out: its figures other than zero, and their sum.
pub(super) fn expansion(report: &Report, terms: &[Term], sum: Number) -> String {
    let mut text = String::new();
    let mut count = 0;
    for term in terms {
        let Some(number) = report.number(term.cell).filter(|number| !number.is_zero()) else { continue };
        let negative = term.negative != number.is_negative();
        text.push_str(match (text.is_empty(), negative) {
            (true, true) => "−",
            (true, false) => "",
            (false, true) => " − ",
            (false, false) => " + ",
        });
        text.push_str(&number.abs().to_string());
        count += 1;
    }
    if count > 1 { format!("{text} = {sum}") } else { sum.to_string() }
}

fn hint(report: &Report, breach: &Breach<'_>, look_at: CellId) -> Option<Words> {
    let form = &report.form;
    let label = form.cell_label(look_at);
    let found = report.number(look_at)?;
    if let Some(Culprit { value, mends, .. }) = breach.culprit {
        return Some(words!(
            "多半是“{label}”有误：现为 {found}，改为 {value}，涉及它的 {mends} 个等式就都成立",
            "`{label}` is probably wrong: it is {found}; with {value} all {mends} relations it stands in hold"
        ));
    }
    if breach.equation.comparison != Comparison::Equal {
        return Some(words!("核对原件中的“{label}”（现为 {found}）", "compare `{label}` ({found}) with the original"));
    }
    let value = value_that_mends(breach, look_at, found)?;
    Some(words!(
        "若其余各格无误，“{label}”应为 {value}（现为 {found}）；请与原件核对",
        "if the other cells are right, `{label}` should be {value} (it is {found}); compare with the original"
    ))
}

fn value_that_mends(breach: &Breach<'_>, cell: CellId, found: Number) -> Option<Number> {
    let on_left = breach.equation.left.iter().find(|term| term.cell == cell);
    let term = on_left.or_else(|| breach.equation.right.iter().find(|term| term.cell == cell))?;
    let towards = if on_left.is_some() != term.negative { breach.right - breach.left } else { breach.left - breach.right };
    let value = found + towards;
    (!value.is_negative()).then_some(value)
}

/// The value that the relations demand of a cell without a figure: those in which it is the only
/// unknown, if they agree.
pub(super) fn implied(report: &Report, table: &Table, cell: CellId) -> Option<Number> {
    let mut implied: Option<Number> = None;
    for equation in table.equations.iter().filter(|equation| equation.comparison == Comparison::Equal) {
        let on_left = equation.left.iter().any(|term| term.cell == cell);
        if !on_left && !equation.right.iter().any(|term| term.cell == cell) {
            continue;
        }
        let known = |terms: &[Term]| -> Option<Number> {
            let others: Vec<Term> = terms.iter().filter(|term| term.cell != cell).copied().collect();
            report.sum(&others)
        };
        let (Some(left), Some(right)) = (known(&equation.left), known(&equation.right)) else { continue };
        let value = if on_left { right - left } else { left - right };
        if value.is_negative() || implied.is_some_and(|other| other != value) {
            return None;
        }
        implied = Some(value);
    }
    implied
}
