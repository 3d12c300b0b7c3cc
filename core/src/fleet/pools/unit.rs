//! One allocation unit: what a container is given.

use serde::{Deserialize, Serialize};

use super::format::{NumberFormat, Support};
use crate::fleet::selector::{Attribute, Properties};
use crate::gpu::{Architecture, Device, Memory, ProfileName};
use crate::order;
use crate::units::Bytes;

/// A whole GPU, or one MIG instance, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// As a reader calls it: `H100-80GB 3g.40gb`.
    pub device: String,
    /// Key of the card in the catalog, absent where the source does not say enough.
    pub card: Option<String>,
    /// The profile, absent for a whole GPU.
    pub profile: Option<ProfileName>,
    /// What selectors of a claim can see of it.
    #[serde(skip)]
    pub properties: Properties,
    /// What a container asks Kubernetes for: `nvidia.com/mig-3g.40gb`, `nvidia.com/gpu`, or a DRA device class.
    pub resource: String,
    /// Memory of one, before it is shared.
    pub memory: Memory,
    /// Streaming multiprocessors.
    pub sms: Option<u32>,
    /// Memory bandwidth in bytes per second.
    pub bandwidth: Option<u64>,
    /// Generation, which decides number formats.
    pub architecture: Option<Architecture>,
    /// The number formats that the pool declares, a part of those that the hardware has; absent where it declares
    /// none.
    pub formats: Option<Vec<NumberFormat>>,
    /// The fastest path between two such units of one node, absent where no source says.
    pub link: Option<Link>,
    /// Whether others compute on the same unit.
    pub sharing: Sharing,
    /// The part of the GPU that it is.
    pub portion: Portion,
}

/// The part of a GPU that a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Portion {
    /// Memory slices of the unit.
    pub memory: u8,
    /// Memory slices of the GPU.
    pub of_memory: u8,
    /// Compute slices of the unit.
    pub compute: u8,
    /// Compute slices of the GPU.
    pub of_compute: u8,
}

impl Portion {
    /// A whole GPU.
    pub const WHOLE: Portion = Portion { memory: 1, of_memory: 1, compute: 1, of_compute: 1 };
}

/// The fastest path between two units of one node, slowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// None: MIG instances reach each other neither over NVLink nor over PCIe.
    None,
    /// PCIe.
    Pcie,
    /// NVLink, or Infinity Fabric.
    NvLink,
}

impl Link {
    /// The word that a reader sees.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Link::None => "none",
            Link::Pcie => "pcie",
            Link::NvLink => "nvlink",
        }
    }

    /// The path that `text` names: `nvlink`, `nvswitch`, `pcie`, `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Link> {
        match text.trim().to_ascii_lowercase().as_str() {
            "none" => Some(Link::None),
            "pcie" | "pci-e" | "pci" => Some(Link::Pcie),
            "nvlink" | "nvswitch" | "infinityfabric" | "xgmi" => Some(Link::NvLink),
            _ => None,
        }
    }
}

/// Whether several containers compute on one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "by")]
pub enum Sharing {
    /// One container has it to itself.
    Exclusive,
    /// In turns (time slicing), by so many: nothing keeps one from the memory of the others.
    TimeSliced(u64),
    /// At once (MPS), by so many: each has an even share of the memory.
    Mps(u64),
    /// By so many, and the source does not say how.
    Unstated(u64),
}

impl Sharing {
    /// How many containers are promised one unit.
    #[must_use]
    pub const fn by(self) -> u64 {
        match self {
            Sharing::Exclusive | Sharing::TimeSliced(0) | Sharing::Mps(0) | Sharing::Unstated(0) => 1,
            Sharing::TimeSliced(by) | Sharing::Mps(by) | Sharing::Unstated(by) => by,
        }
    }
}

impl Unit {
    /// What the catalog knows of `device`. Slices have no path to each other.
    #[must_use]
    pub fn of(device: &Device<'_>) -> Unit {
        let gpu = device.gpu;
        let whole = match gpu.nvlink {
            Some(rate) if rate.value == 0 => Some(Link::Pcie),
            Some(_) => Some(Link::NvLink),
            None => None,
        };
        Unit {
            device: device.label(),
            card: Some(gpu.key.to_string()),
            profile: device.profile.map(|profile| profile.name),
            properties: Properties::of(device),
            resource: device.resource_name(),
            memory: device.memory().clone(),
            sms: device.sms(),
            bandwidth: device.bandwidth().map(|figure| figure.value),
            architecture: Some(gpu.architecture),
            formats: None,
            link: if device.profile.is_some() { Some(Link::None) } else { whole },
            sharing: Sharing::Exclusive,
            portion: device.profile.map_or(Portion::WHOLE, |profile| Portion {
                memory: profile.memory_slices,
                of_memory: gpu.memory_slices,
                compute: profile.compute_slices,
                of_compute: gpu.compute_slices,
            }),
        }
    }

    /// A unit of which only its memory and its resource are known.
    #[must_use]
    pub fn plain(device: &str, resource: &str, memory: Memory, profile: Option<ProfileName>) -> Unit {
        let properties = Properties { driver: "gpu.nvidia.com".to_owned(), ..Properties::default() };
        let mut unit = Unit {
            device: device.to_owned(),
            card: None,
            profile,
            properties,
            resource: resource.to_owned(),
            memory,
            sms: None,
            bandwidth: None,
            architecture: None,
            formats: None,
            link: profile.map(|_| Link::None),
            sharing: Sharing::Exclusive,
            portion: Portion::WHOLE,
        };
        unit.set_memory(unit.memory.clone());
        unit.set_attribute("type", if profile.is_some() { "mig" } else { "gpu" });
        if let Some(profile) = profile {
            unit.set_attribute("profile", &profile.to_string());
        }
        unit
    }

    /// Counts on `memory`, which a claim's selectors then see too.
    pub(super) fn set_memory(&mut self, memory: Memory) {
        let seen = memory.seen_mib.iter().map(|mib| u64::from(*mib) << 20);
        let mut bytes: Vec<u64> = seen.chain([memory.floor.get(), memory.best().get()]).collect();
        order::sort(&mut bytes);
        bytes.dedup();
        self.properties.capacity.insert("memory".to_owned(), bytes);
        self.memory = memory;
    }

    /// Says what a driver publishes under `name`.
    pub(super) fn set_attribute(&mut self, name: &str, text: &str) {
        self.properties.attributes.insert(name.to_owned(), vec![Attribute::Text(text.to_owned())]);
    }

    /// The memory that one container can count on: an even share where the unit is shared.
    #[must_use]
    pub const fn promised(&self) -> Bytes {
        self.memory.floor.share(1, self.sharing.by())
    }

    /// Whether it is a slice of a GPU.
    #[must_use]
    pub const fn is_slice(&self) -> bool {
        self.profile.is_some()
    }

    /// Whether it computes in `format`: as the hardware does, and as the pool declares where it does.
    #[must_use]
    pub fn computes_in(&self, format: NumberFormat) -> Support {
        let hardware = self.architecture.map_or(Support::Unknown, |known| format.on(known));
        let Some(declared) = &self.formats else { return hardware };
        let said = declared.iter().any(|own| *own == format || own.covers(format));
        match (hardware, said) {
            (Support::No, _) | (_, false) => Support::No,
            (Support::Yes | Support::Unknown, true) => Support::Yes,
        }
    }

    /// The name by which a form refers to it: the profile, or `gpu`.
    #[must_use]
    pub fn short_name(&self) -> String {
        self.profile.map_or_else(|| "gpu".to_owned(), |profile| profile.to_string())
    }
}
