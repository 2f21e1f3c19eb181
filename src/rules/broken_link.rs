//! 文字中的站内链接指向不存在的页面或文件。
//!
//! A link in the prose leads to a page or file of the site that does not exist.
//!
//! # 查什么
//!
//! Markdown 中的相对链接和以 / 开头的链接，所指的附件或页面必须存在；% 后面不是两位十六进制数的，什么也指不到。站外网址不检查。
//!
//! # 为什么
//!
//! 年报的链接几年后大多失效，站内的至少可以保证。
//!
//! # 例
//!
//! ```markdown
//! 见[附表](附表.pdf)   <!-- 2023/ 里没有 附表.pdf -->
//! ```
//!
//! # 怎么改
//!
//! 改正链接，或把文件放到 <年度>/ 目录里。
//!
//! # 依据
//!
//! 《政府网站发展指引》（国办发〔2017〕47号）：杜绝错链、断链。

use super::{Check, Group, ReportContext, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::text::percent_decode;
use crate::words;
use pulldown_cmark::{Event, Parser, Tag};

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "broken-link",
    group: Group::File,
    level: Level::Error,
    source: include_str!("broken_link.rs"),
    check: Check::Report(check),
};

fn check(context: &ReportContext<'_>, faults: &mut Vec<Fault>) {
    let prose = context.prose_text();
    // Most reports have no links at all; parsing them for nothing would double the cost of a check.
    if !prose.contains("](") && !prose.contains("]:") {
        return;
    }
    for (event, span) in Parser::new(prose).into_offset_iter() {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event else { continue };
        if leads_nowhere(context, &dest_url) {
            let at = context.prose.start + span.start..context.prose.start + span.end;
            let message = words!("链接 {dest_url} 指向不存在的页面或文件", "the link {dest_url} leads nowhere");
            let hint = words!("改正链接，或把文件放到报告旁边", "correct it, or put the file beside the report");
            faults.push(Fault::new(RULE.name, Place::Span(at), message).with_hint(hint));
        }
    }
}

fn leads_nowhere(context: &ReportContext<'_>, link: &str) -> bool {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    let outside = path.contains(':') || path.starts_with("//");
    if path.is_empty() || outside {
        return false;
    }
    let Some(path) = percent_decode(path) else { return true };
    let base = format!("{}/{}", context.agency, context.report.year);
    let Some(target) = resolve(&base, &path) else { return true };
    let beside = target.strip_prefix(&base).and_then(|rest| rest.strip_prefix('/'));
    let attached = beside.is_some_and(|file| context.attachments.iter().any(|name| name == file));
    !attached && !(context.pages)(&target)
}

/// A link seen from a page, as a path below the root; `None` if it leaves the site.
fn resolve(base: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { base.split('/').collect() };
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    if parts.last() == Some(&"index.html") {
        parts.pop();
    }
    Some(parts.join("/"))
}
