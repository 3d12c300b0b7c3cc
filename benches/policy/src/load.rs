//! Many mixed requests from several threads: every answer against the native judge's, memory, and whether it slows down.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::error::Context as _;
use wasmtime::{Result, bail, ensure, format_err};

use crate::host::{Instance, Policy};
use crate::payloads;

/// What is sent, and how.
pub struct Options {
    requests: u64,
    threads: u64,
    /// Calls that one instance answers.
    calls: u64,
    policy: PathBuf,
}

/// A payload, and what the native judge answers.
struct Question {
    name: &'static str,
    payload: Vec<u8>,
    answer: Vec<u8>,
}

/// What all threads count together.
struct Tally {
    /// Requests that were taken, by the order in which they are sent.
    taken: AtomicU64,
    /// Requests that were answered.
    done: AtomicU64,
    /// The most bytes of memory that an instance had.
    memory: AtomicU64,
}

impl Options {
    /// `--requests N --threads N --calls N POLICY`, each optional.
    pub fn read(mut words: impl Iterator<Item = OsString>, policy: PathBuf) -> Result<Options> {
        let threads = thread::available_parallelism().map_or(2, |count| count.get() as u64);
        let mut options = Options { requests: 1_000_000, threads, calls: 1, policy };
        while let Some(word) = words.next() {
            let number = match word.to_str() {
                Some("--requests") => &mut options.requests,
                Some("--threads") => &mut options.threads,
                Some("--calls") => &mut options.calls,
                Some(other) if other.starts_with("--") => bail!("{other}: expected --requests, --threads, --calls"),
                _ => {
                    options.policy = word.into();
                    continue;
                }
            };
            let value = words.next().context("a number is missing")?;
            *number = value.to_string_lossy().parse::<u64>().with_context(|| format!("{value:?}"))?;
            ensure!(*number > 0, "0 is too few");
        }
        Ok(options)
    }
}

/// Sends them all and prints a line for each tenth.
pub fn run(options: Options) -> Result<()> {
    let bytes = std::fs::read(&options.policy).with_context(|| options.policy.display().to_string())?;
    let policy = Policy::load(&bytes)?;
    let questions = questions(&policy)?;
    let Options { requests, threads, calls, .. } = options;
    println!("{} payloads, {requests} requests, {threads} threads, {calls} calls of an instance", questions.len());
    println!("{:>12} {:>14} {:>12}", "answered", "requests/s", "resident KiB");
    println!("{:>12} {:>14} {:>12}", 0, "", resident());
    let tally = Tally { taken: AtomicU64::new(0), done: AtomicU64::new(0), memory: AtomicU64::new(0) };
    let wrong = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| work(&policy, &questions, requests, calls, &tally))).collect();
        watch(&tally, requests, || workers.iter().all(|worker| worker.is_finished()));
        let mut wrong = 0;
        for worker in workers {
            wrong += worker.join().map_err(|_| format_err!("a thread came to harm"))??;
        }
        Ok::<u64, wasmtime::Error>(wrong)
    })?;
    println!("{} answered, {wrong} of them otherwise than natively", tally.done.into_inner());
    println!("an instance had {} KiB of memory at most", tally.memory.into_inner() / 1024);
    ensure!(wrong == 0, "{wrong} wrong answers");
    Ok(())
}

/// Each payload with its native answer; the module is asked for each once, so that what follows is warm.
fn questions(policy: &Policy) -> Result<Vec<Question>> {
    let mut all = Vec::new();
    for (name, payload) in payloads::mixed() {
        let answer = migfit_policy::validate(&payload, migfit_policy::Host::default());
        let own = policy.instance()?.call("validate", &payload)?;
        let accepted = if answer.starts_with(b"{\"accepted\":true") { "accepted" } else { "refused" };
        println!("{name}: {} bytes, {accepted} with {} bytes", payload.len(), answer.len());
        let texts = (String::from_utf8_lossy(&own), String::from_utf8_lossy(&answer));
        ensure!(own == answer, "{name}: {}, natively {}", texts.0, texts.1);
        all.push(Question { name, payload, answer });
    }
    Ok(all)
}

/// Answers requests until all are taken; how many answers were wrong.
fn work(policy: &Policy, questions: &[Question], requests: u64, calls: u64, tally: &Tally) -> Result<u64> {
    let (mut wrong, mut instance) = (0, None);
    loop {
        let number = tally.taken.fetch_add(1, Ordering::Relaxed);
        if number >= requests {
            break;
        }
        let question = &questions[scattered(number) as usize % questions.len()];
        let (mut ready, used): (Instance, u64) = match instance.take() {
            Some(ready) => ready,
            None => (policy.instance()?, 0),
        };
        let answer = ready.call("validate", &question.payload)?;
        if answer != question.answer {
            wrong += 1;
            eprintln!("request {number}, {}: {}", question.name, String::from_utf8_lossy(&answer));
        }
        tally.done.fetch_add(1, Ordering::Relaxed);
        if used + 1 < calls {
            instance = Some((ready, used + 1));
        } else {
            tally.memory.fetch_max(ready.memory() as u64, Ordering::Relaxed);
        }
    }
    if let Some((last, _)) = instance {
        tally.memory.fetch_max(last.memory() as u64, Ordering::Relaxed);
    }
    Ok(wrong)
}

/// The same order in every run, without a pattern (SplitMix64).
fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 33
}

/// One line for each tenth of the requests, until `finished`.
fn watch(tally: &Tally, requests: u64, finished: impl Fn() -> bool) {
    let (mut since, mut before) = (Instant::now(), 0);
    for tenth in 1..=10 {
        let until = (u128::from(requests) * tenth / 10) as u64;
        while tally.done.load(Ordering::Relaxed) < until && !finished() {
            thread::sleep(Duration::from_millis(2));
        }
        let (now, done) = (Instant::now(), tally.done.load(Ordering::Relaxed));
        let rate = (done - before) as f64 / (now - since).as_secs_f64();
        println!("{done:>12} {rate:>14.0} {:>12}", resident());
        (since, before) = (now, done);
    }
}

/// Memory of this process that is in use; 0 where the system does not tell it as Linux does.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
