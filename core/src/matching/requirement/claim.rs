//! Requests for devices: those of a DRA claim, and those of a Modelplane engine, which are written alike.
//!
//! Read are the shapes of `resource.k8s.io` from v1alpha3 on: the request itself, `exactly`, `firstAvailable`.

use serde::Deserialize;
use serde_json::Value;

use super::condition::Condition;
use super::{Floors, Requirement, Topology};
use crate::problem::Problem;

/// One request: so many devices of one kind, for one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRequest {
    /// Its name; alternatives have that of the request before their own: `gpu/large`.
    pub name: String,
    /// How many devices.
    pub count: u64,
    /// What each of them must be.
    pub conditions: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    name: String,
    exactly: Option<Box<Request>>,
    first_available: Option<Vec<Request>>,
    device_class_name: Option<String>,
    #[serde(default)]
    selectors: Vec<Cel>,
    allocation_mode: Option<String>,
    count: Option<u64>,
}

/// v1beta1 and later write `cel: {expression}`, Modelplane writes `cel: text`.
#[derive(Deserialize)]
struct Cel {
    cel: CelText,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CelText {
    Plain(String),
    Wrapped { expression: String },
}

/// The requests of a ResourceClaim or ResourceClaimTemplate.
///
/// # Errors
/// `bad-claim` where its requests cannot be read.
pub fn device_requests(claim: &Value) -> Result<Vec<DeviceRequest>, Problem> {
    let spec = claim.pointer("/spec/spec").or_else(|| claim.get("spec"));
    let list = spec.and_then(|spec| spec.pointer("/devices/requests"));
    read_requests(list.unwrap_or(&Value::Null))
}

/// The requests in `list`, each of them or each alternative of it.
///
/// # Errors
/// As [`device_requests`].
pub fn read_requests(list: &Value) -> Result<Vec<DeviceRequest>, Problem> {
    let requests: Vec<Request> = Vec::deserialize(list).map_err(|error| {
        Problem::new(
            "bad-claim",
            "devices",
            error.to_string(),
            "a list of requests with `name` and `selectors`",
        )
    })?;
    Ok(requests.into_iter().flat_map(|request| request.alternatives("")).collect())
}

impl Request {
    fn alternatives(self, of: &str) -> Vec<DeviceRequest> {
        let name = if of.is_empty() { self.name.clone() } else { format!("{of}/{}", self.name) };
        if let Some(list) = self.first_available {
            return list.into_iter().flat_map(|one| one.alternatives(&name)).collect();
        }
        match self.exactly {
            Some(exactly) => vec![DeviceRequest { name, ..exactly.one() }],
            None => vec![DeviceRequest { name, ..self.one() }],
        }
    }

    fn one(self) -> DeviceRequest {
        let mut conditions: Vec<Condition> =
            self.device_class_name.iter().map(|class| of_class(class)).collect();
        conditions.extend(self.selectors.iter().map(|selector| match &selector.cel {
            CelText::Plain(text) | CelText::Wrapped { expression: text } => Condition::cel(text),
        }));
        if self.allocation_mode.as_deref() == Some("All") {
            let text = "allocationMode: All".to_owned();
            conditions.push(Condition { text, selector: None });
        }
        DeviceRequest { name: self.name, count: self.count.unwrap_or(1), conditions }
    }
}

/// What the classes of NVIDIA's driver select (kubernetes-sigs/dra-driver-nvidia-gpu 9593204); another class may
/// select anything.
fn of_class(class: &str) -> Condition {
    let text = format!("deviceClassName: {class}");
    let kind = match class {
        "gpu.nvidia.com" => "gpu",
        "mig.nvidia.com" => "mig",
        _ => return Condition { text, selector: None },
    };
    let cel =
        format!("device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == '{kind}'");
    Condition { text, selector: Condition::cel(&cel).selector }
}

impl DeviceRequest {
    /// What a pod with this request requires.
    #[must_use]
    pub fn requirement<'a>(&self, workload: &str) -> Requirement<'a> {
        let topology = Topology::Stated { nodes: 1, units_per_node: self.count.max(1) };
        let name =
            if self.name.is_empty() { workload.to_owned() } else { format!("{workload}: {}", self.name) };
        Requirement {
            conditions: self.conditions.clone(),
            ..Requirement::declared(&name, topology, Floors::default())
        }
    }
}
