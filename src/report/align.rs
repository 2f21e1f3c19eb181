//! A report's text → the same text with its tables aligned under their column comments.
//!
//! Only spaces between the parts of table rows change: keys, figures, comments, order of lines, prose and
//! everything else in the front matter stay as they are. Rows that are not written on one line are left
//! alone. Aligning what is aligned changes nothing.

use crate::form::Forms;
use crate::front_matter::split;
use crate::text::display_width;

/// Aligns the tables of a report. The text is given back as it was if there is nothing to align.
pub fn align(text: &str, forms: &Forms) -> String {
    let (parts, fault) = split(text);
    if fault.is_some() {
        return text.to_owned();
    }
    let toml = &text[parts.toml.clone()];
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..parts.toml.start]);
    let lines: Vec<&str> = toml.split_inclusive('\n').collect();
    let mut start = 0;
    for (at, line) in lines.iter().enumerate() {
        // A header begins a section; what stands before the first one belongs to no table.
        if at > start && line.trim_start().starts_with('[') {
            align_section(&lines[start..at], forms, &mut out);
            start = at;
        }
    }
    align_section(&lines[start..], forms, &mut out);
    out.push_str(&text[parts.toml.end..]);
    out
}

/// One line of a section.
enum Line<'t> {
    /// A row: key, cells, what stands behind the closing bracket.
    Row(Row<'t>),
    /// The names of the columns of the rows below it.
    Heads(Vec<&'t str>, &'t str),
    /// Anything else, as it is.
    Other(&'t str),
}

struct Row<'t> {
    key: &'t str,
    cells: Vec<&'t str>,
    rest: &'t str,
}

fn align_section(lines: &[&str], forms: &Forms, out: &mut String) {
    if !lines.first().is_some_and(|header| is_table(header, forms)) {
        lines.iter().for_each(|line| out.push_str(line));
        return;
    }
    let lines: Vec<Line<'_>> = lines.iter().enumerate().map(|(at, line)| read_line(line, lines.get(at + 1).copied())).collect();
    let rows = lines.iter().filter_map(|line| if let Line::Row(row) = line { Some(row) } else { None });
    let key_width = rows.map(|row| display_width(row.key)).max().unwrap_or(0);
    let mut start = 0;
    while start < lines.len() {
        let end = end_of_block(&lines, start);
        print_block(&lines[start..end], key_width, out);
        start = end;
    }
}

/// Whether a line is the header of a form's table, or of a group of its rows.
fn is_table(header: &str, forms: &Forms) -> bool {
    let Some(name) = header.trim_start().strip_prefix('[').and_then(|rest| rest.split(']').next()) else { return false };
    let first = name.split('.').next().unwrap_or_default().trim();
    forms.iter().any(|form| form.table(first).is_some())
}

fn read_line<'t>(line: &'t str, next: Option<&'t str>) -> Line<'t> {
    if let Some(row) = read_row(line) {
        return Line::Row(row);
    }
    let content = line.trim_end_matches(['\n', '\r']);
    if let (Some(comment), Some(below)) = (content.trim_start().strip_prefix('#'), next.and_then(read_row)) {
        let heads: Vec<&str> = comment.split_whitespace().collect();
        // Names of columns are words; a remark that happens to have as many of them is a sentence.
        let sentence = comment.contains(['，', '。', '：', '；', '“']);
        if heads.len() == below.cells.len() && !sentence {
            return Line::Heads(heads, &line[content.len()..]);
        }
    }
    Line::Other(line)
}

/// Reads `key = [cell, cell]  # comment` on one line.
fn read_row(line: &str) -> Option<Row<'_>> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'));
    let inside = value.trim_start().strip_prefix('[').filter(|_| is_key)?;
    let mut cells = Vec::new();
    let (mut from, mut quote) = (0, None);
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            // What is escaped does not end the text.
            ('\\', Some('"')) => drop(chars.next()),
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            (',' | ']', None) => {
                cells.push(inside[from..at].trim());
                from = at + 1;
                if c == ']' {
                    // A comma may stand behind the last cell.
                    if cells.last() == Some(&"") {
                        cells.pop();
                    }
                    let whole = !cells.is_empty() && cells.iter().all(|cell| !cell.is_empty());
                    return whole.then(|| Row { key, cells, rest: &inside[from..] });
                }
            }
            ('[' | '{' | '#' | '\n', None) => return None,
            _ => {}
        }
    }
    None
}

