//! The rules of the house: imports point one way, no door knows another, files stay readable.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rooms of `core`, from the bottom up. A room may use the rooms of the rows above its own, and the rooms named for it.
const ROOMS: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("source", &[]),
    ("order", &[]),
    ("problem", &["order"]),
    ("yaml", &["problem"]),
    ("packed", &[]),
    ("ratio", &["units", "problem"]),
    ("model", &["units", "source", "problem", "order", "packed"]),
    ("catalog", &["source", "problem", "order", "packed", "model"]),
    ("gpu", &["units", "source", "problem", "order"]),
    ("engine", &["units", "source", "problem", "ratio"]),
    ("memory", &["units", "source", "problem", "ratio", "model", "engine"]),
    ("inspect", &["units", "model", "memory"]),
    ("fleet", &["units", "source", "problem", "order", "gpu"]),
    (
        "matching",
        &["units", "source", "problem", "ratio", "model", "gpu", "engine", "memory", "inspect", "fleet"],
    ),
    (
        "planning",
        &[
            "units", "source", "problem", "ratio", "model", "gpu", "engine", "memory", "inspect", "fleet",
            "matching",
        ],
    ),
    (
        "kubernetes",
        &[
            "units", "source", "problem", "ratio", "model", "gpu", "engine", "memory", "inspect", "fleet",
            "matching", "order", "yaml",
        ],
    ),
    (
        "exports",
        &[
            "units",
            "source",
            "problem",
            "ratio",
            "model",
            "gpu",
            "engine",
            "memory",
            "inspect",
            "fleet",
            "matching",
            "planning",
            "kubernetes",
        ],
    ),
    (
        "review",
        &[
            "units",
            "source",
            "problem",
            "ratio",
            "model",
            "catalog",
            "gpu",
            "engine",
            "memory",
            "inspect",
            "fleet",
            "matching",
            "kubernetes",
            "yaml",
            "order",
        ],
    ),
    (
        "correction",
        &[
            "units",
            "source",
            "problem",
            "ratio",
            "model",
            "catalog",
            "gpu",
            "engine",
            "memory",
            "inspect",
            "fleet",
            "matching",
            "kubernetes",
            "review",
            "order",
        ],
    ),
    (
        "admission",
        &[
            "units",
            "source",
            "problem",
            "ratio",
            "model",
            "catalog",
            "gpu",
            "engine",
            "memory",
            "inspect",
            "fleet",
            "matching",
            "kubernetes",
            "review",
            "order",
            "correction",
        ],
    ),
    (
        "workloads",
        &[
            "units",
            "source",
            "problem",
            "ratio",
            "model",
            "catalog",
            "gpu",
            "engine",
            "memory",
            "inspect",
            "fleet",
            "matching",
            "kubernetes",
            "review",
        ],
    ),
];

/// Doors, which may use the core and nothing of each other.
const DOORS: &[(&str, &str)] =
    &[("cli", "migfit-cli"), ("js", "migfit-js"), ("web", "migfit-web"), ("wasm-policy", "migfit-policy")];

/// The most lines of a source file; tables of facts are apart.
const MOST_LINES: usize = 320;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten().map(|entry| entry.path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|end| end == "rs") {
            found.push(entry);
        }
    }
    found.sort();
}

/// The room that a file of `core/src` stands in.
fn room(core: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(core).unwrap_or(file);
    let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Rooms that a line imports: `crate::gpu::Device`, and every one of `crate::{gpu, units}`.
fn imports(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let word =
            |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(list.split(',').map(word)),
            None => rooms.push(word(rest)),
        }
    }
    rooms
}

#[test]
fn imports_of_the_core_point_one_way() {
    let core = root().join("core/src");
    let mut files = Vec::new();
    sources(&core, &mut files);
    assert!(files.len() > 40, "only {} files found", files.len());
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let own = room(&core, &file);
        if own == "lib" {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!(
                "{} stands in no room: name it in ROOMS and in ARCHITECTURE.md",
                file.display()
            ));
            continue;
        };
        seen.insert(own.clone());
        // Tests may look anywhere.
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let of_tests = |inside: &Path| inside.iter().any(|part| part == "tests");
        if file.ends_with("tests.rs") || file.strip_prefix(&core).is_ok_and(of_tests) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for used in imports(line) {
                let known = ROOMS.iter().any(|(name, _)| *name == used);
                if known && used != own && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("{}:{}: {own} may not use {used}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.contains("model") && seen.contains("matching"));
}

#[test]
fn the_rooms_of_the_architecture_page_are_those_of_the_code() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let core = root().join("core/src");
    for (name, _) in ROOMS {
        let stands = core.join(format!("{name}.rs")).is_file() || core.join(name).is_dir();
        let told = page.contains(&format!("`{name}`"));
        assert!(!stands || told, "ARCHITECTURE.md does not tell of `{name}`");
    }
}

#[test]
fn no_door_knows_another() {
    for (folder, _) in DOORS {
        let Ok(manifest) = std::fs::read_to_string(root().join(folder).join("Cargo.toml")) else { continue };
        let own = folder;
        for (other, package) in DOORS.iter().filter(|(folder, _)| folder != own) {
            assert!(!manifest.contains(&format!("{package}.")), "{folder} depends on {other}");
            assert!(!manifest.contains(&format!("{package} =")), "{folder} depends on {other}");
        }
    }
}

#[test]
fn the_core_knows_no_door() {
    let manifest = std::fs::read_to_string(root().join("core/Cargo.toml")).unwrap();
    let normal = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    for stranger in ["wasm-bindgen", "js-sys", "web-sys", "yew", "gloo", "wapc", "tokio", "rand"] {
        let named = |line: &str| line.trim().split([' ', '.', '=']).next() == Some(stranger);
        assert!(!normal.lines().any(named), "core depends on {stranger}");
    }
}

#[test]
fn files_stay_readable() {
    let mut files = Vec::new();
    for folder in ["core", "cli", "js", "web", "wasm-policy", "tests", "xtask"] {
        sources(&root().join(folder).join("src"), &mut files);
    }
    let long: Vec<String> = files
        .iter()
        .filter(|file| !file.components().any(|part| part.as_os_str() == "facts"))
        .map(|file| (file, std::fs::read_to_string(file).unwrap_or_default().lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "split these, or move their facts into a table:\n{}", long.join("\n"));
}
