//! The relations of a form, evaluated: which are broken, by how much, and which cell is to blame.
//!
//! Rows and columns over-determine a table: one wrong cell breaks every relation it stands in by the
//! same difference, and no other cell can explain that. Such a cell is named as the culprit, with the
//! value that mends all of them. Where none explains several, a breach still names the one of its cells that
//! no relation which holds speaks for. Relations with a side that has no figure are not judged.

use crate::diagnostic::{Fault, Place};
use crate::form::{Along, CellId, Comparison, Equation, Form, Kind, Table, Term};
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
    for table in &report.form.tables {
        let of_rule = |equation: &Equation| table.relations[equation.relation].rule == rule;
        // Which cell is to blame is asked of all relations, but only where one of this rule is broken.
        if !table.equations.iter().any(|equation| of_rule(equation) && breach(report, table, equation).is_some()) {
            continue;
        }
        for breach in breaches(report, table).iter().filter(|breach| of_rule(breach.equation)) {
            faults.push(fault(rule, report, breach));
        }
    }
}

/// All broken relations of a table.
pub(super) fn breaches<'f>(report: &Report, table: &'f Table) -> Vec<Breach<'f>> {
    let mut breaches: Vec<Breach<'f>> = table.equations.iter().filter_map(|equation| breach(report, table, equation)).collect();
    blame(report, table, &mut breaches);
    breaches
}

fn breach<'f>(report: &Report, table: &'f Table, equation: &'f Equation) -> Option<Breach<'f>> {
    let left = side(report, &equation.left)?;
    let right = side(report, &equation.right)?;
    (!holds(equation.comparison, left, right)).then_some(Breach { table, equation, left, right, culprit: None })
}

/// Whether two sides compare as they should.
pub(super) fn holds(comparison: Comparison, left: Number, right: Number) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::AtMost => left <= right,
        Comparison::ZeroTogether => left.is_zero() == right.is_zero(),
    }
}

/// How a cell of this year counts in an equation's left side less its right: nothing, once with a sign, or,
/// in a form that names it twice, more.
fn weight(equation: &Equation, cell: CellId) -> i64 {
    let count = |terms: &[Term]| -> i64 {
        let own = terms.iter().filter(|term| term.cell == cell && !term.last);
        own.map(|term| if term.negative { -1 } else { 1 }).sum()
    };
    count(&equation.left) - count(&equation.right)
}

/// By how much a cell would have to change for the sides to be equal; `None` where it does not count just
/// once.
pub(super) fn mending_change(equation: &Equation, cell: CellId, left: Number, right: Number) -> Option<Number> {
    match weight(equation, cell) {
        1 => Some(right - left),
        -1 => Some(left - right),
        _ => None,
    }
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
        breach.culprit = best.next().copied().filter(|_| best.next().is_none()).or_else(|| only_unconfirmed(report, table, breach));
    }
}

/// The one cell of a breach that no relation which holds speaks for, with the value that mends this breach.
fn only_unconfirmed(report: &Report, table: &Table, breach: &Breach<'_>) -> Option<Culprit> {
    if breach.equation.comparison != Comparison::Equal {
        return None;
    }
    let mut unconfirmed = terms(breach.equation).map(|term| term.cell).filter(|cell| !Support::of(report, table, *cell).confirms());
    let cell = unconfirmed.next().filter(|_| unconfirmed.next().is_none())?;
    let value = report.number(cell)? + mending_change(breach.equation, cell, breach.left, breach.right)?;
    may_be(&report.form, cell, value).then_some(Culprit { cell, value, mends: 1 })
}

/// What the relations that a cell stands in say of its figure, as far as they can be judged.
struct Support {
    /// How many hold: a cell changed would break them.
    held: usize,
    /// The changes that the broken ones ask for.
    changes: Vec<Number>,
}

impl Support {
    fn of(report: &Report, table: &Table, cell: CellId) -> Self {
        let mut support = Self { held: 0, changes: Vec::new() };
        let equalities = table.equations.iter().filter(|equation| equation.comparison == Comparison::Equal);
        for equation in equalities.filter(|equation| weight(equation, cell) != 0) {
            let (Some(left), Some(right)) = (side(report, &equation.left), side(report, &equation.right)) else { continue };
            if left == right {
                support.held += 1;
            } else {
                support.changes.extend(mending_change(equation, cell, left, right));
            }
        }
        support
    }

    /// Whether as many relations speak for the figure as against it, or those against it ask for different changes.
    fn confirms(&self) -> bool {
        let agree = self.changes.windows(2).all(|pair| pair[0] == pair[1]);
        self.held > 0 && (self.held >= self.changes.len() || !agree)
    }
}

fn terms(equation: &Equation) -> impl Iterator<Item = &Term> {
    equation.left.iter().chain(&equation.right)
}

