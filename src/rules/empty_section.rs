//! 有的部分没有内容。
//!
//! A section is empty.
//!
//! # 查什么
//!
//! 文字部分标题下没有内容（只有小标题也算），或只有“无”“暂无”“略”。
//!
//! # 为什么
//!
//! “存在的主要问题”写“无”，检查组会逐一点名；“其他需要报告的事项”也应写明是否收取信息处理费。
//!
//! # 例
//!
//! ```markdown
//! ## 六、其他需要报告的事项
//!
//! 无
//! ```
//!
//! # 怎么改
//!
//! 写明具体内容；确无事项的，写“本年度没有其他需要报告的事项，未收取信息处理费”一类的完整句子。
//!
//! # 依据
//!
//! 国办公开办函〔2021〕30号；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "empty-section",
    group: Group::Form,
    level: Level::Warning,
    source: include_str!("empty_section.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let form = &context.report.form;
    for section in &context.body.sections {
        if !section.section.is_some_and(|index| form.sections[index].prose) {
            continue;
        }
        let lines = || context.text[section.content.clone()].lines().map(str::trim).filter(|line| !line.starts_with('#'));
        // One character of any other word and the section says something.
        if lines().any(|line| line.contains(|c: char| !c.is_whitespace() && !OF_NOTHING.contains(&c))) {
            continue;
        }
        let written = lines().collect::<Vec<_>>().join("\n");
        let content = written.trim();
        if !says_nothing(content) {
            continue;
        }
        let heading = &context.text[section.heading.clone()];
        let message = if content.is_empty() {
            words!("“{heading}”没有内容", "`{heading}` is empty")
        } else {
            words!("“{heading}”只写了“{content}”", "`{heading}` says only `{content}`")
        };
        let hint = words!("写成完整的句子，说明具体情况", "write what there is to say in whole sentences");
        faults.push(Fault::new(RULE.name, Place::Span(section.heading.clone()), message).with_hint(hint));
    }
}

/// Marks that may stand around words that say nothing.
const MARKS: [char; 8] = ['。', '.', '！', '；', '（', '）', '(', ')'];
const NOTHING: [&str; 9] = ["", "无", "暂无", "略", "没有", "无。", "/", "—", "——"];
/// The characters of both.
const OF_NOTHING: [char; 15] = ['。', '.', '！', '；', '（', '）', '(', ')', '无', '暂', '略', '没', '有', '/', '—'];

fn says_nothing(content: &str) -> bool {
    NOTHING.contains(&content.trim_matches(MARKS).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is passed over by its characters could not have said nothing.
    #[test]
    fn the_characters_of_nothing_are_those_of_its_words() {
        let due: std::collections::BTreeSet<char> = MARKS.into_iter().chain(NOTHING.iter().flat_map(|words| words.chars())).collect();
        assert_eq!(due, OF_NOTHING.into_iter().collect());
    }
}
