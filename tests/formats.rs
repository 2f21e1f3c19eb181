//! What programs and other people read of a check: SARIF against its schema, JUnit, GitHub's commands, a
//! page a rule on the site; and that no output of any kind shows a personal number.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::TestSite;
use serde_json::Value;

/// A number that is right in every digit and nobody's.
const ID_NUMBER: &str = "33018319850712001X";

/// A report with a wrong total, a waived rule, and three personal numbers; its file has a comma, a colon
/// and a percent sign in its path.
fn faulty() -> TestSite {
    let site = TestSite::new().write("content/a,b：100%/agency.toml", &format!("{}contact = \"张三 13912345678\"\n", common::AGENCY));
    let report = common::report(2023)
        .replace("received = [2, 1, 0, 0, 0, 0, 3]", "received = [2, 1, 0, 0, 0, 0, 4]")
        .replace("[review]", "[[waive]]\nrule = \"missing-section\"\nreason = \"原件如此\"\n\n[review]")
        .replace("## 六、其他需要报告的事项", "")
        .replace("贴到村口。", &format!("贴到村口。申请人（{ID_NUMBER}，139 8765 4321）新收申请9件。"));
    site.put("content/a,b：100%/2023.md", report.as_bytes());
    site
}

/// Just enough of JSON Schema draft 4 for the schema of SARIF. A keyword that it does not know is an
/// error, so that nothing is passed over in silence.
struct Schema(Value);

impl Schema {
    fn sarif() -> Self {
        Self(serde_json::from_str(include_str!("schemas/sarif-2.1.0.json")).unwrap())
    }

    fn faults(&self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.0, value, "$", &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let properties = schema["properties"].as_object();
        for (keyword, rule) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$schema" | "id" | "definitions" | "title" => true,
                "$ref" => {
                    let name = rule.as_str().unwrap().strip_prefix("#/definitions/").unwrap();
                    self.check(&self.0["definitions"][name], value, at, faults);
                    true
                }
                "type" => match rule.as_array() {
                    Some(types) => types.iter().any(|name| is_of_type(value, name.as_str().unwrap())),
                    None => is_of_type(value, rule.as_str().unwrap()),
                },
                "enum" => rule.as_array().unwrap().contains(value),
                "required" => rule.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
                "properties" => {
                    for (name, inner) in value.as_object().into_iter().flatten() {
                        if let Some(rule) = properties.and_then(|properties| properties.get(name)) {
                            self.check(rule, inner, &format!("{at}.{name}"), faults);
                        }
                    }
                    true
                }
                "additionalProperties" => match rule.as_bool() {
                    Some(allowed) => {
                        allowed || value.as_object().is_none_or(|map| map.keys().all(|name| properties.unwrap().contains_key(name)))
                    }
                    None => {
                        for (name, inner) in value.as_object().into_iter().flatten() {
                            if properties.is_none_or(|properties| !properties.contains_key(name)) {
                                self.check(rule, inner, &format!("{at}.{name}"), faults);
                            }
                        }
                        true
                    }
                },
                "items" => {
                    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(rule, inner, &format!("{at}[{index}]"), faults);
                    }
                    true
                }
                "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
                "uniqueItems" => value.as_array().is_none_or(|items| items.iter().enumerate().all(|(n, item)| !items[..n].contains(item))),
                "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
                "pattern" => value.as_str().is_none_or(|text| regex::Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
                "format" => value.as_str().is_none_or(|text| has_format(text, rule.as_str().unwrap())),
                "anyOf" => self.fitting(rule, value) >= 1,
                "oneOf" => self.fitting(rule, value) == 1,
                other => panic!("the schema uses {other}"),
            };
            if !holds {
                faults.push(format!("{at}: {keyword} {rule}: {value}"));
            }
        }
    }

    fn fitting(&self, rules: &Value, value: &Value) -> usize {
        let fits = |rule: &&Value| {
            let mut faults = Vec::new();
            self.check(rule, value, "", &mut faults);
            faults.is_empty()
        };
        rules.as_array().unwrap().iter().filter(fits).count()
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    }
}

fn has_format(text: &str, format: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte));
    match format {
        "uri" => plain && text.contains(':'),
        "uri-reference" => plain,
        "date-time" => text.len() >= 20,
        other => panic!("format {other}"),
    }
}

/// The log is valid by the schema of SARIF 2.1.0, with findings, with a waived one, and with none.
#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = Schema::sarif();
    let log = |site: &TestSite, arguments: &[&str]| -> Value {
        serde_json::from_str(&site.run(&[&["check", "--format", "sarif"], arguments].concat()).out).unwrap()
    };
    let faulty = faulty();
    for log in [log(&faulty, &[]), log(&faulty, &["--lang", "en"]), log(&TestSite::with_report(), &[]), log(&TestSite::new(), &[])] {
        assert_eq!(schema.faults(&log), Vec::<String>::new());
    }
    let log = log(&faulty, &[]);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 5 && results.iter().any(|result| result["suppressions"][0]["justification"] == "原件如此"), "{results:#?}");
    // What code hosts ask for beyond the schema: a text for each rule, and an address of its page.
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for part in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[part]["text"].as_str().unwrap().is_empty(), "{rule}");
        }
        assert_eq!(rule["helpUri"], format!("https://example.gov.cn/zwgk/quality/{}/", rule["id"].as_str().unwrap()));
    }
    // The schema is not toothless.
    for (pointer, value) in [
        ("/version", Value::from("2.0")),
        ("/runs/0/results/0/level", Value::from("fatal")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", Value::from(0)),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", Value::from("a b")),
        ("/runs/0/tool/driver", Value::from(serde_json::Map::new())),
        ("/runs/0/results/0/message", serde_json::json!({"words": "x"})),
    ] {
        let mut broken = log.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.faults(&broken).is_empty(), "{pointer}");
    }
}

