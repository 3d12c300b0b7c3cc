//! What the cluster has, as the operator says it, and what the policy may correct.

use std::collections::BTreeSet;

use crate::correction::{Pool, Spelling};
use crate::gpu::{self, Device, Gpu, ProfileName};
use crate::problem::Problem;
use serde_json::Value;

use super::read::{Part, Problems, bad};

/// What may be corrected; all of it is off unless it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mutate {
    /// `rightSize`: the smallest device of the pools that holds the model.
    pub right_size: bool,
    /// `placement`: node selector and tolerations of the pool.
    pub placement: bool,
    /// `flags`: flags of vLLM that are absent, on slices.
    pub flags: bool,
}

impl Mutate {
    /// Whether anything may be corrected.
    #[must_use]
    pub const fn any(self) -> bool {
        self.right_size || self.placement || self.flags
    }
}

/// Reads `gpus`.
pub(super) fn gpus(settings: &Part, problems: &mut Problems) -> Vec<&'static Gpu> {
    let mut gpus: Vec<&'static Gpu> = Vec::new();
    for (path, name) in settings.texts("gpus", problems) {
        match gpu::find(name) {
            Ok(gpu) if gpus.contains(&gpu) => {}
            Ok(gpu) => gpus.push(gpu),
            Err(problem) => problems.push(problem.about(path)),
        }
    }
    gpus
}

/// Reads `pools`.
pub(super) fn pools(settings: &Part, problems: &mut Problems) -> Vec<Pool<'static>> {
    let known = ["devices", "gpu", "name", "nodeSelector", "spelling", "tolerations"];
    let (mut pools, mut names) = (Vec::new(), BTreeSet::new());
    for part in settings.parts("pools", &known, problems) {
        let name = part.needed("name", problems);
        if !names.insert(name) {
            problems.push(bad(&part.at("name"), format!("{name:?} twice"), "a name of its own"));
        }
        let spelling = part.word("spelling", &Spelling::ALL, problems).unwrap_or(Spelling::Mixed);
        let devices = match gpu::find(part.needed("gpu", problems)) {
            Ok(gpu) => devices(&part, gpu, spelling, problems),
            Err(problem) => {
                if part.get("gpu").is_some() {
                    problems.push(problem.about(part.at("gpu")));
                }
                Vec::new()
            }
        };
        let selector = part.text_map("nodeSelector", problems);
        let tolerations = tolerations(&part, problems);
        pools.push(Pool { name: name.to_owned(), devices, spelling, selector, tolerations });
    }
    pools
}

/// The devices of a pool; where it names none, what its spelling can ask for.
fn devices(
    part: &Part,
    gpu: &'static Gpu,
    spelling: Spelling,
    problems: &mut Problems,
) -> Vec<Device<'static>> {
    let named = part.texts("devices", problems);
    if part.get("devices").is_none() {
        return match spelling {
            Spelling::Mixed => Device::all_of(gpu).skip(usize::from(!gpu.profiles.is_empty())).collect(),
            Spelling::Single | Spelling::Gke => {
                problems.push(bad(
                    &part.at("devices"),
                    "nothing",
                    "the profiles that its nodes are cut into",
                ));
                Vec::new()
            }
        };
    }
    let mut devices = Vec::new();
    for (path, text) in &named {
        match device(gpu, text) {
            Ok(device) => devices.push(device),
            Err(problem) => problems.push(problem.about(path.as_str())),
        }
    }
    if spelling == Spelling::Single && named.len() > 1 {
        let found = format!("{} devices", named.len());
        problems.push(bad(&part.at("devices"), found, "one: under the strategy single all slices are alike"));
    }
    devices
}

fn device(gpu: &'static Gpu, text: &str) -> Result<Device<'static>, Problem> {
    if text == "gpu" {
        return Ok(Device::whole(gpu));
    }
    Ok(Device { gpu, profile: Some(gpu.profile(ProfileName::parse(text)?)?) })
}

fn tolerations(part: &Part, problems: &mut Problems) -> Vec<Value> {
    let known = ["effect", "key", "operator", "tolerationSeconds", "value"];
    let list = part.list("tolerations", "a list of tolerations", problems);
    part.parts("tolerations", &known, problems);
    list.to_vec()
}

/// Reads `mutate`.
pub(super) fn mutate(settings: &Part, problems: &mut Problems) -> Mutate {
    let Some(part) = settings.part("mutate", &["flags", "placement", "rightSize"], problems) else {
        return Mutate::default();
    };
    Mutate {
        right_size: part.switch("rightSize", problems),
        placement: part.switch("placement", problems),
        flags: part.switch("flags", problems),
    }
}
