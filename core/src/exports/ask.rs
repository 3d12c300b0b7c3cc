//! Writing a device down in each dialect.

use super::cel::{by_capacity, by_name, class};
use super::clouds;
use super::dialect::{Ask, Dialect};
use super::export::object;
use super::tree::{Map, Tree};
use super::workload::Workload;
use crate::gpu::{Cloud, Device};
use crate::problem::Problem;

const GPU: &str = "nvidia.com/gpu";
/// Label of GPU feature discovery.
pub(super) const PRODUCT: &str = "nvidia.com/gpu.product";
pub(super) const GKE_ACCELERATOR: &str = "cloud.google.com/gke-accelerator";
pub(super) const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";
const INSTANCE_TYPE: &str = "node.kubernetes.io/instance-type";
/// Under this name the pod's claim stands in the pod.
pub(super) const CLAIM: &str = "device";

const ONE_SLICE: &str = "one: CUDA uses one slice, and slices have no path to each other";
const NAMED_GPU: &str = "slices have this name here";

impl Ask {
    /// What a pod with `devices` GPUs (1 for a slice) says to get what `work` was judged for.
    ///
    /// # Errors
    /// `no-such-partition`, `not-in-cloud`, `bad-setting` where the cluster that the dialect is for has no such device.
    pub(super) fn of(work: &Workload<'_>, devices: u64) -> Result<Ask, Problem> {
        let device = &work.device;
        let dialect = work.wish.dialect;
        if device.gpu.architecture.is_amd() && dialect != Dialect::Mixed {
            let expected = "`mixed`: the others are for NVIDIA's drivers";
            return Err(Problem::new("bad-setting", "spelling", format!("`{}`", dialect.id()), expected));
        }
        match dialect {
            Dialect::Mixed => Ok(Ask { labels: product(work)?, ..plugin(device, devices) }),
            Dialect::Single => {
                let labels = one_of(work, clouds::single_labels(device))?;
                Ok(Ask { labels: vec![(PRODUCT, labels)], ..as_gpu(device, devices) })
            }
            Dialect::Gke => gke(work, devices),
            Dialect::Aks => aks(work, devices),
            Dialect::DraProfile | Dialect::DraCapacity | Dialect::DraFirstAvailable => {
                let name = format!("{}-device", work.name);
                let template = template(&name, work, devices);
                Ok(Ask { template: Some(name), beside: vec![template], ..Ask::default() })
            }
            Dialect::DraExtended => {
                let beside = device_class(device).into_iter().collect();
                let any = device
                    .profile
                    .map(|profile| format!("any card with the profile {} will do", profile.name));
                Ok(Ask { beside, notes: any.into_iter().collect(), ..plugin(device, devices) })
            }
            Dialect::Hami => hami(work, devices),
        }
    }
}

/// The resource that the device plugin announces under the strategy `mixed`.
fn plugin(device: &Device<'_>, devices: u64) -> Ask {
    let why = if device.profile.is_some() { ONE_SLICE } else { "" };
    Ask { resources: vec![(device.resource_name(), devices.to_string(), why)], ..Ask::default() }
}

/// The resource where slices are announced as GPUs.
fn as_gpu(device: &Device<'_>, devices: u64) -> Ask {
    let why = if device.profile.is_some() { NAMED_GPU } else { "" };
    Ask { resources: vec![(GPU.to_owned(), devices.to_string(), why)], ..Ask::default() }
}

/// The product label of the card, where one is known.
fn product(work: &Workload<'_>) -> Result<Vec<(&'static str, Vec<String>)>, Problem> {
    let labels = clouds::product_labels(work.device.gpu);
    if labels.is_empty() && work.wish.card_label.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![(PRODUCT, one_of(work, labels)?)])
}

/// The label that the user named, else all of them.
fn one_of(work: &Workload<'_>, labels: Vec<String>) -> Result<Vec<String>, Problem> {
    let Some(wanted) = &work.wish.card_label else {
        if labels.is_empty() {
            let expected = "a card with a known product label";
            return Err(Problem::new("no-label", "GPU", work.device.gpu.short_name.as_ref(), expected));
        }
        return Ok(labels);
    };
    let own = labels.iter().find(|label| {
        *label == wanted || label.strip_prefix(wanted.as_str()).is_some_and(|end| end.starts_with("-MIG-"))
    });
    match own {
        Some(label) => Ok(vec![label.clone()]),
        None => {
            let expected = format!("one of {}", labels.join(", "));
            Err(Problem::new("bad-setting", "card label", format!("{wanted:?}"), expected))
        }
    }
}

