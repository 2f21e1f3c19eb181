//! A table that a document only has as lines of text: labels found in the text, figures between them.
//!
//! The text is a sequence of characters and figures, each with its line. Labels that stand in it
//! unbroken anchor the rows in the form's order; broken labels are then looked for between their
//! neighbours. The figures between two labels are the first one's row, if there are exactly as many
//! as the row has columns; fewer are told apart by their horizontal place, if whole rows show where the
//! columns are. Everything else stays blank and is doubted.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::form::{Arrangement, CellId, Form, Label, Table, normalise_label};
use crate::import::block::{Block, Place};
use crate::import::lines::{TextLine, Token};
use crate::text::Words;
use crate::words;

use super::align::{common, furniture};
use super::figure::is_value;
use super::table::{cells_of, place_cell};
use super::{Doubt, Spot, Trial};

/// Items before the first or behind the last found label in which others are looked for.
const WINDOW: usize = 240;

/// Occurrences of labels beyond which a text is no report: the chain is quadratic in them.
const MOST_OCCURRENCES: usize = 4_000;

/// One item of the text.
#[derive(Debug, Clone)]
enum Item {
    Char(char),
    Figure { text: String, middle: f32 },
}

/// The text of all line blocks as a sequence.
struct Stream {
    /// Each with its line.
    items: Vec<(Item, usize)>,
    /// For each item, which word it is part of.
    words: Vec<usize>,
    /// For each line: its block, its index in it, its place.
    lines: Vec<(usize, usize, Place)>,
    /// For each line: its text.
    texts: Vec<String>,
}

/// Where a label was found: the range of items.
type Anchor = Range<usize>;

/// Places one table.
pub(super) fn place(trial: &mut Trial, table: usize, blocks: &[Block]) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let stream = Stream::of(blocks);
    if stream.lines.is_empty() {
        return;
    }
    let labels: Vec<&Label> = of_form.rows.iter().map(|row| &row.label).collect();
    let mut anchors = chain(&stream, &labels);
    let unbroken = anchors.iter().flatten().count();
    if unbroken == 0 {
        return;
    }
    if of_form.arrangement == Arrangement::Across {
        place_across(trial, table, &stream, &anchors);
        return;
    }
    find_broken(&stream, &labels, &mut anchors);
    if anchors.iter().flatten().count() * 10 < labels.len() * 7 {
        return;
    }
    let rows = figures_of_rows(&stream, of_form, &anchors);
    let columns = Columns::of(&rows, of_form, &stream);
    for (row, figures) in rows.iter().enumerate() {
        if let Some(figures) = figures {
            place_row(trial, (table, row), figures, &stream, &columns);
        }
    }
    doubt_disorder(trial, table, &rows);
    trial.from_lines.insert(table);
    take_lines(trial, of_form, &stream, &anchors, &rows);
}

/// Where many rows have too few or too many figures, the text is not in the order of the rows, and even
/// rows that look whole may not be.
fn doubt_disorder(trial: &mut Trial, table: usize, rows: &[Option<RowFigures>]) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let is_off = |(row, found): &(usize, &Option<RowFigures>)| {
        let columns = of_form.blocks[of_form.rows[*row].block].columns.len();
        found.as_ref().is_none_or(|found| without_strokes(&found.figures, columns).len() != columns)
    };
    if rows.iter().enumerate().filter(is_off).count() * 4 > rows.len() {
        let cells = form.cells().filter(|id| form.place(*id).table == table).collect();
        let reason = words!("文字的次序与表格的行列不一致，请核对全表", "the text is not in the order of the table's rows; check the whole table");
        trial.doubts.push(Doubt { cells, spot: Spot::default(), reason, settled_by_sums: false });
    }
}

impl Stream {
    fn of(blocks: &[Block]) -> Self {
        let mut stream = Self { items: Vec::new(), words: Vec::new(), lines: Vec::new(), texts: Vec::new() };
        for (block, content) in blocks.iter().enumerate() {
            if let Block::Lines(lines) = content {
                for (index, line) in lines.iter().enumerate() {
                    stream.push(line, block, index);
                }
            }
        }
        stream
    }

