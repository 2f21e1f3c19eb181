//! Blocks → clean Markdown.

use std::fmt::Write as _;

use crate::form::strip_numbering;
use crate::import::block::{Block, Run, Runs, is_blank_char};
use crate::import::grid::Grid;

/// The Markdown of blocks, paragraphs apart by empty lines, ending in a line feed if there is any.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for block in blocks {
        let (text, item) = match block {
            Block::Heading { runs, level, .. } => (heading(&plain_text(runs), *level), false),
            Block::Paragraph { runs, .. } => (paragraph(runs), false),
            Block::ListItem { marker, depth, runs, .. } => list_item(marker, *depth, runs),
            Block::Table(grid) => (table(grid), false),
            Block::Lines(_) => (String::new(), false),
        };
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if item && in_list { "\n" } else { "\n\n" });
        }
        out.push_str(&text);
        in_list = item;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// A paragraph, or a sub-head if it looks like one.
fn paragraph(runs: &Runs) -> String {
    let text = plain_text(runs);
    if let Some(head) = subhead(&text, runs.all_strong()) {
        return head;
    }
    let text = inline(runs);
    escape_start(&tidy_number(&text))
}

/// "（一）主动公开" → "### （一）主动公开"; a bold line with a number below that → "####".
fn subhead(text: &str, strong: bool) -> Option<String> {
    let tidy = tidy_number(text);
    let title = strip_numbering(&tidy);
    let numbered = title.len() < tidy.len();
    let count = title.chars().count();
    let sentence = title.contains(['。', '；', '，', '！', '？']) || title.ends_with(['：', ':', '、']);
    if sentence || count == 0 || count > 30 || !(numbered || strong) {
        return None;
    }
    if tidy.starts_with('（') && numbered {
        return Some(format!("### {}", escape(&tidy)));
    }
    (strong && numbered).then(|| format!("#### {}", escape(&tidy)))
}

fn heading(text: &str, level: u8) -> String {
    let tidy = tidy_number(text);
    // Below the sections (##) two levels are enough for a report.
    let marks = if level <= 2 || tidy.starts_with('（') { "###" } else { "####" };
    format!("{marks} {}", escape(&tidy))
}

fn list_item(marker: &str, depth: u8, runs: &Runs) -> (String, bool) {
    let text = inline(runs);
    let indent = "  ".repeat(usize::from(depth.min(5)));
    let digits = marker.trim_end_matches(['.', ')', '．']);
    if marker.is_empty() {
        return (format!("{indent}- {text}"), true);
    }
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return (format!("{indent}{digits}. {text}"), true);
    }
    let mut with_marker = Runs(vec![Run::plain(marker)]);
    runs.0.iter().for_each(|run| with_marker.push(run.clone()));
    (paragraph(&with_marker), false)
}

/// Mixed brackets and stray spaces in a leading number are put right: "(1） 主动公开" → "（1）主动公开".
pub(super) fn tidy_number(text: &str) -> String {
    let title = strip_numbering(text);
    let prefix = &text[..text.len() - title.len()];
    let number: String = prefix.chars().filter(|c| c.is_alphanumeric() || "〇零".contains(*c)).collect();
    let bracketed = prefix.contains(['（', '(', '〔']) || prefix.contains('[');
    if bracketed && !number.is_empty() { format!("（{number}）{title}") } else { text.to_owned() }
}

/// The text of runs, trimmed, with single spaces.
pub(super) fn plain_text(runs: &Runs) -> String {
    squeeze(&runs.text())
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if is_blank_char(c) {
            gap |= c.is_whitespace();
        } else {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
    }
    out
}

/// Runs as inline Markdown: emphasis without spaces inside its marks, links, special characters escaped.
fn inline(runs: &Runs) -> String {
    let mut out = String::new();
    for run in &runs.0 {
        if run.raw {
            out.push_str(run.text.trim());
            continue;
        }
        let start = run.text.len() - run.text.trim_start_matches(is_blank_char).len();
        let core = run.text.trim_matches(is_blank_char);
        if core.is_empty() {
            out.push_str(&run.text);
            continue;
        }
        let mark = match (run.strong, run.emphasis) {
            (true, true) => "***",
            (true, false) => "**",
            (false, true) => "*",
            (false, false) => "",
        };
        let text = escape(&squeeze(core));
        let text = run.link.as_ref().map_or_else(|| text.clone(), |url| format!("[{text}](<{}>)", url.replace(['<', '>', '\n'], "")));
        let _ = write!(out, "{}{mark}{text}{mark}{}", &run.text[..start], &run.text[start + core.len()..]);
    }
    if runs.0.iter().any(|run| run.raw) { out } else { squeeze(&out) }
}

