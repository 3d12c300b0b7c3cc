//! KServe: InferenceService and LLMInferenceService.

use super::ask::metadata;
use super::cel::{by_capacity, by_name, class};
use super::dialect::{Ask, Dialect};
use super::export::{Export, object};
use super::launch::Flag;
use super::pods::{annotations, placing, queued, resources, spec};
use super::tree::{Map, Tree};
use super::workload::Workload;
use crate::engine::Maker;
use crate::problem::Problem;

/// Kinds whose server is vLLM.
pub(super) fn needs_vllm(work: &Workload<'_>, kind: &str) -> Result<(), Problem> {
    if work.engine.maker == Maker::Vllm {
        return Ok(());
    }
    let expected = format!("vLLM, which {kind} runs");
    Err(Problem::new("bad-setting", "engine", work.engine.id, expected))
}

/// Settings of which a kind has no word.
pub(super) fn refuse(work: &Workload<'_>, kind: &str, several: &[(&str, u64)]) -> Result<(), Problem> {
    match several.iter().find(|(_, number)| *number > 1) {
        None => Ok(()),
        Some((what, number)) => {
            let hint = "a LeaderWorkerSet or a Deployment can say it";
            let expected = format!("1 for {kind} of {}", work.name);
            Err(Problem::new("bad-setting", *what, number.to_string(), expected).hint(hint))
        }
    }
}

/// An InferenceService on KServe's runtime for Hugging Face models, whose engine is vLLM.
pub(super) fn inference_service(work: &Workload<'_>) -> Result<Export, Problem> {
    needs_vllm(work, "the runtime `huggingface`")?;
    let serving = work.serving;
    refuse(work, "an InferenceService", &[("pipeline_parallel", serving.pipeline_parallel)])?;
    let ask = Ask::of(work, work.devices())?;
    let args: Vec<Tree> = std::iter::once(Tree::from(format!("--model_name={}", work.name)))
        .chain(work.launch().settings().map(Tree::from))
        .collect();
    let model = Map::new()
        .with("modelFormat", Map::new().with("name", "huggingface"))
        .with("storageUri", format!("hf://{}", work.id))
        .with("args", args)
        .with("resources", resources(&ask));
    let predictor = Map::new()
        .with("minReplicas", work.wish.replicas)
        .with("maxReplicas", work.wish.replicas)
        .with_some("schedulerName", work.wish.scheduler.as_deref());
    let predictor = claiming(placing(predictor, work, &ask), &ask).with("model", model);
    let custom = ask.resources.iter().find(|(name, ..)| name.starts_with("nvidia.com/mig-"));
    let types = custom.map(|(name, ..)| format!("[\"{name}\"]"));
    let about = annotations(&ask).with_some("serving.kserve.io/gpu-resource-types", types);
    let head = queued(metadata(&work.name, work), work).with_any("annotations", about);
    let main = object("serving.kserve.io/v1beta1", "InferenceService", head)
        .with("spec", Map::new().with("predictor", predictor));
    Ok(finished("kserve-inferenceservice", work, main, ask))
}

/// The claim of the pod, where the device is claimed so.
fn claiming(spec: Map, ask: &Ask) -> Map {
    let Some(template) = &ask.template else { return spec };
    let claim =
        Map::new().with("name", super::ask::CLAIM).with("resourceClaimTemplateName", template.as_str());
    spec.with("resourceClaims", vec![claim])
}

fn finished(kind: &'static str, work: &Workload<'_>, main: Map, ask: Ask) -> Export {
    let mut notes = work.notes();
    notes.extend(ask.notes);
    Export::documents(kind, ask.beside.into_iter().chain([main.into()]).collect(), notes)
}

/// An LLMInferenceService. A claim for one kind of device is said in KServe's annotations, which make the template.
pub(super) fn llm_inference_service(work: &Workload<'_>) -> Result<Export, Problem> {
    needs_vllm(work, "an LLMInferenceService")?;
    let serving = work.serving;
    refuse(work, "an LLMInferenceService", &[("data_parallel", serving.data_parallel)])?;
    let per_pod = work.devices().checked_div(serving.pipeline_parallel).unwrap_or(1);
    let mut ask = Ask::of(work, per_pod)?;
    let managed = managed(work, per_pod);
    if !managed.entries().is_empty() {
        (ask.template, ask.beside) = (None, Vec::new());
    }
    let head = queued(metadata(&work.name, work), work).with_any(
        "annotations",
        managed
            .entries()
            .iter()
            .fold(annotations(&ask), |map, (name, value)| map.with(name.as_str(), value.clone())),
    );
    let template = spec(work, &ask, container(work, &ask));
    let size = |name, number| (number > 1).then_some((name, number));
    let sizes = [size("tensor", serving.tensor_parallel), size("pipeline", serving.pipeline_parallel)];
    let parallelism =
        sizes.into_iter().flatten().fold(Map::new(), |map, (name, number)| map.with(name, number));
    let worker = (serving.pipeline_parallel > 1).then(|| template.clone());
    let part = || Map::new();
    let spec = Map::new()
        .with("model", Map::new().with("uri", format!("hf://{}", work.id)).with("name", work.id.as_str()))
        .with("replicas", work.wish.replicas)
        .with_any("parallelism", parallelism)
        .with("template", template)
        .with_some("worker", worker)
        .with("router", Map::new().with("route", part()).with("gateway", part()).with("scheduler", part()));
    let main = object("serving.kserve.io/v1alpha2", "LLMInferenceService", head).with("spec", spec);
    Ok(finished("kserve-llminferenceservice", work, main, ask))
}

/// KServe starts vLLM itself and hands this variable on; it says tensor and pipeline sizes on its own.
fn container(work: &Workload<'_>, ask: &Ask) -> Map {
    let own = ["--tensor-parallel-size", "--pipeline-parallel-size"];
    let launch = work.launch();
    let flags: Vec<String> =
        launch.settings().filter(|flag| !own.contains(&flag.name)).map(Flag::text).collect();
    let variable = Map::new().with("name", "VLLM_ADDITIONAL_ARGS").with("value", flags.join(" "));
    let container = Map::new().with("name", "main").with_some("image", work.wish.image.as_deref());
    let container = container.with("env", vec![variable]);
    if work.wish.dialect == Dialect::DraProfile || work.wish.dialect == Dialect::DraCapacity {
        return container;
    }
    container.with("resources", resources(ask))
}

/// KServe's annotations for a claim, none for the dialects that they cannot say.
fn managed(work: &Workload<'_>, devices: u64) -> Map {
    let condition = match work.wish.dialect {
        Dialect::DraProfile => by_name(&work.device),
        Dialect::DraCapacity => by_capacity(work),
        _ => return Map::new(),
    };
    Map::new()
        .with("serving.kserve.io/exp-dra-device-class", class(&work.device))
        .with("serving.kserve.io/exp-dra-device-count", devices.to_string())
        .with("serving.kserve.io/exp-dra-cel-selector", condition)
        .with("serving.kserve.io/exp-dra-container-name", "main")
}