/// A block is a run of rows with as many cells each; names of columns begin another.
fn end_of_block(lines: &[Line<'_>], start: usize) -> usize {
    let mut columns = None;
    for (at, line) in lines.iter().enumerate().skip(start) {
        match line {
            Line::Heads(..) if columns.is_some() => return at,
            Line::Heads(heads, _) => columns = Some(heads.len()),
            Line::Row(row) if columns.is_some_and(|columns| columns != row.cells.len()) => return at,
            Line::Row(row) => columns = Some(row.cells.len()),
            Line::Other(_) => {}
        }
    }
    lines.len()
}

fn print_block(lines: &[Line<'_>], key_width: usize, out: &mut String) {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        let (Line::Row(Row { cells, .. }) | Line::Heads(cells, _)) = line else { continue };
        widths.resize(cells.len(), 0);
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(display_width(cell));
        }
    }
    let aligned = |cells: &[&str], between: &str| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| " ".repeat(width - display_width(cell)) + cell).collect();
        cells.join(between)
    };
    for line in lines {
        match line {
            Line::Other(text) => out.push_str(text),
            Line::Heads(heads, rest) => {
                let indent = " ".repeat(key_width + 3);
                out.push_str(&format!("#{indent}{}{rest}", aligned(heads, "  ")));
            }
            Line::Row(Row { key, cells, rest }) => {
                let gap = " ".repeat(key_width - display_width(key));
                out.push_str(&format!("{key}{gap} = [{}]{rest}", aligned(cells, ", ")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(text: &str) -> String {
        let forms = Forms::builtin();
        let once = align(text, &forms);
        assert_eq!(align(&once, &forms), once, "aligning again changes it");
        once
    }

    /// Comments, blanks, order, other tables and the prose stay; rows move under their columns.
    #[test]
    fn tables_are_aligned_and_the_rest_stays() {
        let text = "+++\ntitle   =   \"甲\" # 不动\n[applications]   # 三\n# 自然人 企业 科研 公益 法律 其他 总计\nreceived=[3,0,0,0,0,0,3]   # 已核\n# 上年的，见台账，不是列名。\ncarried_in   = [ \"\", 0,\"/\",0,0,0,120,]\n\nrefused.state_secret = [0,0,0,0,0,0,0]\n[[breakdown]]\nlabel=\"a\"\nparts={\"甲\"=1}\n+++\n#标题\nreceived=[1,2]\n";
        let expected = "+++\ntitle   =   \"甲\" # 不动\n[applications]   # 三\n#                       自然人  企业  科研  公益  法律  其他  总计\nreceived             = [     3,    0,    0,    0,    0,    0,    3]   # 已核\n# 上年的，见台账，不是列名。\ncarried_in           = [    \"\",    0,  \"/\",    0,    0,    0,  120]\n\nrefused.state_secret = [     0,    0,    0,    0,    0,    0,    0]\n[[breakdown]]\nlabel=\"a\"\nparts={\"甲\"=1}\n+++\n#标题\nreceived=[1,2]\n";
        assert_eq!(aligned(text), expected);
    }

    /// Rows over several lines, rows that cannot be taken apart, and files without front matter.
    #[test]
    fn what_is_not_understood_is_left_alone() {
        for text in [
            "+++\n[proactive]\nlicensing = [\n  1,\n]\npenalties = [ \"a]\n+++\n",
            "没有前置数据\n[proactive]\na=[1]\n",
            "+++\n[proactive]\na=[1]\n",
            "+++\naliases=[\"a\",\"b\"]\n[review]\nby=[1]\n+++\n",
        ] {
            assert_eq!(aligned(text), text);
        }
    }

    /// Line breaks of Windows and blocks of different widths.
    #[test]
    fn blocks_have_widths_of_their_own() {
        let text = "+++\r\n[proactive]\r\n# 制发 废止 有效\r\nregulations=[0,0,0]\r\n# 决定\r\nlicensing=[18432]\r\n+++\r\n";
        let expected = "+++\r\n[proactive]\r\n#              制发  废止  有效\r\nregulations = [   0,    0,    0]\r\n#               决定\r\nlicensing   = [18432]\r\n+++\r\n";
        assert_eq!(aligned(text), expected);
    }
}
