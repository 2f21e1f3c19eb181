//! TOML text → a table of spanned raw values, with every syntax error in plain words.
//!
//! The parser stumbles on long after the mistake: its errors are put in order, one is kept a line, and a
//! bracket left open is said where it stands, not on each line that it swallowed.

use toml::Spanned;
use toml::de::DeTable;

use super::mistakes::explain;
use crate::diagnostic::{Fault, Place};
use crate::text::Span;

/// One broken line can make the parser stumble many times; what follows is seldom worth reading.
const MOST_SYNTAX_ERRORS: usize = 10;

/// Parses TOML that stands at `offset` in its file. The table holds all that could be read; spans in
/// it are relative to `toml`.
pub fn parse<'t>(toml: &'t str, offset: usize, rule: &'static str) -> (Spanned<DeTable<'t>>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(toml);
    let mut errors: Vec<(Span, &str)> = errors.iter().map(|error| (place(toml, error), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    let mut faults: Vec<Fault> = Vec::new();
    let mut last_line = None;
    for (span, message) in errors {
        let open = left_open(toml, message, span.start);
        let (swallowed, span, message) = match open {
            Some(open) => (true, open, "unclosed array"),
            None => (false, span, message),
        };
        // One message a line: the first names the cause, the rest are its echoes.
        let line = Some(toml[..span.start].matches('\n').count());
        if line != last_line {
            last_line = line;
            let (message, hint) = explain(message, &toml[span.clone()]);
            let mut fault = Fault::new(rule, Place::Span(span.start + offset..span.end + offset), message);
            fault.hint = hint;
            faults.push(fault);
        }
        if swallowed || faults.len() == MOST_SYNTAX_ERRORS {
            break;
        }
    }
    (table, faults)
}

/// Where an error is shown; text without an end is shown where it begins.
fn place(toml: &str, error: &toml::de::Error) -> Span {
    let span = error.span().unwrap_or(0..0);
    let (start, end) = (floor(toml, span.start), floor(toml, span.end));
    let quotes = ["\"\"\"", "'''"].into_iter().find(|_| error.message().starts_with("invalid multi-line") && start == end);
    match quotes.and_then(|quotes| toml[..start].rfind(quotes)) {
        Some(opening) => opening..opening + 3,
        None => start..end.max(start),
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The array that was left open, if that is what makes the parser stumble at `at`: over a line that
/// begins like a key or a header, or over the end. It is shown from its bracket to its line's end.
fn left_open(toml: &str, message: &str, at: usize) -> Option<Span> {
    const SIGNS: [&str; 3] = ["missing comma between array elements", "string values must be quoted", "unexpected `=` in array"];
    let line_start = toml[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let stumbles = SIGNS.iter().any(|sign| message.starts_with(sign)) && ["", "[", "[["].contains(&toml[line_start..at].trim());
    let line = toml[line_start..].lines().next().unwrap_or_default();
    if !(message.starts_with("unclosed array,") || stumbles && begins_anew(line)) {
        return None;
    }
    let before = if stumbles { &toml[..line_start] } else { &toml[..at] };
    let end = before.trim_end().len();
    let start = before[..end].rfind('\n').map_or(0, |newline| newline + 1);
    let bracket = before[start..end].find('[').map_or(start, |bracket| start + bracket);
    (bracket < end).then_some(bracket..end)
}

/// Whether a line begins like `key =` or `[header]`.
fn begins_anew(line: &str) -> bool {
    let is_name = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | ' '))
    };
    let line = line.trim();
    let header =
        line.strip_prefix('[').and_then(|rest| rest.split_once(']')).is_some_and(|(name, _)| is_name(name.trim_start_matches('[')));
    header || line.split_once('=').is_some_and(|(key, _)| is_name(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front_matter::INVALID_FRONT_MATTER;

    /// The faults of a TOML text: what they point at, the message, the hint.
    fn faults(toml: &str) -> Vec<(&str, String, String)> {
        let (_, faults) = parse(toml, 0, INVALID_FRONT_MATTER);
        let shown = |fault: Fault| {
            let span = if let Place::Span(span) = fault.place { span } else { 0..0 };
            (&toml[span], fault.message.zh, fault.hint.map(|hint| hint.zh).unwrap_or_default())
        };
        faults.into_iter().map(shown).collect()
    }

    /// One bad line does not hide the good ones, and its place is in the file, not in the TOML.
    #[test]
    fn errors_have_places_and_the_rest_is_read() {
        let toml = "a = 1\nb = [1,, 2]\nc = 3\n";
        let (table, faults) = parse(toml, 100, INVALID_FRONT_MATTER);
        assert!(table.get_ref().contains_key("a") && table.get_ref().contains_key("c"));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].message.zh.contains("多了一个逗号"), "{:?}", faults[0]);
        assert!(matches!(&faults[0].place, Place::Span(s) if s.start > 100 + 6 && s.start < 100 + 16));
    }

    /// An array without its bracket swallows all lines below; it is said once, where it stands.
    #[test]
    fn an_open_array_is_said_once() {
        for (toml, at) in [
            ("a = [40\nb = [1, 2]\n[c]\nd = 1\n", "[40"),
            ("a = [40, 2\n\n\nb.x = [1]\n", "[40, 2"),
            ("x = 1\na = [1,\n[c.d]\ny = 2\n", "[1,"),
            ("x = 1\na = [1, 2\n", "[1, 2"),
        ] {
            let found = faults(toml);
            assert_eq!(found.len(), 1, "{toml}: {found:?}");
            assert_eq!(found[0].0, at);
            assert!(found[0].1.contains("数组没有结束"), "{found:?}");
        }
    }

    /// A missing comma in an array over several lines is no open array.
    #[test]
    fn a_missing_comma_is_said_where_it_is_missing() {
        let found = faults("a = [\n  1\n  2,\n]\nb = 3\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("缺少逗号"), "{found:?}");
    }

    #[test]
    fn a_string_without_its_end_is_said_where_it_begins() {
        let found = faults("a = [\"40]\nb = [1]\n[c]\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("字符串没有结束"), "{found:?}");
        let found = faults("a = 1\nb = \"\"\"x\ny\n");
        assert_eq!((found.len(), found[0].0), (1, "\"\"\""), "{found:?}");
    }

    /// What was probably meant is read off what was written.
    #[test]
    fn hints_follow_what_was_written() {
        for (written, hint) in [
            ("[1 2]", "英文逗号"),
            ("[1，2]", "英文逗号"),
            ("[1、2]", "英文逗号"),
            ("[“40”]", "英文引号"),
            ("[４０]", "写成 40"),
            ("[40件]", "写成 40"),
            ("[/]", "\"/\""),
            ("[无]", "\"\""),
            ("示例镇", "加英文引号"),
            ("1\nb＝2", "英文 ="),
        ] {
            let toml = format!("a = {written}\n");
            let found = faults(&toml);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].2.contains(hint), "{written}: {found:?}");
        }
    }

    #[test]
    fn dates_that_are_none_are_called_so() {
        for date in ["2024-02-30", "2024-1-20"] {
            let toml = format!("published = {date}\n");
            let found = faults(&toml);
            assert_eq!((found.len(), found[0].0), (1, date), "{found:?}");
            assert!(found[0].1.contains("日期") && found[0].2.contains("2024-01-20"), "{found:?}");
        }
    }

    /// A hint never makes a figure of the beginning of a date or of a slip of the pen.
    #[test]
    fn hints_for_unquoted_values_fit_them() {
        for (value, hint) in [
            ("2026年1月26日", "写成 2026-01-26"),
            ("2026年1月26", "写成 2026-01-26"),
            ("3件", "写成 3；"),
            ("3O", "只写数字"),
            ("１", "写成 1"),
            ("1，2", "英文逗号"),
        ] {
            let toml = format!("a = {value}\n");
            let found = faults(&toml);
            assert!(found[0].2.contains(hint), "{value}: {found:?}");
        }
    }

    /// No message is left in the parser's English only.
    #[test]
    fn usual_mistakes_are_said_in_chinese() {
        for toml in [
            "a = \"x",
            "a = 'x",
            "[a\n",
            "[[a]\n",
            "[a]]\n",
            "a\n",
            "a = \n",
            "= 1\n",
            "a == 1\n",
            "a = {b = 1\n",
            "a = {b = 1 c = 2}\n",
            "a = 1_\n",
            "a = 007\n",
            "a = \"\\q\"\n",
            "a = \"\\u12\"\n",
            "a = +-1\n",
            "a = .5\n",
            "a = 1.\n",
            "a = tru\n",
            "a = 1\ra = 2\n",
            "a = 1\na = 2\n",
            "a = 1\na.b = 2\n",
            "a.b = 1\na = 2\n",
            "# \u{1}\n",
            "'''a''' = 1\n",
            "[]\n",
            "a = 1 b = 2\n",
            "a = [1,, 2]\n",
            "键 = 1\n",
            "a = 0B1\n",
            "a = -0x1\n",
            "a = 03-31\n",
        ] {
            for (_, message, _) in faults(toml) {
                assert!(!message.contains("有误（"), "{toml:?}: {message}");
            }
            assert!(!faults(toml).is_empty(), "{toml:?}");
        }
        let deep = format!("a = {}{}\n", "[".repeat(5000), "]".repeat(5000));
        assert!(faults(&deep)[0].1.contains("嵌套"), "{:?}", faults(&deep)[0].1);
    }
}
