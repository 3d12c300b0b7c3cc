//! Every test: native, through the built policy module, and in a real browser.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::browser::{Browser, CHROMEDRIVER, CHROMIUM};
use crate::build::with_wasm;
use crate::firefox::{FIREFOX, Firefox, GECKODRIVER};
use crate::shell::{cargo, root, say};
use crate::tools;
use crate::totals::{Totals, count};
use crate::{node, npm, page, policy};

/// Sets everything up, runs every test and ends with one line of totals.
///
/// # Errors
/// Where set-up fails, a test fails, or a run that should have had tests had none.
pub(crate) fn all() -> Result<()> {
    let browser = Browser::ensure()?;
    let mut totals = Totals::default();
    let tools = wasm_pack()?;
    let built = Built::all()?;
    let mut runs = vec![built.native(&browser), long(), in_browser(&tools, &browser)?, in_node(&tools)];
    match Firefox::found() {
        Ok(firefox) => runs.extend([in_firefox(&tools, &firefox)?, built.in_firefox(&firefox)]),
        Err(missing) => say(&format!("{missing} missing: nothing is tried in Firefox")),
    }
    let mut complete = true;
    for (name, mut command) in runs {
        say(name);
        let outcome = count(&mut command)?;
        totals += outcome.totals;
        if !outcome.success || outcome.totals.passed == 0 {
            say(&format!("not complete: {name}"));
            complete = false;
        }
    }
    println!("{totals}");
    if !complete || totals.failed > 0 {
        bail!("not every test ran and passed");
    }
    Ok(())
}

/// What the workspace's tests find through their environment.
struct Built(Vec<(&'static str, PathBuf)>);

impl Built {
    fn all() -> Result<Built> {
        let modules = policy::build()?;
        Ok(Built(vec![
            ("MIGFIT_POLICY_WASM", modules.wapc),
            ("MIGFIT_POLICY_WASI", modules.wasi),
            ("MIGFIT_PAGE_DIR", page::build()?),
            ("MIGFIT_NPM_DIR", npm::build()?),
            ("MIGFIT_TSC", node::ensure()?),
            ("MIGFIT_AXE", node::axe()?),
        ]))
    }

    /// The workspace's tests. All of it is named even for a few, so that nothing is compiled again with other features.
    fn tests(&self, arguments: &[&str]) -> Command {
        let mut command = cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]).args(arguments);
        command.envs(self.0.iter().map(|(name, path)| (name, path)));
        command
    }

    fn native(&self, browser: &Browser) -> (&'static str, Command) {
        let mut command = self.tests(&[]);
        command.env(CHROMEDRIVER, &browser.chromedriver).env(CHROMIUM, &browser.chromium);
        ("native tests of the workspace", command)
    }

    /// Most tests that steer a browser, with another: what the page does, not again what axe and the policy say of it.
    fn in_firefox(&self, firefox: &Firefox) -> (&'static str, Command) {
        let names = ["browser", "page", "page_answer", "page_models", "page_plan"];
        let mut command = self.tests(&names.map(|name| ["--test", name]).concat());
        command.env("MIGFIT_BROWSER", "firefox");
        command.env(GECKODRIVER, &firefox.geckodriver).env(FIREFOX, &firefox.firefox);
        ("the built page in Firefox", command)
    }
}

/// Tests that take minutes as they are built for the others: thousands of fleets against trying everything.
fn long() -> (&'static str, Command) {
    let mut command = cargo();
    command
        .args(["test", "--release", "--package", "migfit", "--lib", "--", "--ignored"])
        // Optimised, but not as slowly as what is given away.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    ("long tests of the library, optimised", command)
}

/// The tool that runs compiled tests, and the `PATH` on which it finds its runner.
struct WasmPack {
    program: PathBuf,
    path: OsString,
}

fn wasm_pack() -> Result<WasmPack> {
    let mut folders = tools::ensure()?;
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&inherited));
    let path = std::env::join_paths(folders)?;
    // Looked up by hand: not every system searches the PATH that is set for the child.
    let program = std::env::split_paths(&path)
        .map(|folder| folder.join(format!("wasm-pack{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file());
    Ok(WasmPack { program: program.unwrap_or_else(|| "wasm-pack".into()), path })
}

impl WasmPack {
    fn test(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["test", "--mode", "no-install"]).args(arguments);
        command.current_dir(root()).env("PATH", &self.path);
        with_wasm(&mut command);
        command
    }
}

/// The page's own tests, compiled to WebAssembly and run inside the browser.
fn in_browser(tools: &WasmPack, browser: &Browser) -> Result<(&'static str, Command)> {
    let mut command = tools.test(&["--headless", "--chrome", "--chromedriver"]);
    command
        .arg(&browser.chromedriver)
        .arg("web")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.capabilities()?);
    Ok(("the page's own tests in Chromium, with wasm-pack", command))
}

/// The same in Firefox.
fn in_firefox(tools: &WasmPack, firefox: &Firefox) -> Result<(&'static str, Command)> {
    let mut command = tools.test(&["--headless", "--firefox", "--geckodriver"]);
    command
        .arg(&firefox.geckodriver)
        .arg("web")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", firefox.capabilities()?);
    Ok(("the page's own tests in Firefox, with wasm-pack", command))
}

/// The JavaScript door's own tests, compiled to WebAssembly and run by Node.
fn in_node(tools: &WasmPack) -> (&'static str, Command) {
    ("the JavaScript door's own tests in Node, with wasm-pack", tools.test(&["--node", "js"]))
}
