//! `gongkai import` as a whole: where things go, what is never done, what is said, how it ends.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::TestSite;
use serde_json::Value;

mod common;

const CITY: &str = "name = \"示例市人民政府\"\nkind = \"government\"\n";

fn document(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(name).to_str().unwrap().to_owned()
}

fn site() -> TestSite {
    TestSite::new().write("content/shi/agency.toml", CITY)
}

fn json(site: &TestSite, arguments: &[&str]) -> (i32, Value) {
    let run = site.run(&[&["import", "--format", "json"], arguments].concat());
    let value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err));
    (run.code, value)
}

/// The report goes under its agency and year, the original beside it with its hash.
#[test]
fn a_report_is_filed_with_its_original() {
    let site = site();
    let (code, value) = json(&site, &[&document("city-2022.docx")]);
    let file = &value["files"][0];
    assert_eq!(code, 0, "{value:#}");
    assert_eq!(file["path"], "content/shi/2022/index.md");
    assert_eq!((file["cells"]["placed"].as_u64(), file["cells"]["of"].as_u64()), (Some(200), Some(200)));
    assert_eq!(
        (file["year"].as_u64(), file["form"].as_str(), file["published"].as_str()),
        (Some(2022), Some("cn-2021"), Some("2023-01-18"))
    );
    let report = site.read("content/shi/2022/index.md");
    assert!(report.contains(file["sha256"].as_str().unwrap()) && report.contains("file = \"city-2022.docx\""));
    assert!(report.contains("## 五、存在的主要问题及改进情况"), "{report}");
    assert_eq!(std::fs::read(site.path("content/shi/2022/city-2022.docx")).unwrap(), std::fs::read(document("city-2022.docx")).unwrap());
}

/// Nothing is written over; the same original is recognised; `--force` replaces but keeps what people added.
#[test]
fn nothing_is_overwritten() {
    let site = site();
    site.run(&["import", &document("city-2022.docx")]).ends(0);
    let (code, value) = json(&site, &[&document("city-2022.docx")]);
    assert_eq!((code, value["files"][0]["status"].as_str()), (0, Some("same")));
    site.edit("content/shi/2022/index.md", "[[source]]", "[review]\nby = \"办公室\"\n\n[[source]]");
    site.edit("content/shi/2022/index.md", "sha256 = \"", "sha256 = \"00");
    let before = site.read("content/shi/2022/index.md");
    let (code, value) = json(&site, &[&document("city-2022.docx")]);
    assert_eq!((code, value["files"][0]["status"].as_str()), (1, Some("exists")));
    assert_eq!(site.read("content/shi/2022/index.md"), before);
    let (code, value) = json(&site, &["--force", &document("city-2022.docx")]);
    assert_eq!((code, value["files"][0]["status"].as_str()), (0, Some("replaced")));
    let after = site.read("content/shi/2022/index.md");
    assert!(after.contains("by = \"办公室\"") && !after.contains("sha256 = \"00"), "{after}");
}

/// What lies beside a report under the original's name is replaced only if it was an original of the report before.
#[test]
fn another_file_of_the_same_name_is_not_replaced() {
    let site = site();
    site.put("content/shi/2022/city-2022.docx", "另一份附件".as_bytes());
    for arguments in [&[][..], &["--dry-run"], &["--force"]] {
        let (code, value) = json(&site, &[arguments, &[&document("city-2022.docx")]].concat());
        assert_eq!((code, value["files"][0]["status"].as_str()), (2, Some("failed")), "{value:#}");
        assert!(value["files"][0]["message"].as_str().unwrap().contains("city-2022.docx"), "{value:#}");
        assert_eq!(site.read("content/shi/2022/city-2022.docx"), "另一份附件");
        assert!(!site.path("content/shi/2022/index.md").exists());
    }
    std::fs::remove_file(site.path("content/shi/2022/city-2022.docx")).unwrap();
    std::fs::create_dir(site.path("content/shi/2022/city-2022.docx")).unwrap();
    let (_, value) = json(&site, &[&document("city-2022.docx")]);
    assert!(value["files"][0]["message"].as_str().unwrap().contains("city-2022.docx 已有"), "{value:#}");
    std::fs::remove_dir(site.path("content/shi/2022/city-2022.docx")).unwrap();
    site.put("content/shi/2022/city-2022.docx", "另一份附件".as_bytes());
    // Its hash in the report that is there says that it was the original.
    let hash = "0fb3bd2ebc7a8cbf5b1d3d0d7a6bd7e6";
    site.put("content/shi/2022/index.md", format!("+++\n[[source]]\nfile = \"city-2022.docx\"\nsha256 = \"{hash}\"\n+++\n").as_bytes());
    let (_, value) = json(&site, &["--force", &document("city-2022.docx")]);
    assert_eq!(value["files"][0]["status"], "failed");
    site.edit("content/shi/2022/index.md", hash, "992c2de30a2819ffe87e759ec090f18bf1aeb32c9279ba2cffdb5a28613fccf1");
    let (_, value) = json(&site, &["--force", &document("city-2022.docx")]);
    assert_eq!(value["files"][0]["status"], "replaced", "{value:#}");
}

