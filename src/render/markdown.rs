//! The prose of a section: Markdown → HTML, set as Chinese is set.
//!
//! Three things are added to CommonMark. Emphasis beside Chinese punctuation (`**注意：**请于`) works, by
//! an invisible mark put between them before parsing and taken out after. A line break between two
//! Han characters leaves no space. Raw HTML is sanitised. What is code is left alone.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::text::is_wide;

/// WORD JOINER: neither space nor punctuation, so that it lets emphasis begin and end beside it.
const JOINER: char = '\u{2060}';

/// Renders the prose of a section. Headings get anchors that begin with `id`.
pub fn to_html(markdown: &str, id: &str) -> String {
    plain_to_html(markdown, id).unwrap_or_else(|| any_to_html(markdown, id))
}

/// Prose of nothing but paragraphs and headings, as most is, which needs no parser; `None` where it may have anything else.
fn plain_to_html(markdown: &str, id: &str) -> Option<String> {
    let mut out = String::with_capacity(markdown.len() + markdown.len() / 8 + 64);
    let (mut headings, mut above) = (0, None);
    for line in markdown.split('\n') {
        let title = line.trim_start_matches('#');
        let level = line.len() - title.len();
        let text = if level == 0 { title } else { title.strip_prefix(' ').filter(|_| level <= 6)? };
        let last = text.chars().next_back();
        if above.is_some() && (level > 0 || last.is_none()) {
            out.push_str("</p>\n");
            above = None;
        }
        let Some(last) = last else {
            if level > 0 {
                return None;
            }
            continue;
        };
        if !is_plain(text, last) {
            return None;
        }
        if level > 0 {
            headings += 1;
            let level = level.max(3);
            let _ = writeln!(out, "<h{level} id=\"{id}-{headings}\">{text}</h{level}>");
            continue;
        }
        match above {
            None => out.push_str("<p>"),
            Some(above) if is_wide(above) && text.starts_with(is_wide) => {}
            Some(_) => out.push('\n'),
        }
        out.push_str(text);
        above = Some(last);
    }
    out.push_str(if above.is_some() { "</p>\n" } else { "" });
    Some(out)
}

/// Whether a line that ends with `last` is text and nothing else: it begins with a wide character, or with a number and
/// one ("2023年"), and has no sign that is anything in Markdown or in HTML.
fn is_plain(line: &str, last: char) -> bool {
    let is_sign =
        |byte: u8| (byte == b' ') | (byte == b',') | (byte == b'.') | (byte == b'%') | (byte == b'(') | (byte == b')') | (byte == b'/');
    let is_letter = |byte: u8| !byte.is_ascii() | byte.is_ascii_alphanumeric() | is_sign(byte);
    let first = line.trim_start_matches(|c: char| c.is_ascii_digit()).chars().next();
    let begins_wide = first.is_some_and(|first| is_wide(first) && !first.is_whitespace());
    // Without a way out in the middle, since hardly a line has one, many bytes are looked at at once.
    begins_wide && !last.is_whitespace() && line.bytes().fold(true, |all, byte| all & is_letter(byte))
}

/// Renders whatever stands in the prose of a section.
fn any_to_html(markdown: &str, id: &str) -> String {
    let prepared = join_emphasis(markdown);
    let joined = matches!(prepared, Cow::Owned(_));
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Parser::new_ext(&prepared, options).collect();
    let raw = events.iter().any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
    if joined {
        events.iter_mut().for_each(take_joiners_out);
    }
    events.iter_mut().for_each(disarm_links);
    close_up_lines(&mut events);
    number_headings(&mut events, id);
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, events.into_iter());
    if raw { SANITISER.clean(&out).to_string() } else { out }
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .add_generic_attributes(["class", "id", "lang"])
        .add_tag_attributes("td", ["rowspan", "colspan", "headers", "scope"])
        .add_tag_attributes("th", ["rowspan", "colspan", "headers", "scope"])
        .link_rel(None);
    builder
});

