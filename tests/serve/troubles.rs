//! What cannot be read: the last good page stays, and what is wrong is said, once and in plain words.

use std::fs;

use crate::client::serve;
use crate::common::{TestSite, report};

/// Broken TOML: the page from before, the error on top, nothing of it taken for markup; then mended.
#[test]
fn a_broken_report_keeps_its_last_good_page() {
    let served = serve(TestSite::with_report());
    let good = served.get("/shili/2023/");
    assert!(good.problems().is_empty());
    served.site.edit("content/shili/2023.md", "licensing = [40]", "licensing = \"<script>alert(1)</script>");
    let broken = served.get("/shili/2023/");
    assert_eq!((broken.status, broken.built()), (200, good.built()));
    let problem = broken.panel()["problems"][0].clone();
    assert!(problem["place"].as_str().unwrap().starts_with("content/shili/2023.md:"), "{problem}");
    assert!(problem["line"].as_str().unwrap().contains("<script>alert(1)"), "{problem}");
    assert!(!broken.text().contains("<script>alert(1)"), "the line is escaped");
    assert_eq!(broken.panel()["stale"], true);
    served.site.edit("content/shili/2023.md", "licensing = \"<script>alert(1)</script>", "licensing = [41]");
    let mended = served.get("/shili/2023/");
    assert!(mended.problems().is_empty());
    assert_ne!(mended.built(), good.built());
}

/// A page that nobody looked at before it broke is shown as far as it can be read.
#[test]
fn a_broken_report_without_a_good_page_is_shown_as_built() {
    let served = serve(TestSite::with_report().write("content/shili/2022.md", &report(2022).replace("licensing = [40]", "licensing = [")));
    let answer = served.get("/shili/2022/");
    assert_eq!(answer.status, 200);
    assert!(!answer.problems().is_empty());
    assert_eq!(answer.built(), crate::laws::fresh_build(served.site.root())["shili/2022/index.html"]);
}

/// A file that is not there any more is no trouble, but one that cannot be read is.
#[cfg(unix)]
#[test]
fn an_unreadable_file_keeps_its_last_good_page() {
    let served = serve(TestSite::with_report());
    let good = served.get("/shili/2023/");
    fs::remove_file(served.site.path("content/shili/2023.md")).unwrap();
    std::os::unix::fs::symlink("/nonexistent", served.site.path("content/shili/2023.md")).unwrap();
    let broken = served.get("/shili/2023/");
    assert_eq!((broken.status, broken.built()), (200, good.built()));
    assert!(broken.problems()[0].contains("读不出来"), "{:?}", broken.problems());
    fs::remove_file(served.site.path("content/shili/2023.md")).unwrap();
    assert_eq!(served.get("/shili/2023/").status, 404);
}

#[test]
fn broken_settings_are_said_on_every_page() {
    let served = serve(TestSite::with_report());
    let good = served.get("/");
    served.site.edit("site.toml", "title = ", "title = [");
    for path in ["/", "/shili/2023/", "/nonesuch/"] {
        let answer = served.get(path);
        assert!(!answer.problems().is_empty(), "{path}");
    }
    assert_eq!(served.get("/").built(), good.built());
    served.site.edit("site.toml", "title = [", "title = ");
    assert!(served.get("/").problems().is_empty());
}

#[test]
fn a_broken_template_is_said_with_its_place() {
    let served = serve(TestSite::with_report());
    let good = served.get("/shili/");
    // A syntax error stops the whole theme, an unknown variable only its page.
    for (template, line) in [("一\n{% if %}", 2), ("一\n二\n{{ nonesuch }}", 3)] {
        served.site.put("templates/agency.html", template.as_bytes());
        let answer = served.get("/shili/");
        let problem = &answer.panel()["problems"][0];
        assert_eq!(problem["place"], format!("templates/agency.html:{line}"), "{problem}");
        assert_eq!(answer.built(), good.built());
    }
    fs::remove_file(served.site.path("templates/agency.html")).unwrap();
    let mended = served.get("/shili/");
    assert!(mended.problems().is_empty() && mended.built() == good.built());
}

/// A server can be started on a site that is broken, and shows it once it is mended.
#[test]
fn a_site_that_starts_broken_comes_up_when_mended() {
    let site = TestSite::with_report();
    site.edit("site.toml", "title = ", "title = [");
    let served = serve(site);
    let answer = served.get("/shili/2023/");
    assert_eq!(answer.status, 500);
    assert!(!answer.problems().is_empty());
    served.site.edit("site.toml", "title = [", "title = ");
    assert_eq!(served.get("/shili/2023/").status, 200);
    served.site.put("templates/base.html", b"{% if %}");
    assert!(!served.get("/shili/2023/").problems().is_empty());
}

/// Findings stand in the panel of the pages that they concern, with a link to their line.
#[test]
fn findings_stand_in_the_panels_of_their_pages() {
    let served = serve(TestSite::with_report().write("content/shili/2022.md", &report(2022)));
    served.site.edit("content/shili/2023.md", "granted = [2, 1, 0, 0, 0, 0, 3]", "granted = [7, 1, 0, 0, 0, 0, 3]");
    for path in ["/shili/2023/", "/shili/", "/years/2023/", "/", "/quality/"] {
        let panel = served.get(path).panel();
        assert!(panel["errors"].as_u64().unwrap() > 0, "{path}");
        let finding = &panel["findings"][0];
        assert!(finding["place"].as_str().unwrap().starts_with("content/shili/2023.md:"), "{finding}");
        let link = finding["link"].as_str().unwrap();
        let source = served.get(link.split('#').next().unwrap());
        let line = link.rsplit_once("#L").unwrap().1;
        assert!(source.text().contains(&format!("<li id=\"L{line}\">granted = [7,")), "{}", source.text());
    }
    assert_eq!(served.get("/shili/2022/").panel()["errors"], 0);
    assert_eq!(served.get("/years/2022/").panel()["errors"], 0);
}

/// The terminal hears of each thing once, however often the page is asked for.
#[test]
fn the_terminal_is_told_once() {
    let served = serve(TestSite::with_report());
    served.site.edit("content/shili/2023.md", "granted = [2, 1, 0, 0, 0, 0, 3]", "granted = [7, 1, 0, 0, 0, 0, 3]");
    for _ in 0..5 {
        served.get("/shili/2023/");
    }
    // The same finding on another line is no news.
    served.site.edit("content/shili/2023.md", "[proactive]", "\n\n[proactive]");
    served.get("/shili/2023/");
    served.site.edit("content/shili/2023.md", "granted = [7, 1, 0, 0, 0, 0, 3]", "granted = [2, 1, 0, 0, 0, 0, 3]");
    served.get("/shili/2023/");
    served.site.edit("site.toml", "title = ", "title = [");
    served.get("/");
    served.get("/");
    served.site.edit("site.toml", "title = [", "title = ");
    served.get("/");
    let told = served.told.all();
    let findings =
        told.iter().filter(|line| line.starts_with("finding inconsistent-cells") || line.starts_with("finding row-total-mismatch")).count();
    assert_eq!(findings, 1, "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("changed, ") && !line.starts_with("changed, 0")), "{told:#?}");
    let problems: Vec<_> = told.iter().filter(|line| line.starts_with("problem ")).collect();
    let distinct: std::collections::BTreeSet<_> = problems.iter().collect();
    assert!(problems[0].starts_with("problem site.toml:1 ") && distinct.len() == problems.len(), "{told:#?}");
    assert_eq!(told.iter().filter(|line| *line == "mended").count(), 1, "{told:#?}");
}
