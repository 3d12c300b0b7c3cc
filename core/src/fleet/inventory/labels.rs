//! Nodes as `kubectl get nodes -o json` prints them: allocatable resources, and the labels of NVIDIA's
//! GPU feature discovery.
//!
//! A count of zero is no device: after a change of layout old resource names stay behind with it.

use serde_json::Value;

use super::{Inventory, Node, Said, Strategy, quantity};
use crate::gpu::{Gpu, ProfileName};
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

const PREFIX: &str = "nvidia.com/";

/// Reads a node, or a list of nodes. `cards` is the catalog, or the catalog with a user's own cards.
#[must_use]
pub fn from_nodes(cards: &[Gpu], value: &Value) -> Inventory {
    let mut inventory = Inventory::default();
    let items = match value.get("items").and_then(Value::as_array) {
        Some(items) => items.iter().collect(),
        None => vec![value],
    };
    for item in items {
        let node = Read { item, name: text(item, &["metadata", "name"]).unwrap_or("node without a name") };
        let (node, mut problems) = node.read(cards);
        inventory.problems.append(&mut problems);
        if !node.offers.is_empty() {
            inventory.nodes.push(node);
        }
    }
    order::sort_by(&mut inventory.nodes, |a, b| a.name.cmp(&b.name));
    inventory
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(value, |value, key| value.get(key)).and_then(Value::as_str)
}

struct Read<'a> {
    item: &'a Value,
    name: &'a str,
}

impl Read<'_> {
    fn read(&self, cards: &[Gpu]) -> (Node, Vec<Problem>) {
        let mut node = Node {
            name: self.name.to_owned(),
            instance_type: self.label("node.kubernetes.io/instance-type").map(str::to_owned),
            strategy: self.label("nvidia.com/mig.strategy").and_then(strategy),
            ..Node::default()
        };
        let mut problems = Vec::new();
        if self.product().is_some_and(|product| product.ends_with("-MIG-INVALID")) {
            problems.push(self.invalid());
            return (node, problems);
        }
        for (resource, count) in self.resources(&mut problems) {
            match self.said(&resource, count).and_then(|said| said.offer(cards)) {
                Ok(offer) => node.offers.push(offer),
                Err(problem) => problems.push(self.at(problem)),
            }
        }
        (node, problems)
    }

    fn label(&self, name: &str) -> Option<&str> {
        text(self.item, &["metadata", "labels", name])
    }

    fn product(&self) -> Option<&str> {
        self.label("nvidia.com/gpu.product")
    }

    /// GPU resources of which there is at least one, by name.
    fn resources(&self, problems: &mut Vec<Problem>) -> Vec<(String, u64)> {
        let status = self.item.get("status");
        let stated = status.and_then(|status| status.get("allocatable").or_else(|| status.get("capacity")));
        let mut found = Vec::new();
        for (name, value) in stated.and_then(Value::as_object).into_iter().flatten() {
            let is_gpu = name
                .strip_prefix(PREFIX)
                .is_some_and(|rest| rest == "gpu" || rest == "gpu.shared" || rest.starts_with("mig-"));
            if !is_gpu {
                continue;
            }
            match count(value) {
                Ok(0) => {}
                Ok(count) => found.push((name.clone(), count)),
                Err(problem) => problems.push(self.at(problem)),
            }
        }
        order::sort(&mut found);
        found
    }

    fn said(&self, resource: &str, count: u64) -> Result<Said, Problem> {
        let plain = resource.strip_suffix(".shared").unwrap_or(resource);
        let key = plain.strip_prefix(PREFIX).unwrap_or(plain);
        let own = |what: &str| self.label(&format!("{PREFIX}{key}.{what}"));
        let (product, profile) = if key == "gpu" {
            self.card_and_slice()?
        } else {
            let product = own("product").or_else(|| self.product()).map(|text| split(text).0.to_owned());
            (product, Some(ProfileName::from_resource_name(plain)?))
        };
        let memory = own("memory").map(|mib| self.mib(key, mib)).transpose()?;
        Ok(Said {
            resource: resource.to_owned(),
            product: product.or_else(|| self.cloud_name()),
            profile,
            count,
            memory,
            sms: own("multiprocessors").and_then(|sms| sms.parse().ok()).filter(|sms| *sms > 0),
            shared_by: own("replicas").and_then(|n| n.parse().ok()).filter(|n| *n > 0).unwrap_or(1),
            potential: false,
        })
    }

    /// The card behind `nvidia.com/gpu`, and the slice where the strategy `single` or Google Kubernetes
    /// Engine announces slices under that name.
    fn card_and_slice(&self) -> Result<(Option<String>, Option<ProfileName>), Problem> {
        let (product, slice) = match self.product().map(split) {
            Some((product, slice)) => (Some(product.to_owned()), slice),
            None => (None, None),
        };
        let slice = slice.or_else(|| self.label("cloud.google.com/gke-gpu-partition-size"));
        let profile = slice.filter(|slice| !slice.is_empty()).map(ProfileName::parse).transpose()?;
        Ok((product, profile))
    }

    /// Where no product is labelled: the cloud's name for the accelerator, or for the machine.
    fn cloud_name(&self) -> Option<String> {
        let accelerator = self.label("cloud.google.com/gke-accelerator").map(str::to_owned);
        accelerator.or_else(|| {
            let known = crate::gpu::instance(self.label("node.kubernetes.io/instance-type")?)?;
            Some(known.key.to_owned())
        })
    }

    /// A label's MiB. Zero is what the discovery writes when it knows no better.
    fn mib(&self, key: &str, mib: &str) -> Result<(Bytes, String), Problem> {
        let label = format!("{PREFIX}{key}.memory");
        match mib.parse() {
            Ok(mib @ 1..) => Ok((Bytes::from_mib(mib), format!("node label {label}"))),
            Ok(0) | Err(_) => Err(Problem::new("label", label, format!("`{mib}`"), "the MiB of one device")),
        }
    }

    fn at(&self, problem: Problem) -> Problem {
        let subject = format!("node {}: {}", self.name, problem.subject);
        problem.about(subject)
    }

    fn invalid(&self) -> Problem {
        Problem::new(
            "mig-invalid",
            format!("node {}", self.name),
            format!("`{}` in nvidia.com/gpu.product", self.product().unwrap_or_default()),
            "the same profile on every GPU, as the strategy `single` demands",
        )
        .hint("cut all GPUs of the node alike, or use the strategy `mixed`")
    }
}

/// A count: text as Kubernetes writes it, or a plain number.
fn count(value: &Value) -> Result<u64, Problem> {
    match (value.as_u64(), value.as_str()) {
        (Some(count), _) => Ok(count),
        (None, Some(text)) => quantity(text),
        (None, None) => quantity(&value.to_string()),
    }
}

fn strategy(word: &str) -> Option<Strategy> {
    match word {
        "none" => Some(Strategy::None),
        "single" => Some(Strategy::Single),
        "mixed" => Some(Strategy::Mixed),
        _ => None,
    }
}

/// `NVIDIA-H100-80GB-HBM3-MIG-1g.10gb-SHARED` as card and slice.
fn split(product: &str) -> (&str, Option<&str>) {
    let product = product.strip_suffix("-SHARED").unwrap_or(product);
    match product.split_once("-MIG-") {
        Some((card, slice)) => (card, Some(slice)),
        None => (product, None),
    }
}