/// Each line is one command; the path's marks cannot end a property, the message's cannot begin a command.
#[test]
fn github_commands_are_whole() {
    let site = faulty();
    let out = site.run(&["check", "--format", "github"]).ends(1).out;
    assert_eq!(out.lines().count(), site.findings().len());
    for line in out.lines() {
        let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (kind, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&kind) && !message.is_empty(), "{line}");
        let names: Vec<&str> = properties.split(',').map(|property| property.split_once('=').unwrap().0).collect();
        assert!(names.starts_with(&["file", "line", "endLine"]) && names.ends_with(&["title"]), "{line}");
        assert!(properties.starts_with("file=content/a%2Cb：100%25/"), "{line}");
    }
}

/// The XML is sound, the counts are those of the cases, and no two cases have one name.
#[test]
fn junit_is_sound_xml_with_true_counts() {
    let site = faulty();
    let out = site.run(&["check", "--format", "junit"]).ends(1).out;
    let mut reader = quick_xml::Reader::from_str(&out);
    let (mut cases, mut failures, mut counts) = (BTreeSet::new(), 0, Vec::new());
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let attribute = |name: &str| {
                    let found = tag.attributes().map(Result::unwrap).find(|attribute| attribute.key.as_ref() == name);
                    found.map(|attribute| attribute.value.into_owned())
                };
                match tag.name().as_ref() {
                    "testcase" => {
                        count += 1;
                        cases.insert((attribute("classname").unwrap(), attribute("name").unwrap()));
                    }
                    "failure" => failures += 1,
                    "testsuite" => counts.extend(["tests", "failures", "errors"].map(|name| attribute(name).unwrap())),
                    _ => {}
                }
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases.len(), count), (count, site.findings().len()));
    assert_eq!(counts.iter().map(|count| count.to_string()).collect::<Vec<_>>(), [count.to_string(), failures.to_string(), "0".to_owned()]);
    let errors = site.findings().iter().filter(|finding| finding["level"] == "error").count();
    assert_eq!(failures, errors);
}

/// Nobody's number is in any output: not in messages, not in the source lines of the terminal even if
/// another rule alone was asked for, not in a baseline, and not on the pages of the site.
#[test]
fn no_output_shows_a_personal_number() {
    let site = faulty();
    let hidden = |text: &str, of: &str| {
        for number in [ID_NUMBER, "8765", "87654321", "12345678"] {
            assert!(!text.contains(number), "{of} shows {number}:\n{text}");
        }
    };
    let ways: [&[&str]; 10] = [
        &["--format", "text"],
        &["--format", "json"],
        &["--format", "sarif"],
        &["--format", "github"],
        &["--format", "junit"],
        &["--statistics"],
        &["--lang", "en"],
        &["--select", "narrative-mismatch"],
        &["--ignore", "personal-id-number,mobile-number"],
        &["--level", "warning", "--ignore", "personal-id-number"],
    ];
    for way in ways {
        let run = site.run(&[&["check"], way].concat());
        hidden(&(run.out + &run.err), &way.join(" "));
    }
    let run = site.run(&["check", "--select", "narrative-mismatch"]).ends(0);
    assert!(run.out.contains("新收申请9件") && run.out.contains("*****"), "{}", run.out);
    site.run(&["check", "--write-baseline", "baseline.json"]).ends(0);
    hidden(&site.read("baseline.json"), "the baseline");
    site.edit("content/a,b：100%/2023.md", "未收取", "也未收取");
    let run = site.run(&["check", "--baseline", "baseline.json"]).ends(0);
    hidden(&(run.out + &run.err), "--baseline");
    let run = site.run(&["build"]).ends(0);
    hidden(&(run.out + &run.err), "build");
    for (path, bytes) in site.tree("public") {
        if !path.ends_with(".woff2") {
            hidden(&String::from_utf8_lossy(&bytes), &path);
        }
    }
    let page = site.read("public/a,b：100%/2023/index.html");
    assert!(page.contains("申请人（×××××××××××××××××X，××× ×××× ××××）新收申请9件"));
    assert!(page.contains("原文中的个人号码在本页隐去"));
}