    fn push(&mut self, line: &TextLine, block: usize, index: usize) {
        let at = self.lines.len();
        self.lines.push((block, index, line.place));
        self.texts.push(line.text());
        for (in_words, piece) in line.tokens.iter().flat_map(|token| pieces(token).into_iter().map(|piece| (has_words(token), piece))) {
            // The stroke of 本年增 / 减 is no "not applicable".
            if is_value(&piece.text) && !(in_words && !piece.text.contains(|c: char| c.is_numeric())) {
                self.items.push((Item::Figure { middle: (piece.left + piece.right) / 2.0, text: piece.text }, at));
            } else {
                let chars = piece.text.chars().filter(|c| c.is_alphanumeric());
                self.items.extend(chars.map(|c| (Item::Char(c), at)));
            }
            let word = self.words.last().map_or(0, |word| word + 1);
            self.words.resize(self.items.len(), word);
        }
    }

    fn char_at(&self, index: usize) -> Option<char> {
        match self.items.get(index)?.0 {
            Item::Char(c) => Some(c),
            Item::Figure { .. } => None,
        }
    }

    /// All places where a text stands, figures of the same line between its characters not counted.
    fn occurrences(&self, text: &str) -> Vec<Anchor> {
        let wanted: Vec<char> = text.chars().collect();
        let Some(first) = wanted.first() else { return Vec::new() };
        let starts = (0..self.items.len()).filter(|at| self.char_at(*at) == Some(*first));
        starts.filter_map(|start| self.matches_at(start, &wanted)).take(MOST_OCCURRENCES).collect()
    }

    fn matches_at(&self, start: usize, wanted: &[char]) -> Option<Anchor> {
        let mut at = start;
        for (index, c) in wanted.iter().enumerate() {
            if index > 0 && self.char_at(at).is_none() {
                return None;
            }
            if self.char_at(at) != Some(*c) {
                return None;
            }
            at += 1;
        }
        Some(start..at)
    }

    /// Whether a range is a word of its own, but for the number of an item before it.
    fn stands_alone(&self, anchor: &Anchor) -> bool {
        let word = self.words[anchor.start];
        let mut before = (0..anchor.start).rev().take(6).take_while(|at| self.words[*at] == word).filter_map(|at| self.char_at(at));
        let ends = self.words.get(anchor.end).is_none_or(|next| *next != self.words[anchor.end - 1]);
        ends && before.all(|c| c.is_numeric() || "一二三四五六七八九十".contains(c))
    }

    /// The letters and digits of a line, figures left out.
    fn line_text(&self, line: usize) -> String {
        let start = self.items.partition_point(|(_, at)| *at < line);
        self.items[start..].iter().take_while(|(_, at)| *at == line).filter_map(|(item, _)| if let Item::Char(c) = item { Some(*c) } else { None }).collect()
    }

    fn figures(&self, range: Range<usize>) -> Vec<(usize, String, f32)> {
        let figure = |at: usize| match &self.items[at] {
            (Item::Figure { text, middle }, line) => Some((*line, text.clone(), *middle)),
            _ => None,
        };
        range.filter_map(figure).collect()
    }
}

/// Whether a token has words beside figures and marks.
fn has_words(token: &Token) -> bool {
    token.text.split_whitespace().any(|piece| !is_value(piece))
}

/// A token's pieces, apart by white space, with positions in proportion.
fn pieces(token: &Token) -> Vec<Token> {
    let length = token.text.chars().count().max(1) as f32;
    let width = (token.right - token.left) / length;
    let mut pieces: Vec<Token> = Vec::new();
    let mut open = false;
    for (index, c) in token.text.chars().enumerate() {
        let left = token.left + width * index as f32;
        if c.is_whitespace() {
            open = false;
        } else if let Some(piece) = pieces.last_mut().filter(|_| open) {
            piece.text.push(c);
            piece.right = left + width;
        } else {
            pieces.push(Token { left, right: left + width, text: c.to_string() });
            open = true;
        }
    }
    pieces
}

