//! Findings as one JSON object, the contract of design.md §4.

use serde::Serialize;

use super::{Finding, Tally};
use crate::text::Language;

#[derive(Serialize)]
struct Output<'f> {
    reports: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<Item<'f>>,
}

#[derive(Serialize)]
struct Item<'f> {
    rule: &'f str,
    level: &'f str,
    path: &'f str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: &'f str,
    hint: Option<&'f str>,
    agency: Option<&'f str>,
    year: Option<u16>,
    cells: &'f [String],
}

/// Prints the findings that count, and the number of reports they were looked for in.
pub fn print_json(findings: &[Finding], reports: usize, language: Language) -> String {
    let tally = Tally::of(findings);
    let output = Output {
        reports,
        errors: tally.errors,
        warnings: tally.warnings,
        findings: findings.iter().filter(|f| f.counts()).map(|f| item(f, language)).collect(),
    };
    // Serialising plain structs of strings and integers cannot fail.
    serde_json::to_string_pretty(&output).unwrap_or_default() + "\n"
}

fn item(finding: &Finding, language: Language) -> Item<'_> {
    Item {
        rule: finding.rule,
        level: finding.level.name(),
        path: &finding.path,
        line: finding.start.line,
        column: finding.start.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        message: finding.message.in_language(language),
        hint: finding.hint.as_ref().map(|hint| hint.in_language(language)),
        agency: finding.agency.as_deref(),
        year: finding.year,
        cells: &finding.cells,
    }
}
