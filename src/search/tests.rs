//! The index against a scan of all texts, read as `search.js` reads it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::postings::{FEW, pair};
use super::*;
use crate::archive::{Archive, Card, Filed, Sketch};
use crate::form::Forms;
use crate::site::Files;

/// Files in memory.
struct Map(BTreeMap<String, String>);

impl Files for Map {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// A site with one department, whose reports of 1990 and after have these sections.
fn site(texts: &[String]) -> Site {
    let forms = Arc::new(Forms::builtin());
    let agency: Arc<str> = "shili/jiaoyu".into();
    let (mut filed, mut files) = (Vec::new(), BTreeMap::new());
    for (text, year) in texts.iter().zip(1990u16..) {
        let text = format!("+++\n+++\n## 一、总体情况\n\n{text}\n");
        let report = crate::report::read(&text, year, &forms).report;
        let of = Filed { agency: agency.clone(), in_directory: false, report, attachments: Vec::new(), sketch: Sketch::default() };
        files.insert(of.path(), text);
        filed.push(Arc::new(of));
    }
    let card = Arc::new(Card::named("示例县教育局", AgencyKind::Department));
    Site {
        config: Arc::default(),
        forms,
        archive: Arc::new(Archive::new(vec![(agency, card)], filed)),
        findings: Arc::default(),
        today: jiff::civil::date(2026, 6, 1),
        files: Arc::new(Map(files)),
    }
}

fn index(site: &Site) -> SearchIndex {
    SearchIndex::of(site, &|prose| format!("<p>{}</p>", prose.trim().replace("\n\n", "</p><p>"))).unwrap()
}

fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

struct Numbers<'b>(&'b [u8]);

impl Iterator for Numbers<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let length = self.0.iter().position(|byte| byte & 0x80 == 0)? + 1;
        let number = self.0[..length].iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f));
        self.0 = &self.0[length..];
        Some(number)
    }
}

/// What a browser knows after loading the directory.
struct Reader<'i> {
    index: &'i SearchIndex,
    directory: Directory,
}

impl<'i> Reader<'i> {
    fn new(index: &'i SearchIndex) -> Self {
        Self { directory: serde_json::from_slice(&plain(index.file("index.bin").unwrap())).unwrap(), index }
    }

    fn list(&self, kind: &str, key: u64) -> Option<Vec<u8>> {
        let firsts: Vec<char> = if kind == "docs" { &self.directory.docs } else { &self.directory.places }.chars().collect();
        let at = firsts.chunks(2).rposition(|first| pair(first[0], first[1]) <= key)?;
        let bytes = plain(self.index.file(&format!("{kind}-{at}.bin")).unwrap());
        let mut numbers = Numbers(&bytes);
        let mut last = 0;
        let lengths: Vec<(u64, u64)> = (0..numbers.next()?)
            .map(|_| {
                last += numbers.next().unwrap();
                (last, numbers.next().unwrap())
            })
            .collect();
        let before: u64 = lengths.iter().take_while(|(pair, _)| *pair != key).map(|(_, length)| length).sum();
        let length = lengths.iter().find(|(pair, _)| *pair == key)?.1;
        Some(numbers.0[usize::try_from(before).unwrap()..usize::try_from(before + length).unwrap()].to_vec())
    }

    /// Report → whether in title or names, and the places, where they are kept.
    fn pair(&self, one: char, two: char) -> BTreeMap<u64, (bool, Vec<u64>)> {
        let key = pair(one, two);
        let Some(docs) = self.list("docs", key) else { return BTreeMap::new() };
        let blob = self.list("places", key);
        let mut places = Numbers(blob.as_deref().unwrap_or_default());
        let mut report = u64::MAX;
        Numbers(&docs)
            .map(|number| {
                report = report.wrapping_add(number >> 1);
                let mut place = u64::MAX;
                let own = places.by_ref().take_while(|step| *step != 0).map(|step| {
                    place = place.wrapping_add(step);
                    place
                });
                (report, (number & 1 == 1, own.collect()))
            })
            .collect()
    }

    /// The reports that contain a word of two characters or more, by places alone; `None` where only
    /// the texts can tell, since a pair is rare.
    fn containing(&self, word: &[char]) -> Option<Vec<u64>> {
        let lists: Vec<_> = word.windows(2).map(|two| self.pair(two[0], two[1])).collect();
        let all = lists[0].keys().filter(|report| lists.iter().all(|list| list.contains_key(report))).copied();
        if word.len() == 2 {
            return Some(all.collect());
        }
        if lists.iter().any(|list| list.len() <= FEW as usize) {
            return None;
        }
        let stands = |report: &u64| {
            let of = |list: &BTreeMap<u64, (bool, Vec<u64>)>| list[report].1.clone();
            of(&lists[0]).iter().any(|place| lists.iter().zip(0..).all(|(list, step)| of(list).contains(&(place + step))))
        };
        Some(all.filter(stands).collect())
    }

