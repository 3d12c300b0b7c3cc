//! Node pools of clouds.

use super::clouds::{aks_profile, gke_names, gke_size, machines as types};
use super::export::{Command, Export};
use super::fleet::{Fleet, Machines};
use crate::gpu::Cloud;
use crate::problem::Problem;

/// The machine type of `cloud` for these nodes: the one named, else the first with as many GPUs.
fn machine(machines: &Machines<'_>, cloud: Cloud) -> Result<String, Problem> {
    let known = types(machines.gpu, cloud)?;
    let gpus = machines.layouts.len();
    let named =
        machines.instance_type.as_deref().and_then(|name| known.iter().find(|(known, _)| *known == name));
    let found = named.or_else(|| known.iter().find(|(_, count)| usize::from(*count) == gpus));
    match found {
        Some((name, count)) if usize::from(*count) == gpus => Ok((*name).to_owned()),
        _ => {
            let kinds: Vec<String> = known.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            let expected = format!("as many GPUs as a machine has: {}", kinds.join(", "));
            Err(Problem::new(
                "not-in-cloud",
                format!("pool {}", machines.name),
                format!("{gpus} GPUs"),
                expected,
            ))
        }
    }
}

/// Node pools of Google Kubernetes Engine.
pub(super) fn gke(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let mut commands = Vec::new();
    for machines in &fleet.machines {
        let slice = machines.uniform("GKE")?;
        let machine = machine(machines, Cloud::Gcp)?;
        let names = gke_names(machines.gpu)?;
        let name = names.first().map(String::as_str).unwrap_or_default();
        let mut accelerator = format!("type={name},count={}", machines.layouts.len());
        if let Some(profile) = slice.and_then(|device| device.profile) {
            accelerator.push_str(&format!(",gpu-partition-size={}", gke_size(machines.gpu, profile)?));
        }
        let line = format!(
            "gcloud container node-pools create {} --cluster \"$CLUSTER\" --machine-type {machine} --accelerator {accelerator} \
             --num-nodes {}",
            machines.name, machines.nodes
        );
        commands.push(Command::new(units(machines, "nvidia.com/gpu"), line));
    }
    let notes = vec!["set CLUSTER, and the zone or region where gcloud has none".to_owned()];
    Ok(Export::commands("gke-pool", commands, notes))
}

/// Node pools of Azure Kubernetes Service.
pub(super) fn aks(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let mut commands = Vec::new();
    for machines in &fleet.machines {
        let slice = machines.uniform("AKS")?;
        let machine = machine(machines, Cloud::Azure)?;
        let mut line = format!(
            "az aks nodepool add --resource-group \"$GROUP\" --cluster-name \"$CLUSTER\" --name {} --node-vm-size {machine} \
             --node-count {}",
            pool_name(&machines.name),
            machines.nodes
        );
        if let Some(profile) = slice.and_then(|device| device.profile) {
            line.push_str(&format!(" --gpu-instance-profile {}", aks_profile(profile)?));
        }
        let resource = slice.map_or_else(|| "nvidia.com/gpu".to_owned(), |device| device.resource_name());
        commands.push(Command::new(units(machines, &resource), line));
    }
    let named: Vec<String> = fleet.machines.iter().map(|machines| pool_name(&machines.name)).collect();
    if let Some(name) =
        named.iter().enumerate().find(|(at, name)| named.iter().take(*at).any(|other| other == *name))
    {
        let expected = "pools that differ in their first 12 letters and digits";
        return Err(Problem::new("twice", "AKS node pool", format!("{:?} twice", name.1), expected));
    }
    let notes = vec![
        "set GROUP and CLUSTER; a GPU instance profile cannot be changed later".to_owned(),
        "the resource is that of the strategy mixed, which the device plugin must be told".to_owned(),
    ];
    Ok(Export::commands("aks-pool", commands, notes))
}

/// Node groups of Amazon's Elastic Kubernetes Service, cut by the GPU operator.
pub(super) fn eks(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let mut commands = Vec::new();
    for machines in &fleet.machines {
        let machine = machine(machines, Cloud::Aws)?;
        let mut line = format!(
            "eksctl create nodegroup --cluster \"$CLUSTER\" --name {} --node-type {machine} --nodes {}",
            machines.name, machines.nodes
        );
        if machines.layouts.iter().any(|layout| !layout.instances().is_empty()) {
            line.push_str(&format!(" --node-labels nvidia.com/mig.config={}", machines.name));
        }
        commands.push(Command::new(String::new(), line));
    }
    let notes = vec![
        "set CLUSTER; EKS does not cut GPUs: the MIG manager of the GPU operator does, by the label and the ConfigMap of \
         `migfit export mig-parted`"
            .to_owned(),
        "in a cloud the MIG manager needs WITH_REBOOT=true".to_owned(),
    ];
    Ok(Export::commands("eks-nodegroup", commands, notes))
}

/// What every node announces.
fn units(machines: &Machines<'_>, resource: &str) -> String {
    let count: u64 = machines.devices().iter().map(|(_, count)| count).sum();
    format!("{}: {count} x {resource} on each of {} nodes", machines.name, machines.nodes)
}

/// A pool's name there has at most 12 letters and digits.
fn pool_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
}
