//! A build that remembers the last one comes to what a build from nothing comes to: the same files, the same
//! words, the same exit code.
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use common::{AGENCY, Run, TestSite, report};
use proptest::prelude::*;

/// What was printed but for paths, counts of files written and times.
fn said(run: &Run) -> Vec<&str> {
    run.out.lines().chain(run.err.lines()).filter(|line| !line.starts_with("已生成") && !line.starts_with("用时")).collect()
}

fn there(site: &TestSite, directory: &str) -> Vec<(String, Vec<u8>)> {
    if site.path(directory).exists() { site.tree(directory) } else { Vec::new() }
}

/// Builds with what is remembered and from nothing, and asserts that both come to the same. Returns what
/// the first has said.
fn build(site: &TestSite, arguments: &[&str]) -> Run {
    build_on(site, DAYS[0], arguments)
}

/// The same on a day.
fn build_on(site: &TestSite, day: &str, arguments: &[&str]) -> Run {
    let before = there(site, "public");
    let run = |first: &[&str]| site.run_as(&[first, arguments, &["--root", site.root().to_str().unwrap(), "--today", day]].concat());
    let (run_again, run_fresh) = (|| run(&["build"]), || run(&["build", "--force", "-o", "fresh"]));
    let run = run_again();
    let _ = fs::remove_dir_all(site.path("fresh"));
    let fresh = run_fresh();
    let without_warnings =
        |run: &Run| said(run).into_iter().filter(|line| !line.contains(".gongkai-cache")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!((run.code, without_warnings(&run)), (fresh.code, without_warnings(&fresh)));
    if run.code == 0 {
        let differing = differing(&there(site, "public"), &there(site, "fresh"));
        assert!(differing.is_empty(), "{differing:?} differ\n{}", run.out);
    } else {
        assert_eq!(there(site, "public"), before, "a build that stops leaves the output alone");
    }
    run
}

fn differing(files: &[(String, Vec<u8>)], others: &[(String, Vec<u8>)]) -> Vec<String> {
    let ours = files.iter().filter(|file| !others.contains(file));
    ours.chain(others.iter().filter(|file| !files.contains(file))).map(|(path, _)| path.clone()).collect()
}

fn county() -> TestSite {
    let site = TestSite::new();
    for body in 0..4 {
        site.put(&format!("{}/agency.toml", agency(body)), AGENCY.replace("示例", &format!("示例{body}")).as_bytes());
        for year in [2022, 2023] {
            site.put(&format!("{}/{year}.md", agency(body)), report(year).as_bytes());
        }
    }
    site
}

fn agency(number: u8) -> &'static str {
    ["content/shili", "content/shili/ju", "content/shili/青石镇", "content/qingshui", "content/shili/ju/ke", "content/qingshui/ju"]
        [usize::from(number) % 6]
}

/// What people do between two builds.
#[derive(Debug, Clone)]
enum Edit {
    Report { body: u8, year: u16, figure: u8, text: u8, extra: u8 },
    InDirectory { body: u8, year: u16, attachment: u8 },
    Remove { body: u8, year: u16 },
    RemoveBody(u8),
    Move { body: u8, to: u8 },
    Card { body: u8, name: u8 },
    Touch { body: u8, year: u16 },
    Settings(u8),
    Template(u8),
    Form(bool),
    Output { file: prop::sample::Index, what: u8 },
    Memory(u8),
    Day(u8),
}

/// Days before, at and after deadlines, and after the day of a revision.
const DAYS: [&str; 6] = ["2026-06-01", "2026-06-02", "2026-06-09", "2024-03-31", "2024-04-01", "2025-04-01"];

