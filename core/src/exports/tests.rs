//! Texts as they are written, word for word.

use std::collections::BTreeMap;

use super::*;
use crate::engine::Serving;
use crate::gpu::{Gpu, device, find as card, layout};
use crate::model::{self, Model};
use crate::problem::Problem;

fn granite() -> Model {
    let config = r#"{
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 32000,
        "max_position_embeddings": 4096, "tie_word_embeddings": false, "torch_dtype": "float32"
    }"#;
    model::read(config).unwrap()
}

const ID: &str = "ibm-granite/granite-7b-base";

fn written(kind: &str, label: &str, wish: Wish) -> String {
    let (model, serving) = (granite(), Serving::default());
    let work = Workload::new(ID, &model, &serving, device(label).unwrap(), wish).unwrap();
    write(find(kind).unwrap(), From::Workload(&work)).unwrap().text().unwrap()
}

fn seed(gpu: &Gpu) -> Fleet<'_> {
    let machines = Machines {
        name: "sized".to_owned(),
        gpu,
        nodes: 2,
        names: Vec::new(),
        labels: BTreeMap::from([("pool".to_owned(), "sized".to_owned())]),
        layouts: vec![read_layout(gpu, "3x2g.20gb 1g.10gb").unwrap(), layout::Layout::empty(gpu)],
        instance_type: None,
    };
    let team = |name: &str, quota: &[(&str, u64)]| Team {
        name: name.to_owned(),
        quota: quota.iter().map(|(name, count)| (name.parse().ok(), *count)).collect(),
        ..Team::default()
    };
    Fleet {
        machines: vec![machines],
        teams: vec![team("team-alpha", &[("2g.20gb", 4)]), team("team-beta", &[("1g.10gb", 2), ("gpu", 1)])],
    }
}

fn of_fleet(kind: &str, fleet: &Fleet<'_>) -> Result<String, Vec<Problem>> {
    write(find(kind).unwrap(), From::Fleet(fleet)).map(|export| export.text().unwrap())
}

#[test]
fn a_pod_on_a_slice_says_every_limit() {
    let wish = Wish { card_label: Some("NVIDIA-H100-80GB-HBM3".to_owned()), ..Wish::default() };
    let expected = "\
# ibm-granite/granite-7b-base on H100-80GB 2g.20gb: 15.3 GiB needed of 17.9 GiB usable, 1 sequence of 4,096 tokens under vLLM 0.33
apiVersion: v1
kind: Pod
metadata:
  name: granite-7b-base
  labels:
    app: granite-7b-base
spec:
  nodeSelector:
    nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3
  tolerations:
  - key: nvidia.com/gpu # lets the pod onto tainted nodes; it does not draw it there
    operator: Exists
    effect: NoSchedule
  containers:
  - name: vllm
    image: vllm/vllm-openai:v0.33.0
    args:
    - --model=ibm-granite/granite-7b-base
    - --max-model-len=4096
    - --max-num-seqs=256 # as estimated; an engine on a slice may take its default from the whole GPU
    - --max-num-batched-tokens=2048 # as estimated; an engine on a slice may take its default from the whole GPU
    - --gpu-memory-utilization=0.92 # a share of the device that it is given
    resources:
      limits:
        nvidia.com/mig-2g.20gb: \"1\" # one: CUDA uses one slice, and slices have no path to each other
      requests:
        nvidia.com/mig-2g.20gb: \"1\"
    ports:
    - name: http
      containerPort: 8000
    startupProbe:
      httpGet:
        path: /health
        port: http
      periodSeconds: 10
      failureThreshold: 180 # half an hour for fetching and reading the weights
    readinessProbe:
      httpGet:
        path: /health
        port: http
      periodSeconds: 10
";
    assert_eq!(written("pod", "H100-80GB 2g.20gb", wish), expected);
}

