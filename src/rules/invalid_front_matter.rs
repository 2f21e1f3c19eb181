//! 前置数据读不出来。
//!
//! The front matter cannot be read.
//!
//! # 查什么
//!
//! +++ 之间的 TOML 有语法错误、缺少 +++、键的类型不对、一行的格数不对，或 year 与文件名不符。
//!
//! # 为什么
//!
//! 数字表读不出来，就无从校验，更不能发布成表格。程序会尽量读出其余部分，一处错不会掩盖别处。
//!
//! # 例
//!
//! ```toml
//! received = [1, 2,, 4, 5, 6, 7]   # 多了一个逗号
//! ```
//!
//! # 怎么改
//!
//! 按提示改正所指的行；gongkai new 能写出一份正确的样板供对照。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::Level;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "invalid-front-matter",
    group: Group::File,
    level: Level::Error,
    source: include_str!("invalid_front_matter.rs"),
    check: Check::Reading,
};