/// Puts a joiner between a run of `*` and Chinese punctuation where a letter stands on the other side.
fn join_emphasis(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains('*') || markdown.is_ascii() {
        return Cow::Borrowed(markdown);
    }
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut scanner = Scanner { text: markdown, at: 0, no_tag_ends: false };
    while let Some(run) = scanner.next_run() {
        let before = markdown[..run.start].chars().next_back();
        let after = markdown[run.end..].chars().next();
        let (left, right) = joints(before, after);
        if left || right {
            let out = out.get_or_insert_with(|| String::with_capacity(markdown.len() + 64));
            out.push_str(&markdown[copied..run.start]);
            out.extend(left.then_some(JOINER));
            out.push_str(&markdown[run.clone()]);
            out.extend(right.then_some(JOINER));
            copied = run.end;
        }
    }
    match out {
        Some(mut out) => {
            out.push_str(&markdown[copied..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(markdown),
    }
}

/// Where joiners are wanted: before the run, after it.
fn joints(before: Option<char>, after: Option<char>) -> (bool, bool) {
    let (Some(before), Some(after)) = (before, after) else { return (false, false) };
    let mark = |c: char| !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace();
    let letter = |c: char| c.is_alphanumeric();
    (mark(before) && letter(after), letter(before) && mark(after))
}

/// Finds runs of `*` outside code spans, code fences, HTML tags and escapes.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// Whether no `>` follows any more: it is looked for once, however many tags are begun.
    no_tag_ends: bool,
}

impl Scanner<'_> {
    fn next_run(&mut self) -> Option<std::ops::Range<usize>> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'`' | b'~' => self.skip_code(byte),
                b'<' => self.skip_tag(),
                b'*' => {
                    let start = self.at;
                    self.at += run_length(bytes, start, b'*');
                    return Some(start..self.at);
                }
                _ => self.at += 1,
            }
        }
        None
    }

    /// Skips a run of backticks (or a fence of tildes) to the run of the same length that closes it;
    /// without one, the run is plain text.
    fn skip_code(&mut self, sign: u8) {
        let bytes = self.text.as_bytes();
        let length = run_length(bytes, self.at, sign);
        let inside = self.at + length;
        self.at = inside;
        if sign == b'~' && length < 3 {
            return;
        }
        let mut at = inside;
        while at < bytes.len() {
            let run = run_length(bytes, at, sign);
            if run == length {
                self.at = at + run;
                return;
            }
            at += run.max(1);
        }
    }

    fn skip_tag(&mut self) {
        let rest = &self.text[self.at..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let end = if is_tag && !self.no_tag_ends { rest.find('>') } else { None };
        self.no_tag_ends |= is_tag && end.is_none();
        self.at += end.map_or(1, |end| end + 1);
    }
}

fn run_length(bytes: &[u8], start: usize, sign: u8) -> usize {
    bytes[start..].iter().take_while(|byte| **byte == sign).count()
}

fn take_joiners_out(event: &mut Event<'_>) {
    if let Event::Text(text) = event
        && text.contains(JOINER)
    {
        *text = CowStr::from(text.replace(JOINER, ""));
    }
}

/// Links that would run a script lead nowhere.
fn disarm_links(event: &mut Event<'_>) {
    if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
        let scheme = dest_url.split(['/', '?', '#']).next().and_then(|start| start.split_once(':'));
        let harmless = scheme.is_none_or(|(name, _)| ["http", "https", "mailto", "tel"].contains(&name.to_ascii_lowercase().as_str()));
        if !harmless {
            *dest_url = CowStr::Borrowed("#");
        }
    }
}

/// A line break between two wide characters is no space in Chinese.
fn close_up_lines(events: &mut Vec<Event<'_>>) {
    let mut needless = Vec::new();
    // The character right before, and the break behind a wide one if that is all that stands between.
    let (mut before, mut open) = (None, None);
    for (place, event) in events.iter().enumerate().filter(|(_, event)| !is_inline_edge(event)) {
        let waiting = open.take();
        let last = before.take();
        match event {
            Event::SoftBreak => open = last.filter(|last| is_wide(*last)).map(|_| place),
            Event::Text(text) => {
                needless.extend(waiting.filter(|_| text.starts_with(is_wide)));
                before = text.chars().next_back();
            }
            _ => {}
        }
    }
    let (mut place, mut needless) = (0.., needless.into_iter().peekable());
    events.retain(|_| needless.next_if_eq(&place.next().unwrap_or_default()).is_none());
}

/// The beginning or end of emphasis: what stands inside is the neighbour.
fn is_inline_edge(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
    )
}

/// Gives headings anchors. The page has the report's title and the section's heading above them, so
/// that the highest level left is the third.
fn number_headings(events: &mut [Event<'_>], section: &str) {
    let mut number = 0;
    for event in events {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                number += 1;
                *level = below_section(*level);
                *id = Some(CowStr::from(format!("{section}-{number}")));
            }
            Event::End(TagEnd::Heading(level)) => *level = below_section(*level),
            _ => {}
        }
    }
}