/// `--force` over `<year>.md` leaves one file for the year.
#[test]
fn a_forced_import_leaves_one_file_for_the_year() {
    let site = site().write("content/shi/2022.md", "+++\n+++\n");
    let (_, value) = json(&site, &[&document("city-2022.docx")]);
    assert_eq!(value["files"][0]["path"], "content/shi/2022.md");
    site.run(&["import", "--force", &document("city-2022.docx")]).ends(0);
    assert!(!site.path("content/shi/2022.md").exists() && site.path("content/shi/2022/index.md").exists());
}

/// A dry run shows the Markdown, or the difference, and touches nothing.
#[test]
fn a_dry_run_writes_nothing() {
    let site = site();
    let run = site.run(&["import", "--dry-run", &document("city-2022.docx")]).ends(0);
    assert!(run.out.contains("## 一、总体情况") && run.out.contains("[proactive]"));
    assert!(!site.path("content/shi/2022").exists());
    site.run(&["import", &document("city-2022.docx")]).ends(0);
    site.edit("content/shi/2022/index.md", "## 一、总体情况", "## 一、总的情况");
    let run = site.run(&["import", "--dry-run", "--force", &document("city-2022.docx")]).ends(0);
    assert!(run.out.contains("-## 一、总的情况\n+## 一、总体情况"), "{}", run.out);
}

/// Whose report it is can be told; an unknown agency is asked for, or made.
#[test]
fn the_agency_is_found_told_or_made() {
    let site = TestSite::new();
    let (code, value) = json(&site, &[&document("city-2022.docx")]);
    assert_eq!((code, value["files"][0]["status"].as_str()), (1, Some("undecided")));
    assert!(value["files"][0]["message"].as_str().unwrap().contains("示例市人民政府"));
    site.run(&["import", "--agency", "shi", &document("city-2022.docx")]).ends(2);
    site.run(&["import", "--agency", "shi", "--create-agency", &document("city-2022.docx")]).ends(0);
    assert!(site.read("content/shi/agency.toml").contains("name = \"示例市人民政府\"\nkind = \"government\""));
    // Its blanks are errors of `check`.
    site.run(&["import", "--create-agency", &document("tika-2024.txt")]).ends(1);
    assert!(site.path("content/示例县民政局/2024/index.md").exists());
}

/// What the user says goes before what the document says.
#[test]
fn options_override_the_document() {
    let site = site();
    let arguments = ["--agency", "shi", "--year", "2022", "--date", "2023-02-01", "--form", "cn-2021"];
    let (_, value) = json(&site, &[&arguments[..], &[&document("city-2022.docx")]].concat());
    let file = &value["files"][0];
    assert_eq!((file["path"].as_str(), file["published"].as_str()), (Some("content/shi/2022/index.md"), Some("2023-02-01")));
    site.run(&["import", "--form", "cn-1999", &document("city-2022.docx")]).ends(2);
}

