//! 文件或目录读不出来。
//!
//! A file or directory cannot be read.
//!
//! # 查什么
//!
//! 没有权限、链接指向不存在的文件、目录互相套成环、文件过大（超过 16 MB）。这一条总使构建失败。
//!
//! # 为什么
//!
//! 读不出来的报告若被跳过，发布的年报库就悄悄少了一份。
//!
//! # 例
//!
//! ```text
//! content/shili/2023.md -> /tmp/已删除.md
//! ```
//!
//! # 怎么改
//!
//! 按所附的系统原因处理；报告里不要放图片或附件的内容。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::text::Words;
use crate::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    name: "unreadable-file",
    group: Group::File,
    level: Level::Error,
    source: include_str!("unreadable_file.rs"),
    check: Check::Reading,
};

/// The fault of a file, with the reason.
pub(crate) fn fault(reason: &Words) -> Fault {
    let (zh, en) = (&reason.zh, &reason.en);
    let message = words!("读不出来：{zh}", "cannot be read: {en}");
    let hint = words!("检查权限、链接和文件大小", "check permissions, links and the file's size");
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}
