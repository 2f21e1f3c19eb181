//! What is served is what `build` writes, plus one block.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use gongkai::load::{Loader, read_theme};
use gongkai::pages::{Route, percent_encode};
use gongkai::render::Renderer;
use gongkai::theme::Theme;
use jiff::civil::date;

use crate::client::{get, serve, serve_root};
use crate::common::{TestSite, report};

/// Every file that a fresh build writes, by its path.
pub(crate) fn fresh_build(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let site = Loader::new(root, date(2026, 6, 1)).load(&|_, _| ()).unwrap().site;
    let files = Arc::new(read_theme(root, &site.config.theme).unwrap());
    let theme = Arc::new(Theme::new(&files, &site.config).unwrap());
    let renderer = Renderer::new(site, theme, files).in_all_languages().unwrap();
    let file = |route: Route| (route.file(), renderer.render(&route).unwrap().unwrap());
    renderer.routes().into_iter().chain(renderer.index_routes().unwrap()).map(file).collect()
}

/// Asserts that every file of a fresh build is served as it is, and says how many there are.
pub(crate) fn assert_served_as_built(address: std::net::SocketAddr, root: &Path) -> usize {
    let built = fresh_build(root);
    for (path, bytes) in &built {
        let answer = get(address, &format!("/{}", percent_encode(path)));
        let page = path.ends_with(".html");
        assert_eq!(answer.status, 200, "{path}");
        let served = if page { answer.built() } else { answer.body.clone() };
        assert!(
            served == *bytes,
            "{path} is not served as built:\n{}\n---\n{}",
            String::from_utf8_lossy(&served),
            String::from_utf8_lossy(bytes)
        );
        assert_eq!(page, answer.body.len() > bytes.len(), "{path}: pages and only pages get the block");
    }
    built.len()
}

#[test]
fn the_demo_site_is_served_as_built() {
    let (address, _) = serve_root(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(assert_served_as_built(address, Path::new(env!("CARGO_MANIFEST_DIR"))) > 100);
}

/// Names that must be encoded, attachments of all kinds, a theme of the site's own.
#[test]
fn odd_names_and_attachments_are_served_as_built() {
    let site = TestSite::with_report()
        .write("content/shili/青石 乡/agency.toml", "name = \"青石\"\n")
        .write("content/shili/青石 乡/2022/index.md", &report(2022))
        .write("content/shili/青石 乡/2022/附 件%.txt", "原件")
        .write("content/shili/青石 乡/2022/scan/a+b&c.bin", "\u{0}\u{1}")
        .write("templates/404.html", "{% extends \"base.html\" %}{% block main %}没有{% endblock main %}");
    let served = serve(site);
    assert!(assert_served_as_built(served.address, served.site.root()) > 10);
}

/// An attachment that is a web page is sent as it is: it is no page of the site.
#[test]
fn an_attached_web_page_is_sent_as_it_is() {
    let served = serve(
        TestSite::with_report()
            .write("content/shili/2022/index.md", &report(2022))
            .write("content/shili/2022/old.html", "<body>旧页</body>"),
    );
    assert_eq!(served.get("/shili/2022/old.html").text(), "<body>旧页</body>");
}

/// Pages in the second language too, and the files that the languages share.
#[test]
fn a_site_in_two_languages_is_served_as_built() {
    let site = TestSite::with_report()
        .write("content/shili/青石 乡/agency.toml", "name = \"青石\"\n")
        .write("content/shili/青石 乡/2022/index.md", &(report(2022) + "\n[附件](附件.txt)\n"))
        .write("content/shili/青石 乡/2022/附件.txt", "原件");
    site.edit("site.toml", "title", "languages = [\"zh-CN\", \"en\"]\ntitle");
    let served = serve(site);
    assert!(assert_served_as_built(served.address, served.site.root()) > 100);
    assert_eq!(get(served.address, "/en/shili/2023/nothing.txt").status, 404);
    assert_eq!(get(served.address, "/zwgk/en").status, 302);
}
