//! The documents say what the code does: what the README lists is there and nothing is left out, its configuration is read, every
//! place the documents point at exists, and RULES.md is what `vedetta rules` prints. `make bless` writes RULES.md anew.

use server::{config::Config, decode, feeds::format::FORMATS, rules::alarm, rules::kpi};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

// The part of a document under a heading, up to the next one.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let start = text.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("there is no `## {heading}`"));
    let body = &text[start + 4..];
    &body[..body.find("\n## ").unwrap_or(body.len())]
}
// What stands between back quotes in the first column of a section's table.
fn listed(section: &str) -> BTreeSet<String> {
    let cells = section.lines().filter_map(|l| l.strip_prefix('|')?.split('|').next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}
// What stands in quotes behind each `before` in a source.
fn quoted(source: &str, before: &str) -> BTreeSet<String> {
    source.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}
fn ids<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    ids.map(str::to_owned).collect()
}

#[test]
fn the_readme_lists_what_is_there() {
    let readme = read("README.md");
    assert_eq!(listed(section(&readme, "Formats")), ids(FORMATS.iter().map(|f| f.id)));
    assert_eq!(listed(section(&readme, "Key figures")), ids(kpi::KPIS.iter().map(|k| k.id)));
    assert_eq!(listed(section(&readme, "Alarms")), ids(alarm::RULES.iter().map(|r| r.id)));
    assert_eq!(listed(section(&readme, "Pages")), ids(app::pages::PAGES.iter().map(|p| p.path)));
    assert_eq!(listed(section(&readme, "HTTP")), quoted(&read("server/src/web/mod.rs"), ".route(\""));
}

#[test]
fn the_readme_lists_the_commands() {
    let help = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_vedetta")).args(args).arg("--help").output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let commands = |args: &[&str]| -> BTreeSet<String> {
        let text = help(args);
        let list = text.split_once("Commands:\n").map_or("", |(_, rest)| rest).lines().take_while(|l| l.starts_with(' '));
        list.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").map(str::to_owned).collect()
    };
    let mut wanted = BTreeSet::new();
    for command in commands(&[]) {
        let inner = commands(&[&command]);
        if inner.is_empty() {
            wanted.insert(command);
        } else {
            wanted.extend(inner.iter().map(|i| format!("{command} {i}")));
        }
    }
    let readme = read("README.md");
    let mut told = BTreeSet::new();
    for line in listed(section(&readme, "Commands")) {
        // `vedetta bench ingest [--json]`: the words before the first option or argument.
        let words: Vec<&str> = line.split_whitespace().skip(1).take_while(|w| w.bytes().all(|b| b.is_ascii_lowercase())).collect();
        let known = help(&words);
        for option in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|w| w.starts_with("--")) {
            assert!(known.contains(option), "`{line}`: there is no {option}");
        }
        told.insert(words.join(" "));
    }
    assert_eq!(told, wanted);
}

#[test]
fn the_readmes_configuration_is_read_and_holds_every_key() {
    let readme = read("README.md");
    let toml = section(&readme, "Configuration").split("```toml\n").nth(1).and_then(|t| t.split("```").next()).expect("a TOML example");
    let config: Config = toml::from_str(toml).unwrap_or_else(|e| panic!("{e}"));
    assert!(!config.feed.is_empty());
    // A key nobody knows makes the reader name those it knows.
    for wrong in [
        "nonsense = 1",
        "[city]\nnonsense = 1",
        "[[feed]]\nnonsense = 1",
        "[[feed]]\nsource = { nonsense = 1 }",
        "[[feed]]\nsource = { replay = { nonsense = 1 } }",
        "[[feed]]\nsource = { push = { nonsense = 1 } }",
    ] {
        let said = toml::from_str::<Config>(wrong).unwrap_err().message().to_owned();
        let keys: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        assert!(!keys.is_empty(), "{said}");
        for key in keys {
            let stands = toml.match_indices(key).any(|(at, _)| {
                let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                !word(toml[..at].chars().next_back()) && !word(toml[at + key.len()..].chars().next())
            });
            assert!(stands, "the README's configuration lacks `{key}`");
        }
    }
}

#[test]
fn every_place_the_documents_name_exists() {
    let mut wrong = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        // Code blocks are left out; what remains between back quotes may be a path, or a path and a name in it: `a/b.rs#name`.
        let text: String = read(document).split("```").step_by(2).collect();
        for token in text.split('`').skip(1).step_by(2) {
            let (path, name) = token.split_once('#').map_or((token, None), |(p, n)| (p, Some(n)));
            let ours = ["app/", "server/", "style/", "public/", "end2end/", "setup/"].iter().any(|top| path.starts_with(top));
            // NAME and ID stand for whatever is being added; what npm installs is not kept.
            let made_up = path.contains("NAME")
                || path.contains("/ID/")
                || path.ends_with("node_modules")
                || path.contains(['{', '*', '<', ' ', '…']);
            if !ours || made_up {
                continue;
            }
            let file = root().join(path);
            match name {
                None if !file.exists() => wrong.push(format!("{document}: there is no {path}")),
                Some(name) if !std::fs::read_to_string(&file).is_ok_and(|t| t.contains(name)) => {
                    wrong.push(format!("{document}: there is no `{name}` in {path}"));
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_document_is_current() {
    let mut now = Vec::new();
    decode::rules(None, &mut now).unwrap();
    let (now, path) = (String::from_utf8(now).unwrap(), root().join("server/RULES.md"));
    if ["UPDATE", "INSTA_UPDATE"].iter().any(|v| std::env::var(v).is_ok_and(|v| v == "1" || v == "always")) {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let line = kept.lines().zip(now.lines()).position(|(a, b)| a != b).unwrap_or(kept.lines().count().min(now.lines().count())) + 1;
    assert!(kept == now, "server/RULES.md differs from `vedetta rules` from line {line} on: run `make bless`");
}
