//! Many edits, of all kinds and at any pace, leave it serving exactly what a fresh build writes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::client::{Served, get, serve, serve_root};
use crate::common::{AGENCY, TestSite, report};
use crate::laws::assert_served_as_built;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const AGENCIES: u64 = 12;

fn agency(number: u64) -> String {
    match number % 3 {
        0 => format!("content/shili/ju{number}"),
        1 => format!("content/shili/ju{}/ke{number}", number - 1),
        _ => format!("content/shili/青石{number}"),
    }
}

/// Does one edit as people, editors and programs do it.
fn edit(served: &Served, dice: &mut Dice) {
    let agency = agency(dice.roll(AGENCIES));
    let year = 2019 + u16::try_from(dice.roll(6)).unwrap();
    let file = format!("{agency}/{year}.md");
    let number = dice.roll(90);
    let text = report(year)
        .replace("licensing = [40]", &format!("licensing = [{number}]"))
        .replace("carried_in = [1, 0, 0, 0, 0, 0, 1]", &format!("carried_in = [1, 0, 0, 0, 0, 0, {}]", dice.roll(3)));
    let path = |path: &str| served.site.path(path);
    match dice.roll(16) {
        0 => drop(fs::remove_file(path(&file))),
        1 => drop(fs::remove_dir_all(path(&agency))),
        2 => served.site.put(&format!("{agency}/agency.toml"), AGENCY.replace("示例", &format!("第{number}")).as_bytes()),
        3 => served.site.put(&format!("{agency}/{year}/index.md"), text.as_bytes()),
        4 => served.site.put(&format!("{agency}/{year}/附件{number}.txt"), text.as_bytes()),
        5 => drop(fs::remove_dir_all(path(&format!("{agency}/{year}")))),
        6 => drop(fs::rename(path(&agency), path(&self::agency(number)))),
        7 => {
            let beside = path(&format!("{agency}/.{year}.swp"));
            if path(&agency).is_dir() {
                fs::write(&beside, text).unwrap();
                fs::rename(beside, path(&file)).unwrap();
            }
        }
        8 => served.site.put("site.toml", format!("title = \"第{number}库\"\nbase_url = \"https://example.gov.cn/\"\n").as_bytes()),
        9 => served.site.put("templates/404.html", format!("没有 {number}").as_bytes()),
        10 => served.site.put(&file, text.replace("每季度", &format!("见[甲](../../ju{number}/)，每季度")).as_bytes()),
        11 => served.site.put(
            &file,
            text.replacen("+++\n\n##", "[[waive]]\nrule = \"carry-over-mismatch\"\nreason = \"合并\"\n+++\n\n##", 1).as_bytes(),
        ),
        _ => served.site.put(&file, text.as_bytes()),
    }
    // Two files for one report, and a report that is a directory, keep a site from being built.
    if path(&format!("{agency}/{year}/index.md")).exists() {
        let _ = fs::remove_file(path(&file));
    }
}

fn weather(edits: usize, seed: u64) {
    let site = TestSite::new();
    for number in 0..AGENCIES {
        site.put(&format!("{}/2022.md", agency(number)), report(2022).as_bytes());
        site.put(&format!("{}/2023.md", agency(number)), report(2023).as_bytes());
    }
    let served = serve(site);
    let mut dice = Dice(seed);
    for number in 1..=edits {
        edit(&served, &mut dice);
        if dice.roll(4) == 0 {
            served.get("/years/2022/");
        }
        if number % 25 == 0 || number == edits {
            assert_served_as_built(served.address, served.site.root());
        }
    }
}

#[test]
fn many_edits_leave_it_as_a_fresh_build() {
    weather(100, 7);
}

/// The same for a thousand edits in a row.
#[test]
#[ignore = "takes most of a minute in a debug build; `cargo test -- --include-ignored` runs it"]
fn a_thousand_edits_leave_it_as_a_fresh_build() {
    weather(1000, 0);
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@t", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Two branches hundreds of files apart: files edited, gone and new, directories gone and new.
#[test]
fn a_checkout_of_another_branch_leaves_it_as_a_fresh_build() {
    let site = TestSite::new();
    for number in 0..60 {
        let agency = format!("content/shili/ju{number}");
        site.put(&format!("{agency}/agency.toml"), AGENCY.as_bytes());
        for year in [2021, 2022, 2023] {
            site.put(&format!("{agency}/{year}.md"), report(year).as_bytes());
        }
    }
    let root = site.root();
    git(root, &["init", "-q", "-b", "one"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "one"]);
    git(root, &["checkout", "-q", "-b", "two"]);
    for number in 0..60 {
        let agency = format!("content/shili/ju{number}");
        match number % 3 {
            0 => fs::remove_dir_all(site.path(&agency)).unwrap(),
            1 => fs::rename(site.path(&agency), site.path(&format!("content/shili/ting{number}"))).unwrap(),
            _ => [2021, 2022, 2023]
                .iter()
                .for_each(|year| site.put(&format!("{agency}/{year}.md"), report(*year).replace("[40]", "[41]").as_bytes())),
        }
    }
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "two"]);
    let (address, _) = serve_root(root);
    for branch in ["one", "two", "one", "two"] {
        git(root, &["checkout", "-q", branch]);
        assert_eq!(get(address, "/shili/ting1/2023/").status, if branch == "two" { 200 } else { 404 });
        assert_served_as_built(address, root);
    }
    // Directories that came with a checkout are watched.
    std::thread::sleep(Duration::from_millis(400));
    site.put("content/shili/ting1/2023.md", report(2023).replace("每季度", "每两周").as_bytes());
    assert!(get(address, "/shili/ting1/2023/").text().contains("每两周"));
}
