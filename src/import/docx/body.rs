//! The body of a Word document: paragraphs, lists, headings, and the runs inside them.

use crate::import::block::{Block, Note, NoteKind, Place, Run, Runs, raised};
use crate::import::fault::Fault;
use crate::import::xml::Element;

use super::numbering::{Marker, Numbering};
use super::parts::Parts;
use super::styles::{LEFT_OUT, Styles, is_on, numbering_of, outline_level};

/// What is carried along while walking.
pub(super) struct Walk<'p> {
    styles: Styles,
    numbering: Numbering,
    parts: &'p Parts,
    /// Footnote texts by id.
    pub(super) footnotes: Vec<(String, String)>,
    /// What was passed over.
    pub(super) notes: Vec<Note>,
    paragraph: u32,
    /// The runs of a paragraph whose mark was deleted: it goes on in the next one.
    unfinished: Runs,
}

/// What one paragraph holds: its runs, and the text boxes anchored in it.
#[derive(Default)]
struct Inline {
    runs: Runs,
    boxes: Vec<Block>,
}

#[derive(Clone, Default)]
struct Style {
    strong: bool,
    emphasis: bool,
    link: Option<String>,
    raised: bool,
    /// The style of the paragraph.
    paragraph: Option<String>,
}

impl<'p> Walk<'p> {
    /// A walk from the start of the document.
    pub(super) fn new(styles: Styles, numbering: Numbering, parts: &'p Parts) -> Self {
        let (footnotes, notes, unfinished) = (Vec::new(), Vec::new(), Runs::default());
        Self { styles, numbering, parts, footnotes, notes, paragraph: 0, unfinished }
    }

    /// Where the walk is.
    pub(super) fn place(&self) -> Place {
        Place::Paragraph(self.paragraph)
    }

    fn note(&mut self, kind: NoteKind, text: impl Into<String>) {
        let place = self.place();
        self.notes.push(Note { kind, text: text.into(), place });
    }

    /// The blocks inside a body, cell, text box or content control.
    pub(super) fn blocks(&mut self, parent: Element<'_>) -> Result<Vec<Block>, Fault> {
        let mut blocks = Vec::new();
        for child in parent.children() {
            match child.name() {
                "p" => self.paragraph(child, &mut blocks)?,
                "tbl" => blocks.extend(self.table(child)?),
                "sdt" if is_contents(child) => self.note(NoteKind::Label, super::plain_text(child).trim()),
                "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag" => blocks.extend(self.blocks(child)?),
                "AlternateContent" => {
                    if let Some(chosen) = chosen(child) {
                        blocks.extend(self.blocks(chosen)?);
                    }
                }
                "del" | "moveFrom" => self.deleted(child),
                "altChunk" => self.note(NoteKind::Unread, "w:altChunk"),
                _ => {}
            }
        }
        Ok(blocks)
    }

    fn paragraph(&mut self, element: Element<'_>, blocks: &mut Vec<Block>) -> Result<(), Fault> {
        self.paragraph += 1;
        let properties = element.child("pPr");
        let mut inline = Inline { runs: std::mem::take(&mut self.unfinished), ..Inline::default() };
        let by_style = properties.and_then(|p| p.child("pStyle")).and_then(|s| s.attribute("val"));
        self.inline(element, &Style { paragraph: by_style, ..Style::default() }, &mut inline)?;
        if properties.and_then(|p| p.child("rPr")).is_some_and(|mark| mark.child("del").is_some()) {
            self.unfinished = inline.runs;
        } else if let Some(block) = self.finish(properties, inline.runs) {
            blocks.push(block);
        }
        blocks.append(&mut inline.boxes);
        Ok(())
    }

    fn finish(&mut self, properties: Option<Element<'_>>, mut runs: Runs) -> Option<Block> {
        if runs.is_blank() {
            return None;
        }
        let place = self.place();
        let style = properties.and_then(|p| p.child("pStyle")).and_then(|s| s.attribute("val"));
        let marker = self.marker(properties, style.as_deref());
        let own_level = properties.and_then(outline_level);
        let level = own_level.or_else(|| style.as_deref().and_then(|id| self.styles.heading(id)));
        if let Some(level) = level {
            if let Some(marker) = marker {
                runs.0.insert(0, Run::plain(marker.text));
            }
            return Some(Block::Heading { level, runs, place });
        }
        Some(match marker {
            Some(Marker { text, depth }) => Block::ListItem { marker: text, depth, runs, place },
            None => Block::Paragraph { runs, place },
        })
    }

    fn marker(&mut self, properties: Option<Element<'_>>, style: Option<&str>) -> Option<Marker> {
        let own = properties.and_then(numbering_of);
        let (id, depth) = own.or_else(|| self.styles.numbering(style?))?;
        if id == "0" { None } else { self.numbering.next(&id, depth) }
    }

    fn inline(&mut self, parent: Element<'_>, style: &Style, inline: &mut Inline) -> Result<(), Fault> {
        for child in parent.children() {
            match child.name() {
                "r" => self.run(child, style, inline)?,
                "hyperlink" => {
                    let link = child.attribute("id").and_then(|id| self.parts.links.get(&id).cloned());
                    self.inline(child, &Style { link, ..style.clone() }, inline)?;
                }
                "ins" | "moveTo" | "smartTag" | "sdt" | "sdtContent" | "customXml" | "fldSimple" | "bdo" | "dir" => {
                    self.inline(child, style, inline)?;
                }
                "AlternateContent" => {
                    if let Some(chosen) = chosen(child) {
                        self.inline(chosen, style, inline)?;
                    }
                }
                "del" | "moveFrom" => self.deleted(child),
                "oMath" | "oMathPara" => push(inline, &super::plain_text(child), style),
                _ => {}
            }
        }
        Ok(())
    }

