//! Whole runs: build, look, change, build again; the other commands on a small site.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use common::{TestSite, report};

#[test]
fn a_build_writes_every_page_and_says_so() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0).says("已生成").says("用时");
    for page in [
        "index.html",
        "years/index.html",
        "years/2023/index.html",
        "agencies/index.html",
        "shili/index.html",
        "shili/2023/index.html",
        "quality/index.html",
        "404.html",
    ] {
        assert!(site.read(&format!("public/{page}")).starts_with("<!doctype html>"), "{page}");
    }
}

/// The whole story of one edit: the changed number shows, the finding shows, all else is left alone.
#[test]
fn an_edit_changes_its_pages_and_no_others() {
    let site = TestSite::with_report().write("content/shili/2022.md", &report(2022));
    site.run(&["build"]).ends(0);
    let before = std::fs::metadata(site.path("public/404.html")).unwrap().modified().unwrap();
    site.edit("content/shili/2023.md", "granted = [2, 1, 0, 0, 0, 0, 3]", "granted = [7, 1, 0, 0, 0, 0, 3]");
    let run = site.run(&["build"]).ends(0);
    assert!(run.out.contains("删去 0"), "{}", run.out);
    let page = site.read("public/shili/2023/index.html");
    assert!(page.contains("id=\"c-applications-granted-individual\""), "the culprit is marked");
    assert!(page.contains("改为 2"), "the value that mends both is named");
    assert_eq!(std::fs::metadata(site.path("public/404.html")).unwrap().modified().unwrap(), before);
}

/// A total that a report does not give is no zero: the page of the year says what its totals are without.
#[test]
fn totals_say_what_they_are_without() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0);
    assert!(!site.read("public/years/2023/index.html").contains("合计没有计入"));
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, \"\"]");
    site.run(&["build"]).ends(0);
    let page = site.read("public/years/2023/index.html");
    assert!(page.contains("有 1 份年报缺其中的数字") && page.contains("合计没有计入"), "{page}");
    assert!(site.read("public/index.html").contains("有 1 份年报缺表中的数字，以上合计没有计入"));
    // A report of the whole area stands for those below it: nothing is missing from its figures.
    let card = common::AGENCY.replace("示例", "示例县");
    let area = report(2023).replacen("+++\n", "+++\nscope = \"area\"\n", 1);
    let site = TestSite::new().write("content/xian/agency.toml", &card).write("content/xian/2023.md", &area);
    let below = report(2023).replace("received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, \"\"]");
    let site = site.write("content/xian/ju/agency.toml", common::AGENCY).write("content/xian/ju/2023.md", &below);
    site.run(&["build"]).ends(0);
    assert!(!site.read("public/years/2023/index.html").contains("合计没有计入"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let site = TestSite::with_report().write("content/shili/2022.md", &report(2022));
    site.run(&["build", "-o", "one"]).ends(0);
    site.run(&["build", "-o", "two"]).ends(0);
    assert_eq!(site.tree("one"), site.tree("two"));
}

#[test]
fn a_deleted_report_takes_its_pages_with_it() {
    let site = TestSite::with_report().write("content/shili/2022.md", &report(2022));
    site.run(&["build"]).ends(0);
    std::fs::remove_file(site.path("content/shili/2022.md")).unwrap();
    site.run(&["build"]).ends(0);
    assert!(!site.path("public/shili/2022").exists() && !site.path("public/years/2022").exists());
    let fresh = TestSite::with_report();
    fresh.run(&["build"]).ends(0);
    assert_eq!(site.tree("public"), fresh.tree("public"));
}

/// Nothing in a page depends on where the site is published, but the page for unknown addresses.
#[test]
fn pages_are_the_same_below_any_base_path() {
    let site = TestSite::with_report();
    site.run(&["build", "-o", "one"]).ends(0);
    site.edit("site.toml", "https://example.gov.cn/zwgk/", "https://example.gov.cn/");
    site.run(&["build", "-o", "two"]).ends(0);
    let links = |directory: &str| -> Vec<String> {
        let page = site.read(&format!("{directory}/shili/2023/index.html"));
        page.split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .filter(|link| !link.starts_with("http"))
            .collect()
    };
    assert_eq!(links("one"), links("two"));
    assert!(links("one").iter().all(|link| !link.starts_with('/')), "{:?}", links("one"));
    assert!(site.read("one/404.html").contains("href=\"/zwgk/years/\""));
}

/// Every link of every page leads to a page or file that was written.
#[test]
fn no_link_is_dead() {
    let site = TestSite::with_report()
        .write("content/shili/青石村/agency.toml", common::AGENCY)
        .write("content/shili/青石村/2023.md", &report(2023));
    site.run(&["build"]).ends(0);
    let files: Vec<String> = site.tree("public").into_iter().map(|(name, _)| name).collect();
    for file in files.iter().filter(|file| file.ends_with(".html")) {
        let page = site.read(&format!("public/{file}"));
        for link in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            if link.starts_with("http") || link.starts_with('#') || link.starts_with("/zwgk/") {
                continue;
            }
            let path = gongkai::pages::Route::parse(&resolve(file, link)).unwrap_or_else(|| panic!("{file}: {link}"));
            assert!(files.contains(&path.file()), "{file}: {link} leads to {}", path.file());
        }
    }
}

