//! A report's file → its TOML between `+++` lines, and the Markdown after it.

use memchr::{memchr, memmem, memrchr};

use super::INVALID_FRONT_MATTER;
use crate::diagnostic::{Fault, Place};
use crate::text::Span;
use crate::words;

/// Where the two parts of a report's file lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The TOML, without its `+++` lines. Empty when there is none.
    pub toml: Span,
    /// The Markdown.
    pub body: Span,
}

impl Parts {
    /// Whether there is front matter at all, be it empty.
    pub fn has_front_matter(&self) -> bool {
        self.toml.start > 0
    }
}

/// Splits a file. Without front matter the whole file is body, and a fault says why.
pub fn split(text: &str) -> (Parts, Option<Fault>) {
    let opening = text.len() - text.trim_start_matches(['\n', '\r', ' ', '\t']).len();
    let Some((first, toml_start)) = line_at(text, opening) else {
        return (whole(text), Some(empty_file()));
    };
    if trimmed(text, &first) != "+++" {
        return (whole(text), Some(no_front_matter(text, first)));
    }
    let mut at = toml_start;
    while let Some(found) = memmem::find(&text.as_bytes()[at..], b"+++") {
        let start = memrchr(b'\n', &text.as_bytes()[at..at + found]).map_or(at, |newline| at + newline + 1);
        let Some((line, next)) = line_at(text, start) else { break };
        if trimmed(text, &line) == "+++" {
            let parts = Parts { toml: toml_start..line.start, body: next..text.len() };
            return (parts, None);
        }
        at = next;
    }
    (unclosed_parts(text, toml_start), Some(unclosed(first)))
}

/// The span of the line that begins at a place, without its line break, and where the next one begins.
fn line_at(text: &str, start: usize) -> Option<(Span, usize)> {
    let rest = text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
    let end = memchr(b'\n', rest).map_or(text.len(), |newline| start + newline);
    Some((start..end, (end + 1).min(text.len())))
}

fn trimmed<'t>(text: &'t str, line: &Span) -> &'t str {
    text[line.clone()].trim()
}

fn whole(text: &str) -> Parts {
    Parts { toml: 0..0, body: 0..text.len() }
}

/// Without a closing line the TOML is taken to reach to the first Markdown heading, so that the
/// cells can still be read and only the missing line is complained of.
fn unclosed_parts(text: &str, toml_start: usize) -> Parts {
    let rest = &text[toml_start..];
    let heading = rest.find("\n## ").or_else(|| rest.starts_with("## ").then_some(0));
    let end = heading.map_or(text.len(), |at| toml_start + at);
    Parts { toml: toml_start..end, body: end..text.len() }
}

fn empty_file() -> Fault {
    let message = words!("文件是空的", "the file is empty");
    let hint = words!("用 gongkai new 机关 年度 写一份带表格的新年报", "write a new report with its tables: gongkai new AGENCY YEAR");
    Fault::new(INVALID_FRONT_MATTER, Place::File, message).with_hint(hint)
}

fn no_front_matter(text: &str, first: Span) -> Fault {
    let yaml = trimmed(text, &first) == "---";
    if trimmed(text, &first).starts_with("+++") {
        let message = words!("第一行应只写 +++", "the first line must be +++ and nothing else");
        let hint = words!("删去 +++ 后面的内容，末尾的一行也只写 +++", "delete what follows the +++; the closing line is +++ too");
        return Fault::new(INVALID_FRONT_MATTER, Place::Span(first), message).with_hint(hint);
    }
    let later = text.lines().position(|line| line.trim() == "+++").map(|line| line + 1);
    if let Some(line) = later.filter(|_| !yaml) {
        let message = words!("第 {line} 行的 +++ 之前还有别的内容", "there is text before the +++ in line {line}");
        let hint = words!(
            "把它移到第二行 +++ 之后，或删去：文件第一行必须是 +++",
            "move it below the second +++, or delete it: the file must begin with +++"
        );
        return Fault::new(INVALID_FRONT_MATTER, Place::Span(first), message).with_hint(hint);
    }
    let message = if yaml {
        words!(
            "前置数据写在 --- 之间（YAML），应为 +++ 之间的 TOML",
            "front matter stands between --- lines (YAML); it must be TOML between +++ lines"
        )
    } else {
        words!("没有前置数据：文件应以一行 +++ 开头", "no front matter: the file must begin with a line +++")
    };
    let hint = words!(
        "在文件开头写 +++，其后是各表数字，再以一行 +++ 结束；gongkai new 可生成样板",
        "begin with a line +++, then the tables, then a line +++; `gongkai new` makes a template"
    );
    Fault::new(INVALID_FRONT_MATTER, Place::Span(first), message).with_hint(hint)
}

fn unclosed(first: Span) -> Fault {
    let message = words!("前置数据没有结束：缺少第二行 +++", "front matter is not closed: the second line +++ is missing");
    let hint = words!("在数字表之后、正文之前单独写一行 +++", "write a line +++ after the tables, before the text");
    Fault::new(INVALID_FRONT_MATTER, Place::Span(first), message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_two_parts_are_found_with_either_line_break() {
        for text in ["+++\na = 1\n+++\n## 一\n", "+++\r\na = 1\r\n+++\r\n## 一\r\n"] {
            let (parts, fault) = split(text);
            assert_eq!(fault, None);
            assert_eq!(text[parts.toml].trim(), "a = 1");
            assert_eq!(text[parts.body].trim(), "## 一");
        }
    }

    /// Spaces around the marks do no harm.
    #[test]
    fn the_marks_may_be_indented() {
        let (parts, fault) = split("  +++\na = 1\n  +++ \n正文");
        assert_eq!(fault, None);
        assert_eq!(parts.body.len(), "正文".len());
    }

    #[test]
    fn an_unclosed_front_matter_still_gives_its_toml() {
        let text = "+++\na = 1\n\n## 一\n正文";
        let (parts, fault) = split(text);
        assert!(fault.unwrap().message.zh.contains("没有结束"));
        assert_eq!(text[parts.toml].trim(), "a = 1");
        assert_eq!(text[parts.body].trim(), "## 一\n正文");
    }

    #[test]
    fn what_is_missing_is_said() {
        assert!(split("").1.unwrap().message.zh.contains("空"));
        assert!(split("  \n\n").1.unwrap().message.zh.contains("空"));
        assert!(split("# 年报\n").1.unwrap().message.zh.contains("没有前置数据"));
        assert!(split("+++toml\na = 1\n+++\n").1.unwrap().message.zh.contains("只写 +++"));
        assert!(split("# 年报\n+++\na = 1\n+++\n").1.unwrap().message.zh.contains("第 2 行的 +++ 之前"));
        assert!(split("---\na: 1\n---\n").1.unwrap().message.zh.contains("YAML"));
    }
}
