//! styles.xml: which paragraph styles are headings, and what numbering a style brings.

use std::collections::BTreeMap;

use crate::import::block::NoteKind;
use crate::import::xml::{Element, Tree};

/// What a paragraph style says.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    based_on: Option<String>,
    heading: Option<u8>,
    numbering: Option<(String, u8)>,
    strong: Option<bool>,
    /// What it says of the properties of runs that leave text out.
    left_out: BTreeMap<&'static str, bool>,
}

/// All styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

/// Properties of runs whose text is left out. What is struck out by hand stands beside what replaces it: "9" and "15" are not 915.
pub(super) const LEFT_OUT: [(&str, NoteKind); 3] =
    [("vanish", NoteKind::Hidden), ("strike", NoteKind::Struck), ("dstrike", NoteKind::Struck)];

/// Styles based on styles: no real document goes deeper.
const MAX_CHAIN: usize = 20;

impl Styles {
    /// Reads the part.
    pub(super) fn read(tree: Option<&Tree<'_>>) -> Self {
        let Some(tree) = tree else { return Self::default() };
        let styles = tree.top().descendants().filter(|e| e.name() == "style");
        Self(styles.filter_map(|style| Some((style.attribute("styleId")?, read_style(style)))).collect())
    }

    fn chain<T>(&self, id: &str, pick: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id.to_owned();
        for _ in 0..MAX_CHAIN {
            let style = self.0.get(&id)?;
            if let Some(found) = pick(style) {
                return Some(found);
            }
            id = style.based_on.clone()?;
        }
        None
    }

    /// The heading level of a paragraph style, from 1.
    pub(super) fn heading(&self, id: &str) -> Option<u8> {
        self.chain(id, |style| style.heading)
    }

    /// The numbering and level that a paragraph style brings.
    pub(super) fn numbering(&self, id: &str) -> Option<(String, u8)> {
        self.chain(id, |style| style.numbering.clone())
    }

    /// Whether text of a paragraph style and a character style is left out by a property. One that both set is unset, but for
    /// the double line: there the character style has the last word.
    pub(super) fn leaves_out(&self, property: &str, paragraph: Option<&str>, character: Option<&str>) -> bool {
        let says = |id: Option<&str>| self.chain(id?, |style| style.left_out.get(property).copied());
        match (says(paragraph), says(character)) {
            (Some(paragraph), Some(character)) if property != "dstrike" => paragraph != character,
            (paragraph, character) => character.or(paragraph).unwrap_or(false),
        }
    }

    /// Whether a character style is bold.
    pub(super) fn strong(&self, id: &str) -> bool {
        self.chain(id, |style| style.strong).unwrap_or(false)
    }
}

fn read_style(style: Element<'_>) -> Style {
    let name = style.child("name").and_then(|n| n.attribute("val")).unwrap_or_default().to_lowercase();
    let by_name = ["heading ", "标题 "].iter().find_map(|prefix| name.strip_prefix(prefix)?.trim().parse().ok());
    let paragraph = style.child("pPr");
    let by_outline = paragraph.and_then(outline_level);
    let run = style.child("rPr");
    let left_out = LEFT_OUT.into_iter().filter_map(|(name, _)| Some((name, is_on(run?.child(name)?)))).collect();
    Style {
        based_on: style.child("basedOn").and_then(|b| b.attribute("val")),
        heading: by_name.or(by_outline).filter(|level| (1..=9).contains(level)),
        numbering: paragraph.and_then(numbering_of),
        strong: run.and_then(|run| run.child("b")).map(is_on),
        left_out,
    }
}

/// `w:outlineLvl`, from 1; level 9 means body text.
pub(super) fn outline_level(paragraph: Element<'_>) -> Option<u8> {
    let level: u8 = paragraph.child("outlineLvl")?.attribute("val")?.parse().ok()?;
    (level < 9).then_some(level + 1)
}

/// `w:numPr`: the numbering's id and the level.
pub(super) fn numbering_of(paragraph: Element<'_>) -> Option<(String, u8)> {
    let numbering = paragraph.child("numPr")?;
    let id = numbering.child("numId")?.attribute("val")?;
    let level = numbering.child("ilvl").and_then(|l| l.attribute("val")).and_then(|l| l.parse().ok()).unwrap_or(0);
    Some((id, level))
}

/// A toggle such as `<w:b/>` or `<w:b w:val="0"/>`.
pub(super) fn is_on(toggle: Element<'_>) -> bool {
    !matches!(toggle.attribute("val").as_deref(), Some("0" | "false" | "none" | "off"))
}
