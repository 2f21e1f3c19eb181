//! Findings as workflow commands of GitHub Actions, which show them at the lines of a pull request.

use super::{Finding, Level};
use crate::text::Language;

/// Prints the findings that count, one a line. `prefix` leads from the repository's directory to the
/// site's root, or is empty.
pub fn print_github(findings: &[Finding], prefix: &str, language: Language) -> String {
    findings.iter().filter(|finding| finding.counts()).map(|finding| line(finding, prefix, language)).collect()
}

fn line(finding: &Finding, prefix: &str, language: Language) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Off => "notice",
    };
    let mut message = finding.message.in_language(language).to_owned();
    if let Some(hint) = &finding.hint {
        message = format!("{message}\n{}", hint.in_language(language));
    }
    let (start, end) = (finding.start, finding.end);
    // Columns mean something only within one line.
    let columns = if start.line == end.line { format!(",col={},endColumn={}", start.column, end.column) } else { String::new() };
    let file = property(&format!("{prefix}{}", finding.path));
    format!(
        "::{command} file={file},line={},endLine={}{columns},title={}::{}\n",
        start.line,
        end.line,
        property(finding.rule),
        data(&message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fault, Place};
    use crate::text::{LineColumn, words};

    /// What a report's author writes cannot end the command and begin another.
    #[test]
    fn messages_stay_on_their_line() {
        let fault = Fault::new("text-in-cell", Place::File, words!("“a\n::error::b”占5%", "x"));
        let at = |column| LineColumn { line: 3, column };
        let finding = Finding::at(Level::Warning, "content/a,b:100%/2023.md", (at(5), at(9)), fault);
        let printed = print_github(&[finding], "", Language::Chinese);
        assert_eq!(
            printed,
            "::warning file=content/a%2Cb%3A100%25/2023.md,line=3,endLine=3,col=5,endColumn=9,title=text-in-cell::“a%0A::error::b”占5%25\n"
        );
    }
}
