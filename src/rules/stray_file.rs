//! content/ 里有不知用途的文件。
//!
//! A file below content/ is neither a report nor an agency.
//!
//! # 查什么
//!
//! content/ 下只认机关目录里的 agency.toml、<年度>.md、<年度>/index.md 及其旁边的附件。放在 <年度>/ 里的 agency.toml 和别的年度的 .md 不算附件。
//!
//! # 为什么
//!
//! 放错名字的报告（如 2023年.md）会无声地漏掉。
//!
//! # 例
//!
//! ```text
//! content/shili/2023年.md   # 应为 2023.md
//! ```
//!
//! # 怎么改
//!
//! 改名，或移出 content/。以 . 或 ~ 开头、结尾的临时文件不计。
//!
//! # 依据
//!
//! 《政府信息公开条例》第五十条；本程序的文件格式（README）。

use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(crate) const RULE: Rule =
    Rule { name: "stray-file", group: Group::File, level: Level::Warning, source: include_str!("stray_file.rs"), check: Check::Reading };

/// The fault of a file.
pub(crate) fn fault() -> Fault {
    let message = words!(
        "这个文件不是报告，也不是 agency.toml，不会发布",
        "this file is neither a report nor an agency.toml and will not be published"
    );
    let hint = words!(
        "报告应名为 <年度>.md，如 2023.md；附件放在 <年度>/ 目录里",
        "reports are named <year>.md, such as 2023.md; attachments go into <year>/"
    );
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}

/// The fault of a report or a card that lies in `content/` itself, which is nobody's directory.
pub(crate) fn outside() -> Fault {
    let message = words!("这个文件没有放在机关的目录里，不会发布", "this file lies in no agency's directory and will not be published");
    let hint = words!("移到 content/<机关>/ 里，机关目录名如 xianzhengfuban", "move it into content/<agency>/");
    Fault::new(RULE.name, Place::File, message).with_hint(hint)
}
