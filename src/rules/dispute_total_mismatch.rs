//! 复议或诉讼各结果之和与总计不符。
//!
//! The outcomes of reviews or lawsuits do not add up to their total.
//!
//! # 查什么
//!
//! 表四每一组，结果维持、结果纠正、其他结果、尚未审结之和应等于总计。
//!
//! # 为什么
//!
//! 表四只有一行，错一格不容易看出来。
//!
//! # 例
//!
//! ```toml
//! review = [1, 0, 0, 1, 3]   # 1 + 1 = 2，总计写成 3
//! ```
//!
//! # 怎么改
//!
//! 核对原件表四；尚未审结的也要计入总计。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "dispute-total-mismatch",
    group: Group::Sums,
    level: Level::Error,
    source: include_str!("dispute_total_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    relations::check(context.report, RULE.name, faults);
}
