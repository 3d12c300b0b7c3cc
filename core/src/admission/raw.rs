//! Questions without an object, for portals and pipelines: `{"model": ..., "device": "H100-80GB 3g.40gb"}`, and how
//! the model is to be served in `serving`.

use super::response::Response;
use super::settings::Settings;
use super::settings::read::Part;
use crate::catalog;
use crate::engine::Serving;
use crate::gpu;
use crate::matching::{self, Offer, Verdict};
use crate::model::json::kind;
use crate::model::{self, Model};
use crate::order;
use crate::problem::Problem;
use serde_json::{Map, Value};

/// What a question may hold.
const FIELDS: [&str; 4] = ["device", "model", "serving", "uid"];

/// What `serving` may hold.
const SERVING: [&str; 21] = [
    "cpu_offload_gb",
    "data_parallel",
    "dtype",
    "enforce_eager",
    "engine",
    "expert_parallel",
    "gpu_memory_utilization",
    "images_per_prompt",
    "kv_cache_dtype",
    "kv_offloading_gb",
    "max_lora_rank",
    "max_loras",
    "max_model_len",
    "max_num_batched_tokens",
    "max_num_seqs",
    "pipeline_parallel",
    "pooling",
    "quantization",
    "sequences",
    "tensor_parallel",
    "videos_per_prompt",
];

/// Answers whether the model fits the device.
pub(super) fn answer(question: &Map<String, Value>, settings: &Settings) -> Response {
    match offer(question, settings) {
        Ok((name, offer)) => respond(&name, &offer),
        Err(problems) => Response::refuse(&problems),
    }
}

fn offer(question: &Map<String, Value>, settings: &Settings) -> Result<(String, Offer), Vec<Problem>> {
    let one = |problem| vec![problem];
    let mut unknown: Vec<&str> =
        question.keys().map(String::as_str).filter(|name| !FIELDS.contains(name)).collect();
    order::sort(&mut unknown);
    if !unknown.is_empty() {
        return Err(one(bad("request", unknown.join(", "), "only device, model and serving")));
    }
    let device = match question.get("device") {
        Some(Value::String(text)) => gpu::device(text).map_err(|p| one(p.about("request.device")))?,
        other => return Err(one(bad("request.device", found(other), "a text such as H100-80GB 3g.40gb"))),
    };
    let (name, model) = model(question.get("model"), settings).map_err(one)?;
    let serving = match question.get("serving") {
        None | Some(Value::Null) => Serving::default(),
        Some(value) => serving(value)?,
    };
    let report = matching::fit(&model, &serving, &[device])?;
    let offer = report.offers.into_iter().next();
    offer.map(|offer| (name, offer)).ok_or_else(|| one(bad("request.device", "nothing", "a device")))
}

fn model(value: Option<&Value>, settings: &Settings) -> Result<(String, Model), Problem> {
    match value {
        Some(Value::String(id)) => match settings.models.get(id) {
            Some(known) => Ok((id.clone(), known.model()?)),
            None => {
                let entry = catalog::find(id).map_err(|problem| problem.about("request.model"))?;
                Ok((entry.id.to_owned(), entry.model()?))
            }
        },
        Some(Value::Object(config)) => {
            let model = model::read_object(config).map_err(|problem| {
                let subject = format!("request.model: {}", problem.subject);
                problem.about(subject)
            })?;
            let name = if model.architecture.is_empty() { &model.model_type } else { &model.architecture };
            Ok((name.clone(), model))
        }
        other => Err(bad("request.model", found(other), "an id, or the object of a config.json")),
    }
}

/// How the model is to be served, by the names that `--json` prints.
fn serving(value: &Value) -> Result<Serving, Vec<Problem>> {
    let mut problems = Vec::new();
    let part = Part::new(value, "request.serving".to_owned(), &SERVING, &mut problems);
    let usual = Serving::default();
    let mut text = |name: &str, usual: String| part.text(name, &mut problems).map_or(usual, str::to_owned);
    let engine = text("engine", usual.engine);
    let dtype = text("dtype", usual.dtype);
    let quantization = text("quantization", usual.quantization);
    let kv_cache_dtype = text("kv_cache_dtype", usual.kv_cache_dtype);
    let [expert_parallel, enforce_eager, pooling] =
        ["expert_parallel", "enforce_eager", "pooling"].map(|name| part.switch(name, &mut problems));
    let mut number = |name: &str| part.number(name, &mut problems);
    let mut serving = Serving {
        engine,
        dtype,
        quantization,
        kv_cache_dtype,
        max_model_len: number("max_model_len"),
        sequences: number("sequences").unwrap_or(usual.sequences),
        max_num_seqs: number("max_num_seqs"),
        max_num_batched_tokens: number("max_num_batched_tokens"),
        tensor_parallel: number("tensor_parallel").unwrap_or(usual.tensor_parallel),
        pipeline_parallel: number("pipeline_parallel").unwrap_or(usual.pipeline_parallel),
        data_parallel: number("data_parallel").unwrap_or(usual.data_parallel),
        expert_parallel,
        enforce_eager,
        gpu_memory_utilization: None,
        max_loras: number("max_loras"),
        max_lora_rank: number("max_lora_rank"),
        speculative_method: None,
        speculative_tokens: None,
        cpu_offload_gb: number("cpu_offload_gb"),
        kv_offloading_gb: number("kv_offloading_gb"),
        pooling,
        images_per_prompt: number("images_per_prompt"),
        videos_per_prompt: number("videos_per_prompt"),
    };
    if let Some(value) = part.get("gpu_memory_utilization") {
        match value.to_string().trim_matches('"').parse() {
            Ok(share) => serving.gpu_memory_utilization = Some(share),
            Err(problem) => {
                let problem: Problem = problem;
                problems.push(problem.about("request.serving.gpu_memory_utilization"));
            }
        }
    }
    if problems.is_empty() { Ok(serving) } else { Err(problems) }
}

fn respond(name: &str, offer: &Offer) -> Response {
    let accepted = offer.verdict != Verdict::No;
    let mut lines = vec![format!(
        "{name} needs {}, {} has {} usable: {} short",
        offer.estimate.total, offer.device, offer.usable, offer.shortfall
    )];
    lines.extend(offer.reasons.iter().map(|reason| format!("  why: {}", reason.text)));
    let mut response =
        Response { accepted, message: (!accepted).then(|| lines.join("\n")), ..Response::default() };
    if accepted {
        response.warnings = offer.reasons.iter().map(|reason| reason.text.to_string()).collect();
    }
    response.audit_annotations.insert("verdict", offer.verdict.word().to_owned());
    response.audit_annotations.insert("offer", serde_json::to_string(offer).unwrap_or_default());
    response
}

fn found(value: Option<&Value>) -> &'static str {
    value.map_or("nothing", kind)
}

fn bad(path: &str, found: impl Into<String>, expected: &str) -> Problem {
    Problem::new("bad-request", path, found, expected)
}
