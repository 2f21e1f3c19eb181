//! agency.toml 有误。
//!
//! An agency.toml is wrong.
//!
//! # 查什么
//!
//! 语法、类型、kind 的取值、缺少 name、起止日期颠倒。
//!
//! # 为什么
//!
//! 机关的名称、类别和起止决定它欠哪些年度的报告、排在哪里。
//!
//! # 例
//!
//! ```toml
//! kind = "city"   # 应为 government、office、department 等
//! ```
//!
//! # 怎么改
//!
//! 按提示改正。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "invalid-agency",
    group: Group::File,
    level: Level::Error,
    source: include_str!("invalid_agency.rs"),
    check: Check::Reading,
};
