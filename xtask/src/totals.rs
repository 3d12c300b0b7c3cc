//! Running test programs and counting, from what they print, how many tests passed and failed.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::shell::name;

/// How many tests passed and failed. Prints as the line that ends `cargo xtask test`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What a run of tests came to.
pub(crate) struct Outcome {
    /// The sum over every test program.
    pub(crate) totals: Totals,
    /// Whether the command itself succeeded: a test that does not compile is not counted anywhere.
    pub(crate) success: bool,
}

/// Runs `command`, shows what it prints, and counts.
///
/// # Errors
/// Where it cannot be started or its output cannot be read.
pub(crate) fn count(command: &mut Command) -> Result<Outcome> {
    let name = name(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let mut totals = Totals::default();
    let printed = child.stdout.take().context("no output to read")?;
    for line in BufReader::new(printed).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        totals += read(&line).unwrap_or_default();
    }
    Ok(Outcome { totals, success: child.wait()?.success() })
}

/// The totals of one test program: `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
fn read(line: &str) -> Option<Totals> {
    let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let mut totals = Totals::default();
    for part in counts.split("; ") {
        match part.split_once(' ')? {
            (number, "passed") => totals.passed = number.parse().ok()?,
            (number, "failed") => totals.failed = number.parse().ok()?,
            _ => {}
        }
    }
    Some(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_test_programs_print() {
        let native = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; \
                      0 filtered out; finished in 0.01s";
        let both = Totals { passed: 12, failed: 3 };
        assert_eq!(read(native), Some(both));
        let browser = "test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0s";
        assert_eq!(read(browser), Some(Totals { passed: 4, failed: 0 }));
        assert_eq!(read("test units::tests::adds ... ok"), None);
        assert_eq!(both.to_string(), "12 passed, 3 failed");
    }
}
