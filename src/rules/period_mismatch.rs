//! 统计期限不是报告年度。
//!
//! The reporting period is not the report year.
//!
//! # 查什么
//!
//! 正文写明统计期限的，应为报告年度的 1 月 1 日至 12 月 31 日。
//!
//! # 为什么
//!
//! 期限写错一年，说明文字沿用了旧报告。
//!
//! # 例
//!
//! ```markdown
//! 本报告所列数据的统计期限自2022年1月1日至2022年12月31日止。   <!-- 写在 2023.md 里 -->
//! ```
//!
//! # 怎么改
//!
//! 改正期限；数据也按正确期限核对。
//!
//! # 依据
//!
//! 《政府信息公开条例》第四十九条、第五十条。

use crate::diagnostic::{Fault, Level, Place};
use crate::words;
use regex::Regex;
use std::sync::LazyLock;
use super::{Check, Group, ReportContext, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "period-mismatch",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("period_mismatch.rs"),
    check: Check::Report(check),
};

/// "2023年1月1日至12月31日", the second year optional, spaces allowed.
static PERIOD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day = r"(\d{1,2})\s*月\s*(\d{1,2})\s*日";
    Regex::new(&format!(r"(\d{{4}})\s*年\s*{day}\s*(?:起)?\s*(?:至|到|—|－|-|~|～)+\s*(?:(\d{{4}})\s*年\s*)?{day}")).ok()
});

/// Only a sentence that speaks of the statistics' period is judged: others may tell of anything.
const SIGNS: [&str; 4] = ["统计期限", "期限", "统计时间", "数据"];

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let prose = context.prose_text();
    if !SIGNS.iter().any(|sign| prose.contains(sign)) {
        return;
    }
    let year = context.report.year;
    for found in PERIOD.iter().flat_map(|pattern| pattern.captures_iter(prose)) {
        let Some(whole) = found.get(0) else { continue };
        let sentence_start = prose[..whole.start()].rfind(['。', '\n', '；']).unwrap_or(0);
        if !SIGNS.iter().any(|sign| prose[sentence_start..whole.end()].contains(sign)) {
            continue;
        }
        let number = |group: usize| found.get(group).and_then(|digits| digits.as_str().parse::<u16>().ok());
        let from = (number(1), number(2), number(3));
        let to = (number(4).or(number(1)), number(5), number(6));
        if from == (Some(year), Some(1), Some(1)) && to == (Some(year), Some(12), Some(31)) {
            continue;
        }
        let (at, quoted) = (context.prose.start + whole.start(), whole.as_str());
        let message = words!("统计期限写的是“{quoted}”，应为 {year}年1月1日至12月31日", "the period is given as `{quoted}`; it must be all of {year}");
        let hint = words!("改正期限，并核对数据是否按此期限统计", "correct it, and check which period the figures are for");
        faults.push(Fault::new(RULE.name, Place::Span(at..at + quoted.len()), message).with_hint(hint));
    }
}
