//! `check` as people and programs use it: choosing, counting, baselines, formats for CI.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use common::TestSite;

/// A clean report with three faults: a wrong total, a wrong title, a mobile number in the prose.
fn faulty() -> TestSite {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 4]");
    site.edit("content/shili/2023.md", "+++\npublished", "+++\ntitle = \"示例镇2022年政府信息公开工作年度报告\"\npublished");
    site.edit("content/shili/2023.md", "贴到村口。", "贴到村口。电话 138-1234-5678。");
    site
}

#[test]
fn findings_are_chosen_by_rule_and_level() {
    let site = faulty();
    site.run(&["check", "--select", "title-mismatch"]).ends(1).says("title-mismatch").says("1 个错误");
    site.run(&["check", "--select", "sharp-change"]).ends(0).says("没有问题");
    let run = site.run(&["check", "--ignore", "title-mismatch,mobile-number"]).ends(1);
    assert!(!run.out.contains("title-mismatch") && run.out.contains("row-total-mismatch"), "{}", run.out);
    site.run(&["check", "--ignore", "title-mismach"]).ends(2).says("是不是 title-mismatch？");
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "by = \"办公室\"\n", "");
    site.run(&["check", "--level", "error"]).ends(0).says("没有问题");
    site.run(&["check", "--level", "warning"]).ends(0).says("missing-review");
}

/// `--statistics` counts instead of listing.
#[test]
fn statistics_count_by_rule() {
    let run = faulty().run(&["check", "--statistics"]).ends(1);
    let line = |rule: &str| run.out.lines().any(|line| line.trim_start().starts_with("1  ") && line.contains(rule));
    assert!(line("title-mismatch") && line("mobile-number"), "{}", run.out);
    assert!(!run.out.contains("╭"), "{}", run.out);
}

/// A log is read by others: neither the message nor the source line shows the number.
#[test]
fn personal_numbers_are_not_shown() {
    let run = faulty().run(&["check"]).ends(1).says("138****5678");
    assert!(!run.out.contains("1234-5678"), "{}", run.out);
    assert!(run.out.contains("电话 ***-****-****"), "{}", run.out);
}

/// An old archive starts clean; only what comes after fails, wherever its lines have gone.
#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let site = faulty();
    site.run(&["check", "--write-baseline", "baseline.json"]).ends(0).says("写进了基线");
    assert!(!site.read("baseline.json").contains("1234"));
    site.run(&["check", "--baseline", "baseline.json"]).ends(0).says("没有问题").says("基线里已有的");
    site.edit("content/shili/2023.md", "+++\ntitle", "+++\n# 一行说明\ntitle");
    site.run(&["check", "--baseline", "baseline.json"]).ends(0);
    site.edit("content/shili/2023.md", "review = [1, 0, 0, 0, 1]", "review = [1, 0, 0, 0, 2]");
    site.run(&["check", "--baseline", "baseline.json"]).ends(1).says("dispute-total-mismatch").says("1 个错误");
    site.edit("content/shili/2023.md", "2022年政府", "2023年政府");
    site.run(&["check", "--baseline", "baseline.json"]).ends(1).says("已不存在");
    site.run(&["check", "--baseline", "nowhere.json"]).ends(2).says("--write-baseline");
    site.put("baseline.json", b"{}");
    site.run(&["check", "--baseline", "baseline.json"]).ends(2).says("不是基线文件");
}

