//! Cutting the GPUs of nodes: `nvidia-smi`, the MIG manager, and the labels and taints that go with it.

use super::ask::{PRODUCT, device_class};
use super::clouds::product_labels;
use super::export::{Command, Export, object, yaml};
use super::fleet::{Fleet, Machines};
use super::tree::{Map, Tree};
use crate::gpu::layout::preparation;
use crate::problem::Problem;

/// Name of the ConfigMap and the namespace of NVIDIA's GPU operator.
const CONFIG: &str = "migfit-mig-config";
const OPERATOR: &str = "gpu-operator";

/// The commands that cut the GPUs of each kind of node.
pub(super) fn smi(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let mut commands = Vec::new();
    for machines in &fleet.machines {
        let names = match machines.names.as_slice() {
            [] => String::new(),
            names => format!(" ({})", names.join(", ")),
        };
        let mut about =
            format!("on every node of {}{names}, with nothing running on its GPUs", machines.name);
        for (index, layout) in (0..).zip(&machines.layouts) {
            let lines = if layout.instances().is_empty() && machines.gpu.has_mig() {
                vec![format!("nvidia-smi -i {index} -mig 0")]
            } else {
                cut(machines, index)
            };
            for line in lines.into_iter().chain(Some(layout.command(index)).filter(|line| !line.is_empty())) {
                commands.push(Command::new(std::mem::take(&mut about), line));
            }
        }
    }
    let notes = survives(fleet);
    Ok(Export::commands("nvidia-smi", commands, notes))
}

/// Clearing fails where there is nothing to clear, and that is fine.
fn cut(machines: &Machines<'_>, index: u32) -> Vec<String> {
    let clears = |line: &str| line.ends_with("-dci") || line.ends_with("-dgi");
    let lines = preparation(machines.gpu, index).into_iter();
    lines.map(|line| if clears(&line) { format!("{line} || true") } else { line }).collect()
}

/// Instances never survive a reboot; the mode does on some generations.
fn survives(fleet: &Fleet<'_>) -> Vec<String> {
    let modes = fleet.machines.iter().filter_map(|machines| machines.gpu.mig_mode);
    let forgets = modes.into_iter().any(|mode| !mode.survives_reboot);
    let mut notes = vec![
        "instances are gone after a reboot: run it again then, or leave it to the MIG manager".to_owned(),
    ];
    if forgets {
        notes.push("MIG mode is off again after a reboot on Hopper and later".to_owned());
    }
    notes
}

/// The file of mig-parted, in the ConfigMap from which NVIDIA's MIG manager takes it.
pub(super) fn mig_parted(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let data = Map::new().with("config.yaml", yaml(&parted(fleet).into())?);
    let metadata = Map::new().with("name", CONFIG).with("namespace", OPERATOR);
    let document = object("v1", "ConfigMap", metadata).with("data", data);
    let notes = vec![
        "the key must be config.yaml".to_owned(),
        "the MIG manager applies the entry that a node's label nvidia.com/mig.config names; pods with GPUs must be gone"
            .to_owned(),
    ];
    Ok(Export::documents("mig-parted", vec![document.into()], notes))
}

fn parted(fleet: &Fleet<'_>) -> Map {
    let off = || Map::new().with("devices", "all").with("mig-enabled", false);
    let mut configs = Map::new().with("all-disabled", vec![off()]);
    for machines in &fleet.machines {
        configs = configs.with(machines.name.as_str(), entries(machines));
    }
    Map::new().with("version", "v1").with("mig-configs", configs)
}

fn entries(machines: &Machines<'_>) -> Vec<Map> {
    let groups = machines.groups();
    let all = groups.len() == 1;
    let entry = |(numbers, layout): (Vec<u64>, &crate::gpu::layout::Layout<'_>)| {
        let devices = if all { Tree::from("all") } else { Tree::from(numbers) };
        let entry = Map::new().with("devices", devices).with("mig-enabled", !layout.instances().is_empty());
        let mut counts = std::collections::BTreeMap::new();
        for instance in layout.instances() {
            *counts.entry(instance.profile.name.to_string()).or_insert(0_u64) += 1;
        }
        entry.with_any(
            "mig-devices",
            counts.into_iter().fold(Map::new(), |map, (name, count)| map.with(name, count)),
        )
    };
    groups.into_iter().map(entry).collect()
}

