//! Which devices of the catalog a claim can mean.

use super::claim::{Asked, Claim};
use super::node::NodeWish;
use super::parts::Part;
use crate::gpu::{Device, Gpu, Memory, ProfileName, catalog, find, instance};
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

/// What the candidates rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A label that the pod requires of its node.
    Node {
        /// The label.
        label: &'static str,
        /// The values that the pod allows.
        values: Vec<String>,
    },
    /// The GPUs that the cluster is said to have.
    Pool,
    /// Nothing: every GPU of the catalog.
    Catalog,
}

/// The devices that a claim can mean, at least one, each once, in the order of the catalog or pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidates<'a> {
    /// The devices.
    pub devices: Vec<Device<'a>>,
    /// What they rest on.
    pub basis: Basis,
}

/// Label of GPU feature discovery. Under the strategy `single` it ends in `-MIG-<profile>`.
pub(super) const PRODUCT: &str = "nvidia.com/gpu.product";
/// Labels with the cloud's name of the machine.
const INSTANCE: [&str; 2] = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"];
/// The most values of a label that are looked at; real affinities name a handful.
const MOST_VALUES: usize = 64;
/// Labels of Google Kubernetes Engine.
const GKE_ACCELERATOR: &str = "cloud.google.com/gke-accelerator";
pub(super) const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";

impl Candidates<'_> {
    /// What a container sees of these devices: cards of their own with the memory that `claim` leaves it, or
    /// `None` where it has the devices to itself. Compare a model with them in place of `devices`.
    #[must_use]
    pub fn cut(&self, claim: &Claim) -> Option<Vec<Gpu>> {
        let left = |device: &Device| match &claim.asked {
            Asked::Part(part) if !part.slice && device.profile.is_none() => {
                Some(part.of(device.memory_floor()))
            }
            _ => claim.sharing.memory(device.memory_floor()),
        };
        let cuts: Vec<Gpu> = self.devices.iter().map(|device| cut(device, left(device))).collect();
        let same =
            cuts.iter().zip(&self.devices).all(|(cut, device)| cut.memory.floor == device.memory_floor());
        (!same).then_some(cuts)
    }
}

/// `device` as a card of its own of which `left` can be used; all of it where that is not known.
fn cut(device: &Device, left: Option<Bytes>) -> Gpu {
    let memory = left.unwrap_or(device.memory_floor()).min(device.memory_floor());
    let whole = memory == device.memory_floor();
    let name = if whole { device.label() } else { format!("{memory} of {}", device.label()) };
    Gpu {
        short_name: name.into(),
        memory: if whole { device.memory().clone() } else { Memory::stated(memory) },
        sms: device.sms(),
        bandwidth: device.bandwidth(),
        compute_slices: 0,
        memory_slices: 0,
        profiles: Vec::new().into(),
        ..device.gpu.clone()
    }
}

/// The devices that `claim` of a pod with `node` can mean, out of the `pool`, or of the whole catalog where
/// the pool is empty and the pod names no GPU.
///
/// # Errors
/// `unknown-gpu` where the pod requires a GPU that the catalog does not know, or a profile that no GPU of it
/// has: nothing can be said. The problem of a claim that is open: as little. `no-such-device` where the GPU is known and has no such profile: the pod would
/// wait for ever.
pub fn candidates<'a>(claim: &Claim, node: &NodeWish, pool: &[&'a Gpu]) -> Result<Candidates<'a>, Problem> {
    if let Asked::Open(problem) = &claim.asked {
        return Err(problem.clone());
    }
    for label in [PRODUCT, GKE_ACCELERATOR] {
        let values: Vec<&str> = node.values(label).take(MOST_VALUES).collect();
        if !values.is_empty() {
            let gpus = values.iter().map(|value| product(label, value)).collect::<Result<Vec<_>, _>>()?;
            let basis = Basis::Node { label, values: values.into_iter().map(str::to_owned).collect() };
            return among(claim, &with_partition(gpus, node)?, basis);
        }
    }
    for label in INSTANCE {
        let values: Vec<&str> = node.values(label).take(MOST_VALUES).collect();
        let gpus: Option<Vec<&Gpu>> = values.iter().map(|value| instance(value)?.gpu()).collect();
        if let Some(gpus) = gpus.filter(|gpus| !gpus.is_empty()) {
            let basis = Basis::Node { label, values: values.into_iter().map(str::to_owned).collect() };
            let gpus = gpus.into_iter().map(|gpu| Product { gpu, slice: None }).collect();
            return among(claim, &with_partition(gpus, node)?, basis);
        }
    }
    let (cards, basis): (Vec<&Gpu>, _) = if pool.is_empty() {
        (catalog().iter().collect(), Basis::Catalog)
    } else {
        (pool.to_vec(), Basis::Pool)
    };
    let gpus = cards.into_iter().map(|gpu| Product { gpu, slice: None }).collect();
    among(claim, &with_partition(gpus, node)?, basis)
}

/// A GPU, and the slice of it that a node announces as `nvidia.com/gpu`.
struct Product<'a> {
    gpu: &'a Gpu,
    slice: Option<ProfileName>,
}

