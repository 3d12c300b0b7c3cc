//! `migfit completions` and `migfit man`.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::{Command, Output};

fn migfit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).output().unwrap()
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = migfit(&["completions", shell]);
        assert!(output.status.success());
        let script = String::from_utf8(output.stdout).unwrap();
        for command in ["fit", "export", "hub", "completions"] {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(!script.contains("migfit-cli"), "{shell}");
    }
    assert_eq!(migfit(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn a_page_of_the_manual_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("other.1"), "a page of somebody else").unwrap();
    let output = migfit(&["man", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = said.lines().map(|line| line.rsplit('/').next().unwrap()).collect();
    assert_eq!(names.first(), Some(&"migfit-check.1"));
    assert!(names.contains(&"migfit-fit.1") && names.contains(&"migfit.1") && !names.contains(&"other.1"));
    let page = std::fs::read_to_string(folder.path().join("migfit-hub.1")).unwrap();
    assert!(page.contains("HF_ENDPOINT"), "{page}");

    let file = folder.path().join("other.1");
    let output = migfit(&["man", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("expected a folder that can be written"));
}
