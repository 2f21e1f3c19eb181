//! What needs LibreOffice: old Word formats, and the way from a page of the built site through Word and
//! back. `.ci/run` installs it and runs the ignored tests.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_gongkai");

fn run(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).arg("--root").arg(root).args(arguments).output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn soffice(to: &str, out: &Path, files: &[PathBuf]) {
    let profile = format!("-env:UserInstallation=file://{}", out.join("profile").display());
    let status = Command::new("soffice").args([&profile, "--headless", "--convert-to", to, "--outdir"]).arg(out).args(files).output();
    assert!(status.is_ok_and(|output| output.status.success()), "soffice is needed");
}

/// Copies what `keep` says of the demo site.
fn copy_site(to: &Path, keep: impl Fn(&Path) -> bool) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(from.join("site.toml"), to.join("site.toml")).unwrap();
    for entry in walkdir::WalkDir::new(from.join("content")) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() && keep(entry.path()) {
            let target = to.join(entry.path().strip_prefix(from).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The exported reports by agency and year.
fn reports(root: &Path) -> BTreeMap<(String, u64), Value> {
    let data: Value = serde_json::from_str(&run(root, &["export", "--format", "json"])).unwrap();
    let key = |report: &Value| (report["agency"].as_str().unwrap().to_owned(), report["year"].as_u64().unwrap());
    data["reports"].as_array().unwrap().iter().map(|report| (key(report), report.clone())).collect()
}

/// The prose of a report: letters and digits only, section by section with words in it.
fn prose(root: &Path, agency: &str, year: u64) -> Vec<String> {
    let content = root.join("content").join(agency);
    let paths = [content.join(format!("{year}/index.md")), content.join(format!("{year}.md"))];
    let text = paths.iter().find_map(|path| std::fs::read_to_string(path).ok()).unwrap();
    let body = text.splitn(3, "+++\n").nth(2).unwrap().to_owned();
    let plain = |section: &str| section.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    body.split("\n## ").filter(|section| section.trim().lines().count() > 1).map(plain).filter(|section| !section.is_empty()).collect()
}

/// A page of each edition and kind of agency, one with findings marked in its cells, goes through Word
/// and comes back with the same figures, title, date and prose.
#[test]
#[ignore = "needs LibreOffice"]
fn a_page_comes_back_from_word() {
    let pages = [
        ("fuyang/wanshi", 2020),
        ("shili", 2024),
        ("shili/gongan", 2020),
        ("shili/jiaoyu", 2022),
        ("shili/chengguan", 2023),
        ("shili/jiuhe", 2017),
    ];
    let site = tempfile::tempdir().unwrap();
    copy_site(site.path(), |_| true);
    run(site.path(), &["build"]);
    let work = tempfile::tempdir().unwrap();
    let html: Vec<PathBuf> = pages
        .iter()
        .map(|(agency, year)| {
            let to = work.path().join(format!("{}-{year}.html", agency.replace('/', "-")));
            std::fs::copy(site.path().join(format!("public/{agency}/{year}/index.html")), &to).unwrap();
            to
        })
        .collect();
    soffice("docx:MS Word 2007 XML", work.path(), &html);
    let again = tempfile::tempdir().unwrap();
    copy_site(again.path(), |path| path.ends_with("agency.toml"));
    for page in &html {
        run(again.path(), &["import", page.with_extension("docx").to_str().unwrap()]);
    }
    let (before, after) = (reports(site.path()), reports(again.path()));
    for (agency, year) in pages {
        let key = (agency.to_owned(), year);
        for field in ["form", "title", "published", "tables"] {
            assert_eq!(before[&key][field], after[&key][field], "{agency} {year} {field}");
        }
        assert_eq!(prose(site.path(), agency, year), prose(again.path(), agency, year), "{agency} {year}");
    }
}

/// The formats that only LibreOffice reads give the figures that the .docx gives.
#[test]
#[ignore = "needs LibreOffice"]
fn old_word_formats_are_converted() {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let work = tempfile::tempdir().unwrap();
    soffice("rtf", work.path(), &[documents.join("city-2022.docx")]);
    let mut tables = Vec::new();
    let files = ["city-2022.docx", "office/city-2022.doc", "office/city-2022.odt"].map(|name| documents.join(name));
    for file in files.iter().chain([&work.path().join("city-2022.rtf")]) {
        let site = tempfile::tempdir().unwrap();
        std::fs::write(site.path().join("site.toml"), "title = \"试\"\nbase_url = \"https://example.gov.cn/\"\n").unwrap();
        run(site.path(), &["import", "--create-agency", file.to_str().unwrap()]);
        let reports = reports(site.path());
        let report = reports.values().next().unwrap_or_else(|| panic!("{}", file.display()));
        tables.push(report["tables"].clone());
    }
    assert!(tables.windows(2).all(|pair| pair[0] == pair[1]));
}
