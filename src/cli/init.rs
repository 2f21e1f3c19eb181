//! `gongkai init`: a new site with one agency, ready for its first report.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{ExitStatus, Terminal, cannot_write};
use crate::words;

/// What `init` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 新目录，或空目录
    #[arg(value_name = "目录")]
    directory: PathBuf,
}

const SITE: &str = r#"# 年报库的设置。各项说明见 README。
title = "政府信息公开年报库"
base_url = "https://www.example.gov.cn/zwgk/nianbao/"   # 发布后的网址，可以是门户网站的一个目录
language = "zh-CN"

# 国办发〔2017〕47号要求的网页标签和页脚，照实填写。
[gov]
site_name = ""
site_domain = ""
site_id_code = ""        # 网站标识码，10 位
host = ""                # 主办单位
contact = ""
icp = ""
police_record = ""

[check]
# first_year = 2019      # 从哪一年度起应有年报
# [check.levels]
# sharp-change = "off"   # 规则的级别：error、warning、info、off
"#;

const AGENCY: &str = r#"# 一个机关：目录路径就是它的网址，上级目录就是它的上级。
name = "示例县人民政府办公室"
short_name = "县政府办"
kind = "office"          # government office department township subdistrict vertical other
"#;

/// The output, what a first build that was broken off has left of it, and what builds remember.
const IGNORE: &str = "/public\n/.public.gongkai-tmp\n/.gongkai-cache\n";

pub(super) fn run(options: &Options, terminal: &Terminal) -> ExitStatus {
    let root = &options.directory;
    let shown = root.display();
    if fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some()) {
        terminal.error(&words!("{shown} 不是空目录；请换一个目录名", "{shown} is not empty; choose another directory"));
        return ExitStatus::CouldNotRun;
    }
    if let Err((path, error)) = write_all(root) {
        let path = path.display();
        terminal.error(&cannot_write(&path, &error));
        return ExitStatus::CouldNotRun;
    }
    terminal.news(&words!(
        "已新建年报库 {shown}。接下来：\n  cd {shown}\n  编辑 site.toml 和 content/xianzhengfuban/agency.toml\n  gongkai new xianzhengfuban 2025\n  gongkai build",
        "Made a site in {shown}. Next:\n  cd {shown}\n  edit site.toml and content/xianzhengfuban/agency.toml\n  gongkai new xianzhengfuban 2025\n  gongkai build"
    ));
    ExitStatus::Clean
}

fn write_all(root: &Path) -> Result<(), (PathBuf, io::Error)> {
    let files = [("site.toml", SITE), ("content/xianzhengfuban/agency.toml", AGENCY), (".gitignore", IGNORE)];
    for (path, text) in files {
        let path = root.join(path);
        let parent = path.parent().unwrap_or(root).to_owned();
        fs::create_dir_all(&parent).map_err(|error| (parent, error))?;
        fs::write(&path, text).map_err(|error| (path, error))?;
    }
    Ok(())
}