/// Personal numbers may stand in every string of a report. None is shown on any page, in any feed, in the data or in the
/// index, in any language; figures stay, and so does what is left of the strings.
#[test]
fn no_string_of_a_report_shows_a_personal_number() {
    let number = |at: u32| format!("1390000{:04}", 1000 + at);
    let strings = format!(
        "title = \"示例镇{}，2023年报\"\ndocument_number = \"示政{}\"\nindex_number = \"{}\"\ncontact = \"办公室 {}\"\n",
        number(0),
        number(1),
        number(2),
        number(3)
    );
    let tables = format!(
        "[[breakdown]]\nlabel = \"来电{}\"\nunit = \"件·{}\"\ntotal = \"约{}\"\nparts = {{ \"甲{}\" = 7, \"账号\" = \"1000000000000008\" }}\n\n[[source]]\nurl = \"https://example.gov.cn/a.html\"\ntitle = \"原文{}\"\n\n[[revision]]\ndate = 2024-03-01\nnote = \"补{}\"\n\n[[waive]]\nrule = \"text-in-cell\"\nreason = \"问{}\"\n\n[review]\nby = \"张三{}\"",
        number(4),
        number(5),
        number(6),
        number(7),
        number(8),
        number(9),
        number(10),
        number(11)
    );
    let text = common::report(2023)
        .replacen("published", &format!("{strings}published"), 1)
        .replace("received = [2, 1,", &format!("received = [\"见{}\", 1,", number(12)))
        .replace("[review]\nby = \"办公室\"", &tables)
        .replace("## 五、", &format!("## {}\n\n附注。\n\n## 五、", number(13)));
    let site = TestSite::with_report()
        .write("site.toml", "title = \"库\"\nbase_url = \"https://example.gov.cn/zwgk/\"\nlanguages = [\"zh-CN\", \"en\"]\n")
        .write("content/shili/2022.md", &common::report(2022))
        .write("content/shili/2023.md", &text)
        .write("content/shili/2024.md", &common::report(2024));
    let found = site.rules().iter().filter(|(rule, _)| rule == "mobile-number" || rule == "bank-card-number").count();
    assert_eq!(found, 15);
    site.run(&["build"]).ends(0);
    let mut files = site.tree("public");
    files.extend(["csv", "json"].map(|format| (format.to_owned(), site.run(&["export", "--format", format]).ends(0).out.into_bytes())));
    assert!(
        files.iter().any(|(path, _)| path.starts_with("search/text-")) && files.iter().any(|(path, _)| path == "en/shili/2023/index.html")
    );
    let mut shown = String::new();
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".woff2")) {
        let text = if path.ends_with(".bin") { unpacked(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
        assert!(!text.contains("1390000") && !text.contains("1000000000000008"), "{path}");
        shown += &text;
    }
    for (place, left) in [
        ("title", "示例镇×××××××××××，2023年报"),
        ("document number", "示政×××××××××××"),
        ("contact", "办公室 ×××××××××××"),
        ("breakdown", "来电×××××××××××"),
        ("part", "甲×××××××××××"),
        ("source", "原文×××××××××××"),
        ("revision", "补×××××××××××"),
        ("waiver", "问×××××××××××"),
        ("review", "张三×××××××××××"),
        ("cell", "见×××××××××××"),
    ] {
        assert!(shown.contains(left), "{place}");
    }
    assert!(site.read("public/data/2023.csv").contains(",见×××××××××××,1,"));
}

/// A file of the index as text.
fn unpacked(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut text).unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

/// What an office has waived, or its site has switched off, stands on the page as it was published.
#[test]
fn waived_numbers_are_published() {
    let site = TestSite::with_report();
    site.edit("content/shili/2023.md", "贴到村口。", "贴到村口。值班电话 13987654321。");
    site.edit("content/shili/2023.md", "[review]", "[[waive]]\nrule = \"mobile-number\"\nreason = \"对外公布的值班手机\"\n\n[review]");
    site.run(&["build"]).ends(0);
    assert!(site.read("public/shili/2023/index.html").contains("13987654321"));
}

/// Every rule has a page of its manual: what it checks, an example, what it rests on. Findings lead there.
#[test]
fn every_rule_has_a_page() {
    let site = faulty();
    site.run(&["build"]).ends(0);
    let quality = site.read("public/quality/index.html");
    for rule in gongkai::rules::RULES {
        let page = site.read(&format!("public/quality/{}/index.html", rule.name));
        for part in ["查什么", "为什么", ">例<", "怎么改", "依据"] {
            assert!(page.contains(part), "{}: {part}", rule.name);
        }
        assert!(page.contains("<pre><code") && page.contains(&format!("<code>{}</code>", rule.name)), "{page}");
        assert!(quality.contains(&format!("href=\"../quality/{}/\"", rule.name)), "{}", rule.name);
    }
    let report = site.read("public/a,b：100%/2023/index.html");
    assert!(report.contains("href=\"../../quality/row-total-mismatch/\""), "{report}");
    // `explain` says the same.
    site.run(&["explain", "row-total-mismatch"]).ends(0).says("# 查什么").says("# 例").says("# 依据");
    site.run(&["explain", "row-total-mismach"]).ends(2).says("是不是 row-total-mismatch？");
}