fn resolve(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    let link = link.split('#').next().unwrap_or_default();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    // The directory part of `file` is not percent-encoded, the link is.
    parts
        .iter()
        .map(|part| if part.contains('%') { (*part).to_owned() } else { gongkai::pages::percent_encode(part) })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn a_site_overrides_single_templates_and_strings() {
    let site = TestSite::with_report()
        .write("templates/404.html", "{% extends \"base.html\" %}{% block main %}<p>本县另有说明</p>{% endblock main %}")
        .write("themes/county/static/style.css", "body{color:#222}")
        .write("themes/county/i18n/zh-CN.toml", "[menu]\nhome = \"年报首页\"\n");
    site.edit("site.toml", "title =", "theme = \"county\"\ntitle =");
    site.run(&["build"]).ends(0);
    assert!(site.read("public/404.html").contains("本县另有说明"));
    assert!(site.read("public/index.html").contains("年报首页") && site.read("public/index.html").contains("按年度"));
    site.edit("site.toml", "county", "none");
    site.run(&["build"]).ends(2).says("没有主题 none");
}

/// The words of a theme and the units of a form are text, whatever signs they hold.
#[test]
fn words_of_themes_and_forms_are_no_markup() {
    let form = include_str!("../src/form/editions/cn-2021.toml");
    let changed = report(2023).replace("群众常问的低保", "群众常问的医保");
    let site = TestSite::with_report()
        .write("forms/cn-2021.toml", &form.replace("unit = \"件\"", "unit = \"件<b>&\""))
        .write("content/shili/2022.md", &report(2022).replace("2022年，", "2023年，"))
        .write("content/shili/2023.md", &changed)
        .write(
            "themes/county/i18n/zh-CN.toml",
            "[changes]\ngone = \"\\\"删\\\"去<\"\nnew = \"新\\\"增\"\n\n[table]\nunit = \"<i>单位：{unit}\"\n",
        );
    site.edit("site.toml", "title =", "theme = \"county\"\ntitle =");
    site.run(&["build"]).ends(0);
    let page = site.read("public/shili/2023/index.html");
    for text in ["<del title=\"&quot;删&quot;去&lt;\">", "<ins title=\"新&quot;增\">", "&lt;i&gt;单位：件&lt;b&gt;&amp;"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<i>") && !page.contains("件<b>"));
}

#[test]
fn strict_builds_stop_at_errors_and_others_do_not() {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 4]");
    site.run(&["build", "--strict"]).ends(1).says("row-total-mismatch");
    assert!(!site.path("public").exists());
    site.run(&["build"]).ends(0);
    site.run(&["check"]).ends(1);
}

#[test]
fn somebody_elses_directory_is_not_touched() {
    let site = TestSite::with_report().write("papers/thesis.txt", "x");
    site.run(&["build", "-o", "papers"]).ends(2).says("不是 gongkai 生成的");
    assert_eq!(site.read("papers/thesis.txt"), "x");
}

#[test]
fn levels_and_waivers_are_obeyed() {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 4]");
    assert_eq!(site.findings().len(), 2, "the row and the balance");
    site.edit("content/shili/2023.md", "[review]", "[[waive]]\nrule = \"row-total-mismatch\"\nreason = \"原件如此\"\n\n[review]");
    assert_eq!(site.rules().len(), 1);
    site.edit("site.toml", "title =", "check.levels.balance-mismatch = \"off\"\ntitle =");
    site.run(&["check"]).ends(0).says("1 个已说明");
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 4]", "received = [2, 1, 0, 0, 0, 0, 3]");
    assert_eq!(site.rules()[0].0, "unused-waiver");
}

#[test]
fn a_new_site_takes_a_new_report() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], root: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
            .args(arguments)
            .current_dir(directory.path().join(root))
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    assert_eq!(run(&["init", "库"], "").0, 0);
    assert_eq!(run(&["init", "库"], "").0, 2, "a directory with files in it is left alone");
    let (code, said) = run(&["new", "xianzhengfuban", "2025"], "库");
    assert_eq!(code, 0, "{said}");
    assert_eq!(run(&["new", "xianzhengfuban", "2025"], "库").0, 2, "a report is never overwritten");
    // Blank tables and sections are findings, and nothing worse.
    let (code, said) = run(&["check"], "库");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("blank-cell") && !said.contains("invalid-front-matter"), "{said}");
    assert_eq!(run(&["build"], "库").0, 0);
}

