//! A table that a document only has as lines of text: labels found in the text, figures between them.
//!
//! The text is a sequence of characters and figures, each with its line. Labels that stand in it
//! unbroken anchor the rows in the form's order; broken labels are then looked for between their
//! neighbours. The figures between two labels are the first one's row, if there are exactly as many
//! as the row has columns; fewer are told apart by their horizontal place, if whole rows show where the
//! columns are. Everything else stays blank and is doubted.

mod anchors;
mod stream;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::form::{Arrangement, CellId, Column, Form, Label, Table, normalise_label};
use crate::import::block::{Block, Place};
use crate::text::Words;
use crate::words;

use super::align::furniture;
use super::table::{cells_of, place_cell};
use super::{Doubt, Spot, Trial};
use anchors::{chain, find_broken};
use stream::{Item, Stream};

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
        let reason =
            words!("文字的次序与表格的行列不一致，请核对全表", "the text is not in the order of the table's rows; check the whole table");
        trial.doubts.push(Doubt { cells, spot: Spot::default(), reason, settled_by_sums: false });
    }
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
    let of_columns = &form.tables[table].blocks[form.tables[table].rows[row].block].columns;
    let head = |column: usize| header(stream, found.line, of_columns, column);
    if figures.len() == ids.len() && found.next_known {
        for (column, (id, (_, text, _))) in ids.iter().zip(figures).enumerate() {
            place_cell(trial, *id, text, spot, head(column));
        }
        return;
    }
    let one_line = figures.iter().all(|(line, ..)| *line == figures[0].0);
    let block = form.tables[table].rows[row].block;
    let matched =
        (one_line && !figures.is_empty() && figures.len() < ids.len()).then(|| columns.match_line(block, place, figures)).flatten();
    let (count, due) = (figures.len(), ids.len());
    let reason: Words = match &matched {
        Some(_) => words!(
            "这一行只有 {count} 个数，应有 {due} 个，按横向位置放置，其余留空",
            "this row has {count} figures of {due}; placed by their position, the others left blank"
        ),
        None if figures.is_empty() => words!("这一行没有数字，留空", "this row has no figures; left blank"),
        None => {
            let shown = figures.iter().map(|(_, text, _)| text.as_str()).collect::<Vec<_>>().join("、");
            words!(
                "这一行找到 {count} 个数，应有 {due} 个，无法对应，留空（原文：{shown}）",
                "{count} figures were found for this row of {due}; left blank (original: {shown})"
            )
        }
    };
    for (column, (_, text, _)) in matched.unwrap_or_default().into_iter().zip(figures) {
        place_cell(trial, ids[column], text, spot, head(column));
    }
    trial.doubts.push(Doubt { cells: ids, spot, reason, settled_by_sums: false });
}

/// What the line near above a row that names a column says of it, up to the next column's name: "（元）" in
/// "采购项目数量　采购总金额（元）".
fn header<'s>(stream: &'s Stream, line: usize, columns: &[Column], column: usize) -> Option<&'s str> {
    const NEAR: usize = 8;
    let name = |column: &Column| column.label.text.split(['（', '(']).next().unwrap_or_default().to_owned();
    let own = name(columns.get(column)?);
    let plain = normalise_label(&own);
    let above = stream.texts[line.saturating_sub(NEAR)..line].iter().rev();
    let text = above.map(String::as_str).find(|text| !plain.is_empty() && normalise_label(text).contains(&plain))?;
    let behind = text.split_once(own.as_str()).map_or(text, |(_, behind)| behind);
    let next = columns.iter().skip(column + 1).filter_map(|other| behind.find(name(other).as_str())).min();
    Some(&behind[..next.unwrap_or(behind.len())])
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
    let (known, all) =
        text.chars().fold((0, 0), |(known, all), c| (known + usize::from(words.contains(&c) || c.is_ascii_digit()), all + 1));
    known * 100 >= all * 88
}
