//! The outcome for people: what is in doubt file by file, then a table of all files, then the failures.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostic::Tally;
use crate::form::{CellId, Form};
use crate::import::Imported;
use crate::import::place::{Doubt, Spot};
use crate::text::{Language, Words, display_width, pad_to};
use crate::words;

use super::super::Terminal;
use super::outcome::{Outcome, State};

/// Lines of one kind shown for one file before they are only counted.
const MOST: usize = 40;

/// Rows in doubt for one reason from which on they are told together.
const MANY: usize = 4;

/// Prints everything.
pub(super) fn print(outcomes: &[Outcome], dry_run: bool, terminal: &Terminal) {
    for outcome in outcomes {
        if dry_run {
            print_draft(outcome, terminal);
        }
        print_details(outcome, terminal);
    }
    print_table(outcomes, terminal);
    print_failures(outcomes, terminal);
    terminal.news(&summary(outcomes));
}

/// Names what lay in the folders and was not looked at, so that no report is missed for its extension.
pub(super) fn print_passed_over(paths: &[PathBuf], terminal: &Terminal) {
    if paths.is_empty() {
        return;
    }
    let names = |mark: &str| {
        let mut names = paths.iter().take(MOST).map(|path| path.display().to_string()).collect::<Vec<_>>().join(mark);
        if paths.len() > MOST {
            names.push('…');
        }
        names
    };
    let (count, zh, en) = (paths.len(), names("、"), names(", "));
    terminal.warning(&words!(
        "文件夹里还有 {count} 个文件不是文档，没有导入：{zh}",
        "{count} files of the folders are no documents and were not imported: {en}"
    ));
    terminal.error_hint(&Words::new(
        "里面有年报的，请解压，或另存为 Word、PDF 再导入",
        "where one holds a report, unpack it or save it as Word or PDF",
    ));
}

/// The Markdown that would be written, or how it differs from what is there.
fn print_draft(outcome: &Outcome, terminal: &Terminal) {
    if let Some(text) = outcome.diff.as_ref().or(outcome.markdown.as_ref()) {
        terminal.text(text);
        terminal.text("\n");
    }
}

fn print_details(outcome: &Outcome, terminal: &Terminal) {
    let Some(imported) = &outcome.imported else { return };
    let lines = details(outcome, imported, terminal);
    if lines.is_empty() {
        return;
    }
    let file = outcome.file.display();
    terminal.line(&words!("{file}", "{file}"));
    for line in &lines {
        terminal.line(line);
    }
    terminal.text("\n");
}

fn details(outcome: &Outcome, imported: &Imported, terminal: &Terminal) -> Vec<Words> {
    let mut lines = Vec::new();
    if outcome.state == State::Same {
        return lines;
    }
    lines.extend(imported.questions.iter().map(|question| labelled(("存疑", "doubt"), question)));
    capped(&mut lines, &gathered(&imported.doubts), |doubt| doubt_line(doubt, &imported.form));
    let left_out: Vec<_> = imported.residue.iter().filter(|residue| residue.kind.is_doubtful() || terminal.is_verbose()).collect();
    capped(&mut lines, &left_out, |residue| {
        let Words { zh, en } = residue.kind.label();
        let text = residue.text.replace('\n', " ");
        let Words { zh: at_zh, en: at_en } = Imported::spot(Spot { place: residue.place, ..Spot::default() });
        Words::new(format!("  {zh}  {at_zh}：{text}"), format!("  {en}  {at_en}: {text}"))
    });
    if terminal.is_verbose() {
        capped(&mut lines, &imported.notes, |note| {
            let label = imported.form.cell_label(note.cell);
            let Words { zh, en } = &note.note;
            Words::new(format!("  换算  {label}：{zh}"), format!("  note  {label}: {en}"))
        });
    }
    capped(&mut lines, &outcome.findings, |finding| {
        let Words { zh, en } = &finding.message;
        let (rule, line) = (finding.rule, finding.start.line);
        Words::new(format!("  校验  第 {line} 行 {rule}：{zh}"), format!("  check  line {line} {rule}: {en}"))
    });
    lines
}

fn labelled((zh, en): (&str, &str), words: &Words) -> Words {
    Words::new(format!("  {zh}  {}", words.zh), format!("  {en}  {}", words.en))
}

fn capped<T>(lines: &mut Vec<Words>, items: &[T], line: impl Fn(&T) -> Words) {
    lines.extend(items.iter().take(MOST).map(line));
    if items.len() > MOST {
        let more = items.len() - MOST;
        lines.push(words!("  …… 还有 {more} 条（--format json 列出全部）", "  … and {more} more (all with --format json)"));
    }
}

/// Doubts of one reason in many rows of a table as one, at the first of them: twenty-five lines that say the same hide
/// the one that says something else.
fn gathered(doubts: &[Doubt]) -> Vec<Doubt> {
    let same = |a: &Doubt, b: &Doubt| a.spot.table == b.spot.table && a.spot.table > 0 && a.reason == b.reason;
    let mut gathered: Vec<Doubt> = Vec::new();
    for doubt in doubts {
        let alike = doubts.iter().filter(|other| same(other, doubt)).count();
        match gathered.iter_mut().find(|first| alike >= MANY && same(first, doubt)) {
            Some(first) => first.cells.extend(&doubt.cells),
            None => gathered.push(doubt.clone()),
        }
    }
    gathered
}

