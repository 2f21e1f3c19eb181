//! Markdown as people write or export it → blocks.
//!
//! Prose is kept as written: the source text of a paragraph is already what the report wants. Only
//! headings, list items and tables are taken apart. HTML tables inside are read as HTML.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::block::{Block, Document, NoteKind, Place, Run, Runs};
use super::decode::{Foreign, decode};
use super::fault::{Fault, Measure};
use super::grid::GridBuilder;

/// Nesting of quotes and lists beyond which no document goes.
const MAX_DEPTH: usize = 40;
const MAX_BLOCKS: usize = 50_000;

/// Reads a Markdown file.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let Foreign { text, lossy } = decode(bytes);
    let mut document = Document::default();
    if lossy {
        document.note(NoteKind::Undecodable, "", Place::Unknown);
    }
    let mut walk = Walk { source: &text, depth: 0, lists: Vec::new(), blocks: Vec::new(), item: None, counted: (0, 1).into() };
    walk.run()?;
    document.blocks = walk.blocks;
    Ok(document)
}

struct Walk<'s> {
    source: &'s str,
    depth: usize,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    blocks: Vec<Block>,
    /// The marker of an item whose text has not come yet.
    item: Option<String>,
    /// An offset and its line, from which the next lines are counted.
    counted: std::cell::Cell<(usize, u32)>,
}

impl Walk<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        let source = self.source;
        let mut events = Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter();
        while let Some((event, span)) = events.next() {
            if self.blocks.len() > MAX_BLOCKS {
                return Err(Fault::TooLarge { what: Measure::Elements, limit: MAX_BLOCKS as u64 });
            }
            match event {
                Event::Start(Tag::Table(_)) => self.table(&mut events, span.start)?,
                Event::Start(Tag::Paragraph) => {
                    self.prose(source[span.clone()].trim_end(), span.start);
                    skip(&mut events, |end| *end == TagEnd::Paragraph);
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    let text = source[span.clone()].trim().trim_start_matches('#').trim_end_matches('#').trim().to_owned();
                    self.blocks.push(Block::Heading { level: depth_of(level), runs: raw(text), place: self.place(span.start) });
                    skip(&mut events, |end| matches!(end, TagEnd::Heading(_)));
                }
                Event::Start(Tag::HtmlBlock) => {
                    self.blocks.extend(super::html::read(source[span].as_bytes())?.blocks);
                    skip(&mut events, |end| *end == TagEnd::HtmlBlock);
                }
                Event::Start(Tag::CodeBlock(_)) => {
                    self.prose(source[span.clone()].trim_end(), span.start);
                    skip(&mut events, |end| *end == TagEnd::CodeBlock);
                }
                Event::Start(Tag::List(first)) => {
                    self.lists.push(first);
                    self.go_down()?;
                }
                Event::End(TagEnd::List(_)) => {
                    self.lists.pop();
                    self.depth -= 1;
                }
                Event::Start(Tag::Item) => self.item = Some(self.marker()),
                Event::Start(Tag::BlockQuote(_)) => self.go_down()?,
                Event::End(TagEnd::BlockQuote(_)) => self.depth -= 1,
                // The text of a tight list item comes without a paragraph around it.
                Event::Text(_) | Event::Code(_) if self.item.is_some() => {
                    let line = source[span.start..].lines().next().unwrap_or("");
                    self.prose(line.trim_end(), span.start);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn go_down(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::TooLarge { what: Measure::Depth, limit: MAX_DEPTH as u64 });
        }
        Ok(())
    }

    fn marker(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(next)) => {
                *next += 1;
                format!("{}.", *next - 1)
            }
            _ => String::new(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let (from, line) = Some(self.counted.get()).filter(|(from, _)| *from <= offset).unwrap_or((0, 1));
        let more = self.source[from..offset].bytes().filter(|byte| *byte == b'\n').count();
        let line = line.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.counted.set((offset, line));
        Place::Line(line)
    }

    fn prose(&mut self, text: &str, offset: usize) {
        let place = self.place(offset);
        let runs = raw(text.to_owned());
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        self.blocks.push(match self.item.take() {
            Some(marker) => Block::ListItem { marker, depth, runs, place },
            None => Block::Paragraph { runs, place },
        });
    }

    fn table<'e>(&mut self, events: &mut impl Iterator<Item = (Event<'e>, std::ops::Range<usize>)>, start: usize) -> Result<(), Fault> {
        let mut builder = GridBuilder::new(self.place(start));
        let (mut row, mut col, mut text) = (0, 0, String::new());
        for (event, span) in events {
            match event {
                Event::Text(piece) | Event::Code(piece) => text.push_str(&piece),
                Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => text.push('\n'),
                Event::End(TagEnd::TableCell) => {
                    builder.add_single(row, col, std::mem::take(&mut text), self.place(span.start))?;
                    col += 1;
                }
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => (row, col) = (row + 1, 0),
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        self.blocks.push(Block::Table(builder.finish()));
        Ok(())
    }
}

/// Text that is Markdown already.
fn raw(text: String) -> Runs {
    Runs(vec![Run { text, raw: true, ..Run::default() }])
}

fn skip<'e>(events: &mut impl Iterator<Item = (Event<'e>, std::ops::Range<usize>)>, is_end: impl Fn(&TagEnd) -> bool) {
    for (event, _) in events {
        if matches!(&event, Event::End(end) if is_end(end)) {
            break;
        }
    }
}

fn depth_of(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Prose is kept as written; tables become grids; lists keep their numbers.
    #[test]
    fn markdown_is_taken_apart() {
        let source =
            "# 年报\n\n## 一、总体情况\n\n**注意：**请于\n下行\n\n1. 甲\n2. 乙\n\n| 信息内容 | 制发 |\n|---|---|\n| 规章 | 1<br>2 |\n";
        let blocks = read(source.as_bytes()).unwrap().blocks;
        let texts: Vec<_> = blocks.iter().map(Block::text).collect();
        assert_eq!(texts, ["年报", "一、总体情况", "**注意：**请于\n下行", "1.甲", "2.乙", "信息内容\t制发\n规章\t1\n2"]);
        assert!(matches!(blocks[1], Block::Heading { level: 2, place: Place::Line(3), .. }));
    }
}