/// Occurrences of the labels in the form's order: as many as possible, close together.
fn chain(stream: &Stream, labels: &[&Label]) -> Vec<Option<Anchor>> {
    let mut found: Vec<(usize, Anchor)> = Vec::new();
    for (row, label) in labels.iter().enumerate() {
        for text in std::iter::once(&label.text).chain(&label.variants) {
            let text = normalise_label(text);
            let short = text.chars().count() < 5;
            found.extend(stream.occurrences(&text).into_iter().filter(|anchor| !short || stream.stands_alone(anchor)).map(|anchor| (row, anchor)));
        }
    }
    if found.len() > MOST_OCCURRENCES {
        return vec![None; labels.len()];
    }
    found.sort_by_key(|(row, anchor)| (anchor.start, *row));
    // The best chain that ends with each occurrence.
    let mut best: Vec<(i64, Option<usize>)> = Vec::with_capacity(found.len());
    for (at, (row, anchor)) in found.iter().enumerate() {
        let before = (0..at).filter(|other| found[*other].0 < *row && found[*other].1.end <= anchor.start);
        let gap = |other: usize| i64::try_from(anchor.start - found[other].1.end).unwrap_or(i64::MAX).min(900);
        let previous = before.map(|other| (best[other].0 - gap(other), other)).max_by_key(|(score, _)| *score).filter(|(score, _)| *score > 0);
        best.push((1_000 + previous.map_or(0, |(score, _)| score), previous.map(|(_, other)| other)));
    }
    let mut anchors = vec![None; labels.len()];
    let mut at = (0..found.len()).max_by_key(|at| best[*at].0);
    while let Some(index) = at {
        let (row, anchor) = &found[index];
        anchors[*row] = Some(anchor.clone());
        at = best[index].1;
    }
    anchors
}

/// Looks for labels that are broken over lines, between their found neighbours.
fn find_broken(stream: &Stream, labels: &[&Label], anchors: &mut [Option<Anchor>]) {
    for row in 0..labels.len() {
        if anchors[row].is_some() {
            continue;
        }
        let before = anchors[..row].iter().flatten().next_back().map(|anchor| anchor.end);
        let after = anchors[row..].iter().flatten().next().map(|anchor| anchor.start);
        let from = before.or_else(|| Some(after?.saturating_sub(WINDOW))).unwrap_or(0);
        let to = after.unwrap_or(from + WINDOW).min(stream.items.len());
        let wanted: Vec<char> = normalise_label(&labels[row].text).chars().collect();
        anchors[row] = broken(stream, &wanted, from..to);
    }
}

/// The tightest stretch that holds most of a label's characters in order.
fn broken(stream: &Stream, wanted: &[char], range: Range<usize>) -> Option<Anchor> {
    let chars: Vec<(usize, char)> = range.filter_map(|at| stream.char_at(at).map(|c| (at, c))).collect();
    let first: Vec<char> = wanted.iter().take(3).copied().collect();
    let starts = (0..chars.len()).filter(|at| first.first() == Some(&chars[*at].1));
    let stretch = |start: usize| {
        let end = (start + wanted.len() * 2).min(chars.len());
        let text: Vec<char> = chars[start..end].iter().map(|(_, c)| *c).collect();
        let score = common(wanted, &text);
        let length = (1..=text.len()).find(|length| common(wanted, &text[..*length]) == score).unwrap_or(text.len());
        (score, chars[start].0..chars[start + length - 1].0 + 1)
    };
    let (score, anchor) = starts.map(stretch).max_by_key(|(score, anchor)| (*score, std::cmp::Reverse(anchor.len())))?;
    let enough = if wanted.len() < 4 { score == wanted.len() } else { score * 4 >= wanted.len() * 3 };
    enough.then_some(anchor)
}

/// The figures of one row, and whether more or fewer were found than it has columns.
struct RowFigures {
    figures: Vec<(usize, String, f32)>,
    line: usize,
    next_known: bool,
}

/// For each anchored row, the figures up to the next anchored row; for the last, those that follow at
/// once.
fn figures_of_rows(stream: &Stream, table: &Table, anchors: &[Option<Anchor>]) -> Vec<Option<RowFigures>> {
    let mut rows: Vec<Option<RowFigures>> = Vec::new();
    for (row, anchor) in anchors.iter().enumerate() {
        rows.push(anchor.as_ref().map(|anchor| {
            let columns = table.blocks[table.rows[row].block].columns.len();
            let next = anchors[row + 1..].iter().flatten().next();
            let line = stream.items[anchor.start].1;
            let figures = match next {
                Some(next) => stream.figures(anchor.start..next.start),
                None => following(stream, anchor, columns),
            };
            RowFigures { figures, line, next_known: anchors.get(row + 1).is_some_and(Option::is_some) || row + 1 == anchors.len() }
        }));
    }
    rows
}

/// The figures right behind a label, up to the next words.
fn following(stream: &Stream, anchor: &Anchor, columns: usize) -> Vec<(usize, String, f32)> {
    let mut figures = stream.figures(anchor.clone());
    for at in anchor.end..stream.items.len() {
        if figures.len() >= columns {
            break;
        }
        match &stream.items[at] {
            (Item::Figure { text, middle }, line) => figures.push((*line, text.clone(), *middle)),
            (Item::Char(_), _) => {
                if !figures.is_empty() {
                    break;
                }
                // A unit or the rest of a note may stand between; a sentence does not.
                if at > anchor.end + 12 {
                    break;
                }
            }
        }
    }
    figures
}

