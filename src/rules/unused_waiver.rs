//! 说明（[[waive]]）没有用上。
//!
//! A waiver is not needed.
//!
//! # 查什么
//!
//! [[waive]] 指名的规则在这份报告里没有发现问题，或没有这条规则。
//!
//! # 为什么
//!
//! 留着用不上的说明，将来真有问题时会被它悄悄放过。
//!
//! # 例
//!
//! ```toml
//! [[waive]]
//! rule = "carry-over-mismatch"   # 结转已经对上了
//! reason = "机构合并"
//! ```
//!
//! # 怎么改
//!
//! 删去它，或改正规则名。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::report::Waiver;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "unused-waiver",
    group: Group::File,
    level: Level::Error,
    source: include_str!("unused_waiver.rs"),
    check: Check::Reading,
};

/// The fault for a waiver that nothing needed.
pub(super) fn fault(waiver: &Waiver, place: Place) -> Fault {
    let rule = &waiver.rule;
    let message = words!("没有要放行的 {rule} 问题", "there is no {rule} finding to waive");
    let hint = words!("删去这条 [[waive]]，或核对 cells 所指的单元格", "delete this [[waive]], or check the cells it names");
    Fault::new(RULE.name, place, message).with_hint(hint)
}
