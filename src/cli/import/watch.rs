//! Another process, ended with all that it started when it takes too long or too much memory.

use std::fmt;
use std::io;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Bytes that a process and those it started may hold. LibreOffice takes a quarter of it for nothing.
pub(super) const MOST_MEMORY: u64 = 800 << 20;
const STEP: Duration = Duration::from_millis(15);

/// Why a process came to no good end.
#[derive(Debug)]
pub(super) enum Ended {
    /// It could not be started.
    NotStarted(io::Error),
    /// It took too long.
    Late,
    /// It took too much memory.
    Large,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => error.fmt(f),
            Self::Late => f.write_str("timed out"),
            Self::Large => f.write_str("out of memory"),
        }
    }
}

/// Runs a command to its end, whatever its exit status.
pub(super) fn run(mut command: Command, limit: Duration) -> Result<(), Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = own_group(&mut command).spawn().map_err(Ended::NotStarted)?;
    let start = Instant::now();
    let mut step = Duration::from_millis(1);
    while !matches!(child.try_wait(), Ok(Some(_)) | Err(_)) {
        let ended = if start.elapsed() > limit {
            Some(Ended::Late)
        } else {
            memory_of_group(child.id()).filter(|memory| *memory > MOST_MEMORY).map(|_| Ended::Large)
        };
        if let Some(ended) = ended {
            end(&mut child);
            return Err(ended);
        }
        std::thread::sleep(step);
        step = (step * 2).min(STEP);
    }
    Ok(())
}

/// What it starts is in its group, so that all can be ended together.
#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0)
}

#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}

fn end(child: &mut Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Resident bytes of all processes of a group, where the system tells it in `/proc`.
fn memory_of_group(group: u32) -> Option<u64> {
    let own = group.to_string();
    let mut pages = 0_u64;
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name in brackets may hold anything; the fields are counted behind it.
        let Some((_, fields)) = stat.rsplit_once(')') else { continue };
        let fields: Vec<&str> = fields.split_whitespace().collect();
        if fields.get(2) == Some(&own.as_str()) {
            pages += fields.get(21).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0);
        }
    }
    Some(pages.saturating_mul(4096))
}
