//! The two tools that the page's own tests need, at fixed versions, kept inside `target`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::shell::{cargo, on_path, run, say, target};

/// A program that a registry crate provides.
struct Tool {
    /// The crate.
    package: &'static str,
    /// The exact version of the crate and of what its programs print.
    version: &'static str,
    /// What is used of it; the first one is asked for its version.
    programs: &'static [&'static str],
    /// Extra words for `cargo install`.
    arguments: &'static [&'static str],
}

const WASM_PACK: Tool =
    Tool { package: "wasm-pack", version: "0.15.1", programs: &["wasm-pack"], arguments: &[] };

/// The version is that of the wasm-bindgen crate. Without its features there is no TLS in it, which
/// a driver on the loopback interface does not need and which takes long to compile.
const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    arguments: &["--no-default-features"],
};

/// Makes both tools available and returns the folders to put before `PATH`.
///
/// # Errors
/// Where one cannot be built.
pub(crate) fn ensure() -> Result<Vec<PathBuf>> {
    let own = target().join("tools").join("bin");
    let mut folders = Vec::new();
    for tool in [&WASM_PACK, &WASM_BINDGEN] {
        folders.push(match tool.found(&own) {
            Some(folder) => folder,
            None => {
                tool.install()?;
                own.clone()
            }
        });
    }
    Ok(folders)
}

impl Tool {
    /// The folder that holds all programs at the right version.
    fn found(&self, own: &Path) -> Option<PathBuf> {
        let elsewhere = on_path(self.programs).and_then(|file| Some(file.parent()?.to_path_buf()));
        [Some(own.to_path_buf()), elsewhere]
            .into_iter()
            .flatten()
            .find(|folder| self.programs.iter().all(|name| self.right(folder, name)))
    }

    fn right(&self, folder: &Path, program: &str) -> bool {
        let output = Command::new(folder.join(program)).arg("--version").output();
        output.is_ok_and(|output| {
            let text = String::from_utf8_lossy(&output.stdout);
            text.split_whitespace().nth(1) == Some(self.version)
        })
    }

    /// Both share one target folder, and an unoptimised build: it takes half as long to make, and
    /// what the tools do takes a second either way.
    fn install(&self) -> Result<()> {
        let Tool { package, version, .. } = self;
        say(&format!("building {package} {version} into target/tools, once: two to four minutes"));
        let mut install = cargo();
        install
            .args(["install", "--debug", "--no-track", "--force", "--quiet"])
            .args(self.arguments)
            .args(self.programs.iter().flat_map(|name| ["--bin", name]))
            .arg("--root")
            .arg(target().join("tools"))
            .arg("--target-dir")
            .arg(target().join("tools").join("build"))
            .args(["--version", version, package])
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        run(&mut install)
    }
}
