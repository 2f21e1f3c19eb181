//! 文件不是 UTF-8 编码。
//!
//! A file is not written in UTF-8.
//!
//! # 查什么
//!
//! 文件能按 GB18030 或 UTF-16 读出（照常校验和发布），或几种编码都读不出。
//!
//! # 为什么
//!
//! git 比较、编辑器和其他工具都按 UTF-8 处理，混用编码迟早出乱码。
//!
//! # 例
//!
//! ```text
//! （文件以 GBK 保存）
//! ```
//!
//! # 怎么改
//!
//! 另存为 UTF-8；命令行可用 iconv -f GB18030 -t UTF-8 旧 > 新。
//!
//! # 依据
//!
//! 《信息技术 中文编码字符集》（GB 18030-2022）与网站普遍做法。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::text::Encoding;
use crate::words;

/// The rule.
pub(crate) const RULE: Rule =
    Rule { name: "not-utf8", group: Group::File, level: Level::Warning, source: include_str!("not_utf8.rs"), check: Check::Reading };

/// The fault of a file in another encoding.
pub(crate) fn fault(encoding: Encoding) -> Option<Fault> {
    let message = match encoding {
        Encoding::Utf8 => return None,
        Encoding::Utf16 => words!("文件是 UTF-16 编码（记事本里叫“Unicode”），已照读", "the file is written in UTF-16 and was read so"),
        Encoding::Gb18030 => words!("文件是 GB18030（GBK）编码，已照读", "the file is written in GB18030 and was read so"),
        Encoding::Unknown => words!(
            "文件不是 UTF-8、GB18030 或 UTF-16，读不出的字已替换为 �",
            "the file is not UTF-8, GB18030 or UTF-16; unreadable characters became �"
        ),
    };
    let hint = words!("另存为 UTF-8", "save it as UTF-8");
    Some(Fault::new(RULE.name, Place::File, message).with_hint(hint))
}
