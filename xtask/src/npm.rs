//! The npm package: the module, its glue and types, and the files of `js/package`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::build;
use crate::page::copy;
use crate::shell::{root, say};

/// The stem of the module and its glue: `migfit.js`, `migfit_bg.wasm`.
const STEM: &str = "migfit";

/// Builds the package into `dist/npm`, from nothing, and returns that folder.
///
/// # Errors
/// Where cargo or wasm-bindgen fails, or a file cannot be copied.
pub(crate) fn build() -> Result<PathBuf> {
    let module = build::module("migfit-js", "page", "migfit_js.wasm")?;
    let folder = root().join("dist").join("npm");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    say("writing the package's JavaScript and types");
    Bindgen::new()
        .input_path(module)
        .out_name(STEM)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .context("wasm-bindgen")?;
    tidy(&folder.join(format!("{STEM}.d.ts")))?;
    copy(&root().join("js").join("package"), &folder)?;
    fs::copy(root().join("js").join("README.md"), folder.join("README.md"))?;
    fs::copy(root().join("LICENSE"), folder.join("LICENSE"))?;
    Ok(folder)
}

/// Where the types of the module's start begin, which the package's own files call.
const START: &str = "export type InitInput";

/// wasm-bindgen indents what follows a custom section without end: two thirds of the file would be blanks. The types of
/// the module's start are left out: they name what only a browser's types define.
fn tidy(types: &Path) -> Result<()> {
    let text = fs::read_to_string(types)?;
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.starts_with(START)).collect();
    Ok(fs::write(types, lines.join("\n") + "\n")?)
}
