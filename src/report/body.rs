//! The prose of a report: its sections by the form's titles, found by their headings.

use crate::form::{Form, strip_numbering};
use crate::text::Span;

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

/// Finds the sections in `text[span]`: headings of the first two levels outside code fences. A
/// heading of the third level starts a section only if it carries a section's title and number.
pub fn read_body(text: &str, span: Span, form: &Form) -> Body {
    let mut body = Body { preface: span.clone(), sections: Vec::new() };
    let mut at = span.start;
    let mut fenced = false;
    for line in text[span.clone()].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        }
        let Some(heading) = (!fenced).then(|| heading(line)).flatten() else { continue };
        let title_start = start + (heading.as_ptr() as usize - line.as_ptr() as usize);
        match body.sections.last_mut() {
            Some(last) => last.content.end = start,
            None => body.preface.end = start,
        }
        body.sections.push(BodySection {
            section: form.section_titled(heading),
            heading: title_start..title_start + heading.len(),
            content: at..span.end,
        });
    }
    body
}

/// The text of a heading of level one or two.
fn heading(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("##").or_else(|| line.strip_prefix('#'))?;
    rest.starts_with([' ', '\t', '　']).then(|| rest.trim().trim_end_matches('#').trim_end())
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

    fn sections(text: &str) -> Vec<(Option<usize>, &str, &str)> {
        let forms = Forms::builtin();
        let body = read_body(text, 0..text.len(), forms.get("cn-2021").unwrap());
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