fn any_edit() -> impl Strategy<Value = Edit> {
    let (body, year) = (0u8..6, 2020u16..2025);
    prop_oneof![
        5 => (body.clone(), year.clone(), 0u8..4, 0u8..4, 0u8..7)
            .prop_map(|(body, year, figure, text, extra)| Edit::Report { body, year, figure, text, extra }),
        2 => (body.clone(), year.clone(), 0u8..4).prop_map(|(body, year, attachment)| Edit::InDirectory { body, year, attachment }),
        1 => (body.clone(), year.clone()).prop_map(|(body, year)| Edit::Remove { body, year }),
        1 => body.clone().prop_map(Edit::RemoveBody),
        1 => (body.clone(), 0u8..6).prop_map(|(body, to)| Edit::Move { body, to }),
        2 => (body.clone(), 0u8..4).prop_map(|(body, name)| Edit::Card { body, name }),
        1 => (body, year).prop_map(|(body, year)| Edit::Touch { body, year }),
        1 => (0u8..5).prop_map(Edit::Settings),
        1 => (0u8..3).prop_map(Edit::Template),
        1 => any::<bool>().prop_map(Edit::Form),
        3 => (any::<prop::sample::Index>(), 0u8..4).prop_map(|(file, what)| Edit::Output { file, what }),
        1 => (0u8..5).prop_map(Edit::Memory),
        2 => (0u8..6).prop_map(Edit::Day),
    ]
}

/// Words of which a good part may stand in other reports, too.
const TEXTS: [&str; 4] = [
    "全镇把群众常问的低保、宅基地、水费三件事逐件写明，贴到村口。",
    "今年起每月初五在各村公示栏张贴账目，由村务监督员签字，群众可以当场提问，镇里派人解答，不能当场答的三日内书面答复，并把答复一并张贴；全年张贴一百四十四次，答复提问三十七个，其中涉及土地流转的九个，涉及低保评定的六个，涉及道路养护的五个，其余是日常事务。",
    "今年起每月初五在各村公示栏张贴账目，由村务监督员签字，群众可以当场提问，镇里派人解答，不能当场答的三日内书面答复，并把答复一并张贴；全年张贴九十次，答复提问三十七个。另外整理历年文件，把失效的标明，把有效的汇编成册，放在便民中心供人取阅，电子版同时放到网站上，按年份和主题都能找到。",
    "见[局里的年报](/shili/ju/2023/)和[另一份](../2022/)，收到申请12件。",
];

