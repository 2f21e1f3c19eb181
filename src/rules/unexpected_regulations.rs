//! 无权制定规章的机关填了规章。
//!
//! An agency that cannot make regulations reports some.
//!
//! # 查什么
//!
//! 乡镇、街道的“规章”一行填了零以外的数。哪些行对哪类机关不应有数，写在格式文件里（unexpected_for）。
//!
//! # 为什么
//!
//! 规章只能由国务院部门、省级和设区的市级政府制定；乡镇填了，多半是把规范性文件或规章制度当成了规章。
//!
//! # 例
//!
//! ```toml
//! regulations = [2, 0, 5]   # kind = "township"
//! ```
//!
//! # 怎么改
//!
//! 核对原件；多半应填入“行政规范性文件”一行。
//!
//! # 依据
//!
//! 《中华人民共和国立法法》第九十一条、第九十三条。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::CellId;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "unexpected-regulations",
    group: Group::Form,
    level: Level::Warning,
    source: include_str!("unexpected_regulations.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let Some(kind) = context.card.map(|card| card.kind) else { return };
    let (report, form) = (context.report, &context.report.form);
    for (table_index, table) in form.tables.iter().enumerate() {
        for (row_index, row) in table.rows.iter().enumerate() {
            if !row.unexpected_for.iter().any(|unexpected| unexpected == kind.name()) {
                continue;
            }
            let cells = form.row_cells(table_index, row_index).filter_map(|id| u16::try_from(id).ok()).map(CellId);
            let filled: Vec<CellId> = cells.filter(|cell| report.number(*cell).is_some_and(|number| !number.is_zero())).collect();
            let Some(first) = filled.first() else { continue };
            let (label, kind) = (row.label.short(), kind.label());
            let message = crate::text::Words::new(
                format!("{}无权制定“{label}”，这一行却不为零", kind.zh),
                format!("a body of this kind ({}) makes no `{label}`, but the row is not zero", kind.en),
            );
            let hint = words!("核对原件：多半应填入下一行", "compare with the original: it probably belongs in the next row");
            let keys = filled.iter().map(|cell| form.cell_key(*cell)).collect();
            faults.push(Fault::new(RULE.name, Place::Cell(form.cell_key(*first)), message).with_hint(hint).with_cells(keys));
        }
    }
}
