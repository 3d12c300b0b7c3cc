//! Claims of dynamic resource allocation: `resource.k8s.io` from v1alpha3 to v1.

use serde_json::{Map, Value};

use super::beside::Beside;
use super::claim::{Asked, Claim};
use super::fields::{bad, field, join, list, object, part, text};
use super::sharing::Sharing;
use super::spelling::Spelling;
use crate::fleet::inventory::quantity;
use crate::fleet::selector::{Properties, Selector};
use crate::gpu::{Device, devices};
use crate::problem::Problem;
use crate::units::Bytes;

/// One way to satisfy a request for devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The device class, empty where none is named.
    pub class: String,
    /// What a device must satisfy: the selectors of the class, then those of the request.
    pub selectors: Vec<Selector>,
}

impl Alternative {
    /// Whether `device` may be given for it: nothing excludes it.
    #[must_use]
    pub fn admits(&self, device: &Device) -> bool {
        let properties = Properties::of(device);
        self.selectors.iter().all(|selector| selector.admits(&properties).may_hold())
    }

    /// Whether every device of the catalog that it admits is a slice.
    pub(super) fn is_slice(&self) -> bool {
        let mut admitted = devices().iter().filter(|device| self.admits(device)).peekable();
        admitted.peek().is_some() && admitted.all(|device| device.profile.is_some())
    }

    pub(super) fn spelling(&self) -> Spelling {
        let named = self.selectors.iter().any(|selector| selector.demands("profile").is_some());
        if named { Spelling::DraProfile } else { Spelling::DraCapacity }
    }
}

/// Device classes that the makers' drivers install. Sources: kubernetes-sigs/dra-driver-nvidia-gpu 9593204,
/// `deployments/helm`; ROCm/k8s-gpu-dra-driver.
const CLASSES: [(&str, &str); 3] = [
    (
        "gpu.nvidia.com",
        "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'gpu'",
    ),
    (
        "mig.nvidia.com",
        "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'mig'",
    ),
    ("gpu.amd.com", "device.driver == 'gpu.amd.com'"),
];

/// The most requests of one claim (`resourceapi.DeviceRequestsMaxSize`).
const MOST_REQUESTS: usize = 32;

/// What a resource that stands for a device class asks for.
pub(super) fn by_class(class: &str, path: &str, beside: &Beside) -> Asked {
    match class_selectors(class, path, beside) {
        Ok(selectors) => Asked::Selected(vec![Alternative { class: class.to_owned(), selectors }]),
        Err(problem) => Asked::Open(problem),
    }
}

fn class_selectors(class: &str, path: &str, beside: &Beside) -> Result<Vec<Selector>, Problem> {
    if let Some(object) = beside.find("DeviceClass", "", class) {
        let spec = part(object, "", "spec")?;
        return spec.map_or(Ok(Vec::new()), |spec| selectors(spec, &format!("DeviceClass {class}: spec")));
    }
    if let Some((_, text)) = CLASSES.iter().find(|(name, _)| *name == class) {
        return Ok(vec![Selector::parse(text)?]);
    }
    let found = match beside.why_not("DeviceClass", "", class) {
        Some(why) => format!("the device class {class:?}, which was not to be had ({why})"),
        None => format!("the device class {class:?}"),
    };
    let problem = Problem::new("claim-elsewhere", path, found, "a class that is known");
    Err(problem.hint("give the DeviceClass beside the workload, or let the policy look it up"))
}

/// The CEL selectors in `map`.
fn selectors(map: &Map<String, Value>, path: &str) -> Result<Vec<Selector>, Problem> {
    let mut found = Vec::new();
    for (place, item) in list(map, path, "selectors")?.iter().enumerate() {
        let path = format!("{path}.selectors[{place}]");
        let Some(cel) = part(object(item, &path)?, &path, "cel")? else {
            return Err(bad(&path, "no `cel`", "a CEL selector"));
        };
        let text = text(cel, &path, "expression")?.unwrap_or_default();
        found.push(selector(text, &path)?);
    }
    Ok(found)
}

/// Reads a selector that stands at `path`.
pub(super) fn selector(text: &str, path: &str) -> Result<Selector, Problem> {
    Selector::parse(text).map_err(|problem| problem.about(path))
}

/// The claims that a ResourceClaim or ResourceClaimTemplate makes, one for each request.
///
/// # Errors
/// `bad-object`, for each part that is needed and cannot be read.
pub fn requested(claim: &Map<String, Value>, beside: &Beside) -> Result<Vec<Claim>, Vec<Problem>> {
    Ok(named(claim, beside)?.into_iter().map(|(_, claim)| claim).collect())
}

/// As [`requested`], with the name of each request.
pub(super) fn named(
    claim: &Map<String, Value>,
    beside: &Beside,
) -> Result<Vec<(String, Claim)>, Vec<Problem>> {
    let one = |problem| vec![problem];
    let mut path = "spec".to_owned();
    let mut spec = part(claim, "", "spec").map_err(one)?;
    if let Some(outer) = spec
        && let Some(inner) = part(outer, &path, "spec").map_err(one)?
    {
        spec = Some(inner);
        path.push_str(".spec");
    }
    let Some(spec) = spec else { return Ok(Vec::new()) };
    let Some(devices) = part(spec, &path, "devices").map_err(one)? else { return Ok(Vec::new()) };
    path.push_str(".devices");
    let requests = list(devices, &path, "requests").map_err(one)?;
    let (mut claims, mut problems) = (Vec::new(), Vec::new());
    for (place, item) in requests.iter().take(MOST_REQUESTS).enumerate() {
        let path = format!("{path}.requests[{place}]");
        match object(item, &path).and_then(|item| request(item, &path, beside)) {
            Ok(claim) => claims.extend(claim),
            Err(problem) => problems.push(problem),
        }
    }
    for (name, claim) in &mut claims {
        claim.sharing = sharing(devices, name);
    }
    if problems.is_empty() { Ok(claims) } else { Err(problems) }
}

