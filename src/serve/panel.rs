//! What is put into a page beside what `build` writes: one block before the end of its body, with the
//! findings that concern the page and the script that shows them and waits for changes.

use serde::Serialize;

use super::problem::Problem;
use crate::diagnostic::{Finding, Level, Tally};
use crate::pages::{Route, percent_encode};
use crate::site::Site;
use crate::text::Language;

/// The address of the script.
pub(super) const SCRIPT_PATH: &str = "/_gongkai/live.js";
/// The script: shows the panel, reloads the page when told to.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// Where the script listens.
pub(super) const LIVE_PATH: &str = "/_gongkai/live";
/// Sources of the site's files, with numbered lines: `/_gongkai/source/content/a/2023.md`.
pub(super) const SOURCE_PATH: &str = "/_gongkai/source/";

/// A panel with thousands of findings helps nobody; `check` has them all.
const MOST_FINDINGS: usize = 50;
const BLOCK_START: &str = "<script id=\"gongkai-live\" type=\"application/json\">";
const BLOCK_END: &str = "</script><script src=\"/_gongkai/live.js\" defer></script>";

/// What the panel of a page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Panel {
    problems: Vec<Item>,
    /// Whether the page shown is one from before the problems.
    stale: bool,
    findings: Vec<Item>,
    errors: usize,
    warnings: usize,
    language: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Item {
    level: &'static str,
    rule: &'static str,
    message: String,
    hint: Option<String>,
    place: Option<String>,
    link: Option<String>,
    line: Option<String>,
}

impl Panel {
    /// The panel of a page.
    pub(super) fn of(site: Option<&Site>, route: Option<&Route>, problems: &[Problem], stale: bool, language: Language) -> Self {
        let concerning: Vec<&Finding> = site.zip(route).map(|(site, route)| findings_of(site, route)).unwrap_or_default();
        let tally = Tally::of(concerning.iter().copied());
        Self {
            problems: problems.iter().map(|problem| problem_item(problem, language)).collect(),
            stale,
            findings: concerning.iter().take(MOST_FINDINGS).map(|finding| finding_item(finding, language)).collect(),
            errors: tally.errors,
            warnings: tally.warnings + tally.infos,
            language: language.tag(),
        }
    }

    /// The panel as JSON.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The findings that count and concern a page: a report's own; those of an agency and of all below it;
/// a year's; on the pages of the whole site, all.
fn findings_of<'s>(site: &'s Site, route: &Route) -> Vec<&'s Finding> {
    let about: Box<dyn Fn(&Finding) -> bool> = match route.page() {
        Route::Report { agency, year } => {
            let (agency, year) = (agency.clone(), *year);
            Box::new(move |finding| finding.agency.as_deref() == Some(&*agency) && finding.year == Some(year))
        }
        Route::Agency(id) => {
            let below = format!("content/{id}/");
            Box::new(move |finding| finding.path.starts_with(&below))
        }
        Route::Year(year) => {
            let year = *year;
            Box::new(move |finding| finding.year == Some(year))
        }
        Route::Rule(name) => {
            let name = name.clone();
            Box::new(move |finding| finding.rule == name)
        }
        Route::Attachment { .. } | Route::Asset(_) | Route::NotFound => return Vec::new(),
        _ => Box::new(|_| true),
    };
    let mut found: Vec<&Finding> = site.findings.all().filter(|finding| finding.counts() && about(finding)).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    found
}

fn finding_item(finding: &Finding, language: Language) -> Item {
    let place = (finding.path.clone(), finding.start.line, finding.start.column);
    Item {
        level: if finding.level == Level::Error { "error" } else { "warning" },
        rule: finding.rule,
        message: finding.message.in_language(language).to_owned(),
        hint: finding.hint.as_ref().map(|hint| hint.in_language(language).to_owned()),
        place: Some(format!("{}:{}", place.0, place.1)),
        link: Some(source_link(&place)),
        line: None,
    }
}

fn problem_item(problem: &Problem, language: Language) -> Item {
    Item {
        level: "error",
        rule: "",
        message: problem.message.in_language(language).to_owned(),
        hint: problem.hint.as_ref().map(|hint| hint.in_language(language).to_owned()),
        place: problem.place_text(),
        link: problem.place.as_ref().map(source_link),
        line: problem.line.clone(),
    }
}

/// Where a place in a file can be looked at.
fn source_link((path, line, column): &(String, u32, u32)) -> String {
    let path = percent_encode(path);
    if *line == 0 { format!("{SOURCE_PATH}{path}") } else { format!("{SOURCE_PATH}{path}?line={line}&column={column}#L{line}") }
}

/// Puts the block into a page: before the end of its body, or at its end if that is not to be found.
/// `seen` is what tells this version of the page from others.
pub(super) fn inject(page: &[u8], panel: &Panel, seen: &str) -> Vec<u8> {
    let state = format!("{{\"seen\":\"{seen}\",\"panel\":{}}}", panel.json());
    // No `<` can end the script element it stands in.
    let block = format!("{BLOCK_START}{}{BLOCK_END}", state.replace('<', "\\u003c"));
    let at = rfind(page, b"</body>").unwrap_or(page.len());
    let mut injected = Vec::with_capacity(page.len() + block.len());
    injected.extend_from_slice(&page[..at]);
    injected.extend_from_slice(block.as_bytes());
    injected.extend_from_slice(&page[at..]);
    injected
}

/// The page without the block: what `build` writes.
pub fn without_block(page: &[u8]) -> Vec<u8> {
    let Some(start) = rfind(page, BLOCK_START.as_bytes()) else { return page.to_vec() };
    let Some(length) = find(&page[start..], BLOCK_END.as_bytes()) else { return page.to_vec() };
    [&page[..start], &page[start + length + BLOCK_END.len()..]].concat()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn rfind(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    fn panel(message: &str) -> Panel {
        let problem =
            Problem {
                message: words!("{message}", "{message}"), hint: None, place: Some(("content/甲/2023.md".into(), 3, 1)), line: None
            };
        Panel::of(None, None, &[problem], true, Language::Chinese)
    }

    /// What is put into a page can be taken out again, whatever the page and the messages say.
    #[test]
    fn the_block_is_all_that_is_added() {
        for page in ["<html><body>甲</body></html>", "no body", "", "a</body>b</body>"] {
            let injected = inject(page.as_bytes(), &panel("坏了"), "1-2");
            assert!(injected.len() > page.len());
            assert_eq!(without_block(&injected), page.as_bytes());
        }
    }

    /// Nothing in a message can end the script element or begin another.
    #[test]
    fn messages_cannot_break_out_of_the_block() {
        let injected =
            String::from_utf8_lossy(&inject(b"<body></body>", &panel("</script><script>alert(1)</script><!--"), "1")).into_owned();
        assert_eq!(injected.matches("<script").count(), 2, "{injected}");
        assert!(!injected.contains("<!--"));
    }
}
