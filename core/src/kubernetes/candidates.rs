//! Which devices of the catalog a claim can mean.

use super::claim::{Asked, Claim};
use super::node::NodeWish;
use crate::gpu::{Device, Gpu, ProfileName, catalog, find};
use crate::problem::Problem;

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
const PRODUCT: &str = "nvidia.com/gpu.product";
/// The most values of a label that are looked at; real affinities name a handful.
const MOST_VALUES: usize = 64;
/// Labels of Google Kubernetes Engine.
const GKE_ACCELERATOR: &str = "cloud.google.com/gke-accelerator";
const GKE_PARTITION: &str = "cloud.google.com/gke-gpu-partition-size";

/// The devices that `claim` of a pod with `node` can mean, out of the `pool`, or of the whole catalog where
/// the pool is empty and the pod names no GPU.
///
/// # Errors
/// `unknown-gpu` where the pod requires a GPU that the catalog does not know, or a profile that no GPU of it
/// has: nothing can be said. `no-such-device` where the GPU is known and has no such profile: the pod would
/// wait for ever.
pub fn candidates<'a>(claim: &Claim, node: &NodeWish, pool: &[&'a Gpu]) -> Result<Candidates<'a>, Problem> {
    for label in [PRODUCT, GKE_ACCELERATOR] {
        let values: Vec<&str> = node.values(label).take(MOST_VALUES).collect();
        if !values.is_empty() {
            let gpus = values.iter().map(|value| product(label, value)).collect::<Result<Vec<_>, _>>()?;
            let basis = Basis::Node { label, values: values.into_iter().map(str::to_owned).collect() };
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
        let wanted = match claim.asked {
            Asked::Slice(profile) => Some(profile),
            Asked::Gpu => one.slice,
        };
        let device = match wanted {
            None => Device::whole(one.gpu),
            Some(name) => match one.gpu.profile(name) {
                Ok(profile) => Device { gpu: one.gpu, profile: Some(profile) },
                Err(_) => continue,
            },
        };
        if !devices.contains(&device) && (is_nvidia(one.gpu) || wanted.is_some()) {
            devices.push(device);
        }
    }
    if devices.is_empty() { Err(none(claim, gpus, &basis)) } else { Ok(Candidates { devices, basis }) }
}

fn is_nvidia(gpu: &Gpu) -> bool {
    !gpu.architecture.is_amd()
}

fn none(claim: &Claim, gpus: &[Product], basis: &Basis) -> Problem {
    let found = format!("{:?}", claim.resource);
    match basis {
        Basis::Catalog => {
            Problem::new("unknown-gpu", &claim.path, found, "a profile of a GPU in the catalog")
        }
        Basis::Node { .. } | Basis::Pool => {
            let mut names: Vec<&str> = gpus.iter().map(|one| one.gpu.short_name.as_ref()).collect();
            names.dedup();
            let mut profiles: Vec<String> =
                gpus.iter().flat_map(|one| one.gpu.profiles.iter()).map(|p| p.name.resource_name()).collect();
            profiles.sort();
            profiles.dedup();
            let expected = if profiles.is_empty() {
                format!("nvidia.com/gpu: {} has no MIG", names.join(", "))
            } else {
                format!("a slice of {}: {}", names.join(", "), profiles.join(", "))
            };
            Problem::new("no-such-device", &claim.path, found, expected)
        }
    }
}
