//! Parts of a GPU that are kept apart in software: HAMi, Volcano, Run:ai and the KAI scheduler.

use std::collections::BTreeMap;

use super::claim::{Asked, Claim};
use super::sharing::Sharing;
use super::spelling::Spelling;
use crate::problem::Problem;
use crate::ratio::Ratio;
use crate::units::Bytes;

/// A part of each GPU of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Memory that the container may use.
    pub memory: Option<Bytes>,
    /// Share of the memory that it may use.
    pub share: Option<Ratio>,
    /// Percent of the compute that it may use.
    pub cores: Option<u64>,
    /// Whether it is given a MIG slice of at least that memory, whole.
    pub slice: bool,
    /// Whether it may be given one, or a part of a whole GPU: the object leaves it to the scheduler.
    pub slice_or_gpu: bool,
}

impl Part {
    /// The memory of a GPU with `memory` that the container may use; all of it where no limit is stated.
    #[must_use]
    pub fn of(&self, memory: Bytes) -> Bytes {
        let share = self.share.map_or(memory, |share| share.of(memory));
        self.memory.map_or(share, |stated| stated.min(share))
    }
}

/// Volcano's name for a GPU that it shares out.
pub(super) const VOLCANO_GPU: &str = "volcano.sh/vgpu-number";

/// What an amount beside `nvidia.com/gpu` limits.
#[derive(Clone, Copy)]
enum Limit {
    /// Memory of each GPU in MiB.
    Memory,
    /// Memory of each GPU in percent.
    Share,
    /// Compute of each GPU in percent.
    Cores,
}

/// Resources that only limit the part of a GPU. Sources: Project-HAMi/HAMi 4707fb0, `docs/config.md`; volcano-sh/volcano,
/// `docs/user-guide/how_to_use_volcano_vgpu.md`.
const AMOUNTS: [(&str, Limit); 6] = [
    ("nvidia.com/gpumem", Limit::Memory),
    ("nvidia.com/gpumem-percentage", Limit::Share),
    ("nvidia.com/gpucores", Limit::Cores),
    ("volcano.sh/vgpu-memory", Limit::Memory),
    ("volcano.sh/vgpu-memory-percentage", Limit::Share),
    ("volcano.sh/vgpu-cores", Limit::Cores),
];

/// Whether `resource` is one of these amounts.
pub(super) fn is_amount(resource: &str) -> bool {
    AMOUNTS.iter().any(|(name, _)| *name == resource)
}

/// Turns claims of GPUs into claims of parts where amounts beside them say so.
pub(super) fn limit(claims: &mut [Claim], amounts: &BTreeMap<&str, u64>) {
    let mut part = Part { slice_or_gpu: true, ..Part::default() };
    for (name, limit) in AMOUNTS {
        let Some(amount) = amounts.get(name).copied().filter(|amount| *amount > 0) else { continue };
        match limit {
            Limit::Memory => part.memory = Some(Bytes::saturating(u128::from(amount) << 20)),
            Limit::Share => part.share = Some(percent(amount)),
            Limit::Cores => part.cores = Some(amount),
        }
    }
    let limited = part.memory.is_some() || part.share.is_some() || part.cores.is_some();
    for claim in claims.iter_mut().filter(|claim| claim.asked == Asked::Gpu && !claim.is_amd()) {
        if limited || claim.resource == VOLCANO_GPU {
            claim.asked = Asked::Part(part);
            claim.spelling = Spelling::Hami;
        }
    }
}

fn percent(amount: u64) -> Ratio {
    Ratio::percent(u32::try_from(amount).unwrap_or(u32::MAX))
}

/// Annotations that choose how HAMi and Volcano keep parts apart.
const MODES: [&str; 2] = ["nvidia.com/vgpu-mode", "volcano.sh/vgpu-mode"];

/// Settles how parts are kept apart, from the annotations of the pod.
pub(super) fn settle(claims: &mut [Claim], annotations: &BTreeMap<String, String>) {
    let mode = MODES.iter().find_map(|name| annotations.get(*name)).map(String::as_str);
    for claim in claims {
        if let Asked::Part(part) = &mut claim.asked
            && claim.spelling == Spelling::Hami
            && let Some(mode) = mode
        {
            part.slice = mode == "mig";
            part.slice_or_gpu = false;
            if mode == "mps" {
                claim.sharing = Sharing::Mps { replicas: None, memory: part.memory };
            }
        }
    }
}

/// Annotations of Run:ai and the KAI scheduler. Source: kai-scheduler/KAI-Scheduler `pkg/common/constants/constants.go`;
/// Run:ai documentation, dynamic GPU fractions.
const FRACTION: &str = "gpu-fraction";
const MEMORY: &str = "gpu-memory";
const DEVICES: &str = "gpu-fraction-num-devices";
const CONTAINER: &str = "gpu-fraction-container-name";
/// Slices that Run:ai notes on a pod stand under the resource's own name.
const SLICE: &str = "nvidia.com/mig-";

/// The claims that annotations make, and the container that they are for where that is said.
pub(super) fn annotated(
    annotations: &BTreeMap<String, String>,
    path: &str,
) -> Result<(Vec<Claim>, Option<String>), Vec<Problem>> {
    let (mut claims, mut problems) = (Vec::new(), Vec::new());
    let mut keep = |result: Result<Option<Claim>, Problem>| match result {
        Ok(claim) => claims.extend(claim),
        Err(problem) => problems.push(problem),
    };
    let at = |name: &str| format!("{path}[{name:?}]");
    let fraction = annotations.get(FRACTION).map(|text| (FRACTION, fraction(text, &at(FRACTION))));
    let memory = annotations.get(MEMORY).map(|text| (MEMORY, mebibytes(text, &at(MEMORY))));
    let count = annotations.get(DEVICES).and_then(|text| text.parse().ok()).unwrap_or(1);
    for (name, part) in fraction.into_iter().chain(memory) {
        keep(part.map(|part| {
            let asked = Asked::Part(part);
            (count > 0).then(|| run_ai(name, at(name), asked, count))
        }));
    }
    for (name, amount) in annotations.iter().filter(|(name, _)| name.starts_with(SLICE)) {
        let Ok(profile) = crate::gpu::ProfileName::from_resource_name(name) else { continue };
        let Ok(count) = amount.parse() else { continue };
        keep(Ok((count > 0).then(|| run_ai(name, at(name), Asked::Slice(profile), count))));
    }
    if problems.is_empty() { Ok((claims, annotations.get(CONTAINER).cloned())) } else { Err(problems) }
}

fn run_ai(resource: &str, path: String, asked: Asked, count: u64) -> Claim {
    let resource = resource.to_owned();
    Claim { resource, path, asked, count, spelling: Spelling::RunAi, sharing: Sharing::Alone }
}

fn fraction(text: &str, path: &str) -> Result<Part, Problem> {
    let share = text.parse().map_err(|problem: Problem| problem.about(path))?;
    Ok(Part { share: Some(share), ..Part::default() })
}

fn mebibytes(text: &str, path: &str) -> Result<Part, Problem> {
    let mib: u64 = text
        .trim()
        .parse()
        .map_err(|_| Problem::new("bad-object", path, format!("{text:?}"), "a whole number of MiB"))?;
    Ok(Part { memory: Some(Bytes::saturating(u128::from(mib) << 20)), ..Part::default() })
}
