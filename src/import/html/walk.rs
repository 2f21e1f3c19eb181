//! The walk over an article: paragraphs, headings, lists, tables.

use scraper::{ElementRef, Node};

use crate::import::block::{Block, Note, NoteKind, Place, Run, Runs};
use crate::import::fault::Fault;
use crate::import::nest::RawTable;

use super::content::is_left_out;
use super::{collapse, styled};

/// What is carried along.
#[derive(Default)]
pub(super) struct Walk {
    /// What was passed over.
    pub(super) notes: Vec<Note>,
    paragraph: u32,
    lists: Vec<List>,
}

struct List {
    ordered: bool,
    next: u32,
}

/// The blocks made so far, and the paragraph under way.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block>,
    runs: Runs,
    kind: Kind,
}

/// What the paragraph under way is.
#[derive(Default, Clone)]
enum Kind {
    #[default]
    Paragraph,
    Heading(u8),
    Item(String),
}

impl Walk {
    /// The blocks of the main content.
    pub(super) fn page(&mut self, content: ElementRef<'_>) -> Result<Vec<Block>, Fault> {
        if content.value().name() == "table" {
            return self.table(content);
        }
        self.blocks(content)
    }

    fn blocks(&mut self, parent: ElementRef<'_>) -> Result<Vec<Block>, Fault> {
        let mut flow = Flow::default();
        self.children(parent, &Run::default(), &mut flow)?;
        self.close(&mut flow);
        Ok(flow.blocks)
    }

    fn place(&self) -> Place {
        Place::Paragraph(self.paragraph)
    }