/// Values for the Helm chart of NVIDIA's GPU operator.
pub(super) fn gpu_operator(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let data = Map::new().with("config.yaml", yaml(&parted(fleet).into())?);
    let config = Map::new()
        .with("create", true)
        .with("name", CONFIG)
        .with("default", "all-disabled")
        .with("data", data);
    let values = Map::new()
        .with("mig", Map::new().with("strategy", "mixed"))
        .with("migManager", Map::new().with("enabled", true).with("config", config));
    let notes = vec![
        "strategy mixed: a slice is asked for as nvidia.com/mig-<profile>, whole GPUs stay nvidia.com/gpu"
            .to_owned(),
    ];
    Ok(Export::documents("gpu-operator-values", vec![values.into()], notes))
}

/// The labels by which the MIG manager learns what each node is cut into.
pub(super) fn labels(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let command = |machines: &Machines<'_>| {
        let line = format!(
            "kubectl label node {} nvidia.com/mig.config={} --overwrite",
            nodes(machines),
            machines.name
        );
        Command::new(about(machines), line)
    };
    let commands = fleet.machines.iter().map(command).collect();
    let notes = vec![
        "apply the ConfigMap of `migfit export mig-parted` first, and drain what uses the GPUs".to_owned(),
        "the label nvidia.com/mig.config.state says success, failed, pending or rebooting".to_owned(),
    ];
    Ok(Export::commands("node-labels", commands, notes))
}

/// Taints that keep everything else off the nodes.
pub(super) fn taints(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let command = |machines: &Machines<'_>| {
        let line = format!(
            "kubectl taint node {} nvidia.com/gpu={}:NoSchedule --overwrite",
            nodes(machines),
            machines.name
        );
        Command::new(about(machines), line)
    };
    let commands = fleet.machines.iter().map(command).collect();
    let notes = vec![
        "pods for these nodes need the toleration {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}, which every \
         export of a workload has"
            .to_owned(),
        "a taint keeps others away and a toleration does not attract: the resource or the node selector does".to_owned(),
    ];
    Ok(Export::commands("taints", commands, notes))
}

/// A class for each profile, behind the resource name that the device plugin would use.
pub(super) fn device_classes(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let documents: Vec<Tree> = fleet.supply().iter().filter_map(|(device, _)| device_class(device)).collect();
    if documents.is_empty() {
        return Err(Problem::new("no-such-device", "nodes", "whole GPUs only", "at least one slice")
            .hint("NVIDIA's driver brings the class of whole GPUs itself"));
    }
    let notes =
        vec!["for Kubernetes 1.36 and later (extended resources of dynamic resource allocation)".to_owned()];
    Ok(Export::documents("deviceclass", documents, notes))
}

/// Names, or the labels by which `kubectl` finds them.
fn nodes(machines: &Machines<'_>) -> String {
    if !machines.names.is_empty() {
        return machines.names.join(" ");
    }
    if !machines.labels.is_empty() {
        let pairs: Vec<String> =
            machines.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return format!("-l '{}'", pairs.join(","));
    }
    format!("-l '{PRODUCT} in ({})'", product_labels(machines.gpu).join(", "))
}

fn about(machines: &Machines<'_>) -> String {
    let named = !machines.names.is_empty() || !machines.labels.is_empty();
    let doubt =
        if named { "" } else { "; their labels are not known, so this takes every node with the card" };
    let devices: Vec<String> = machines
        .devices()
        .iter()
        .map(|(device, count)| match device.profile {
            Some(profile) => format!("{count} x {}", profile.name),
            None => format!("{count} whole"),
        })
        .collect();
    format!("{}: {} on each node{doubt}", machines.name, devices.join(", "))
}
