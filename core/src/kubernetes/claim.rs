//! The devices that a container asks for.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::fields::{bad, join, part};
use crate::fleet::inventory::quantity;
use crate::gpu::ProfileName;
use crate::model::json::kind;
use crate::problem::Problem;

/// What a resource name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// `nvidia.com/gpu`: a whole GPU, or a slice where nodes announce slices under that name.
    Gpu,
    /// `nvidia.com/mig-<profile>`.
    Slice(ProfileName),
}

/// One device resource of one container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The resource as written: `nvidia.com/mig-1g.10gb`.
    pub resource: String,
    /// Where it stands: `spec.containers[0].resources.limits["nvidia.com/mig-1g.10gb"]`.
    pub path: String,
    /// What it stands for.
    pub asked: Asked,
    /// How many, at least 1. A stale or explicit zero is no claim.
    pub count: u64,
    /// Whether the devices are time-sliced (`.shared`): others use the same memory.
    pub shared: bool,
}

const GPU: &str = "nvidia.com/gpu";
const SLICE: &str = "nvidia.com/mig";

/// The claims in `resources` of a container at `path`: limits, and requests where there is no such limit.
pub(super) fn claims(container: &Map<String, Value>, path: &str) -> Result<Vec<Claim>, Vec<Problem>> {
    let resources = part(container, path, "resources").map_err(|problem| vec![problem])?;
    let Some(resources) = resources else {
        return Ok(Vec::new());
    };
    let path = join(path, "resources");
    let (mut claims, mut problems): (Vec<Claim>, _) = (Vec::new(), Vec::new());
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for side in ["limits", "requests"] {
        let amounts = match part(resources, &path, side) {
            Ok(Some(amounts)) => amounts,
            Ok(None) => continue,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        for (resource, amount) in amounts {
            if !seen.insert(resource) {
                continue;
            }
            match claim(resource, amount, &format!("{path}.{side}[{resource:?}]")) {
                Ok(Some(claim)) => claims.push(claim),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    claims.sort_unstable_by(|a, b| a.resource.cmp(&b.resource));
    if problems.is_empty() { Ok(claims) } else { Err(problems) }
}

fn claim(resource: &str, amount: &Value, path: &str) -> Result<Option<Claim>, Problem> {
    let plain = resource.strip_suffix(".shared");
    let name = plain.unwrap_or(resource);
    if name != GPU && !name.starts_with(SLICE) {
        return Ok(None);
    }
    let count = count(amount, path)?;
    if count == 0 {
        return Ok(None);
    }
    let asked = if name == GPU { Asked::Gpu } else { Asked::Slice(slice(name, path)?) };
    Ok(Some(Claim {
        resource: resource.to_owned(),
        path: path.to_owned(),
        asked,
        count,
        shared: plain.is_some(),
    }))
}

fn slice(name: &str, path: &str) -> Result<ProfileName, Problem> {
    ProfileName::from_resource_name(name).map_err(|problem| {
        Problem::new("unknown-resource", path, &problem.found, &problem.expected)
            .hint("no node announces this resource, so the pod would wait for ever")
    })
}

fn count(amount: &Value, path: &str) -> Result<u64, Problem> {
    let number = match amount {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => quantity(text).ok(),
        Value::Null => Some(0),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.ok_or_else(|| {
        let found = match amount {
            Value::Number(number) => number.to_string(),
            Value::String(text) => format!("{text:?}"),
            other => kind(other).to_owned(),
        };
        bad(path, found, "a whole number of devices")
    })
}
