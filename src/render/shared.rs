//! Pages of a site's second language → the same with links to what the languages share: style sheets and
//! scripts, files beside reports, data, feeds, the index. None of these lies twice on the disk.
//!
//! Pages and templates speak of all addresses below the root of their language. Only here is it known
//! which of them lie below the root of the first.

use memchr::memmem;

use crate::config::Config;
use crate::pages::Route;

/// The attributes that hold links.
const ATTRIBUTES: [&str; 3] = [" href=\"", " src=\"", " data-index=\""];

/// A page with its links to shared files led out of its language.
pub(super) fn lead_to_shared(html: &[u8], route: &Route, config: &Config) -> Vec<u8> {
    let Ok(text) = simdutf8::basic::from_utf8(html) else { return Vec::new() };
    let path = route.path();
    let relative = replaced(text, &ATTRIBUTES, |c| c == '"', |link| shared_link(&path, link));
    let Some(own) = config.address("") else { return relative.into_bytes() };
    let first = own[..own.len() - config.prefix().len()].to_owned();
    let absolute = replaced(
        &relative,
        &[&own],
        |c: char| matches!(c, '"' | '<' | '&') || c.is_whitespace(),
        |below| {
            // What stands before is written already: the first root takes the place of both.
            is_shared(below).then(|| format!("\u{0}{below}"))
        },
    );
    absolute.replace(&format!("{own}\u{0}"), &first).into_bytes()
}

/// A text with what follows some marks, up to an end, replaced.
fn replaced(text: &str, marks: &[&str], end: impl Fn(char) -> bool + Copy, new: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 1024);
    // Behind the next of each mark. A mark that is rare is not sought from every other anew.
    let find = |mark: &str, from: usize| memmem::find(&text.as_bytes()[from..], mark.as_bytes()).map(|at| from + at + mark.len());
    let mut next: Vec<Option<usize>> = marks.iter().map(|mark| find(mark, 0)).collect();
    let mut done = 0;
    while let Some(at) = next.iter().flatten().min().copied() {
        let value = &text[at..at + text[at..].find(end).unwrap_or(text.len() - at)];
        out.push_str(&text[done..at]);
        match new(value) {
            Some(new) => out.push_str(&new),
            None => out.push_str(value),
        }
        done = at + value.len();
        for (next, mark) in next.iter_mut().zip(marks) {
            if next.is_some_and(|next| next < done + mark.len()) {
                *next = find(mark, done);
            }
        }
    }
    out + &text[done..]
}

/// Whether an address below the root of a language is that of a file that all languages share.
fn is_shared(address: &str) -> bool {
    let path = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    Route::parse(path).is_some_and(|route| !route.has_languages() && route != Route::NotFound)
}

/// The link to a shared file from a page at `path` below the root of its language; `None` for all other links.
fn shared_link(path: &str, link: &str) -> Option<String> {
    let place = link.find(['?', '#']).unwrap_or(link.len());
    let (target, tail) = link.split_at(place);
    if target.is_empty() || target.starts_with('/') || target.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    let depth = parts.len();
    for part in target.split('/') {
        match part {
            "." => {}
            // What lies above the root of the language is led to already.
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let below = parts.join("/");
    is_shared(&below).then(|| format!("{}{below}{tail}", "../".repeat(depth + 1)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::text::Language;

    fn led(html: &str) -> String {
        let config =
            Config { languages: vec![Language::Chinese, Language::English], base_url: "https://x.cn/a/".to_owned(), ..Config::default() };
        let route = Route::Report { agency: "shili".to_owned(), year: 2024 };
        String::from_utf8(lead_to_shared(html.as_bytes(), &route, &config.in_language(Language::English))).unwrap()
    }

    #[test]
    fn links_to_shared_files_leave_the_language() {
        assert_eq!(led("<link href=\"../../assets/style.12345678.css\">"), "<link href=\"../../../assets/style.12345678.css\">");
        assert_eq!(led("<a href=\"a.pdf#page=2\">"), "<a href=\"../../../shili/2024/a.pdf#page=2\">");
        assert_eq!(led("<form data-index=\"../../search/index.bin\">"), "<form data-index=\"../../../search/index.bin\">");
        assert_eq!(led("{\"contentUrl\":\"https://x.cn/a/en/shili/feed.xml\"}"), "{\"contentUrl\":\"https://x.cn/a/shili/feed.xml\"}");
    }

    /// Marks of several sorts, in any order, beside each other and in values.
    #[test]
    fn every_mark_is_found() {
        let marked = |text: &str| replaced(text, &["a=", "bb="], |c| c == ';', |value| (value.len() < 3).then(|| value.to_uppercase()));
        assert_eq!(marked("a=x;a=yy;bb=z;a=longer;bb=q"), "a=X;a=YY;bb=Z;a=longer;bb=Q");
        assert_eq!(marked("bb=;bb=a=b;a=a;b"), "bb=;bb=a=b;a=A;b");
        assert_eq!(marked("none"), "none");
    }

    #[test]
    fn other_links_stay() {
        for html in [
            "<a href=\"../2023/\">",
            "<a href=\"#s1\">",
            "<a href=\"../../../shili/2024/\">",
            "<a href=\"https://y.cn/a.pdf\">",
            "<a href=\"mailto:a@x.cn\">",
            "<link href=\"https://x.cn/a/en/shili/2024/\">",
            "文字 href= \"a.pdf\"",
        ] {
            assert_eq!(led(html), html);
        }
    }
}
