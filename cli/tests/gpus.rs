//! `migfit gpus`, `layouts` and `profile`, as a person types them.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

/// What the command prints to standard output and error, and its exit status.
fn migfit(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_migfit")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&migfit(arguments).0).unwrap()
}

#[test]
fn a_partly_used_gpu() {
    let (out, _, status) = migfit(&["layouts", "A100-40GB", "--used", "3g@0 1g@4"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        out,
        "A100-40GB: 3g.20gb@0, 1g.5gb@4\n\
         \n \
         0      1      2      3      4      5      6      7\n\
         |3g.20gb                    |1g.5gb|·     |·     |·     |\n\
         \n\
         idle compute slices: 3, free memory slices: 3, stranded: 0 (0 B)\n\
         promised memory: 24.3 GiB in all\n\
         can still be created: 1g.5gb@5, 1g.5gb+me@5, 1g.5gb@6, 1g.5gb+me@6, 1g.10gb@6\n\
         \n\
         from a GPU that nothing uses:\n  \
         nvidia-smi -i 0 -mig 1\n  \
         nvidia-smi -i 0 --gpu-reset\n  \
         nvidia-smi mig -i 0 -dci\n  \
         nvidia-smi mig -i 0 -dgi\n  \
         nvidia-smi mig -i 0 -cgi 9:0,19:4 -C\n\
         without starts (inferred): no order leads here\n"
    );
}

#[test]
fn counts_of_full_layouts() {
    let count = |profiles| {
        json(&["layouts", "a100-40gb", "--profiles", profiles, "--json"]).as_array().unwrap().len()
    };
    assert_eq!((count("classic"), count("plain"), count("all")), (19, 78, 239));
}

#[test]
fn what_a_name_stands_for() {
    let found = json(&["profile", "nvidia.com/mig-1g.10gb", "--json"]);
    assert_eq!(found["device"]["device"], "A100-80GB 1g.10gb");
    assert_eq!(found["ambiguous"], true);
    assert_eq!(found["candidates"].as_array().unwrap().len(), 4);
    let found = json(&["profile", "3g.40gb", "--gpu", "NVIDIA-H100-80GB-HBM3", "--json"]);
    assert_eq!(found["device"]["profile"]["memory"]["floor"], 40_192_u64 << 20);
}

#[test]
fn the_catalog() {
    let gpus = json(&["gpus", "--json"]);
    assert_eq!(gpus.as_array().unwrap().len(), migfit::gpu::catalog().len());
    let (page, ..) = migfit(&["gpus", "T4"]);
    assert_eq!(page.lines().next(), Some("NVIDIA T4 16GB (t4-16gb)"));
}

#[test]
fn what_cannot_be_used_is_one_clear_message() {
    let (out, error, status) = migfit(&["layouts", "L4"]);
    assert_eq!((out.as_str(), status), ("", Some(1)));
    assert_eq!(
        error,
        "error: command line: L4-24GB: found a GPU that cannot be cut, expected a GPU with MIG\n"
    );
    let (_, error, _) = migfit(&["gpus", "a100"]);
    assert_eq!(
        error,
        "error: command line: GPU: found `a100`, which names 2 cards, expected one of A100-40GB, A100-80GB\n  \
         hint: the node label `nvidia.com/gpu.product` tells the cards apart\n"
    );
}
