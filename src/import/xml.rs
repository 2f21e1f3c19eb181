//! XML text → a small tree in one vector, borrowed from the source.
//!
//! Office files are read from this tree. Own entities of the document are not expanded (so entity
//! bombs are inert); depth and number of elements are capped.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::fault::{Fault, Format, Measure};

const MAX_DEPTH: usize = 400;
const MAX_NODES: usize = 3_000_000;

/// One element, or one stretch of text.
#[derive(Debug)]
struct Node<'a> {
    /// Local name; empty for text.
    name: &'a str,
    /// The start tag between its angle brackets, or nothing.
    tag: &'a str,
    text: Cow<'a, str>,
    children: Vec<u32>,
}

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

/// A place in a tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'a> Tree<'a> {
    /// Parses a whole part.
    pub(crate) fn parse(source: &'a str, format: Format) -> Result<Self, Fault> {
        let source = source.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(source);
        reader.config_mut().allow_dangling_amp = true;
        let mut nodes = vec![Node::element("", "")];
        let mut open = vec![0_u32];
        loop {
            let before = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| Fault::damaged(format, error))?;
            let after = reader.buffer_position() as usize;
            let node = match event {
                Event::Start(_) | Event::Empty(_) => start(source.get(before..after).unwrap_or_default()),
                Event::Text(text) => Node::text(text.xml10_content()),
                Event::CData(text) => Node::text(text.xml10_content()),
                Event::GeneralRef(entity) => Node::text(resolve(&entity.xml10_content(), entity.resolve_char_ref().ok().flatten())),
                Event::End(_) => {
                    open.pop();
                    continue;
                }
                Event::Eof => break,
                _ => continue,
            };
            let opens = matches!(event_kind(source.get(before..after)), Kind::Opening) && !node.name.is_empty();
            let index = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
            if nodes.len() >= MAX_NODES {
                return Err(Fault::TooLarge { what: Measure::Elements, limit: MAX_NODES as u64 });
            }
            if let Some(parent) = open.last().and_then(|parent| nodes.get_mut(*parent as usize)) {
                parent.children.push(index);
            }
            nodes.push(node);
            if opens {
                open.push(index);
            }
            if open.len() > MAX_DEPTH {
                return Err(Fault::TooLarge { what: Measure::Depth, limit: MAX_DEPTH as u64 });
            }
        }
        if open.len() > 1 {
            return Err(Fault::damaged(format, "XML ends in the middle"));
        }
        Ok(Self { nodes })
    }

    /// The node above the document's root element.
    pub(crate) fn top(&'a self) -> Element<'a> {
        Element { tree: self, index: 0 }
    }
}

enum Kind {
    Opening,
    Other,
}

/// An opening tag, not one that closes itself.
fn event_kind(raw: Option<&str>) -> Kind {
    match raw {
        Some(raw) if raw.starts_with('<') && !raw.ends_with("/>") && !raw.starts_with("<!") => Kind::Opening,
        _ => Kind::Other,
    }
}

fn start(raw: &str) -> Node<'_> {
    let tag = raw.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let end = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    Node::element(local(&tag[..end]), tag)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The five entities of XML; unknown ones stay as written.
fn resolve(name: &str, char_ref: Option<char>) -> Cow<'static, str> {
    if let Some(c) = char_ref {
        return Cow::Owned(c.to_string());
    }
    match name {
        "amp" => Cow::Borrowed("&"),
        "lt" => Cow::Borrowed("<"),
        "gt" => Cow::Borrowed(">"),
        "quot" => Cow::Borrowed("\""),
        "apos" => Cow::Borrowed("'"),
        other => Cow::Owned(format!("&{other};")),
    }
}

impl<'a> Node<'a> {
    fn element(name: &'a str, tag: &'a str) -> Self {
        Self { name, tag, text: Cow::Borrowed(""), children: Vec::new() }
    }

    fn text(text: Cow<'a, str>) -> Self {
        Self { name: "", tag: "", text, children: Vec::new() }
    }
}

impl<'t> Element<'t> {
    fn node(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.index as usize)
    }

    /// The local name: "tbl" of `<w:tbl>`.
    pub(crate) fn name(self) -> &'t str {
        self.node().map_or("", |node| node.name)
    }

    /// Child elements in order.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        self.all_children().filter(|child| !child.name().is_empty())
    }

    fn all_children(self) -> impl Iterator<Item = Self> {
        let children = self.node().map_or(&[][..], |node| node.children.as_slice());
        children.iter().map(move |index| Self { tree: self.tree, index: *index })
    }

    /// The first child of that name.
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The first element of that name at any depth, in document order.
    pub(crate) fn find(self, name: &str) -> Option<Self> {
        self.descendants().find(|element| element.name() == name)
    }

    /// All elements below, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> {
        let mut stack: Vec<u32> = self.node().map(|node| node.children.iter().rev().copied().collect()).unwrap_or_default();
        std::iter::from_fn(move || {
            loop {
                let element = Self { tree: self.tree, index: stack.pop()? };
                let node = element.node()?;
                stack.extend(node.children.iter().rev());
                if !node.name.is_empty() {
                    return Some(element);
                }
            }
        })
    }

    /// An attribute by local name: "val" of `w:val="2"`.
    pub(crate) fn attribute(self, name: &str) -> Option<String> {
        let tag = self.node()?.tag;
        let length = tag.find(|c: char| c.is_ascii_whitespace())?;
        let start = BytesStart::from_content(tag, length);
        let found = start.attributes().with_checks(false).flatten().find(|a| local(a.key.as_ref()) == name)?;
        let value = found.normalized_value(XmlVersion::Explicit1_0).map_or_else(|_| found.value.to_string(), Cow::into_owned);
        Some(value)
    }

    /// The text directly inside.
    pub(crate) fn own_text(self) -> String {
        self.all_children().filter_map(|child| child.node()).map(|node| node.text.as_ref()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_attributes_and_entities_are_read() {
        let tree =
            Tree::parse("<?xml version=\"1.0\"?><w:p><w:t w:val='a&lt;'>甲&amp;乙&#x4e19;</w:t><w:br/>丁</w:p>", Format::Docx).unwrap();
        let paragraph = tree.top().child("p").unwrap();
        let text = paragraph.child("t").unwrap();
        assert_eq!(text.own_text(), "甲&乙丙");
        assert_eq!(text.attribute("val").as_deref(), Some("a<"));
        assert_eq!(paragraph.own_text(), "丁");
        assert_eq!(paragraph.children().map(Element::name).collect::<Vec<_>>(), ["t", "br"]);
    }

    /// Entities that a document declares for itself are left as written, so they cannot multiply.
    #[test]
    fn entity_bombs_are_inert() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert_eq!(Tree::parse(bomb, Format::Docx).unwrap().top().child("a").unwrap().own_text(), "&c;");
    }

    #[test]
    fn deep_nesting_and_cut_files_are_refused() {
        let deep = "<a>".repeat(100_000);
        assert_eq!(Tree::parse(&deep, Format::Docx).unwrap_err(), Fault::TooLarge { what: Measure::Depth, limit: 400 });
        assert!(matches!(Tree::parse("<a><b>", Format::Docx).unwrap_err(), Fault::Damaged { .. }));
    }
}
