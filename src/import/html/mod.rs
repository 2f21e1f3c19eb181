//! Web pages as government portals publish them → blocks.
//!
//! Steps: decode (GB18030 or UTF-8), refuse what would blow up the parser ([`guard`]), parse with
//! html5ever, read the meta tags, find the main content ([`content`]), walk it. Scripts, navigation,
//! forms and hidden parts are left out; tables are settled in [`super::nest`].

mod content;
mod guard;
mod walk;

use scraper::{ElementRef, Html};

use super::block::{Document, NoteKind, Place, Run};
use super::decode::{Foreign, decode};
use super::fault::Fault;

/// Reads a page.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let Foreign { text, lossy } = decode(bytes);
    guard::check(&text)?;
    let page = Html::parse_document(&text);
    let mut document = Document::default();
    read_meta(page.root_element(), &mut document);
    let mut walk = walk::Walk::default();
    document.blocks = walk.page(content::main_content(page.root_element()))?;
    document.notes = walk.notes;
    if lossy {
        document.note(NoteKind::Undecodable, "", Place::Unknown);
    }
    Ok(document)
}

/// The meta tags of 国办发〔2017〕47号 (ArticleTitle, PubDate, ContentSource …), `<title>` and the first `<h1>`.
fn read_meta(root: ElementRef<'_>, document: &mut Document) {
    for element in root.descendent_elements() {
        let (name, content) = match element.value().name() {
            "meta" => {
                let name = element.attr("name").or_else(|| element.attr("property"));
                (name.map(str::to_lowercase), element.attr("content").map(str::to_owned))
            }
            name @ ("title" | "h1") => (Some(name.to_owned()), Some(element.text().collect())),
            _ => continue,
        };
        if let (Some(name), Some(content)) = (name, content) {
            let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
            if !content.is_empty() {
                document.meta.entry(name).or_insert(content);
            }
        }
    }
}

/// Collapses the white space of HTML source: line ends between Han characters vanish.
fn collapse(text: &str, before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
            gap = true;
            continue;
        }
        let last = out.chars().next_back().or(before);
        if std::mem::take(&mut gap) && !last.is_none_or(|last| is_joined(last, c)) {
            out.push(' ');
        }
        out.push(c);
    }
    if gap && out.chars().next_back().or(before).is_some_and(|last| !last.is_whitespace()) {
        out.push(' ');
    }
    out
}

fn is_joined(left: char, right: char) -> bool {
    left.is_whitespace() || (crate::text::is_wide(left) && crate::text::is_wide(right))
}

fn styled(run: &Run, text: String) -> Run {
    Run { text, ..run.clone() }
}

#[cfg(test)]
mod tests;
