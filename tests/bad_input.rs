//! Bad input: each gets one clear message at its place, and none a panic.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{AGENCY, TestSite, report};

/// Runs `check` on a site whose one report is `text`; returns the findings as (rule, line, message).
fn findings_of(text: &str) -> Vec<(String, u64, String)> {
    let site = TestSite::new().write("content/shili/agency.toml", AGENCY).write("content/shili/2023.md", text);
    let findings = site.findings();
    let text = |f: &serde_json::Value, key: &str| f[key].as_str().unwrap_or_default().to_owned();
    findings.iter().map(|f| (text(f, "rule"), f["line"].as_u64().unwrap(), text(f, "message"))).collect()
}

/// The one finding of a report made from a clean one by a replacement.
fn finding_after(from: &str, to: &str) -> (String, u64, String) {
    let clean = report(2023);
    assert!(clean.contains(from), "{from}");
    let mut found = findings_of(&clean.replacen(from, to, 1));
    assert_eq!(found.len(), 1, "{to}: {found:#?}");
    found.remove(0)
}

fn line_of(needle: &str) -> u64 {
    report(2023).lines().position(|line| line.starts_with(needle)).unwrap() as u64 + 1
}

#[test]
fn the_fixture_itself_is_clean() {
    assert_eq!(findings_of(&report(2023)), []);
    TestSite::with_report().run(&["check"]).ends(0).says("没有问题");
}

#[test]
fn an_empty_file_is_one_message() {
    for empty in ["", "\n \n"] {
        let found = findings_of(empty);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].2.contains("文件是空的"));
    }
}

#[test]
fn a_missing_front_matter_is_one_message() {
    let found = findings_of("## 一、总体情况\n\n正文。\n");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].0.as_str(), found[0].1), ("invalid-front-matter", 1));
}

#[test]
fn an_unclosed_front_matter_is_one_message() {
    let (rule, line, message) = finding_after("date = 2024-01-10\n+++\n", "date = 2024-01-10\n");
    assert_eq!((rule.as_str(), line), ("invalid-front-matter", 1));
    assert!(message.contains("没有结束"), "{message}");
}

#[test]
fn a_syntax_error_stands_at_its_line() {
    let (rule, line, message) = finding_after("received = [2, 1,", "received = [2, 1,,");
    assert_eq!((rule.as_str(), line), ("invalid-front-matter", line_of("received")));
    assert!(message.contains("逗号"), "{message}");
}

#[test]
fn wrong_types_lengths_and_rows_stand_at_their_lines() {
    let received = line_of("received");
    for (from, to, rule, line) in [
        ("received = [2, 1, 0, 0, 0, 0, 3]", "received = \"三件\"", "invalid-front-matter", received),
        ("received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 3]", "invalid-front-matter", received),
        ("received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 0, 3]", "invalid-front-matter", received),
        ("licensing = [40]\n", "licensing = [40]\nlisensing = [40]\n", "unknown-key", line_of("licensing") + 1),
        ("published = 2024-01-20", "published = \"年初\"", "invalid-front-matter", 2),
        ("published = 2024-01-20", "year = 2022\npublished = 2024-01-20", "invalid-front-matter", 2),
    ] {
        let found = finding_after(from, to);
        assert_eq!((found.0.as_str(), found.1), (rule, line), "{to}: {}", found.2);
    }
}

#[test]
fn odd_numbers_stand_at_their_cells() {
    let long = "123456789012345678901234567890";
    for (number, rule) in [
        ("1e3", "text-in-cell"),
        ("0x10", "text-in-cell"),
        ("1_000", "text-in-cell"),
        (".5", "invalid-front-matter"),
        ("-1", "negative-count"),
        ("1.5", "fractional-count"),
        (long, "text-in-cell"),
        ("\"40件\"", "text-in-cell"),
    ] {
        let found = finding_after("licensing = [40]", &format!("licensing = [{number}]"));
        assert_eq!((found.0.as_str(), found.1), (rule, line_of("licensing")), "{number}: {}", found.2);
    }
}

#[test]
fn two_files_for_one_year_are_reported_and_stop_a_build() {
    let site = TestSite::with_report().write("content/shili/2023/index.md", &report(2023));
    assert_eq!(site.rules(), [("duplicate-report".to_owned(), 1)]);
    site.run(&["build"]).ends(2).says("duplicate-report").says("content/shili/2023.md");
    assert!(!site.path("public").exists());
}

#[test]
fn an_agency_without_its_card_is_one_message() {
    let site = TestSite::new().write("content/shili/2023.md", &report(2023));
    let found = site.findings();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0]["rule"], "missing-agency");
    site.run(&["build"]).ends(0);
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let site = TestSite::with_report();
    site.put("content/shili/2022.md", &vec![b'x'; 50 << 20]);
    let found = site.findings();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0]["message"].as_str().unwrap().contains("50 MB"), "{found:#?}");
    site.run(&["build"]).ends(2).says("unreadable-file");
}

