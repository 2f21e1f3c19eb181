//! Where the article is on a page.
//!
//! From `<body>` down, the element is followed that holds the text, as long as what is left aside is
//! navigation: short, made of links, without tables or numbered heads. What has no such centre is
//! taken whole.

use std::collections::HashMap;

use scraper::node::Element;
use scraper::{ElementRef, Node};

/// What an element holds, navigation and scripts not counted.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Characters outside links.
    text: usize,
    /// Table cells.
    cells: usize,
    /// Numbered heads: "一、", "（二）".
    heads: usize,
}

/// The element that holds the article.
pub(super) fn main_content(root: ElementRef<'_>) -> ElementRef<'_> {
    let body = root.child_elements().find(|element| element.value().name() == "body").unwrap_or(root);
    let mut weights = HashMap::new();
    weigh(body, &mut weights);
    let weight = |element: ElementRef<'_>| weights.get(&std::ptr::from_ref(element.value())).copied().unwrap_or_default();
    let mut current = body;
    while let Some(heaviest) = current.child_elements().max_by_key(|child| weight(*child).text) {
        let (whole, part) = (weight(current), weight(heaviest));
        let nothing_lost = part.cells == whole.cells && part.heads == whole.heads;
        let outside = whole.text.saturating_sub(part.text);
        if !is_container(heaviest) || !nothing_lost || outside > whole.text / 3 {
            break;
        }
        current = heaviest;
    }
    current
}

/// Only these can hold an article; a table does when it frames further tables.
fn is_container(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    let frame = || element.descendent_elements().skip(1).any(|inner| inner.value().name() == "table");
    matches!(name, "div" | "main" | "article" | "section" | "center" | "form" | "ucapcontent")
        || (matches!(name, "table" | "tbody" | "tr" | "td") && frame())
}

/// Weighs an element and all below it; elements are known by their address in the parsed page.
fn weigh(element: ElementRef<'_>, weights: &mut HashMap<*const Element, Weight>) -> Weight {
    let mut total = Weight::default();
    if is_left_out(element) {
        return total;
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let text = text.trim();
                total.text += text.chars().count();
                total.heads += usize::from(is_head(text));
            }
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    let inner = weigh(child, weights);
                    total.text += if child.value().name() == "a" { 0 } else { inner.text };
                    total.cells += inner.cells;
                    total.heads += inner.heads;
                }
            }
            _ => {}
        }
    }
    total.cells += usize::from(matches!(element.value().name(), "td" | "th") && total.text > 0);
    weights.insert(std::ptr::from_ref(element.value()), total);
    total
}

fn is_head(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(']);
    let digits = text.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).count();
    digits > 0 && text.chars().nth(digits).is_some_and(|c| matches!(c, '、' | '）' | ')'))
}

/// Elements that hold no text of an article.
pub(super) fn is_left_out(element: ElementRef<'_>) -> bool {
    let value = element.value();
    match value.name() {
        "script" | "style" | "noscript" | "template" | "nav" | "header" | "footer" | "aside" | "iframe" | "object" | "embed" | "svg"
        | "canvas" | "video" | "audio" | "select" | "button" | "input" | "textarea" | "head" => true,
        _ => {
            let role = value.attr("role").unwrap_or("");
            matches!(role, "navigation" | "banner" | "contentinfo" | "search") || names_of(element).any(is_furniture)
        }
    }
}

fn names_of<'a>(element: ElementRef<'a>) -> impl Iterator<Item = &'a str> {
    element.value().id().into_iter().chain(element.value().classes())
}

/// Class and id names that portals give to what surrounds an article.
fn is_furniture(name: &str) -> bool {
    const WORDS: [&str; 20] = [
        "nav",
        "menu",
        "footer",
        "foot",
        "breadcrumb",
        "crumb",
        "position",
        "dqwz",
        "sidebar",
        "share",
        "bdsharebuttonbox",
        "print",
        "toolbar",
        "pagination",
        "copyright",
        "qrcode",
        "ewm",
        "related",
        "prevnext",
        "skip-link",
    ];
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['-', '_', ' ']);
    WORDS.contains(&name.as_str()) || words.any(|word| WORDS.contains(&word) && word != "position" && word != "print")
}
