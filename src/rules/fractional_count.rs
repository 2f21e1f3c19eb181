//! 件数带小数。
//!
//! A count has a fraction.
//!
//! # 查什么
//!
//! 件数、项数应为整数；金额（万元）可以有小数。
//!
//! # 为什么
//!
//! 小数说明填进了金额或比例。
//!
//! # 例
//!
//! ```toml
//! penalties = [12.5]
//! ```
//!
//! # 怎么改
//!
//! 核对原件：是否错行，是否把金额填进了件数。
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
    name: "fractional-count",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("fractional_count.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let (form, figures) = (&context.report.form, &context.report.figures);
    for (cell, value) in figures.unusual() {
        let Cell::Number(number) = value else { continue };
        if !number.is_integer() && form.kind(cell) != Kind::Amount {
            let (key, label) = (form.cell_key(cell), form.cell_label(cell));
            let message = words!("“{label}”为 {number}，应为整数", "`{label}` is {number}: it must be a whole number");
            let hint = words!("核对原件：是否错行，是否填成了金额", "compare with the original: is it in the wrong row, or an amount?");
            faults.push(Fault::new(RULE.name, Place::Cell(key.clone()), message).with_hint(hint).with_cells(vec![key]));
        }
    }
}