/// A cell as a suspect: all relations it stands in are broken, and one value mends them all. Those that
/// cannot be judged, since another of their cells is blank, say nothing for or against it.
fn suspect(report: &Report, table: &Table, cell: CellId) -> Option<Culprit> {
    let mut change: Option<Number> = None;
    let mut mends = 0;
    let equalities = table.equations.iter().filter(|equation| equation.comparison == Comparison::Equal);
    for equation in equalities.filter(|equation| terms(equation).any(|term| term.cell == cell)) {
        let (Some(left), Some(right)) = (side(report, &equation.left), side(report, &equation.right)) else { continue };
        let needed = mending_change(equation, cell, left, right)?;
        if needed.is_zero() || change.is_some_and(|change| change != needed) {
            return None;
        }
        change = Some(needed);
        mends += 1;
    }
    let value = report.number(cell)? + change?;
    (mends > 1 && may_be(&report.form, cell, value)).then_some(Culprit { cell, value, mends })
}

/// Whether a cell can hold a value: only signed ones can be below zero.
pub(super) fn may_be(form: &Form, cell: CellId, value: Number) -> bool {
    !value.is_negative() || form.kind(cell) == Kind::Signed
}

fn fault(rule: &'static str, report: &Report, breach: &Breach<'_>) -> Fault {
    let form = &report.form;
    let doubted = doubted(report, breach);
    let blamed = breach.culprit.map(|culprit| culprit.cell).or(doubted.first().copied());
    let look_at = blamed.unwrap_or_else(|| weakest(form, breach.equation));
    let mut cells = vec![form.cell_key(look_at)];
    cells.extend(terms(breach.equation).filter(|term| term.cell != look_at).map(|term| form.cell_key(term.cell)));
    let fault = Fault::new(rule, Place::Cell(form.cell_key(look_at)), message(report, breach)).with_cells(cells);
    match hint(report, breach, look_at, &doubted) {
        Some(hint) => fault.with_hint(hint),
        None => fault,
    }
}

/// Without a culprit, the two or three cells that no other relation bears out, where the sum is borne out.
fn doubted(report: &Report, breach: &Breach<'_>) -> Vec<CellId> {
    let confirmed = |cell: CellId| Support::of(report, breach.table, cell).confirms();
    let equal = breach.equation.comparison == Comparison::Equal;
    if breach.culprit.is_some() || !equal || !confirmed(weakest(&report.form, breach.equation)) {
        return Vec::new();
    }
    let cells: Vec<CellId> = terms(breach.equation).map(|term| term.cell).filter(|cell| !confirmed(*cell)).collect();
    if cells.len() > 3 { Vec::new() } else { cells }
}

