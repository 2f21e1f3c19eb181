//! 公布晚于期限。
//!
//! A report was published after its deadline.
//!
//! # 查什么
//!
//! published 是否晚于期限。不另设时：政府于次年 3 月 31 日前，其余机关于 1 月 31 日前；2018 年度及以前一律 3 月 31 日前。各类机关、各年度的期限可在 site.toml 里设：
//!
//! ```toml
//! [check]
//! deadlines = { township = "01-20", vertical = { "2019" = "02-29" } }
//!
//! [[check.deadline]]   # 也可按年度段设，不写 kind 即全部机关
//! from = 2022
//! date = "01-31"
//! ```
//!
//! # 为什么
//!
//! 逾期公布要通报；检查组按网页上的日期判定。
//!
//! # 例
//!
//! ```toml
//! published = 2023-02-16   # kind = "department"，2022 年度
//! ```
//!
//! # 怎么改
//!
//! 核对公布日期；确系迟公布的，如实保留，并用 [[waive]] 写明原因。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十九条。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "late-publication",
    group: Group::Dates,
    level: Level::Warning,
    source: include_str!("late_publication.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let (Some(published), Some(card)) = (context.report.published, context.card) else { return };
    let deadline = context.config.check.deadline(card.kind.name(), context.report.year);
    let Some(days) = deadline.until(published).ok().map(|span| span.get_days()).filter(|days| *days > 0) else { return };
    let message =
        words!("{published} 公布，期限是 {deadline}，晚了 {days} 天", "published on {published}, due by {deadline}: {days} days late");
    let hint =
        words!("核对公布日期；确系迟公布的，用 [[waive]] 写明原因", "check the date; if it was late indeed, waive it with the reason");
    faults.push(Fault::new(RULE.name, Place::key("published"), message).with_hint(hint));
}
