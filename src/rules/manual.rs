//! The manual page of a rule: the opening comment of its source file.

use super::Rule;

/// A rule's manual page, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manual {
    /// One sentence in Chinese.
    pub summary: String,
    /// The same in English.
    pub summary_en: String,
    /// The page: what is checked, why, an example, what to do, the notice it rests on.
    pub body: String,
}

impl Manual {
    /// Reads the page of a rule: first paragraph Chinese, second English, then the sections.
    pub fn of(rule: &Rule) -> Self {
        let text = opening_comment(rule.source);
        let mut paragraphs = text.splitn(3, "\n\n").map(|paragraph| paragraph.trim().to_owned());
        Self {
            summary: paragraphs.next().unwrap_or_default(),
            summary_en: paragraphs.next().unwrap_or_default(),
            body: paragraphs.next().unwrap_or_default(),
        }
    }
}

fn opening_comment(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    /// Every rule is documented: two summaries, an example, what to do, what it rests on.
    #[test]
    fn every_rule_has_a_whole_manual_page() {
        for rule in RULES {
            let manual = Manual::of(rule);
            assert!(!manual.summary.is_empty() && manual.summary_en.is_ascii(), "{}: {manual:?}", rule.name);
            for part in ["# 查什么", "# 为什么", "# 例", "# 怎么改", "# 依据"] {
                assert!(manual.body.contains(part), "{} lacks {part}", rule.name);
            }
        }
    }

    /// The rules that forms can name are rules.
    #[test]
    fn rules_that_forms_name_exist() {
        for name in crate::form::RELATION_RULES.iter().chain(&crate::form::LINK_RULES) {
            assert!(crate::rules::find(name).is_some(), "{name}");
        }
    }

    /// Names state the fault, are unique, and are those of the source files.
    #[test]
    fn the_registry_is_in_order() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for rule in RULES {
            assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit()), "{}", rule.name);
            assert!(rule.source.contains(&format!("name: \"{}\"", rule.name)), "{} is declared in another file", rule.name);
        }
    }
}
