//! Findings for the terminal: the source line, the culprit underlined, what to do.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level as Mark, Origin, Renderer, Snippet};

use super::{Finding, Level};
use crate::text::{Language, Source, display_width};

/// How findings look on a terminal.
#[derive(Debug, Clone, Copy)]
pub struct TextStyle {
    /// Whether colours are used.
    pub colour: bool,
    /// The reader's language.
    pub language: Language,
}

/// Prints one finding. `source` is the text of its file, if that can still be read; without it the
/// place is named in words.
pub fn print_text(finding: &Finding, source: Option<&Source>, style: TextStyle) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    let message = finding.message.in_language(style.language);
    let title = mark(finding.level, style.language).primary_title(message).id(finding.rule);
    let hint = finding.hint.as_ref().map(|hint| hint.in_language(style.language));
    let line = source.and_then(|source| LineView::of(source, finding));
    // The place is named by itself: a snippet would count the column in what is shown of a long line.
    let place = Origin::path(finding.path.as_str()).line(finding.start.line as usize).char_column(finding.start.column as usize);
    let group = title.element(place);
    let group = match &line {
        Some(view) => group.element(
            Snippet::source(view.text)
                .line_start(finding.start.line as usize)
                .annotation(AnnotationKind::Primary.span(view.start..view.end)),
        ),
        None => group,
    };
    let group = match hint {
        Some(hint) => group.element(help(style.language).message(hint)),
        None => group,
    };
    renderer.render(&[group])
}

fn mark(level: Level, language: Language) -> Mark<'static> {
    let zh = language == Language::Chinese;
    match level {
        Level::Error => Mark::ERROR.with_name(if zh { "错误" } else { "error" }),
        Level::Warning => Mark::WARNING.with_name(if zh { "警告" } else { "warning" }),
        Level::Info | Level::Off => Mark::INFO.with_name(if zh { "提示" } else { "info" }),
    }
}

fn help(language: Language) -> Mark<'static> {
    Mark::HELP.with_name(if language == Language::Chinese { "建议" } else { "help" })
}

/// The one line of the file that is shown, and the culprit's byte range in it.
struct LineView<'s> {
    text: &'s str,
    start: usize,
    end: usize,
}

/// A line longer than this (in columns) is cut around the culprit, so that a paragraph of prose
/// does not fill the screen.
const WIDEST_LINE: usize = 120;

impl<'s> LineView<'s> {
    fn of(source: &'s Source, finding: &Finding) -> Option<Self> {
        let line = source.text.lines().nth(finding.start.line as usize - 1)?;
        let start = byte_of_column(line, finding.start.column);
        let end = if finding.end.line > finding.start.line { line.len() } else { byte_of_column(line, finding.end.column) };
        let end = end.max(start);
        if display_width(line) <= WIDEST_LINE {
            return Some(Self { text: line, start, end });
        }
        Some(Self::cut(line, start, end))
    }

    fn cut(line: &'s str, start: usize, end: usize) -> Self {
        let from = line[..start].char_indices().rev().nth(20).map_or(0, |(at, _)| at);
        let to = line[start..].char_indices().nth(40).map_or(line.len(), |(at, _)| start + at);
        let to = to.max(from);
        Self { text: &line[from..to], start: start - from, end: end.min(to) - from }
    }
}

fn byte_of_column(line: &str, column: u32) -> usize {
    line.char_indices().nth(column as usize - 1).map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fault, Place};
    use crate::words;

    /// The underline stands under the culprit although each Han character is two columns wide.
    #[test]
    fn the_underline_has_the_right_width_under_chinese() {
        let source = Source::new("content/a/2020.md", "总计 = 文字\n");
        let fault = Fault::new("text-in-cell", Place::File, words!("不是数字", "not a number"));
        let place = (source.line_column(9), source.line_column(15));
        let finding = Finding::at(Level::Error, "content/a/2020.md", place, fault);
        let shown = print_text(&finding, Some(&source), TextStyle { colour: false, language: Language::Chinese });
        assert!(shown.contains("错误[text-in-cell]: 不是数字"), "{shown}");
        assert!(shown.contains("总计 = 文字"), "{shown}");
        assert!(shown.lines().any(|line| line.ends_with("       ━━━━")), "{shown}");
    }

    /// A long line is cut around the culprit; its column is still that of the file.
    #[test]
    fn a_cut_line_keeps_its_column() {
        let source = Source::new("content/a/2020.md", format!("一\n{}（文字描述）{}\n", "村".repeat(3000), "乡".repeat(3000)));
        let start = "一\n".len() + 3000 * '村'.len_utf8();
        let place = (source.line_column(start), source.line_column(start + "（文字描述）".len()));
        let finding = Finding::at(Level::Error, "content/a/2020.md", place, Fault::new("x", Place::File, words!("甲", "a")));
        let shown = print_text(&finding, Some(&source), TextStyle { colour: false, language: Language::Chinese });
        assert!(shown.contains("content/a/2020.md:2:3001"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() < 100), "{shown}");
        assert!(shown.contains("━━━━━━━━━━━━"), "{shown}");
    }
}
