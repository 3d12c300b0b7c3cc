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
    assert_eq!(
        refused(&["kueue"]),
        "error: command line: nodes: found no card, expected --gpu, --pools or --plan\n"
    );
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

fn yaml(text: &str) -> Value {
    migfit::yaml::documents("export", text).unwrap().remove(0)
}

/// The configurations of a file for mig-parted.
fn cuts(export: &str) -> Value {
    let config = yaml(export)["data"]["config.yaml"].as_str().unwrap().to_owned();
    yaml(&config)["mig-configs"].clone()
}

#[test]
fn cuts_nodes_as_a_file_of_pools_says() {
    let pools = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matching/own.yaml");
    let found = cuts(&printed(&["mig-parted", "--pools", pools]));
    assert_eq!(
        found["mixed"],
        serde_json::json!([
            {"devices": [0, 1, 2, 3], "mig-enabled": true, "mig-devices": {"3g.40gb": 1, "4g.40gb": 1}},
            {"devices": [4, 5], "mig-enabled": true, "mig-devices": {"1g.10gb": 1, "2g.20gb": 3}},
            {"devices": [6, 7], "mig-enabled": false},
        ])
    );
    assert_eq!(found["whole"], serde_json::json!([{"devices": "all", "mig-enabled": false}]));
    assert!(
        printed(&["kueue", "--pools", pools, "--team", "alpha: 4g.40gb=4"])
            .contains("nvidia.com/mig.config: mixed")
    );

    assert_eq!(
        refused(&["mig-parted", "--pools", pools, "--gpu", "H100-80GB"]),
        format!(
            "error: command line: --gpu: found H100-80GB, expected the cards of {pools}\n  \
             hint: --gpu is for nodes that --layout cuts\n"
        )
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pools.yaml");
    let refusal = |text: &str| {
        std::fs::write(&file, format!("pools:\n- {{name: a, gpu: H100-80GB, {text}}}\n")).unwrap();
        refused(&["mig-parted", "--pools", file.to_str().unwrap()]).replace(file.to_str().unwrap(), "FILE")
    };
    assert_eq!(
        refusal("sharing: {kind: mps, replicas: 2}"),
        "error: FILE: pool a: found shared units, expected units that a container has to itself: no export says how \
         they are shared\n"
    );
    assert_eq!(
        refusal("gpusPerNode: 65"),
        "error: FILE: pool a: found 65 GPUs, expected at most 64 on a node\n"
    );
    let unreadable = refusal("layout: 9x1g.10gb");
    assert!(unreadable.starts_with("error: FILE: ") && !unreadable.contains("units only"), "{unreadable}");
    let counted = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matching/modelplane.yaml");
    assert!(
        refused(&["mig-parted", "--pools", counted]).contains("pool slices: found units only, expected how")
    );
}

#[test]
fn cuts_nodes_as_the_plan_for_a_fleet_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fleet.yaml");
    let path = file.to_str().unwrap();
    let nodes = "nodes: [{name: box, count: 3, gpu: H100-80GB}, {name: more, gpu: H100-80GB, use: whole}]\n";
    let fleet = |replicas: u64| {
        let workloads = format!(
            "workloads:\n- {{name: small, memory: 9Gi, devices: [1g.10gb], replicas: 14}}\n\
             - {{name: big, memory: 60Gi, replicas: {replicas}}}\n"
        );
        std::fs::write(&file, format!("{nodes}{workloads}")).unwrap();
    };
    fleet(2);
    let found = cuts(&printed(&["mig-parted", "--plan", path]));
    let (slices, whole) = (
        serde_json::json!([{"devices": "all", "mig-enabled": true, "mig-devices": {"1g.10gb": 7}}]),
        serde_json::json!([{"devices": "all", "mig-enabled": false}]),
    );
    let names: Vec<&String> = found.as_object().unwrap().keys().collect();
    assert_eq!(names, ["all-disabled", "box-cut-1", "box-cut-2", "more"]);
    assert_eq!(found["box-cut-1"], slices);
    assert_eq!(found["box-cut-2"][0]["mig-devices"], serde_json::json!({"7g.80gb": 1}));
    assert_eq!(found["more"], whole);
    let script = printed(&["nvidia-smi", "--plan", path]);
    assert!(script.contains("# on every node of box-cut-1 (box-0, box-1), with nothing running"), "{script}");

    // Nothing is written for a fleet in which somebody finds no place.
    fleet(3);
    assert_eq!(
        refused(&["mig-parted", "--plan", path]),
        format!(
            "error: {path}: workload `big`: found 1 without a place, expected a place for all\n  \
             hint: `migfit plan` gives the reasons\n"
        )
    );
}
