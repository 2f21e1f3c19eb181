//! `build --watch`: what lies in the output equals a fresh build, and what is the same is left alone.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{AGENCY, TestSite, report};

struct Watching {
    site: TestSite,
    child: Child,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watching {
    fn new(site: TestSite) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(["build", "--watch", "--today", "2026-06-01", "--root", site.root().to_str().unwrap()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let watching = Self { site, child };
        watching.equals_a_fresh_build();
        watching
    }

    /// Waits until the output equals a fresh build.
    fn equals_a_fresh_build(&self) {
        self.site.run(&["build", "--force", "-o", "fresh"]).ends(0);
        let fresh = self.site.tree("fresh");
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let there = self.there();
            if there == fresh {
                return;
            }
            let differing = || fresh.iter().filter(|file| !there.contains(file)).map(|(path, _)| path.clone()).collect::<Vec<_>>();
            assert!(Instant::now() < end, "{} files, not {}; others: {:?}", there.len(), fresh.len(), differing());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The output as it is; files that come and go while it is looked at are looked at again later.
    fn there(&self) -> Vec<(String, Vec<u8>)> {
        let walk = walkdir::WalkDir::new(self.site.path("public"));
        let files = walk.into_iter().flatten().filter(|entry| entry.file_type().is_file());
        let mut there: Vec<_> = files
            .filter_map(|entry| {
                let path = entry.path().strip_prefix(self.site.path("public")).ok()?.to_string_lossy().into_owned();
                Some((path, fs::read(entry.path()).ok()?))
            })
            .collect();
        there.sort();
        there
    }
}

#[test]
fn every_change_leads_to_what_a_fresh_build_writes() {
    let watching = Watching::new(
        TestSite::with_report()
            .write("content/shili/2022/index.md", &report(2022))
            .write("content/shili/2022/a.txt", "甲")
            .write("content/shili/ju/agency.toml", AGENCY)
            .write("content/shili/ju/2023.md", &report(2023)),
    );
    let site = &watching.site;
    let unconcerned = || fs::metadata(site.path("public/shili/ju/2023/index.html")).unwrap().modified().unwrap();
    let before = unconcerned();
    site.edit("content/shili/2023.md", "received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 9]");
    watching.equals_a_fresh_build();
    site.put("content/shili/2022/a.txt", "乙".as_bytes());
    watching.equals_a_fresh_build();
    site.put("content/shili/ju/2021.md", report(2021).as_bytes());
    watching.equals_a_fresh_build();
    fs::remove_file(site.path("content/shili/ju/2021.md")).unwrap();
    watching.equals_a_fresh_build();
    assert_eq!(unconcerned(), before, "a page that stayed the same is left alone");
    site.edit("site.toml", "测试年报库", "改名年报库");
    watching.equals_a_fresh_build();
    site.put("templates/404.html", "没有".as_bytes());
    watching.equals_a_fresh_build();
    fs::rename(site.path("content/shili/ju"), site.path("content/shili/ting")).unwrap();
    watching.equals_a_fresh_build();
}

/// While something is broken the output stays as it was; once it is mended it follows again.
#[test]
fn broken_settings_and_templates_leave_the_output_alone() {
    let watching = Watching::new(TestSite::with_report());
    let site = &watching.site;
    let good = site.tree("public");
    site.edit("site.toml", "title = ", "title = [");
    site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [41]");
    std::thread::sleep(Duration::from_millis(800));
    assert_eq!(site.tree("public"), good);
    site.edit("site.toml", "title = [", "title = ");
    watching.equals_a_fresh_build();
    site.put("templates/404.html", b"{{ nonesuch }}");
    std::thread::sleep(Duration::from_millis(800));
    site.edit("content/shili/2023.md", "licensing = [41]", "licensing = [42]");
    std::thread::sleep(Duration::from_millis(800));
    fs::remove_file(site.path("templates/404.html")).unwrap();
    watching.equals_a_fresh_build();
}
