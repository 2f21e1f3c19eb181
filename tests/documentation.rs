//! The documents in `docs/` say what is: tables of data are those of the page structs, names of templates,
//! components, strings and variables are those of the themes, examples of forms are read without a fault.
//!
//! `GONGKAI_BLESS=1 cargo test --test documentation` writes the tables of `docs/themes.md` anew. Descriptions that
//! stand there are kept; a new field takes the English of its source until somebody writes a better one.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gongkai::form::{Form, Forms};
use gongkai::front_matter::split;
use gongkai::load::Loader;
use gongkai::pages::{
    AgenciesPage, AgencyPage, DataPage, QualityPage, ReportPage, RulePage, SearchPage, YearPage, Yearbook, home_page, rule_counts,
    years_page,
};
use gongkai::report::read_body;
use gongkai::rules::RULES;
use gongkai::site::Site;
use gongkai::theme::{BUILT_IN, ThemeFiles};
use serde_json::Value;

mod common;

const THEMES: &str = "docs/themes.md";
const BEGIN: &str = "<!-- 以下各表由测试对照源代码核对：GONGKAI_BLESS=1 cargo test --test documentation -->";
const END: &str = "<!-- 各表到此为止 -->";

/// Where structs that templates see are written, and which struct each template gets as `page`.
const SOURCES: [&str; 4] = ["src/pages", "src/chart", "src/config", "src/render"];
const ROOTS: [(&str, &str); 12] = [
    ("home.html", "HomePage"),
    ("years.html", "YearsPage"),
    ("year.html", "YearPage"),
    ("agencies.html", "AgenciesPage"),
    ("agency.html", "AgencyPage"),
    ("report.html", "ReportPage"),
    ("quality.html", "QualityPage"),
    ("rule.html", "RulePage"),
    ("search.html", "SearchPage"),
    ("data.html", "DataPage"),
    ("moved.html", "MovedPage"),
    ("404.html", "NotFoundPage"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A field that templates see: its name, its type in Rust, its docstring.
struct Field {
    name: String,
    of: String,
    doc: String,
}

type Structs = BTreeMap<String, Vec<Field>>;

/// The structs that templates see, from their sources: those that derive `Serialize`.
fn structs() -> Structs {
    let mut structs = Structs::new();
    for source in SOURCES {
        let path = root().join(source);
        let files: Vec<PathBuf> = match path.is_dir() {
            true => walkdir::WalkDir::new(&path).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path()).collect(),
            false => vec![path],
        };
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
            read_structs(&fs::read_to_string(file).unwrap(), &mut structs);
        }
    }
    structs
}

fn read_structs(text: &str, structs: &mut Structs) {
    let (mut open, mut serialised, mut doc, mut skipped) = (None, false, String::new(), false);
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[derive(") {
            serialised = line.contains("Serialize");
        } else if let Some(more) = line.strip_prefix("/// ") {
            doc = if doc.is_empty() { more.to_owned() } else { format!("{doc} {more}") };
        } else if line.starts_with("#[serde(skip") {
            skipped = true;
        } else if line == "}" {
            open = None;
        } else if let (Some(name), None) = (struct_name(line), &open) {
            if std::mem::take(&mut serialised) {
                structs.insert(name.clone(), Vec::new());
                open = Some(name);
            }
            doc.clear();
        } else if let Some(name) = &open {
            if let (Some((field, of)), false) =
                (line.trim_start_matches("pub ").strip_suffix(',').and_then(|field| field.split_once(": ")), skipped)
            {
                let field = Field { name: field.to_owned(), of: of.to_owned(), doc: std::mem::take(&mut doc) };
                structs.get_mut(name).unwrap().push(field);
            }
            (skipped, doc) = (false, String::new());
        } else if !line.starts_with("//") {
            doc.clear();
        }
    }
}

fn struct_name(line: &str) -> Option<String> {
    let rest = line.trim_start_matches("pub ").trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ");
    Some(rest.strip_prefix("struct ")?.strip_suffix(" {")?.split('<').next()?.to_owned())
}