/// Where the columns of each block stand on each page, from rows that are whole on one line.
struct Columns(Vec<(usize, Place, Vec<f32>)>);

impl Columns {
    fn of(rows: &[Option<RowFigures>], table: &Table, stream: &Stream) -> Self {
        let mut known = Vec::new();
        for (row, figures) in rows.iter().enumerate() {
            let block = table.rows[row].block;
            let columns = table.blocks[block].columns.len();
            let Some(figures) = figures else { continue };
            let one_line = figures.figures.iter().all(|(line, ..)| *line == figures.figures[0].0);
            if figures.figures.len() == columns && one_line && columns > 1 {
                let place = stream.lines[figures.figures[0].0].2;
                known.push((block, place, figures.figures.iter().map(|(_, _, middle)| *middle).collect()));
            }
        }
        Self(known)
    }

    /// The columns of figures that stand on one line, each near a known column of a row nearby.
    fn match_line(&self, block: usize, place: Place, figures: &[(usize, String, f32)]) -> Option<Vec<usize>> {
        let near = |other: &&(usize, Place, Vec<f32>)| other.0 == block && same_page(other.1, place);
        let (_, _, middles) = self.0.iter().filter(near).min_by_key(|(_, at, _)| distance(*at, place))?;
        let mut columns = Vec::new();
        for (_, _, middle) in figures {
            let best = (0..middles.len()).min_by(|a, b| (middles[*a] - middle).abs().total_cmp(&(middles[*b] - middle).abs()))?;
            if (middles[best] - middle).abs() > 1.2 || columns.last().is_some_and(|last| *last >= best) {
                return None;
            }
            columns.push(best);
        }
        Some(columns)
    }
}

fn same_page(a: Place, b: Place) -> bool {
    match (a, b) {
        (Place::Page(a), Place::Page(b)) => a == b,
        _ => distance(a, b) < 60,
    }
}

fn distance(a: Place, b: Place) -> u32 {
    match (a, b) {
        (Place::Line(a), Place::Line(b)) | (Place::Page(a), Place::Page(b)) => a.abs_diff(b),
        _ => 0,
    }
}

fn place_row(trial: &mut Trial, (table, row): (usize, usize), found: &RowFigures, stream: &Stream, columns: &Columns) {
    let form = trial.form.clone();
    let ids = cells_of(&form, table, row);
    let place = stream.lines[found.figures.first().map_or(found.line, |(line, ..)| *line)].2;
    let spot = Spot { place, table: 0, row: 0 };
    let figures = &without_strokes(&found.figures, ids.len());
    if figures.len() == ids.len() && found.next_known {
        for (id, (_, text, _)) in ids.iter().zip(figures) {
            place_cell(trial, *id, text, spot, None);
        }
        return;
    }
    let one_line = figures.iter().all(|(line, ..)| *line == figures[0].0);
    let block = form.tables[table].rows[row].block;
    let matched = (one_line && !figures.is_empty() && figures.len() < ids.len()).then(|| columns.match_line(block, place, figures)).flatten();
    let (count, due) = (figures.len(), ids.len());
    let reason: Words = match &matched {
        Some(_) => words!("这一行只有 {count} 个数，应有 {due} 个，按横向位置放置，其余留空", "this row has {count} figures of {due}; placed by their position, the others left blank"),
        None if figures.is_empty() => words!("这一行没有数字，留空", "this row has no figures; left blank"),
        None => {
            let shown = figures.iter().map(|(_, text, _)| text.as_str()).collect::<Vec<_>>().join("、");
            words!("这一行找到 {count} 个数，应有 {due} 个，无法对应，留空（原文：{shown}）", "{count} figures were found for this row of {due}; left blank (original: {shown})")
        }
    };
    for (column, (_, text, _)) in matched.unwrap_or_default().into_iter().zip(figures) {
        place_cell(trial, ids[column], text, spot, None);
    }
    trial.doubts.push(Doubt { cells: ids, spot, reason, settled_by_sums: false });
}

/// More figures than columns: strokes that stand alone in header lines (本年增 / 减) are none.
fn without_strokes(figures: &[(usize, String, f32)], columns: usize) -> Vec<(usize, String, f32)> {
    let has_digit = |line: usize| figures.iter().any(|(at, text, _)| *at == line && text.chars().any(char::is_numeric));
    let plain: Vec<_> = figures.iter().filter(|(line, text, _)| text != "/" || has_digit(*line)).cloned().collect();
    if figures.len() > columns && plain.len() == columns { plain } else { figures.to_vec() }
}

