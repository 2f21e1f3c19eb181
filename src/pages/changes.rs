//! What changed against last year's report: every cell that differs, and the passages of the prose.
//!
//! Cells are compared where the editions say that they compare. Prose is compared section by section
//! and sentence by sentence; sentences that are nearly the same are compared word by word, so that a
//! changed figure stands out. Where hardly a sentence is the same, the text was written anew and a list
//! of all of it would tell nothing: only that is said.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, NoSliderHeuristic, Token};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::form::{CellId, Form};
use crate::report::{Body, Cell, Report};

/// Changes against the report of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Changes {
    /// The year before.
    pub year: u16,
    /// Whether last year's report is in another edition: only tables that compare are compared.
    pub other_edition: bool,
    /// How many cells changed.
    pub cells: usize,
    /// The changed cells as HTML, put in by the render floor.
    pub cells_html: String,
    /// How much of this year's prose stood in last year's, in per cent.
    pub same_prose: usize,
    /// How many passages changed; none are listed where the prose was written anew.
    pub passages: usize,
    /// The changed passages as HTML, put in by the render floor.
    pub prose_html: String,
    /// What the render floor writes the cells from.
    #[serde(skip)]
    pub rows: Vec<RowChange>,
    /// What the render floor writes the passages from.
    #[serde(skip)]
    pub prose: Vec<SectionChange>,
}

/// The changed cells of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Index of the table in the form.
    pub table: usize,
    /// Index of the row in the table.
    pub row: usize,
    /// The cells: this year's and last year's.
    pub cells: Vec<(CellId, Cell, Cell)>,
}

/// The changed passages of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionChange {
    /// The section's heading.
    pub title: String,
    /// The passages, in order.
    pub passages: Vec<Vec<Piece>>,
}

/// A piece of a changed passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands in both.
    Same(String),
    /// Stood in last year's only.
    Gone(String),
    /// Stands in this year's only.
    New(String),
}

/// A report's text and its sections.
#[derive(Debug, Clone, Copy)]
pub struct Written<'t> {
    /// The text of the file.
    pub text: &'t str,
    /// Its sections.
    pub body: &'t Body,
    /// The report.
    pub report: &'t Report,
}

/// Below this much common text (in per cent) the prose counts as written anew.
const WRITTEN_ANEW: usize = 20;

impl Changes {
    /// The changes from `last` to `now`.
    pub fn between(last: Written<'_>, now: Written<'_>) -> Self {
        let rows = changed_rows(last.report, now.report);
        let mut prose = Prose::default();
        for section in 0..now.report.form.sections.len() {
            prose.compare(section, last, now);
        }
        let same = (prose.same * 100).checked_div(prose.whole).unwrap_or(100);
        let anew = same < WRITTEN_ANEW && prose.whole > 0;
        Self {
            year: last.report.year,
            other_edition: last.report.form.key != now.report.form.key,
            cells: rows.iter().map(|row| row.cells.len()).sum(),
            same_prose: same,
            passages: prose.sections.iter().map(|section| section.passages.len()).sum(),
            rows,
            prose: if anew { Vec::new() } else { prose.sections },
            ..Self::default()
        }
    }
}

fn changed_rows(last: &Report, now: &Report) -> Vec<RowChange> {
    if last.scope != now.scope {
        return Vec::new();
    }
    let form = &*now.form;
    let same_form = last.form.key == form.key;
    let mut rows: Vec<RowChange> = Vec::new();
    for cell in form.cells() {
        let there = if same_form { Some(cell) } else { form.comparable(cell, &last.form) };
        let Some(there) = there else { continue };
        let (before, after) = (last.figures.small(there), now.figures.small(cell));
        if before.is_some() && before == after {
            continue;
        }
        let (before, after) = (last.figures.get(there), now.figures.get(cell));
        if before == after || before.number().is_some() && before.number() == after.number() {
            continue;
        }
        let place = form.place(cell);
        match rows.last_mut().filter(|row| (row.table, row.row) == (place.table, place.row)) {
            Some(row) => row.cells.push((cell, after, before)),
            None => rows.push(RowChange { table: place.table, row: place.row, cells: vec![(cell, after, before)] }),
        }
    }
    rows
}

/// The prose while its sections are compared. Lengths are in bytes.
#[derive(Default)]
struct Prose {
    same: usize,
    whole: usize,
    sections: Vec<SectionChange>,
}

impl Prose {
    fn compare(&mut self, section: usize, last: Written<'_>, now: Written<'_>) {
        let title = |form: &Form| form.sections[section].title.text.clone();
        let there = last.report.form.sections.iter().position(|other| other.key == now.report.form.sections[section].key);
        let before = plain(there.map_or("", |there| content(last, there)));
        let after = plain(content(now, section));
        let (before, after) = (sentences(&before), sentences(&after));
        self.whole += length(&after);
        let mut passages = Vec::new();
        for part in parts(&before, &after) {
            match part {
                Part::Same(same) => self.same += length(&after[same]),
                Part::Other(gone, new) if new.is_empty() => passages.push(vec![Piece::Gone(before[gone].concat())]),
                Part::Other(gone, new) if gone.is_empty() => passages.push(vec![Piece::New(after[new].concat())]),
                Part::Other(gone, new) => {
                    let (pieces, same) = replaced(&before[gone], &after[new]);
                    self.same += same;
                    passages.push(pieces);
                }
            }
        }
        if !passages.is_empty() {
            self.sections.push(SectionChange { title: title(&now.report.form), passages });
        }
    }
}

