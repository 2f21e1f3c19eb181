//! Findings as JUnit XML, which test dashboards read: errors are failures, everything else is output of
//! a test that passed, and a file without findings is a test that passed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Finding, Level, Tally};
use crate::text::Language;

/// Prints the findings that count. `clean` are the files in which nothing was found.
pub fn print_junit(findings: &[Finding], clean: &[String], language: Language) -> String {
    let counting: Vec<&Finding> = findings.iter().filter(|finding| finding.counts()).collect();
    let failures = Tally::of(counting.iter().copied()).errors;
    let tests = counting.len() + clean.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    let _ = writeln!(out, "<testsuites name=\"gongkai\" {counts}>\n  <testsuite name=\"gongkai check\" {counts}>");
    // Dashboards take two cases of one name for one.
    let mut seen: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for finding in counting {
        let name = format!("{}:{}:{}", finding.rule, finding.start.line, finding.start.column);
        let count = seen.entry((&finding.path, name.clone())).or_default();
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name} ({count})") };
        case(finding, &name, language, &mut out);
    }
    for path in clean {
        let _ = writeln!(out, "    <testcase classname=\"{}\" name=\"check\"/>", escaped(path));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(finding: &Finding, name: &str, language: Language, out: &mut String) {
    let (path, line, column) = (escaped(&finding.path), finding.start.line, finding.start.column);
    let message = escaped(finding.message.in_language(language));
    let hint = finding.hint.as_ref().map(|hint| format!("\n{}", escaped(hint.in_language(language)))).unwrap_or_default();
    let text = format!("{path}:{line}:{column}\n{message}{hint}");
    let _ = writeln!(out, "    <testcase classname=\"{path}\" name=\"{name}\" file=\"{path}\" line=\"{line}\">");
    let _ = match finding.level {
        Level::Error => writeln!(out, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", finding.rule),
        _ => writeln!(out, "      <system-out>{}: {text}</system-out>", finding.level.name()),
    };
    out.push_str("    </testcase>\n");
}

/// Text that is allowed in XML: marks escaped, control characters replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::diagnostic::{Fault, Place};
    use crate::text::words;

    /// Only errors fail; the document can be read whatever the messages hold.
    #[test]
    fn errors_are_failures_and_the_xml_is_sound() {
        let finding = |level, text: &str| {
            Finding::at_file(level, "content/a/2023.md", Fault::new("blank-cell", Place::File, words!("{text}", "{text}")))
        };
        let findings = [finding(Level::Error, "<&\"\u{1}]]>"), finding(Level::Warning, "小事"), finding(Level::Info, "又一处")];
        let xml = print_junit(&findings, &["content/b/2023.md".to_owned()], Language::Chinese);
        let mut reader = quick_xml::Reader::from_str(&xml);
        let (mut cases, mut failures) = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    cases += usize::from(tag.name().as_ref() == "testcase");
                    failures += usize::from(tag.name().as_ref() == "failure");
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!((cases, failures), (4, 1));
        assert!(xml.contains("tests=\"4\" failures=\"1\""));
        let names: Vec<_> = xml.split(" name=\"blank-cell:1:1").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(names, ["", " (2)", " (3)"]);
    }
}
