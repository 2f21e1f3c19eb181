//! 关键数字比上年变化过大。
//!
//! A key figure changed sharply against last year.
//!
//! # 查什么
//!
//! 各指标（新收、办结、不予公开、复议、诉讼等）与上年相比，增减超过 100 且达到 5 倍以上或不足五分之一；本机关的与全地区的（scope）不比。两个数可在 site.toml 的 [check] sharp_change = { factor = 5, least = 100 } 里改。
//!
//! # 为什么
//!
//! 多写一个零、填错一行，最容易表现为陡增陡降；真实的陡增也值得在总体情况里说明原因。
//!
//! # 例
//!
//! ```toml
//! # 2022.md 新收总计 30
//! # 2023.md 新收总计 300
//! ```
//!
//! # 怎么改
//!
//! 核对原件；属实的，在“总体情况”中说明原因，并用 [[waive]] 注明。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条：年度报告应当真实、准确。

use super::{AgencyContext, Check, Group, Rule, Subject};
use crate::config::SharpChange;
use crate::diagnostic::{Fault, Level, Place};
use crate::number::Number;
use crate::report::Report;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "sharp-change",
    group: Group::Years,
    level: Level::Warning,
    source: include_str!("sharp_change.rs"),
    check: Check::Agency(check),
};

fn check(context: &AgencyContext<'_>, faults: &mut Vec<(Subject, Fault)>) {
    for index in &context.archive.agency(context.agency).reports {
        let Some(last) = context.archive.previous(*index) else { continue };
        let (report, last) = (context.archive.report(*index), context.archive.report(last));
        faults.extend(changes(report, last, context.config.check.sharp_change).map(|fault| (Subject::Report(*index), fault)));
    }
}

fn changes<'a>(report: &'a Report, last: &'a Report, sharp: SharpChange) -> impl Iterator<Item = Fault> + 'a {
    report.form.indicators.iter().filter_map(move |indicator| {
        let (now, before) = (report.sum(&indicator.terms)?, report.comparable_sum(indicator, last)?);
        if !is_sharp(before, now, sharp) {
            return None;
        }
        let (label_zh, label_en, unit, year) = (&indicator.label.zh, &indicator.label.en, &indicator.unit.zh, last.year);
        let message = crate::text::Words::new(
            format!("“{label_zh}”为 {now}{unit}，{year} 年度为 {before}{unit}，变化过大"),
            format!("`{label_en}` is {now}, it was {before} in {year}: a sharp change"),
        );
        let cells: Vec<String> = indicator.terms.iter().map(|term| report.form.cell_key(term.cell)).collect();
        let place = cells.first().map_or(Place::File, |cell| Place::Cell(cell.clone()));
        let hint = words!(
            "核对原件；属实的，在总体情况中说明原因，并用 [[waive]] 注明",
            "compare with the original; if it is true, explain it in the report and waive it"
        );
        Some(Fault::new(RULE.name, place, message).with_hint(hint).with_cells(cells))
    })
}

fn is_sharp(before: Number, now: Number, sharp: SharpChange) -> bool {
    let (small, large) = if before < now { (before, now) } else { (now, before) };
    let scaled = small.checked_mul(i64::from(sharp.factor).into());
    large - small > i64::from(sharp.least).into() && scaled.is_some_and(|scaled| large >= scaled)
}
