//! A source file with numbered lines, for the links of findings. Only files that something is said
//! about are shown.

use std::fmt::Write as _;

use super::preview::{Preview, Shown};
use crate::load::LARGEST_FILE;
use crate::text::{Language, decode, escape_html};

/// The page of a source file; none if nothing is said about it, or it cannot be read.
pub(super) fn page(preview: &Preview, path: &str) -> Option<Vec<u8>> {
    let shown = preview.shown();
    if !is_spoken_of(&shown, path) {
        return None;
    }
    let file = preview.root().join(path).canonicalize().ok()?;
    let content = preview.root().join("content").canonicalize().ok();
    let inside = file.starts_with(preview.root()) || content.is_some_and(|content| file.starts_with(content));
    let small = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST_FILE);
    if !inside || !small {
        return None;
    }
    let text = decode(std::fs::read(&file).ok()?).text;
    Some(write_page(path, &file.to_string_lossy(), &text, preview.language()).into_bytes())
}

fn is_spoken_of(shown: &Shown, path: &str) -> bool {
    let found = shown.renderer.as_ref().is_some_and(|renderer| !renderer.site().findings.of_file(path).is_empty());
    found || shown.problems.iter().any(|problem| problem.place.as_ref().is_some_and(|(place, ..)| place == path)) || is_template(path)
}

/// Templates are rendered when they are asked for, so what is wrong with them is known to the asker.
fn is_template(path: &str) -> bool {
    path.ends_with(".html") && (path.starts_with("templates/") || path.starts_with("themes/"))
}

const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;font:14px/1.7 ui-monospace,monospace}\
h1{position:sticky;top:0;margin:0;padding:.6em 1em;font:600 15px/1.5 system-ui,sans-serif;background:Canvas;border-bottom:1px solid GrayText}\
h1 a{margin-left:1em;font-weight:400}ol{margin:0;padding:0 1em 4em 5em}li{white-space:pre-wrap;overflow-wrap:anywhere;scroll-margin-top:40vh}\
li::marker{color:GrayText}li:target{background:Mark;color:MarkText}";

fn write_page(path: &str, file: &str, text: &str, language: Language) -> String {
    let (name, file) = (escape(path), escape(&crate::pages::percent_encode(file)));
    let open = if language == Language::Chinese { "在 VS Code 中打开" } else { "Open in VS Code" };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title><style>{STYLE}</style></head>\n<body>\n<h1>{name}<a id=\"open\" href=\"vscode://file{file}\">{open}</a></h1>\n<ol>",
        language.tag()
    );
    for (number, line) in (1..).zip(text.lines()) {
        let _ = write!(page, "<li id=\"L{number}\">{}</li>", escape(line));
    }
    page + "</ol>\n<script>const at=new URLSearchParams(location.search);if(at.get('line'))document.getElementById('open').href+=':'+parseInt(at.get('line'))+':'+parseInt(at.get('column')||1)</script>\n</body>\n</html>\n"
}

fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_html(text, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_escaped() {
        let page = write_page("content/a/2023.md", "/x/content/a/2023.md", "甲\n<script>", Language::Chinese);
        assert!(page.contains("<li id=\"L2\">&lt;script&gt;</li>"), "{page}");
    }
}
