//! 报告没有用当年的格式。
//!
//! The report is not in the edition of its year.
//!
//! # 查什么
//!
//! 2021 年度起用 2021 年格式，2019、2020 年度用试行格式，2014 至 2018 年度附统计表。版本按表中各行认定，不只看写的是什么。
//!
//! # 为什么
//!
//! 用旧表填报是通报最多的问题之一：两版的列不同，数字不能混比。
//!
//! # 例
//!
//! ```toml
//! form = "cn-2019"   # 写在 2022.md 里
//! ```
//!
//! # 怎么改
//!
//! 请填报单位改用当年格式重填；已经发布的，按原样保存并写 [[waive]] 说明。
//!
//! # 依据
//!
//! 国办公开办函〔2021〕30号、〔2019〕60号；国办发〔2014〕32号。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "wrong-edition",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("wrong_edition.rs"),
    check: Check::Reading,
};
