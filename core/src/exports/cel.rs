//! Conditions on devices, in the expression language of dynamic resource allocation. Attributes and capacities are those
//! of NVIDIA's driver (kubernetes-sigs/dra-driver-nvidia-gpu 9593204).

use super::workload::Workload;
use crate::gpu::Device;
use crate::units::Bytes;

/// NVIDIA's driver.
pub(super) const DRIVER: &str = "gpu.nvidia.com";

/// The class of device that `device` is.
pub(super) const fn class(device: &Device<'_>) -> &'static str {
    match device.profile {
        Some(_) => "mig.nvidia.com",
        None => "gpu.nvidia.com",
    }
}

/// A condition that `device` meets: by its profile, or as a whole GPU by the memory it has at least.
/// A profile name alone stands for another device on another generation.
pub(super) fn by_name(device: &Device<'_>) -> String {
    let generation = format!("{} == '{}'", attribute("architecture"), device.gpu.architecture.word());
    match device.profile {
        Some(profile) => format!("{} == '{}' && {generation}", attribute("profile"), profile.name),
        None => format!("{generation} && {}", at_least("memory", &amount(device.memory_floor()))),
    }
}

/// A condition on what the workload needs: memory by the estimate, multiprocessors as many as were weighed.
pub(super) fn by_capacity(work: &Workload<'_>) -> String {
    let memory = at_least("memory", &amount(work.least_memory()));
    match work.device.sms() {
        Some(sms) => format!("{memory} && {}", at_least("multiprocessors", &sms.to_string())),
        None => memory,
    }
}

fn attribute(name: &str) -> String {
    format!("device.attributes['{DRIVER}'].{name}")
}

fn at_least(name: &str, amount: &str) -> String {
    format!("device.capacity['{DRIVER}'].{name}.compareTo(quantity('{amount}')) >= 0")
}

/// Memory as a quantity, rounded down to MiB: what drivers report is whole MiB.
pub(super) fn amount(memory: Bytes) -> String {
    match memory.whole_mib() {
        mib if mib > 0 && mib.is_multiple_of(1024) => format!("{}Gi", mib / 1024),
        mib => format!("{mib}Mi"),
    }
}
