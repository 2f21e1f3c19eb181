//! Looking again gives what loading anew gives, whatever was edited.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::archive::{Agency, Filed};

/// A site that is edited as people and programs edit it; every edit is said as a watcher would say it.
struct Workshop {
    directory: tempfile::TempDir,
    changes: Changes,
}

const REPORT: &str = "+++\npublished = 2024-01-20\n[applications]\nreceived = [2, 1, 0, 0, 0, 0, 3]\ncarried_in = [1, 0, 0, 0, 0, 0, 1]\ncarried_out = [0, 0, 0, 0, 0, 0, 0]\n+++\n\n## 一、总体情况\n\n逐件办结。\n";

impl Workshop {
    fn new() -> Self {
        let mut workshop = Self { directory: tempfile::tempdir().unwrap(), changes: Changes::default() };
        workshop.write("site.toml", "title = \"测试\"\n");
        for agency in AGENCIES {
            workshop.write(&format!("content/{agency}/agency.toml"), &format!("name = \"{agency}\"\n"));
            workshop.write(&format!("content/{agency}/2022.md"), REPORT);
            workshop.write(&format!("content/{agency}/2023.md"), REPORT);
        }
        workshop
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    fn touch(&mut self, path: &str) {
        self.changes.paths.insert(path.to_owned());
    }

    fn write(&mut self, path: &str, text: &str) {
        let target = self.path(path);
        if fs::create_dir_all(target.parent().unwrap()).is_ok() && fs::write(target, text).is_ok() {
            self.touch(path);
            // What happens in a new directory is not told, only that it is there.
            self.touch(path.rsplit_once('/').map_or("site.toml", |(above, _)| above));
        }
    }

    fn remove(&mut self, path: &str) {
        let target = self.path(path);
        let _ = if target.is_dir() { fs::remove_dir_all(target) } else { fs::remove_file(target) };
        self.touch(path);
    }

    fn rename(&mut self, from: &str, to: &str) {
        if fs::rename(self.path(from), self.path(to)).is_ok() {
            self.touch(from);
            self.touch(to);
        }
    }

    fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }
}

/// Texts long enough to be somebody's own.
const ONE: &str = "这一年，镇里把群众问得最多的宅基地审批、低保评定和水费收缴三件事逐条写成明白纸，贴到二十一个村的公开栏，再请老党员坐在旁边讲给不识字的老人听。讲不清的当场记下，第二天由经办人补讲，补讲的时间地点也写在栏上，谁都可以来对质";
const TWO: &str = "入冬以后山路结冰，邮递员上不来，纸质的公告改由护林员捎到各组，捎到哪一组、谁签收的，都在乡政府门口的木牌上用粉笔写着。木牌三天擦一次，擦之前先拍照存进电脑，到年底一共存了一百多张，村民想查哪一天的公告，报个日子就能翻出来看";
const BOTH: &str = "这一年，镇里把群众问得最多的宅基地审批、低保评定和水费收缴三件事逐条写成明白纸，贴到二十一个村的公开栏，再请老党员坐在旁边讲给不识字的老人听。甲局的人也来看过。入冬以后山路结冰，邮递员上不来，纸质的公告改由护林员捎到各组，捎到哪一组、谁签收的，都在乡政府门口的木牌上用粉笔写着。\n";

const AGENCIES: [&str; 4] = ["a", "a/b", "a/b/c", "青石"];

