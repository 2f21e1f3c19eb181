//! 全地区汇总数与所属各单位之和不符。
//!
//! An area report differs from the sum of its bodies.
//!
//! # 查什么
//!
//! scope = "area" 的报告，各表每格应等于下级各单位（含本级办公室）同年度报告之和；下级政府自己也是汇总报告的，取它的汇总数，不再往下加。有单位缺报的，只查汇总数不小于已有之和。版本不同、不能相比的表不查。
//!
//! # 为什么
//!
//! 汇总是手工相加的，漏一个单位、用了旧稿，两级数字就对不上。
//!
//! # 例
//!
//! ```toml
//! # shili/2023.md，scope = "area"
//! received = [400, 20, 0, 0, 10, 0, 430]   # 下级 9 个单位之和为 464
//! ```
//!
//! # 怎么改
//!
//! 对照各单位的报告重新汇总；口径确有不同的，用 [[waive]] 写明。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十九条；国办公开办函〔2021〕30号：逐级汇总。

use super::{AgencyContext, Check, Group, Rule, Subject};
use crate::archive::{ReportIndex, RollUp};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::{CellId, Kind, Table};
use crate::number::Number;
use crate::report::{Report, Scope};
use crate::text::Words;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "roll-up-mismatch",
    group: Group::Bodies,
    level: Level::Warning,
    source: include_str!("roll_up_mismatch.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    let archive = context.archive;
    let areas = archive.agency(context.agency).reports.iter().filter(|index| archive.report(**index).scope == Scope::Area);
    for index in areas {
        let report = archive.report(*index);
        let roll_up = archive.roll_up(context.agency, report.year, &report.form);
        if roll_up.reports.is_empty() {
            continue;
        }
        for (number, table) in report.form.tables.iter().enumerate() {
            faults.extend(mismatch(context, *index, &roll_up, (number, table)).map(|fault| (Subject::Report(*index), fault)));
        }
    }
}

/// A cell that is not what its bodies add up to.
struct Difference {
    cell: CellId,
    area: Number,
    sum: Number,
}

fn mismatch(context: &AgencyContext<'_>, index: ReportIndex, roll_up: &RollUp, (number, table): (usize, &Table)) -> Option<Fault> {
    let report = context.archive.report(index);
    let complete = roll_up.missing.is_empty();
    let cells =
        (0..table.rows.len()).flat_map(|row| report.form.row_cells(number, row)).filter_map(|id| u16::try_from(id).ok()).map(CellId);
    let differs = |cell: CellId| {
        let (area, sum) = (report.number(cell)?, context.archive.rolled_cell(roll_up, &report.form, cell)?);
        // While bodies are missing their sum is the least the area can have; a change may also be negative.
        let wrong = if complete { area != sum } else { area < sum && report.form.kind(cell) != Kind::Signed };
        wrong.then_some(Difference { cell, area, sum })
    };
    let mut different: Vec<Difference> = cells.filter_map(differs).collect();
    // What is added up within the table follows from its parts; the totals tell most.
    different.sort_by_key(|difference| (!report.form.is_sum(difference.cell), difference.cell));
    let first = different.first()?;
    let keys: Vec<String> = different.iter().map(|difference| report.form.cell_key(difference.cell)).collect();
    let message = message(report, table, &different, (roll_up, complete));
    let hint = if complete {
        words!(
            "对照各单位的报告重新汇总；口径不同的，用 [[waive]] 写明",
            "add the bodies up again; if they count different things, waive it with the reason"
        )
    } else {
        let missing = missing_names(context, roll_up);
        words!(
            "汇总数不应小于已有之和；还缺 {missing} 的报告",
            "the area cannot have less than its bodies; the reports of {missing} are missing besides"
        )
    };
    Some(Fault::new(RULE.name, Place::Cell(report.form.cell_key(first.cell)), message).with_hint(hint).with_cells(keys))
}

fn message(report: &Report, table: &Table, different: &[Difference], (roll_up, complete): (&RollUp, bool)) -> Words {
    let shown = different.iter().take(3).map(|Difference { cell, area, sum }| {
        let label = report.form.cell_label(*cell);
        format!("{label} {area}（{sum}）")
    });
    let (shown, more) = (shown.collect::<Vec<_>>().join("，"), if different.len() > 3 { "……" } else { "" });
    let (caption, count, bodies) = (&table.caption, different.len(), roll_up.reports.len());
    if complete {
        return words!(
            "“{caption}”有 {count} 格与所属 {bodies} 份报告之和（括号内）不等：{shown}{more}",
            "{count} cells of the table `{caption}` differ from the sum of {bodies} reports (in brackets): {shown}{more}"
        );
    }
    words!(
        "“{caption}”有 {count} 格小于所属 {bodies} 份报告之和（括号内）：{shown}{more}",
        "{count} cells of the table `{caption}` are less than the sum of {bodies} reports (in brackets): {shown}{more}"
    )
}

fn missing_names(context: &AgencyContext<'_>, roll_up: &RollUp) -> String {
    let names: Vec<&str> = roll_up.missing.iter().take(3).map(|agency| context.archive.agency(*agency).short_name()).collect();
    let more = if roll_up.missing.len() > 3 { "等" } else { "" };
    names.join("、") + more
}