/// Table 四: as many figures as all rows have columns, behind the last row's name and the column names.
fn place_across(trial: &mut Trial, table: usize, stream: &Stream, anchors: &[Option<Anchor>]) {
    let form = trial.form.clone();
    let of_form = &form.tables[table];
    let ids: Vec<CellId> = (0..of_form.rows.len()).flat_map(|row| cells_of(&form, table, row)).collect();
    let words = characters(of_form);
    let (Some(first), Some(last)) = (anchors.iter().flatten().next(), anchors.iter().flatten().next_back()) else { return };
    let mut figures: Vec<(usize, String, f32)> = Vec::new();
    let mut end = last.end;
    for at in last.end..stream.items.len() {
        match &stream.items[at] {
            (Item::Figure { text, middle }, line) => figures.push((*line, text.clone(), *middle)),
            (Item::Char(c), _) if figures.is_empty() && words.contains(c) => {}
            (Item::Char(_), _) => break,
        }
        end = at + 1;
        if figures.len() == ids.len() {
            break;
        }
    }
    let line = figures.first().map_or(stream.items[last.start].1, |(line, ..)| *line);
    let spot = Spot { place: stream.lines[line].2, table: 0, row: 0 };
    let (count, due) = (figures.len(), ids.len());
    if count == due {
        for (id, (_, text, _)) in ids.iter().zip(&figures) {
            place_cell(trial, *id, text, spot, None);
        }
        trial.heads += 1;
        trial.from_lines.insert(table);
    } else {
        let reason = words!("应有 {due} 个数，找到 {count} 个，无法对应，留空", "{count} figures were found of {due}; left blank");
        trial.doubts.push(Doubt { cells: ids, spot, reason, settled_by_sums: false });
    }
    let start = header_start(stream, stream.items[first.start].1, &words, &form);
    let lines = start..stream.items[end - 1].1 + 1;
    trial.lines.extend(lines.map(|line| (stream.lines[line].0, stream.lines[line].1)));
}

/// The lines of the table: from the header above its first row to its last figures. A line among them
/// that holds words of no label is left to the prose.
fn take_lines(trial: &mut Trial, table: &Table, stream: &Stream, anchors: &[Option<Anchor>], rows: &[Option<RowFigures>]) {
    let (Some(first), Some(last)) = (anchors.iter().flatten().next(), anchors.iter().flatten().next_back()) else { return };
    let words = characters(table);
    let first_line = stream.items[first.start].1;
    let figures_end = rows.iter().flatten().flat_map(|row| &row.figures).map(|(line, ..)| *line).max().unwrap_or(0);
    let last_line = stream.items[last.end - 1].1.max(figures_end);
    let start = header_start(stream, first_line, &words, &trial.form.clone());
    let form = trial.form.clone();
    for line in start..=last_line {
        let own = line == first_line || line == last_line || is_of_table(&stream.line_text(line), &words);
        if own && form.section_titled(&stream.texts[line]).is_none() {
            trial.lines.insert((stream.lines[line].0, stream.lines[line].1));
        }
    }
}

/// All characters of a table's labels.
fn characters(table: &Table) -> BTreeSet<char> {
    let labels = furniture(table).into_iter().chain(table.rows.iter().map(|row| row.label.clone()));
    labels.flat_map(|label| std::iter::once(label.text).chain(label.variants)).flat_map(|text| text.chars().collect::<Vec<_>>()).collect()
}

/// The first line of the header above a table's first row.
fn header_start(stream: &Stream, first: usize, words: &BTreeSet<char>, form: &Form) -> usize {
    let mut start = first;
    while start > 0 && first - start < 20 {
        let text = stream.line_text(start - 1);
        if !is_of_table(&text, words) || form.section_titled(&stream.texts[start - 1]).is_some() || text.is_empty() {
            break;
        }
        start -= 1;
    }
    start
}

/// Whether nearly all of a line's characters stand in a table's labels. A sentence has others.
fn is_of_table(text: &str, words: &BTreeSet<char>) -> bool {
    let (known, all) = text.chars().fold((0, 0), |(known, all), c| (known + usize::from(words.contains(&c) || c.is_ascii_digit()), all + 1));
    known * 100 >= all * 88
}
