//! 收支不平：第一项加第二项之和，不等于第三项加第四项之和。
//!
//! Received plus carried in differs from handled plus carried out.
//!
//! # 查什么
//!
//! 表三每一列，本年新收加上年结转，应等于办理结果总计加结转下年度。
//!
//! # 为什么
//!
//! 这是印在表头上的勾稽关系：收到的申请，要么办结，要么结转，没有第三种去处。
//!
//! # 例
//!
//! ```toml
//! received    = [4, 0, 0, 0, 0, 0, 4]
//! carried_in  = [1, 0, 0, 0, 0, 0, 1]
//! total       = [4, 0, 0, 0, 0, 0, 4]
//! carried_out = [0, 0, 0, 0, 0, 0, 0]   # 4 + 1 ≠ 4 + 0
//! ```
//!
//! # 怎么改
//!
//! 核对办结和结转两项；常见的是结转下年度漏填。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。表三表头附注。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "balance-mismatch",
    group: Group::Sums,
    level: Level::Error,
    source: include_str!("balance_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    relations::check(context.report, RULE.name, faults);
}
