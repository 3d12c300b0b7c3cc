//! The driver: a process of its own that starts and steers a browser.

use std::io::{BufRead, BufReader, PipeReader, pipe};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::{Capabilities, ChromiumLikeCapabilities, DesiredCapabilities};

/// The browsers that pages are tried in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Chromium,
    Firefox,
}

impl Kind {
    /// The one that `MIGFIT_BROWSER` names; Chromium where it names none.
    pub(super) fn wanted() -> Result<Kind> {
        match std::env::var("MIGFIT_BROWSER").as_deref() {
            Err(_) | Ok("chromium") => Ok(Kind::Chromium),
            Ok("firefox") => Ok(Kind::Firefox),
            Ok(other) => bail!("MIGFIT_BROWSER: found {other:?}, expected chromium or firefox"),
        }
    }

    fn driver(self) -> PathBuf {
        let (variable, program) = match self {
            Kind::Chromium => ("MIGFIT_CHROMEDRIVER", "chromedriver"),
            Kind::Firefox => ("MIGFIT_GECKODRIVER", "geckodriver"),
        };
        named(variable).unwrap_or_else(|| program.into())
    }

    /// What stands before the port in the line in which the driver names it.
    fn before_port(self) -> &'static str {
        match self {
            Kind::Chromium => "successfully on port ",
            Kind::Firefox => "Listening on 127.0.0.1:",
        }
    }

    /// What is asked of the driver: the browser, its flags, and the console's errors.
    pub(super) fn capabilities(self) -> Result<Capabilities> {
        Ok(match self {
            Kind::Chromium => chromium()?.into(),
            Kind::Firefox => firefox()?.into(),
        })
    }
}

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

fn chromium() -> Result<thirtyfour::ChromeCapabilities> {
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

/// geckodriver has no log to ask for: errors go to the output of the browser, which is that of the driver.
fn firefox() -> Result<thirtyfour::FirefoxCapabilities> {
    let mut wanted = DesiredCapabilities::firefox();
    if let Some(browser) = named("MIGFIT_FIREFOX") {
        wanted.set_firefox_binary(&browser.to_string_lossy())?;
    }
    wanted.add_arg("--headless")?;
    let mut preferences = FirefoxPreferences::new();
    preferences.set("devtools.console.stdout.content", true)?;
    preferences.set("devtools.console.stdout.chrome", false)?;
    preferences.set("browser.dom.window.dump.enabled", true)?;
    wanted.set_preferences(preferences)?;
    Ok(wanted)
}

/// A running driver; it is killed when dropped.
pub(super) struct Driver {
    process: Child,
    port: u16,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    /// Starts one and waits until it answers on a port that it chose itself.
    pub(super) fn start(kind: Kind) -> Result<Driver> {
        let program = kind.driver();
        // One pipe for both outputs, so that what is printed stays in order.
        let (reader, writer) = pipe()?;
        let started = Command::new(&program)
            .arg("--port=0")
            // Chromium takes its size as a flag, Firefox alone reads these.
            .envs([("MOZ_HEADLESS_WIDTH", "1280"), ("MOZ_HEADLESS_HEIGHT", "900")])
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn();
        let missing = || format!("cannot start {}: cargo xtask test sets it up", program.display());
        let printed = Arc::default();
        let mut driver = Driver { process: started.with_context(missing)?, port: 0, printed };
        let mut reader = BufReader::new(reader);
        driver.port = port(&mut reader, kind.before_port())?;
        let keeping = Arc::clone(&driver.printed);
        // Read to its end, so that the driver never waits for a reader.
        std::thread::spawn(move || {
            for line in reader.split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                keeping.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Ok(driver)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The lines that driver and browser have printed up to the one that contains `end`, once there is one; they are
    /// handed out once.
    pub(super) fn printed_until(&self, end: &str) -> Option<Vec<String>> {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        let place = printed.iter().position(|line| line.contains(end))?;
        Some(printed.drain(..=place).collect())
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
fn port(printed: &mut BufReader<PipeReader>, before: &str) -> Result<u16> {
    let mut seen = String::new();
    while printed.read_line(&mut seen)? > 0 {
        let number = seen.rsplit_once(before).map(|(_, rest)| rest.trim_end_matches(['.', '\n']));
        if let Some(number) = number {
            return number.parse().context("the driver's port");
        }
    }
    bail!("the driver named no port: {seen}")
}