fn apply(site: &TestSite, edit: &Edit) {
    let path = |path: &str| site.path(path);
    match edit {
        Edit::Report { body, year, figure, text, extra } => {
            let first = match extra {
                0 => "aliases = [\"/old/a.html\"]\n",
                4 => "title = \"年报，电话13912345678\"\n",
                _ => "",
            };
            let extra = match extra {
                1 => "[[waive]]\nrule = \"carry-over-mismatch\"\nreason = \"合并\"\n",
                2 => "[[revision]]\ndate = 2026-06-09\nnote = \"更正\"\n",
                3 => "[[breakdown]]\nlabel = \"网站\"\ntotal = 5\nparts = { \"甲\" = 2, \"乙\" = 2.5 }\n",
                5 => "[[breakdown]]\nlabel = \"13912345678\"\ntotal = 5\nparts = { \"甲\" = 5 }\n",
                _ => "",
            };
            let text = report(*year)
                .replacen("+++\n", &format!("+++\n{first}"), 1)
                .replace("carried_out = [0, 0, 0, 0, 0, 0, 0]", &format!("carried_out = [{figure}, 0, 0, 0, 0, 0, {figure}]"))
                .replace("licensing = [40]", &format!("licensing = [{figure}40]"))
                .replace("carried_in = [1, 0, 0, 0, 0, 0, 1]", &format!("carried_in = [1, 0, 0, 0, 0, 0, {figure}]"))
                .replace("全镇把群众常问的低保、宅基地、水费三件事逐件写明，贴到村口。", TEXTS[usize::from(*text)])
                .replacen("+++\n\n##", &format!("{extra}+++\n\n##"), 1);
            let file = if path(&format!("{}/{year}/index.md", agency(*body))).exists() { "/index.md" } else { ".md" };
            site.put(&format!("{}/{year}{file}", agency(*body)), text.as_bytes());
        }
        Edit::InDirectory { body, year, attachment } => {
            let directory = format!("{}/{year}", agency(*body));
            let _ = fs::remove_file(path(&format!("{directory}.md")));
            site.put(&format!("{directory}/index.md"), report(*year).as_bytes());
            match attachment {
                0 => drop(fs::remove_file(path(&format!("{directory}/a.txt")))),
                1 => site.put(&format!("{directory}/a.txt"), "电话13912345678".as_bytes()),
                _ => site.put(&format!("{directory}/a.txt"), format!("甲{attachment}").as_bytes()),
            }
        }
        Edit::Remove { body, year } => {
            let _ = fs::remove_file(path(&format!("{}/{year}.md", agency(*body))));
            let _ = fs::remove_dir_all(path(&format!("{}/{year}", agency(*body))));
        }
        Edit::RemoveBody(body) => drop(fs::remove_dir_all(path(agency(*body)))),
        Edit::Move { body, to } => drop(fs::rename(path(agency(*body)), path(agency(*to)))),
        Edit::Card { body, name } => {
            let more = if *name == 3 { "succeeded_by = \"qingshui\"\nuntil = 2023-05-01\nmoved_from = [\"jiu/ju\"]\n" } else { "" };
            let card = AGENCY.replace("示例", &format!("示例{}", ["", "甲", "乙", "丙"][usize::from(*name)]));
            site.put(&format!("{}/agency.toml", agency(*body)), (card + more).as_bytes());
        }
        Edit::Touch { body, year } => {
            let file = path(&format!("{}/{year}.md", agency(*body)));
            if let Ok(bytes) = fs::read(&file) {
                fs::write(&file, bytes).unwrap();
            }
        }
        Edit::Settings(which) => {
            let more = [
                "",
                "languages = [\"zh-CN\", \"en\"]\n",
                "theme = \"plain\"\n",
                "[check]\nfirst_year = 2021\n[check.levels]\nbalance-mismatch = \"off\"\n",
                "title = ",
            ][usize::from(*which)];
            site.put("site.toml", format!("title = \"第{which}库\"\nbase_url = \"https://example.gov.cn/zwgk/\"\n{more}").as_bytes());
        }
        Edit::Template(0) => drop(fs::remove_file(path("templates/404.html"))),
        Edit::Template(which) => site.put("templates/404.html", ["", "没有", "{{ nonesuch }}"][usize::from(*which)].as_bytes()),
        Edit::Form(false) => drop(fs::remove_dir_all(path("forms"))),
        Edit::Form(true) => {
            let form = include_str!("../src/form/editions/cn-2021.toml").replace("政府信息公开工作年度报告", "政务公开年度报告");
            site.put("forms/own.toml", form.as_bytes());
        }
        Edit::Output { file, what } => {
            let mut files = there(site, "public");
            // Without the marker the directory would be somebody else's.
            files.retain(|(path, _)| path != ".gongkai");
            if files.is_empty() {
                return;
            }
            let (file, bytes) = file.get(&files);
            match what {
                0 => fs::remove_file(path(&format!("public/{file}"))).unwrap(),
                1 => site.put(&format!("public/{file}"), &[bytes.as_slice(), b"x"].concat()),
                2 => site.put(&format!("public/{file}"), &vec![b'x'; bytes.len()]),
                _ => site.put(&format!("public/{file}-more/more.html"), bytes),
            }
        }
        Edit::Memory(what) => damage(site, *what),
        Edit::Day(_) => {}
    }
}

/// The files in which the build into `public` is remembered.
fn memory(site: &TestSite) -> Vec<PathBuf> {
    let places = fs::read_dir(site.path(".gongkai-cache")).into_iter().flatten().flatten().map(|entry| entry.path());
    let of_public = places.filter(|place| fs::read_to_string(place.join("output")).is_ok_and(|output| output == "public"));
    let mut files: Vec<PathBuf> = of_public.flat_map(|place| fs::read_dir(place).unwrap()).map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("output"));
    files.sort();
    files
}

