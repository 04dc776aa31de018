//! Every format of the table: its id, its rules, and what its fixtures say, as `vedetta decode` prints it.
//! `make bless` accepts what they say now; read the difference before it is committed.

mod common;

use app::model::Time;
use common::{fixture, fixtures, now};
use server::{
    decode,
    feeds::format::{FORMATS, gtfs::Gtfs},
};
use std::collections::BTreeSet;

// The moment a format's fixtures were made for.
fn at(format: &str) -> Time {
    match format {
        "wzdx" => Time::parse("2026-03-02T08:00:00Z").unwrap(),
        _ => now(),
    }
}
// Fixtures are files; the README beside them and the timetable that names their trips are not.
fn files(format: &str) -> BTreeSet<String> {
    let folder = fixtures(format);
    let names = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("format `{format}` has no fixtures in {}: {e}", folder.display()));
    let names = names.map(|f| f.unwrap().file_name().into_string().unwrap());
    names.filter(|n| !matches!(n.as_str(), "README.md" | "static.zip")).collect()
}

#[test]
fn ids_are_unique_and_every_format_has_fixtures() {
    let mut seen = BTreeSet::new();
    for f in FORMATS {
        assert!(seen.insert(f.id), "two formats are called `{}`", f.id);
        assert!(!f.title.is_empty() && !f.media_types.is_empty(), "`{}` lacks a title or a media type", f.id);
        assert!(!files(f.id).is_empty(), "format `{}` has no fixture", f.id);
    }
    let folders = std::fs::read_dir(fixtures("")).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    for folder in folders {
        assert!(seen.contains(folder.as_str()), "fixtures/{folder} belongs to no format");
    }
}

#[test]
fn every_rule_has_an_id_of_its_own_and_a_paragraph() {
    for f in FORMATS {
        let mut seen = BTreeSet::new();
        assert!(!f.rules.is_empty(), "`{}` judges by no rule", f.id);
        for r in f.rules {
            assert!(seen.insert(r.id), "`{}` has two rules {}", f.id, r.id);
            assert!(!r.title.is_empty(), "{} has no title", r.id);
            assert!(r.text.chars().count() >= 80, "{} needs a paragraph: why, by which section, what is done about it", r.id);
        }
    }
}

#[test]
fn what_the_fixtures_say() {
    for f in FORMATS {
        let gtfs = fixtures(f.id).join("static.zip");
        let gtfs = gtfs.is_file().then(|| Gtfs::read(&std::fs::read(gtfs).unwrap()).unwrap().0);
        let known: BTreeSet<&str> = f.rules.iter().map(|r| r.id).collect();
        for file in files(f.id) {
            let mut out = Vec::new();
            let said = match decode::decode(f.id, &fixture(f.id, &file), gtfs.as_ref(), at(f.id), &mut out) {
                Ok(()) => String::from_utf8(out).unwrap(),
                Err(why) => {
                    let (at, what) = why.split_once(": ").unwrap_or_default();
                    assert!(!at.is_empty() && !what.is_empty(), "{file}: `{why}` does not say where and why");
                    format!("REFUSED {why}\n")
                }
            };
            let broken = ["broken", "truncated"].iter().any(|b| file.starts_with(b));
            assert_eq!(said.starts_with("REFUSED"), broken, "{file}: {said}");
            for line in said.lines().filter(|_| !broken) {
                let json: serde_json::Value = serde_json::from_str(line).unwrap();
                if json["kind"] == "finding" {
                    let rule = json["rule"].as_str().unwrap();
                    assert!(known.contains(rule), "{file}: {rule} is not in the table of rules");
                }
            }
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, description => format!("{}/{file}", f.id) }, {
                insta::assert_snapshot!(format!("{}__{file}", f.id), said);
            });
        }
    }
}
