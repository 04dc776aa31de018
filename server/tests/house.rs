//! Who may know whom. The folders are the flow; a `use` that runs against it is a design mistake, found here by reading the
//! source as text. Test code is exempt: it may hold everything.

use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            out.extend(sources(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" {
            out.push(path);
        }
    }
    out.sort();
    out
}

// A file as it ships: without comments, and without what stands under `#[cfg(test)]` at its end.
fn shipped(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().enumerate().take_while(|(_, l)| l.trim() != "#[cfg(test)]");
    lines.map(|(i, l)| (i + 1, l.split("//").next().unwrap_or("").to_owned())).collect()
}

// Every path a file names that starts in its own crate or in `app`, written out in full: `use a::{b, c::d};` gives a::b, a::c::d;
// `super` is resolved; `a::b::C` in the midst of code counts too.
fn named(path: &Path, crate_root: &Path) -> Vec<(usize, String)> {
    let within = path.strip_prefix(crate_root).unwrap().with_extension("");
    let mut module: Vec<String> = within.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    let mut out = Vec::new();
    let mut statement: Option<(usize, String)> = None;
    for (n, line) in shipped(path) {
        let trimmed = line.trim();
        let starts = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "].iter().find_map(|p| trimmed.strip_prefix(p));
        match (&mut statement, starts) {
            (None, Some(rest)) => statement = Some((n, rest.to_owned())),
            (Some((_, so_far)), _) => so_far.push_str(trimmed),
            (None, None) => {
                for start in ["crate::", "super::", "app::", "server::"] {
                    for (at, _) in line.match_indices(start) {
                        let before = line[..at].chars().next_back();
                        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                            let word = line[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap_or("");
                            out.push((n, word.to_owned()));
                        }
                    }
                }
            }
        }
        if let Some((n, whole)) = statement.take_if(|(_, s)| s.contains(';')) {
            let whole = whole.split(';').next().unwrap_or("").replace(' ', "");
            out.extend(spread(&whole).into_iter().map(|p| (n, p)));
        }
    }
    out.into_iter().filter_map(|(n, p)| Some((n, absolute(&p, &module)?))).collect()
}

// `a::{b,c::{d,e}}` as a::b, a::c::d, a::c::e.
fn spread(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inner = &rest[..rest.rfind('}').unwrap_or(rest.len())];
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (i, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[from..i]);
                from = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[from..]);
    parts.into_iter().filter(|p| !p.is_empty()).flat_map(spread).map(|p| format!("{head}{p}")).collect()
}

fn absolute(path: &str, module: &[String]) -> Option<String> {
    let mut module = module.to_vec();
    let mut rest = path;
    if let Some(p) = rest.strip_prefix("crate::") {
        return Some(format!("crate::{p}"));
    }
    let own = rest.starts_with("super::") || rest.starts_with("self::");
    while let Some(p) = rest.strip_prefix("super::").or_else(|| rest.strip_prefix("self::")) {
        if rest.starts_with("super::") {
            module.pop()?;
        }
        rest = p;
    }
    match own {
        true => Some(format!("crate::{}::{rest}", module.join("::"))),
        false => Some(rest.to_owned()),
    }
}

// What `folder` names that it may not know. `may` and `may_not` are beginnings of paths.
fn against(crate_root: &str, folder: &str, forbidden: impl Fn(&str) -> bool, law: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(crate_root);
    let files = if root.join(folder).is_dir() { sources(&root.join(folder)) } else { vec![root.join(folder)] };
    assert!(!files.is_empty(), "{folder} is empty: this law guards nothing");
    let mut out = Vec::new();
    for file in files {
        for (line, path) in named(&file, &root) {
            if forbidden(&path) {
                let shown = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap_or(&file);
                out.push(format!("{}:{line} names {path}: {law}", shown.display()));
            }
        }
    }
    out
}

fn under(path: &str, begins: &[&str]) -> bool {
    begins.iter().any(|b| path == *b || path.strip_prefix(b).is_some_and(|rest| rest.starts_with("::")))
}

