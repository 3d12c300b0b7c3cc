//! `migfit log`, as a person types it.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::process::{Command, Stdio};

const LOG: &str = "\
INFO vLLM API server version 0.11.0
INFO Chunked prefill is enabled with max_num_batched_tokens=2048.
INFO Model loading took 14.9889 GiB and 5.101 seconds
INFO Available KV cache memory: 4.75 GiB
INFO GPU KV cache size: 38,944 tokens
INFO Maximum concurrency for 32,000 tokens per request: 1.22x
";

fn migfit(arguments: &[&str], input: &str) -> (String, String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_migfit"));
    let piped = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn what_a_log_says() {
    let (out, _, status) = migfit(&["log", "-"], LOG);
    assert_eq!(status, Some(0));
    assert_eq!(
        out,
        "A log 0.11.0, read as vLLM 0.9\n\
         weights: 14.99 GiB\n\
         left for the cache: 4.75 GiB\n\
         tokens: 38,944\n\
         longest sequence: 32,000\n\
         sequences at once: 1.22\n"
    );
}

#[test]
fn predicted_beside_measured() {
    let model = ["--model", "meta-llama/Meta-Llama-3.1-8B-Instruct", "--device", "L4-24GB"];
    let (out, error, status) = migfit(&[&["log", "-"][..], &model].concat(), LOG);
    assert_eq!((error.as_str(), status), ("", Some(0)));
    let weights = out.lines().find(|line| line.starts_with(" weights"));
    assert!(weights.is_some_and(|line| line.matches("14.99").count() == 2), "{out}");
    assert!(out.contains("With what was measured: L4-24GB "), "{out}");
}

#[test]
fn a_text_that_is_no_log() {
    let (_, error, status) = migfit(&["log", "-"], "hello");
    assert_eq!(status, Some(1));
    assert_eq!(
        error,
        "error: -: log: found none that is known, expected start-up lines of vLLM or SGLang, such as \
         \"Available KV cache memory: 3.81 GiB\"\n  \
         hint: the lines are printed once, when the engine starts\n"
    );
}
