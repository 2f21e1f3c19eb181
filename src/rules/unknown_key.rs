//! 有不认识的键。
//!
//! There is a key that means nothing.
//!
//! # 查什么
//!
//! 前置数据、agency.toml、site.toml 中出现格式里没有的键，或表中出现该版本没有的行。
//!
//! # 为什么
//!
//! 拼错的键等于没有填：数字会无声地丢失。
//!
//! # 例
//!
//! ```toml
//! recieved = [0, 0, 0, 0, 0, 0, 0]   # 应为 received
//! ```
//!
//! # 怎么改
//!
//! 按提示改名；确属多余的删去。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule =
    Rule { name: "unknown-key", group: Group::File, level: Level::Error, source: include_str!("unknown_key.rs"), check: Check::Reading };