/// Escapes what Markdown would read as marks.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let word = |other: Option<&char>| other.is_some_and(|c| c.is_alphanumeric());
        let inside_word = *c == '_' && at > 0 && word(chars.get(at - 1)) && word(chars.get(at + 1));
        let link = *c == '[' && text.contains("](");
        let entity = *c == '&' && chars.get(at + 1).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#');
        if matches!(c, '\\' | '*' | '`' | '<' | '~') || (*c == '_' && !inside_word) || link || entity {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// Escapes what Markdown would read as a block mark at the start of a line.
fn escape_start(text: &str) -> String {
    let marks = ["# ", "## ", "### ", "> ", "- ", "+ ", "---", "==="];
    let year = text
        .split_once(['.', ')'])
        .is_some_and(|(digits, rest)| digits.len() > 2 && digits.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' '));
    if marks.iter().any(|mark| text.starts_with(mark)) || text.starts_with('>') {
        return format!("\\{text}");
    }
    if year {
        return text.replacen('.', "\\.", 1);
    }
    text.to_owned()
}

/// A table as Markdown. Cells that spans cover are empty.
fn table(grid: &Grid) -> String {
    let cols = grid.cells.iter().map(|cell| cell.col + 1).max().unwrap_or(0) as usize;
    let mut out = String::new();
    for (index, row) in grid.by_row().into_iter().enumerate() {
        let mut texts = vec![String::new(); cols];
        for cell in row {
            let lines: Vec<String> = cell.text.lines().map(|line| escape(&squeeze(line)).replace('|', "\\|")).collect();
            texts[cell.col as usize] = lines.join("<br>");
        }
        let _ = writeln!(out, "| {} |", texts.join(" | "));
        if index == 0 {
            let _ = writeln!(out, "|{}", " --- |".repeat(cols));
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::block::Place;

    fn paragraphs(texts: &[&str]) -> Vec<Block> {
        texts.iter().map(|text| Block::paragraph(*text, Place::Unknown)).collect()
    }

    #[test]
    fn sub_heads_are_known_by_their_number_and_length() {
        let blocks = paragraphs(&["(1） 主动公开", "（一）认识还不到位，较被动。部分科室不强。", "1.丰富图解", "　　正文　"]);
        assert_eq!(markdown(&blocks), "### （1）主动公开\n\n（一）认识还不到位，较被动。部分科室不强。\n\n1.丰富图解\n\n正文\n");
    }

    #[test]
    fn marks_are_escaped_and_emphasis_is_tight() {
        let run = |text: &str, strong: bool| Run { text: text.into(), strong, ..Run::default() };
        let runs = Runs(vec![run("问题： ", true), run("a*b <c> 邮箱a_b@163.com", false)]);
        assert_eq!(markdown(&[Block::Paragraph { runs, place: Place::Unknown }]), "**问题：** a\\*b \\<c> 邮箱a_b@163.com\n");
        assert_eq!(markdown(&paragraphs(&["# 号", "- 甲"])), "\\# 号\n\n\\- 甲\n");
    }

    #[test]
    fn lists_and_tables_are_written() {
        let item =
            |marker: &str, text: &str| Block::ListItem { marker: marker.into(), depth: 0, runs: Runs::plain(text), place: Place::Unknown };
        let mut builder = crate::import::grid::GridBuilder::new(Place::Unknown);
        for (row, col, text) in [(0, 0, "甲"), (0, 1, "乙|丙"), (1, 0, "1\n2")] {
            assert!(builder.add_single(row, col, text, Place::Unknown).is_ok());
        }
        let blocks = [item("", "一"), item("", "二"), item("1.", "三"), item("（一）", "监督保障"), Block::Table(builder.finish())];
        assert_eq!(markdown(&blocks), "- 一\n- 二\n1. 三\n\n### （一）监督保障\n\n| 甲 | 乙\\|丙 |\n| --- | --- |\n| 1<br>2 |  |\n");
    }
}
