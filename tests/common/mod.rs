//! A fluent driver for whole runs: make a site, run a command, look at what came out, change a file,
//! run again.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of the driver")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A site in a temporary directory.
pub struct TestSite {
    directory: tempfile::TempDir,
}

/// What a run printed and how it ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl TestSite {
    /// A site with a `site.toml` and nothing else.
    pub fn new() -> Self {
        let site = Self { directory: tempfile::tempdir().unwrap() };
        site.write("site.toml", "title = \"测试年报库\"\nbase_url = \"https://example.gov.cn/zwgk/\"\n")
    }

    /// A site with one township and its report of 2023, without a fault.
    pub fn with_report() -> Self {
        Self::new().write("content/shili/agency.toml", AGENCY).write("content/shili/2023.md", &report(2023))
    }

    pub fn root(&self) -> &Path {
        self.directory.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, its directories too.
    pub fn write(self, path: &str, text: &str) -> Self {
        self.put(path, text.as_bytes());
        self
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Replaces text in a file; it must be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{path} has no {from:?}");
        fs::write(self.path(path), text.replacen(from, to, 1)).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs the program on the site, on a fixed day.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_as(&[arguments, &["--root", self.root().to_str().unwrap(), "--today", "2026-06-01"]].concat())
    }

    /// Runs the program in the site's directory with these arguments and no others.
    pub fn run_as(&self, arguments: &[&str]) -> Run {
        Run::of(&Command::new(env!("CARGO_BIN_EXE_gongkai")).args(arguments).current_dir(self.root()).output().unwrap())
    }

    /// Runs `check --format json` and returns its findings.
    pub fn findings(&self) -> Vec<serde_json::Value> {
        let run = self.run(&["check", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err));
        json["findings"].as_array().unwrap().clone()
    }

    /// The rules of the findings, in order, each with its line.
    pub fn rules(&self) -> Vec<(String, u64)> {
        self.findings().iter().map(|f| (f["rule"].as_str().unwrap().to_owned(), f["line"].as_u64().unwrap())).collect()
    }

    /// All files below a directory with their bytes, in order.
    pub fn tree(&self, directory: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path(directory), "", &mut files);
        files.sort();
        files
    }
}

fn collect(directory: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push((name, fs::read(entry.path()).unwrap()));
        }
    }
}

impl Run {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Asserts how the run ended.
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Asserts that something was said, on either stream.
    pub fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text) || self.err.contains(text), "no {text:?} in\n{}\n{}", self.out, self.err);
        self
    }
}

pub const AGENCY: &str = "name = \"示例镇人民政府\"\nshort_name = \"示例镇\"\nkind = \"township\"\n";

/// A clean report: received 3 + carried in 1 = handled 4, by two individuals and a business.
pub fn report(year: u16) -> String {
    let (form, other) = if year >= 2021 { (FRONT_2021, OTHER_2021) } else { (FRONT_2019, OTHER_2019) };
    let next = year + 1;
    format!(
        "+++\npublished = {next}-01-20\n{form}{REST}{other}{TOTALS}\n[disputes]\nreview = [1, 0, 0, 0, 1]\nlitigation_direct = [0, 0, 0, 0, 0]\nlitigation_after_review = [0, 0, 0, 0, 0]\n\n[review]\nby = \"办公室\"\ndate = {next}-01-10\n+++\n\n## 一、总体情况\n\n{year}年，全镇把群众常问的低保、宅基地、水费三件事逐件写明，贴到村口。\n\n## 五、存在的主要问题及改进情况\n\n村级目录更新慢，明年起每季度核对一次。\n\n## 六、其他需要报告的事项\n\n未收取信息处理费。\n"
    )
}

const REST: &str = "carried_in = [1, 0, 0, 0, 0, 0, 1]
granted = [2, 1, 0, 0, 0, 0, 3]
partly_granted = [0, 0, 0, 0, 0, 0, 0]
refused.state_secret = [0, 0, 0, 0, 0, 0, 0]
refused.other_law = [0, 0, 0, 0, 0, 0, 0]
refused.security_and_stability = [0, 0, 0, 0, 0, 0, 0]
refused.third_party_rights = [1, 0, 0, 0, 0, 0, 1]
refused.internal_affairs = [0, 0, 0, 0, 0, 0, 0]
refused.deliberative_process = [0, 0, 0, 0, 0, 0, 0]
refused.enforcement_files = [0, 0, 0, 0, 0, 0, 0]
refused.administrative_inquiry = [0, 0, 0, 0, 0, 0, 0]
unable.not_held = [0, 0, 0, 0, 0, 0, 0]
unable.needs_creation = [0, 0, 0, 0, 0, 0, 0]
unable.still_unclear = [0, 0, 0, 0, 0, 0, 0]
not_processed.complaint = [0, 0, 0, 0, 0, 0, 0]
not_processed.repeated = [0, 0, 0, 0, 0, 0, 0]
not_processed.publication = [0, 0, 0, 0, 0, 0, 0]
not_processed.excessive = [0, 0, 0, 0, 0, 0, 0]
not_processed.reissue = [0, 0, 0, 0, 0, 0, 0]
";

const FRONT_2021: &str = "
[proactive]
regulations = [0, 0, 0]
normative_documents = [1, 0, 6]
licensing = [40]
penalties = [7]
coercion = [0]
fees = [12.5]

[applications]
received = [2, 1, 0, 0, 0, 0, 3]
";

const FRONT_2019: &str = "
[proactive]
regulations = [0, 0, 0]
normative_documents = [1, 1, 6]
licensing = [9, 0, 40]
other_services = [0, 0, 0]
penalties = [3, 0, 7]
coercion = [0, 0, 0]
fees = [1, 0]
procurement = [15, 127.082]

[applications]
received = [2, 1, 0, 0, 0, 0, 3]
";

const OTHER_2021: &str = "other.uncorrected = [0, 0, 0, 0, 0, 0, 0]
other.unpaid = [0, 0, 0, 0, 0, 0, 0]
other.other = [0, 0, 0, 0, 0, 0, 0]
";

const OTHER_2019: &str = "other = [0, 0, 0, 0, 0, 0, 0]
";

const TOTALS: &str = "total = [3, 1, 0, 0, 0, 0, 4]
carried_out = [0, 0, 0, 0, 0, 0, 0]
";
