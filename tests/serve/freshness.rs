//! What was saved is there at the next request, on the page itself and wherever it counts.

use std::fs;

use crate::client::serve;
use crate::common::{AGENCY, TestSite, report};

/// A report in which some number stands that stands nowhere else.
fn with_number(number: u32) -> String {
    report(2023).replace("received = [2, 1, 0, 0, 0, 0, 3]", &format!("received = [2, 1, 0, 0, 0, 0, {number}]"))
}

/// Fifty times: save, ask at once, and see it; the year's sum and the agency's row, too.
#[test]
fn the_next_request_after_saving_sees_it() {
    let served = serve(TestSite::with_report());
    for number in 5001..5051 {
        served.site.put("content/shili/2023.md", with_number(number).as_bytes());
        let path = ["/shili/2023/", "/years/2023/", "/shili/"][number as usize % 3];
        let shown = format!("{},{:03}", number / 1000, number % 1000);
        let page = served.get(path).text();
        assert!(page.contains(&shown) || page.contains(&number.to_string()), "{path} does not show {number}");
    }
}

/// Editors that write beside and rename, as most do.
#[test]
fn saving_by_renaming_is_seen() {
    let served = serve(TestSite::with_report());
    for number in 6001..6011 {
        let beside = served.site.path("content/shili/.2023.md.swp");
        fs::write(&beside, with_number(number)).unwrap();
        fs::rename(&beside, served.site.path("content/shili/2023.md")).unwrap();
        assert!(served.get("/shili/2023/").text().contains(&number.to_string()), "{number}");
    }
}

/// Editors that put the old file aside first: for a moment there is none, which must not show.
#[test]
fn saving_with_a_backup_never_loses_the_page() {
    let served = serve(TestSite::with_report());
    for number in 6101..6111 {
        let file = served.site.path("content/shili/2023.md");
        fs::rename(&file, served.site.path("content/shili/2023.md~")).unwrap();
        fs::write(&file, with_number(number)).unwrap();
        let answer = served.get("/shili/2023/");
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains(&number.to_string()), "{number}");
    }
}

/// Files in a directory that was just made are not told of by the system.
#[test]
fn new_directories_are_seen_with_all_in_them() {
    let served = serve(TestSite::with_report());
    for number in 0..10 {
        let agency = format!("content/shili/ju{number}/ke");
        served.site.put(&format!("{agency}/agency.toml"), AGENCY.as_bytes());
        served.site.put(&format!("{agency}/2023.md"), report(2023).as_bytes());
        assert_eq!(served.get(&format!("/shili/ju{number}/ke/2023/")).status, 200, "{number}");
    }
    let rows = served.get("/years/2023/").text().matches("<tr><th scope=\"row\">").count();
    assert!(rows >= 11, "{rows}");
}

#[test]
fn moved_and_removed_directories_are_seen() {
    let served =
        serve(TestSite::with_report().write("content/shili/ju/agency.toml", AGENCY).write("content/shili/ju/2022.md", &report(2022)));
    assert_eq!(served.get("/shili/ju/2022/").status, 200);
    fs::rename(served.site.path("content/shili/ju"), served.site.path("content/shili/ting")).unwrap();
    assert_eq!(served.get("/shili/ju/2022/").status, 404);
    assert_eq!(served.get("/shili/ting/2022/").status, 200);
    // The moved directory is still watched.
    served.site.put("content/shili/ting/2021.md", report(2021).as_bytes());
    assert_eq!(served.get("/shili/ting/2021/").status, 200);
    fs::remove_dir_all(served.site.path("content/shili/ting")).unwrap();
    assert_eq!(served.get("/shili/ting/2022/").status, 404);
    assert_eq!(served.get("/years/2022/").status, 404);
    assert!(!served.get("/agencies/").text().contains("ting"));
}

/// `content/` itself goes and comes back, as in a checkout of something else.
#[test]
fn the_whole_content_can_go_and_come_back() {
    let served = serve(TestSite::with_report());
    fs::rename(served.site.path("content"), served.site.path("aside")).unwrap();
    assert_eq!(served.get("/shili/2023/").status, 404);
    fs::rename(served.site.path("aside"), served.site.path("content")).unwrap();
    assert_eq!(served.get("/shili/2023/").status, 200);
    served.site.put("content/shili/2023.md", with_number(7001).as_bytes());
    assert!(served.get("/shili/2023/").text().contains("7001"));
}

/// Settings, cards, templates, style sheets, strings and forms.
#[test]
fn everything_that_pages_are_made_of_is_followed() {
    let served = serve(TestSite::with_report());
    served.site.edit("site.toml", "测试年报库", "改名年报库");
    assert!(served.get("/").text().contains("改名年报库"));
    served.site.edit("content/shili/agency.toml", "示例镇人民政府", "新镇人民政府");
    assert!(served.get("/shili/2023/").text().contains("新镇人民政府"));
    served.site.put("templates/404.html", "一页<b>没有</b>".as_bytes());
    assert_eq!(served.get("/nonesuch/").built(), "一页<b>没有</b>".as_bytes());
    served.site.put("templates/404.html", "又一页".as_bytes());
    assert_eq!(served.get("/nonesuch/").built(), "又一页".as_bytes());
    served.site.put("themes/own/static/style.css", b"body{color:red}");
    served.site.edit("site.toml", "title", "theme = \"own\"\ntitle");
    let page = served.get("/").text();
    let at = page.find("assets/style.").unwrap();
    let style = &page[at..at + "assets/style.12345678.css".len()];
    assert_eq!(served.get(&format!("/{style}")).text(), "body{color:red}");
    served.site.put("forms/own.toml", b"key = 3\n");
    assert!(!served.get("/").problems().is_empty(), "a faulty form is said");
    fs::remove_dir_all(served.site.path("forms")).unwrap();
    assert!(served.get("/").problems().is_empty());
}

#[test]
fn attachments_are_followed() {
    let served = serve(TestSite::with_report().write("content/shili/2022/index.md", &report(2022)).write("content/shili/2022/a.txt", "一"));
    assert_eq!(served.get("/shili/2022/a.txt").text(), "一");
    served.site.put("content/shili/2022/a.txt", "二".as_bytes());
    assert_eq!(served.get("/shili/2022/a.txt").text(), "二");
    served.site.put("content/shili/2022/b.txt", "三".as_bytes());
    assert_eq!(served.get("/shili/2022/b.txt").text(), "三");
    fs::remove_file(served.site.path("content/shili/2022/a.txt")).unwrap();
    assert_eq!(served.get("/shili/2022/a.txt").status, 404);
}
