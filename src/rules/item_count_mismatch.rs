//! 上一年项目数量与上年报告推算的不符。
//!
//! The previous item count differs from what last year's report implies.
//!
//! # 查什么
//!
//! 2020 年度报告的“上一年项目数量”，应等于 2019 年度报告的“上一年项目数量”加“本年增/减”；本机关的与全地区的（scope）不比。机关合并、更名的，比法同 carry-over-mismatch。
//!
//! # 为什么
//!
//! 同一个数在两份报告里各填一次，不等则必有一错。
//!
//! # 例
//!
//! ```toml
//! # 2019.md
//! licensing = [40, -2, 311]
//! # 2020.md
//! licensing = [40, 1, 298]   # 应为 38
//! ```
//!
//! # 怎么改
//!
//! 核对权责清单；目录调整造成的，用 [[waive]] 说明。
//!
//! # 依据
//!
//! 《政府信息公开工作年度报告格式（试行）》（国办公开办函〔2019〕60号）表二。

use super::{AgencyContext, Check, Group, Rule, Subject, links};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "item-count-mismatch",
    group: Group::Years,
    level: Level::Warning,
    source: include_str!("item_count_mismatch.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    links::check(context, RULE.name, faults);
}
