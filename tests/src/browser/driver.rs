//! The driver: a process of its own that starts and steers Chromium.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities};

/// Without a screen or a sandbox (which root cannot have), and without asking anything of the net.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

/// A running driver; it is killed when dropped.
pub(super) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts one and waits until it answers on a port that it chose itself.
    pub(super) fn start() -> Result<Driver> {
        let program = named("MIGFIT_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let started = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let missing = || format!("cannot start {}: cargo xtask test sets it up", program.display());
        let mut driver = Driver { process: started.with_context(missing)?, port: 0 };
        let printed = driver.process.stdout.take().context("the driver has no output")?;
        let mut printed = BufReader::new(printed);
        driver.port = port(&mut printed)?;
        // Read to its end, so that the driver never waits for a reader.
        std::thread::spawn(move || std::io::copy(&mut printed, &mut std::io::sink()));
        Ok(driver)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

/// The port in `ChromeDriver was started successfully on port 38235.`
fn port(printed: &mut BufReader<impl Read>) -> Result<u16> {
    let mut seen = String::new();
    while printed.read_line(&mut seen)? > 0 {
        let number =
            seen.rsplit_once("successfully on port ").map(|(_, rest)| rest.trim_end_matches(['.', '\n']));
        if let Some(number) = number {
            return number.parse().context("the driver's port");
        }
    }
    anyhow::bail!("the driver named no port: {seen}")
}

/// What is asked of the driver: the browser, its flags, and the console's errors.
pub(super) fn capabilities() -> Result<thirtyfour::ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    if let Some(browser) = named("MIGFIT_CHROMIUM") {
        wanted.set_binary(&browser.to_string_lossy())?;
    }
    for flag in FLAGS {
        wanted.add_arg(flag)?;
    }
    wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::Severe)?;
    Ok(wanted)
}
