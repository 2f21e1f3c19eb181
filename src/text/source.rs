//! A decoded file and the way from byte spans to lines and columns.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use crate::pack::packed;

/// A byte range of a [`Source`].
pub type Span = Range<usize>;

/// A place for people: both numbers start at 1; columns count characters, as editors do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

packed!(LineColumn { line, column });

/// A file's name and decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path below the site's root, with `/` between its parts.
    pub path: String,
    /// The decoded text.
    pub text: String,
}

impl Source {
    /// A source from its path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The line and column of a byte offset. An offset past the end, or inside a character, is taken
    /// back to the nearest character before it.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        line_column(&self.text, offset)
    }
}

/// The lines of a text, each with its line break.
pub fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |newline| newline + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// Where the lines of a text begin, for placing many offsets at a time.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    text: &'t str,
    /// Not listed for a few offsets.
    starts: Option<Vec<usize>>,
}

/// For no more offsets than these, counting lines anew each time is less work than listing them.
const FEW: usize = 8;

impl<'t> Lines<'t> {
    /// The lines of a text in which so many offsets will be placed.
    pub fn of(text: &'t str, offsets: usize) -> Self {
        let starts = || std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        Self { text, starts: (offsets > FEW).then(starts) }
    }

    /// The line and column of a byte offset, as [`Source::line_column`] gives them.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let Some(starts) = &self.starts else { return line_column(self.text, offset) };
        let offset = floor_char_boundary(self.text, offset);
        let line = starts.partition_point(|start| *start <= offset);
        let column = self.text[starts[line - 1]..offset].chars().count() + 1;
        LineColumn { line: as_u32(line), column: as_u32(column) }
    }
}

fn line_column(text: &str, offset: usize) -> LineColumn {
    let offset = floor_char_boundary(text, offset);
    let before = &text[..offset];
    let line_start = memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
    let line = memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before[line_start..].chars().count() + 1;
    LineColumn { line: as_u32(line), column: as_u32(column) }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns count characters, not bytes: 总 and 计 are three bytes each.
    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.md", "一\n总计 = 7\n");
        assert_eq!(source.line_column(4 + 6), LineColumn { line: 2, column: 3 });
        assert_eq!(source.line_column(0), LineColumn { line: 1, column: 1 });
    }

    /// Many offsets at a time give the same as one by one.
    #[test]
    fn lines_place_as_sources_do() {
        let source = Source::new("a.md", "一\n总计 = 7\n\n末");
        for lines in [Lines::of(&source.text, 100), Lines::of(&source.text, 1)] {
            for offset in 0..source.text.len() + 3 {
                assert_eq!(lines.line_column(offset), source.line_column(offset));
            }
        }
    }

    #[test]
    fn lines_keep_their_breaks() {
        for text in ["", "一", "一\n", "\n\n一\r\n二", "一\n二\n"] {
            assert!(whole_lines(text).eq(text.split_inclusive('\n')), "{text:?}");
        }
    }

    #[test]
    fn offsets_outside_the_text_are_taken_back() {
        let source = Source::new("a.md", "一");
        assert_eq!(source.line_column(1), LineColumn { line: 1, column: 1 });
        assert_eq!(source.line_column(99), LineColumn { line: 1, column: 2 });
    }
}
