//! How clouds name cards and their partitions.

use crate::gpu::{Cloud, Device, Extra, Gpu, Profile, find, instances};
use crate::problem::Problem;
use crate::source::{Confidence, Source};

/// Partition sizes of Google Kubernetes Engine by key of the card; one size for all GPUs of a pool.
#[rustfmt::skip]
const GKE_SIZES: &[(&str, &[&str])] = &[
    ("a100-40gb",         &["1g.5gb", "2g.10gb", "3g.20gb", "7g.40gb"]),
    ("a100-80gb",         &["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb"]),
    ("h100-80gb-sxm",     &["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "7g.80gb"]),
    ("h200-141gb",        &["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"]),
    ("b200-180gb",        &["1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"]),
    ("gb200-186gb",       &["1g.23gb", "1g.47gb", "2g.47gb", "3g.93gb", "4g.93gb", "7g.186gb"]),
];

/// Where the sizes were read.
pub const GKE_SIZES_SOURCE: Source = Source {
    title: "GoogleCloudPlatform/container-engine-accelerators",
    version: "992db81, partition_gpu",
    confidence: Confidence::Published,
};

/// The partition size of Google Kubernetes Engine that gives slices of `profile`.
///
/// # Errors
/// `no-such-partition`, with the sizes that the card has there.
pub(super) fn gke_size(gpu: &Gpu, profile: &Profile) -> Result<String, Problem> {
    let sizes = GKE_SIZES.iter().find(|(key, _)| *key == gpu.key).map(|(_, sizes)| *sizes);
    let name = profile.name.to_string();
    match sizes {
        Some(sizes) if sizes.contains(&name.as_str()) => Ok(name),
        Some(sizes) => Err(no_partition("GKE partition", &name, format!("one of {}", sizes.join(", ")))),
        None => Err(no_partition(
            "GKE partition",
            &name,
            format!("a card that is cut there, which {} is not known to be", gpu.short_name),
        )),
    }
}

/// The instance profile of Azure Kubernetes Service that gives slices of `profile`: one of five, by slices alone.
///
/// # Errors
/// `no-such-partition`.
pub(super) fn aks_profile(profile: &Profile) -> Result<&'static str, Problem> {
    let plain = profile.name.extra == Extra::Plain;
    match (plain, profile.compute_slices, profile.memory_slices) {
        (true, 1, 1) => Ok("MIG1g"),
        (true, 2, 2) => Ok("MIG2g"),
        (true, 3, 4) => Ok("MIG3g"),
        (true, 4, 4) => Ok("MIG4g"),
        (true, 7, 8) => Ok("MIG7g"),
        _ => Err(no_partition(
            "AKS GPU instance profile",
            &profile.name.to_string(),
            "a plain slice: 1g, 2g, 3g, 4g or 7g",
        )),
    }
}

fn no_partition(subject: &str, found: &str, expected: impl Into<String>) -> Problem {
    Problem::new("no-such-partition", subject, format!("`{found}`"), expected)
}

/// Values of `cloud.google.com/gke-accelerator` for the card.
///
/// # Errors
/// `not-in-cloud`.
pub(super) fn gke_names(gpu: &Gpu) -> Result<Vec<String>, Problem> {
    let names: Vec<String> = gpu.cloud_names.iter().map(ToString::to_string).collect();
    if names.is_empty() { Err(not_in(gpu, "Google Cloud")) } else { Ok(names) }
}

/// Machine types of `cloud` with the card, and how many GPUs each has.
///
/// # Errors
/// `not-in-cloud`.
pub(super) fn machines(gpu: &Gpu, cloud: Cloud) -> Result<Vec<(&'static str, u8)>, Problem> {
    let of_gpu = instances().iter().filter(|row| row.cloud == cloud && row.key == gpu.key);
    let machines: Vec<(&str, u8)> = of_gpu.map(|row| (row.name, row.count)).collect();
    let name = match cloud {
        Cloud::Aws => "Amazon Web Services",
        Cloud::Gcp => "Google Cloud",
        Cloud::Azure => "Microsoft Azure",
    };
    if machines.is_empty() { Err(not_in(gpu, name)) } else { Ok(machines) }
}

fn not_in(gpu: &Gpu, cloud: &str) -> Problem {
    let expected = format!("a card of which a machine type of {cloud} is known");
    Problem::new("not-in-cloud", "GPU", gpu.short_name.as_ref(), expected)
}

/// Product labels that stand for this card alone; every label of it where none does.
pub(super) fn product_labels(gpu: &Gpu) -> Vec<String> {
    let own = |label: &&crate::gpu::Text| match find(label) {
        Ok(found) => found.key == gpu.key,
        // A card of a user's own.
        Err(problem) => problem.code != "ambiguous-gpu",
    };
    let alone: Vec<String> = gpu.product_labels.iter().filter(own).map(ToString::to_string).collect();
    if alone.is_empty() { gpu.product_labels.iter().map(ToString::to_string).collect() } else { alone }
}

/// Product labels under the strategy `single`, which tell the slice.
pub(super) fn single_labels(device: &Device<'_>) -> Vec<String> {
    let labels = product_labels(device.gpu);
    match device.profile {
        Some(profile) => labels.into_iter().map(|label| format!("{label}-MIG-{}", profile.name)).collect(),
        None => labels,
    }
}
