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
        let prose = section.section.is_some_and(|index| form.sections[index].prose);
        let written = context.text[section.content.clone()]
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        let content = written.trim();
        if !prose || !says_nothing(content) {
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

fn says_nothing(content: &str) -> bool {
    let words = content.trim_end_matches(['。', '.', '！', '；']).trim();
    ["", "无", "暂无", "略", "没有", "无。", "/", "—", "——"].contains(&words)
}
