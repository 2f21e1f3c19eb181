//! The floors of `src/`: a module uses only floors above it in the map of `src/lib.rs`.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors in the order of the map: `[`text`]`, `[`number`]`, …
fn floors() -> Vec<String> {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    rows.flat_map(|row| {
        let names = row.split(" | ").next().unwrap_or_default();
        names.split(['`', '[', ']', ',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The floors that a file names as `crate::floor`.
fn used(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default())
        .collect()
}

#[test]
fn every_module_uses_only_floors_above_it() {
    let floors = floors();
    let place = |name: &str| floors.iter().position(|floor| floor == name);
    let mut broken = Vec::new();
    for (index, floor) in floors.iter().enumerate() {
        for file in rust_files(&root().join("src").join(floor)) {
            for name in used(&fs::read_to_string(&file).unwrap()) {
                if place(name).is_some_and(|used| used > index) {
                    broken.push(format!("{} ({floor}) uses {name}", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_map_lists_every_module() {
    let floors = floors();
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut modules: Vec<_> = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut mapped: Vec<_> = floors.iter().map(String::as_str).collect();
    modules.sort_unstable();
    mapped.sort_unstable();
    assert_eq!(modules, mapped);
}

/// Forms are data: no code but tests and docs names a row of a form.
#[test]
fn no_code_knows_a_row_by_name() {
    let rows = ["normative_documents", "carried_in", "carried_out", "partly_granted", "state_secret", "not_held", "litigation_direct"];
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = file.file_name().is_some_and(|name| name == "tests.rs") || file.components().any(|part| part.as_os_str() == "tests");
        for line in code.lines().filter(|line| !is_test && !line.trim_start().starts_with("//")) {
            assert!(!rows.iter().any(|row| line.contains(row)), "{}: {line}", file.display());
        }
    }
}
