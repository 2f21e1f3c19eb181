//! 件数或金额为负。
//!
//! A count or an amount is negative.
//!
//! # 查什么
//!
//! 件数、金额不能小于零；只有 cn-2019 的“本年增/减”可以为负。
//!
//! # 为什么
//!
//! 负号多半来自录入或公式拖拽。
//!
//! # 例
//!
//! ```toml
//! penalties = [-1]
//! ```
//!
//! # 怎么改
//!
//! 核对原件后改正。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::form::Kind;
use crate::report::Cell;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "negative-count",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("negative_count.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let (form, figures) = (&context.report.form, &context.report.figures);
    for (cell, value) in figures.unusual() {
        let Cell::Number(number) = value else { continue };
        if number.is_negative() && form.kind(cell) != Kind::Signed {
            let (key, label) = (form.cell_key(cell), form.cell_label(cell));
            let message = words!("“{label}”为 {number}，不能小于零", "`{label}` is {number}: it cannot be below zero");
            let hint = words!("核对原件后改正", "compare with the original");
            faults.push(Fault::new(RULE.name, Place::Cell(key.clone()), message).with_hint(hint).with_cells(vec![key]));
        }
    }
}
