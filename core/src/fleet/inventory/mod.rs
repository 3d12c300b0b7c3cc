//! Live inventory: what nodes, resource slices, `nvidia-smi` and mig-parted files say there is, each
//! read into one [`Inventory`].
//!
//! What the system itself reports beats the catalog: a label's memory is the memory. The catalog fills
//! in what is not reported. What cannot be made sense of becomes a [`Problem`] beside the rest.

mod labels;
mod mig_parted;
mod quantity;
mod resource_slices;
mod smi;

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::gpu::layout::Layout;
use crate::gpu::{Device, Gpu, Memory, ProfileName, find_in, meaning};
use crate::order;
use crate::problem::Problem;
use crate::source::Confidence;
use crate::units::Bytes;

pub use labels::from_nodes;
pub use mig_parted::from_mig_parted;
pub use quantity::quantity;
pub use resource_slices::from_resource_slices;
pub use smi::from_smi;

/// Everything that was read, nodes by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Nodes that have GPUs.
    pub nodes: Vec<Node>,
    /// What could not be used.
    pub problems: Vec<Problem>,
}

/// How a node announces MIG devices (the label `nvidia.com/mig.strategy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// MIG is ignored: whole GPUs.
    None,
    /// Every GPU is cut alike, and slices are announced as `nvidia.com/gpu`.
    Single,
    /// Slices are announced by profile.
    Mixed,
}

/// One node or machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The cloud's name for the machine.
    pub instance_type: Option<String>,
    /// How it announces MIG devices, where it says.
    pub strategy: Option<Strategy>,
    /// What containers can be given, by resource name.
    pub offers: Vec<Offer>,
    /// Single GPUs, where the source tells them apart.
    pub gpus: Vec<LiveGpu>,
}

/// Devices of one kind on one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Offer {
    /// What a container asks for: `nvidia.com/mig-3g.40gb`, or the DRA device class `mig.nvidia.com`.
    pub resource: String,
    /// Key of the card in the catalog.
    pub card: Option<String>,
    /// The card as the system calls it.
    pub product: Option<String>,
    /// The profile, `None` for whole GPUs.
    pub profile: Option<ProfileName>,
    /// How many there are.
    pub count: u64,
    /// Memory of one.
    pub memory: Memory,
    /// Streaming multiprocessors of one.
    pub sms: Option<u32>,
    /// How many containers are promised the same device (time slicing, MPS); 1 without sharing.
    pub shared_by: u64,
    /// Whether the devices do not exist yet and creating one takes the place of others.
    pub potential: bool,
}

/// One GPU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LiveGpu {
    /// Its number, or its UUID.
    pub id: String,
    /// As the system calls it.
    pub product: Option<String>,
    /// Key of the card in the catalog.
    pub card: Option<String>,
    /// Instances that exist.
    pub instances: Vec<LiveInstance>,
    /// Profiles and how many of each can still be created, as the driver says.
    pub profiles: Vec<LiveProfile>,
}

/// A GPU instance that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LiveInstance {
    /// Its profile.
    pub profile: ProfileName,
    /// Its first memory slice, where the source says.
    pub start: Option<u8>,
}

/// A row of `nvidia-smi mig -lgip`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LiveProfile {
    /// The profile.
    pub profile: ProfileName,
    /// The number that `-cgi` takes.
    pub smi_id: u8,
    /// How many can be created now.
    pub free: u8,
    /// How many a GPU holds at most.
    pub total: u8,
    /// Memory of one, as printed: GiB with two decimals, cut off.
    pub memory: Bytes,
    /// Streaming multiprocessors of one.
    pub sms: u32,
}

impl LiveGpu {
    /// The instances as a layout of `gpu`, which says what can still be created.
    ///
    /// # Errors
    /// A [`Problem`] where a start is not known or the instances do not fit the card.
    pub fn layout<'a>(&self, gpu: &'a Gpu) -> Result<Layout<'a>, Problem> {
        let mut placed = Vec::new();
        for instance in &self.instances {
            let Some(start) = instance.start else {
                let found = format!("`{}` without a start", instance.profile);
                return Err(Problem::new(
                    "unknown-start",
                    format!("GPU {}", self.id),
                    found,
                    "the starts of all instances",
                )
                .hint("`nvidia-smi mig -lgi` prints them"));
            };
            placed.push((instance.profile, start));
        }
        Layout::new(gpu, &placed)
    }
}

/// What a source says about devices of one kind, before the catalog fills in the rest.
struct Said {
    resource: String,
    product: Option<String>,
    profile: Option<ProfileName>,
    count: u64,
    /// Memory of one device, and the words for where that stands.
    memory: Option<(Bytes, String)>,
    sms: Option<u32>,
    shared_by: u64,
    potential: bool,
}

impl Said {
    /// The offer, with what was not said from the catalog.
    fn offer(self, cards: &[Gpu]) -> Result<Offer, Problem> {
        let gpu = self.product.as_deref().and_then(|product| {
            let whole = self.memory.as_ref().filter(|_| self.profile.is_none());
            card(cards, product, whole.map(|(memory, _)| *memory))
        });
        let device = match (gpu, self.profile) {
            (Some(gpu), Some(name)) => {
                gpu.profile(name).ok().map(|profile| Device { gpu, profile: Some(profile) })
            }
            (Some(gpu), None) => Some(Device::whole(gpu)),
            (None, Some(name)) => meaning(cards, name, None).ok().map(|found| found.device),
            (None, None) => None,
        };
        let memory = match (self.memory, device) {
            (Some((memory, basis)), _) => reported(memory, basis),
            (None, Some(device)) => device.memory().clone(),
            (None, None) => return Err(unknown(&self.resource, self.product.as_deref())),
        };
        Ok(Offer {
            resource: self.resource,
            card: gpu.map(|gpu| gpu.key.to_string()),
            product: self.product,
            profile: self.profile,
            count: self.count,
            memory,
            sms: self.sms.or_else(|| device.and_then(|device| device.sms())),
            shared_by: self.shared_by,
            potential: self.potential,
        })
    }
}

fn reported(memory: Bytes, basis: String) -> Memory {
    Memory {
        shown: Some(memory),
        floor: memory,
        confidence: Confidence::Measured,
        basis: basis.into(),
        seen_mib: Vec::new().into(),
    }
}

/// The card that a system calls `product`. Where several cards share a label, the one whose memory is
/// nearest to that reported for a whole GPU.
fn card<'a>(cards: &'a [Gpu], product: &str, memory: Option<Bytes>) -> Option<&'a Gpu> {
    let label = product.replace(' ', "-");
    let mut same: Vec<&Gpu> =
        cards.iter().filter(|gpu| gpu.product_labels.iter().any(|known| *known == label)).collect();
    match (same.as_slice(), memory) {
        ([gpu], _) => Some(gpu),
        ([], _) => find_in(cards, product).ok(),
        (_, None) => None,
        (_, Some(memory)) => {
            order::sort_by_key(&mut same, |gpu| gpu.memory.best().get().abs_diff(memory.get()));
            same.first().copied()
        }
    }
}

fn unknown(resource: &str, product: Option<&str>) -> Problem {
    let found = match product {
        Some(product) => format!("the card `{product}`, which the catalog lacks"),
        None => "no card named".to_owned(),
    };
    Problem::new("unknown-device", resource, found, "a card of the catalog, or memory that is reported")
        .hint("add the card as one of your own")
}