fn damage(site: &TestSite, what: u8) {
    let files = memory(site);
    if files.is_empty() {
        return;
    }
    let file = &files[usize::from(what) % files.len()];
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    match what {
        0 => fs::remove_file(file).unwrap(),
        1 | 2 => {
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        }
        3 => fs::write(file, &bytes[..middle]).unwrap(),
        _ => fs::remove_dir_all(site.path(".gongkai-cache")).unwrap(),
    }
}

/// Each case is several builds; `PROPTEST_CASES` asks for more of them.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was changed in between: content, settings, the output itself, or what is remembered.
    #[test]
    fn any_edits_lead_to_what_a_clean_build_writes(
        steps in prop::collection::vec((prop::collection::vec(any_edit(), 0..3), 0u8..8), 1..6),
    ) {
        let site = county();
        build(&site, &[]);
        let mut day = DAYS[0];
        for (edits, options) in steps {
            edits.iter().for_each(|edit| if let Edit::Day(which) = edit { day = DAYS[usize::from(*which)] });
            edits.iter().for_each(|edit| apply(&site, edit));
            let arguments: &[&str] = match options {
                0 => &["--strict"],
                1 => &["--no-search"],
                _ => &[],
            };
            build_on(&site, day, arguments);
        }
    }
}

fn written(site: &TestSite, file: &str) -> SystemTime {
    fs::metadata(site.path(file)).unwrap().modified().unwrap()
}

#[test]
fn a_build_with_nothing_changed_does_nothing_and_says_the_same() {
    let site = county();
    let first = build(&site, &[]).ends(0);
    let before = written(&site, "public/shili/2023/index.html");
    let again = build(&site, &[]).ends(0).says("没有变化").says("（新写 0，");
    assert_eq!(said(&first), said(&again));
    assert_eq!(written(&site, "public/shili/2023/index.html"), before);
    assert_eq!(site.read(".gongkai-cache/.gitignore"), "*\n");
}

/// A fresh checkout of the same files has other times.
#[test]
fn touched_files_are_no_change() {
    let site = county();
    build(&site, &[]).ends(0);
    for body in 0..4 {
        let file = format!("{}/2023.md", agency(body));
        let text = site.read(&file);
        fs::remove_file(site.path(&file)).unwrap();
        site.put(&file, text.as_bytes());
    }
    build(&site, &[]).ends(0).says("没有变化");
    build(&site, &[]).ends(0).says("没有变化");
}

/// An edit that leaves length and time of the file as they were is seen all the same.
#[test]
fn an_edit_within_a_tick_of_the_clock_is_seen() {
    let site = county();
    build(&site, &[]).ends(0);
    let file = site.path("content/shili/2023.md");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [41]");
    fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    build(&site, &[]).ends(0);
}

#[test]
fn what_is_changed_in_the_output_by_hand_comes_back() {
    let site = county();
    build(&site, &[]).ends(0);
    let before = written(&site, "public/shili/2022/index.html");
    site.put("public/shili/2023/index.html", b"<p>mine</p>");
    fs::remove_file(site.path("public/years/index.html")).unwrap();
    site.put("public/shili/2023/more/page.html", b"more");
    build(&site, &[]).ends(0);
    assert!(!site.path("public/shili/2023/more").exists());
    assert_eq!(written(&site, "public/shili/2022/index.html"), before, "what is the same is not written again");
}

#[test]
fn errors_stop_a_strict_build_also_when_nothing_has_changed() {
    let site = county();
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 9]");
    build(&site, &[]).ends(0);
    build(&site, &["--strict"]).ends(1).says("row-total-mismatch");
    build(&site, &[]).ends(0).says("没有变化");
}

