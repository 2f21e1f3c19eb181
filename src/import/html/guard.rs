//! What would make an HTML parser run away is refused before it is parsed.
//!
//! The tree builder walks its stack of open elements for many tags, and opens all open formatting
//! elements anew in each paragraph; both are quadratic in nesting that no page has.

use crate::import::fault::{Fault, Measure};

const MAX_TAGS: u64 = 600_000;
const MAX_DEPTH: u64 = 256;
const MAX_REOPENED: u64 = 3_000_000;

/// Elements that the tree builder opens again after a paragraph ends.
const FORMATTING: [&str; 13] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strong", "u", "strike"];

/// Elements whose end tag may be missing, or that have none: they do not count for depth.
const LOOSE: [&str; 28] = [
    "p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "option", "br", "hr", "img", "input", "meta", "link", "col",
    "colgroup", "area", "base", "embed", "param", "source", "wbr", "html", "head", "body",
];

/// Counts tags, depth and reopened formatting.
pub(super) fn check(page: &str) -> Result<(), Fault> {
    let (mut tags, mut depth, mut formatting, mut reopened) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closing = rest.starts_with('/');
        let name = tag_name(rest.trim_start_matches('/'));
        if name.is_empty() {
            continue;
        }
        tags += 1;
        if FORMATTING.contains(&name.as_str()) {
            formatting = if closing { formatting.saturating_sub(1) } else { formatting + 1 };
        } else {
            reopened += formatting;
        }
        if !LOOSE.contains(&name.as_str()) {
            depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        }
        if !closing && matches!(name.as_str(), "script" | "style") {
            rest = skip_raw(rest, &name);
            depth = depth.saturating_sub(1);
        }
        limit(Measure::Elements, tags, MAX_TAGS)?;
        limit(Measure::Depth, depth, MAX_DEPTH)?;
        limit(Measure::Elements, reopened, MAX_REOPENED)?;
    }
    Ok(())
}

fn limit(what: Measure, found: u64, limit: u64) -> Result<(), Fault> {
    if found > limit { Err(Fault::TooLarge { what, limit }) } else { Ok(()) }
}

fn tag_name(rest: &str) -> String {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return String::new();
    }
    rest.chars().take_while(|c| c.is_ascii_alphanumeric()).take(16).collect::<String>().to_ascii_lowercase()
}

/// Behind the end of a script or style, whose text is no markup.
fn skip_raw<'a>(rest: &'a str, name: &str) -> &'a str {
    let end = format!("</{name}");
    let lower = rest.as_bytes().windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()));
    let Some(at) = lower else { return "" };
    let behind = at + end.len();
    rest.get(behind..).unwrap_or("")
}