#[test]
fn nobody_knows_what_it_must_not() {
    let ours = |p: &str| under(p, &["crate", "app", "server"]);
    let mut wrong = Vec::new();
    // A format: the model and its own folder. Formats may lend each other a hand (a zip guard, an XML walker), never reach out.
    let law = "a format knows only the model and other formats' tools";
    wrong.extend(against("src", "feeds/format", |p| ours(p) && !under(p, &["app::model", "crate::feeds::format"]), law));
    let outside = ["tokio", "reqwest", "axum", "sqlx", "std::fs", "std::net", "leptos"];
    wrong.extend(against("src", "feeds/format", |p| under(p, &outside), "a format is bytes in, reports out: no I/O"));
    let law = "a source brings bytes: it knows no format and nobody downstream";
    wrong.extend(against("src", "feeds/source", |p| ours(p) && !under(p, &["app::model::Time", "crate::feeds::source"]), law));
    wrong.extend(against("src", "ledger", |p| ours(p) && !under(p, &["app::model", "crate::ledger"]), "the ledger knows only the model"));
    let law = "rules are functions of the city and the moment";
    wrong.extend(against("src", "rules", |p| ours(p) && !under(p, &["app::model", "crate::ledger", "crate::rules"]), law));
    let outside = ["tokio", "reqwest", "axum", "sqlx", "std::fs", "std::net", "leptos"];
    wrong.extend(against("src", "rules", |p| under(p, &outside), "rules are pure"));
    wrong.extend(against("src", "stream", |p| under(p, &["crate::web", "crate::feeds", "axum"]), "the stream knows ledger and rules"));
    wrong.extend(against("src", "feeds", |p| under(p, &["crate::web", "crate::rules"]), "feeds know neither rules nor web"));
    let outside =
        ["leptos", "leptos_meta", "leptos_router", "axum", "tokio", "web_sys", "js_sys", "wasm_bindgen", "crate::wire", "crate::live"];
    wrong.extend(against("../app/src", "model", |p| under(p, &outside), "the model knows nothing but serde"));
    wrong.extend(against("../app/src", "model", |p| under(p, &["crate"]) && !under(p, &["crate::model"]), "the model knows only itself"));
    let law = "the wire knows the model";
    wrong.extend(against("../app/src", "wire.rs", |p| under(p, &["leptos"]) || under(p, &["crate"]) && !under(p, &["crate::model"]), law));
    assert!(wrong.is_empty(), "{} against the house rules:\n  {}", wrong.len(), wrong.join("\n  "));
}

#[test]
fn only_main_reads_clock_and_chance() {
    let mut wrong = Vec::new();
    for (root, but) in [("src", ["main.rs", "clock.rs"]), ("../app/src/model", ["", ""])] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        for file in sources(&root).into_iter().filter(|f| !but.iter().any(|b| f.strip_prefix(&root).unwrap() == Path::new(b))) {
            for (n, line) in shipped(&file) {
                let reads = ["SystemTime::now(", "fastrand::u64(", "Rng::new()", "jiff::Timestamp::now(", "Zoned::now("];
                if let Some(what) = reads.iter().find(|r| line.contains(**r)) {
                    wrong.push(format!("{}:{n} calls {what}…: it is handed in by main", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_this_test_reads_rightly() {
    assert_eq!(spread("a::{b,c::{d,e},f::g}"), ["a::b", "a::c::d", "a::c::e", "a::f::g"]);
    let module = ["feeds", "format", "cap"].map(String::from);
    assert_eq!(absolute("super::xml::Doc", &module).as_deref(), Some("crate::feeds::format::xml::Doc"));
    assert_eq!(absolute("super::super::source", &module).as_deref(), Some("crate::feeds::source"));
    assert_eq!(absolute("app::model::Time", &module).as_deref(), Some("app::model::Time"));
    assert!(under("crate::web::api", &["crate::web"]) && !under("crate::webs", &["crate::web"]));
}
