//! Modelplane: what a class of nodes offers, in today's form and in that of its issue 53.

use super::cel::{DRIVER, amount, class};
use super::export::{Export, object};
use super::fleet::{Fleet, Machines};
use super::tree::{Map, Tree};
use crate::gpu::{Architecture, Device};
use crate::problem::Problem;

/// The most devices of one kind on a node that a class can say.
const MOST_DEVICES: u64 = 64;

/// One InferenceClass for each group of nodes: a device for each profile, with the memory that it has.
pub(super) fn classes(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let documents: Result<Vec<Tree>, Problem> = fleet.machines.iter().map(inference_class).collect();
    let notes = vec![
        "memory is what a device has; a class of 40Gi for 3g.40gb would match and then fail to bind"
            .to_owned(),
    ];
    Ok(Export::documents("modelplane-inferenceclass", documents?, notes))
}

fn inference_class(machines: &Machines<'_>) -> Result<Tree, Problem> {
    let devices = machines.devices();
    if let Some((device, count)) = devices.iter().find(|(_, count)| *count > MOST_DEVICES) {
        let expected = format!("at most {MOST_DEVICES} devices of a kind on one node");
        let found = format!("{count} x {}", device.label());
        return Err(Problem::new("bad-setting", format!("pool {}", machines.name), found, expected));
    }
    let rows: Vec<Map> = devices.iter().map(|(device, count)| row(device, *count)).collect();
    let about = format!("{}, {} GPUs on each node", machines.gpu.short_name, machines.layouts.len());
    let spec = Map::new().with("description", about).with("devices", rows);
    Ok(object("modelplane.ai/v1alpha1", "InferenceClass", Map::new().with("name", machines.name.as_str()))
        .with("spec", spec)
        .into())
}

fn row(device: &Device<'_>, count: u64) -> Map {
    let text = |value: &str| Map::new().with("string", value);
    let profile = device.profile.map(|profile| profile.name.to_string());
    let name = profile.as_deref().map_or_else(|| "gpu".to_owned(), |name| format!("mig-{}", plain(name)));
    let kind = if profile.is_some() { "mig" } else { "gpu" };
    let attributes = Map::new()
        .with("type", text(kind))
        .with_some("profile", profile.as_deref().map(text))
        .with("architecture", text(device.gpu.architecture.word()));
    let number = |value: String| Map::new().with("value", value);
    let capacity = Map::new()
        .with("memory", number(amount(device.memory_floor())))
        .with_some("multiprocessors", device.sms().map(|sms| number(sms.to_string())));
    Map::new()
        .with("name", name)
        .with("claim", "DRA")
        .with("driver", DRIVER)
        .with("deviceClassName", class(device))
        .with("count", count)
        .with("attributes", attributes)
        .with("capacity", capacity)
}

/// `1g.10gb+me` as a part of a name.
fn plain(profile: &str) -> String {
    profile.replace("-me", "-no-me").replace(['.', '+'], "-")
}

/// The InferenceEnvironment of issue 53, with what the hardware has. Its pools know one profile each.
pub(super) fn environment(fleet: &Fleet<'_>) -> Result<Export, Problem> {
    let pools: Result<Vec<Map>, Problem> = fleet.machines.iter().map(pool).collect();
    let document =
        object("modelplane.ai/v1alpha1", "InferenceEnvironment", Map::new().with("name", "migfit"))
            .with("spec", Map::new().with("nodePools", pools?));
    let notes = vec![
        "the form of Modelplane's issue 53, which it never built; today's is `migfit export modelplane-inferenceclass`".to_owned(),
    ];
    Ok(Export::documents("modelplane-inferenceenvironment", vec![document.into()], notes))
}

fn pool(machines: &Machines<'_>) -> Result<Map, Problem> {
    let slice = machines.uniform("a pool of issue 53")?;
    let device = slice.unwrap_or_else(|| Device::whole(machines.gpu));
    let accelerator = machines.gpu.cloud_names.first().unwrap_or(&machines.gpu.key).to_string();
    let link = match (slice, machines.gpu.nvlink) {
        (Some(_), _) => {
            Some(Tree::from("none").why("slices have no path to each other, neither NVLink nor PCIe"))
        }
        (None, Some(rate)) if rate.value > 0 => Some(Tree::from("nvlink")),
        (None, Some(_)) => Some(Tree::from("pcie")),
        (None, None) => None,
    };
    let mig = slice
        .and_then(|device| device.profile)
        .map(|profile| Map::new().with("enabled", true).with("profile", profile.name.to_string()));
    let capabilities = Map::new()
        .with(
            "memoryPerGpu",
            Tree::from(amount(device.memory_floor())).why("what it has, not the number in its name"),
        )
        .with_some("interconnect", link)
        .with("precisionSupport", precisions(machines.gpu.architecture))
        .with("multiNodeCapable", slice.is_none())
        .with_some("migConfiguration", mig);
    let units: u64 = machines.devices().iter().map(|(_, count)| count).sum();
    let gpus =
        Tree::from(machines.layouts.len() as u64).why(format!("{units} allocation units on each node"));
    let labels =
        machines.labels.iter().fold(Map::new(), |map, (name, value)| map.with(name.as_str(), value.as_str()));
    Ok(Map::new()
        .with("name", machines.name.as_str())
        .with("acceleratorType", accelerator)
        .with("acceleratorCount", gpus)
        .with("nodeCount", machines.nodes)
        .with_any("nodeSelector", labels)
        .with("capabilities", capabilities))
}

fn precisions(architecture: Architecture) -> Vec<&'static str> {
    let formats = architecture.formats();
    let known = [
        ("fp16", true),
        ("bf16", formats.bf16),
        ("fp8", formats.fp8),
        ("fp4", formats.nvfp4 || formats.mxfp4),
    ];
    known.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}
