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

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::number::normalise;
use crate::words;
use memchr::memmem;
use regex::Regex;
use std::sync::LazyLock;

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
    Regex::new(&format!(r"(\d{{4}})\s*年\s*{day}\s*(?:起)?\s*(?:至|到|—|–|－|-|~|～)+\s*(?:(\d{{4}})\s*年\s*)?{day}")).ok()
});

/// Only a sentence that speaks of the period of the figures is judged: others may tell of a week of
/// training in data protection, or how long a draft was open to comment.
const SIGNS: [&str; 9] = ["统计期限", "统计时间", "统计周期", "统计时段", "统计区间", "统计数据", "数据统计", "所列数据", "列出的数据"];

/// Whether a sentence speaks of the period of the figures.
fn speaks_of_figures(sentence: &str) -> bool {
    static FINDERS: LazyLock<[memmem::Finder<'static>; 9]> = LazyLock::new(|| SIGNS.map(memmem::Finder::new));
    let has = |word: &str| memmem::find(sentence.as_bytes(), word.as_bytes()).is_some();
    // Every sign has one of two words in it, and most prose neither.
    let of_data = has("统计") || has("数据");
    of_data && FINDERS.iter().any(|sign| sign.find(sentence.as_bytes()).is_some()) || has("期限") && (of_data || has("报告"))
}

/// Where the sentence begins that holds a place. A line that is only wrapped does not end one.
fn sentence_start(prose: &str, at: usize) -> usize {
    let before = &prose[..at];
    let ends = [before.rfind(['。', '；', '！']), before.rfind("\n\n"), before.rfind("\r\n\r\n")];
    ends.into_iter().flatten().max().unwrap_or(0)
}

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let prose = context.prose_text();
    if !speaks_of_figures(prose) {
        return;
    }
    let year = context.report.year;
    for found in PERIOD.iter().flat_map(|pattern| pattern.captures_iter(prose)) {
        let Some(whole) = found.get(0) else { continue };
        if !speaks_of_figures(&prose[sentence_start(prose, whole.start())..whole.end()]) {
            continue;
        }
        let number = |group: usize| found.get(group).and_then(|digits| normalise(digits.as_str()).parse::<u16>().ok());
        let from = (number(1), number(2), number(3));
        let to = (number(4).or(number(1)), number(5), number(6));
        if from == (Some(year), Some(1), Some(1)) && to == (Some(year), Some(12), Some(31)) {
            continue;
        }
        let (at, quoted) = (context.prose.start + whole.start(), whole.as_str());
        let message = words!(
            "统计期限写的是“{quoted}”，应为 {year}年1月1日至12月31日",
            "the period is given as `{quoted}`; it must be all of {year}"
        );
        let hint = words!("改正期限，并核对数据是否按此期限统计", "correct it, and check which period the figures are for");
        faults.push(Fault::new(RULE.name, Place::Span(at..at + quoted.len()), message).with_hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looking for two words first passes over no sign.
    #[test]
    fn signs_have_one_of_two_words_in_them() {
        assert!(SIGNS.iter().all(|sign| speaks_of_figures(&format!("本报告{sign}为"))));
        assert!(speaks_of_figures("本报告期限") && speaks_of_figures("数据的期限"));
        assert!(!speaks_of_figures("保存期限") && !speaks_of_figures("统计与数据"));
    }
}
