//! Chromium and its driver: found, installed where that is possible, and told how to run.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::json;

use crate::shell::{apt, debian_root, on_path, say, target};

/// Names the driver to use, and tells the tests which one was found.
pub(crate) const CHROMEDRIVER: &str = "MIGFIT_CHROMEDRIVER";
/// Names the browser to use, and tells the tests which one was found.
pub(crate) const CHROMIUM: &str = "MIGFIT_CHROMIUM";

/// A browser and the driver that steers it.
pub(crate) struct Browser {
    /// The browser's program.
    pub(crate) chromium: PathBuf,
    /// The WebDriver server's program.
    pub(crate) chromedriver: PathBuf,
}

impl Browser {
    /// The installed pair; on Debian as root it is installed first where it is missing.
    ///
    /// # Errors
    /// Where one of them is missing and cannot be installed: one line that names it.
    pub(crate) fn ensure() -> Result<Browser> {
        match Browser::found() {
            Ok(browser) => Ok(browser),
            Err(missing) if debian_root() => {
                say(&format!("{missing} missing: installing it with apt-get"));
                apt(&PACKAGES)?;
                Browser::found().or_else(|missing| bail!("{missing} is missing after apt-get"))
            }
            Err(missing) => bail!(
                "{missing} is missing: install Chromium and its driver, \
                 or name them in {CHROMIUM} and {CHROMEDRIVER}"
            ),
        }
    }

    /// The pair, or the name of what is missing.
    fn found() -> Result<Browser, &'static str> {
        let named = |variable| std::env::var_os(variable).map(PathBuf::from);
        let chromedriver = named(CHROMEDRIVER).or_else(|| on_path(&["chromedriver"]));
        let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        let chromium = named(CHROMIUM).or_else(|| on_path(&names));
        Ok(Browser {
            chromium: chromium.ok_or("chromium")?,
            chromedriver: chromedriver.ok_or("chromedriver")?,
        })
    }

    /// Writes what `wasm-bindgen-test-runner` asks the driver for, and returns that file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn capabilities(&self) -> Result<PathBuf> {
        let file = target().join("webdriver.json");
        let wanted = json!({ "goog:chromeOptions": { "binary": self.chromium, "args": FLAGS } });
        fs::create_dir_all(target())?;
        fs::write(&file, serde_json::to_vec_pretty(&wanted)?)?;
        Ok(file)
    }
}

/// Without a screen or a sandbox (which root cannot have), and without asking anything of the net.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Without recommendations there are no fonts, and a browser without any font does not start.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-liberation"];
