//! Foreign text and the system's reasons, made fit to stand in a message.

use std::io::{Error, ErrorKind};

use super::Words;
use crate::words;

/// The longest quotation in a message, in characters.
const LONGEST: usize = 40;

/// A text as a message quotes it: not too long, and its control characters made visible, so that
/// what a file holds can neither flood nor command a terminal.
pub fn excerpt(text: &str) -> String {
    let visible = |c: char| match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    let mut shown: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Why the system refused something, in plain words.
pub fn reason(error: &Error) -> Words {
    match error.kind() {
        ErrorKind::NotFound => Words::new("没有这个文件或目录", "there is no such file or directory"),
        ErrorKind::PermissionDenied => Words::new("没有权限", "permission denied"),
        ErrorKind::AlreadyExists => Words::new("已经有同名的文件", "there is a file of that name already"),
        ErrorKind::NotADirectory => Words::new("路径中有一处是文件，不是目录", "a part of the path is a file, not a directory"),
        ErrorKind::IsADirectory => Words::new("这是目录，不是文件", "it is a directory, not a file"),
        ErrorKind::ReadOnlyFilesystem => Words::new("磁盘是只读的", "the disk is read-only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Words::new("磁盘满了", "the disk is full"),
        ErrorKind::InvalidFilename => Words::new("文件名太长，或有系统不许的字符", "the file's name is too long or not allowed"),
        ErrorKind::AddrInUse => Words::new("端口已被占用", "the port is in use"),
        ErrorKind::AddrNotAvailable => Words::new("本机没有这个地址", "this machine has no such address"),
        _ => words!("{error}", "{error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_short_and_harmless() {
        assert_eq!(excerpt("12\n件\u{1b}[31m\0"), "12␊件␛[31m␀");
        assert_eq!(excerpt(&"九".repeat(1_000_000)).chars().count(), 41);
        assert_eq!(excerpt(&"九".repeat(40)).chars().count(), 40);
    }

    #[test]
    fn the_systems_reasons_are_said_in_both_languages() {
        let error = std::fs::read("/no/such/file").map(drop).map_err(|error| reason(&error));
        assert_eq!(error, Err(Words::new("没有这个文件或目录", "there is no such file or directory")));
    }
}