/// Without a culprit: the sum, since it is what a clerk adds up again first; or what is compared with several.
fn weakest(form: &Form, equation: &Equation) -> CellId {
    let sums = |terms: &[Term]| terms.iter().find(|term| form.is_sum(term.cell)).map(|term| term.cell);
    let compared = || match (equation.left.as_slice(), equation.right.as_slice()) {
        ([one], [_, _, ..]) | ([_, _, ..], [one]) => Some(one.cell),
        _ => None,
    };
    let last = || terms(equation).last().map(|term| term.cell);
    sums(&equation.right).or_else(|| sums(&equation.left)).or_else(compared).or_else(last).unwrap_or(CellId(0))
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
    Words::new(format!("{along_zh}{name_zh}；实为 {left} {sign} {right}"), format!("{along_en}{name_en}; found {left} {sign} {right}"))
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

fn hint(report: &Report, breach: &Breach<'_>, look_at: CellId, doubted: &[CellId]) -> Option<Words> {
    let form = &report.form;
    let label = form.cell_label(look_at);
    let found = report.number(look_at)?;
    if let Some(Culprit { value, mends, .. }) = breach.culprit {
        let value = value.normalised();
        if Support::of(report, breach.table, look_at).held > 0 {
            return Some(words!(
                "多半是“{label}”有误：现为 {found}，改为 {value} 这个等式就成立；它另在的等式现在成立，多半是其中还有一格随着错了，须一并核对",
                "`{label}` is probably wrong: it is {found}; with {value} this relation holds; another holds now, probably since a further cell of it is wrong with this one"
            ));
        }
        if mends == 1 {
            return Some(words!(
                "多半是“{label}”有误：现为 {found}，改为 {value} 这个等式就成立，其余各格都另有等式印证",
                "`{label}` is probably wrong: it is {found}; with {value} this relation holds, and others bear out its other cells"
            ));
        }
        return Some(words!(
            "多半是“{label}”有误：现为 {found}，改为 {value}，涉及它的 {mends} 个等式就都成立",
            "`{label}` is probably wrong: it is {found}; with {value} all {mends} relations it stands in hold"
        ));
    }
    if breach.equation.comparison != Comparison::Equal {
        return Some(words!("核对原件中的“{label}”（现为 {found}）", "compare `{label}` ({found}) with the original"));
    }
    if !doubted.is_empty() {
        let labels = doubted.iter().map(|cell| format!("“{}”", form.cell_label(*cell))).collect::<Vec<_>>().join("、");
        let difference = (breach.left - breach.right).abs().normalised();
        return Some(words!(
            "多半是{labels}有误，合起来差 {difference}；其余各格另有等式印证",
            "probably {labels} are wrong, {difference} together; other relations bear out the rest"
        ));
    }
    let change = mending_change(breach.equation, look_at, breach.left, breach.right)?;
    if Support::of(report, breach.table, look_at).confirms() {
        let change = change.abs().normalised();
        return Some(words!(
            "“{label}”（{found}）另有等式印证，多半是这个等式的其他格有误，共差 {change}；请与原件逐格核对",
            "another relation bears out `{label}` ({found}): the other cells of this one are probably {change} out; compare them with the original"
        ));
    }
    let value = (found + change).normalised();
    if !may_be(form, look_at, value) {
        return None;
    }
    Some(words!(
        "若其余各格无误，“{label}”应为 {value}（现为 {found}）；请与原件核对",
        "if the other cells are right, `{label}` should be {value} (it is {found}); compare with the original"
    ))
}

/// The value that the relations demand of a cell without a figure: those in which it is the only
/// unknown, if they agree.
pub(super) fn implied(report: &Report, table: &Table, cell: CellId) -> Option<Number> {
    let mut implied: Option<Number> = None;
    for equation in table.equations.iter().filter(|equation| equation.comparison == Comparison::Equal) {
        let known = |terms: &[Term]| -> Option<Number> {
            let others: Vec<Term> = terms.iter().filter(|term| term.cell != cell).copied().collect();
            report.sum(&others)
        };
        let (Some(left), Some(right)) = (known(&equation.left), known(&equation.right)) else { continue };
        let Some(value) = mending_change(equation, cell, left, right) else { continue };
        if !may_be(&report.form, cell, value) || implied.is_some_and(|other| other != value) {
            return None;
        }
        implied = Some(value);
    }
    implied
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::form::Forms;
    use crate::report::{Cell, Figures, read};

    /// A small edition: two rows and their total in two columns and their total; `net = a - b`.
    const FORM: &str = r#"
key = "x-1"
title = "示例"
first_year = 2030
report_title = "年度报告"

[[section]]
key = "s"
title = "甲"

[[table]]
key = "t"
section = "s"
caption = "表"

[[table.block]]
columns = [{ key = "p", label = "个人" }, { key = "q", label = "单位" }, { key = "all", label = "总计", sum = true }]
rows = [{ key = "a", label = "一" }, { key = "b", label = "二" }, { key = "sum", label = "和", sum = true }, { key = "net", label = "差", kind = "signed" }]

[[table.relation]]
rule = "row-total-mismatch"
name = "行"
each = "row"
formula = "p + q = all"

[[table.relation]]
rule = "column-total-mismatch"
name = "列"
each = "column"
formula = "a + b = sum"

[[table.relation]]
rule = "balance-mismatch"
name = "差"
each = "column"
formula = "a - b = net"
"#;

    /// A report of that edition with some cells changed (`None` for blank).
    fn report(changes: &[(&str, Option<i64>)]) -> Report {
        let mut forms = Forms::builtin();
        forms.with(FORM).unwrap();
        let text = "+++\nform = \"x-1\"\n[t]\na = [5, 3, 8]\nb = [2, 4, 6]\nsum = [7, 7, 14]\nnet = [3, -1, 2]\n+++\n";
        let report = read(text, 2030, &forms).report;
        let mut cells = report.figures.to_cells();
        for (key, value) in changes {
            cells[report.form.cell(key).unwrap().index()] = value.map_or(Cell::Blank, |value| Cell::Number(value.into()));
        }
        Report { figures: Figures::new(cells), ..report }
    }

    /// The culprits named for the breaches, each with the value that mends.
    fn culprits(changes: &[(&str, Option<i64>)]) -> Vec<Option<(String, String)>> {
        let report = report(changes);
        let table = &report.form.tables[0];
        let named = |culprit: Culprit| (report.form.cell_key(culprit.cell), culprit.value.to_string());
        breaches(&report, table).into_iter().map(|breach| breach.culprit.map(named)).collect()
    }

    fn named(cell: &str, value: &str) -> Option<(String, String)> {
        Some((cell.to_owned(), value.to_owned()))
    }

    #[test]
    fn one_wrong_cell_is_named_for_every_relation_it_breaks() {
        assert_eq!(culprits(&[]), []);
        assert_eq!(culprits(&[("t.a.p", Some(6))]), [named("t.a.p", "5"), named("t.a.p", "5"), named("t.a.p", "5")]);
        // Subtracted in one of its relations.
        assert_eq!(culprits(&[("t.b.q", Some(0))]), [named("t.b.q", "4"), named("t.b.q", "4"), named("t.b.q", "4")]);
    }

    /// A signed cell may be below zero.
    #[test]
    fn the_value_that_mends_may_be_negative_where_signs_are_allowed() {
        assert_eq!(culprits(&[("t.net.q", Some(4))]), [named("t.net.q", "-1"), named("t.net.q", "-1")]);
    }

    /// Two wrong cells that stand across from each other could be the other two as well: nobody is named.
    #[test]
    fn what_is_ambiguous_is_not_guessed() {
        for culprit in culprits(&[("t.a.p", Some(6)), ("t.sum.q", Some(8))]) {
            assert!(culprit.is_none_or(|(cell, _)| cell == "t.a.p" || cell == "t.sum.q"), "a right cell is accused");
        }
    }

    /// A blank in one relation of a cell does not keep the others from naming it.
    #[test]
    fn a_blank_elsewhere_does_not_hide_the_culprit() {
        let found = culprits(&[("t.a.p", Some(6)), ("t.net.p", None)]);
        assert_eq!(found, [named("t.a.p", "5"), named("t.a.p", "5")]);
    }

    /// Two wrong cells in a row spoil its sum, but each column still says which of its cells is wrong: the
    /// others stand in relations that hold.
    #[test]
    fn where_nothing_explains_several_breaches_the_one_cell_without_support_is_named() {
        let found = culprits(&[("t.a.p", Some(6)), ("t.a.q", Some(5)), ("t.net.p", None), ("t.net.q", None)]);
        assert_eq!(found, [None, named("t.a.p", "5"), named("t.a.q", "3")]);
        // A blank leaves only one of its relations to judge it by.
        assert_eq!(culprits(&[("t.a.all", None), ("t.a.p", Some(6)), ("t.net.p", None)]), [named("t.a.p", "5")]);
    }

    /// A wrong cell that its row's total was added up from breaks its columns only; that the row holds does not
    /// clear it where more relations speak against it.
    #[test]
    fn a_cell_with_most_relations_against_it_is_named_though_its_row_adds_up() {
        let found = culprits(&[("t.a.p", Some(6)), ("t.a.all", Some(9))]);
        assert_eq!(found, [named("t.a.p", "5"), named("t.a.all", "8"), named("t.a.p", "5"), named("t.a.all", "8")]);
        assert!(hints(&[("t.a.p", Some(6)), ("t.a.all", Some(9))])[0].contains("改为 5 这个等式就成立；它另在的等式现在成立"));
    }

    /// What to do about the breaches, in order.
    fn hints(changes: &[(&str, Option<i64>)]) -> Vec<String> {
        let report = report(changes);
        let table = &report.form.tables[0];
        let hint = |breach: &Breach<'_>| fault("row-total-mismatch", &report, breach).hint.map_or_else(String::new, |hint| hint.zh);
        breaches(&report, table).iter().map(hint).collect()
    }

    /// A sum that another relation bears out is not told to change.
    #[test]
    fn a_sum_that_another_relation_bears_out_is_not_mended() {
        let found = hints(&[("t.a.p", Some(6)), ("t.a.q", Some(5)), ("t.net.p", None), ("t.net.q", None)]);
        assert!(found[0].contains("多半是“一·个人”、“一·单位”有误，合起来差 3"), "{}", found[0]);
        assert!(found[1].contains("改为 5 这个等式就成立"), "{}", found[1]);
        let found = hints(&[("t.sum.p", Some(8)), ("t.sum.all", Some(15))]);
        assert!(found[0].contains("“和·个人”（8）另有等式印证") && found[0].contains("共差 1"), "{}", found[0]);
    }

    /// A blank is never zero: what it should be follows from its relations, if they agree.
    #[test]
    fn blanks_are_implied_not_zero() {
        let value = |changes: &[(&str, Option<i64>)], cell: &str| {
            let report = report(changes);
            let cell = report.form.cell(cell).unwrap();
            implied(&report, &report.form.tables[0], cell).map(|value| value.to_string())
        };
        assert_eq!(value(&[("t.b.q", None)], "t.b.q").as_deref(), Some("4"));
        assert_eq!(value(&[("t.net.q", None)], "t.net.q").as_deref(), Some("-1"));
        assert_eq!(value(&[("t.b.q", None), ("t.b.all", Some(7))], "t.b.q"), None, "its relations contradict each other");
        assert_eq!(culprits(&[("t.b.q", None), ("t.a.p", None)]), [], "relations with a blank are not judged");
    }
}
