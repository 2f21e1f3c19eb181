//! What a build tells when it has come to its end.

use std::path::Path;
use std::time::Duration;

use super::super::Terminal;
use super::super::check::summary;
use super::memory::{Outcome, Remembered, Task};
use crate::load::Stages;
use crate::text::Words;
use crate::words;
use crate::write::Written;

/// Says what the last build came to: this one would come to the same.
pub(super) fn say_unchanged(remembered: &Remembered, task: &Task, took: Duration, terminal: &Terminal) {
    let (files, bytes) = (remembered.inventory.len(), remembered.inventory.bytes());
    report(&task.output, files, Written { unchanged: files, bytes, ..Written::default() }, terminal);
    sum_up(remembered.outcome(), task, terminal);
    let took = took.as_millis();
    terminal.news(&words!("用时 {took} ms：没有变化", "Took {took} ms: nothing has changed"));
}

/// Says how many reports there are and what was found.
pub(super) fn sum_up(outcome: Outcome, task: &Task, terminal: &Terminal) {
    if let Some(shard) = task.shard {
        terminal.news(&words!("这是 {shard} 份；各份合在一起才是整个网站", "This is shard {shard}; all shards together are the site"));
    }
    let Outcome { reports, tally, waived } = outcome;
    terminal.news(&summary(reports, tally, waived));
    if tally.errors + tally.warnings > 0 {
        terminal.news(&words!("详情见 gongkai check，或网站的“数据质量”页", "See `gongkai check` or the page “Data quality”"));
    }
}

/// Says what lies in the output now.
pub(super) fn report(output: &Path, pages: usize, written: Written, terminal: &Terminal) {
    let output = output.display();
    let Written { written, unchanged, removed, bytes } = written;
    let megabytes = format!("{}.{}", bytes >> 20, ((bytes >> 10) % 1024) * 10 / 1024);
    terminal.news(&words!(
        "已生成 {output}：{pages} 个文件，{megabytes} MB（新写 {written}，未变 {unchanged}，删去 {removed}）",
        "Wrote {output}: {pages} files, {megabytes} MB ({written} written, {unchanged} unchanged, {removed} removed)"
    ));
}

/// How long each stage took, and all of it.
pub(super) fn stage_line(stages: &Stages, total: Duration) -> Words {
    const NAMES: [(&str, &str); 9] = [
        ("compare", "比对"),
        ("recall", "取记录"),
        ("list", "列目录"),
        ("read", "读取"),
        ("archive", "建库"),
        ("check", "核对"),
        ("note", "记录"),
        ("write", "生成"),
        ("index", "索引"),
    ];
    let milliseconds = |time: Duration| format!("{} ms", time.as_millis());
    let zh = |name: &str| NAMES.iter().find(|(en, _)| *en == name).map_or_else(|| name.to_owned(), |(_, zh)| (*zh).to_owned());
    let zh: Vec<String> = stages.iter().map(|(name, time)| format!("{} {}", zh(name), milliseconds(time))).collect();
    let en: Vec<String> = stages.iter().map(|(name, time)| format!("{name} {}", milliseconds(time))).collect();
    let (zh, en, total) = (zh.join("，"), en.join(", "), milliseconds(total));
    words!("用时 {total}：{zh}", "Took {total}: {en}")
}
