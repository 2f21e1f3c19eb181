//! 留有模板提示语。
//!
//! Words of the blank form were left in.
//!
//! # 查什么
//!
//! 标题和正文中残留的“（文字描述）”“XX年”“[bookmark:”等模板或转换残留。清单在格式文件里。
//!
//! # 为什么
//!
//! 这些字样一旦发布，说明报告没有人通读过。
//!
//! # 例
//!
//! ```markdown
//! ## 一、总体情况
//!
//! （文字描述）
//! ```
//!
//! # 怎么改
//!
//! 换成实际内容，或删去。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "leftover-placeholder",
    group: Group::Form,
    level: Level::Error,
    source: include_str!("leftover_placeholder.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let placeholders = &context.report.form.placeholders;
    let in_prose = placeholders.find(context.prose_text()).map(|(span, phrase)| (context.prose.start + span.start, phrase));
    let title = context.locations.key("title");
    let title_start = title.as_ref().map_or(0, |span| span.start);
    let in_title = placeholders.find(title.map_or("", |span| &context.text[span])).map(|(span, phrase)| (title_start + span.start, phrase));
    for (at, placeholder) in in_prose.chain(in_title) {
        let message = words!("残留模板字样“{placeholder}”", "words of the template were left in: `{placeholder}`");
        let hint = words!("换成实际内容，或删去", "replace or delete them");
        faults.push(Fault::new(RULE.name, Place::Span(at..at + placeholder.len()), message).with_hint(hint));
    }
}
