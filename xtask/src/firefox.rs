//! Firefox and its driver, where both are installed: the page is tried in it as well.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::shell::{on_path, target};

/// Names the driver to use, and tells the tests which one was found.
pub(crate) const GECKODRIVER: &str = "MIGFIT_GECKODRIVER";
/// Names the browser to use, and tells the tests which one was found.
pub(crate) const FIREFOX: &str = "MIGFIT_FIREFOX";

/// A browser and the driver that steers it.
pub(crate) struct Firefox {
    /// The browser's program.
    pub(crate) firefox: PathBuf,
    /// The WebDriver server's program.
    pub(crate) geckodriver: PathBuf,
}

impl Firefox {
    /// The installed pair, or the name of what is missing. Debian has no package of the driver, so neither is installed.
    pub(crate) fn found() -> Result<Firefox, &'static str> {
        let named = |variable| std::env::var_os(variable).map(PathBuf::from);
        let geckodriver = named(GECKODRIVER).or_else(|| on_path(&["geckodriver"]));
        let firefox = named(FIREFOX).or_else(|| on_path(&["firefox", "firefox-esr"]));
        Ok(Firefox { firefox: firefox.ok_or("firefox")?, geckodriver: geckodriver.ok_or("geckodriver")? })
    }

    /// Writes what `wasm-bindgen-test-runner` asks the driver for, and returns that file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub(crate) fn capabilities(&self) -> Result<PathBuf> {
        let file = target().join("webdriver-firefox.json");
        let wanted = json!({ "moz:firefoxOptions": { "binary": self.firefox, "args": ["--headless"] } });
        fs::create_dir_all(target())?;
        fs::write(&file, serde_json::to_vec_pretty(&wanted)?)?;
        Ok(file)
    }
}
