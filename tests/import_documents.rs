//! Documents made by real writers, each with its truth: every cell is exact, or it is in doubt.
//!
//! `tests/documents/NAME.EXT` is held against `tests/documents/NAME.truth.json` (the longest NAME that
//! fits). What a document leaves in doubt stands in a table below, so that getting worse is noticed. `GONGKAI_DOCUMENTS` names another directory to try.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gongkai::form::{Form, Forms};
use gongkai::import::{format_of, place, read};
use gongkai::report::Cell;
use serde_json::Value;

/// Cells that a document leaves in doubt, and why that is right; all others leave none.
const DOUBTED: [(&str, usize); 4] = [
    // Rows with blanks among their figures in tables that print zeros: a cell may have been lost.
    ("bureau-2021.docx", 14),
    ("portal-2023.html", 21),
    ("tika-2024.txt", 21),
    // The text is in no order.
    ("street-2020.plain.txt", 198),
];

/// The truth as texts by full cell key.
fn truth(path: &Path) -> (String, BTreeMap<String, String>) {
    let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let key = value["form"].as_str().unwrap().to_owned();
    let form = Forms::builtin().get(&key).unwrap().clone();
    let mut cells = BTreeMap::new();
    for table in &form.tables {
        flatten(&table.key, &value[&table.key], &form, &mut cells);
    }
    (key, cells)
}

fn flatten(key: &str, value: &Value, form: &Form, cells: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(name, value)| flatten(&format!("{key}.{name}"), value, form, cells)),
        Value::Array(items) => {
            let (table, row) = key.split_once('.').unwrap();
            let table = form.table(table).unwrap();
            let row = table.rows.iter().find(|of| of.key == row).unwrap_or_else(|| panic!("{key}"));
            for (column, item) in table.blocks[row.block].columns.iter().zip(items) {
                let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                cells.insert(format!("{key}.{}", column.key), text);
            }
        }
        _ => {}
    }
}

fn printed(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Blank | Cell::Absent => String::new(),
        Cell::NotApplicable => "/".into(),
        Cell::Text(text) => text.to_string(),
    }
}

fn documents(directory: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let truths: Vec<PathBuf> = files.iter().filter(|path| name(path).ends_with(".truth.json")).cloned().collect();
    let of = |path: &PathBuf| {
        let fits = truths.iter().filter(|truth| name(path).starts_with(name(truth).trim_end_matches(".truth.json")));
        fits.max_by_key(|truth| name(truth).len()).cloned()
    };
    files
        .iter()
        .filter(|path| path.is_file() && !name(path).ends_with(".json") && !name(path).ends_with("README.md"))
        .filter_map(|path| Some((path.clone(), of(path)?)))
        .collect()
}

/// Silently wrong cells, doubted cells, and whether the edition is right.
fn judge(path: &Path, truth_path: &Path) -> (Vec<String>, usize, bool) {
    let (key, truth) = truth(truth_path);
    let bytes = std::fs::read(path).unwrap();
    let name = path.to_string_lossy();
    let document = read(&bytes, format_of(&bytes, &name).unwrap()).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
    let forms = Forms::builtin();
    let placed = place::place(&document.blocks, &forms, None, None);
    let doubted: BTreeSet<String> = placed.doubts.iter().flat_map(|doubt| doubt.cells.iter().map(|id| placed.form.cell_key(*id))).collect();
    let got: BTreeMap<String, String> =
        placed.form.cells().map(|id| (placed.form.cell_key(id), printed(&placed.cells[id.index()]))).collect();
    let wrong = truth
        .iter()
        .filter(|(key, value)| got.get(*key) != Some(value) && !doubted.contains(*key))
        .map(|(key, value)| format!("{key}: {value:?} → {:?}", got.get(key)))
        .collect();
    if std::env::var("GONGKAI_SHOW").is_ok() {
        for doubt in &placed.doubts {
            eprintln!("  {:?} {} cells: {}", doubt.spot, doubt.cells.len(), doubt.reason.zh);
        }
        for (spot, text) in &placed.unplaced {
            eprintln!("  unplaced {spot:?} {text}");
        }
        for block in &placed.rest {
            eprintln!("  | {}", block.text());
        }
    }
    (wrong, doubted.len(), placed.form.key == key)
}

#[test]
fn no_cell_is_silently_wrong() {
    let directory = std::env::var("GONGKAI_DOCUMENTS").map_or_else(|_| PathBuf::from("tests/documents"), PathBuf::from);
    let own = std::env::var_os("GONGKAI_DOCUMENTS").is_none();
    let mut failures = Vec::new();
    let documents = documents(&directory);
    assert!(!documents.is_empty());
    for (path, truth) in documents {
        let (wrong, doubted, edition) = judge(&path, &truth);
        eprintln!("{}: {} wrong, {doubted} in doubt{}", path.display(), wrong.len(), if edition { "" } else { ", WRONG EDITION" });
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let due = DOUBTED.iter().find(|(known, _)| *known == name).map_or(0, |(_, cells)| *cells);
        if own && doubted != due {
            failures.push(format!("{name}: {doubted} cells in doubt, not {due}"));
        }
        if !wrong.is_empty() || !edition {
            failures.push(format!("{}: {wrong:#?}", path.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