fn gke(work: &Workload<'_>, devices: u64) -> Result<Ask, Problem> {
    let device = &work.device;
    let names = one_of(work, clouds::gke_names(device.gpu)?)?;
    let mut labels = vec![(GKE_ACCELERATOR, names)];
    if let Some(profile) = device.profile {
        labels.push((GKE_PARTITION, vec![clouds::gke_size(device.gpu, profile)?]));
    }
    Ok(Ask { labels, ..as_gpu(device, devices) })
}

fn aks(work: &Workload<'_>, devices: u64) -> Result<Ask, Problem> {
    let device = &work.device;
    if let Some(profile) = device.profile {
        clouds::aks_profile(profile)?;
    }
    let machines = clouds::machines(device.gpu, Cloud::Azure)?;
    let names = machines.iter().filter(|(_, count)| u64::from(*count) >= devices);
    let names: Vec<String> = names.map(|(name, _)| (*name).to_owned()).collect();
    if names.is_empty() {
        let expected = format!("at most the {} of one machine", device.gpu.short_name);
        return Err(Problem::new("not-in-cloud", "GPUs of one pod", devices.to_string(), expected));
    }
    Ok(Ask { labels: vec![(INSTANCE_TYPE, names)], ..plugin(device, devices) })
}

fn hami(work: &Workload<'_>, devices: u64) -> Result<Ask, Problem> {
    let mut ask = Ask { labels: product(work)?, ..as_gpu(&work.device, devices) };
    if work.device.profile.is_some() {
        let memory = work.least_memory().whole_mib();
        ask.resources.push(("nvidia.com/gpumem".to_owned(), memory.to_string(), "MiB that the model needs"));
        ask.annotations.push(("nvidia.com/vgpu-mode", "mig"));
        ask.notes
            .push("HAMi chooses a profile with so much memory; it may be another than was judged".to_owned());
    }
    Ok(ask)
}

/// The template of the claim.
pub(super) fn template(name: &str, work: &Workload<'_>, devices: u64) -> Tree {
    let request = match work.wish.dialect {
        Dialect::DraCapacity => exactly(work, by_capacity(work), devices),
        Dialect::DraFirstAvailable => first_available(work, devices),
        _ => exactly(work, by_name(&work.device), devices),
    };
    let requests = Map::new().with("requests", vec![request]);
    object("resource.k8s.io/v1", "ResourceClaimTemplate", metadata(name, work))
        .with("spec", Map::new().with("spec", Map::new().with("devices", requests)))
        .into()
}

/// Name and namespace.
pub(super) fn metadata(name: &str, work: &Workload<'_>) -> Map {
    Map::new().with("name", name).with_some("namespace", work.wish.namespace.as_deref())
}

fn exactly(work: &Workload<'_>, condition: String, devices: u64) -> Map {
    Map::new().with("name", "gpu").with("exactly", wanted(Map::new(), &work.device, condition, devices))
}

fn first_available(work: &Workload<'_>, devices: u64) -> Map {
    let conditions = [("as-judged", by_name(&work.device)), ("large-enough", by_capacity(work))];
    let choice = |(name, condition)| wanted(Map::new().with("name", name), &work.device, condition, devices);
    Map::new().with("name", "gpu").with("firstAvailable", conditions.map(choice))
}

fn wanted(request: Map, device: &Device<'_>, condition: String, devices: u64) -> Map {
    let selector = Map::new().with("cel", Map::new().with("expression", condition));
    let request = request.with("deviceClassName", class(device)).with("selectors", vec![selector]);
    if devices > 1 { request.with("count", devices) } else { request }
}

/// The class that stands behind the resource name of a slice. NVIDIA's driver brings that of whole GPUs itself.
pub(super) fn device_class(device: &Device<'_>) -> Option<Tree> {
    let profile = device.profile?;
    let resource = device.resource_name();
    let name = resource.strip_prefix("nvidia.com/").unwrap_or(&resource).to_owned();
    let condition = format!(
        "device.driver == '{0}' && device.attributes['{0}'].type == 'mig' && device.attributes['{0}'].profile == '{1}'",
        super::cel::DRIVER,
        profile.name
    );
    let selector = Map::new().with("cel", Map::new().with("expression", condition));
    let spec = Map::new().with("extendedResourceName", resource).with("selectors", vec![selector]);
    Some(object("resource.k8s.io/v1", "DeviceClass", Map::new().with("name", name)).with("spec", spec).into())
}
