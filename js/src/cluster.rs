//! Manifests and pools: what is wrong with an object, and which pools hold a workload.

use std::collections::BTreeMap;

use migfit::catalog;
use migfit::fleet::pools;
use migfit::gpu::{self, Gpu};
use migfit::kubernetes::Beside;
use migfit::matching::pools::{Ledger, Matcher, Report};
use migfit::problem::Problem;
use migfit::review::{Cluster, Config, Context, Known, Review, Subject};
use migfit::workloads;
use migfit::yaml;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{one, thrown};
use crate::value;

/// What is known besides the manifests.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Configs of models by the id that workloads use.
    #[serde(default)]
    models: BTreeMap<String, Value>,
    /// The cluster's cards.
    #[serde(default)]
    gpus: Vec<String>,
    /// The cluster's pools, in any form that is read.
    pools: Option<Value>,
}

/// What is known besides the workloads.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MatchOptions {
    /// Configs of models by the id that workloads use.
    #[serde(default)]
    models: BTreeMap<String, Value>,
}

/// One object and what is wrong with it.
#[derive(Serialize)]
struct Checked {
    kind: String,
    name: String,
    namespace: Option<String>,
    #[serde(flatten)]
    review: Review,
}

/// What is wrong with manifests: does each model fit what its container asks for, and what else costs hours. Objects of
/// kinds that are not reviewed are left out.
///
/// # Errors
/// A `MigfitError` where manifests or options cannot be read; what is wrong *in* an object is a finding.
#[wasm_bindgen(unchecked_return_type = "Checked[]")]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "ManifestInput")] manifests: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CheckOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let objects = documents("manifests", &manifests)?;
    let options: Options = value::take("options", options)?;
    let gpus = cards(&options.gpus)?;
    let found = match &options.pools {
        Some(Value::String(text)) => {
            pools::read(gpu::catalog(), &yaml::documents("pools", text).map_err(one)?)
        }
        Some(Value::Array(several)) => pools::read(gpu::catalog(), several),
        Some(other) => pools::read(gpu::catalog(), std::slice::from_ref(other)),
        None => pools::Pools::default(),
    };
    let context = Context {
        models: known(&options.models),
        beside: Beside::of(&objects),
        cluster: Cluster { source: "options", gpus, pools: &found.pools },
        ..Context::default()
    };
    let checked: Vec<Checked> = objects.iter().filter_map(|object| reviewed(object, &context)).collect();
    value::give(&checked)
}

fn reviewed(object: &Value, context: &Context<'_>) -> Option<Checked> {
    let object = object.as_object()?;
    let subject = Subject::of(object).ok().flatten()?;
    let text =
        |map: &Map<String, Value>, name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let metadata = object.get("metadata").and_then(Value::as_object);
    Some(Checked {
        kind: text(object, "kind").unwrap_or_default(),
        name: metadata.and_then(|metadata| text(metadata, "name")).unwrap_or_default(),
        namespace: metadata.and_then(|metadata| text(metadata, "namespace")),
        review: subject.review(object, context),
    })
}

/// Which pools hold each workload, best first, with every reason.
///
/// A workload is a model and how it is served, a `replicaTopology`, or an object of Kubernetes: each container that asks
/// for devices, or each claim that stands alone.
///
/// # Errors
/// A `MigfitError` where pools, workloads or options cannot be read.
#[wasm_bindgen(js_name = match, unchecked_return_type = "MatchReport[]")]
pub fn match_pools(
    #[wasm_bindgen(unchecked_param_type = "ManifestInput")] pools: JsValue,
    #[wasm_bindgen(unchecked_param_type = "ManifestInput")] workloads: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "MatchOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let found = pools::read(gpu::catalog(), &documents("pools", &pools)?);
    if found.pools.is_empty() {
        let none = || vec![Problem::new("no-pools", "pools", "none", "at least one pool")];
        return Err(thrown(if found.problems.is_empty() { none() } else { found.problems }));
    }
    let MatchOptions { models } = value::take("options", options)?;
    let context = Context { models: known(&models), ..Context::default() };
    let named = |name: &str| {
        let handed = context.models.get(name).map(Known::model);
        handed.unwrap_or_else(|| catalog::find(name)?.model()).map_err(|problem| vec![problem])
    };
    let (ledger, _) = Ledger::new(&found.pools);
    let matcher = Matcher::new(&found.pools);
    let mut reports = Vec::new();
    let documents = documents("workloads", &workloads)?;
    for asked in workloads::read(&documents, "workload", &named, &context).map_err(thrown)? {
        let requirement = asked.requirement().map_err(thrown)?;
        reports.push(Report::of(&requirement, &found.pools, &matcher.answer(&requirement, &ledger)));
    }
    value::give(&reports)
}

/// Models by id, as they are handed in.
fn known(models: &BTreeMap<String, Value>) -> BTreeMap<&str, Known<'_>> {
    let known = models.iter().map(|(id, config)| {
        let place = format!("options.models[{id:?}]");
        (id.as_str(), Known { source: "options", place, config: Config::Json(config) })
    });
    known.collect()
}

/// The documents of a text, of an object, or of several objects; lists taken apart.
fn documents(name: &str, given: &JsValue) -> Result<Vec<Value>, JsValue> {
    let read = yaml::documents(name, &value::text(name, given)?).map_err(one)?;
    let mut flat = Vec::new();
    for document in read {
        match document {
            Value::Array(several) => flat.extend(several),
            Value::Object(mut list) if list.get("items").is_some_and(Value::is_array) => {
                if let Some(Value::Array(items)) = list.remove("items") {
                    flat.extend(items);
                }
            }
            other => flat.push(other),
        }
    }
    Ok(flat)
}

/// The cards of these names.
pub(crate) fn cards(names: &[String]) -> Result<Vec<&'static Gpu>, JsValue> {
    let (mut cards, mut problems) = (Vec::new(), Vec::new());
    for name in names {
        match gpu::find(name) {
            Ok(card) => cards.push(card),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(cards) } else { Err(thrown(problems)) }
}
