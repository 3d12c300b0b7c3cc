//! `migfit plan`, `place` and `simulate` as a user runs them.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_migfit"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone already.
    _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Standard output of what succeeds, without the blanks that fill up a table's last column.
fn said(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Standard error of what fails, and the status.
fn failed(arguments: &[&str], input: &str) -> (String, Option<i32>) {
    let output = run(arguments, input);
    assert_eq!(output.stdout, b"", "nothing is answered beside an error");
    (String::from_utf8(output.stderr).unwrap(), output.status.code())
}

/// An invented need, so that the figures stay what they are whatever is learnt of models.
const FLEET: &str = "\
nodes:
- {name: a, gpu: H100-80GB, gpus: 2, pricePerHour: 8}
workloads:
- {name: small, memory: 9Gi, replicas: 3}
- {name: large, memory: 39Gi, replicas: 1}
";

#[test]
fn a_plan_is_drawn_with_its_bound_and_its_price() {
    assert_eq!(
        said(&["plan", "-"], FLEET),
        "\
1 of 2 GPUs in use: no plan is better, all were tried
stranded memory: 0 B, idle compute slices: 1
machines in use cost 8 per hour

 workload   replicas   on                       ask for                  also fits
─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 small             3   3 on H100-80GB 1g.10gb   nvidia.com/mig-1g.10gb   H100-80GB 1g.20gb, H100-80GB 2g.20gb, 4 more
 large             1   1 on H100-80GB 3g.40gb   nvidia.com/mig-3g.40gb   H100-80GB 4g.40gb, H100-80GB 7g.80gb, H100-80GB

a:0 H100-80GB
 0        1        2        3        4        5        6        7
|1g.10gb |1g.10gb |1g.10gb |·       |3g.40gb                            |
|small #0|small #1|small #2|        |large #0                           |
idle compute slices: 1, free memory slices: 1, stranded: 0 (0 B)

unused: 1 GPU
"
    );
}

#[test]
fn a_plan_says_what_is_to_be_done() {
    let text = said(&["plan", "-", "--steps"], FLEET);
    let (_, steps) = text.split_once("\n1. ").unwrap();
    assert_eq!(
        steps,
        "\
a:0
   switch MIG mode on
   create 1g.10gb@0, 1g.10gb@1, 1g.10gb@2, 3g.40gb@4
     nvidia-smi -i 0 -mig 1
     nvidia-smi mig -i 0 -cgi 19:0,19:1,19:2,9:4 -C
   start small on H100-80GB 1g.10gb
   start small on H100-80GB 1g.10gb
   start small on H100-80GB 1g.10gb
   start large on H100-80GB 3g.40gb
"
    );
}

#[test]
fn what_finds_no_place_is_named_with_its_reasons() {
    let fleet = FLEET.replace("replicas: 1", "replicas: 9").replace("39Gi", "900Gi");
    let text = said(&["plan", "-"], &fleet);
    let (_, after) = text.split_once("9 of `large` found no place:\n").unwrap();
    let reasons: Vec<&str> = after.lines().take(3).collect();
    assert_eq!(
        reasons,
        [
            "  no device of the fleet does for it",
            "  H100-80GB: 900.0 GiB are needed, it has 79.6 GiB",
            "  H100-80GB 7g.80gb: 900.0 GiB are needed, it has 79.0 GiB",
        ]
    );
}

#[test]
fn everything_wrong_with_a_fleet_is_said_at_once() {
    let fleet = "nodes: [{name: a, gpu: H1000}, {name: b, gpus: 0, gpu: A30}]\nworkload: []\n";
    assert_eq!(
        failed(&["plan", "-"], fleet),
        (
            "error: -: fleet: found unknown field `workload`, expected one of `nodes`, `workloads`, `alone`, `keep`\n  \
             hint: nearest: workloads\n"
                .to_owned(),
            Some(1)
        )
    );
    let fleet = fleet.replace("workload:", "workloads:");
    let told = "error: -: node `a`: GPU: found `H1000`, expected a key, name, product label, PCI id or cloud accelerator \
                name of the catalog\n  hint: nearest names: B200-180GB, GB200-186GB, H100-80GB\n\
                error: -: node `b`: gpus: found 0, expected a number from 1 to 256\n";
    assert_eq!(failed(&["plan", "-"], &fleet), (told.to_owned(), Some(1)));
    let told = "error: command line: --what-if: found `gpus=H200`, expected gpu=NAME, quantization=NAME, context=TOKENS or \
                kv-cache=FORMAT\n  hint: nearest: gpu\n\
                error: command line: --what-if: found `context=long`, expected a whole number of tokens\n";
    let question = ["plan", "-", "--what-if", "gpus=H200", "--what-if", "context=long"];
    assert_eq!(failed(&question, FLEET), (told.to_owned(), Some(1)));
}

#[test]
fn a_plan_that_is_out_of_time_is_a_plan() {
    let rows: String =
        (0..40).map(|at| format!("- {{name: w{at}, memory: {}Gi, replicas: 9}}\n", 3 + at % 30)).collect();
    let fleet = format!("nodes:\n- {{name: a, gpu: H100-80GB, gpus: 8, count: 30}}\nworkloads:\n{rows}");
    let text = said(&["plan", "-", "--seconds", "0"], &fleet);
    assert!(text.contains(" of 240 GPUs in use: "), "{text}");
    assert!(!text.contains("found no place"), "{text}");
}

#[test]
fn one_more_goes_where_it_harms_least() {
    let fleet = "\
nodes:
- name: a
  gpu: A100-40GB
  gpus: 2
  today:
  - {gpu: 0, instances: [{profile: 1g.5gb, start: 0, holder: x}, {profile: 2g.10gb, start: 4}]}
workloads: []
";
    assert_eq!(
        said(&["place", "-", "--profile", "2g.10gb", "--top", "2"], fleet),
        "\
best: 2g.10gb@4 on a:0, which stands idle

 GPU   instance            loss   stranded after   layout after
──────────────────────────────────────────────────────────────────────────────────
 a:0   2g.10gb@4 (idle)   0.000              0 B   1g.5gb@0, 2g.10gb@4
 a:0   2g.10gb@2          1.350              0 B   1g.5gb@0, 2g.10gb@2, 2g.10gb@4
3 places more
loss: memory slices that those who may still come will not get because of it

 GPU   layout                stranded   idle compute   idle instances   same instances, less stranded
──────────────────────────────────────────────────────────────────────────────────────────────────────
 a:0   1g.5gb@0, 2g.10gb@4    0 (0 B)              4   2g.10gb@4
"
    );
    let text = said(&["place", "-", "--memory", "30Gi", "--top", "1"], fleet);
    assert!(text.starts_with("best: 7g.40gb@0 on a:1\n  nvidia-smi mig -i 1 -cgi 0:0 -C\n"), "{text}");
    let told = "error: command line: --profile: found `2g.20gb`, expected a profile of a card of the inventory\n  hint: \
                nearest: 2g.10gb, 3g.20gb, 4g.20gb\n";
    assert_eq!(failed(&["place", "-", "--profile", "2g.20gb"], fleet), (told.to_owned(), Some(1)));
    let told =
        "error: -: inventory: found no GPU, expected a fleet, ResourceSlices, or the output of nvidia-smi\n";
    assert_eq!(failed(&["place", "-"], "nodes: []\nworkloads: []\n"), (told.to_owned(), Some(1)));
}

#[test]
fn a_simulation_repeats_itself_to_the_letter() {
    let arguments =
        ["simulate", "--gpu", "A30", "--gpus", "3", "--seeds", "2", "--arrivals", "50", "--mix", "uniform"];
    let first = said(&arguments, "");
    assert!(
        first.starts_with("3 x A30-24GB, 115 % of their memory slices asked for, 2 runs of 50 arrivals\n")
    );
    assert_eq!(first.lines().filter(|line| line.contains(" uniform ")).count(), 6, "{first}");
    assert_eq!(said(&arguments, ""), first);
    let told = "error: command line: --shares: found `1g.10gb=much`, expected a profile, `=` and a whole number up to \
                1000000, as in `1g.10gb=5`\n";
    assert_eq!(failed(&["simulate", "--shares", "1g.10gb=much"], ""), (told.to_owned(), Some(1)));
    let told = "error: command line: L4-24GB: found a GPU that cannot be cut, expected a GPU with MIG\n";
    assert_eq!(failed(&["simulate", "--gpu", "L4"], ""), (told.to_owned(), Some(1)));
}
