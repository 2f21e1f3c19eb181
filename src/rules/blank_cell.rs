//! 有未填的单元格。
//!
//! A cell is blank or marked as not applicable.
//!
//! # 查什么
//!
//! 各表和 [[breakdown]] 中值为 "" 或 "/" 的格。空格不等于零：涉及它的等式无法判断。若由其他格可以推算，提示里给出应填的数。报告里写 blank = "zero" 表示机关声明空格即零，不再提示。
//!
//! # 为什么
//!
//! 总计留空、以“/”代零，是检查通报中常见的不规范填报。
//!
//! # 例
//!
//! ```toml
//! received = [3, 1, 0, 0, 0, 0, ""]   # 总计未填，推算为 4
//! ```
//!
//! # 怎么改
//!
//! 向填报单位核实后补填；不要自行填零。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::{CellId, Table};
use crate::report::{Breakdown, Cell, Report};
use crate::text::excerpt;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "blank-cell",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("blank_cell.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let report = context.report;
    let any = report.figures.unusual().any(|(_, cell)| is_blank(&cell, report));
    for (index, table) in report.form.tables.iter().enumerate() {
        // Most reports have no blank at all; a table without cells, which the form may have, has none filled in.
        if !any && (0..table.rows.len()).any(|row| !report.form.row_cells(index, row).is_empty()) {
            continue;
        }
        let rows: Vec<Vec<CellId>> = (0..table.rows.len()).map(|row| blanks(report, index, row)).collect();
        let blank: usize = rows.iter().map(Vec::len).sum();
        let all: usize = (0..table.rows.len()).map(|row| report.form.row_cells(index, row).len()).sum();
        if blank == all {
            faults.push(whole_table(table, report, &rows));
            continue;
        }
        for (row, cells) in rows.iter().enumerate().filter(|(_, cells)| !cells.is_empty()) {
            faults.push(in_row(report, table, row, cells));
        }
    }
    for (index, breakdown) in report.details().breakdowns.iter().enumerate() {
        faults.extend(in_breakdown(breakdown, report.blank_is_zero, index));
    }
}

/// A breakdown with a blank cannot be added up, and says so.
fn in_breakdown(breakdown: &Breakdown, blank_is_zero: bool, index: usize) -> Option<Fault> {
    let blank = |cell: &Cell| *cell == Cell::NotApplicable || *cell == Cell::Blank && !blank_is_zero;
    let total = blank(&breakdown.total).then_some("total");
    let parts = breakdown.parts.iter().filter(|(_, cell)| blank(cell)).map(|(label, _)| label.as_str());
    let names = total.into_iter().chain(parts).map(excerpt).collect::<Vec<_>>().join("、");
    if names.is_empty() {
        return None;
    }
    let label = excerpt(&breakdown.label);
    let message = words!("“{label}”有未填的数：{names}；无法核对分项之和", "`{label}` has blanks: {names}; its parts cannot be added up");
    let hint = words!("补填；确为零的写 0", "fill them in; write 0 where it is zero");
    Some(Fault::new(RULE.name, Place::Key(format!("breakdown.{index}").into()), message).with_hint(hint))
}

/// The cells of a row that have no figure although the row is there.
fn blanks(report: &Report, table: usize, row: usize) -> Vec<CellId> {
    let cells = report.form.row_cells(table, row).filter_map(|id| u16::try_from(id).ok()).map(CellId);
    cells.filter(|cell| is_blank(&report.figures.get(*cell), report)).collect()
}

fn is_blank(cell: &Cell, report: &Report) -> bool {
    match cell {
        Cell::Blank => !report.blank_is_zero,
        Cell::NotApplicable => true,
        _ => false,
    }
}

fn whole_table(table: &Table, report: &Report, rows: &[Vec<CellId>]) -> Fault {
    let (key, caption) = (&table.key, &table.caption);
    let message = words!("表 {key}（{caption}）一格也没有填，无法校验", "no cell of the table {key} is filled in: it cannot be checked");
    let hint = words!(
        "若原件确为空表，请填报单位补填；若意为全部为零，写 {key} = 0",
        "ask the agency to fill it in; if all is zero, write {key} = 0"
    );
    let cells: Vec<String> = rows.iter().flatten().map(|cell| report.form.cell_key(*cell)).collect();
    let first = cells.first().cloned().unwrap_or_default();
    Fault::new(RULE.name, Place::Cell(first), message).with_hint(hint).with_cells(cells)
}

fn in_row(report: &Report, table: &Table, row: usize, cells: &[CellId]) -> Fault {
    let form = &report.form;
    let names = cells.iter().map(|cell| form.cell_label(*cell)).collect::<Vec<_>>().join("、");
    let marked = cells.iter().all(|cell| report.figures.get(*cell) == Cell::NotApplicable);
    let row_label = table.rows[row].label.short();
    let message = if marked {
        words!(
            "“{row_label}”行以“/”代替数字：{names}；涉及的等式无法判断",
            "row `{row_label}` has `/` instead of figures: {names}; relations with it cannot be judged"
        )
    } else {
        words!(
            "“{row_label}”行有未填的格：{names}；涉及的等式无法判断",
            "row `{row_label}` has blank cells: {names}; relations with them cannot be judged"
        )
    };
    let implied: Vec<String> = cells
        .iter()
        .filter_map(|cell| Some(format!("{} = {}", form.cell_label(*cell), relations::implied(report, table, *cell)?)))
        .collect();
    let hint = if implied.is_empty() {
        words!("向填报单位核实后补填；确为零的写 0", "ask the agency; write 0 where it is zero")
    } else {
        let implied = implied.join("，");
        words!("按勾稽关系推算：{implied}；请向填报单位核实后补填", "the relations imply {implied}; confirm it with the agency")
    };
    let keys: Vec<String> = cells.iter().map(|cell| form.cell_key(*cell)).collect();
    Fault::new(RULE.name, Place::Cell(keys[0].clone()), message).with_hint(hint).with_cells(keys)
}