    fn texts(&self) -> Vec<serde_json::Value> {
        (0..self.directory.text.len())
            .flat_map(|at| {
                serde_json::from_slice::<Vec<serde_json::Value>>(&plain(self.index.file(&format!("text-{at}.bin")).unwrap())).unwrap()
            })
            .collect()
    }
}

/// The pieces of each text in their normal form.
fn pieces(text: &serde_json::Value) -> Vec<String> {
    let strings =
        |value: &serde_json::Value| value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let sections =
        text[3].as_array().unwrap().iter().flat_map(|section| strings(section)[1].lines().map(str::to_owned).collect::<Vec<_>>());
    let all = std::iter::once(text[1].as_str().unwrap().to_owned()).chain(strings(&text[2])).chain(sections.collect::<Vec<_>>());
    all.map(|piece| normal(&piece).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Any two or more characters in a row: the index gives the reports that contain them, no others.
    #[test]
    fn what_is_found_is_what_contains_the_word(
        texts in prop::collection::vec("[甲乙丙𠮷Ａa，]{0,12}(\n\n[甲乙丙𠮷]{1,6}){0,2}", 12..40),
        words in prop::collection::vec("[甲乙丙𠮷a,]{2,5}", 20),
    ) {
        let site = site(&texts);
        let index = index(&site);
        let reader = Reader::new(&index);
        let texts: Vec<Vec<String>> = reader.texts().iter().map(pieces).collect();
        prop_assert_eq!(texts.len(), site.archive.reports().len());
        for word in words {
            let truth: Vec<u64> = texts.iter().zip(0..).filter(|(text, _)| text.iter().any(|piece| piece.contains(&word))).map(|(_, report)| report).collect();
            if let Some(found) = reader.containing(&word.chars().collect::<Vec<_>>()) {
                prop_assert_eq!(found, truth, "{}", word);
            }
        }
    }
}

/// Reports come newest first; title and agency are known to be such; a single character can be found too.
#[test]
fn titles_and_names_are_told_from_prose() {
    let site = site(&["教育局之外".to_owned(), "别的".to_owned(), "教育改革".to_owned()]);
    let index = index(&site);
    let reader = Reader::new(&index);
    assert_eq!(reader.directory.years, [(1992, 1), (1991, 1), (1990, 1)]);
    assert_eq!((reader.directory.kind.as_str(), reader.directory.kinds[2].as_str()), ("ccc", "department"));
    assert!(reader.pair('教', '育').values().all(|(in_head, _)| *in_head), "every title names the agency");
    assert_eq!(reader.pair('改', '革').into_iter().map(|(report, (in_head, _))| (report, in_head)).collect::<Vec<_>>(), [(0, false)]);
    assert_eq!(reader.pair('革', entry::END).len(), 1);
    let text = &reader.texts()[0];
    assert_eq!((text[0].as_str(), text[3][0][0].as_str()), (Some("shili/jiaoyu/1992/"), Some("s1")));
    assert_eq!(text[3][0][1], "一、总体情况\n教育改革\n");
}

/// The same site gives the same bytes, in however many threads it is made.
#[test]
fn the_bytes_do_not_depend_on_threads() {
    let texts: Vec<String> = (0..30).map(|number| format!("第{number}号，共 {} 件", number * 7)).collect();
    let site = site(&texts);
    let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| index(&site).files);
    assert_eq!(with(1), with(3));
}

/// Keys that fill many files are found in the right one, and long texts are cut into files.
#[test]
fn large_indexes_are_cut_into_files() {
    let texts: Vec<String> =
        (0..20u32).map(|report| (0..3000u32).filter_map(|at| char::from_u32(0x4e00 + (at * 7 + report * 31) % 4000)).collect()).collect();
    let site = site(&texts);
    let index = index(&site);
    let reader = Reader::new(&index);
    assert!(reader.directory.docs.chars().count() > 4 && reader.directory.text.len() > 1, "{:?}", index.names().collect::<Vec<_>>());
    assert_eq!(reader.directory.text.iter().sum::<usize>(), 20);
    let newest: Vec<char> = texts[19].chars().collect();
    for window in newest.windows(2).step_by(97) {
        assert!(reader.pair(window[0], window[1]).contains_key(&0), "{window:?}");
    }
}
