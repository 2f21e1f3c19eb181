//! The prose of a report: its sections by the form's titles, found by their headings.

use crate::form::{Form, strip_numbering};
use crate::text::{Span, whole_lines};

/// The sections of a report's prose. Spans are in the whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// What stands before the first heading.
    pub preface: Span,
    /// The sections, in file order.
    pub sections: Vec<BodySection>,
}

/// One section as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySection {
    /// Index of the form's section, if the heading names one.
    pub section: Option<usize>,
    /// The heading's text, its number included, without `#`.
    pub heading: Span,
    /// What stands below it.
    pub content: Span,
}

impl Body {
    /// The section of the form with this index.
    pub fn section(&self, index: usize) -> Option<&BodySection> {
        self.sections.iter().find(|section| section.section == Some(index))
    }
}

/// Finds the sections in `text[span]`: headings of the first two levels, outside code and comments. A
/// heading of a lower level, or a line that is underlined, starts a section only if it carries a
/// section's title and number.
pub fn read_body(text: &str, span: Span, form: &Form) -> Body {
    let mut body = Body { preface: span.clone(), sections: Vec::new() };
    let mut hidden = Hidden::default();
    let mut above: Option<Span> = None;
    let mut at = span.start;
    for line in whole_lines(&text[span.clone()]) {
        let whole = at..at + line.len();
        at = whole.end;
        // Nearly all lines are these two kinds. An empty one says nothing, in code and comments neither.
        if matches!(line, "\n" | "\r\n") {
            above = None;
            continue;
        }
        // Prose begins with a Han character: such a line is no heading, no line below one, no fence and no comment.
        if line.starts_with(|first| matches!(first, '\u{4000}'..='\u{9FFF}')) && !hidden.is_open() {
            above = Some(whole);
            continue;
        }
        if hidden.covers(line) {
            above = None;
            continue;
        }
        let underlined = above.take().filter(|_| is_underline(line));
        match underlined.filter(|above| is_numbered_title(&text[above.clone()], form)) {
            Some(above) => body.begin(text, above.clone(), trimmed(text, above), whole.end, form),
            None => match heading(line) {
                Some((level, title)) if level < 3 || is_numbered_title(title, form) => {
                    let start = whole.start + (title.as_ptr() as usize - line.as_ptr() as usize);
                    body.begin(text, whole.clone(), start..start + title.len(), whole.end, form);
                }
                _ => above = Some(whole).filter(|_| !line.trim_start().is_empty()),
            },
        }
    }
    body
}

impl Body {
    /// Ends the section before and begins another: `lines` are those of the heading so far.
    fn begin(&mut self, text: &str, lines: Span, heading: Span, content: usize, form: &Form) {
        let end = match self.sections.last_mut() {
            Some(last) => std::mem::replace(&mut last.content.end, lines.start),
            None => std::mem::replace(&mut self.preface.end, lines.start),
        };
        let section = form.section_titled(&text[heading.clone()]);
        self.sections.push(BodySection { section, heading, content: content..end });
    }
}

/// A line without the spaces around it.
fn trimmed(text: &str, line: Span) -> Span {
    let start = line.start + (text[line.clone()].len() - text[line.clone()].trim_start().len());
    start..start + text[line].trim().len()
}

/// Whether a title is one of the form's with its own number: "五、存在的主要问题及改进情况". "（二）主动公开情况" is
/// the number of something smaller.
fn is_numbered_title(title: &str, form: &Form) -> bool {
    let title = title.trim();
    // What the title says is asked last: nearly all headings have the number of something smaller, or none.
    if title.starts_with(['（', '(', '〔', '[']) {
        return false;
    }
    let Some(number) = printed_number(title) else { return false };
    form.section_titled(title).and_then(|section| form.sections[section].number.as_deref()) == Some(number)
}

/// A line of `=` or `-` below a title.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    line.len() > 1 && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

/// What is code or a comment while lines go by.
#[derive(Default)]
struct Hidden {
    /// The fence that is open.
    fence: Option<(char, usize)>,
    /// Whether a comment is open.
    comment: bool,
}

impl Hidden {
    /// Whether code or a comment goes on.
    fn is_open(&self) -> bool {
        self.comment || self.fence.is_some()
    }

    /// Takes in a line; says whether it is no text.
    fn covers(&mut self, line: &str) -> bool {
        let line = line.trim_start();
        if !self.is_open() && !line.starts_with(['`', '~', '<']) {
            return false;
        }
        let line = line.trim_end();
        if self.comment {
            self.comment = !line.contains("-->");
            return true;
        }
        let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'));
        let fence = sign.map(|sign| (sign, line.chars().take_while(|c| *c == sign).count())).filter(|(_, length)| *length >= 3);
        if let Some((open, length)) = self.fence {
            if fence.is_some_and(|(sign, closing)| sign == open && closing >= length && closing == line.len()) {
                self.fence = None;
            }
            return true;
        }
        self.fence = fence;
        self.comment = line.starts_with("<!--") && !line.contains("-->");
        self.is_open()
    }
}

