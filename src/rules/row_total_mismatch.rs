//! 一行各格之和与该行总计不符。
//!
//! The cells of a row do not add up to its total.
//!
//! # 查什么
//!
//! 表三每一行，六类申请人之和应等于“总计”。两侧有一格没有数字时不判断。
//!
//! # 为什么
//!
//! 横向不平是最常见的填报错误。同一格若横竖都不平，差额又相同，就能断定是这一格错，并算出应填的数。
//!
//! # 例
//!
//! ```toml
//! received = [3, 1, 0, 0, 0, 0, 5]   # 3 + 1 = 4，总计写成 5
//! ```
//!
//! # 怎么改
//!
//! 按提示核对原件中被点名的一格；原件确实如此发布的，退回填报单位更正，或写 [[waive]] 说明理由。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "row-total-mismatch",
    group: Group::Sums,
    level: Level::Error,
    source: include_str!("row_total_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    relations::check(context.report, RULE.name, faults);
}
