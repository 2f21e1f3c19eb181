//! 没有保密审查的记录。
//!
//! No confidentiality review is on record.
//!
//! # 查什么
//!
//! 2019 年度起（site.toml 的 [check] review_from 可改）的报告应有 [review]，写明谁审查（by）、何时审查（date）。
//!
//! # 为什么
//!
//! 公开前必须做保密审查；留下记录，出了问题才查得清。
//!
//! # 例
//!
//! ```toml
//! [review]
//! by = "示例县公安局保密办"
//! date = 2023-01-12
//! ```
//!
//! # 怎么改
//!
//! 补记审查人和日期；旧报告无从查考的，在 site.toml 里按路径调低级别，不要编造。
//!
//! # 依据
//!
//! 《政府信息公开条例》第十七条。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "missing-review",
    group: Group::Dates,
    level: Level::Warning,
    source: include_str!("missing_review.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    if context.report.year < context.config.check.review_from {
        return;
    }
    let review = context.report.details().review.as_ref();
    let named = |by: &Option<String>| by.as_ref().is_some_and(|by| !by.trim().is_empty());
    let message = match review {
        None => words!("没有保密审查的记录 [review]", "no confidentiality review [review] is on record"),
        Some(review) if !named(&review.by) => words!("[review] 没有写明谁审查（by）", "[review] does not say who did it (by)"),
        Some(review) if review.date.is_none() => words!("[review] 没有写明何时审查（date）", "[review] does not say when (date)"),
        Some(_) => return,
    };
    let hint = words!(
        "补记 [review] 的 by 和 date；无从查考的旧报告，在 site.toml 里按路径调低级别",
        "add `by` and `date`; for old reports nobody can say it of, lower the level by path in site.toml"
    );
    faults.push(Fault::new(RULE.name, Place::key("review"), message).with_hint(hint));
}
