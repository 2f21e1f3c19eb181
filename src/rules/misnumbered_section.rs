//! 部分的序号不对。
//!
//! A section has the wrong number.
//!
//! # 查什么
//!
//! 各部分标题的序号应与格式一致：一、二、三、四、五、六；应依次排列，各出现一次。
//!
//! # 为什么
//!
//! Word 自动编号复制出来常变成“5、”或从头编起，读者会以为缺了部分。
//!
//! # 例
//!
//! ```markdown
//! ## 5、 存在的主要问题及改进情况   <!-- 应为 五、 -->
//! ```
//!
//! # 怎么改
//!
//! 改正标题的序号。
//!
//! # 依据
//!
//! 《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::report::{BodySection, printed_number};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "misnumbered-section",
    group: Group::Form,
    level: Level::Warning,
    source: include_str!("misnumbered_section.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let form = &context.report.form;
    let mut before: Vec<usize> = Vec::new();
    for section in &context.body.sections {
        if let Some(index) = section.section {
            faults.extend(out_of_place(context, section, index, &before));
            before.push(index);
        }
        let Some(due) = section.section.and_then(|index| form.sections[index].number.as_deref()) else { continue };
        let heading = &context.text[section.heading.clone()];
        let printed = printed_number(heading);
        if printed == Some(due) {
            continue;
        }
        let message = match printed {
            Some(number) => words!("“{heading}”的序号是“{number}”，应为“{due}”", "`{heading}` is numbered {number}, it must be {due}"),
            None => words!("“{heading}”没有序号，应为“{due}、”", "`{heading}` has no number, it must be {due}、"),
        };
        let hint = words!("改为 {due}、……", "number it {due}、");
        faults.push(Fault::new(RULE.name, Place::Span(section.heading.clone()), message).with_hint(hint));
    }
}

/// A section that stands there a second time, or behind one that should follow it.
fn out_of_place(context: &ReportContext<'_>, section: &BodySection, index: usize, before: &[usize]) -> Option<Fault> {
    let sections = &context.report.form.sections;
    let heading = &context.text[section.heading.clone()];
    let message_and_hint = if before.contains(&index) {
        (
            words!("“{heading}”出现了两次", "`{heading}` stands there twice"),
            words!("合成一处，或给另一处改用别的标题", "put them together, or give one another heading"),
        )
    } else {
        let later = before.iter().find(|earlier| **earlier > index)?;
        let later = &sections[*later].title.text;
        (
            words!("“{heading}”排在“{later}”之后", "`{heading}` stands behind `{later}`"),
            words!("按格式的次序排列各部分", "put the sections into the order of the form"),
        )
    };
    let (message, hint) = message_and_hint;
    Some(Fault::new(RULE.name, Place::Span(section.heading.clone()), message).with_hint(hint))
}