/// The level and the text of a heading, without the marks of emphasis around it.
fn heading(line: &str) -> Option<(usize, &str)> {
    let indented = line.trim_start_matches(' ');
    let level = indented.bytes().take_while(|byte| *byte == b'#').count();
    let title = indented.get(level..).filter(|rest| rest.starts_with([' ', '\t', '　']))?;
    if !(1..=6).contains(&level) || line.len() - indented.len() > 3 {
        return None;
    }
    let title = title.trim().trim_end_matches('#').trim_end();
    let title = title.strip_suffix('}').and_then(|open| open.rsplit_once("{#")).map_or(title, |(title, _)| title);
    Some((level, title.trim_matches(['*', '_']).trim()))
}

/// The Han or Arabic number that a heading begins with: "五、存在…" → 五, "5、 存在…" → 5.
pub fn printed_number(heading: &str) -> Option<&str> {
    let title = strip_numbering(heading);
    let prefix = heading[..heading.len() - title.len()].trim();
    let number = prefix.trim_matches(|c: char| !c.is_alphanumeric());
    let number = number.strip_prefix('第').unwrap_or(number);
    (!number.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::form::Forms;
    use std::sync::LazyLock;

    static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

    fn sections(text: &str) -> Vec<(Option<usize>, &str, &str)> {
        let body = read_body(text, 0..text.len(), FORMS.get("cn-2021").unwrap());
        body.sections.iter().map(|s| (s.section, &text[s.heading.clone()], text[s.content.clone()].trim())).collect()
    }

    #[test]
    fn sections_are_known_by_title_whatever_their_number() {
        let text = "## 一、总体情况\n甲\n### （一）主动公开\n乙\n## 5、 存在的主要问题及改进情况\n丙\n";
        assert_eq!(
            sections(text),
            [(Some(0), "一、总体情况", "甲\n### （一）主动公开\n乙"), (Some(4), "5、 存在的主要问题及改进情况", "丙")]
        );
    }

    /// Headings as people and converters write them: all of these begin the first section.
    #[test]
    fn headings_are_known_in_many_forms() {
        for heading in [
            "# 一、总体情况",
            "   ## 一、总体情况",
            "## **一、总体情况**",
            "## 一、总体情况 ##",
            "## 一、总体情况 {#a}",
            "### 一、总体情况",
            "##　一、总体情况",
            "一、总体情况\n=====",
            "一、总体情况\n---",
        ] {
            let text = format!("{heading}\n甲\n");
            assert_eq!(sections(&text), [(Some(0), "一、总体情况", "甲")], "{heading}");
        }
    }

    /// What only looks like a section's title is none: a subhead, a table's rule, a quotation of the title.
    #[test]
    fn smaller_heads_and_rules_begin_no_section() {
        let text = "## 一、总体情况\n### （二）主动公开情况\n甲\n\n|二、主动公开情况|\n|---|\n\n乙\n---\n#### 二、甲\n";
        assert_eq!(sections(text).len(), 1);
    }

    /// A fence closes with its own kind and length; a comment is no text.
    #[test]
    fn code_and_comments_hide_headings() {
        assert_eq!(sections("## 一、总体情况\n````\n```\n## 二、其他\n````\n## 三、其他\n").len(), 2);
        assert_eq!(sections("## 一、总体情况\n~~~\n```\n## 二、其他\n~~~\n## 三、其他\n").len(), 2);
        assert_eq!(sections("## 一、总体情况\n<!--\n## 二、其他\n-->\n## 三、其他\n").len(), 2);
        assert_eq!(sections("```\n一、总体情况\n---\n```\n<!--\n一、总体情况\n---\n-->\n").len(), 0);
    }

    proptest::proptest! {
        /// Preface and sections cover the whole prose in order, whatever it holds.
        #[test]
        fn nothing_falls_between_sections(text in "([#=`~<!\\-> ]{0,5}[一二三、总体情况*{}#\\[]{0,6}\n){0,12}") {
            let body = read_body(&text, 0..text.len(), FORMS.get("cn-2021").unwrap());
            let mut at = body.preface.end;
            proptest::prop_assert_eq!(body.preface.start, 0);
            for section in &body.sections {
                proptest::prop_assert!(at <= section.heading.start && section.heading.end <= section.content.start);
                at = section.content.end;
            }
            proptest::prop_assert_eq!(at, text.len());
        }
    }

    #[test]
    fn a_number_sign_in_code_is_no_heading() {
        assert_eq!(sections("## 一、总体情况\n```\n## 二、其他\n```\n").len(), 1);
    }

    #[test]
    fn the_number_of_a_heading_is_found() {
        assert_eq!(printed_number("五、存在的问题"), Some("五"));
        assert_eq!(printed_number("5、 存在的问题"), Some("5"));
        assert_eq!(printed_number("存在的问题"), None);
    }
}
