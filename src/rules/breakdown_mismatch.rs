//! 补充数据各分项之和与总数不符。
//!
//! The parts of a supplementary breakdown do not add up to its total.
//!
//! # 查什么
//!
//! [[breakdown]] 的 parts 之和应等于 total；写了 partial = true 的，分项之和不得超过总数。
//!
//! # 为什么
//!
//! “其中：甲 n 条，乙 n 条”写在文字里，加错了没有人会去加。
//!
//! # 例
//!
//! ```toml
//! [[breakdown]]
//! label = "通过门户网站更新公开信息"
//! total = 161
//! parts = { "组织机构" = 2, "政府决策" = 1 }   # 和为 3
//! ```
//!
//! # 怎么改
//!
//! 核对原文；只列举一部分的，加 partial = true。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条：年度报告内容应当真实、准确。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::number::Number;
use crate::report::{Breakdown, Cell};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "breakdown-mismatch",
    group: Group::Sums,
    level: Level::Error,
    source: include_str!("breakdown_mismatch.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    for (index, breakdown) in context.report.details().breakdowns.iter().enumerate() {
        faults.extend(mismatch(breakdown, context.report.blank_is_zero, Place::Key(format!("breakdown.{index}").into())));
    }
}

fn mismatch(breakdown: &Breakdown, blank_is_zero: bool, place: Place) -> Option<Fault> {
    let figure = |cell: &Cell| cell.number().or_else(|| (blank_is_zero && *cell == Cell::Blank).then_some(Number::ZERO));
    let total = figure(&breakdown.total)?;
    if breakdown.parts.is_empty() {
        return None;
    }
    let parts: Option<Vec<Number>> = breakdown.parts.iter().map(|(_, part)| figure(part)).collect();
    let sum: Number = parts?.into_iter().sum();
    let holds = if breakdown.partial { sum <= total } else { sum == total };
    if holds {
        return None;
    }
    let (label, unit) = (&breakdown.label, breakdown.unit.as_deref().unwrap_or_default());
    let difference = (sum - total).abs();
    let message = words!(
        "“{label}”各分项之和为 {sum}{unit}，总数写的是 {total}{unit}，相差 {difference}",
        "the parts of `{label}` add up to {sum}{unit}, the total says {total}{unit}: {difference} apart"
    );
    let hint = if sum < total {
        words!(
            "核对原文；若只列举了一部分，加 partial = true",
            "compare with the original; if only some parts are listed, add partial = true"
        )
    } else {
        words!("核对原文：分项之和不应大于总数", "compare with the original: parts cannot exceed the whole")
    };
    Some(Fault::new(RULE.name, place, message).with_hint(hint))
}