#[test]
fn check_looks_only_below_the_paths_it_is_given() {
    let site = TestSite::with_report().write("content/other/agency.toml", "name = \"示例县\"\nkind = \"x\"\n");
    site.run(&["check", "content/shili"]).ends(0);
    site.run(&["check", "other"]).ends(1).says("invalid-agency");
    site.run(&["check", "nonesuch"]).ends(2).says("找不到 nonesuch");
}

#[test]
fn data_is_exported_to_the_digit() {
    let site = TestSite::with_report();
    let run = site.run(&["export", "--format", "json"]).ends(0);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["reports"][0]["tables"]["applications"]["refused"]["third_party_rights"].to_string(), "[1,0,0,0,0,0,1]");
    assert!(run.out.contains("\"fees\": [12.5]"));
    site.run(&["export", "--format", "csv", "-o", "data.csv"]).ends(0);
    assert_eq!(site.read("data.csv").lines().count(), 1 + 200);
    // A spreadsheet would not open what calls itself one.
    site.run(&["export", "--format", "csv", "-o", "汇总.XLSX"]).ends(2).says("改成 .csv");
    assert!(!site.path("汇总.XLSX").exists());
}

#[test]
fn rules_are_explained() {
    let site = TestSite::new();
    site.run(&["explain", "balance-mismatch"]).ends(0).says("结转").says("30号");
    site.run(&["explain", "balanse-mismatch"]).ends(2).says("balance-mismatch");
    site.run(&["explain"]).ends(0).says("row-total-mismatch");
}

#[test]
fn mistakes_on_the_command_line_are_explained_in_chinese() {
    let site = TestSite::new();
    site.run(&["biuld"]).ends(2).says("没有命令 biuld").says("build");
    site.run(&["check", "--formt", "json"]).ends(2).says("没有选项 --formt");
}

/// A theme of the site's own lies over the built-in theme that it names; a name that is none is said.
#[test]
fn a_theme_is_based_on_a_built_in_one() {
    let site = TestSite::with_report();
    site.edit("site.toml", "title =", "theme = \"plain\"\ntitle =");
    site.run(&["build"]).ends(0);
    let page = site.read("public/shili/2023/index.html");
    // Linked data is no script: nothing runs.
    let scripts = page.matches("<script").count() - page.matches("<script type=\"application/ld+json\">").count();
    assert!(page.contains("<div class=\"gongkai\">") && scripts == 0, "{page}");
    let site = site
        .write("themes/county/theme.toml", "base = \"plain\"\n")
        .write("themes/county/templates/portal-header.html", "<p>县门户</p>")
        .write("themes/county/i18n/zh-CN.toml", "[plain]\nfigure = \"主要数字\"\n");
    site.edit("site.toml", "\"plain\"", "\"county\"");
    site.run(&["build"]).ends(0);
    let page = site.read("public/shili/2023/index.html");
    assert!(page.contains("<p>县门户</p><div class=\"gongkai\">") && page.contains("主要数字"), "{page}");
    site.edit("themes/county/theme.toml", "plain", "plane");
    site.run(&["build"]).ends(2).says("没有自带的主题 plane").says("default、plain");
    site.edit("themes/county/theme.toml", "base = \"plane\"", "base =");
    site.run(&["build"]).ends(2).says("themes/county/theme.toml 第 1 行");
}

/// Where nobody wants to search there is no page for it, no box, no link and no index; what was there goes.
#[test]
fn a_site_can_do_without_search() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0);
    assert!(site.path("public/search/index.bin").exists());
    assert!(site.read("public/index.html").contains("action=\"search/\""));
    site.run(&["build", "--no-search"]).ends(0);
    let without = site.tree("public");
    assert!(!site.path("public/search").exists());
    assert!(!site.read("public/index.html").contains("search/"));
    site.edit("site.toml", "title", "search.enabled = false\ntitle");
    site.run(&["build", "-o", "never"]).ends(0);
    assert_eq!(site.tree("never"), without);
    site.edit("site.toml", "false", "\"nein\"");
    let run = site.run(&["build"]).ends(2);
    assert!(run.err.contains("site.toml:1:") || run.out.contains("site.toml:1:"), "{} {}", run.out, run.err);
}

/// Personal numbers that were found in a report are no more in the index than on its page.
#[test]
fn personal_numbers_are_not_in_the_index() {
    use std::io::Read as _;
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "## 一、总体情况\n", "## 一、总体情况\n\n联系王某，手机 13912345678。\n");
    site.run(&["build"]).ends(0);
    let mut text = String::new();
    let bytes = std::fs::read(site.path("public/search/text-0.bin")).unwrap();
    flate2::read::GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    assert!(text.contains("联系王某") && !text.contains("1391234"), "{text}");
}
