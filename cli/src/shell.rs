//! `migfit completions` and `migfit man`: what a shell and a manual need.

use std::path::PathBuf;

use clap::{Args, Command};
use migfit::problem::Problem;

use crate::report::Failure;

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  migfit completions bash > /etc/bash_completion.d/migfit
  migfit completions zsh > \"${fpath[1]}/_migfit\"
  migfit completions fish > ~/.config/fish/completions/migfit.fish")]
pub(crate) struct Completions {
    /// The shell.
    shell: clap_complete::Shell,
}

impl Completions {
    pub(crate) fn run(&self, mut command: Command) -> Result<String, Vec<Failure>> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "migfit", &mut script);
        Ok(String::from_utf8_lossy(&script).into_owned())
    }
}

/// Write the pages of the manual, one for each command.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  migfit man ~/.local/share/man/man1 && man migfit-fit")]
pub(crate) struct Manual {
    /// The folder to write to.
    folder: PathBuf,
}

impl Manual {
    pub(crate) fn run(&self, command: Command) -> Result<String, Vec<Failure>> {
        let written = std::fs::create_dir_all(&self.folder)
            .and_then(|()| clap_mangen::generate_to(command, &self.folder))
            .and_then(|()| listed(&self.folder));
        written.map_err(|error| {
            let file = self.folder.display().to_string();
            let problem =
                Problem::new("unwritable", "folder", error.to_string(), "a folder that can be written");
            vec![Failure { file, problem }]
        })
    }
}

fn listed(folder: &std::path::Path) -> std::io::Result<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // A folder of the manual has pages of others.
        if name.to_str().is_some_and(|name| name.starts_with("migfit") && name.ends_with(".1")) {
            names.push(entry.path().display().to_string());
        }
    }
    names.sort();
    Ok(names.join("\n") + "\n")
}