#[cfg(unix)]
#[test]
fn loops_and_dangling_links_are_reported() {
    let site = TestSite::with_report();
    std::os::unix::fs::symlink(site.path("content"), site.path("content/shili/loop")).unwrap();
    std::os::unix::fs::symlink("/nowhere", site.path("content/shili/2022.md")).unwrap();
    let found = site.findings();
    let messages: Vec<_> = found.iter().map(|f| f["message"].as_str().unwrap()).collect();
    assert_eq!(found.len(), 2, "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("成环")), "{messages:?}");
    assert!(found.iter().all(|f| f["rule"] == "unreadable-file"));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = TestSite::with_report().write("content/shili/2022.md", &report(2022));
    std::fs::set_permissions(site.path("content/shili/2022.md"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything: then there is nothing to see here.
    if std::fs::read(site.path("content/shili/2022.md")).is_err() {
        assert_eq!(site.rules(), [("unreadable-file".to_owned(), 1)]);
    }
}

#[test]
fn reserved_and_stray_names_are_reported() {
    let site = TestSite::with_report()
        .write("content/years/agency.toml", &format!("{AGENCY}owes_report = false\n"))
        .write("content/shili/2023年.md", "x")
        .write("content/shili/.DS_Store", "x")
        .write("content/shili/2022/附件.txt", "x");
    let mut rules: Vec<_> = site.rules().into_iter().map(|(rule, _)| rule).collect();
    rules.sort();
    assert_eq!(rules, ["reserved-name", "stray-file", "stray-file"]);
}

#[test]
fn gb18030_is_read_with_a_hint() {
    let site = TestSite::new().write("content/shili/agency.toml", AGENCY);
    let (bytes, _, _) = encoding_rs::GB18030.encode(Box::leak(report(2023).into_boxed_str()));
    site.put("content/shili/2023.md", &bytes);
    assert_eq!(site.rules(), [("not-utf8".to_owned(), 1)]);
    site.run(&["build"]).ends(0);
    assert!(site.read("public/shili/2023/index.html").contains("村级目录更新慢"));
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_matter() {
    let text = format!("\u{feff}{}", report(2023).replace('\n', "\r\n"));
    assert_eq!(findings_of(&text), []);
}

#[test]
fn a_faulty_template_names_its_line_and_leaves_the_output_alone() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0);
    let before = site.tree("public");
    let site =
        site.write("templates/year.html", "{% extends \"base.html\" %}\n{% block main %}\n{{ page.nonesuch }}\n{% endblock main %}\n");
    site.run(&["build"]).ends(2).says("year.html:3:9").says("nonesuch");
    let site = site.write("templates/year.html", "一\n二 {% if %}\n");
    site.run(&["build"]).ends(2).says("year.html:2:");
    assert_eq!(site.tree("public"), before);
}

#[test]
fn a_faulty_form_is_reported_with_its_place() {
    let form = "key = \"x-1\"\ntitle = \"示例\"\nfirst_year = 2030\nreport_title = \"年度报告\"\n\n[[section]]\nkey = \"a\"\nnumber = \"一\"\ntitle = \"甲\"\n\n[[table]]\nkey = \"t\"\nsection = \"a\"\ncaption = \"表\"\n\n[[table.block]]\ncolumns = [{ key = \"n\", label = \"数\" }]\nrows = [{ key = \"r\", label = \"行\" }]\n\n[[table.relation]]\nrule = \"row-total-mismatch\"\nname = \"x\"\neach = \"column\"\nformula = \"r = q\"\n";
    let site = TestSite::with_report().write("forms/x.toml", form);
    site.run(&["check"]).ends(2).says("forms/x.toml:24:").says("没有行“q”");
}

#[test]
fn a_faulty_config_is_reported_with_its_place() {
    let site = TestSite::with_report().write("site.toml", "title = \"甲\"\nbase_url = 3\n");
    site.run(&["check"]).ends(2).says("site.toml:2:12").says("base_url 应为文字");
    let site = site.write("site.toml", "title = \"甲\"\n[check.levels]\nrow-total = \"off\"\n");
    site.run(&["check"]).ends(2).says("没有名为 row-total 的规则");
    std::fs::remove_file(site.path("site.toml")).unwrap();
    site.run(&["check"]).ends(2).says("gongkai init");
}

/// A directory that would claim one of the site's own pages stops a build.
#[test]
fn a_directory_with_a_name_of_the_site_stops_a_build() {
    for name in ["years", "Quality", "shili/index.html"] {
        let site = TestSite::with_report().write(&format!("content/{name}/agency.toml"), AGENCY);
        site.run(&["build"]).ends(2).says("reserved-name");
        assert!(!site.path("public").exists());
    }
}

/// Names written in GBK, as old archives unpack them, are said to be so.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_reported() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = TestSite::with_report().write("content/shili/2022/index.md", &report(2022));
    std::fs::write(site.path("content/shili/2022").join(std::ffi::OsStr::from_bytes(b"\xd6\xd0.doc")), "x").unwrap();
    site.run(&["check"]).ends(1).says("名字不是 UTF-8");
    site.run(&["build"]).ends(2).says("unreadable-file");
}

/// A directory is checked whatever path leads to it; one that holds no reports is not called clean.
#[test]
fn paths_of_check_lead_where_they_say() {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "received = [2, 1,", "received = [2, 2,");
    for path in [".", "content", "content/", "content/shili", "shili", "content/shili/2023.md", "content/../content/shili"] {
        site.run(&["check", path]).ends(1).says("row-total-mismatch").says("校验 1 份年报");
    }
    site.put("notes/x.md", b"x");
    site.run(&["check", "notes"]).ends(2).says("找不到 notes");
    site.run(&["check", "nowhere"]).ends(2).says("找不到 nowhere");
}

