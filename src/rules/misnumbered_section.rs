//! 部分的序号不对。
//!
//! A section has the wrong number.
//!
//! # 查什么
//!
//! 各部分标题的序号应与格式一致：一、二、三、四、五、六。
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

use crate::diagnostic::{Fault, Level, Place};
use crate::report::printed_number;
use crate::words;
use super::{Check, Group, ReportContext, Rule};

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
    for section in &context.body.sections {
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