    fn run(&mut self, run: Element<'_>, outer: &Style, inline: &mut Inline) -> Result<(), Fault> {
        let properties = run.child("rPr");
        let toggle = |name: &str| properties.and_then(|p| p.child(name)).map(is_on);
        let by_style = properties.and_then(|p| p.child("rStyle")).and_then(|s| s.attribute("val"));
        let style = Style {
            strong: toggle("b").unwrap_or_else(|| by_style.as_deref().is_some_and(|id| self.styles.strong(id))),
            emphasis: toggle("i").unwrap_or(false),
            link: outer.link.clone(),
            raised: properties.and_then(|p| p.child("vertAlign")).and_then(|v| v.attribute("val")).is_some_and(|v| v == "superscript"),
            paragraph: outer.paragraph.clone(),
        };
        let by_styles = |name: &str| self.styles.leaves_out(name, outer.paragraph.as_deref(), by_style.as_deref());
        if let Some((_, kind)) = LEFT_OUT.into_iter().find(|(name, _)| toggle(name).unwrap_or_else(|| by_styles(name))) {
            let is_own = kind == NoteKind::Struck;
            let own = || run.children().filter(|child| child.name() == "t").map(Element::own_text).collect();
            let text = if is_own { own() } else { super::plain_text(run) };
            if !text.trim().is_empty() {
                self.note(kind, text);
            }
            // The line does not go through what is anchored in the run.
            let anchored = |child: &Element<'_>| is_own && matches!(child.name(), "drawing" | "pict" | "object" | "AlternateContent");
            return run.children().filter(anchored).try_for_each(|child| self.boxes(child, inline));
        }
        self.content(run, &style, inline)
    }

    fn content(&mut self, parent: Element<'_>, style: &Style, inline: &mut Inline) -> Result<(), Fault> {
        for child in parent.children() {
            match child.name() {
                "t" => push(inline, &child.own_text(), style),
                "tab" | "ptab" => push(inline, "\t", style),
                "br" | "cr" => push(inline, "\n", style),
                "noBreakHyphen" => push(inline, "-", style),
                "sym" => push(inline, &symbol(child), style),
                "footnoteReference" | "endnoteReference" => push(inline, &self.footnote(child), style),
                "drawing" | "pict" | "object" => self.boxes(child, inline)?,
                "AlternateContent" => {
                    if let Some(chosen) = chosen(child) {
                        self.content(chosen, style, inline)?;
                    }
                }
                "ruby" => {
                    if let Some(base) = child.child("rubyBase") {
                        self.inline(base, style, inline)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Text boxes anchored in a run become blocks after its paragraph; pictures are noted.
    fn boxes(&mut self, element: Element<'_>, inline: &mut Inline) -> Result<(), Fault> {
        match element.name() {
            "txbxContent" => {
                let blocks = self.blocks(element)?;
                inline.boxes.extend(blocks);
            }
            "AlternateContent" => {
                if let Some(chosen) = chosen(element) {
                    self.boxes(chosen, inline)?;
                }
            }
            "blip" | "imagedata" => self.note(NoteKind::Picture, ""),
            _ => {
                for child in element.children() {
                    self.boxes(child, inline)?;
                }
            }
        }
        Ok(())
    }

    fn footnote(&self, reference: Element<'_>) -> String {
        let id = reference.attribute("id").unwrap_or_default();
        let found = self.footnotes.iter().find(|(known, text)| *known == id && !text.is_empty());
        found.map(|(_, text)| format!("（注：{text}）")).unwrap_or_default()
    }

    /// Notes deleted text, so that what is left out is said.
    pub(super) fn deleted(&mut self, element: Element<'_>) {
        let texts = element.descendants().filter(|e| matches!(e.name(), "delText" | "t"));
        let text: String = texts.map(Element::own_text).collect();
        if !text.trim().is_empty() {
            self.note(NoteKind::Deleted, text);
        }
    }
}

fn push(inline: &mut Inline, text: &str, style: &Style) {
    let (strong, emphasis, link) = (style.strong, style.emphasis, style.link.clone());
    let text = if style.raised { raised(text) } else { text.to_owned() };
    inline.runs.push(Run { text, strong, emphasis, link, raw: false });
}

/// The branch of alternative content that a reader of today takes.
pub(super) fn chosen(alternatives: Element<'_>) -> Option<Element<'_>> {
    alternatives.child("Choice").or_else(|| alternatives.child("Fallback"))
}

/// A table of contents made by Word: its lines repeat the headings.
fn is_contents(control: Element<'_>) -> bool {
    let gallery = control.child("sdtPr").and_then(|p| p.find("docPartGallery")).and_then(|g| g.attribute("val"));
    gallery.is_some_and(|gallery| gallery == "Table of Contents")
}

/// A character of a symbol font; those of the private area have no meaning outside it.
fn symbol(element: Element<'_>) -> String {
    let code = element.attribute("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
    let c = code.and_then(char::from_u32).filter(|c| !('\u{e000}'..='\u{f8ff}').contains(c));
    c.unwrap_or('□').to_string()
}
