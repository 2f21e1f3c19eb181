//! A township's published report, as Apache Tika prints it, and the blank official form.
//!
//! The corpus is not part of the repository: `GONGKAI_CORPUS` names its folder, and `.ci/run` runs these
//! tests with `--include-ignored` where it is there.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use gongkai::archive::Archive;
use gongkai::form::Forms;
use gongkai::import::block::{Block, Document};
use gongkai::import::{Imported, Known, assemble, format_of, read};
use gongkai::report::Cell;
use serde_json::Value;

fn corpus(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("GONGKAI_CORPUS").unwrap()).join(name)
}

fn import(path: &std::path::Path) -> (Document, Imported) {
    let bytes = std::fs::read(path).unwrap();
    let document = read(&bytes, format_of(&bytes, &path.to_string_lossy()).unwrap()).unwrap();
    let imported = assemble(document.clone(), &Forms::builtin(), &Archive::default(), &Known::default());
    (document, imported)
}

/// Letters and digits, full-width ones as ASCII.
fn plain(text: &str) -> String {
    let fold = |c: char| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap() } else { c };
    text.chars().filter(|c| c.is_alphanumeric()).map(fold).collect()
}

/// Every line of the document and every cell of its tables that stands nowhere in the result: not in the
/// body, the title, the residue, the form's labels, the figures or the notes about them.
fn lost(document: &Document, imported: &Imported) -> Vec<String> {
    let form = &imported.form;
    let mut found = vec![imported.body.clone(), imported.title.clone().unwrap_or_default()];
    found.extend(imported.residue.iter().map(|residue| residue.text.clone()));
    found.extend(imported.notes.iter().map(|note| note.note.zh.clone()));
    found.extend(imported.cells.iter().filter_map(Cell::number).map(|number| number.to_string()));
    for table in &form.tables {
        found.extend(table.rows.iter().map(|row| row.label.text.clone()).chain(table.note.clone()));
        for block in &table.blocks {
            found.extend(block.columns.iter().map(|column| column.label.text.clone()));
            found.extend(block.column_groups.iter().chain(&block.groups).map(|group| group.label.text.clone()));
            found.extend([&block.title, &block.stub].into_iter().flatten().cloned());
        }
    }
    let found: Vec<String> = found.iter().map(|text| plain(text)).collect();
    let pieces = document.blocks.iter().flat_map(|block| match block {
        Block::Table(grid) => grid.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>(),
        // A converter's mark stands between brackets, apart from the words around it.
        other => other.text().split(['\n', '[', ']']).map(str::to_owned).collect(),
    });
    pieces.filter(|piece| !found.iter().any(|text| text.contains(&plain(piece)))).collect()
}

#[test]
#[ignore = "needs GONGKAI_CORPUS"]
fn a_published_report_is_imported_whole() {
    let (document, imported) = import(&corpus("wanshi-2020.txt"));
    let truth: Value = serde_json::from_slice(&std::fs::read(corpus("truth/wanshi-2020.json")).unwrap()).unwrap();
    assert_eq!((imported.form.key.as_str(), imported.year), (truth["form"].as_str().unwrap(), Some(2020)));
    assert_eq!(imported.published.map(|date| date.to_string()).as_deref(), Some("2021-01-20"));
    assert!(imported.names.iter().any(|name| name == truth["agency"].as_str().unwrap()));
    assert_eq!(imported.sections, [0, 1, 2, 3, 4, 5]);
    assert!(!imported.is_doubtful(), "{:?} {:?}", imported.doubts, imported.questions);
    let mut cells = BTreeMap::new();
    for key in ["proactive", "applications", "disputes"] {
        flatten(key.to_owned(), &truth[key], &mut cells);
    }
    assert_eq!(cells.len(), 8 + 23 + 3);
    for (row, figures) in cells {
        let first = imported.form.cells().find(|id| imported.form.cell_key(*id).starts_with(&format!("{row}."))).unwrap();
        for (offset, figure) in figures.iter().enumerate() {
            let cell = &imported.cells[first.index() + offset];
            assert_eq!(cell.number().map(|n| n.to_string()).as_deref(), Some(figure.to_string().as_str()), "{row}");
        }
    }
    assert_eq!(lost(&document, &imported), Vec::<String>::new());
}