fn content<'t>(written: Written<'t>, section: usize) -> &'t str {
    written.body.section(section).map_or("", |section| &written.text[section.content.clone()])
}

/// The words of Markdown without its marks: enough for comparing, not for showing.
fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for line in markdown.lines() {
        let line = line.trim().trim_start_matches(['#', '>']).trim_start();
        let line = line.strip_prefix("- ").unwrap_or(line);
        let mut rest = line;
        while let Some(mark) = rest.find(['*', '`', '|']) {
            out.push_str(&rest[..mark]);
            out.extend(rest[mark..].starts_with('|').then_some(' '));
            rest = &rest[mark + 1..];
        }
        out.push_str(rest);
        if line.is_empty() {
            out.push('\n');
        }
    }
    out
}

/// Sentences with the marks that end them; a clause that ends in ； is one too, and a line.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '？', '\n'])
        .map(|sentence| sentence.trim_matches('\n'))
        .filter(|sentence| !sentence.trim().is_empty())
        .collect()
}

/// Sentences in the place of others: those in the same position that are nearly the same are compared
/// word by word, the others stand as gone and new. Also how many bytes are the same.
fn replaced(before: &[&str], after: &[&str]) -> (Vec<Piece>, usize) {
    let mut pieces = Vec::new();
    let mut same = 0;
    for at in 0..before.len().max(after.len()) {
        match (before.get(at), after.get(at)) {
            (Some(old), Some(new)) if nearly_the_same(old, new) => same += word_by_word(old, new, &mut pieces),
            (old, new) => {
                pieces.extend(old.map(|old| Piece::Gone((*old).to_owned())));
                pieces.extend(new.map(|new| Piece::New((*new).to_owned())));
            }
        }
    }
    (pieces, same)
}

/// Whether two sentences begin and end alike for at least two fifths of the longer.
fn nearly_the_same(old: &str, new: &str) -> bool {
    let start = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let end =
        old[start..].chars().rev().zip(new[start..].chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let longer = old.len().max(new.len());
    (start + end) * 5 >= longer * 2 && longer < 1500
}

fn word_by_word(old: &str, new: &str, pieces: &mut Vec<Piece>) -> usize {
    let (old, new) = (words(old), words(new));
    let mut same = 0;
    for part in joined(parts(&old, &new)) {
        match part {
            Part::Same(words) => {
                same += length(&new[words.clone()]);
                pieces.push(Piece::Same(new[words].concat()));
            }
            Part::Other(before, after) => {
                pieces.extend((!before.is_empty()).then(|| Piece::Gone(old[before].concat())));
                pieces.extend((!after.is_empty()).then(|| Piece::New(new[after].concat())));
            }
        }
    }
    same
}

/// Bytes of some texts.
fn length(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.len()).sum()
}

/// A part of two sequences.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Stands in both; its place in the second.
    Same(Range<usize>),
    /// What stands in the first and, in its place, in the second; one of them may be empty.
    Other(Range<usize>, Range<usize>),
}

/// Two sequences of texts, part by part, from the first to the last.
fn parts(before: &[&str], after: &[&str]) -> Vec<Part> {
    let start = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let [old, new] = [&before[start..], &after[start..]];
    let rest = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let [old, new] = [&old[..old.len() - rest], &new[..new.len() - rest]];
    // Texts are only numbered where there is something to compare: between the equal ends.
    let mut tokens = Tokens::default();
    let [old, new] = [old, new].map(|texts| texts.iter().map(|text| tokens.of(text)).collect::<Vec<Token>>());
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, &old, &new, tokens.count);
    diff.postprocess_with(&old, &new, NoSliderHeuristic);
    let (mut parts, mut end) = (Vec::new(), 0);
    for hunk in diff.hunks() {
        let [gone, new] = [hunk.before, hunk.after].map(|range| start + range.start as usize..start + range.end as usize);
        parts.extend((end < new.start).then_some(Part::Same(end..new.start)));
        end = new.end;
        parts.push(Part::Other(gone, new));
    }
    parts.extend((end < after.len()).then_some(Part::Same(end..after.len())));
    parts
}

/// Numbers in the place of texts, the same for the same. Single characters, as most words are, are told apart
/// without a look at their bytes.
#[derive(Default)]
struct Tokens<'t> {
    characters: FxHashMap<char, Token>,
    texts: FxHashMap<&'t str, Token>,
    count: u32,
}

