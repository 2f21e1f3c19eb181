//! A site in two languages: built, served, linked.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::{TestSite, report};
use gongkai::pages::Route;
use gongkai::text::Language;

fn bilingual() -> TestSite {
    let site = TestSite::with_report().write("content/shili/2022/index.md", &report(2022)).write("content/shili/2022/附件.csv", "甲,1\n");
    site.edit("site.toml", "title", "languages = [\"zh-CN\", \"en\"]\ntitle");
    site
}

/// The pages of the first language are what they are without the second, but for the links to it; each has a
/// counterpart, and nothing that is no page lies twice.
#[test]
fn every_page_is_built_in_both_languages_and_nothing_else_is() {
    let site = bilingual();
    site.run(&["build"]).ends(0);
    let files: BTreeSet<String> = site.tree("public").into_iter().map(|(path, _)| path).collect();
    let (english, first): (Vec<&String>, Vec<&String>) = files.iter().partition(|path| path.starts_with("en/"));
    let pages = first.iter().filter(|path| path.ends_with("index.html")).map(|path| format!("en/{path}"));
    assert_eq!(english.into_iter().cloned().collect::<BTreeSet<_>>(), pages.collect());
    let page = site.read("public/en/shili/2022/index.html");
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(page.contains("<h1 lang=\"zh-CN\">") && page.contains("hreflang=\"zh-CN\" href=\"https://example.gov.cn/zwgk/shili/2022/\""));
    assert!(page.contains("href=\"../../../shili/2022/\" lang=\"zh-CN\""), "the switch");
    assert!(site.read("public/shili/2022/index.html").contains("href=\"../../en/shili/2022/\" lang=\"en\""), "the switch back");
}

/// Robots are told of a page in each language, and with each of the others; a host shows one page for all unknown
/// addresses, which speaks both.
#[test]
fn what_is_there_once_speaks_of_both_languages() {
    let site = bilingual();
    site.run(&["build"]).ends(0);
    let xml = site.read("public/sitemap.xml");
    let addresses = |from: &str| -> BTreeSet<String> {
        xml.split(from).skip(1).map(|rest| rest.split(['<', '"']).next().unwrap_or_default().to_owned()).collect()
    };
    let pages = site.tree("public").into_iter().filter_map(|(path, _)| Some(path.strip_suffix("index.html")?.to_owned()));
    let pages: BTreeSet<String> = pages.map(|path| format!("https://example.gov.cn/zwgk/{path}")).collect();
    assert_eq!(addresses("<loc>"), pages);
    assert_eq!(
        addresses("hreflang=\"zh-CN\" href=\"").union(&addresses("hreflang=\"en\" href=\"")).cloned().collect::<BTreeSet<_>>(),
        pages
    );
    assert_eq!(addresses("hreflang=\"x-default\" href=\""), addresses("hreflang=\"zh-CN\" href=\""));
    let report = "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://example.gov.cn/zwgk/en/shili/2022/\"/>";
    assert_eq!(xml.matches(report).count(), 2, "the report and its translation name each other");
    let page = site.read("public/404.html");
    assert!(page.contains("lang=\"en\"><h2>Page not found</h2>") && page.contains("href=\"/zwgk/en/years/\">By year</a>"), "{page}");
    let alone = TestSite::with_report();
    alone.run(&["build"]).ends(0);
    assert!(!alone.read("public/404.html").contains("Page not found") && !alone.read("public/sitemap.xml").contains("xhtml"));
}

/// The second language comes and goes without a trace; a site of one language has no switch.
#[test]
fn a_second_language_goes_as_it_came() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0);
    let before = site.tree("public");
    assert!(!site.read("public/index.html").contains("hreflang"));
    site.edit("site.toml", "title", "languages = [\"zh-CN\", \"en\"]\ntitle");
    site.run(&["build"]).ends(0);
    assert!(site.path("public/en/shili/index.html").exists());
    site.edit("site.toml", "languages = [\"zh-CN\", \"en\"]", "language = \"zh-CN\"");
    site.run(&["build"]).ends(0);
    assert_eq!(site.tree("public"), before);
}

/// The name of the second language is taken only where there is one.
#[test]
fn an_agency_cannot_lie_where_the_second_language_does() {
    let site = TestSite::with_report().write("content/en/2023.md", &report(2023));
    site.run(&["build"]).ends(0);
    site.edit("site.toml", "title", "languages = [\"zh-CN\", \"en\"]\ntitle");
    let run = site.run(&["build"]).ends(2);
    assert!(run.err.contains("content/en") || run.out.contains("content/en"), "{} {}", run.out, run.err);
    // Nor is one made there: `new` and `import` say what the build would say.
    let said = "目录名 en 留给网站自用";
    assert!(run.err.contains(said) || run.out.contains(said), "{} {}", run.out, run.err);
    std::fs::remove_dir_all(site.path("content/en")).unwrap();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documents/city-2022.docx");
    site.run(&["new", "en", "2024"]).ends(2).says(said).says("拼音");
    for more in [&["--create-agency"][..], &[]] {
        site.run(&[&["import", "--agency", "content/en/", document], more].concat()).ends(2).says(said).says("--agency");
    }
    assert!(!site.path("content/en").exists());
}

#[test]
fn wrong_languages_are_reported_where_they_stand() {
    let site = TestSite::with_report();
    site.edit("site.toml", "title", "languages = [\"zh-CN\", \"fr\"]\ntitle");
    let run = site.run(&["build"]).ends(2);
    assert!(run.err.contains("site.toml:1:23") || run.out.contains("site.toml:1:23"), "{} {}", run.out, run.err);
}

/// Addresses lead back to their pages with languages too; shared files have one address.
#[test]
fn addresses_lead_back_to_their_pages_in_each_language() {
    let languages = [Language::Chinese, Language::English];
    let pages = [Route::Home, Route::Years, Route::Year(2023), Route::Search, Route::Report { agency: "shili".to_owned(), year: 2023 }];
    for page in pages {
        let translated = Route::Translated(Language::English, Box::new(page.clone()));
        assert_eq!(Route::parse_in(&page.path(), &languages), Some(page.clone()));
        assert_eq!(Route::parse_in(&translated.path(), &languages), Some(translated.clone()));
        assert_eq!(Route::parse_in(&translated.file(), &languages), Some(translated.clone()), "{}", translated.file());
        assert_ne!(Route::parse_in(&translated.path(), &languages[..1]), Some(translated));
    }
    for shared in ["en/assets/style.css", "en/shili/2022/a.csv", "en/feed.xml", "en/404.html", "en/search/index.bin"] {
        assert_eq!(Route::parse_in(shared, &languages), None, "{shared}");
    }
    assert_eq!(Route::parse_in("english/2023/", &languages), Some(Route::Report { agency: "english".to_owned(), year: 2023 }));
}

/// A former address cannot be that of a page in the second language: chance would choose which of the two is there.
#[test]
fn a_former_address_takes_no_page_of_the_second_language() {
    let site = bilingual();
    site.edit("content/shili/2022/index.md", "+++\n", "+++\naliases = [\"/en/shili/2022/\"]\n");
    site.run(&["check"]).ends(1).says("网站自用的网址");
    site.run(&["build"]).ends(2);
    site.edit("site.toml", "languages = [\"zh-CN\", \"en\"]\n", "");
    site.run(&["build"]).ends(0);
    assert!(site.read("public/en/shili/2022/index.html").contains("../../../shili/2022/"), "it leads on");
}