/// One edit.
#[derive(Debug, Clone)]
enum Edit {
    Report(usize, u16, &'static str, &'static str),
    Card(usize, &'static str),
    Write(&'static str, &'static str),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    RemoveReport(usize, u16),
}

impl Edit {
    fn apply(&self, workshop: &mut Workshop) {
        match self {
            Self::Report(agency, year, from, to) => {
                let path = format!("content/{}/{year}.md", AGENCIES[*agency]);
                workshop.write(&path, &REPORT.replacen(from, to, 1));
            }
            Self::Card(agency, text) => workshop.write(&format!("content/{}/agency.toml", AGENCIES[*agency]), text),
            Self::Write(path, text) => workshop.write(path, text),
            Self::Remove(path) => workshop.remove(path),
            Self::Rename(from, to) => workshop.rename(from, to),
            Self::RemoveReport(agency, year) => workshop.remove(&format!("content/{}/{year}.md", AGENCIES[*agency])),
        }
    }
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let agency = 0..AGENCIES.len();
    let year = 2021u16..2025;
    let texts = prop_oneof![
        Just(("[2, 1,", "[9, 1,")),
        Just(("carried_in = [1,", "carried_in = [4,")),
        Just(("[2, 1,", "[2 1,")),
        Just(("+++\n\n##", "##")),
        Just(("逐件办结", "见[上年](../2022/)、[附件](a.pdf)、[丙](/a/b/c/)")),
        Just(("[applications]", "scope = \"area\"\n[[waive]]\nrule = \"row-total-mismatch\"\nreason = \"x\"\n[applications]")),
        Just(("[applications]", "[[source]]\nfile = \"a.pdf\"\n[applications]")),
        Just(("逐件办结", "逐件办结，满意")),
        Just(("published = 2024-01-20", "published = 2024-01-05")),
        Just(("published =", "aliases = [\"old/1/\", \"新/所/2023/\"]\npublished =")),
        Just(("published =", "aliases = [\n\"old/1.html\",\n\"/old/1/\"]\npublished =")),
        Just(("逐件办结", ONE)),
        Just(("逐件办结", TWO)),
        Just(("逐件办结。\n", BOTH)),
        Just((
            "+++\n\n##",
            "[[waive]]\nrule = \"mobile-number\"\nreason = \"x\"\n[[waive]]\nrule = \"copied-text\"\nreason = \"x\"\n+++\n\n##"
        )),
    ];
    let cards = prop_oneof![
        Just("name = \"甲局\"\n"),
        Just("name = \"乙局\"\norder = 1\nuntil = 2022\n"),
        Just("nmae = 3\n"),
        Just("name = \"甲局\"\n\nmoved_from = [\"old\"]\n")
    ];
    let files = prop_oneof![
        Just(("site.toml", "title = \"别名\"\n")),
        Just(("site.toml", "title = \"测试\"\n[check]\nlevels = { missing-row = \"off\" }\n")),
        Just(("site.toml", "title = \n")),
        Just(("forms/own.toml", "key = \"own\"\n")),
        Just(("content/a/2022/index.md", REPORT)),
        Just(("content/a/2021/index.md", REPORT)),
        Just(("content/a/2021/a.pdf", "1")),
        Just(("content/a/2021/a.txt", "见附表")),
        Just(("content/a/2021/a.txt", "联系 13812345678")),
        Just(("content/a/2021/deep/b.csv", "电话\n139-1234-5678\n")),
        Just(("content/a/2021/deep/b.pdf", "2")),
        Just(("content/新/所/2023.md", REPORT)),
        Just(("content/years/2023.md", REPORT)),
        Just(("content/stray.txt", "x")),
    ];
    let places = prop_oneof![
        Just("content/a"),
        Just("content/a/b"),
        Just("content/a/2021"),
        Just("content/新"),
        Just("content/a/2022"),
        Just("content/years"),
        Just("forms"),
        Just("content/a/b/agency.toml"),
        Just("content/stray.txt"),
        Just("content/a/2021/index.md"),
    ];
    let moves = prop_oneof![
        Just(("content/a/b", "content/青石/b")),
        Just(("content/青石/b", "content/a/b")),
        Just(("content/a", "content/新")),
        Just(("content/新", "content/a")),
        Just(("content/a/2023.md", "content/a/b/2024.md"))
    ];
    prop_oneof![
        6 => (agency.clone(), year.clone(), texts).prop_map(|(agency, year, (from, to))| Edit::Report(agency, year, from, to)),
        2 => (agency.clone(), cards).prop_map(|(agency, text)| Edit::Card(agency, text)),
        3 => files.prop_map(|(path, text)| Edit::Write(path, text)),
        1 => places.prop_map(Edit::Remove),
        1 => moves.prop_map(|(from, to)| Edit::Rename(from, to)),
        2 => (agency, year).prop_map(|(agency, year)| Edit::RemoveReport(agency, year)),
    ]
}

const TODAY: Date = jiff::civil::date(2026, 6, 1);

fn agencies(site: &Site) -> Vec<&Agency> {
    site.archive.agencies().map(|(_, agency)| agency).collect()
}

fn reports(site: &Site) -> Vec<&Filed> {
    site.archive.reports().map(|(_, filed)| filed).collect()
}

fn assert_same(refreshed: &Site, fresh: &Site) {
    assert_eq!(refreshed.config, fresh.config);
    assert_eq!(agencies(refreshed), agencies(fresh));
    assert_eq!(reports(refreshed), reports(fresh));
    assert_eq!(refreshed.archive.moved(), fresh.archive.moved());
    let findings = |site: &Site| site.findings.all().cloned().collect::<Vec<_>>();
    assert_eq!(findings(refreshed), findings(fresh));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 48 } else { 1000 }))]

    /// After any edits, one at a time or many at once, looking again gives what loading anew gives.
    #[test]
    fn looking_again_is_loading_anew(batches in prop::collection::vec(prop::collection::vec(any_edit(), 1..4), 1..8)) {
        let mut workshop = Workshop::new();
        let mut loader = Loader::new(workshop.directory.path(), TODAY);
        loader.load(&|_, _| ()).unwrap();
        workshop.take_changes();
        for batch in batches {
            for edit in &batch {
                edit.apply(&mut workshop);
            }
            let refreshed = loader.refresh(&workshop.take_changes(), TODAY, &|_, _| ()).unwrap();
            match Loader::new(workshop.directory.path(), TODAY).load(&|_, _| ()) {
                Ok(fresh) => {
                    prop_assert!(refreshed.trouble.is_none());
                    assert_same(&refreshed.site, &fresh.site);
                }
                Err(_) => prop_assert!(refreshed.trouble.is_some()),
            }
            // A look at everything finds nothing more, and nothing less.
            let again = loader.refresh(&Changes::everything(), TODAY, &|_, _| ()).unwrap();
            prop_assert!(again.changed.is_empty(), "{:?}", again.changed);
        }
    }
}