impl<'t> Tokens<'t> {
    fn of(&mut self, text: &'t str) -> Token {
        let next = Token(self.count);
        let mut characters = text.chars();
        let token = match (characters.next(), characters.next()) {
            (Some(only), None) => *self.characters.entry(only).or_insert(next),
            _ => *self.texts.entry(text).or_insert(next),
        };
        self.count += u32::from(token == next);
        token
    }
}

/// The same with a word or two between longer changes counted among them: a lone 的 that two phrases have
/// in common is chance, and tears both apart for the reader.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let is_long = |part: &Part| matches!(part, Part::Other(gone, new) if gone.len().max(new.len()) > 1);
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        if let [.., Part::Other(gone, new), Part::Same(same)] = &mut out[..]
            && let Part::Other(next_gone, next_new) = &part
            && same.len() <= 2
            && is_long(&part)
            && gone.len().max(new.len()) > 1
        {
            (gone.end, new.end) = (next_gone.end, next_new.end);
            out.pop();
            continue;
        }
        out.push(part);
    }
    out
}

/// Numbers and Latin words as a whole, everything else character by character.
fn words(text: &str) -> Vec<&str> {
    let whole = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '%' | ',');
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if whole(first) { rest.find(|c| !whole(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;
    use crate::front_matter::split;
    use crate::report::{read, read_body};

    fn changes(last: (&str, u16), now: (&str, u16)) -> Changes {
        let forms = Forms::builtin();
        let made = [last, now].map(|(text, year)| {
            let report = read(text, year, &forms).report;
            let body = read_body(text, split(text).0.body, &report.form);
            (text, report, body)
        });
        let [last, now] = &made;
        Changes::between(Written { text: last.0, body: &last.2, report: &last.1 }, Written { text: now.0, body: &now.2, report: &now.1 })
    }

    fn report(received: &str, prose: &str) -> String {
        format!("+++\n[applications]\nreceived = [{received}]\n+++\n## 一、总体情况\n\n{prose}\n")
    }

    #[test]
    fn changed_cells_are_listed_by_row() {
        let found = changes((&report("1, 0, 0, 0, 0, 0, 1", "甲。"), 2022), (&report("2, 0, 0, \"\", 0, 0, 2", "甲。"), 2023));
        assert_eq!(found.cells, 3);
        assert_eq!(found.rows.len(), 1);
        assert_eq!(found.rows[0].cells[1].1, Cell::Blank);
        assert_eq!((found.passages, found.same_prose), (0, 100));
    }

    /// Figures of table 二 do not compare between the editions of 2020 and 2021.
    #[test]
    fn cells_that_do_not_compare_are_left_out() {
        let last = "+++\n[proactive]\nlicensing = [3, 1, 40]\n[applications]\nreceived = [7, 0, 0, 0, 0, 0, 7]\n+++\n";
        let now = "+++\n[proactive]\nlicensing = [50]\n[applications]\nreceived = [9, 0, 0, 0, 0, 0, 9]\n+++\n";
        let found = changes((last, 2020), (now, 2021));
        assert!(found.other_edition);
        assert_eq!(found.cells, 2);
    }

    /// A changed figure in a sentence stands out; the words around it are the same.
    #[test]
    fn a_changed_figure_stands_out() {
        let found = changes((&report("0", "全年公开信息120条。加强培训。"), 2022), (&report("0", "全年公开信息135条。加强培训。"), 2023));
        let pieces = &found.prose[0].passages[0];
        let expected =
            [Piece::Same("全年公开信息".into()), Piece::Gone("120".into()), Piece::New("135".into()), Piece::Same("条。".into())];
        assert_eq!(pieces.as_slice(), expected);
        assert!(found.same_prose > 80, "{}", found.same_prose);
    }

    /// Prose written anew is said to be so, not listed sentence by sentence.
    #[test]
    fn prose_written_anew_is_not_listed() {
        let found = changes((&report("0", "一二三四。五六七八。"), 2022), (&report("0", "甲乙丙丁。戊己庚辛。"), 2023));
        assert_eq!(found.same_prose, 0);
        assert!(found.prose.is_empty() && found.passages > 0);
    }

    /// What two phrases have in common by chance does not tear them apart; figures stay apart.
    #[test]
    fn chance_does_not_tear_phrases_apart() {
        let compared = |old, new| {
            let mut pieces = Vec::new();
            word_by_word(old, new, &mut pieces);
            pieces
        };
        let phrases = compared("本年加强了培训的力度。", "本年改进了平台的功能。");
        let expected = [
            Piece::Same("本年".into()),
            Piece::Gone("加强了培训的力度".into()),
            Piece::New("改进了平台的功能".into()),
            Piece::Same("。".into()),
        ];
        assert_eq!(phrases.as_slice(), expected);
        let figures = compared("受理120件、办结35件。", "受理135件、办结40件。");
        assert_eq!(figures.iter().filter(|piece| matches!(piece, Piece::Same(_))).count(), 3, "{figures:?}");
    }

    #[test]
    fn words_keep_numbers_whole() {
        assert_eq!(words("共127.082万元"), ["共", "127.082", "万", "元"]);
        assert_eq!(sentences("甲。乙；\n丙"), ["甲。", "乙；", "丙"]);
    }
}
