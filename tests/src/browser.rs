//! A real browser for tests of the page: Chromium, or Firefox where `MIGFIT_BROWSER` is `firefox`.
//!
//! ```no_run
//! use migfit_tests::browser::{Browser, Site, page_folder};
//!
//! # fn main() -> anyhow::Result<()> {
//! let site = Site::serve(page_folder()?)?;
//! let browser = Browser::start()?;
//! browser.open(site.url())?;
//! browser.by_role("textbox", "config.json")?.paste("{}")?;
//! browser.by_role("button", "Check")?.click()?;
//! let verdict = browser.wait_for_text("#verdict", "fits")?;
//! assert_eq!(verdict, "granite-7b-base fits 1g.10gb");
//! assert_eq!(browser.console_errors()?, Vec::<String>::new());
//! # Ok(())
//! # }
//! ```
//!
//! [`Browser::start`] starts a driver on a free port and, through it, a browser without a window and with a
//! profile of its own, which the driver makes and deletes. [`Site`] serves a folder below a base path, as a
//! project page would be served, and remembers what was asked of it. Both end what they started when dropped.
//!
//! `cargo xtask test` builds the page and names driver, browser and page in `MIGFIT_CHROMEDRIVER`,
//! `MIGFIT_CHROMIUM` and `MIGFIT_PAGE_DIR`. Without the first two, `chromedriver` is looked for in `PATH` and
//! finds its own browser. For Firefox these are `MIGFIT_GECKODRIVER`, `MIGFIT_FIREFOX` and `geckodriver`. A test that cannot have a browser fails; it does not pass unseen.
//!
//! Everything that finds or waits tries again for [`PATIENCE`], then fails with what it was looking for.

mod driver;
mod element;
mod site;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use thirtyfour::{By, WebDriver};
use tokio::runtime::Runtime;

use driver::{Driver, Kind};
pub use element::Element;
pub use site::Site;

/// How long to wait for something to appear before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How a line of Firefox begins that tells of an error in a page, and not in the browser itself.
const ERRORS: [&str; 2] = ["JavaScript error: http", "console.error:"];
/// No page prints this.
const END_OF_LOG: &str = "end of the log, asked for by a test";

/// The folder of the built page, from `MIGFIT_PAGE_DIR`.
///
/// # Errors
/// Where the variable is not set: `cargo xtask test` builds the page and sets it.
pub fn page_folder() -> Result<PathBuf> {
    let folder = std::env::var_os("MIGFIT_PAGE_DIR");
    folder.map(PathBuf::from).context("MIGFIT_PAGE_DIR is not set: run cargo xtask test")
}

/// One browser with one tab, and the driver that steers it.
pub struct Browser {
    session: Option<WebDriver>,
    // After the session, so that it ends last.
    driver: Driver,
    kind: Kind,
    runtime: Runtime,
}

