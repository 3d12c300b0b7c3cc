//! What one call costs: least, mean and percentiles of `validate`, instantiation, memory. The least is what a machine
//! gives that does nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use wasmtime::Result;
use wasmtime::error::Context as _;

use crate::host::Policy;
use crate::payloads;

/// Calls that are measured of each payload, after as many as half of them to warm up.
const CALLS: u32 = 2000;

/// Measures the policy and the module that only parses.
pub fn run(policy: &Path, echo: &Path) -> Result<()> {
    println!("{:<28} {:>9} {:>9} {:>9} {:>9} {:>11} {:>9}",
        "payload", "least us", "mean us", "p50 us", "p99 us", "instance us", "KiB");
    for (name, file) in [("policy", policy), ("echo", echo)] {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        let started = Instant::now();
        let policy = Policy::load(&bytes)?;
        println!("{name}: {} bytes, compiled in {} ms", bytes.len(), started.elapsed().as_millis());
        for (payload, bytes) in payloads::timed() {
            measure(&policy, &format!("{payload} ({} bytes)", bytes.len()), &bytes)?;
        }
    }
    Ok(())
}

fn measure(policy: &Policy, name: &str, payload: &[u8]) -> Result<()> {
    let (mut calls, mut starts, mut memory) = (Vec::new(), Vec::new(), 0);
    for round in 0..CALLS + CALLS / 2 {
        let started = Instant::now();
        let mut instance = policy.instance()?;
        let ready = Instant::now();
        let answer = instance.call("validate", payload)?;
        let done = Instant::now();
        wasmtime::ensure!(answer.starts_with(b"{\"accepted\":"), "{}", String::from_utf8_lossy(&answer));
        if round >= CALLS / 2 {
            starts.push(ready - started);
            calls.push(done - ready);
            memory = instance.memory();
        }
    }
    calls.sort_unstable();
    let mean = calls.iter().sum::<Duration>() / CALLS;
    let start = starts.iter().sum::<Duration>() / CALLS;
    let at = |share: usize| calls[(calls.len() * share / 100).min(calls.len() - 1)];
    let us = |time: Duration| time.as_nanos() as f64 / 1000.0;
    println!(
        "{name:<28} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>11.1} {:>9}",
        us(at(0)),
        us(mean),
        us(at(50)),
        us(at(99)),
        us(start),
        memory / 1024
    );
    Ok(())
}