/// A Rust type in the words of somebody who writes templates; struct names become links.
fn in_words(of: &str, structs: &Structs) -> String {
    let inner = |prefix: &str| of.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some(of) = inner("Option<") {
        return format!("{}，可能没有", in_words(of, structs));
    }
    if let Some(of) = inner("Vec<") {
        return format!("列表：{}", in_words(of, structs));
    }
    if let Some(parts) = of.strip_prefix('(').and_then(|of| of.strip_suffix(')')).filter(|parts| !parts.is_empty()) {
        let parts = split_types(parts);
        let parts: Vec<String> = parts.iter().enumerate().map(|(at, of)| format!("`[{at}]` {}", in_words(of, structs))).collect();
        return parts.join("，");
    }
    match of {
        "String" | "&'static str" | "Arc<str>" | "Box<str>" => "文字".to_owned(),
        "bool" => "是或否".to_owned(),
        "()" => "空".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "i16" | "i32" | "i64" | "usize" => "整数".to_owned(),
        of if structs.contains_key(of) => format!("[{of}](#{})", of.to_lowercase()),
        of if of.starts_with("BTreeMap<") => "名称到文字".to_owned(),
        of => panic!("{of}: say in tests/documentation.rs how it is called for people"),
    }
}

/// `String, Vec<(A, B)>` → its parts.
fn split_types(parts: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0, 0, Vec::new());
    for (at, c) in parts.char_indices() {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
            ',' if depth == 0 => {
                out.push(parts[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(parts[from..].trim());
    out
}

/// The structs that can be reached from the pages, in the order in which they are met.
fn reached(structs: &Structs) -> Vec<&str> {
    let mut order: Vec<&str> = ROOTS.iter().map(|(_, name)| *name).chain(["Gov"]).collect();
    let mut at = 0;
    while let Some(name) = order.get(at) {
        let fields = structs.get(*name).unwrap_or_else(|| panic!("there is no struct {name} that is serialised"));
        for of in fields.iter().flat_map(|field| field.of.split(|c: char| !c.is_alphanumeric())) {
            if let Some((known, _)) = structs.get_key_value(of).filter(|(known, _)| !order.contains(&known.as_str())) {
                order.push(known);
            }
        }
        at += 1;
    }
    order
}

/// The descriptions that stand in the document: by struct and field.
fn descriptions(document: &str) -> BTreeMap<(String, String), String> {
    let mut known = BTreeMap::new();
    let mut open = String::new();
    for line in document.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            open = name.split(' ').next().unwrap_or_default().to_owned();
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if let [name, _, description] = cells[..] {
            known.insert((open.clone(), name.trim_matches('`').to_owned()), description.to_owned());
        }
    }
    known
}

fn tables(structs: &Structs, known: &BTreeMap<(String, String), String>) -> String {
    let mut out = String::new();
    for name in reached(structs) {
        let template = ROOTS.iter().find(|(_, root)| *root == name).map(|(template, _)| format!(" （`{template}` 的 `page`）"));
        let _ = write!(out, "\n### {name}{}\n\n| 名称 | 类型 | 内容 |\n|---|---|---|\n", template.unwrap_or_default());
        for field in &structs[name] {
            let description = known.get(&(name.to_owned(), field.name.clone())).unwrap_or(&field.doc);
            let _ = writeln!(out, "| `{}` | {} | {description} |", field.name, in_words(&field.of, structs));
        }
    }
    out
}

/// Every field of every struct that a template sees stands in the document with its type, and nothing else.
#[test]
fn themes_are_documented_field_by_field() {
    let document = read(THEMES);
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let wanted = format!("{}\n", tables(&structs(), &descriptions(written)));
    if std::env::var_os("GONGKAI_BLESS").is_some() {
        return fs::write(root().join(THEMES), format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    }
    let lines: BTreeSet<&str> = written.lines().collect();
    let missing: Vec<&str> = wanted.lines().filter(|line| !lines.contains(line)).collect();
    let lines: BTreeSet<&str> = wanted.lines().collect();
    let stale: Vec<&str> = written.lines().filter(|line| !lines.contains(line)).collect();
    assert!(
        missing.is_empty() && stale.is_empty() && wanted == written,
        "{THEMES} 与源代码不符；GONGKAI_BLESS=1 cargo test --test documentation 可重写各表\n缺少：{missing:#?}\n多余：{stale:#?}"
    );
}

fn demo() -> Site {
    Loader::new(root(), jiff::civil::date(2026, 6, 1)).load(&|_, _| ()).unwrap().site
}

/// The pages of the demo as templates see them.
fn pages(site: &Site) -> Vec<(&'static str, Value)> {
    let json = |page: &dyn erased::Page| page.json();
    let book = Yearbook::of(site);
    let archive = &site.archive;
    let mut pages = vec![
        ("HomePage", json(&home_page(site, &book))),
        ("YearsPage", json(&years_page(site, &book))),
        ("AgenciesPage", json(&AgenciesPage::of(site))),
        ("DataPage", json(&DataPage::of(site))),
        ("SearchPage", json(&SearchPage::of(site))),
        ("QualityPage", json(&QualityPage::of(site))),
    ];
    let counts = rule_counts(site);
    pages.extend(RULES.iter().map(|rule| ("RulePage", json(&RulePage::of(site, rule, &counts)))));
    pages.extend(archive.years().map(|year| ("YearPage", json(&YearPage::of(site, &book, year)))));
    pages.extend(archive.agencies().map(|(index, _)| ("AgencyPage", json(&AgencyPage::of(site, index)))));
    pages.extend(archive.reports().map(|(index, report)| {
        let text = String::from_utf8(site.files.read(&archive.filed(index).path()).unwrap()).unwrap();
        let body = read_body(&text, split(&text).0.body, &report.report.form);
        ("ReportPage", json(&ReportPage::of(site, index, &text, &body)))
    }));
    pages
}

mod erased {
    pub(crate) trait Page {
        fn json(&self) -> serde_json::Value;
    }
    impl<T: serde::Serialize> Page for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

/// The sources say what is really given to templates: a field renamed or left out on the way would show here.
#[test]
fn pages_have_the_fields_that_their_sources_say() {
    let structs = structs();
    let mut seen = BTreeSet::new();
    for (name, page) in pages(&demo()) {
        compare(name, &page, &structs, &mut seen);
    }
    let met: Vec<&str> = reached(&structs);
    let unseen: Vec<&&str> = met.iter().filter(|name| !seen.contains(**name)).collect();
    // The demo fits one page a year, changes are put in by the renderer, settings are no page.
    assert!(
        unseen.iter().all(|name| ["YearPart", "Changes", "NotFoundPage", "NotFoundWords", "MovedPage", "Gov"].contains(name)),
        "not on any page of the demo: {unseen:?}"
    );
}

/// Compares a value with the struct that it should be, and what it holds with the types of the fields.
fn compare(of: &str, value: &Value, structs: &Structs, seen: &mut BTreeSet<String>) {
    let inner = |prefix: &str| of.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
    if let Some(of) = inner("Option<") {
        if !value.is_null() {
            compare(of, value, structs, seen);
        }
    } else if let Some(of) = inner("Vec<") {
        value.as_array().unwrap().iter().for_each(|item| compare(of, item, structs, seen));
    } else if let Some(parts) = of.strip_prefix('(').and_then(|of| of.strip_suffix(')')).filter(|parts| !parts.is_empty()) {
        split_types(parts).iter().zip(value.as_array().unwrap()).for_each(|(of, item)| compare(of, item, structs, seen));
    } else if let Some(fields) = structs.get(of) {
        seen.insert(of.to_owned());
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(keys.iter().copied().collect::<BTreeSet<_>>(), names, "{of}");
        for field in fields {
            compare(&field.of, &value[&field.name], structs, seen);
        }
    }
}

/// Templates, components, static files, slots, variables of the styles: what a theme can use or replace is named.
#[test]
fn what_a_theme_can_use_or_replace_is_documented() {
    let document = read(THEMES);
    let mut names: BTreeSet<String> = BTreeSet::new();
    for theme in BUILT_IN {
        let files = ThemeFiles::built_in(theme).unwrap();
        names.extend(files.templates.keys().cloned().chain(files.statics.keys().cloned()));
        for text in files.templates.values() {
            let components = text.split("{% component ").skip(1).filter_map(|rest| rest.split_once(" %}"));
            names.extend(components.map(|(signature, _)| signature.to_owned()));
            let blocks = text.split("{% block ").skip(1).filter_map(|rest| rest.split_once(" %}"));
            names.extend(blocks.map(|(name, _)| name.to_owned()));
        }
        let style = String::from_utf8(files.statics["style.css"].clone()).unwrap();
        let variables = style.split("--").skip(1).filter_map(|rest| rest.split_once(':'));
        names.extend(
            variables.filter(|(name, _)| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')).map(|(name, _)| format!("--{name}")),
        );
    }
    names.extend(["fill", "json", "safe", "length", "asset", "root", "found", "site.base_url"].map(str::to_owned));
    let missing: Vec<&String> = names.iter().filter(|name| !document.contains(&format!("`{name}`"))).collect();
    assert!(names.len() > 60 && missing.is_empty(), "{THEMES} 没有讲：{missing:#?}");
}

/// Every template that the renderer asks for is in the list of pages.
#[test]
fn every_page_template_is_documented() {
    let mut rendered = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root().join("src/render")).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(entry.path()).unwrap();
            rendered.extend(text.split(".page(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    let documented: BTreeSet<String> = ROOTS.iter().map(|(template, _)| (*template).to_owned()).collect();
    assert_eq!(rendered, documented, "ROOTS in tests/documentation.rs name the struct that each template gets");
}

/// The blocks of TOML in a document.
fn toml_blocks(document: &str) -> impl Iterator<Item = &str> {
    document.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0))
}

/// A whole form in `docs/forms.md` is read without a fault; a part of one is read when it is put into that form.
#[test]
fn examples_of_forms_are_read_without_a_fault() {
    let document = read("docs/forms.md");
    let blocks: Vec<&str> = toml_blocks(&document).collect();
    let whole = blocks.iter().find(|block| block.starts_with("key = ")).unwrap();
    let mut read_parts = 0usize;
    for block in &blocks {
        let text = match block {
            _ if block.starts_with("key = ") => (*block).to_owned(),
            _ if block.starts_with("[[") => format!("{whole}\n{block}"),
            _ => continue,
        };
        Form::read(&text).unwrap_or_else(|faults| panic!("{block}\n{faults:#?}"));
        read_parts += 1;
    }
    assert!(read_parts >= 5, "{read_parts}");
    assert_eq!(read_parts, blocks.iter().filter(|block| !block.starts_with("+++")).count(), "every block is a form or a part of one");
    let report = blocks.iter().find(|block| block.starts_with("+++")).unwrap();
    let mut forms = Forms::builtin();
    let form = forms.with(whole).unwrap();
    let read = gongkai::report::read(report, form.first_year, &forms);
    assert!(read.faults.is_empty(), "{:#?}", read.faults);
}

/// Every key that form files can have is explained.
#[test]
fn every_key_of_forms_is_documented() {
    let document = read("docs/forms.md");
    let mut keys = BTreeSet::new();
    for source in ["src/form/read.rs", "src/form/narrative/statement.rs"] {
        let text = read(source);
        for call in ["string(\"", "strings(\"", "boolean(\"", "integer(\"", "tables(\"", "raw(\"", "required_string(\""] {
            keys.extend(text.split(call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    let missing: Vec<&String> = keys.iter().filter(|key| !document.contains(&format!("`{key}`"))).collect();
    assert!(keys.len() > 40 && missing.is_empty(), "docs/forms.md 没有讲：{missing:#?}");
}

/// The workflows in `docs/workflows/`: name and text.
fn workflows() -> Vec<(String, String)> {
    let files = fs::read_dir(root().join("docs/workflows")).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&file).unwrap())).collect()
}

/// A workflow is named wherever somebody would look for one; the one that stands in the readmes is the one to copy.
#[test]
fn workflows_are_where_readers_look() {
    let workflows = workflows();
    assert_eq!(workflows.len(), 2);
    for (name, text) in &workflows {
        for document in ["README.md", "README.zh-CN.md", "docs/ci.md", "docs/ci.zh-CN.md"] {
            let document_text = read(document);
            assert!(document_text.contains(&format!("workflows/{name})")), "{document} 没有指到 {name}");
            let body = text.split_once("\nname: ").unwrap().1;
            let shown = !document.starts_with("README") || name != "check-reports.yml" || document_text.contains(body);
            assert!(shown, "{document} 里的 {name} 与文件不同");
        }
    }
}

/// What the jobs of `build-shards.yml` do, one after the other: their directories together are the whole site.
#[test]
fn the_workflow_of_shards_writes_the_whole_site() {
    let (_, text) = workflows().into_iter().find(|(name, _)| name == "build-shards.yml").unwrap();
    let between = |from: &str, to: &str| text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    let shards: Vec<String> = between("shard: [", "]").split(", ").map(str::to_owned).collect();
    let command = format!("build{}", between("run: gongkai build", "\n"));
    let site = common::TestSite::with_report().write("content/shili/2022.md", &common::report(2022));
    let mut union = BTreeMap::new();
    for shard in &shards {
        let filled = command
            .replace("${{ matrix.shard }}", shard)
            .replace("${{ strategy.job-total }}", &shards.len().to_string())
            .replace("${{ needs.day.outputs.today }}", "2026-06-01");
        assert!(!filled.contains('$'), "{filled}");
        let arguments: Vec<&str> = filled.split(' ').collect();
        site.run_as(&arguments).ends(0);
        // What is uploaded leaves out names that begin with a dot.
        union.extend(site.tree("public").into_iter().filter(|(name, _)| !name.starts_with('.')));
    }
    site.run(&["build"]).ends(0);
    let whole: BTreeMap<String, Vec<u8>> = site.tree("public").into_iter().filter(|(name, _)| !name.starts_with('.')).collect();
    assert!(union == whole);
}
