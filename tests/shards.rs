//! `build --shard I/N`: machines that each write a share of a site write the site together.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{AGENCY, TestSite, report};

/// A site with something of every kind: two languages, a tree, an attachment, a former address, an index.
fn site() -> TestSite {
    let alias = report(2023).replacen("published", "aliases = [\"old/t2023_1.html\", \"old/2023/\"]\npublished", 1);
    let mut site = TestSite::new()
        .write("site.toml", "title = \"测试年报库\"\nbase_url = \"https://example.gov.cn/zwgk/\"\nlanguages = [\"zh-CN\", \"en\"]\n")
        .write("content/shili/agency.toml", AGENCY)
        .write("content/shili/2023/index.md", &alias)
        .write("content/shili/2023/yuanwen.txt", "原文")
        .write("content/shili/青石村/agency.toml", AGENCY);
    for year in 2020..=2023 {
        site = site.write(&format!("content/shili/青石村/{year}.md"), &report(year));
    }
    site
}

/// Puts the files of directories together. A file may be in several if it is the same in all.
fn union(site: &TestSite, directories: &[String]) -> Vec<(String, Vec<u8>)> {
    let mut all = BTreeMap::new();
    for (name, bytes) in directories.iter().flat_map(|directory| site.tree(directory)) {
        if let Some(other) = all.insert(name.clone(), bytes.clone()) {
            assert!(name == ".gongkai" && other == bytes, "{name} is in two shards");
        }
    }
    all.into_iter().collect()
}

#[test]
fn shards_together_are_the_whole_site() {
    let site = site();
    site.run(&["build", "-o", "whole"]).ends(0);
    let whole = site.tree("whole");
    for name in ["en/shili/2023/index.html", "search/index.bin", "old/t2023_1.html", "sitemap.xml", "shili/2023/yuanwen.txt"] {
        assert!(whole.iter().any(|(file, _)| file == name), "{name}");
    }
    for of in [1, 2, 3, 7] {
        let directories: Vec<String> = (1..=of).map(|number| format!("{of}-{number}")).collect();
        for (directory, number) in directories.iter().zip(1..) {
            site.run(&["build", "-o", directory, "--shard", &format!("{number}/{of}")]).ends(0).says(&format!("{number}/{of}"));
            assert!(site.tree(directory).len() > 1, "{directory} has something to do");
        }
        assert!(union(&site, &directories) == whole, "{of} shards");
        let with_index = directories.iter().filter(|directory| site.path(directory).join("search/index.bin").exists()).count();
        assert_eq!(with_index, 1, "the index is made by one");
    }
}

/// More shards than there are pages: some have nothing to do, and end well.
#[test]
fn a_shard_may_have_nothing_to_do() {
    let site = TestSite::with_report();
    site.run(&["build", "-o", "none", "--shard", "999999999/999999999"]).ends(0);
    assert_eq!(site.tree("none").len(), 1, "the mark of whose directory it is");
}

/// What is not in a shard's share is removed from its directory, the same as pages of reports that are gone.
#[test]
fn a_shards_directory_holds_its_share_alone() {
    let site = site();
    site.run(&["build", "-o", "fresh", "--shard", "2/3"]).ends(0);
    site.run(&["build", "-o", "used"]).ends(0);
    site.run(&["build", "-o", "used", "--shard", "1/3"]).ends(0);
    site.run(&["build", "-o", "used", "--shard", "2/3"]).ends(0);
    assert!(site.tree("fresh") == site.tree("used"));
    let run = site.run(&["build", "-o", "used", "--shard", "2/3"]).ends(0);
    assert!(run.out.contains("新写 0") && run.out.contains("删去 0"), "{}", run.out);
}

/// After edits, which may give a body to another shard, the shards built again into the same directories are again
/// the whole site.
#[test]
fn shards_follow_edits() {
    let site = site();
    let directories: Vec<String> = (1..=3).map(|number| format!("s{number}")).collect();
    let build = || {
        for (directory, number) in directories.iter().zip(1..) {
            site.run(&["build", "-o", directory, "--shard", &format!("{number}/3")]).ends(0);
        }
        site.run(&["build", "-o", "whole", "--force"]).ends(0);
        assert!(union(&site, &directories) == site.tree("whole"));
    };
    build();
    site.edit("content/shili/青石村/2022.md", "水费三件事", "电费四件事");
    build();
    for year in 2016..=2019 {
        site.put(&format!("content/shili/{year}.md"), report(year).as_bytes());
    }
    site.put("content/xincun/agency.toml", AGENCY.as_bytes());
    site.put("content/xincun/2023.md", report(2023).as_bytes());
    build();
    fs::remove_file(site.path("content/shili/青石村/2020.md")).unwrap();
    build();
    build();
}

/// Every shard reads and checks everything: what stops a build stops each of them, and a fault in any template too.
#[test]
fn every_shard_fails_as_the_build_does() {
    let site = site();
    site.edit("content/shili/青石村/2022.md", "total = [3, 1,", "total = [9, 1,");
    for shard in ["1/3", "2/3", "3/3"] {
        site.run(&["build", "--strict", "--shard", shard]).ends(1).says("column-total-mismatch");
        site.run(&["build", "--shard", shard]).ends(0).says("个错误");
    }
    for (file, bytes, said) in
        [("content/shili/青石村/2021/index.md", "+++\n+++\n", "2021"), ("templates/404.html", "{{ nonesuch }}", "404.html")]
    {
        site.put(file, bytes.as_bytes());
        for shard in ["1/3", "2/3", "3/3"] {
            site.run(&["build", "-o", "failed", "--shard", shard]).ends(2).says(said);
        }
        assert!(!site.path("failed").exists());
        fs::remove_file(site.path(file)).unwrap();
    }
}

#[test]
fn wrong_shards_are_told_so() {
    let site = TestSite::with_report();
    for wrong in ["0/4", "5/4", "a/b", "1/0", "3"] {
        site.run(&["build", "--shard", wrong]).ends(2).says(&format!("的值“{wrong}”不对：应为 第几份/份数")).says("2/4");
        site.run(&["build", "--lang", "en", "--shard", wrong]).ends(2).says("it is I/N with I from 1 to N");
    }
    site.run(&["build", "--shard"]).ends(2).says("--shard");
    site.run(&["build", "--watch", "--shard", "1/2"]).ends(2).says("--shard").says("不能与").says("--watch");
    site.run(&["serve", "--shard", "1/2"]).ends(2).says("没有选项 --shard");
    assert!(!site.path("public").exists());
}
