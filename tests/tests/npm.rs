//! The npm package from plain JavaScript and from strict TypeScript.

#![expect(clippy::panic, reason = "a program that fails must fail its test with what it printed")]

use std::path::{Path, PathBuf};

use migfit_tests::package::{Project, TSC};

fn project() -> Project {
    Project::new().unwrap_or_else(|why| panic!("{why}"))
}

/// The text of the fenced block that starts with ```` ```kind ````.
fn block<'a>(page: &'a str, kind: &str) -> &'a str {
    let start = format!("```{kind}\n");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no block {kind}"));
    rest.split_once("```").map_or(rest, |(block, _)| block)
}

#[test]
fn the_example_of_the_readme_prints_what_the_readme_says() {
    let page = include_str!("../../js/README.md");
    let project = project();
    project.write("example.js", block(page, "js")).unwrap();
    let printed = project.node(Path::new("example.js"), &[], "").unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(printed, block(page, "text"));
}

#[test]
fn strict_typescript_takes_the_types_and_finds_what_is_wrong() {
    let tsc = std::env::var_os(TSC).map(PathBuf::from);
    let tsc = tsc.unwrap_or_else(|| panic!("{TSC} is not set: run `cargo xtask test`"));
    let project = project();
    project.write("use.ts", include_str!("npm/use.ts")).unwrap();
    let strict = [
        "--strict",
        "--noUncheckedIndexedAccess",
        "--exactOptionalPropertyTypes",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        "es2022",
        "use.ts",
    ];
    project.node(&tsc, &strict, "").unwrap_or_else(|why| panic!("{why}"));
    let printed = project.node(Path::new("use.js"), &[], "").unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(
        printed,
        "bigint 8030261248\nnvidia.com/mig-1g.20gb fits\nunknown-gpu 1\nnvidia-smi mig -i 0 -cgi 5:0 -C\n\
         no does-not-fit\nbig fits 2\nPod llama 2\ntrue true\n1n 1n true\n"
    );
}

/// What a bundler would take for a browser: every file that the package's entry points name is in it.
#[test]
fn the_package_holds_every_file_that_it_names() {
    let project = project();
    let check = r#"
        import { existsSync, readFileSync } from "node:fs";
        const folder = "node_modules/migfit/";
        const { exports, files, types } = JSON.parse(readFileSync(folder + "package.json"));
        const named = [types, ...files, ...Object.values(exports["."]), exports["./migfit_bg.wasm"]];
        console.log(named.filter((file) => !existsSync(folder + file)).join());
    "#;
    project.write("check.js", check).unwrap();
    assert_eq!(project.node(Path::new("check.js"), &[], ""), Ok("\n".to_owned()));
}