fn below_section(level: HeadingLevel) -> HeadingLevel {
    level.max(HeadingLevel::H3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        to_html(markdown, "s1").trim().to_owned()
    }

    proptest::proptest! {
        /// What is rendered without the parser is what the parser would make of it.
        #[test]
        fn plain_prose_is_as_the_parser_has_it(text in "((#{1,7} ?|[-+ 　\t1>=]{0,2})1?[甲乙、。（）“”…·a1 　.,:/()%=\\-\u{a0}é\r]{0,6}\n){0,8}") {
            if let Some(plain) = plain_to_html(&text, "s1") {
                proptest::prop_assert_eq!(plain, any_to_html(&text, "s1"));
            }
        }

        /// The same where all of it is plain.
        #[test]
        fn plain_prose_needs_no_parser(text in "((#{1,6} )?(20)?[甲、（“][甲、。（）“”a1 .,/()%é]{0,6}[甲。a1)]\n{1,3}){0,8}") {
            proptest::prop_assert_eq!(plain_to_html(&text, "s1"), Some(any_to_html(&text, "s1")));
        }
    }

    /// Breaks as they are closed up one after the other, each from what stands around it by then.
    fn one_by_one(events: &mut Vec<Event<'_>>) {
        let edge = |event: Option<&Event<'_>>, last: bool| match event {
            Some(Event::Text(text)) if last => text.chars().next_back(),
            Some(Event::Text(text)) => text.chars().next(),
            _ => None,
        };
        let mut index = 0;
        while index < events.len() {
            let before = edge(events[..index].iter().rev().find(|event| !is_inline_edge(event)), true);
            let after = edge(events[index + 1..].iter().find(|event| !is_inline_edge(event)), false);
            if events[index] == Event::SoftBreak && before.is_some_and(is_wide) && after.is_some_and(is_wide) {
                events.remove(index);
            } else {
                index += 1;
            }
        }
    }

    proptest::proptest! {
        /// One pass over the lines leaves what is left where they are closed up one by one.
        #[test]
        fn lines_are_closed_up_in_one_pass(text in "([甲乙a *~`<>。\\\\]{0,6}\n){0,8}") {
            let mut events: Vec<Event<'_>> = Parser::new_ext(&text, Options::ENABLE_STRIKETHROUGH).collect();
            let mut expected = events.clone();
            one_by_one(&mut expected);
            close_up_lines(&mut events);
            proptest::prop_assert_eq!(events, expected);
        }
    }

    /// The example that CommonMark turns inside out.
    #[test]
    fn emphasis_works_beside_chinese_punctuation() {
        assert_eq!(html("**注意：**请于**“三公”**经费"), "<p><strong>注意：</strong>请于<strong>“三公”</strong>经费</p>");
        assert_eq!(html("坚持*“公开为常态”*原则"), "<p>坚持<em>“公开为常态”</em>原则</p>");
        assert_eq!(html("**（一）主动公开**"), "<p><strong>（一）主动公开</strong></p>");
    }

    #[test]
    fn code_and_escapes_are_left_alone() {
        assert_eq!(html("写`**注：**例`即可"), "<p>写<code>**注：**例</code>即可</p>");
        assert_eq!(html("```\n**注：**例\n```"), "<pre><code>**注：**例\n</code></pre>");
        assert_eq!(html("五\\*、六"), "<p>五*、六</p>");
    }

    #[test]
    fn a_line_break_between_han_characters_is_no_space() {
        assert_eq!(html("政府信息\n公开"), "<p>政府信息公开</p>");
        assert_eq!(html("政府**信息**\n公开"), "<p>政府<strong>信息</strong>公开</p>");
        assert_eq!(html("open\ndata"), "<p>open\ndata</p>");
        assert_eq!(html("共3\n件"), "<p>共3\n件</p>");
    }

    #[test]
    fn raw_html_is_sanitised() {
        let shown = html(
            "甲<script>alert(1)</script><span onclick=\"x()\">乙</span> [丙](javascript:x)\n\n<table><tr><td colspan=\"2\">丁</td></tr></table>",
        );
        assert!(!shown.contains("script") && !shown.contains("onclick"), "{shown}");
        assert!(shown.contains("乙") && shown.contains("colspan=\"2\""), "{shown}");
    }

    #[test]
    fn links_that_run_scripts_lead_nowhere() {
        assert_eq!(html("[丙](JavaScript:alert(1))"), "<p><a href=\"#\">丙</a></p>");
        assert_eq!(html("[丁](附表.pdf)"), "<p><a href=\"%E9%99%84%E8%A1%A8.pdf\">丁</a></p>");
    }

    #[test]
    fn headings_stand_below_the_section_and_have_anchors() {
        assert_eq!(html("### （一）主动公开"), "<h3 id=\"s1-1\">（一）主动公开</h3>");
        assert_eq!(html("# 甲\n## 乙"), "<h3 id=\"s1-1\">甲</h3>\n<h3 id=\"s1-2\">乙</h3>");
    }
}
