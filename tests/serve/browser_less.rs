//! What an open page is told, event by event.

use std::time::Duration;

use crate::client::{Answer, Events, serve};
use crate::common::{TestSite, report};

fn seen(answer: &Answer) -> String {
    let text = answer.text();
    let start = text.rfind("{\"seen\":\"").unwrap() + "{\"seen\":\"".len();
    text[start..start + text[start..].find('"').unwrap()].to_owned()
}

const MOMENT: Duration = Duration::from_millis(600);

/// A page is told to reload when it is another page now, and only then.
#[test]
fn an_open_page_reloads_when_what_it_shows_has_changed() {
    let served = serve(TestSite::with_report().write("content/shili/2020.md", &report(2020)));
    let mut events = Events::of(served.address, "/shili/2023/", &seen(&served.get("/shili/2023/")));
    events.next("panel");
    served.site.edit("content/shili/2020.md", "每季度核对一次", "每月核对一次");
    assert_eq!(events.next_within("reload", MOMENT), None, "the prose of another time is not on this page");
    served.site.edit("content/shili/2023.md", "每季度核对一次", "每月核对一次");
    events.next("reload");
}

/// A page that was open before it changed, and comes back, is told at once.
#[test]
fn a_page_that_was_asleep_is_told_when_it_comes_back() {
    let served = serve(TestSite::with_report());
    let old = seen(&served.get("/shili/2023/"));
    served.site.edit("content/shili/2023.md", "每季度核对一次", "每月核对一次");
    Events::of(served.address, "/shili/2023/", &old).next("reload");
    let now = seen(&served.get("/shili/2023/"));
    assert_eq!(Events::of(served.address, "/shili/2023/", &now).next_within("reload", MOMENT), None);
}

/// Lists are told of what is in them: a deleted report, a new one.
#[test]
fn an_open_list_is_told_of_reports_that_come_and_go() {
    let served = serve(TestSite::with_report().write("content/shili/2022.md", &report(2022)));
    let mut events = Events::of(served.address, "/years/", &seen(&served.get("/years/")));
    events.next("panel");
    std::fs::remove_file(served.site.path("content/shili/2022.md")).unwrap();
    events.next("reload");
    let mut gone = Events::of(served.address, "/shili/2021/", &seen(&served.get("/shili/2021/")));
    served.site.put("content/shili/2021.md", report(2021).as_bytes());
    gone.next("reload");
}

/// New style sheets are sent by name, without a reload.
#[test]
fn style_sheets_change_without_a_reload() {
    let served = serve(TestSite::with_report().write("themes/own/static/style.css", "body{color:red}"));
    served.site.edit("site.toml", "title", "theme = \"own\"\ntitle");
    let mut events = Events::of(served.address, "/", &seen(&served.get("/")));
    events.next("style");
    events.next("panel");
    served.site.put("themes/own/static/style.css", b"body{color:blue}");
    let names: Vec<String> = serde_json::from_str(&events.next("style")).unwrap();
    assert_eq!(served.get(&format!("/assets/{}", names[0])).text(), "body{color:blue}");
    assert_eq!(events.next_within("reload", MOMENT), None);
}

/// A file that breaks does not take the page away: only the panel changes, and changes back.
#[test]
fn a_broken_file_changes_only_the_panel() {
    let served = serve(TestSite::with_report());
    let mut events = Events::of(served.address, "/shili/2023/", &seen(&served.get("/shili/2023/")));
    events.next("panel");
    served.site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [40");
    assert!(events.next("panel").contains("\"stale\":true"));
    served.site.edit("content/shili/2023.md", "licensing = [40", "licensing = [40]");
    assert!(events.next("panel").contains("\"problems\":[]"));
    assert_eq!(events.next_within("reload", MOMENT), None);
}