fn loaded(workshop: &mut Workshop) -> Loader {
    let mut loader = Loader::new(workshop.directory.path(), TODAY);
    loader.load(&|_, _| ()).unwrap();
    workshop.take_changes();
    loader
}

/// An edit of a report says whose pages are others: its agency's and those above it.
#[test]
fn an_edit_concerns_its_agency_and_those_above() {
    let mut workshop = Workshop::new();
    let mut loader = loaded(&mut workshop);
    workshop.write("content/a/b/2023.md", &REPORT.replace("[2, 1,", "[3, 1,"));
    let changed = loader
        .refresh(&Changes { everything: false, paths: ["content/a/b/2023.md".to_owned()].into() }, TODAY, &|_, _| ())
        .unwrap()
        .changed;
    assert!(!changed.everything);
    let mut agencies: Vec<_> = changed.agencies.iter().map(|id| &**id).collect();
    agencies.sort_unstable();
    assert_eq!(agencies, ["a", "a/b"]);
}

/// What lies in a report's directory without belonging to it gives the report no stamp: a large one would make it
/// unreadable.
#[test]
fn a_stray_file_is_not_taken_for_its_report() {
    let mut workshop = Workshop::new();
    workshop.write("content/a/2021/index.md", REPORT);
    workshop.write("content/a/2021/2019.md", "");
    let mut loader = loaded(&mut workshop);
    workshop.write("content/a/2021/2019.md", &"x".repeat(17 << 20));
    workshop.write("content/a/2021/index.md", &REPORT.replace("[2, 1,", "[3, 1,"));
    let paths = ["content/a/2021/index.md", "content/a/2021/2019.md"];
    for path in paths.into_iter().rev() {
        let changes = Changes { everything: false, paths: [path.to_owned()].into() };
        let site = loader.refresh(&changes, TODAY, &|_, _| ()).unwrap().site;
        assert!(site.findings.all().all(|finding| finding.rule != "unreadable-file"), "{path}");
    }
}

/// While `site.toml` is broken, reports are still read anew; once it is mended its own changes hold.
#[test]
fn broken_settings_leave_the_site_as_it_was() {
    let mut workshop = Workshop::new();
    let mut loader = loaded(&mut workshop);
    workshop.write("site.toml", "title = \"新名\"\nbase_url = \n");
    workshop.write("content/a/2023.md", &REPORT.replace("[2, 1,", "[2, 7,"));
    let broken = loader.refresh(&workshop.take_changes(), TODAY, &|_, _| ()).unwrap();
    assert!(broken.trouble.unwrap().findings.iter().all(|finding| finding.path == "site.toml"));
    assert_eq!(broken.site.config.title, "测试");
    assert!(broken.site.findings.all().any(|finding| finding.rule == "row-total-mismatch"));
    workshop.write("site.toml", "title = \"新名\"\n");
    let mended = loader.refresh(&workshop.take_changes(), TODAY, &|_, _| ()).unwrap();
    assert!(mended.trouble.is_none());
    assert_eq!(mended.site.config.title, "新名");
}

/// What a link brings in from outside the site would be published, so it is refused, file or directory.
#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_site_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "密").unwrap();
    let mut workshop = Workshop::new();
    workshop.write("content/a/2021/index.md", REPORT);
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), workshop.path("content/a/2021/secret.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path(), workshop.path("content/a/elsewhere")).unwrap();
    std::os::unix::fs::symlink(workshop.path("content/a/2022.md"), workshop.path("content/a/2021/copy.md")).unwrap();
    let site = Loader::new(workshop.directory.path(), TODAY).load(&|_, _| ()).unwrap().site;
    let index = site.archive.find_report(site.archive.find_agency("a").unwrap(), 2021).unwrap();
    assert_eq!(site.archive.filed(index).attachments, ["copy.md"]);
    let refused: Vec<_> =
        site.findings.all().filter(|finding| finding.rule == "unreadable-file").map(|finding| finding.path.as_str()).collect();
    assert_eq!(refused, ["content/a/2021/secret.txt", "content/a/elsewhere"]);
}

/// A link back to a directory above is reported once, and the rest is read.
#[cfg(unix)]
#[test]
fn a_loop_of_links_is_reported() {
    let mut workshop = Workshop::new();
    std::os::unix::fs::symlink(workshop.path("content/a"), workshop.path("content/a/b/back")).unwrap();
    let mut loader = loaded(&mut workshop);
    workshop.write("content/a/b/2023.md", REPORT);
    let site = loader.refresh(&workshop.take_changes(), TODAY, &|_, _| ()).unwrap().site;
    let loops: Vec<_> = site.findings.all().filter(|finding| finding.rule == "unreadable-file").collect();
    assert!(
        matches!(loops.as_slice(), [finding] if finding.path == "content/a/b/back" && finding.message.zh.contains("content/a")),
        "{loops:?}"
    );
    assert_eq!(site.archive.reports().len(), 8);
}