    fn children(&mut self, parent: ElementRef<'_>, style: &Run, flow: &mut Flow) -> Result<(), Fault> {
        for child in parent.children() {
            match child.value() {
                Node::Text(text) => {
                    let before = flow.runs.0.last().and_then(|run| run.text.chars().next_back());
                    flow.runs.push(styled(style, collapse(text, before)));
                }
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(child) {
                        self.element(element, style, flow)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn element(&mut self, element: ElementRef<'_>, style: &Run, flow: &mut Flow) -> Result<(), Fault> {
        if is_left_out(element) {
            return Ok(());
        }
        if let Some(kind) = left_out(element) {
            self.leave_out(kind, element);
            return Ok(());
        }
        match element.value().name() {
            "sup" => {
                let text: String = element.text().collect();
                flow.runs.push(styled(style, crate::import::block::raised(text.trim())));
            }
            "br" => flow.runs.push(styled(style, "\n".to_owned())),
            "img" => self.note(NoteKind::Picture, element.attr("alt").unwrap_or("").trim()),
            "table" => {
                self.close(flow);
                flow.blocks.extend(self.table(element)?);
            }
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let level = name.as_bytes().get(1).map_or(1, |digit| digit - b'0');
                self.block(element, Kind::Heading(level), flow)?;
            }
            "ul" | "ol" => self.list(element, flow)?,
            "li" => {
                let marker = self.marker();
                self.block(element, Kind::Item(marker), flow)?;
            }
            name if is_block(name) => self.block(element, flow.kind.clone(), flow)?,
            name => self.children(element, &inline_style(name, element, style), flow)?,
        }
        Ok(())
    }

    /// A block element: the paragraph before it ends, and so does its own.
    fn block(&mut self, element: ElementRef<'_>, kind: Kind, flow: &mut Flow) -> Result<(), Fault> {
        self.close(flow);
        let outer = std::mem::replace(&mut flow.kind, kind);
        let style = inline_style(element.value().name(), element, &Run::default());
        self.children(element, &style, flow)?;
        self.close(flow);
        flow.kind = outer;
        Ok(())
    }

    fn list(&mut self, element: ElementRef<'_>, flow: &mut Flow) -> Result<(), Fault> {
        let ordered = element.value().name() == "ol";
        let next = element.attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        self.close(flow);
        self.lists.push(List { ordered, next });
        self.children(element, &Run::default(), flow)?;
        self.close(flow);
        self.lists.pop();
        Ok(())
    }

    fn marker(&mut self) -> String {
        match self.lists.last_mut() {
            Some(list) if list.ordered => {
                list.next = list.next.saturating_add(1);
                format!("{}.", list.next - 1)
            }
            _ => String::new(),
        }
    }

    /// Ends the paragraph under way.
    fn close(&mut self, flow: &mut Flow) {
        let runs = std::mem::take(&mut flow.runs);
        if runs.is_blank() {
            return;
        }
        self.paragraph += 1;
        let place = self.place();
        flow.blocks.push(match flow.kind.clone() {
            Kind::Paragraph => Block::Paragraph { runs, place },
            Kind::Heading(level) => Block::Heading { level, runs, place },
            Kind::Item(marker) => {
                // The rest of an item that goes on after an inner list is a paragraph.
                flow.kind = Kind::Paragraph;
                let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                Block::ListItem { marker, depth, runs, place }
            }
        });
    }

    fn table(&mut self, table: ElementRef<'_>) -> Result<Vec<Block>, Fault> {
        let mut raw = RawTable::new(self.place());
        let mut before = Vec::new();
        for part in table.child_elements() {
            match part.value().name() {
                "caption" => before.extend(self.blocks(part)?),
                "tr" => self.row(part, None, &mut raw)?,
                "thead" | "tbody" | "tfoot" => {
                    for row in part.child_elements().filter(|row| row.value().name() == "tr") {
                        self.row(row, left_out(part), &mut raw)?;
                    }
                }
                _ => {}
            }
        }
        before.extend(raw.settle()?);
        Ok(before)
    }

    /// A row; `outer` is why the part of the table that it stands in is passed over.
    fn row(&mut self, row: ElementRef<'_>, outer: Option<NoteKind>, raw: &mut RawTable) -> Result<(), Fault> {
        let of_row = outer.or_else(|| left_out(row));
        let cells = row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"));
        // A hidden row takes no room; the cells of a struck one keep their places.
        if of_row == Some(NoteKind::Hidden) {
            cells.for_each(|cell| self.leave_out(NoteKind::Hidden, cell));
            return Ok(());
        }
        raw.next_row();
        for cell in cells {
            let span = |name: &str| cell.attr(name).and_then(read_span).unwrap_or(1);
            let spans = (span("rowspan"), span("colspan"));
            let place = self.place();
            let blocks = match of_row.or_else(|| left_out(cell)) {
                Some(kind) => {
                    self.leave_out(kind, cell);
                    Vec::new()
                }
                None => self.blocks(cell)?,
            };
            raw.flow(blocks, spans, place)?;
        }
        Ok(())
    }

    /// Says what an element holds that is passed over.
    fn leave_out(&mut self, kind: NoteKind, element: ElementRef<'_>) {
        let text: String = element.text().collect();
        if !text.trim().is_empty() {
            self.note(kind, text.trim());
        }
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        let place = self.place();
        self.notes.push(Note { kind, text: text.to_owned(), place });
    }
}

/// Spans as browsers read them: leading digits; a number too large for any table is absurd anyway.
fn read_span(text: &str) -> Option<u32> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    if digits.len() > 9 { Some(u32::MAX) } else { digits.parse().ok() }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "center"
            | "blockquote"
            | "dl"
            | "dt"
            | "dd"
            | "pre"
            | "address"
            | "fieldset"
            | "form"
            | "figure"
            | "figcaption"
            | "hr"
            | "details"
            | "summary"
            | "ucapcontent"
            | "body"
            | "tr"
            | "td"
    )
}

/// Why an element is passed over, if it is.
fn left_out(element: ElementRef<'_>) -> Option<NoteKind> {
    is_hidden(element).then_some(NoteKind::Hidden).or_else(|| is_struck(element).then_some(NoteKind::Struck))
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let style: String = element.attr("style").unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
    element.attr("hidden").is_some() || style.to_ascii_lowercase().contains("display:none")
}

/// Whether a line goes through the text: it was replaced by what stands beside it.
fn is_struck(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or("").to_ascii_lowercase();
    matches!(element.value().name(), "s" | "strike" | "del") || style.contains("line-through")
}

/// The style that an element adds to the text inside.
fn inline_style(name: &str, element: ElementRef<'_>, outer: &Run) -> Run {
    let mut style = outer.clone();
    style.strong |= matches!(name, "b" | "strong");
    style.emphasis |= matches!(name, "i" | "em");
    let css: String = element.attr("style").unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
    let css = css.to_ascii_lowercase();
    if ["font-weight:bold", "font-weight:700", "font-weight:800", "font-weight:900"].iter().any(|bold| css.contains(bold)) {
        style.strong = true;
    } else if css.contains("font-weight:normal") || css.contains("font-weight:400") {
        style.strong = false;
    }
    if name == "a" {
        style.link = element.attr("href").filter(|href| href.starts_with("http")).map(str::to_owned);
    }
    style
}