/// What code hosts and dashboards read is sound and leads to the lines.
#[test]
fn programs_get_their_formats() {
    let site = faulty();
    let run = site.run(&["check", "--format", "sarif"]).ends(1);
    let log: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(log["version"], "2.1.0");
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("# 怎么改"));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() >= 1 && region["endColumn"].as_u64().unwrap() >= 1);
    }
    let findings = site.findings();
    assert_eq!(results.len(), findings.len());
    let github = site.run(&["check", "--format", "github"]).ends(1).out;
    assert_eq!(github.lines().count(), findings.len());
    assert!(github.contains("title=title-mismatch::"), "{github}");
    let junit = site.run(&["check", "--format", "junit"]).ends(1).out;
    assert_eq!(junit.matches("<testcase ").count(), findings.len());
    let clean = TestSite::with_report();
    let junit = clean.run(&["check", "--format", "junit"]).ends(0).out;
    assert!(junit.contains("tests=\"1\" failures=\"0\""), "{junit}");
}

/// `fmt` aligns tables and nothing else, once; `--check` only says.
#[test]
fn fmt_aligns_tables_once() {
    let site = TestSite::with_report();
    let before = site.read("content/shili/2023.md");
    site.run(&["fmt", "--check"]).ends(1).says("未整理 content/shili/2023.md");
    assert_eq!(site.read("content/shili/2023.md"), before);
    site.run(&["fmt"]).ends(0).says("整理了 1 份");
    let after = site.read("content/shili/2023.md");
    assert!(after.contains("received                       = [2, 1, 0, 0, 0, 0, 3]"), "{after}");
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeezed(&after), squeezed(&before));
    site.run(&["fmt"]).ends(0).says("整理了 0 份");
    site.run(&["fmt", "--check", "content/shili"]).ends(0);
    site.run(&["check"]).ends(0);
    site.run(&["fmt", "content/nowhere"]).ends(2);
}

/// A report that is a link to another file stays a link; the file is aligned, and nothing is left beside it.
#[test]
#[cfg(unix)]
fn fmt_writes_through_links() {
    let site = TestSite::with_report();
    let text = site.read("content/shili/2023.md");
    std::fs::create_dir_all(site.path("content/shili/drafts")).unwrap();
    let file = site.path("content/shili/drafts/report.md");
    std::fs::rename(site.path("content/shili/2023.md"), &file).unwrap();
    for name in ["content/shili/2022.md", "content/shili/2023.md"] {
        std::os::unix::fs::symlink(&file, site.path(name)).unwrap();
    }
    site.run(&["fmt"]).ends(0);
    assert!(site.path("content/shili/2023.md").is_symlink() && site.path("content/shili/2022.md").is_symlink());
    assert!(std::fs::read_to_string(&file).unwrap() != text);
    assert_eq!(std::fs::read_dir(site.path("content/shili/drafts")).unwrap().count(), 1);
    site.run(&["fmt", "--check"]).ends(0);
}

/// What a body merged into another brought along is said with its year's carry-over, for the waiver's reason.
#[test]
fn a_merger_that_explains_a_carry_over_is_named() {
    let site = TestSite::with_report();
    let report = |row: &str, carried: &str| format!("+++\nproactive = 0\ndisputes = 0\n[applications]\n{row} = {carried}\n+++\n");
    site.put("content/a/agency.toml", "name = \"示例县甲局\"\nkind = \"department\"\n".as_bytes());
    site.put(
        "content/b/agency.toml",
        "name = \"示例县乙局\"\nkind = \"department\"\nuntil = 2021-12-31\nsucceeded_by = \"a\"\n".as_bytes(),
    );
    site.put("content/a/2021.md", report("carried_out", "[2, 0, 0, 0, 0, 0, 2]").as_bytes());
    site.put("content/b/2021.md", report("carried_out", "[1, 0, 0, 0, 0, 0, 1]").as_bytes());
    site.put("content/a/2022.md", report("carried_in", "[3, 0, 0, 0, 0, 0, 4]").as_bytes());
    let run = site.run(&["check", "--select", "carry-over-mismatch"]);
    let run = run.says("按 2021 年度报告应为 2").says("连同并入的“示例县乙局” 2021 年度报告的数，恰好相等：用 [[waive]] 写明即可");
    run.says("连同并入的“示例县乙局” 2021 年度报告的数，也不相等");
}
