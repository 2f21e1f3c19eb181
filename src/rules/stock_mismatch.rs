//! 现行有效件数与上年件数加减不符。
//!
//! The number in force differs from last year's plus issued minus repealed.
//!
//! # 查什么
//!
//! 从 2022 年度起，规章、行政规范性文件的现行有效件数，应等于上年现行有效件数加本年制发、减本年废止；本机关的与全地区的（scope）不比。机关合并、更名的，比法同 carry-over-mismatch。
//!
//! # 为什么
//!
//! 存量对不上，说明清理、登记有遗漏。实际中常因清理口径变化而不等，所以是警告。
//!
//! # 例
//!
//! ```toml
//! # 2022.md 现行有效 20
//! normative_documents = [3, 1, 25]   # 20 + 3 − 1 = 22
//! ```
//!
//! # 怎么改
//!
//! 核对规范性文件目录；因集中清理等原因不等的，用 [[waive]] 说明。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。表二。

use super::{AgencyContext, Check, Group, Rule, Subject, links};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "stock-mismatch",
    group: Group::Years,
    level: Level::Warning,
    source: include_str!("stock_mismatch.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    links::check(context, RULE.name, faults);
}
