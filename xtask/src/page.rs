//! The page: the Yew program and its worker as modules, their JavaScript glue, and the files of `www`.
//!
//! Everything is linked relative to `index.html`, so that the folder works under any base path, and
//! nothing is written into `index.html`, so that a strict content security policy can stay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{root, say};
use crate::{build, offline};

/// The modules: package, and the stem of the module and its glue: `migfit_web.js`, `migfit_web_bg.wasm`.
/// The first is loaded with the page, the others when something is for the reader or the worker.
const MODULES: [(&str, &str); 3] =
    [("migfit-web", "migfit_web"), ("migfit-reader", "migfit_reader"), ("migfit-worker", "migfit_worker")];

/// Builds the page into `dist/page`, from nothing, and returns that folder.
///
/// # Errors
/// Where cargo or wasm-bindgen fails, or `www` cannot be copied.
pub(crate) fn build() -> Result<PathBuf> {
    let folder = root().join("dist").join("page");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    for (package, stem) in MODULES {
        let module = build::module(package, "page", &format!("{stem}.wasm"))?;
        say(&format!("writing the JavaScript of {stem}"));
        Bindgen::new()
            .input_path(module)
            .out_name(stem)
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&folder)
            .context("wasm-bindgen")?;
    }
    copy(&root().join("www"), &folder)?;
    stylesheet(&folder)?;
    offline::write(&folder)?;
    Ok(folder)
}

/// Stylesheets that stand before those of the components, and the one behind them.
const FIRST: [&str; 3] = ["tokens.css", "base.css", "layout.css"];
const LAST: &str = "print.css";

/// Puts the stylesheet of every component into one file: a request each would hold up the first paint.
fn stylesheet(folder: &Path) -> Result<()> {
    let css = folder.join("css");
    let mut names = Vec::new();
    for entry in fs::read_dir(&css)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    let rank = |name: &str| match FIRST.iter().position(|first| *first == name) {
        Some(place) => place,
        None if name == LAST => FIRST.len() + 1,
        None => FIRST.len(),
    };
    names.sort_by_key(|name| (rank(name), name.clone()));
    let mut whole = String::new();
    for name in names {
        whole.push_str(&fs::read_to_string(css.join(&name)).context(name)?);
    }
    fs::write(folder.join("page.css"), whole)?;
    Ok(fs::remove_dir_all(css)?)
}

/// Copies the files below `from` into `to`, folders and all.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let copied = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&copied)?;
            copy(&entry.path(), &copied)?;
        } else {
            fs::copy(entry.path(), copied)?;
        }
    }
    Ok(())
}