impl Browser {
    /// A driver and a fresh browser, 1280 by 900 CSS pixels.
    ///
    /// # Errors
    /// Where one of them cannot be started.
    pub fn start() -> Result<Browser> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let kind = Kind::wanted()?;
        let driver = Driver::start(kind)?;
        let session = WebDriver::new(driver.url(), kind.capabilities()?);
        let session = runtime.block_on(session).with_context(|| format!("starting {kind:?}"))?;
        Ok(Browser { session: Some(session), driver, kind, runtime })
    }

    fn session(&self) -> Result<&WebDriver> {
        self.session.as_ref().context("the browser has ended")
    }

    fn wait<T>(&self, action: impl Future<Output = thirtyfour::error::WebDriverResult<T>>) -> Result<T> {
        Ok(self.runtime.block_on(action)?)
    }

    /// Loads `url` and waits until it and what it links to have loaded. A module may still be starting.
    ///
    /// # Errors
    /// Where the browser cannot load it.
    pub fn open(&self, url: &str) -> Result<()> {
        self.wait(self.session()?.goto(url))
    }

    /// Resizes the window, to CSS pixels.
    ///
    /// # Errors
    /// Where the browser refuses.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.wait(self.session()?.set_window_rect(0, 0, width, height))
    }

    /// The address that is open, with its fragment.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub fn address(&self) -> Result<String> {
        Ok(self.wait(self.session()?.current_url())?.into())
    }

    /// The elements that match a CSS selector now, in document order.
    ///
    /// # Errors
    /// Where the selector is not one.
    pub fn all(&self, css: &str) -> Result<Vec<Element<'_>>> {
        let found = self.wait(self.session()?.find_all(By::Css(css)))?;
        Ok(found.into_iter().map(|inner| Element::new(self, inner)).collect())
    }

    /// The first element that matches a CSS selector, once there is one.
    ///
    /// # Errors
    /// Where there is none after [`PATIENCE`].
    pub fn find(&self, css: &str) -> Result<Element<'_>> {
        self.until(&format!("an element {css}"), || Ok(self.all(css)?.into_iter().next()))
    }

    /// The first element that assistive software would announce as `role` with the name `name`: what a label,
    /// a button's text or `aria-label` says.
    ///
    /// # Errors
    /// Where there is none after [`PATIENCE`].
    pub fn by_role(&self, role: &str, name: &str) -> Result<Element<'_>> {
        let css = element::candidates(role);
        self.until(&format!("a {role} named {name:?}"), || {
            for element in self.all(&css)? {
                // An element that goes away while it is asked is not the one.
                if element.role().is_ok_and(|is| is == role) && element.name().is_ok_and(|is| is == name) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
    }

    /// The text of the first element that matches `css`, once it contains `part`.
    ///
    /// # Errors
    /// Where it does not after [`PATIENCE`].
    pub fn wait_for_text(&self, css: &str, part: &str) -> Result<String> {
        self.until(&format!("{css} with the text {part:?}"), || {
            let element = self.all(css)?.into_iter().next();
            let text = element.and_then(|element| element.text().ok());
            Ok(text.filter(|text| text.contains(part)))
        })
    }

    /// Runs JavaScript in the page, a function body, and returns what it returns.
    ///
    /// # Errors
    /// Where it throws.
    pub fn run(&self, script: &str) -> Result<serde_json::Value> {
        let returned = self.wait(self.session()?.execute(script, Vec::new()))?;
        Ok(returned.json().clone())
    }

    /// Writes what the window shows as a PNG file.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        self.wait(self.session()?.screenshot(file))
    }

    /// What the page has written to the console as an error since the last call, and what failed to load, which
    /// Firefox does not tell.
    ///
    /// # Errors
    /// Where the driver does not answer.
    pub fn console_errors(&self) -> Result<Vec<String>> {
        match self.kind {
            Kind::Chromium => {
                let entries = self.wait(self.session()?.browser_log())?;
                let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE");
                Ok(severe.map(|entry| entry.message).collect())
            }
            Kind::Firefox => {
                // What the page prints now comes after what it printed before.
                self.run(&format!("console.log({END_OF_LOG:?})"))?;
                let printed = self.until("end of the log", || Ok(self.driver.printed_until(END_OF_LOG)))?;
                let error = |line: &String| ERRORS.iter().any(|word| line.starts_with(word));
                Ok(printed.into_iter().filter(error).collect())
            }
        }
    }

    /// Asks again until there is something, for at most [`PATIENCE`].
    fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        let start = Instant::now();
        loop {
            if let Some(found) = ask()? {
                return Ok(found);
            }
            if start.elapsed() > PATIENCE {
                let shown = self.run("return document.body.innerText.slice(0, 2000)")?;
                bail!("no {what} after {PATIENCE:?}; the page shows {shown}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // A browser that has gone already needs no ending.
            drop(self.runtime.block_on(session.quit()));
        }
    }
}