/// A folder goes on after failures and lists them at the end; two files of one report do not fight.
#[test]
fn a_folder_is_imported_as_far_as_it_goes() {
    let site = TestSite::new();
    let folder = tempfile::tempdir().unwrap();
    for name in ["portal-2023.html", "city-2022.docx", "city-2022.pdf", "old-portal-2019.html", "sheet-2019.xlsx"] {
        std::fs::copy(document(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("断.docx"), b"PK\x03\x04").unwrap();
    std::fs::write(folder.path().join("~$lock.docx"), b"x").unwrap();
    std::fs::write(folder.path().join("照片.jpg"), b"x").unwrap();
    std::fs::rename(folder.path().join("sheet-2019.xlsx"), folder.path().join("表格2020.1.20")).unwrap();
    let run = site.run(&["import", "--create-agency", folder.path().to_str().unwrap()]).ends(2);
    assert!(run.out.contains("导入 6 个文件：写入 4 份"), "{}", run.out);
    assert!(run.err.contains("断.docx：Word (.docx) 文件不完整或已损坏") && run.err.contains("同一机关同一年度"), "{}", run.err);
    assert!(run.err.contains("还有 1 个文件不是文档，没有导入") && run.err.contains("照片.jpg"), "{}", run.err);
    assert!(!run.err.contains("lock"), "{}", run.err);
}

/// A letter about the reports lies among them: no agency is made of its words, and nothing is written.
#[test]
fn a_letter_about_reports_is_not_filed_as_one() {
    let site = TestSite::new();
    let path = site.path("通知.txt");
    std::fs::write(
        &path,
        "关于报送2025年政府信息公开工作年度报告的通知\n\n各单位：\n请于1月25日前报送。\n\n示例县政务公开办公室\n2026年1月5日\n",
    )
    .unwrap();
    let run = site.run(&["import", "--create-agency", path.to_str().unwrap()]).ends(1);
    assert!(run.err.contains("不像年度报告，没有写入"), "{}", run.err);
    assert!(!site.path("content/报送").exists() && !site.path("content/示例县政务公开办公室").exists());
}

/// A name as long as a name can be, with a space behind its extension: imported, and kept under that name.
#[test]
fn a_long_name_is_kept() {
    let site = TestSite::new();
    let folder = tempfile::tempdir().unwrap();
    let name = format!("{}.docx ", "附".repeat(83));
    assert_eq!(name.len(), 255);
    std::fs::copy(document("city-2022.docx"), folder.path().join(&name)).unwrap();
    let run = site.run(&["import", "--create-agency", folder.path().to_str().unwrap()]);
    assert!(run.out.contains("写入 1 份"), "{}{}", run.out, run.err);
}

/// Two reports in one file: that is said, since the figures of one are all that can be read.
#[test]
fn two_reports_in_one_file_are_told() {
    let site = site();
    let page = std::fs::read_to_string(document("one-table-2020.html")).unwrap();
    let (_, body) = page.split_once("<body>").unwrap();
    let other = body.replace("示例县气象局", "示例县水利局");
    let path = site.path("两份.html");
    std::fs::write(&path, page.replace("</body>", &other)).unwrap();
    let (_, value) = json(&site, &["--agency", "shi", "--dry-run", path.to_str().unwrap()]);
    let questions = value["files"][0]["questions"].to_string();
    assert!(questions.contains("示例县水利局2020年") && questions.contains("分成两个文件"), "{questions}");
}

/// Last year's title over this year's report: the year is asked about.
#[test]
fn a_title_of_another_year_is_questioned() {
    let site = site();
    let page = std::fs::read_to_string(document("one-table-2020.html")).unwrap();
    let path = site.path("旧标题.html");
    std::fs::write(&path, page.replace("自2020年1月1日起至2020年12月31日止", "为全年").replace("2021年1月18日", "2022年1月18日")).unwrap();
    let (_, value) = json(&site, &["--agency", "shi", "--dry-run", path.to_str().unwrap()]);
    let questions = value["files"][0]["questions"].to_string();
    assert!(questions.contains("--year 2021"), "{questions}");
}

/// Doubts name the place and the reason, on the terminal and in JSON.
#[test]
fn doubts_are_told_with_place_and_reason() {
    let site = site();
    let page = std::fs::read_to_string(document("one-table-2020.html")).unwrap();
    let doubtful = page.replacen("<td>1.属于国家秘密</td>", "<td>1.属于国家机密</td>", 1);
    let path = site.path("d.html");
    std::fs::write(&path, doubtful).unwrap();
    let (code, value) = json(&site, &["--agency", "shi", "--dry-run", path.to_str().unwrap()]);
    let doubts = value["files"][0]["doubts"].as_array().unwrap();
    assert_eq!((code, doubts.len(), doubts[0]["cells"].as_array().unwrap().len()), (1, 1, 7), "{doubts:#?}");
    assert!(doubts[0]["reason"].as_str().unwrap().contains("属于国家机密") && doubts[0]["at"]["row"].as_u64().is_some());
    let run = site.run(&["import", "--agency", "shi", path.to_str().unwrap()]).ends(1);
    assert!(run.out.contains("存疑") && run.out.contains("属于国家秘密（7 格）"), "{}", run.out);
}

/// A package whose main part is `body`.
fn docx(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    write!(zip, "<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>").unwrap();
    zip.finish().unwrap().into_inner()
}

/// Each hostile file ends within its time with one clear message.
#[test]
fn hostile_files_end_soon_with_one_message() {
    let half = std::fs::read(document("street-2020.pdf")).unwrap();
    let files: [(&str, Vec<u8>, &str); 12] = [
        ("bomb.docx", docx(&" ".repeat(60 << 20)), "解压后大小超过上限 48 MB"),
        ("wide.docx", docx(&format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", "<w:tc><w:p/></w:tc>".repeat(10_000))), "列数超过上限 1000"),
        ("deep.docx", docx(&"<w:tbl><w:tr><w:tc>".repeat(5_000)), "嵌套层数超过上限 400"),
        ("deep.html", "<html>".bytes().chain("<div>".repeat(200_000).bytes()).collect(), "嵌套层数超过上限 256"),
        ("wide.html", format!("<table><tr>{}</table>", "<td>1".repeat(10_000)).into_bytes(), "列数超过上限 1000"),
        ("half.pdf", half[..half.len() / 2].to_vec(), "PDF 文件不完整或已损坏"),
        ("encrypted.pdf", std::fs::read(document("hostile/encrypted.pdf")).unwrap(), "PDF 文件已加密"),
        ("scan.pdf", std::fs::read(document("hostile/scan.pdf")).unwrap(), "没有文字层，是扫描件"),
        ("empty.txt", Vec::new(), "文件是空的"),
        ("program.doc", b"\x7fELF\0\0\0".to_vec(), "无法识别文件内容的格式"),
        ("long.txt", "规章".repeat(2_000_000).into_bytes(), "文件大小超过上限 6 MB"),
        ("deep.rtf", format!("{{\\rtf1{}", "{".repeat(100_000)).into_bytes(), "嵌套层数超过上限 1000"),
    ];
    let site = TestSite::new();
    for (name, bytes, message) in files {
        let path = site.path(name);
        std::fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        let run = site.run(&["import", "--quiet", path.to_str().unwrap()]).ends(2);
        assert!(start.elapsed() < Duration::from_secs(30), "{name}");
        assert_eq!(run.err.matches("错误:").count(), 1, "{name}: {}", run.err);
        assert!(run.err.contains(message), "{name}: {}", run.err);
    }
    // An absurd span and a bomb of entities are no reason to refuse a file.
    for (name, text) in [
        ("span.html", "<table><tr><td colspan=1000000 rowspan=1000000>1<td>2</table>"),
        ("entities.html", "<!DOCTYPE x [<!ENTITY a \"bb\">]><p>&a;&a;</p>"),
    ] {
        std::fs::write(site.path(name), text).unwrap();
        site.run(&["import", site.path(name).to_str().unwrap()]).ends(1);
    }
}

/// Without LibreOffice, what needs it says so and what to install.
#[test]
fn a_missing_libreoffice_is_told() {
    let site = site();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["import", "--root", site.root().to_str().unwrap(), &document("office/city-2022.doc")])
        .env("GONGKAI_SOFFICE", "/nowhere/soffice")
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("没有找到 soffice") && err.contains("apt-get install libreoffice-writer"), "{err}");
}
