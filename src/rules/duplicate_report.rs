//! 同一机关同一年度有两份报告。
//!
//! One agency has two reports for one year.
//!
//! # 查什么
//!
//! 既有 2023.md 又有 2023/index.md。这一条不能降级，也不能说明放行：两页会争同一个网址。
//!
//! # 为什么
//!
//! 同一网址只能有一页，程序不替人决定哪一份作数。
//!
//! # 例
//!
//! ```text
//! content/shili/2023.md
//! content/shili/2023/index.md
//! ```
//!
//! # 怎么改
//!
//! 留下一份；旧版本交给 git 保存。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十九条：每年一份。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "duplicate-report",
    group: Group::File,
    level: Level::Error,
    source: include_str!("duplicate_report.rs"),
    check: Check::Reading,
};

/// The fault of the second of two reports that claim one page; `first` is the file of the other.
pub(crate) fn fault(first: &str) -> Fault {
    let message = words!("与 {first} 是同一机关同一年度的报告", "{first} is the same agency's report of the same year");
    let hint = words!("留下一份；旧版本交给 git 保存", "keep one; git keeps older versions");
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}
