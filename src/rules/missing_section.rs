//! 缺少规定的部分。
//!
//! A section that the form demands is missing.
//!
//! # 查什么
//!
//! 格式规定的文字部分（一、总体情况，五、存在的主要问题及改进情况，六、其他需要报告的事项）应有标题。标题的常见变体也认。表格部分由数字表代替，不要求标题。
//!
//! # 为什么
//!
//! 六个部分是格式的硬性要求，缺一即为内容不完整。
//!
//! # 例
//!
//! ```markdown
//! ## 一、总体情况
//! …
//! ## 六、其他需要报告的事项   <!-- 没有第五部分 -->
//! ```
//!
//! # 怎么改
//!
//! 补上该部分；标题写法见格式。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::report::printed_number;
use crate::text::Span;
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "missing-section",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("missing_section.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let form = &context.report.form;
    // Before the first edition reports had whatever sections they had.
    if context.report.year < form.first_year {
        return;
    }
    for (index, section) in form.sections.iter().enumerate() {
        let needed = section.prose && section.number.is_some();
        if !needed || context.body.section(index).is_some() {
            continue;
        }
        let (number, title) = (section.number.as_deref().unwrap_or_default(), &section.title.text);
        let message = words!("缺少“{number}、{title}”部分", "the section `{number}、{title}` is missing");
        let renamed = context
            .body
            .sections
            .iter()
            .find(|other| other.section.is_none() && printed_number(&context.text[other.heading.clone()]) == Some(number));
        let (place, hint) = match (line_like_heading(context, index), renamed) {
            (None, Some(renamed)) => (
                renamed.heading.clone(),
                words!(
                    "这个标题序号相同，却不是格式规定的：若是这一部分，改为 {number}、{title}",
                    "this heading has its number but not its title: if it is this section, write `{number}、{title}`"
                ),
            ),
            (Some(line), _) => (
                line,
                words!(
                    "这一行像是它的标题：写成 ## {number}、{title}，## 后空一格",
                    "this line looks like its heading: write `## {number}、{title}`"
                ),
            ),
            (None, None) => (
                last_line(context.text),
                words!("在正文中加上一行 ## {number}、{title} 和内容", "add a heading `## {number}、{title}` with its text"),
            ),
        };
        faults.push(Fault::new(RULE.name, Place::Span(place), message).with_hint(hint));
    }
}

fn last_line(text: &str) -> Span {
    let end = text.trim_end().len();
    text[..end].rfind('\n').map_or(0, |newline| newline + 1)..end
}

/// A line of its own that has a section's title but is no heading: bold, without `#`, without the space
/// behind it, in a list.
fn line_like_heading(context: &ReportContext<'_>, section: usize) -> Option<Span> {
    let mut at = context.prose.start;
    for line in context.prose_text().split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '＃' | '*' | '_' | '>' | '-' | '+'));
        if !bare.is_empty() && context.report.form.section_titled(bare) == Some(section) {
            return Some(start..start + line.trim().len());
        }
    }
    None
}
