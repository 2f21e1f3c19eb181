//! The arguments, their help in Chinese, and what is said of wrong ones.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use jiff::civil::Date;

use super::terminal::ColorChoice;
use super::{ExitStatus, build, check, explain, export, fmt, import, init, mistakes, new, serve};
use crate::text::Language;

const HELP: &str = "\
{before-help}{about-with-newline}
用法：{usage}

{all-args}{after-help}";

/// 政府信息公开工作年度报告：校验、发布、保存。
///
/// Checks, publishes and preserves government information-disclosure annual reports.
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, override_usage = "gongkai <命令> [选项]", help_template = HELP, subcommand_help_heading = "命令", next_help_heading = "选项")]
#[command(disable_help_subcommand = true, disable_help_flag = true, disable_version_flag = true)]
#[command(after_help = "退出码：0 没有问题；1 有错误级别的问题；2 无法运行。\n各命令的用法：gongkai <命令> --help")]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// 年报库所在目录（有 site.toml 的目录）
    #[arg(long, global = true, value_name = "目录", default_value = ".", hide_default_value = true)]
    pub root: PathBuf,
    /// 只显示问题和错误
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// 显示更多
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// 何时用颜色
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "何时",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: ColorChoice,
    /// 提示所用语言：zh 或 en
    #[arg(long, global = true, value_name = "语言", value_parser = parse_language)]
    pub lang: Option<Language>,
    /// 以这一天为今天（年-月-日），用于重现结果
    #[arg(long, global = true, value_name = "日期", hide = true)]
    pub today: Option<Date>,
    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    pub help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    pub version: Option<bool>,
}

impl Global {
    /// The day it is: in China, where the deadlines hold.
    pub fn today(&self) -> Date {
        let beijing = jiff::tz::offset(8);
        self.today.unwrap_or_else(|| beijing.to_datetime(jiff::Timestamp::now()).date())
    }
}

fn parse_language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "应为 zh 或 en".to_owned())
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建一个年报库
    #[command(help_template = HELP)]
    Init(init::Options),
    /// 写一份带空表的新年报
    #[command(help_template = HELP)]
    New(new::Options),
    /// 导入已发布的年报（Word、网页、PDF、文本、表格）
    #[command(help_template = HELP)]
    Import(import::Options),
    /// 校验年报
    #[command(help_template = HELP)]
    Check(check::Options),
    /// 解释一条规则
    #[command(help_template = HELP)]
    Explain(explain::Options),
    /// 整理表格：数字对齐到列名下面
    #[command(help_template = HELP)]
    Fmt(fmt::Options),
    /// 校验并生成网站
    #[command(help_template = HELP)]
    Build(build::Options),
    /// 边改边看：在浏览器里预览
    #[command(help_template = HELP)]
    Serve(serve::Options),
    /// 导出数据
    #[command(help_template = HELP)]
    Export(export::Options),
}

impl Arguments {
    /// Parses the arguments; help, version and mistakes are shown here.
    pub(super) fn parse_from_zh(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ExitStatus> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let language = mistakes::language_of(&arguments);
        let parsed = Self::command().try_get_matches_from(arguments).and_then(|mut matches| Self::from_arg_matches_mut(&mut matches));
        parsed.map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let _ = std::io::Write::write_all(&mut std::io::stdout().lock(), in_chinese(&error.to_string()).as_bytes());
                ExitStatus::Clean
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), in_chinese(&error.to_string()).as_bytes());
                ExitStatus::CouldNotRun
            }
            _ => {
                let text = mistakes::explain(&error, language);
                let _ = std::io::Write::write_all(&mut std::io::stderr().lock(), text.as_bytes());
                ExitStatus::CouldNotRun
            }
        })
    }
}

/// The few words of clap's own in a help text. Its templates have no place for them.
fn in_chinese(help: &str) -> String {
    const WORDS: [(&str, &str); 4] =
        [("\nArguments:\n", "\n参数:\n"), ("\nOptions:\n", "\n本命令的选项:\n"), ("[OPTIONS]", "[选项]"), ("\n选项:\n", "\n通用选项:\n")];
    WORDS.iter().fold(help.to_owned(), |text, (en, zh)| text.replace(en, zh))
}
