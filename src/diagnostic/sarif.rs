//! Findings as SARIF 2.1.0, which code hosts show beside the lines of a change.

use serde_json::{Value, json};

use super::{Finding, Level};
use crate::text::Language;

/// What a program that shows findings wants to know of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCard {
    /// Its name.
    pub name: &'static str,
    /// Its usual level.
    pub level: Level,
    /// One sentence.
    pub summary: String,
    /// What it checks, in a paragraph.
    pub checks: String,
    /// Its manual page, in Markdown.
    pub manual: String,
    /// The address of its page, if the site has an address.
    pub page: Option<String>,
}

/// Prints findings; waived ones are there as suppressed, with their reasons. `prefix` leads from the
/// directory of the repository to the site's root (`site/`), or is empty.
pub fn print_sarif(findings: &[Finding], rules: &[RuleCard], prefix: &str, language: Language) -> String {
    let named = |name: &str| rules.iter().position(|rule| rule.name == name);
    let results: Vec<Value> = findings
        .iter()
        .filter(|finding| finding.level > Level::Off)
        .map(|finding| result(finding, named(finding.rule), prefix, language))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gongkai",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(descriptor).collect::<Vec<_>>(),
            }},
            "language": language.tag(),
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Serialising plain values of strings and integers cannot fail.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn descriptor(rule: &RuleCard) -> Value {
    let mut descriptor = json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.checks },
        "help": { "text": rule.manual, "markdown": rule.manual },
        "defaultConfiguration": { "level": level(rule.level) },
    });
    if let Some(page) = &rule.page {
        descriptor["helpUri"] = json!(page);
    }
    descriptor
}

fn result(finding: &Finding, rule: Option<usize>, prefix: &str, language: Language) -> Value {
    let mut text = finding.message.in_language(language).to_owned();
    if let Some(hint) = &finding.hint {
        text = format!("{text}\n{}", hint.in_language(language));
    }
    // A region that ends where it begins is empty; one character can be shown.
    let end_column = if finding.end.line == finding.start.line { finding.end.column.max(finding.start.column) } else { finding.end.column };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.level),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&format!("{prefix}{}", finding.path)) },
            "region": {
                "startLine": finding.start.line,
                "startColumn": finding.start.column,
                "endLine": finding.end.line,
                "endColumn": end_column,
            },
        }}],
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = json!(rule);
    }
    if let Some(reason) = &finding.waived {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        Level::Info => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// A path as a relative URI: what is no unreserved character or slash is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::diagnostic::{Fault, Place};
    use crate::text::LineColumn;
    use crate::words;

    /// Chinese paths are percent-encoded, waived findings suppressed, each result knows its rule.
    #[test]
    fn results_lead_to_their_lines() {
        let fault = Fault::new("blank-cell", Place::File, words!("空", "blank")).with_hint(words!("补填", "fill in"));
        let at = |column| LineColumn { line: 3, column };
        let mut finding = Finding::at(Level::Error, "content/青石/2023.md", (at(5), at(9)), fault);
        finding.waived = Some("原件如此".to_owned());
        let rules = [RuleCard {
            name: "blank-cell",
            level: Level::Error,
            summary: "有空格".into(),
            checks: "各表".into(),
            manual: "…".into(),
            page: None,
        }];
        let log: Value = serde_json::from_str(&print_sarif(&[finding], &rules, "site/", Language::Chinese)).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "site/content/%E9%9D%92%E7%9F%B3/2023.md");
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["endColumn"], 9);
        assert_eq!((result["ruleIndex"].as_u64(), result["suppressions"][0]["justification"].as_str()), (Some(0), Some("原件如此")));
        assert_eq!(result["message"]["text"], "空\n补填");
    }
}
