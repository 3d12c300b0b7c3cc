//! What was worked out, as a cluster takes it.

use std::collections::BTreeMap;

use migfit::engine::Serving;
use migfit::exports::{
    self, Dialect, Fleet, From, KINDS, Machines, Needs, Team, Wish, Workload, read_layout,
};
use migfit::gpu::layout::Layout;
use migfit::gpu::{self, ProfileName};
use migfit::problem::Problem;
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{one, thrown};
use crate::{model, sizing, value};

/// What is to be written down.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct What {
    /// A config or an id of the catalog, for workloads.
    model: Option<Value>,
    /// The model's id, where `model` is a config.
    id: Option<String>,
    /// `H100-80GB 2g.20gb`, for workloads.
    device: Option<String>,
    serving: Option<Serving>,
    name: Option<String>,
    namespace: Option<String>,
    replicas: Option<u64>,
    image: Option<String>,
    spelling: Option<String>,
    /// The card, for nodes.
    gpu: Option<String>,
    /// One layout for each GPU of a node.
    layouts: Vec<String>,
    nodes: Option<u64>,
    pool: Option<String>,
    /// Devices that each team is promised, by profile or `gpu`.
    teams: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The kinds of manifest that [`export_manifest`] writes, and what each needs.
///
/// # Errors
/// None that a caller can cause.
#[wasm_bindgen(js_name = exportKinds, unchecked_return_type = "ExportKind[]")]
pub fn export_kinds() -> Result<JsValue, JsValue> {
    value::give(&KINDS)
}

/// A manifest, values of a chart, or commands: the text of a file.
///
/// # Errors
/// A `MigfitError` with every reason: a kind that is not known, a model that does not fit, something missing.
#[wasm_bindgen(js_name = exportManifest)]
pub fn export_manifest(
    kind: &str,
    #[wasm_bindgen(unchecked_param_type = "ExportInput")] what: JsValue,
) -> Result<String, JsValue> {
    let kind = exports::find(kind).map_err(one)?;
    let what: What = value::take("what", what)?;
    let export = match kind.needs {
        Needs::Workload => what.workload(|workload| exports::write(kind, From::Workload(workload)))?,
        Needs::Nodes | Needs::Teams => exports::write(kind, From::Fleet(&what.fleet().map_err(thrown)?)),
    };
    export.map_err(thrown)?.text().map_err(one)
}

impl What {
    fn workload<T>(&self, then: impl FnOnce(&Workload<'_>) -> T) -> Result<T, JsValue> {
        let missing = |name: &str| {
            one(Problem::new("bad-argument", name, "nothing", "what is to be served, and on what"))
        };
        let given = self.model.as_ref().ok_or_else(|| missing("what.model"))?;
        let read = model::of(given).map_err(one)?;
        let id = self.id.as_deref().or_else(|| given.as_str().filter(|text| !text.contains('{')));
        let device = self.device.as_deref().ok_or_else(|| missing("what.device"))?;
        let device = gpu::device(device).map_err(one)?;
        let serving = sizing::settings(&read, self.serving.clone().unwrap_or_default());
        let wish = self.wish().map_err(one)?;
        let workload = Workload::new(id.ok_or_else(|| missing("what.id"))?, &read, &serving, device, wish);
        Ok(then(&workload.map_err(thrown)?))
    }

    fn wish(&self) -> Result<Wish, Problem> {
        let dialect = match self.spelling.as_deref() {
            None => Dialect::Mixed,
            Some(id) => Dialect::ALL.into_iter().find(|dialect| dialect.id() == id).ok_or_else(|| {
                let ids = Dialect::ALL.map(Dialect::id).join(", ");
                Problem::new("bad-argument", "what.spelling", format!("{id:?}"), format!("one of {ids}"))
            })?,
        };
        Ok(Wish {
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            replicas: self.replicas.unwrap_or(1),
            image: self.image.clone(),
            dialect,
            ..Wish::default()
        })
    }

    fn fleet(&self) -> Result<Fleet<'static>, Vec<Problem>> {
        let missing = || vec![Problem::new("bad-argument", "what.gpu", "nothing", "the card of the nodes")];
        let gpu = gpu::find(self.gpu.as_deref().ok_or_else(missing)?).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let mut layouts = Vec::new();
        for text in &self.layouts {
            match text.trim() {
                "" | "whole" => layouts.push(Layout::empty(gpu)),
                text => match read_layout(gpu, text) {
                    Ok(layout) => layouts.push(layout),
                    Err(problem) => problems.push(problem),
                },
            }
        }
        let teams = self.teams.iter().filter_map(|(name, quota)| match quota_of(quota) {
            Ok(quota) => Some(Team { name: name.clone(), quota, ..Team::default() }),
            Err(problem) => {
                problems.push(problem);
                None
            }
        });
        let teams: Vec<Team> = teams.collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let machines = Machines {
            name: self.pool.clone().unwrap_or_else(|| "sliced".to_owned()),
            gpu,
            nodes: self.nodes.unwrap_or(1),
            names: Vec::new(),
            labels: BTreeMap::new(),
            layouts,
            instance_type: None,
        };
        Ok(Fleet { machines: vec![machines], teams })
    }
}

fn quota_of(quota: &BTreeMap<String, u64>) -> Result<BTreeMap<Option<ProfileName>, u64>, Problem> {
    let read = |(device, count): (&String, &u64)| match device.as_str() {
        "gpu" => Ok((None, *count)),
        profile => Ok((Some(ProfileName::parse(profile)?), *count)),
    };
    quota.iter().map(read).collect()
}
