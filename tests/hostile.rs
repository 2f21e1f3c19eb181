//! Hostile reports take bounded time, and what is found in them does not flood anybody.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use common::{TestSite, report};

/// Generous for an unoptimised program on a busy machine; a quadratic step takes hours.
const LIMIT: Duration = Duration::from_secs(60);

/// A report whose prose holds so much of something.
fn with_prose(unit: &str, bytes: usize) -> TestSite {
    let prose = unit.repeat(bytes / unit.len());
    let text = report(2023).replace("## 五、", &format!("{prose}\n\n## 五、"));
    TestSite::new().write("content/shili/agency.toml", common::AGENCY).write("content/shili/2023.md", &text)
}

#[test]
fn a_megabyte_of_anything_is_read_in_bounded_time() {
    let units = [
        "1",
        "１",
        "一",
        "百",
        "1 ",
        "12-",
        "（",
        "）",
        "（）",
        "[",
        "](",
        "<a ",
        "<!--",
        "**",
        "，",
        "。",
        "其中",
        "其中：1条，",
        "没有",
        "无行政复议、",
        "新收申请1件，",
        "上年结转",
        "占1%（",
        "行政复议1件（结果维持1件",
        "申请",
        "\n",
        "# 年报\n",
        "- 1件\n",
        "138",
        "13812345678 ",
        "62000000",
        "的",
        "共计",
        "政府信息公开",
        "较上年",
        "2019年",
        "公民、法人和其他组织",
    ];
    for unit in units {
        // A megabyte; an unoptimised program proves the same on a quarter of it.
        let site = with_prose(unit, if cfg!(debug_assertions) { 1 << 18 } else { 1 << 20 });
        let start = Instant::now();
        let run = site.run(&["check", "--format", "json"]);
        assert!(run.code < 2, "{unit}: {}", run.err);
        assert!(start.elapsed() < LIMIT, "{unit:?}: {:?}", start.elapsed());
        let findings: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        // A hundred of a rule at most.
        assert!(findings["findings"].as_array().unwrap().len() <= 500, "{unit:?}");
    }
}

/// Prose is made into a page in bounded time, too: lines that are closed up, tags that never end.
#[test]
fn half_a_megabyte_of_anything_is_shown_in_bounded_time() {
    for (unit, before) in [("好\n", "*"), ("<a ", "**注：**例"), ("</", "**注：**例"), ("一*甲*\n", ""), ("`", "*"), ("<!--", "*注：*例")]
    {
        let prose = before.to_owned() + &unit.repeat((1 << 19) / unit.len());
        let start = Instant::now();
        assert!(!gongkai::render::to_html(&prose, "s1").is_empty());
        assert!(start.elapsed() < LIMIT / 2, "{unit:?}: {:?}", start.elapsed());
    }
}

/// A hundred thousand findings are a hundred and a number.
#[test]
fn floods_of_findings_are_counted_not_listed() {
    let wrong = "新收申请9件。\n\n".repeat(100_000);
    let text = report(2023).replace("## 五、", &format!("{wrong}## 五、"));
    let keys: String = (0..20_000).map(|number| format!("key{number} = 1\n")).collect();
    let text = text.replacen("+++\npublished", &format!("+++\n{keys}published"), 1);
    let site = TestSite::new().write("content/shili/agency.toml", common::AGENCY).write("content/shili/2023.md", &text);
    let start = Instant::now();
    let run = site.run(&["check"]).ends(1);
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    assert!(run.out.contains("还有 99900 处") && run.out.contains("还有 19900 处"), "{}", run.out.len());
    assert_eq!(run.out.matches("[narrative-mismatch]").count(), 100);
    assert!(run.out.len() < 500_000);
}

/// What goes down a tree level by level has an end before the stack has.
#[test]
fn directories_in_directories_without_end_are_reported() {
    let site = TestSite::with_report();
    std::fs::create_dir_all(site.path(&format!("content/shili/{}", "a/".repeat(1500)))).unwrap();
    let run = site.run(&["check"]).ends(1);
    assert!(run.out.contains("64 层以上"), "{}", run.out);
    site.run(&["build"]).ends(2);
    let deep = format!("content/{}", "b/".repeat(63));
    let site = TestSite::with_report().write(&format!("{deep}agency.toml"), common::AGENCY).write(&format!("{deep}2023.md"), &report(2023));
    site.run(&["build"]).ends(0);
}