/// The claim of one request, with the request's name; none where it only watches devices of others.
fn request(
    item: &Map<String, Value>,
    path: &str,
    beside: &Beside,
) -> Result<Option<(String, Claim)>, Problem> {
    let name = text(item, path, "name")?.unwrap_or_default().to_owned();
    let exactly = part(item, path, "exactly")?;
    let (single, single_path) = match exactly {
        Some(exactly) => (exactly, join(path, "exactly")),
        None => (item, path.to_owned()),
    };
    if field(single, "adminAccess").and_then(Value::as_bool) == Some(true) {
        return Ok(None);
    }
    let first = list(item, path, "firstAvailable")?;
    let ways: Vec<Way> = if first.is_empty() {
        vec![way(single, &single_path, beside)?]
    } else {
        let item = |(place, item): (usize, &Value)| {
            let path = format!("{path}.firstAvailable[{place}]");
            way(object(item, &path)?, &path, beside)
        };
        first.iter().enumerate().map(item).collect::<Result<_, _>>()?
    };
    Ok(Some((name, joined(ways, path))))
}

/// One way to satisfy a request, as far as it can be told.
struct Way {
    class: String,
    count: u64,
    selected: Result<Alternative, Problem>,
}

fn way(map: &Map<String, Value>, path: &str, beside: &Beside) -> Result<Way, Problem> {
    let class = text(map, path, "deviceClassName")?.unwrap_or_default().to_owned();
    let count = match field(map, "count") {
        Some(count) => super::claim::count(count, &join(path, "count"))?,
        None => 1,
    };
    let all = text(map, path, "allocationMode")? == Some("All");
    let part_of_capacity = field(map, "capacity").is_some();
    let selected = if all {
        Err(Problem::new("claim-open", path, "every device of a node", "a number of devices"))
    } else if part_of_capacity {
        Err(Problem::new(
            "claim-open",
            join(path, "capacity"),
            "a part of a device's capacity",
            "whole devices",
        ))
    } else if class.is_empty() {
        Err(Problem::new("claim-open", path, "no device class", "a device class"))
    } else {
        class_selectors(&class, path, beside)
            .and_then(|own| Ok([own, selectors(map, path)?].concat()))
            .map(|selectors| Alternative { class: class.clone(), selectors })
    };
    Ok(Way { class, count, selected })
}

fn joined(ways: Vec<Way>, path: &str) -> Claim {
    let count = ways.iter().map(|way| way.count).max().unwrap_or(1).max(1);
    let same = ways.iter().all(|way| way.count == count);
    let resource = ways.first().map(|way| way.class.clone()).unwrap_or_default();
    let asked = match ways.into_iter().map(|way| way.selected).collect::<Result<Vec<_>, _>>() {
        Ok(_) if !same => {
            Asked::Open(Problem::new("claim-open", path, "alternatives of different counts", "one count"))
        }
        Ok(alternatives) => Asked::Selected(alternatives),
        Err(problem) => Asked::Open(problem),
    };
    let spelling = match &asked {
        Asked::Selected(alternatives) => {
            alternatives.first().map_or(Spelling::DraCapacity, Alternative::spelling)
        }
        _ => Spelling::DraCapacity,
    };
    Claim { resource, path: path.to_owned(), asked, count, spelling, sharing: Sharing::Alone }
}

/// How the driver is told to share the devices of request `name` (`config[].opaque.parameters.sharing`).
/// Source: kubernetes-sigs/dra-driver-nvidia-gpu 9593204, `api/nvidia.com/resource/v1beta1/sharing.go`.
fn sharing(devices: &Map<String, Value>, name: &str) -> Sharing {
    let configs = devices.get("config").and_then(Value::as_array);
    let of_request = |config: &&Value| {
        let requests = config.get("requests").and_then(Value::as_array);
        requests.is_none_or(|all| all.is_empty() || all.iter().any(|one| one.as_str() == Some(name)))
    };
    let shared = configs.into_iter().flatten().filter(of_request).find_map(|config| {
        let sharing = config.get("opaque")?.get("parameters")?.get("sharing")?;
        Some((sharing.get("strategy")?.as_str()?, sharing))
    });
    match shared {
        Some(("TimeSlicing", _)) => Sharing::TimeSliced { replicas: None },
        Some(("MPS", sharing)) => {
            let config = sharing.get("mpsConfig");
            let stated = config.and_then(|config| config.get("defaultPinnedDeviceMemoryLimit")?.as_str());
            let memory = stated.and_then(|text| quantity(text).ok()).map(Bytes::new);
            Sharing::Mps { replicas: None, memory }
        }
        Some(_) | None => Sharing::Alone,
    }
}
