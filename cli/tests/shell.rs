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
    assert_eq!(names.first(), Some(&"migfit-advise.1"));
    assert!(names.contains(&"migfit-fit.1") && names.contains(&"migfit.1") && !names.contains(&"other.1"));
    let page = std::fs::read_to_string(folder.path().join("migfit-hub.1")).unwrap();
    assert!(page.contains("HF_ENDPOINT"), "{page}");

    let file = folder.path().join("other.1");
    let output = migfit(&["man", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("expected a folder that can be written"));
}

#[test]
fn a_mistyped_command_is_guessed() {
    for (written, meant) in [("fti", "fit"), ("chek", "check"), ("simualte", "simulate")] {
        let output = migfit(&[written]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(&format!("a similar subcommand exists: '{meant}'")), "{said}");
    }
    let said = String::from_utf8(migfit(&["zzzzzz"]).stderr).unwrap();
    assert!(!said.contains("similar"), "{said}");
}

#[test]
fn colours_are_there_where_they_are_wanted_alone() {
    let arguments = ["fit", "mistralai/Mistral-7B-v0.1", "--gpu", "A30"];
    let said = |more: &[&str], environment: &[(&str, &str)]| {
        let output = Command::new(env!("CARGO_BIN_EXE_migfit"))
            .args([&arguments[..], more].concat())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = said(&[], &[]);
    assert!(!plain.contains('\x1b') && plain.contains(" fits "), "{plain}");
    let coloured = said(&["--color", "always"], &[]);
    assert!(coloured.contains("\x1b[38;5;9m") && coloured.contains("\x1b[38;5;10m"), "{coloured:?}");
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert_eq!(said(&["--color=never"], &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(said(&[], &[("NO_COLOR", "1")]), plain);
}

/// Every command shows how it is used.
#[test]
fn every_command_has_examples() {
    let help = |arguments: &[&str]| String::from_utf8(migfit(arguments).stdout).unwrap();
    let all = help(&["--help"]);
    let (_, commands) = all.split_once("Commands:\n").unwrap();
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        let said = help(&[name, "--help"]);
        assert!(name == "help" || said.contains(&format!("\n  migfit {name} ")), "{said}");
    }
}