#[test]
fn a_damaged_memory_is_noticed_and_everything_built() {
    for what in [0, 1, 2, 3] {
        let site = county();
        build(&site, &[]).ends(0);
        let touched = &memory(&site)[usize::from(what) % 3];
        damage(&site, what);
        if touched.ends_with("reports") {
            // It is not asked for as long as nothing has changed.
            site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [41]");
        }
        build(&site, &[]).ends(0).says("已损坏");
        build(&site, &[]).ends(0).says("没有变化");
    }
}

/// Another program may make other pages of the same files.
#[test]
fn the_memory_of_another_program_is_noticed() {
    let site = county();
    build(&site, &[]).ends(0);
    for file in memory(&site) {
        let mut bytes = fs::read(&file).unwrap();
        let program = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        bytes[program] ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    build(&site, &[]).ends(0).says("另一个版本");
    build(&site, &[]).ends(0).says("没有变化");
}

#[test]
fn force_builds_everything() {
    let site = county();
    build(&site, &[]).ends(0);
    let run = site.run(&["build", "--force"]).ends(0);
    assert!(!run.out.contains("没有变化"));
    build(&site, &[]).ends(0).says("没有变化");
}

/// A build that fails in the middle is not remembered, and neither is the one before.
#[test]
fn a_failed_build_is_not_remembered() {
    let site = county();
    build(&site, &[]).ends(0);
    site.put("templates/404.html", b"{{ nonesuch }}");
    build(&site, &[]).ends(2);
    fs::remove_file(site.path("templates/404.html")).unwrap();
    build(&site, &[]).ends(0);
}

/// What a body hands over concerns the one that took over from it, wherever in the tree that is.
#[test]
fn an_edit_concerns_the_body_that_took_over() {
    let site = TestSite::new();
    let card = |more: &str| format!("{AGENCY}{more}");
    let handing = |on: u8| {
        let text = report(2021);
        assert!(text.contains("carried_out = [0, 0, 0, 0, 0, 0, 0]"));
        text.replace("carried_out = [0, 0, 0, 0, 0, 0, 0]", &format!("carried_out = [{on}, 0, 0, 0, 0, 0, {on}]"))
    };
    site.put("content/xin/ju/agency.toml", card("since = 2022-01-01\n").as_bytes());
    site.put("content/xin/ju/2022.md", report(2022).as_bytes());
    site.put("content/jiu/agency.toml", card("until = 2021-12-31\nsucceeded_by = \"xin/ju\"\n").as_bytes());
    site.put("content/jiu/2021.md", handing(1).as_bytes());
    build(&site, &[]).ends(0);
    assert!(!site.read("public/xin/ju/2022/index.html").contains("年度报告应为 5"));
    site.put("content/jiu/2021.md", handing(5).as_bytes());
    build(&site, &[]).ends(0);
    assert!(site.read("public/xin/ju/2022/index.html").contains("年度报告应为 5"));
}

/// A theme may have a dot in its name.
#[test]
fn an_edit_of_a_theme_is_seen_whatever_its_name() {
    let site = county();
    site.put("themes/gov.v2/static/extra.css", b"a{}");
    site.edit("site.toml", "title", "theme = \"gov.v2\"\ntitle");
    build(&site, &[]).ends(0);
    site.put("themes/gov.v2/static/extra.css", b"b{}");
    assert!(!build(&site, &[]).ends(0).out.contains("没有变化"));
}

/// What is due, and what lies in the future, depends on the day; the day itself stands on no page.
#[test]
fn on_another_day_pages_are_written_that_the_day_concerns() {
    let site = county();
    site.edit("content/shili/2023.md", "published = 2024-01-20", "published = 2026-06-02");
    build(&site, &[]).ends(0);
    build_on(&site, "2026-06-02", &[]).ends(0);
    build_on(&site, "2026-06-03", &[]).ends(0).says("（新写 0，");
    build_on(&site, "2027-04-01", &[]).ends(0);
}
