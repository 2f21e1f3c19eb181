//! 原件登记了文件，文件却不在。
//!
//! A source names a file that is not there.
//!
//! # 查什么
//!
//! [[source]] 的 file 应与报告放在同一目录（<年度>/index.md 旁边）。
//!
//! # 为什么
//!
//! 原件是核对数字的唯一凭据，丢了就无从追溯。
//!
//! # 例
//!
//! ```toml
//! [[source]]
//! file = "年报.docx"   # 目录里没有这个文件
//! ```
//!
//! # 怎么改
//!
//! 把文件放到报告旁边，或改正文件名；只有网址的，写 url。
//!
//! # 依据
//!
//! 《政府信息公开条例》第六条：及时、准确公开。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "missing-attachment",
    group: Group::File,
    level: Level::Error,
    source: include_str!("missing_attachment.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    for (index, original) in context.report.details().originals.iter().enumerate() {
        let Some(file) = original.file.as_ref().filter(|file| !context.attachments.contains(file)) else { continue };
        let year = context.report.year;
        let message = words!("原件 {file} 不在报告旁边", "the original {file} is not beside the report");
        let hint = words!(
            "把报告改为 {year}/index.md，把文件放进 {year}/；或改正文件名",
            "make the report {year}/index.md and put the file into {year}/, or correct the name"
        );
        faults.push(Fault::new(RULE.name, Place::Key(format!("source.{index}").into()), message).with_hint(hint));
    }
}