#[test]
fn a_claim_names_the_profile_or_what_is_needed() {
    let wish = Wish { dialect: Dialect::DraFirstAvailable, ..Wish::default() };
    let text = written("resourceclaimtemplate", "H100-80GB 3g.40gb", wish);
    assert!(text.contains(
        "device.attributes['gpu.nvidia.com'].profile == '3g.40gb' && device.attributes['gpu.nvidia.com'].architecture == 'Hopper'"
    ));
    // 15.3 GiB over 0.92, not the 39.3 GiB of the slice; its 60 multiprocessors.
    assert!(text.contains(
        "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('17034Mi')) >= 0 && \
         device.capacity['gpu.nvidia.com'].multiprocessors.compareTo(quantity('60')) >= 0"
    ));
}

#[test]
fn what_cannot_be_is_refused_with_every_reason() {
    let (model, serving) = (granite(), Serving { tensor_parallel: 2, ..Serving::default() });
    let wish = Wish { name: Some("A b".to_owned()), replicas: 0, ..Wish::default() };
    let slice = device("H100-80GB 1g.10gb").unwrap();
    let problems = Workload::new(ID, &model, &serving, slice, wish).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["bad-name", "bad-setting", "parallel-on-slices"]);
    let serving = Serving::default();
    let problems = Workload::new(ID, &model, &serving, slice, Wish::default()).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "device: found the weights alone take 12.6 GiB, 8.9 GiB are usable, expected a model that fits H100-80GB 1g.10gb"
    );
    assert_eq!(problems[0].hint.as_deref(), Some("H100-80GB 1g.20gb holds it"));
}

#[test]
fn nodes_are_cut_with_starts() {
    let gpu = card("H100-80GB").unwrap();
    let expected = "\
#!/bin/sh
set -eu
# instances are gone after a reboot: run it again then, or leave it to the MIG manager
# MIG mode is off again after a reboot on Hopper and later
# on every node of sized, with nothing running on its GPUs
nvidia-smi -i 0 -mig 1
nvidia-smi mig -i 0 -dci || true
nvidia-smi mig -i 0 -dgi || true
nvidia-smi mig -i 0 -cgi 14:0,14:2,14:4,19:6 -C
nvidia-smi -i 1 -mig 0
";
    assert_eq!(of_fleet("nvidia-smi", &seed(gpu)).unwrap(), expected);
    let config = of_fleet("mig-parted", &seed(gpu)).unwrap();
    let expected = "      sized:
      - devices:
        - 0
        mig-enabled: true
        mig-devices:
          1g.10gb: 1
          2g.20gb: 3
      - devices:
        - 1
        mig-enabled: false
";
    assert!(config.ends_with(expected), "{config}");
    assert!(of_fleet("node-labels", &seed(gpu)).unwrap().ends_with(
        "# sized: 1 whole, 1 x 1g.10gb, 3 x 2g.20gb on each node\n\
         kubectl label node -l 'pool=sized' nvidia.com/mig.config=sized --overwrite\n"
    ));
}

#[test]
fn a_quota_closes_every_profile_that_it_does_not_name() {
    let text = of_fleet("resourcequota", &seed(card("H100-80GB").unwrap())).unwrap();
    let first = text.split("---").next().unwrap();
    let keys: Vec<&str> = first.lines().filter(|line| line.contains("requests.")).map(str::trim).collect();
    assert_eq!(
        keys,
        [
            "requests.nvidia.com/gpu: \"0\"",
            "requests.nvidia.com/mig-1g.10gb: \"0\"",
            "requests.nvidia.com/mig-1g.10gb.me: \"0\"",
            "requests.nvidia.com/mig-1g.20gb: \"0\"",
            "requests.nvidia.com/mig-2g.20gb: \"4\"",
            "requests.nvidia.com/mig-3g.40gb: \"0\"",
            "requests.nvidia.com/mig-4g.40gb: \"0\"",
            "requests.nvidia.com/mig-7g.80gb: \"0\"",
        ]
    );
    assert!(!text.contains("limits."));
}