/// Pages are not written among the files that they are made from.
#[test]
fn an_output_among_the_sources_is_refused() {
    let site = TestSite::with_report();
    for output in ["content/public", "content/shili/../neu", "templates"] {
        let output = site.path(output);
        site.run(&["build", "--output", output.to_str().unwrap()]).ends(2).says("输出目录");
        assert!(!output.exists());
    }
    let site = site.write("public/.git/HEAD", "x");
    site.run(&["build"]).ends(0);
}

/// Why a site cannot be loaded is no data: standard output stays empty.
#[test]
fn trouble_goes_to_standard_error() {
    let site = TestSite::with_report().write("site.toml", "title = 3\n");
    for command in [["export", "--format", "csv"], ["check", "--format", "json"]] {
        let run = site.run(&command).ends(2).says("title 应为文字");
        assert_eq!(run.out, "");
    }
}

/// Somebody who stands in a directory of a site is told where the site is.
#[test]
fn a_site_above_is_named() {
    let site = TestSite::with_report();
    let root = site.path("content/shili");
    site.run(&["explain", "blank-cell"]).ends(0);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai")).arg("check").current_dir(root).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("当前目录不是年报库") && said.contains(&format!("--root {}", site.root().canonicalize().unwrap().display())),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(2));
}

/// Two form files of one key would hide each other.
#[test]
fn two_forms_of_one_key_are_reported() {
    let form = "key = \"x-1\"\ntitle = \"示例\"\nfirst_year = 2190\nreport_title = \"年度报告\"\n";
    let site = TestSite::with_report().write("forms/a.toml", form).write("forms/b.TOML", form);
    site.run(&["check"]).ends(2).says("forms/b.TOML").says("forms/a.toml 里已有格式 x-1");
}

/// Faults that Tera gives no place to still name the template; what is not text is not passed over.
#[test]
fn faults_of_whole_templates_name_them() {
    for (text, said) in [
        ("{% include \"home.html\" %}", "没有尽头"),
        ("{% extends \"nowhere.html\" %}", "没有这个模板"),
        ("{% for n in range(end=1000000000) %}x{% endfor %}", "循环太长"),
        ("{{ page.nonesuch.deeper }}", "没有这个字段"),
    ] {
        let site = TestSite::with_report().write("templates/home.html", text);
        site.run(&["build"]).ends(2).says("模板 home.html").says(said);
        assert!(!site.path("public").exists());
    }
    let site = TestSite::with_report();
    site.put("templates/home.html", b"caf\xe9");
    site.run(&["build"]).ends(2).says("templates/home.html 不是 UTF-8");
    let site = TestSite::with_report().write("themes/default/i18n/zh-CN.toml", "[menu]\nhome = 首页\n");
    site.run(&["build"]).ends(2).says("i18n/zh-CN.toml:2");
}

/// Mistakes in the arguments are said in the reader's language, with what would be right.
#[test]
fn mistakes_in_arguments_are_said_in_both_languages() {
    let site = TestSite::with_report();
    for (arguments, zh, en) in [
        (vec!["chek"], "没有命令 chek", "there is no command chek"),
        (vec!["check", "--formt", "json"], "没有选项 --formt", "did you mean --format?"),
        (vec!["check", "--format", "xml"], "可用：text、json", "there are text"),
        (vec!["new", "shili", "1900"], "2008 到 2199", "from 2008 to 2199"),
        (vec!["build", "nope"], "多余的参数 nope", "one argument too many"),
    ] {
        site.run(&arguments).ends(2).says(zh);
        let english = [&arguments[..], &["--lang", "en"]].concat();
        site.run(&english).ends(2).says(en);
    }
}

/// What always stops a build cannot be switched off; years that are none are refused.
#[test]
fn settings_that_would_hide_or_flood_are_refused() {
    let site = TestSite::with_report().write("site.toml", "title = \"t\"\n[check.levels]\nreserved-name = \"off\"\n");
    site.run(&["check"]).ends(2).says("site.toml:3:17").says("级别不能改");
    let site = site.write("site.toml", "title = \"t\"\n[check]\nfirst_year = 20\n");
    site.run(&["check"]).ends(2).says("site.toml:3:14").says("四位年份");
}

/// An agency's card in another encoding is read, with a hint to convert it.
#[test]
fn a_card_in_gb18030_is_read_with_a_hint() {
    let site = TestSite::with_report();
    site.put("content/shili/agency.toml", &encoding_rs::GB18030.encode(AGENCY).0);
    assert_eq!(site.rules(), [("not-utf8".to_owned(), 1)]);
    site.run(&["build"]).ends(0);
    assert!(site.read("public/shili/index.html").contains("示例镇人民政府"));
}
