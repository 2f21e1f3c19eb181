//! 一列各项之和与该列总计不符。
//!
//! The entries of a column do not add up to its total.
//!
//! # 查什么
//!
//! 表三每一列，第三项下（一）至（六）各情形之和应等于“（七）总计”；cn-2014 统计表中各分项之和应等于其总项。
//!
//! # 为什么
//!
//! 办理结果是分情形统计的，漏计或重计一种情形就会不平。
//!
//! # 例
//!
//! ```toml
//! granted     = [2, 0, 0, 0, 0, 0, 2]
//! total       = [3, 0, 0, 0, 0, 0, 3]   # 各情形之和为 2
//! ```
//!
//! # 怎么改
//!
//! 按提示核对原件中被点名的一格，或逐项相加找出漏计的情形。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。
//! 《政府信息公开情况统计表》（国办发〔2014〕32号）。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "column-total-mismatch",
    group: Group::Sums,
    level: Level::Error,
    source: include_str!("column_total_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    relations::check(context.report, RULE.name, faults);
}
