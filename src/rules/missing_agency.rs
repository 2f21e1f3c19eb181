//! 有报告的目录缺少 agency.toml。
//!
//! A directory has reports but no agency.toml.
//!
//! # 查什么
//!
//! 每个有报告的目录都应有 agency.toml，写明机关全称和类别。
//!
//! # 为什么
//!
//! 没有它，页面只能用目录名代替机关名，也无从判断欠报和期限。
//!
//! # 例
//!
//! ```text
//! content/shili/gongan/2023.md
//! content/shili/gongan/agency.toml   # 缺少
//! ```
//!
//! # 怎么改
//!
//! 在该目录写 agency.toml：name = "…"、kind = "…"。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "missing-agency",
    group: Group::File,
    level: Level::Error,
    source: include_str!("missing_agency.rs"),
    check: Check::Reading,
};

/// The fault of a directory, reported at its first report.
pub(crate) fn fault(directory: &str) -> Fault {
    let message =
        words!("目录 content/{directory} 有报告，却没有 agency.toml", "the directory content/{directory} has reports but no agency.toml");
    let hint = words!(
        "写 content/{directory}/agency.toml：name = \"机关全称\"，kind = \"department\"（或 township、government 等）",
        "write content/{directory}/agency.toml with name = \"…\" and kind = \"…\""
    );
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}
