//! What a contributor runs: `cargo xtask serve` and `cargo xtask test` do all set-up themselves.
//!
//! Knows how the rooms are built and tried, and nothing of what they say.

mod annotate;
mod browser;
mod build;
mod check;
mod dependencies;
mod dist;
mod firefox;
mod node;
mod npm;
mod offline;
mod page;
mod policy;
mod same;
mod serve;
mod shell;
mod test;
mod tools;
mod totals;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N]  build the page and serve it on a loopback port, which is printed
  test              set up everything and run every test, native, policy and browser
  check             formatting, lints, documentation and dependencies
  page              build the page into dist/page
  policy            build the policy module into dist/policy
  npm               build the JavaScript package into dist/npm
  cli [--target T]  build the command line into dist/cli, statically linked for a musl target
  same              build policy and command line in two other folders: the same bytes must come out
  dist              page, policy, package and command line into dist, with their sizes
  advisories FOLDER renew the table of advisories from a clone of RustSec's advisory-db";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let Some(first) = arguments.next()? else {
        bail!("no command\n\n{USAGE}");
    };
    let command = match first {
        Long("help") | Short('h') => "help".to_owned(),
        Value(word) => word.string()?,
        other => return Err(other.unexpected().into()),
    };
    if command == "advisories" {
        let folder = arguments.value()?;
        return dependencies::renew(folder.as_ref());
    }
    if command == "cli" {
        let built = dist::command_line(target(&mut arguments)?.as_deref())?;
        println!("{}", built.display());
        return Ok(());
    }
    let port = port(&mut arguments, &command)?;
    match command.as_str() {
        "help" => println!("{USAGE}"),
        "serve" => serve::serve(&page::build()?, port)?,
        "test" => test::all()?,
        "check" => check::all()?,
        "page" => println!("{}", page::build()?.display()),
        "policy" => println!("{}", policy::build()?.wapc.display()),
        "npm" => println!("{}", npm::build()?.display()),
        "dist" => dist::all()?,
        "same" => same::all()?,
        _ => bail!("unknown command {command}\n\n{USAGE}"),
    }
    Ok(())
}

/// The target that a program is built for, where it is not this machine's.
fn target(arguments: &mut lexopt::Parser) -> Result<Option<String>> {
    let mut target = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("target") => target = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(target)
}

/// The one option that `serve` has; 0 lets the system choose a free port.
fn port(arguments: &mut lexopt::Parser, command: &str) -> Result<u16> {
    let mut port = 0;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") if command == "serve" => port = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(port)
}