/// "存疑  第 4 页，第 3 个表格第 7 行：予以公开·自然人 等 7 格：…"
fn doubt_line(doubt: &Doubt, form: &Form) -> Words {
    let Words { zh: at_zh, en: at_en } = Imported::spot(doubt.spot);
    let (cells_zh, cells_en) = cells(&doubt.cells, form);
    let Words { zh, en } = &doubt.reason;
    let (gap_zh, gap_en) = if at_zh.is_empty() { ("", "") } else { ("：", ": ") };
    Words::new(format!("  存疑  {at_zh}{gap_zh}{cells_zh}：{zh}"), format!("  doubt  {at_en}{gap_en}{cells_en}: {en}"))
}

/// Cells by the labels of their rows: one cell by its full label, a row by its own.
fn cells(cells: &[CellId], form: &Form) -> (String, String) {
    if let [cell] = cells {
        let label = form.cell_label(*cell);
        return (label.clone(), label);
    }
    let mut rows: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for cell in cells {
        let place = form.place(*cell);
        *rows.entry((place.table, place.row)).or_default() += 1;
    }
    let labels: Vec<&str> = rows.keys().take(3).map(|(table, row)| form.tables[*table].rows[*row].label.short()).collect();
    let (labels, count) = (labels.join("、"), cells.len());
    let (more_zh, more_en) = if rows.len() > 3 { ("等", " …") } else { ("", "") };
    (format!("{labels}{more_zh}（{count} 格）"), format!("{labels}{more_en} ({count} cells)"))
}

/// One line a file: agency, year, edition, cells, doubts, findings, state.
fn print_table(outcomes: &[Outcome], terminal: &Terminal) {
    let heads_zh = ["文件", "机关", "年度", "版式", "单元格", "存疑", "校验", "结果"];
    let heads_en = ["file", "agency", "year", "form", "cells", "doubts", "check", "result"];
    let heads = if terminal.language() == Language::Chinese { heads_zh } else { heads_en };
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(outcomes.iter().map(|outcome| row(outcome, terminal.language())));
    let widths: Vec<usize> = (0..heads.len()).map(|col| rows.iter().map(|row| display_width(&row[col])).max().unwrap_or(0)).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| pad_to(cell, *width)).collect();
        terminal.text(cells.join("  ").trim_end());
        terminal.text("\n");
    }
}

fn row(outcome: &Outcome, language: Language) -> [String; 8] {
    let file = outcome.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let agency = outcome.agency.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    let imported = outcome.imported.as_ref();
    let of = |value: Option<String>| value.unwrap_or_default();
    let Tally { errors, warnings, .. } = Tally::of(&outcome.findings);
    let checked = matches!(outcome.state, State::Written | State::Replaced);
    [
        shorten(&file),
        agency,
        of(imported.and_then(|imported| imported.year).map(|year| year.to_string())),
        of(imported.map(|imported| imported.form.key.clone())),
        of(imported.map(|imported| format!("{}/{}", imported.found, imported.cells.len()))),
        of(imported.map(|imported| (outcome.doubted() + imported.questions.len()).to_string())),
        if checked { format!("{errors}+{warnings}") } else { String::new() },
        outcome.state.label().in_language(language).to_owned(),
    ]
}

/// A long name's beginning and end.
fn shorten(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    if display_width(name) <= 40 {
        return name.to_owned();
    }
    let (head, tail): (String, String) = (chars[..12].iter().collect(), chars[chars.len() - 10..].iter().collect());
    format!("{head}…{tail}")
}

fn print_failures(outcomes: &[Outcome], terminal: &Terminal) {
    for outcome in outcomes {
        let file = outcome.file.display();
        let target = outcome.target.as_deref().unwrap_or("");
        match &outcome.state {
            State::Failed(message, hint) => {
                terminal.error(&Words::new(format!("{file}：{}", message.zh), format!("{file}: {}", message.en)));
                if let Some(hint) = hint {
                    terminal.error_hint(hint);
                }
            }
            State::Undecided(message) => {
                terminal.error(&Words::new(format!("{file}：{}", message.zh), format!("{file}: {}", message.en)));
            }
            State::Exists => terminal.error(&words!(
                "{file}：已有 {target}，没有改动；--dry-run 看差异，--force 替换",
                "{file}: {target} exists and was not touched; --dry-run shows the difference, --force replaces it"
            )),
            State::Same => {
                terminal.news(&words!("{file}：同一原件已导入为 {target}", "{file}: the same original was imported as {target}"))
            }
            _ => {}
        }
    }
}

fn summary(outcomes: &[Outcome]) -> Words {
    let count = |is: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    let all = outcomes.len();
    let written = count(&|outcome| matches!(outcome.state, State::Written | State::Replaced));
    let doubtful = count(&|outcome| !outcome.failed() && outcome.is_doubtful());
    let failed = count(&Outcome::failed);
    words!(
        "导入 {all} 个文件：写入 {written} 份，{doubtful} 份需核对，{failed} 个失败",
        "{all} files: {written} written, {doubtful} to be looked at, {failed} failed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many rows in doubt for one reason are one line; few are a line each, and other reasons are left alone.
    #[test]
    fn doubts_of_one_reason_are_gathered() {
        let doubt = |row: u32, table: u32, reason: &'static str| Doubt {
            cells: vec![CellId(u16::try_from(row).unwrap_or(0))],
            spot: Spot { table, row, ..Spot::default() },
            reason: Words::new(reason, reason),
            settled_by_sums: false,
        };
        let doubts: Vec<Doubt> =
            (1..=5).map(|row| doubt(row, 2, "甲")).chain([doubt(6, 2, "乙"), doubt(7, 3, "甲"), doubt(8, 0, "甲")]).collect();
        let told: Vec<(u32, usize)> = gathered(&doubts).iter().map(|doubt| (doubt.spot.row, doubt.cells.len())).collect();
        assert_eq!(told, [(1, 5), (6, 1), (7, 1), (8, 1)]);
        assert_eq!(gathered(&doubts[2..6]).len(), 4);
    }
}
