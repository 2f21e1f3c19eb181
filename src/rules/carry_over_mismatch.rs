//! 上年结转与上一年度报告的结转下年度不符。
//!
//! Carried in differs from what last year carried out.
//!
//! # 查什么
//!
//! 本年报告每一列的“上年结转”，应等于同一机关上一年度报告的“结转下年度继续办理”。两年都有数字时才比较；cn-2019 与 cn-2021 之间也比较；本机关的与全地区的（scope）不比。更名而来、本身没有上年报告的，与前身（agency.toml 的 until、succeeded_by）的比较；有机关并入的，连同它的结转是否相等，写在提示里。
//!
//! # 为什么
//!
//! 两年各填各的，结转就对不上；检查组最先核对的就是它。机构合并、划转会使它正当地不等，所以是警告。
//!
//! # 例
//!
//! ```toml
//! # 2022.md
//! carried_out = [2, 0, 0, 0, 0, 0, 2]
//! # 2023.md
//! carried_in  = [1, 0, 0, 0, 0, 0, 1]
//! ```
//!
//! # 怎么改
//!
//! 核对两年的原件；因机构合并、职责划转而不等的，用 [[waive]] 写明。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{AgencyContext, Check, Group, Rule, Subject, links};
use crate::diagnostic::{Fault, Level};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "carry-over-mismatch",
    group: Group::Years,
    level: Level::Warning,
    source: include_str!("carry_over_mismatch.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    links::check(context, RULE.name, faults);
}
