//! Running other programs: each long step is announced in one line, each failure names its program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The repository's root: that of the `cargo run` that started this program, which another clone may have
/// compiled into a target folder that both use.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.parent().unwrap_or(&here).to_path_buf()
}

/// Where cargo and this program put what they build.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// One line about a step that takes a while.
pub(crate) fn say(step: &str) {
    eprintln!("==> {step}");
}

/// `cargo` in the repository's root, the one that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs `command` with its output shown.
///
/// # Errors
/// Where it cannot be started or does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}

/// Runs `command` and returns what it wrote to its standard output; its errors are shown.
///
/// # Errors
/// Where it cannot be started, does not succeed or writes no text.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = name(command);
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The program and its first argument: enough to recognise it in a message.
pub(crate) fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(first) = command.get_args().next() {
        name.push(' ');
        name.push_str(&first.to_string_lossy());
    }
    name
}

/// The first of `names` that is a file in a directory of `PATH`.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| {
            let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
            folders.iter().map(move |folder| folder.join(&file))
        })
        .find(|file| file.is_file())
}

/// Whether `apt-get install` can be expected to work: Debian or a child of it, as root.
pub(crate) fn debian_root() -> bool {
    let root = Command::new("id").arg("-u").output();
    PathBuf::from("/etc/debian_version").exists()
        && root.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Installs Debian packages, without what they only recommend.
///
/// # Errors
/// Where `apt-get` fails.
pub(crate) fn apt(packages: &[&str]) -> Result<()> {
    let get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(command.stdin(std::process::Stdio::null()))
    };
    get(&["update", "-qq"])?;
    get(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}

/// Every file below `folder`, in the order of the file system.
///
/// # Errors
/// Where a folder cannot be read.
pub(crate) fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
