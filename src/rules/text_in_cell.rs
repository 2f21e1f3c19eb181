//! 单元格里不是普通数字。
//!
//! A cell holds something other than a plain number.
//!
//! # 查什么
//!
//! 单元格只能是普通十进制数、""（原件未填）或 "/"（不适用）。科学记数法、下划线、带单位的数、小数点前超过 15 位或后超过 10 位的数都不算。
//!
//! # 为什么
//!
//! “251000元”和“25.1万元”差一万倍；程序不猜，原样保留并指出。
//!
//! # 例
//!
//! ```toml
//! fees = ["127.082万元"]   # 写成 127.082
//! ```
//!
//! # 怎么改
//!
//! 按提示写成普通数字，注意表中规定的单位。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule =
    Rule { name: "text-in-cell", group: Group::Form, level: Level::Error, source: include_str!("text_in_cell.rs"), check: Check::Reading };
