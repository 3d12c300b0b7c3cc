//! What a driver publishes of a device.

use std::collections::BTreeMap;

use crate::gpu::{Device, Gpu};
use crate::order;

/// Value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// A version, `9.0.0`.
    Version([u64; 3]),
}

/// What selectors can see of a device. Of several values under one name one is the real one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The driver, which is also the domain of the names below: `gpu.nvidia.com`.
    pub driver: String,
    /// Attributes by name.
    pub attributes: BTreeMap<String, Vec<Attribute>>,
    /// Capacities by name: memory in bytes, everything else counted.
    pub capacity: BTreeMap<String, Vec<u64>>,
    /// Whether the device has no other property than these.
    pub complete: bool,
}

/// The domain of NVIDIA's driver.
const NVIDIA: &str = "gpu.nvidia.com";
/// The domain of AMD's driver.
const AMD: &str = "gpu.amd.com";

/// Attributes that NVIDIA's driver publishes only of MIG devices. It fails to ask a whole GPU for them.
/// Source: kubernetes-sigs/dra-driver-nvidia-gpu 9593204, `cmd/gpu-kubelet-plugin/deviceinfo.go`.
pub(super) const ONLY_OF_SLICES: [&str; 2] = ["profile", "parentUUID"];

impl Properties {
    /// What the maker's driver publishes of `device`, as far as it is known without seeing one.
    #[must_use]
    pub fn of(device: &Device) -> Properties {
        let gpu = device.gpu;
        if gpu.architecture.is_amd() {
            return Properties { driver: AMD.to_owned(), ..Properties::default() };
        }
        let text = |text: &str| vec![Attribute::Text(text.to_owned())];
        let kind = if device.profile.is_some() { "mig" } else { "gpu" };
        let mut attributes = order::map([
            ("type".to_owned(), text(kind)),
            ("architecture".to_owned(), text(gpu.architecture.word())),
            ("productName".to_owned(), product_names(gpu)),
        ]);
        if let Some(profile) = device.profile {
            let names = gpu.old_names.iter().filter(|old| old.new == profile.name).map(|old| old.old);
            let names = std::iter::once(profile.name).chain(names);
            let names = names.map(|name| Attribute::Text(name.to_string())).collect();
            attributes.insert("profile".to_owned(), names);
        }
        if let Some(version) = gpu.compute_capability {
            let version = [u64::from(version.major), u64::from(version.minor), 0];
            attributes.insert("cudaComputeCapability".to_owned(), vec![Attribute::Version(version)]);
        }
        Properties { driver: NVIDIA.to_owned(), attributes, capacity: capacity(device), complete: false }
    }
}

impl Properties {
    /// Whether it says that it is a whole GPU.
    pub(super) fn is_whole_gpu(&self) -> bool {
        self.attributes.get("type").is_some_and(|kinds| *kinds == [Attribute::Text("gpu".to_owned())])
    }
}

/// The names that a GPU may give itself. Labels have `-` where names have a space or a `-`.
fn product_names(gpu: &Gpu) -> Vec<Attribute> {
    let mut names: Vec<String> = Vec::new();
    for label in gpu.product_labels.iter() {
        names.extend([label.replace('-', " "), label.replacen('-', " ", 1), label.to_string()]);
    }
    names.push(gpu.name.to_string());
    order::sort(&mut names);
    names.dedup();
    names.into_iter().map(Attribute::Text).collect()
}

fn capacity(device: &Device) -> BTreeMap<String, Vec<u64>> {
    let memory = device.memory();
    let seen = memory.seen_mib.iter().map(|mib| u64::from(*mib) << 20);
    let mut bytes: Vec<u64> = seen.chain([memory.floor.get(), memory.best().get()]).collect();
    order::sort(&mut bytes);
    bytes.dedup();
    let mut capacity = order::map([("memory".to_owned(), bytes)]);
    let mut count = |name: &str, count: u64| capacity.insert(name.to_owned(), vec![count]);
    if let Some(profile) = device.profile {
        if let Some(sms) = profile.sms {
            count("multiprocessors", u64::from(sms));
        }
        if let Some(copy) = profile.engines.copy {
            count("copyEngines", u64::from(copy));
        }
        count("decoders", u64::from(profile.engines.decoders));
        count("encoders", u64::from(profile.engines.encoders));
        count("jpegEngines", u64::from(profile.engines.jpeg));
        count("ofaEngines", u64::from(profile.engines.ofa));
    }
    capacity
}
