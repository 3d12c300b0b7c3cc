//! The npm package as a project that depends on it sees it: a folder with `node_modules/migfit`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the folder of the built package.
pub const FOLDER: &str = "MIGFIT_NPM_DIR";
/// Names TypeScript's compiler, a program for Node.
pub const TSC: &str = "MIGFIT_TSC";

/// A project of its own in a temporary folder.
#[derive(Debug)]
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A project with the built package in it, and nothing else.
    ///
    /// # Errors
    /// Where the package was not built or cannot be copied.
    pub fn new() -> Result<Project, String> {
        let package = std::env::var_os(FOLDER).map(PathBuf::from);
        let package = package.ok_or_else(|| format!("{FOLDER} is not set: run `cargo xtask test`"))?;
        let told = |error: std::io::Error| format!("{}: {error}", package.display());
        let folder = tempfile::tempdir().map_err(told)?;
        let installed = folder.path().join("node_modules").join("migfit");
        fs::create_dir_all(&installed).map_err(told)?;
        for entry in fs::read_dir(&package).map_err(told)? {
            let entry = entry.map_err(told)?;
            fs::copy(entry.path(), installed.join(entry.file_name())).map_err(told)?;
        }
        fs::write(folder.path().join("package.json"), r#"{"type": "module"}"#).map_err(told)?;
        Ok(Project { folder })
    }

    /// Writes a file of the project.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> Result<(), String> {
        fs::write(self.folder.path().join(name), text).map_err(|error| format!("{name}: {error}"))
    }

    /// What Node prints when it runs `program` with `arguments` and `input`.
    ///
    /// # Errors
    /// What it printed where it fails.
    pub fn node(&self, program: &Path, arguments: &[&str], input: &str) -> Result<String, String> {
        let mut child = Command::new("node")
            .arg(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("node: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).map_err(|error| error.to_string())?;
        }
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            Ok(printed)
        } else {
            Err(format!("{printed}{}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}