fn product(label: &'static str, value: &str) -> Result<Product<'static>, Problem> {
    let subject = format!("node label {label}");
    let plain = value.strip_suffix("-SHARED").unwrap_or(value);
    let (card, slice) = match plain.split_once("-MIG-") {
        Some((_, "INVALID")) => {
            return Err(Problem::new(
                "no-such-device",
                subject,
                format!("{value:?}"),
                "a node that announces its slices",
            )
            .hint("the nodes mix profiles under the strategy `single`, which announces none of them"));
        }
        Some((card, profile)) => {
            let read = ProfileName::parse(profile);
            (card, Some(read.map_err(|_| unknown(&subject, value))?))
        }
        None => (plain, None),
    };
    let gpu =
        find(card).or_else(|_| find(&format!("NVIDIA-{card}"))).map_err(|_| unknown(&subject, value))?;
    Ok(Product { gpu, slice })
}

fn unknown(subject: &str, value: &str) -> Problem {
    Problem::new("unknown-gpu", subject, format!("{value:?}"), "a GPU of the catalog")
}

/// On Google Kubernetes Engine a label beside the GPU's says how it is cut.
fn with_partition<'a>(gpus: Vec<Product<'a>>, node: &NodeWish) -> Result<Vec<Product<'a>>, Problem> {
    let Some(size) = node.values(GKE_PARTITION).next() else {
        return Ok(gpus);
    };
    let subject = format!("node label {GKE_PARTITION}");
    let slice = ProfileName::parse(size)
        .map_err(|problem| Problem::new("no-such-device", subject, &problem.found, &problem.expected))?;
    Ok(gpus.into_iter().map(|one| Product { slice: Some(slice), ..one }).collect())
}

fn among<'a>(claim: &Claim, gpus: &[Product<'a>], basis: Basis) -> Result<Candidates<'a>, Problem> {
    let mut devices: Vec<Device<'a>> = Vec::new();
    for one in gpus {
        for device in meant(claim, one) {
            if !devices.contains(&device) {
                devices.push(device);
            }
        }
    }
    if devices.is_empty() { Err(none(claim, gpus, &basis)) } else { Ok(Candidates { devices, basis }) }
}

/// The devices of one GPU that the claim can mean.
fn meant<'a>(claim: &Claim, one: &Product<'a>) -> Vec<Device<'a>> {
    let slice =
        |name| one.gpu.profile(name).ok().map(|profile| Device { gpu: one.gpu, profile: Some(profile) });
    match &claim.asked {
        Asked::Slice(name) => slice(*name).into_iter().collect(),
        Asked::Gpu => match one.slice {
            Some(name) => slice(name).into_iter().collect(),
            None if one.gpu.architecture.is_amd() != claim.is_amd() => Vec::new(),
            None => vec![Device::whole(one.gpu)],
        },
        Asked::Selected(alternatives) => Device::all_of(one.gpu)
            .filter(|device| alternatives.iter().any(|alternative| alternative.admits(device)))
            .collect(),
        Asked::Part(part) => parts_of(part, one.gpu),
        Asked::Open(_) => Vec::new(),
    }
}

/// What a scheduler that cuts parts may give of one GPU: the smallest slice that has the memory, the GPU itself.
fn parts_of<'a>(part: &Part, gpu: &'a Gpu) -> Vec<Device<'a>> {
    if gpu.architecture.is_amd() {
        return Vec::new();
    }
    let wanted = part.of(gpu.memory.floor);
    let whole = Device::whole(gpu);
    let slices = gpu.profiles.iter().map(|profile| Device { gpu, profile: Some(profile) });
    let large = slices.filter(|device| device.memory().best() >= wanted);
    let large: Vec<Device> = large.filter(|_| part.slice || part.slice_or_gpu).collect();
    let least = large.iter().map(Device::memory_floor).min().unwrap_or_default();
    let smallest = large.into_iter().filter(|device| device.memory_floor() == least);
    let own = (!part.slice && whole.memory().best() >= wanted).then_some(whole);
    own.into_iter().chain(smallest).collect()
}

fn none(claim: &Claim, gpus: &[Product], basis: &Basis) -> Problem {
    let found = format!("{:?}", claim.resource);
    let mut names: Vec<&str> = gpus.iter().map(|one| one.gpu.short_name.as_ref()).collect();
    names.dedup();
    let of = names.join(", ");
    let selected = match &claim.asked {
        Asked::Selected(alternatives) => {
            let texts = alternatives.iter().flat_map(|one| one.selectors.iter().map(|s| s.text.as_str()));
            Some(texts.collect::<Vec<_>>().join("; "))
        }
        _ => None,
    };
    let code = if *basis == Basis::Catalog { "unknown-gpu" } else { "no-such-device" };
    if let Some(selected) = selected {
        let whom = if *basis == Basis::Catalog {
            "a device of the catalog".to_owned()
        } else {
            format!("a device of {of}")
        };
        return Problem::new(code, &claim.path, format!("selectors that none satisfies: {selected}"), whom);
    }
    if *basis == Basis::Catalog {
        return Problem::new(code, &claim.path, found, "a profile of a GPU in the catalog");
    }
    let mut profiles: Vec<String> =
        gpus.iter().flat_map(|one| one.gpu.profiles.iter()).map(|p| p.name.resource_name()).collect();
    order::sort(&mut profiles);
    profiles.dedup();
    let expected = if profiles.is_empty() {
        format!("nvidia.com/gpu: {of} has no MIG")
    } else {
        format!("a slice of {of}: {}", profiles.join(", "))
    };
    Problem::new(code, &claim.path, found, expected)
}
