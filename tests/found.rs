//! What makes a site findable: sitemap, robots, feeds; each follows from the reports and never from the clock.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use common::{TestSite, report};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The text of every element of a name, in order; the whole must be well-formed XML.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let (mut reader, mut found, mut inside) = (Reader::from_str(xml), Vec::new(), false);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {xml}")) {
            Event::Start(start) if start.name().as_ref() == element => {
                inside = true;
                found.push(String::new());
            }
            Event::End(end) if end.name().as_ref() == element => inside = false,
            Event::Text(text) if inside => found.last_mut().unwrap().push_str(&text.xml10_content()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn site() -> TestSite {
    TestSite::with_report()
        .write("content/shili/2022.md", &report(2022))
        .write("content/shili/青石村/agency.toml", "name = \"青石村<委员会> & 村\"\nkind = \"other\"\n")
        .write("content/shili/青石村/2023.md", &report(2023))
}

/// Each page of the site is in the sitemap once, with the day of the latest report on it, and nothing else is.
#[test]
fn the_sitemap_names_every_page() {
    let site = site();
    site.edit("content/shili/2022.md", "[review]", "[[revision]]\ndate = 2023-06-01\nnote = \"更正\"\n[review]");
    site.run(&["build"]).ends(0);
    let xml = site.read("public/sitemap.xml");
    let pages: Vec<String> =
        texts(&xml, "loc").iter().map(|url| url.strip_prefix("https://example.gov.cn/zwgk/").unwrap().to_owned()).collect();
    let mut named: Vec<String> = pages.iter().map(|path| gongkai::pages::Route::parse(path).unwrap().file()).collect();
    let mut there: Vec<String> =
        site.tree("public").into_iter().map(|(name, _)| name).filter(|name| name.ends_with("index.html")).collect();
    named.sort();
    there.sort();
    assert_eq!(named, there);
    assert!(xml.contains("/shili/2022/</loc><lastmod>2023-06-01</lastmod>"), "{xml}");
    assert!(xml.contains("/zwgk/</loc><lastmod>2024-01-20</lastmod>"), "{xml}");
    assert!(pages.contains(&"shili/%E9%9D%92%E7%9F%B3%E6%9D%91/2023/".to_owned()), "{pages:?}");
}

#[test]
fn robots_are_shown_the_sitemap_and_told_where_they_look() {
    let site = site();
    site.run(&["build"]).ends(0);
    let text = site.read("public/robots.txt");
    assert!(text.contains("\nSitemap: https://example.gov.cn/zwgk/sitemap.xml\n") && text.contains("# 爬虫只读"), "{text}");
    site.edit("site.toml", "https://example.gov.cn/zwgk/", "https://example.gov.cn/");
    site.run(&["build"]).ends(0);
    assert_eq!(site.read("public/robots.txt"), "User-agent: *\nDisallow:\nSitemap: https://example.gov.cn/sitemap.xml\n");
}

/// The feed names the reports changed last, a revised one by its revision; names are written as text.
#[test]
fn feeds_tell_what_was_published_and_revised() {
    let site = site();
    site.edit("content/shili/2022.md", "[review]", "[[revision]]\ndate = 2024-06-01\nnote = \"更正 A & B\"\n[review]");
    site.run(&["build"]).ends(0);
    let xml = site.read("public/feed.xml");
    assert_eq!(texts(&xml, "id")[0], "https://example.gov.cn/zwgk/feed.xml");
    assert_eq!(texts(&xml, "id")[1], "https://example.gov.cn/zwgk/shili/2022/", "revised last");
    assert_eq!(texts(&xml, "updated")[..2], ["2024-06-01T00:00:00+08:00", "2024-06-01T00:00:00+08:00"]);
    assert_eq!(texts(&xml, "published")[0], "2023-01-20T00:00:00+08:00");
    assert!(xml.contains("更正 A &amp; B") && xml.contains("青石村&lt;委员会&gt; &amp; 村2023年"), "{xml}");
    let below = site.read("public/shili/青石村/feed.xml");
    assert_eq!(texts(&below, "id").len(), 2, "itself and its one report");
    let above = site.read("public/shili/feed.xml");
    assert_eq!(texts(&above, "id").len(), 4, "its own reports and those of the bodies below it");
    let page = site.read("public/shili/青石村/2023/index.html");
    assert!(page.contains("href=\"../../../feed.xml\"") && page.contains("href=\"../../../shili/%E9%9D%92%E7%9F%B3%E6%9D%91/feed.xml\""));
}

/// Without a host there are no addresses to give, and without a day there is no news.
#[test]
fn what_cannot_be_said_is_not_written() {
    let site = site();
    site.edit("site.toml", "https://example.gov.cn/zwgk/", "/zwgk/");
    site.run(&["build"]).ends(0);
    let there = |name: &str| site.path("public").join(name).exists();
    assert!(!there("sitemap.xml") && !there("feed.xml") && !there("shili/feed.xml") && there("robots.txt"));
    assert!(!site.read("public/robots.txt").contains("Sitemap:"));
    let undated = TestSite::with_report();
    undated.edit("content/shili/2023.md", "published = 2024-01-20\n", "");
    undated.run(&["build"]).ends(0);
    assert!(undated.path("public/sitemap.xml").exists() && !undated.path("public/feed.xml").exists());
}

/// What the site writes beside its pages is nobody's directory, however deep and in capitals or not.
#[test]
fn names_of_the_sites_own_files_are_refused_as_agencies() {
    for name in ["Feed.xml", "sitemap-2.xml", "robots.txt", "data", "shili/feed.xml", "shili/DATA.csv"] {
        let site = TestSite::with_report().write(&format!("content/{name}/agency.toml"), common::AGENCY);
        let run = site.run(&["build"]).ends(2).says("reserved-name");
        assert!(
            run.out.contains(&format!("content/{name}")) || run.err.contains(&format!("content/{name}")),
            "{name}: {}{}",
            run.out,
            run.err
        );
    }
}

/// The data of a year and of an agency have each figure that `export` gives of them, and no other.
#[test]
fn data_files_are_what_export_gives() {
    let site = site();
    site.run(&["build"]).ends(0);
    let records = |text: String| -> Vec<csv::StringRecord> {
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.into_records().map(Result::unwrap).collect()
    };
    // Of each cell: agency, year, key and value, where there is one.
    let mut exported: Vec<[String; 4]> = records(site.run(&["export", "--format", "csv"]).ends(0).out)[1..]
        .iter()
        .map(|line| [line[0].to_owned(), line[2].to_owned(), format!("{}.{}.{}", &line[4], &line[5], &line[6]), line[9].to_owned()])
        .filter(|cell| !cell[3].is_empty())
        .collect();
    exported.sort();
    let mut of_years = Vec::new();
    for year in [2022, 2023] {
        let table = records(site.read(&format!("public/data/{year}.csv")));
        for line in &table[1..] {
            for (head, value) in table[0].iter().zip(line).skip(5).filter(|(_, value)| !value.is_empty()) {
                of_years.push([line[0].to_owned(), line[2].to_owned(), head.split(' ').next().unwrap().to_owned(), value.to_owned()]);
            }
        }
    }
    of_years.sort();
    assert_eq!(of_years, exported);
    let mut of_agencies = Vec::new();
    for agency in ["shili", "shili/青石村"] {
        let table = records(site.read(&format!("public/{agency}/data.csv")));
        for line in &table[1..] {
            for (year, value) in table[0].iter().zip(line).skip(8).filter(|(_, value)| !value.is_empty()) {
                of_agencies.push([
                    line[0].to_owned(),
                    year.to_owned(),
                    format!("{}.{}.{}", &line[3], &line[4], &line[5]),
                    value.to_owned(),
                ]);
            }
        }
    }
    of_agencies.sort();
    assert_eq!(of_agencies, exported);
    let json = |path: &str| -> serde_json::Value { serde_json::from_str(&site.read(&format!("public/{path}"))).unwrap() };
    let whole: serde_json::Value = serde_json::from_str(&site.run(&["export", "--format", "json"]).ends(0).out).unwrap();
    let of =
        |agency: &str| whole["reports"].as_array().unwrap().iter().filter(|report| report["agency"] == agency).cloned().collect::<Vec<_>>();
    assert_eq!(json("shili/data.json")["reports"].as_array().unwrap(), &of("shili"));
    assert_eq!(json("shili/青石村/data.json")["reports"].as_array().unwrap(), &of("shili/青石村"));
    assert!(site.read("public/shili/data.csv").starts_with('\u{feff}'), "without the mark Excel takes it for GBK");
}

/// On the page of a report everything that can be downloaded stands in one place.
#[test]
fn downloads_of_a_report_stand_together() {
    let site = TestSite::new().write("content/shili/agency.toml", common::AGENCY).write(
        "content/shili/2023/index.md",
        &report(2023).replacen(
            "[review]",
            "[[source]]\nfile = \"原件.pdf\"\nsha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\n\n[review]",
            1,
        ),
    );
    let site = site.write("content/shili/2023/原件.pdf", "%PDF").write("content/shili/2023/data.csv", "附件自己的数据");
    site.run(&["build"]).ends(0);
    let page = site.read("public/shili/2023/index.html");
    let downloads = page.split("id=\"downloads\"").nth(1).unwrap().split("</section>").next().unwrap();
    for link in ["shili/2023/%E5%8E%9F%E4%BB%B6.pdf", "shili/data.csv", "shili/data.json", "data/2023.csv", "data/2023.json", "data/"] {
        assert!(downloads.contains(&format!("href=\"../../{link}\"")), "{link}: {downloads}");
    }
    assert!(downloads.contains("0000000000000000"), "the sum of the original");
    assert_eq!(site.read("public/shili/2023/data.csv"), "附件自己的数据", "a file beside a report keeps its name");
    assert!(site.read("public/shili/data.csv").lines().next().unwrap().ends_with(",2023"));
}

/// The terms are the site's own; without any, none are made up.
#[test]
fn the_data_page_says_what_the_site_allows() {
    let site = TestSite::with_report();
    site.run(&["build"]).ends(0);
    assert!(
        site.read("public/data/index.html").contains("依法主动公开") && !site.read("public/data/index.html").contains("rel=\"license\"")
    );
    site.edit(
        "site.toml",
        "title =",
        "data.licence = \"CC BY 4.0\"\ndata.licence_url = \"https://creativecommons.org/licenses/by/4.0/\"\ntitle =",
    );
    site.run(&["build"]).ends(0);
    assert!(
        site.read("public/data/index.html")
            .contains("<a rel=\"license\" href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>")
    );
    // The column that the page names is there.
    let named = "applications.received.individual";
    assert!(site.read("public/data/index.html").contains(named) && site.read("public/data/2023.csv").contains(named));
    site.edit("site.toml", "https://creative", "creative");
    site.run(&["check"]).ends(2).says("licence_url");
}

/// A former address leads on, as a page of its own or as the file it was; it goes when the alias goes.
#[test]
fn former_addresses_lead_on() {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "+++\n", "+++\naliases = [\"/nianbao/2023/shili/\", \"zwgk/t2024_1.html\"]\n");
    site.edit("content/shili/agency.toml", "kind =", "moved_from = [\"old/镇\"]\nkind =");
    site.run(&["build"]).ends(0);
    for (file, link) in [
        ("nianbao/2023/shili/index.html", "../../../shili/2023/"),
        ("zwgk/t2024_1.html", "../shili/2023/"),
        ("old/镇/index.html", "../../shili/"),
        ("old/镇/2023/index.html", "../../../shili/2023/"),
    ] {
        let page = site.read(&format!("public/{file}"));
        assert!(page.contains(&format!("content=\"0; url={link}\"")) && page.contains(&format!("<a href=\"{link}\">")), "{file}: {page}");
        assert!(page.contains("<link rel=\"canonical\" href=\"https://example.gov.cn/zwgk/shili/"), "{page}");
    }
    assert!(!site.read("public/sitemap.xml").contains("/old/"), "robots are told of the address that holds");
    site.edit("content/shili/2023.md", "\"/nianbao/2023/shili/\", ", "");
    site.run(&["build"]).ends(0).says("删去 1");
    assert!(!site.path("public/nianbao").exists());
    site.edit("content/shili/2023.md", "zwgk/t2024_1.html", "shili/");
    site.run(&["build"]).ends(2).says("unusable-alias").says("现在就有网页");
}
