//! 应有的年度报告没有。
//!
//! A report that was owed is missing.
//!
//! # 查什么
//!
//! 按 agency.toml 的 since、until、owes_report，从本库首个年度（site.toml 的 first_year，没写则取最早的报告）到已过公布期限、且本库已有报告的最近年度，每个机关每年都应有一份。问题记在机关的 agency.toml 上。
//!
//! # 为什么
//!
//! 缺报是考核中扣分最重的一项；总表里少一行，读者以为没有这个单位。
//!
//! # 例
//!
//! ```text
//! content/shili/chengguan/2021.md
//! content/shili/chengguan/2023.md   # 没有 2022.md
//! ```
//!
//! # 怎么改
//!
//! 催报补入；机关当年尚未成立或已撤销的，写 since 或 until；本就不单独编报的，写 owes_report = false。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十九条。

use super::{AgencyContext, Check, Group, Rule, Subject};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "missing-report",
    group: Group::Bodies,
    level: Level::Warning,
    source: include_str!("missing_report.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    let (archive, check) = (context.archive, &context.config.check);
    let agency = archive.agency(context.agency);
    let (Some(first), Some(last)) = (archive.years().next(), archive.years().next_back()) else { return };
    for year in check.first_year.unwrap_or(first)..=last {
        let deadline = check.deadline(agency.kind().name(), year);
        if !agency.owes(year) || archive.find_report(context.agency, year).is_some() || context.today <= deadline {
            continue;
        }
        let name = agency.name();
        let message =
            words!("{name}没有 {year} 年度的报告（应于 {deadline} 前公布）", "{name} has no report for {year} (due by {deadline})");
        let hint = words!(
            "催报补入；当年尚未成立或已撤销的，在 agency.toml 写 since 或 until；不单独编报的，写 owes_report = false",
            "ask for it; if the body did not exist then, write since or until; if it never reports itself, owes_report = false"
        );
        faults.push((Subject::Agency(context.agency, year), Fault::new(RULE.name, Place::File, message).with_hint(hint)));
    }
}
