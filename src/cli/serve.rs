//! `gongkai serve`: the site in the browser while it is edited.

use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use super::check::summary;
use super::progress::Progress;
use super::{ExitStatus, Global, Terminal, show_findings, show_trouble};
use crate::diagnostic::Finding;
use crate::front_matter::INVALID_FRONT_MATTER;
use crate::load::Changed;
use crate::serve::{self, News, Observer, Problem, ServeError, Server};
use crate::site::Files;
use crate::text::{Words, reason};
use crate::words;

/// What `serve` takes.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// 端口，默认 1111；被占用时改用其后第一个空闲的
    #[arg(short, long, value_name = "端口", default_value_t = 1111, hide_default_value = true)]
    port: u16,
    /// 监听的地址，默认 127.0.0.1：只有本机能访问
    #[arg(long, value_name = "地址", default_value = "127.0.0.1", hide_default_value = true)]
    bind: IpAddr,
    /// 启动后在浏览器中打开
    #[arg(long)]
    open: bool,
}

/// More findings at once are only counted.
const MOST_SHOWN: usize = 20;
/// More files at once are only counted.
const MOST_NAMED: usize = 3;

pub(super) fn run(options: &Options, global: &Global, terminal: &Terminal) -> ExitStatus {
    let day = global.clone();
    let reader = Arc::new(Reader::new(*terminal, options));
    let wanted = serve::Options {
        root: global.root.clone(),
        bind: options.bind,
        port: options.port,
        language: terminal.language(),
        today: Box::new(move || day.today()),
    };
    match Server::open(wanted, reader).and_then(Server::run) {
        Ok(()) => ExitStatus::Clean,
        Err(ServeError::Site(trouble)) => {
            show_trouble(&trouble, terminal);
            ExitStatus::CouldNotRun
        }
        Err(ServeError::Listen(address, error)) => {
            let Words { zh, en } = reason(&error);
            terminal.error(&words!(
                "不能监听 {address}：{zh}；换一个 --port 或 --bind",
                "cannot listen on {address}: {en}; choose another --port or --bind"
            ));
            ExitStatus::CouldNotRun
        }
        Err(ServeError::System(error)) => {
            let Words { zh, en } = reason(&error);
            terminal.error(&words!("服务器起不来：{zh}", "the server cannot start: {en}"));
            ExitStatus::CouldNotRun
        }
    }
}

/// Tells the person at the terminal what the server tells.
struct Reader {
    terminal: Terminal,
    open: bool,
    progress: Mutex<Option<Progress>>,
}

impl Reader {
    fn new(terminal: Terminal, options: &Options) -> Self {
        let progress = Progress::new(&terminal, Words::new("读取和校验", "Reading"));
        Self { terminal, open: options.open, progress: Mutex::new(Some(progress)) }
    }
}

impl Observer for Reader {
    fn hear(&self, news: News<'_>) {
        let terminal = &self.terminal;
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let News::Reading { done, total } = news {
            if let Some(progress) = &*progress {
                progress.set(done, total);
            }
            return;
        }
        if let Some(progress) = progress.take() {
            progress.clear();
        }
        match news {
            News::Reading { .. } => {}
            News::Loaded { reports, findings, .. } => {
                let waived = findings.waived();
                terminal.news(&summary(reports, findings.tally(), waived));
            }
            News::Serving { address, url, busy } => {
                if let Some(busy) = busy {
                    let port = address.port();
                    terminal.line(&words!("端口 {busy} 被占用，改用 {port}", "port {busy} is in use; using {port}"));
                }
                terminal.line(&words!("预览地址 {url}　保存后页面自动更新；按 Ctrl-C 结束", "Serving {url}  Pages follow what you save; Ctrl-C ends it"));
                if self.open {
                    open(url, terminal);
                }
            }
            News::Limited => terminal.line(&words!(
                "系统允许监视的目录数不够，改为每隔一会儿查看一遍；可调大 fs.inotify.max_user_watches",
                "the system does not watch that many directories; looking through them now and then instead (raise fs.inotify.max_user_watches)"
            )),
            News::Changed { changed, theme, appeared, gone, files, took } => {
                terminal.news(&changed_words(changed, theme, mended(gone, &appeared), took.as_millis()));
                show_some(&appeared, files, terminal);
            }
            News::Problems(problems) => problems.iter().for_each(|problem| show_problem(problem, terminal)),
            News::Mended => terminal.news(&words!("已恢复正常", "mended")),
        }
    }
}

/// How many of the findings that are gone were mended: what stands behind a syntax error is not read.
fn mended(gone: usize, appeared: &[Finding]) -> usize {
    if appeared.iter().any(|finding| finding.rule == INVALID_FRONT_MATTER) { 0 } else { gone }
}

fn changed_words(changed: &Changed, theme: bool, gone: usize, milliseconds: u128) -> Words {
    let named: Vec<&str> = changed.edited.iter().take(MOST_NAMED).map(String::as_str).collect();
    let count = changed.edited.len();
    let (mut zh, mut en) = match () {
        () if theme && count == 0 => ("主题".to_owned(), "theme".to_owned()),
        () if count == 0 => ("全站".to_owned(), "the whole site".to_owned()),
        () if count > MOST_NAMED => (format!("{} 等 {count} 个文件", named[0]), format!("{} and {} more files", named[0], count - 1)),
        () => (named.join("、"), named.join(", ")),
    };
    if gone > 0 {
        zh += &format!("，少了 {gone} 个问题");
        en += &format!(", {gone} findings less");
    }
    words!("已更新 {zh}（{milliseconds} ms）", "Updated {en} ({milliseconds} ms)")
}

fn show_some(findings: &[Finding], files: &dyn Files, terminal: &Terminal) {
    show_findings(findings.iter().take(MOST_SHOWN), files, terminal);
    if findings.len() > MOST_SHOWN {
        let more = findings.len() - MOST_SHOWN;
        terminal.line(&words!("另有 {more} 个问题，见 gongkai check", "{more} more findings; see `gongkai check`"));
    }
}

/// Shows what keeps pages from being as they are on disk.
pub(super) fn show_problem(problem: &Problem, terminal: &Terminal) {
    let (zh, en) = (&problem.message.zh, &problem.message.en);
    let place = problem.place_text().unwrap_or_default();
    let line = problem.line.as_ref().map(|line| format!("\n  {line}")).unwrap_or_default();
    terminal.error(&words!("{place}：{zh}{line}", "{place}: {en}{line}"));
    if let Some(hint) = &problem.hint {
        let (zh, en) = (&hint.zh, &hint.en);
        terminal.line(&words!("建议: {zh}", "help: {en}"));
    }
}

/// Opens an address in the browser that the system prefers.
fn open(url: &str, terminal: &Terminal) {
    let mut command = match std::env::consts::OS {
        "macos" => Command::new("open"),
        "windows" => Command::new("explorer"),
        _ => Command::new("xdg-open"),
    };
    let opened = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if opened.is_err() {
        terminal.line(&words!("打不开浏览器，请自己打开上面的地址", "no browser could be opened; open the address above yourself"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fault, Level, Place};

    /// A comma too many hides what was found behind it; nobody has mended that.
    #[test]
    fn what_a_syntax_error_hides_is_not_mended() {
        let finding = |rule| Finding::at_file(Level::Error, "a.md", Fault::new(rule, Place::File, words!("甲", "a")));
        assert_eq!(mended(2, &[finding("column-total-mismatch")]), 2);
        assert_eq!(mended(2, &[finding(INVALID_FRONT_MATTER)]), 0);
    }
}
