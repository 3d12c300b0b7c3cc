//! The policy in a real policy server: mixed requests over HTTPS from several clients, every answer held against that of
//! the same judge compiled natively.
//!
//! `MIGFIT_POLICY_SERVER=PROGRAM cargo run -p migfit-policy-https -- [--seconds N] [--clients N] [POLICY]` in the folder
//! above, after `cargo xtask policy`. A certificate is made for the run; each client keeps its connection, as an API
//! server does.

#[path = "../../src/payloads.rs"]
mod payloads;
mod questions;
mod server;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};

use questions::Question;
use server::Server;

struct Options {
    seconds: u64,
    clients: u64,
    policy: PathBuf,
}

/// What all clients count together.
#[derive(Default)]
struct Tally {
    taken: AtomicU64,
    done: AtomicU64,
}

fn main() -> Result<()> {
    let options = options(std::env::args_os().skip(1))?;
    let program =
        std::env::var_os("MIGFIT_POLICY_SERVER").context("MIGFIT_POLICY_SERVER names no program")?;
    let (policies, questions) = questions::all(&options.policy)?;
    let server = Server::start(program.as_ref(), &policies)?;
    println!(
        "{} payloads, {} clients, {} seconds, over HTTPS",
        questions.len(),
        options.clients,
        options.seconds
    );
    let warm = server.client()?;
    for question in &questions {
        question.ask(&warm, &server).with_context(|| question.name.clone())?;
    }
    let tally = Tally::default();
    let end = Instant::now() + Duration::from_secs(options.seconds);
    let times = thread::scope(|scope| {
        let clients: Vec<_> =
            (0..options.clients).map(|_| scope.spawn(|| client(&server, &questions, &tally, end))).collect();
        watch(&tally, &server, options.seconds);
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.join().map_err(|_| anyhow!("a client came to harm"))??);
        }
        anyhow::Ok(times)
    })?;
    told(times)
}

/// `--seconds N --clients N POLICY`, each optional.
fn options(mut words: impl Iterator<Item = OsString>) -> Result<Options> {
    let policy = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../dist/policy/migfit-policy.wasm");
    let mut options = Options { seconds: 60, clients: 4, policy };
    while let Some(word) = words.next() {
        let number = match word.to_str() {
            Some("--seconds") => &mut options.seconds,
            Some("--clients") => &mut options.clients,
            Some(other) if other.starts_with("--") => bail!("{other}: expected --seconds, --clients"),
            _ => {
                options.policy = word.into();
                continue;
            }
        };
        let value = words.next().context("a number is missing")?;
        *number = value.to_string_lossy().parse().with_context(|| format!("{value:?}"))?;
        ensure!(*number > 0, "0 is too few");
    }
    Ok(options)
}

/// Asks until the time is over; how long each request took. The first wrong answer ends it.
fn client(server: &Server, questions: &[Question], tally: &Tally, end: Instant) -> Result<Vec<Duration>> {
    let client = server.client()?;
    let mut times = Vec::new();
    while Instant::now() < end {
        let number = tally.taken.fetch_add(1, Ordering::Relaxed);
        let question = &questions[scattered(number) as usize % questions.len()];
        let start = Instant::now();
        question.ask(&client, server).with_context(|| format!("request {number}, {}", question.name))?;
        times.push(start.elapsed());
        tally.done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(times)
}

/// The same order in every run, without a pattern (SplitMix64).
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 33
}

/// One line for each tenth of the time.
fn watch(tally: &Tally, server: &Server, seconds: u64) {
    println!("{:>12} {:>14} {:>18}", "answered", "requests/s", "server, KiB");
    println!("{:>12} {:>14} {:>18}", 0, "", server.resident());
    let mut before = 0;
    for _ in 0..10 {
        thread::sleep(Duration::from_millis(seconds * 100));
        let done = tally.done.load(Ordering::Relaxed);
        let rate = (done - before) as f64 * 10.0 / seconds as f64;
        println!("{done:>12} {rate:>14.0} {:>18}", server.resident());
        before = done;
    }
}

fn told(mut times: Vec<Duration>) -> Result<()> {
    times.sort_unstable();
    ensure!(!times.is_empty(), "nothing was asked");
    let at = |share: usize| times[(times.len() - 1) * share / 1000];
    println!("{} answered, none otherwise than natively", times.len());
    println!(
        "half within {:?}, 99 % within {:?}, 99.9 % within {:?}, all within {:?}",
        at(500),
        at(990),
        at(999),
        at(1000)
    );
    Ok(())
}
