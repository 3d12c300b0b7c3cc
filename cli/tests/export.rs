//! `migfit export` as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::{Command, Output};

use serde_json::Value;

fn migfit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_migfit")).arg("export").args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = migfit(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = migfit(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

const MODEL: &str = "meta-llama/Llama-3.1-8B-Instruct";

#[test]
fn lists_what_it_writes() {
    let list: Value = serde_json::from_str(&printed(&["--list", "--json"])).unwrap();
    let ids: Vec<&str> = list.as_array().unwrap().iter().map(|kind| kind["id"].as_str().unwrap()).collect();
    assert_eq!(ids[..3], ["deployment", "pod", "leaderworkerset"]);
    let text = printed(&["--list"]);
    assert!(ids.iter().all(|id| text.contains(id)) && text.contains("dra-first-available"));
}

#[test]
fn takes_the_smallest_device_that_holds_the_model() {
    let text = printed(&["pod", MODEL, "--gpu", "H100-80GB"]);
    assert!(text.contains("nvidia.com/mig-1g.20gb: \"1\""), "{text}");
    let json: Value =
        serde_json::from_str(&printed(&["pod", MODEL, "--device", "H100-80GB 3g.40gb", "--json"])).unwrap();
    assert_eq!(json["file"], "pod.yaml");
    let limits = &json["documents"][0]["spec"]["containers"][0]["resources"]["limits"];
    assert_eq!(limits["nvidia.com/mig-3g.40gb"], "1");
}

#[test]
fn writes_everything_and_names_what_it_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let said = printed(&[
        "--all",
        MODEL,
        "--gpu",
        "H100-80GB",
        "--layout",
        "2x3g.40gb",
        "--output",
        out.to_str().unwrap(),
    ]);
    assert!(said.contains("left out: resourcequota: teams: found nothing, expected at least one team"));
    assert!(
        said.contains(
            "left out: gke-pool: pool sliced: found 1 GPUs, expected as many GPUs as a machine has"
        )
    );
    let files = std::fs::read_dir(&out).unwrap().count();
    assert_eq!(files, said.lines().filter(|line| !line.starts_with("left out")).count());
    let script = std::fs::read_to_string(out.join("nvidia-smi.sh")).unwrap();
    assert!(script.ends_with("nvidia-smi mig -i 0 -cgi 9:0,9:4 -C\n"), "{script}");
}

#[test]
fn says_what_is_missing() {
    assert_eq!(
        refused(&["pod"]),
        "error: command line: MODEL: found nothing, expected the model that is to be served\n"
    );
    assert_eq!(
        refused(&["pod", MODEL]),
        "error: command line: device: found nothing, expected --device or --gpu\n"
    );
    assert_eq!(refused(&["kueue"]), "error: command line: nodes: found no card, expected --gpu\n");
    assert!(refused(&["deploymnt", MODEL, "--gpu", "H100-80GB"]).ends_with("  hint: nearest: deployment\n"));
    assert_eq!(
        refused(&[
            "nvidia-smi",
            "--gpu",
            "H100-80GB",
            "--gpus",
            "2",
            "--layout",
            "0,1: 7g.80gb",
            "--layout",
            "1,4: whole"
        ]),
        "error: command line: GPU 1: found cut twice, expected one layout for each GPU\n\
         error: command line: GPU 4: found named, expected a number below 2\n"
    );
}