#[test]
fn what_nobody_is_promised_can_be_borrowed() {
    let export = write(find("kueue").unwrap(), From::Fleet(&seed(card("H100-80GB").unwrap()))).unwrap();
    let quotas = |name: &str| {
        let queue = export
            .values()
            .into_iter()
            .find(|value| value["kind"] == "ClusterQueue" && value["metadata"]["name"] == name);
        let rows = queue.unwrap()["spec"]["resourceGroups"][0]["flavors"][0]["resources"].clone();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["nominalQuota"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    // Whole GPUs, 1g.10gb, 2g.20gb: 2, 2 and 6 on the two nodes.
    assert_eq!(quotas("team-alpha"), [0, 0, 4]);
    assert_eq!(quotas("team-beta"), [1, 2, 0]);
    assert_eq!(quotas("spare"), [1, 0, 2]);
}

#[test]
fn a_cloud_that_cuts_alike_is_not_asked_for_more() {
    let gpu = card("H100-80GB").unwrap();
    let problems = of_fleet("gke-pool", &seed(gpu)).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "pool sized: found whole GPUs and 1g.10gb and 2g.20gb, expected one profile as often as each GPU holds it: GKE cuts \
         every GPU of a pool alike"
    );
    let mut fleet = seed(gpu);
    fleet.machines[0].layouts = vec![read_layout(gpu, "2x3g.40gb").unwrap(); 8];
    fleet.teams.clear();
    assert!(of_fleet("gke-pool", &fleet).unwrap().ends_with(
        "# sized: 16 x nvidia.com/gpu on each of 2 nodes\n\
         gcloud container node-pools create sized --cluster \"$CLUSTER\" --machine-type a3-highgpu-8g --accelerator \
         type=nvidia-h100-80gb,count=8,gpu-partition-size=3g.40gb --num-nodes 2\n"
    ));
    assert!(
        of_fleet("aks-pool", &fleet).unwrap().ends_with(
            "--node-vm-size Standard_ND96isr_H100_v5 --node-count 2 --gpu-instance-profile MIG3g\n"
        )
    );
    // 56 units of 1g.10gb on a node of eight, not 28.
    fleet.machines[0].layouts = vec![read_layout(gpu, "7x1g.10gb").unwrap(); 8];
    let text = of_fleet("modelplane-inferenceenvironment", &fleet).unwrap();
    assert!(text.contains("acceleratorCount: 8 # 56 allocation units on each node"), "{text}");
    assert!(text.contains("memoryPerGpu: 9856Mi"));
}

#[test]
fn every_kind_has_an_id_of_its_own_and_one_line() {
    let mut ids: Vec<&str> = KINDS.iter().map(|kind| kind.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), KINDS.len());
    assert!(KINDS.iter().all(|kind| !kind.about.is_empty() && kind.about.len() < 72));
    assert_eq!(find("deploymnet").unwrap_err().hint.as_deref(), Some("nearest: deployment"));
    assert_eq!(find("zzz").unwrap_err().hint, None);
}

#[test]
fn a_layout_is_wanted_in_no_order() {
    let gpu = card("A100-40GB").unwrap();
    for text in ["3g 2g 1g", "1g 2g 3g", "1g,3g,2g"] {
        assert_eq!(read_layout(gpu, text).unwrap().to_string(), "1g.5gb@1, 2g.10gb@2, 3g.20gb@4", "{text}");
    }
    assert_eq!(read_layout(gpu, "3g@0").unwrap().to_string(), "3g.20gb@0");
    assert_eq!(read_layout(gpu, "3x3g").unwrap_err().code, "no-placement");
    let rtx = card("RTX-PRO-6000-96GB").unwrap();
    assert_eq!(read_layout(rtx, "2x1g.24gb+gfx").unwrap().to_string(), "1g.24gb+gfx@6, 1g.24gb+gfx@9");
}
