//! The devices that a container asks for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::beside::Beside;
use super::dra::{self, Alternative};
use super::fields::{bad, join, part};
use super::node::NodeWish;
use super::parts::{self, Part};
use super::sharing::Sharing;
use super::spelling::Spelling;
use super::template;
use crate::fleet::inventory::quantity;
use crate::gpu::ProfileName;
use crate::model::json::kind;
use crate::order;
use crate::problem::Problem;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A whole GPU, or a slice where the nodes that the pod may run on announce slices as GPUs.
    Gpu,
    /// A slice of this profile.
    Slice(ProfileName),
    /// Any device that one of these requests admits.
    Selected(Vec<Alternative>),
    /// A part of a GPU that is kept apart in software, or a slice that a scheduler cuts to size.
    Part(Part),
    /// What cannot be told from the object, and why.
    Open(Problem),
}

/// The devices of one kind that one container asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// As written: `nvidia.com/mig-1g.10gb`, or the device class `mig.nvidia.com`.
    pub resource: String,
    /// Where it stands: `spec.containers[0].resources.limits["nvidia.com/mig-1g.10gb"]`.
    pub path: String,
    /// What it stands for.
    pub asked: Asked,
    /// How many, at least 1. A stale or explicit zero is no claim.
    pub count: u64,
    /// How it is spelled.
    pub spelling: Spelling,
    /// Who else uses the same devices.
    pub sharing: Sharing,
}

const GPU: &str = "nvidia.com/gpu";
const AMD_GPU: &str = "amd.com/gpu";
const SLICE: &str = "nvidia.com/mig";
/// InstaSlice's webhook moves slices to a domain of its own (openshift/instaslice-operator 9f4fc07).
const DAS: &str = "mig.das.com/mig-";
/// A device class as a resource (Kubernetes KEP-5004).
const CLASS: &str = "deviceclass.resource.kubernetes.io/";

impl Claim {
    /// Whether it is certain that the devices are slices: engines cannot work together over them.
    #[must_use]
    pub fn is_slice(&self) -> bool {
        match &self.asked {
            Asked::Slice(_) => true,
            Asked::Gpu => matches!(self.spelling, Spelling::Single | Spelling::Gke),
            Asked::Selected(alternatives) => alternatives.iter().all(Alternative::is_slice),
            Asked::Part(part) => part.slice,
            Asked::Open(_) => false,
        }
    }

    /// Whether the devices are AMD's.
    pub(super) fn is_amd(&self) -> bool {
        self.resource == AMD_GPU
    }
}

/// The claims in `resources` of a container at `path`: limits, and requests where there is no such limit.
pub(super) fn claims(
    container: &Map<String, Value>,
    path: &str,
    beside: &Beside,
) -> Result<Vec<Claim>, Vec<Problem>> {
    let resources = part(container, path, "resources").map_err(|problem| vec![problem])?;
    let Some(resources) = resources else {
        return Ok(Vec::new());
    };
    of_resources(resources, &join(path, "resources"), beside)
}

/// As [`claims`], of `resources` at `path`.
pub(super) fn of_resources(
    resources: &Map<String, Value>,
    path: &str,
    beside: &Beside,
) -> Result<Vec<Claim>, Vec<Problem>> {
    let (mut claims, mut problems): (Vec<Claim>, _) = (Vec::new(), Vec::new());
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut amounts: BTreeMap<&str, u64> = BTreeMap::new();
    for side in ["limits", "requests"] {
        let stated = match part(resources, path, side) {
            Ok(stated) => stated,
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        for (resource, amount) in stated.into_iter().flatten() {
            if !seen.insert(resource) {
                continue;
            }
            let path = format!("{path}.{side}[{resource:?}]");
            if parts::is_amount(resource) {
                match count(amount, &path) {
                    Ok(amount) => drop(amounts.insert(resource, amount)),
                    Err(problem) => problems.push(problem),
                }
                continue;
            }
            match claim(resource, amount, &path, beside) {
                Ok(Some(claim)) => claims.push(claim),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    parts::limit(&mut claims, &amounts);
    order::sort_by(&mut claims, |a, b| a.resource.cmp(&b.resource));
    if problems.is_empty() { Ok(claims) } else { Err(problems) }
}

fn claim(resource: &str, amount: &Value, path: &str, beside: &Beside) -> Result<Option<Claim>, Problem> {
    let plain = resource.strip_suffix(".shared");
    let name = plain.unwrap_or(resource);
    let known = meaning(name, path, beside);
    let Some(known) = known.transpose()? else {
        return Ok(None);
    };
    let (asked, spelling) = known;
    let (asked, count) = match amount {
        Value::String(text) if template::is_unrendered(text) => {
            (Asked::Open(template::problem(path, text)), 1)
        }
        _ => (asked, count(amount, path)?),
    };
    if count == 0 {
        return Ok(None);
    }
    let sharing = if plain.is_some() { Sharing::Unsaid } else { Sharing::Alone };
    Ok(Some(Claim { resource: resource.to_owned(), path: path.to_owned(), asked, count, spelling, sharing }))
}

/// What a resource stands for, `None` where it is no GPU.
fn meaning(name: &str, path: &str, beside: &Beside) -> Option<Result<(Asked, Spelling), Problem>> {
    if template::is_unrendered(name) {
        return Some(Ok((Asked::Open(template::problem(path, name)), Spelling::Gpu)));
    }
    if let Some(class) = name.strip_prefix(CLASS) {
        return Some(Ok((dra::by_class(class, path, beside), Spelling::DraExtended)));
    }
    if let Some(class) = beside.class_of_resource(name) {
        return Some(Ok((dra::by_class(class, path, beside), Spelling::DraExtended)));
    }
    if name == GPU || name == AMD_GPU || name == parts::VOLCANO_GPU {
        return Some(Ok((Asked::Gpu, Spelling::Gpu)));
    }
    if let Some(profile) = name.strip_prefix(DAS) {
        return Some(slice(&format!("{SLICE}-{profile}"), path));
    }
    if name.starts_with(SLICE) {
        return Some(slice(name, path));
    }
    if name.contains('/') {
        beside.miss_classes();
    }
    None
}

fn slice(name: &str, path: &str) -> Result<(Asked, Spelling), Problem> {
    let profile = ProfileName::from_resource_name(name).map_err(|problem| {
        Problem::new("unknown-resource", path, &problem.found, &problem.expected)
            .hint("no node announces this resource, so the pod would wait for ever")
    })?;
    Ok((Asked::Slice(profile), Spelling::Mixed))
}

pub(super) fn count(amount: &Value, path: &str) -> Result<u64, Problem> {
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

/// Settles what only the node says: whether `nvidia.com/gpu` is a slice, and who shares it.
pub(super) fn settle(claims: &mut [Claim], node: &NodeWish) {
    for claim in claims {
        if claim.asked == Asked::Gpu && claim.spelling == Spelling::Gpu {
            claim.spelling = node.spelling();
        }
        if matches!(claim.sharing, Sharing::Alone | Sharing::Unsaid)
            && !matches!(claim.asked, Asked::Selected(_))
        {
            claim.sharing = node.sharing(claim.sharing);
        }
    }
}
