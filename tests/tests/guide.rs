//! The commands of the guide print what the guide shows: `MIGFIT_BLESS=1 cargo test -p migfit-tests --test guide`
//! writes what they print.

#![expect(clippy::panic, reason = "a command that cannot be run must fail its test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use migfit_tests::doors::built;

/// The folder whose files the commands name.
fn files() -> PathBuf {
    guide().join("files")
}

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide")
}

/// The pages whose console blocks are run: the guide, and the front page.
fn pages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(guide()).unwrap_or_else(|error| panic!("docs/guide: {error}"));
    let mut pages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    pages.retain(|page| page.extension().is_some_and(|end| end == "md"));
    pages.push(guide().join("../../README.md"));
    pages.sort();
    pages
}

/// What a shell in the folder of files prints for `command`, errors and all.
fn printed(command: &str) -> String {
    let program = built("migfit");
    let folder = program.parent().map(Path::to_path_buf).unwrap_or_default();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&inherited)));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(files())
        .env("PATH", path.unwrap_or_default())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "160")
        .output()
        .unwrap_or_else(|error| panic!("{command}: {error}"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Whether `shown` is `real`, where a line `...` stands for any lines.
fn same(shown: &[&str], real: &[&str]) -> bool {
    match shown.split_first() {
        None => real.is_empty(),
        Some((&"...", rest)) => (0..=real.len()).any(|skipped| same(rest, &real[skipped..])),
        Some((line, rest)) => {
            real.split_first().is_some_and(|(other, real)| line == other && same(rest, real))
        }
    }
}

/// The page with what its commands print, and the commands that print something else than is shown.
fn run(page: &str) -> (String, Vec<String>) {
    let (mut written, mut wrong) = (String::new(), Vec::new());
    let mut lines = page.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        written += &format!("{line}\n");
        inside = if inside { line != "```" } else { line == "```console" };
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let mut shown = Vec::new();
        while let Some(next) = lines.next_if(|next| *next != "```" && !next.starts_with("$ ")) {
            shown.push(next);
        }
        let real = printed(command);
        let real: Vec<&str> = real.lines().collect();
        let holds = same(&shown, &real);
        if !holds {
            wrong.push(format!("$ {command}\n{}", real.join("\n")));
        }
        let kept = if holds { &shown } else { &real };
        written.extend(kept.iter().map(|line| format!("{line}\n")));
    }
    (written, wrong)
}

#[test]
fn every_command_prints_what_is_shown() {
    let (mut commands, mut wrong) = (0, Vec::new());
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        commands += text.lines().filter(|line| line.starts_with("$ migfit ")).count();
        let (written, differing) = run(&text);
        if std::env::var_os("MIGFIT_BLESS").is_some() {
            std::fs::write(&page, written).unwrap();
        } else {
            wrong.extend(differing.into_iter().map(|one| format!("{}\n{one}", page.display())));
        }
    }
    assert!(commands > 10, "only {commands} commands were found");
    assert!(wrong.is_empty(), "write them with MIGFIT_BLESS=1:\n{}", wrong.join("\n\n"));
}

/// Links to files of the repository, from every page of it, lead somewhere.
#[test]
fn no_link_between_pages_is_dead() {
    let root = guide().join("../..");
    let mut all = pages();
    for folder in ["", "docs", "docs/lints", "js", "wasm-policy", "tests/oracle", "tests/schemas"] {
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        all.extend(
            entries.map(|entry| entry.path()).filter(|file| file.extension().is_some_and(|end| end == "md")),
        );
    }
    let mut dead = Vec::new();
    let mut links = 0;
    for page in all {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link)) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains(':') || file.contains(char::is_whitespace) {
                continue;
            }
            links += 1;
            if !page.parent().is_some_and(|folder| folder.join(file).exists()) {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(links > 20, "only {links} links were found");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
