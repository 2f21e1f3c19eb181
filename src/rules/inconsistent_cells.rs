//! 几格之间互相矛盾。
//!
//! Cells contradict each other.
//!
//! # 查什么
//!
//! 格式没有印明、但由含义决定的关系：上一年项目数量加本年增/减不小于零；本年新公开数量不大于对外公开总数量；采购项目数量与金额同为零或同不为零；任一渠道公开数不大于公开总数，公开总数不大于各渠道之和。
//!
//! # 为什么
//!
//! 这些关系一破，必有一格填错或口径有误；但口径不同时也可能有道理，所以是警告。
//!
//! # 例
//!
//! ```toml
//! procurement = [0, 127.082]   # 没有项目，却有金额
//! ```
//!
//! # 怎么改
//!
//! 核对原件；口径确有不同的，用 [[waive]] 说明。
//!
//! # 依据
//!
//! 《政府信息公开工作年度报告格式（试行）》（国办公开办函〔2019〕60号）；国办发〔2014〕32号。

use super::{Check, Group, ReportContext, Rule, relations};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "inconsistent-cells",
    group: Group::Sums,
    level: Level::Warning,
    source: include_str!("inconsistent_cells.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    relations::check(context.report, RULE.name, faults);
}
