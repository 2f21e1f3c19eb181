//! 缺表或缺行。
//!
//! A table or a row is missing.
//!
//! # 查什么
//!
//! 格式规定的每一张表、每一行都应在前置数据里；全部为零的表可写成 表名 = 0。
//!
//! # 为什么
//!
//! 缺了的行无法判断是零还是漏填。
//!
//! # 例
//!
//! ```toml
//! [applications]   # 没有 carried_out 一行
//! ```
//!
//! # 怎么改
//!
//! 补上；原件未填的格写 ""，不要写 0。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule =
    Rule { name: "missing-row", group: Group::Form, level: Level::Error, source: include_str!("missing_row.rs"), check: Check::Reading };
