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

/// The parts of a manual page: the name that the program has for each, and its heading.
const MANUAL_PARTS: [(&str, &str); 5] = [("checks", "查什么"), ("why", "为什么"), ("example", "例"), ("mend", "怎么改"), ("basis", "依据")];

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

    /// The parts of the page, in order: the name of each in themes (`checks`, `why`, `example`, `mend`,
    /// `basis`), and the Markdown under its heading.
    pub fn parts(&self) -> Vec<(&'static str, &str)> {
        let mut parts: Vec<(&'static str, &str)> = Vec::new();
        let (mut start, mut at, mut fenced) = (0, 0, false);
        for line in self.body.split_inclusive('\n') {
            // A comment in an example is no heading.
            fenced ^= line.starts_with("```");
            let heading = line.strip_prefix("# ").filter(|_| !fenced).map(str::trim);
            if let Some((name, _)) = MANUAL_PARTS.iter().find(|(_, title)| heading == Some(*title)) {
                close(&mut parts, &self.body[start..at]);
                parts.push((*name, ""));
                start = at + line.len();
            }
            at += line.len();
        }
        close(&mut parts, &self.body[start..]);
        parts
    }
}

fn close<'m>(parts: &mut [(&'static str, &'m str)], text: &'m str) {
    if let Some(last) = parts.last_mut() {
        last.1 = text.trim();
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
            let parts = manual.parts();
            let names: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, MANUAL_PARTS.map(|(name, _)| name), "{}: its parts, in order", rule.name);
            assert!(parts.iter().all(|(_, text)| !text.is_empty()), "{}: {parts:?}", rule.name);
            // Nothing stands outside the parts, so that nothing is lost where they are shown one by one.
            let told: usize = parts.iter().map(|(_, text)| text.chars().count()).sum();
            let headings: usize = MANUAL_PARTS.iter().map(|(_, title)| title.chars().count() + "# \n\n".len()).sum();
            assert_eq!(told + headings + "\n\n".len() * (parts.len() - 1), manual.body.chars().count(), "{}", rule.name);
        }
    }

    /// An example is something that one could write: a block of code. A basis names a law, a notice, or a
    /// standard, or says that it is no more than this program's own convention.
    #[test]
    fn every_manual_page_has_an_example_and_a_basis() {
        for rule in RULES {
            let manual = Manual::of(rule);
            let text = |wanted: &str| manual.parts().into_iter().find(|(name, _)| *name == wanted).map_or("", |(_, text)| text);
            assert_eq!(text("example").matches("```").count() % 2, 0, "{}", rule.name);
            assert!(text("example").lines().filter(|line| !line.starts_with("```")).any(|line| !line.is_empty()), "{}", rule.name);
            assert!(text("example").contains("```"), "{}: {}", rule.name, text("example"));
            let known = ["《", "〔", "GB", "格式"];
            assert!(known.iter().any(|sign| text("basis").contains(sign)), "{}: {}", rule.name, text("basis"));
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