/// Rows by their key within the form: `applications.refused.state_secret`.
fn flatten(key: String, value: &Value, rows: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Value::Array(figures) => {
            rows.insert(key, figures.clone());
        }
        Value::Object(entries) => entries.iter().for_each(|(name, value)| flatten(format!("{key}.{name}"), value, rows)),
        _ => {}
    }
}

/// The blank form: recognised, every cell blank, none zero, the hints taken out.
#[test]
#[ignore = "needs GONGKAI_CORPUS"]
fn the_blank_form_stays_blank() {
    let (_, imported) = import(&corpus("official-form-2021.docx"));
    assert_eq!((imported.form.key.as_str(), imported.found), ("cn-2021", 200));
    assert!(imported.cells.iter().all(|cell| *cell == Cell::Blank));
    assert!(imported.doubts.is_empty() && !imported.body.contains("文字描述"), "{}", imported.body);
    assert_eq!(imported.sections, [0, 1, 2, 3, 4, 5]);
}

/// The command finds the agency by its name and writes report and original.
#[test]
#[ignore = "needs GONGKAI_CORPUS"]
fn the_command_files_it_under_its_agency() {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("site.toml"), "title = \"试\"\nbase_url = \"https://example.gov.cn/\"\n").unwrap();
    let agency = site.path().join("content/fuyang/wanshi");
    std::fs::create_dir_all(&agency).unwrap();
    std::fs::write(agency.join("agency.toml"), "name = \"万市镇人民政府\"\nkind = \"township\"\n").unwrap();
    let status =
        Command::new(env!("CARGO_BIN_EXE_gongkai")).arg("--root").arg(site.path()).arg("import").arg(corpus("wanshi-2020.txt")).status();
    assert_eq!(status.unwrap().code(), Some(0));
    let folder = agency.join("2020");
    assert_eq!(std::fs::read(folder.join("wanshi-2020.txt")).unwrap(), std::fs::read(corpus("wanshi-2020.txt")).unwrap());
    assert!(std::fs::read_to_string(folder.join("index.md")).unwrap().contains("127.082"));
}

/// Without such an agency it makes one, with the name that the report is signed with.
#[test]
#[ignore = "needs GONGKAI_CORPUS"]
fn the_command_makes_an_agency_of_the_signature() {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("site.toml"), "title = \"试\"\nbase_url = \"https://example.gov.cn/\"\n").unwrap();
    std::fs::create_dir(site.path().join("content")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.arg("--root").arg(site.path()).args(["import", "--create-agency"]).arg(corpus("wanshi-2020.txt"));
    assert_eq!(command.status().unwrap().code(), Some(0));
    let card = std::fs::read_to_string(site.path().join("content/万市镇人民政府/agency.toml")).unwrap();
    assert!(card.contains("name = \"万市镇人民政府\"\nkind = \"township\""), "{card}");
}

/// The documents of the tests, too, are imported without losing a word.
#[test]
fn no_word_of_the_test_documents_is_lost() {
    for name in [
        "tika-2024.txt",
        "portal-2023.html",
        "bureau-2021.docx",
        "city-2022.docx",
        "city-2022.pdf",
        "one-table-2020.html",
        "sheet-2019.xlsx",
        "tables-2022.md",
    ] {
        let (document, imported) = import(&PathBuf::from("tests/documents").join(name));
        let lost: Vec<String> = lost(&document, &imported).into_iter().filter(|piece| !plain(piece).is_empty()).collect();
        assert_eq!(lost, Vec::<String>::new(), "{name}");
    }
}
