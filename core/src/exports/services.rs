//! Operators and charts that make the pods themselves: NIM, KAITO, Modelplane, vLLM production stack, Ollama.

use super::ask::{PRODUCT, metadata};
use super::cel::{by_capacity, by_name};
use super::clouds::product_labels;
use super::dialect::{Ask, Dialect};
use super::export::{Export, object, yaml};
use super::kserve::{needs_vllm, refuse};
use super::launch::{Flag, PORT};
use super::pods::{annotations, placing, queued, resources, toleration};
use super::tree::{Map, Tree};
use super::workload::Workload;
use crate::problem::Problem;
use crate::ratio::Ratio;

/// A NIMService of the microservice that serves any model.
pub(super) fn nim_service(work: &Workload<'_>) -> Result<Export, Problem> {
    let ask = Ask::of(work, work.devices())?;
    let image = work.wish.image.as_deref().unwrap_or("nvcr.io/nim/nvidia/llm-nim:latest");
    let (repository, tag) = image.rsplit_once(':').unwrap_or((image, "latest"));
    let env = |name: &str, value: String| Map::new().with("name", name).with("value", value);
    let spec = Map::new()
        .with(
            "image",
            Map::new().with("repository", repository).with("tag", tag).with("pullSecrets", vec!["ngc"]),
        )
        .with("authSecret", "ngc-api")
        .with("replicas", work.wish.replicas)
        .with_some("schedulerName", work.wish.scheduler.as_deref())
        .with_any("annotations", annotations(&ask))
        .with(
            "env",
            vec![
                env("NIM_MODEL_NAME", format!("hf://{}", work.id)),
                env("NIM_MAX_MODEL_LEN", work.max_model_len.to_string()),
            ],
        );
    let spec = placing(spec, work, &ask);
    let spec = match &ask.template {
        Some(template) => {
            let claim = Map::new().with("resourceClaimTemplateName", template.as_str());
            spec.with("draResources", vec![claim])
        }
        None => spec.with("resources", resources(&ask)),
    };
    let service = Map::new().with("type", "ClusterIP").with("port", PORT);
    let spec = spec.with("expose", Map::new().with("service", service));
    let main = object("apps.nvidia.com/v1alpha1", "NIMService", queued(metadata(&work.name, work), work))
        .with("spec", spec);
    let mut notes = work.notes();
    notes.extend(ask.notes);
    notes.push(
        "a NIM chooses its own profile of the model; pin NIM_MODEL_PROFILE where that asks for whole GPUs"
            .to_owned(),
    );
    notes.push("image and secrets are those of NGC; name the tag that you have tested".to_owned());
    Ok(Export::documents("nimservice", ask.beside.into_iter().chain([main.into()]).collect(), notes))
}

/// A KAITO Workspace on nodes that stand already, and what its engine is told.
pub(super) fn kaito_workspace(work: &Workload<'_>) -> Result<Export, Problem> {
    needs_vllm(work, "KAITO")?;
    refuse(work, "a Workspace", &[("pipeline_parallel", work.serving.pipeline_parallel)])?;
    let config = format!("{}-engine", work.name);
    let partition = match work.device.profile {
        Some(profile) => Map::new().with("mode", "mig").with("profile", profile.name.to_string()),
        None => Map::new().with("mode", "accelerator").with("count", work.devices()),
    };
    let labels = match &work.wish.card_label {
        Some(label) => vec![label.clone()],
        None => product_labels(work.device.gpu),
    };
    let selector = match labels.as_slice() {
        [] => Map::new().with("matchLabels", Map::new().with("apps", work.name.as_str())),
        [label] => Map::new().with("matchLabels", Map::new().with(PRODUCT, label.as_str())),
        several => {
            let wanted =
                Map::new().with("key", PRODUCT).with("operator", "In").with("values", several.to_vec());
            Map::new().with("matchExpressions", vec![wanted])
        }
    };
    let preset = work.id.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let inference =
        Map::new().with("preset", Map::new().with("name", preset)).with("config", config.as_str());
    let main = object("kaito.sh/v1beta1", "Workspace", queued(metadata(&work.name, work), work))
        .with("resource", Map::new().with("labelSelector", selector).with("partition", partition))
        .with("inference", inference);
    let flags = work.launch();
    let told = flags.settings().fold(Map::new(), |map, flag| {
        let value = if flag.value.is_empty() { Tree::from(true) } else { scalar(&flag.value) };
        map.with(flag.name.trim_start_matches('-'), value)
    });
    let text = yaml(&Map::new().with("vllm", told).into())?;
    let beside = object("v1", "ConfigMap", metadata(&config, work))
        .with("data", Map::new().with("inference_config.yaml", text));
    let mut notes = work.notes();
    notes.push("the preset must be one that KAITO knows; slices need its feature gate enableMIG".to_owned());
    if work.wish.replicas > 1 {
        notes.push("a Workspace is one copy: an InferenceSet makes several".to_owned());
    }
    Ok(Export::documents("kaito-workspace", vec![beside.into(), main.into()], notes))
}

/// A number as a number, anything else as text.
fn scalar(text: &str) -> Tree {
    let share = || text.parse::<Ratio>().map_or_else(|_| Tree::from(text), Tree::from);
    text.parse::<u64>().map_or_else(|_| share(), Tree::from)
}

/// A ModelDeployment of Modelplane: the condition on devices, and the engine.
pub(super) fn model_deployment(work: &Workload<'_>) -> Result<Export, Problem> {
    refuse(work, "a ModelDeployment", &[("pipeline_parallel", work.serving.pipeline_parallel)])?;
    if work.wish.replicas > 10 {
        let replicas = work.wish.replicas.to_string();
        return Err(Problem::new("bad-setting", "replicas", replicas, "at most 10 for a ModelDeployment"));
    }
    let condition = match work.wish.dialect {
        Dialect::DraCapacity | Dialect::DraFirstAvailable => by_capacity(work),
        _ => by_name(&work.device),
    };
    let device = Map::new()
        .with("name", "gpu")
        .with("count", work.devices())
        .with("selectors", vec![Map::new().with("cel", condition)]);
    let launch = work.launch();
    let args: Vec<Tree> = launch.flags.iter().map(Tree::from).collect();
    let container = Map::new()
        .with("name", "engine")
        .with("image", launch.image)
        .with_any("command", launch.command)
        .with("args", args);
    let member = Map::new()
        .with("role", "Standalone")
        .with("nodeSelector", Map::new().with("devices", vec![device]))
        .with("template", Map::new().with("spec", Map::new().with("containers", vec![container])));
    let engine = Map::new().with("name", "main").with("members", vec![member]);
    let template = Map::new().with(
        "spec",
        Map::new().with("serving", Map::new().with("mode", "Unified")).with("engines", vec![engine]),
    );
    let main = object("modelplane.ai/v1alpha1", "ModelDeployment", metadata(&work.name, work))
        .with("spec", Map::new().with("replicas", work.wish.replicas).with("template", template));
    let mut notes = work.notes();
    notes.push(
        "Modelplane's scheduler charges a whole node for each pod (its issue 172), whatever the slice"
            .to_owned(),
    );
    Ok(Export::documents("modelplane-modeldeployment", vec![main.into()], notes))
}

/// Values for the Helm chart of vLLM's production stack.
pub(super) fn production_stack(work: &Workload<'_>) -> Result<Export, Problem> {
    needs_vllm(work, "the production stack")?;
    let Ask { resources, labels, .. } = Ask::of(work, work.devices())?;
    let [(resource, amount, _)] = resources.as_slice() else {
        let expected = "a dialect with one resource: mixed, single, gke, aks or dra-extended";
        let found = format!("`{}`", work.wish.dialect.id());
        return Err(Problem::new("bad-setting", "spelling", found, expected));
    };
    let launch = work.launch();
    let (repository, tag) = launch.image.rsplit_once(':').unwrap_or((&launch.image, "latest"));
    let own = [
        "--max-model-len",
        "--tensor-parallel-size",
        "--dtype",
        "--max-num-seqs",
        "--gpu-memory-utilization",
    ];
    let value = |name: &str| launch.settings().find(|flag| flag.name == name).map(|flag| scalar(&flag.value));
    let rest: Vec<String> =
        launch.settings().filter(|flag| !own.contains(&flag.name)).map(Flag::text).collect();
    let config = Map::new()
        .with_some("maxModelLen", value("--max-model-len"))
        .with_some("dtype", value("--dtype"))
        .with_some("tensorParallelSize", value("--tensor-parallel-size"))
        .with_some("maxNumSeqs", value("--max-num-seqs"))
        .with_some("gpuMemoryUtilization", value("--gpu-memory-utilization"))
        .with_any("extraArgs", rest);
    let expressions: Vec<Map> = labels
        .iter()
        .map(|(label, values)| {
            Map::new().with("key", *label).with("operator", "In").with("values", values.clone())
        })
        .collect();
    let terms = if expressions.is_empty() {
        Vec::new()
    } else {
        vec![Map::new().with("matchExpressions", expressions)]
    };
    let model = Map::new()
        .with("name", work.name.as_str())
        .with("repository", repository)
        .with("tag", tag)
        .with("modelURL", work.id.as_str())
        .with("replicaCount", work.wish.replicas)
        .with("requestCPU", Tree::from(4).why("cores and host memory are not worked out: adjust"))
        .with("requestMemory", "16Gi")
        .with("requestGPU", scalar(amount))
        .with("requestGPUType", resource.as_str())
        .with("vllmConfig", config)
        .with_any("nodeSelectorTerms", terms)
        .with("tolerations", vec![toleration(work)]);
    let engines =
        Map::new().with_some("schedulerName", work.wish.scheduler.as_deref()).with("modelSpec", vec![model]);
    let values = Map::new().with("servingEngineSpec", engines);
    Ok(Export::documents("production-stack-values", vec![values.into()], work.notes()))
}

/// Values for the Helm chart of Ollama.
pub(super) fn ollama(work: &Workload<'_>) -> Result<Export, Problem> {
    let ask = Ask::of(work, work.devices())?;
    let gpu = match (work.wish.dialect, work.device.profile) {
        (Dialect::Mixed | Dialect::Aks | Dialect::DraExtended, Some(profile)) => {
            let devices = Map::new().with(profile.name.to_string().replace('+', "."), 1);
            Map::new().with("mig", Map::new().with("enabled", true).with("devices", devices))
        }
        (Dialect::Mixed | Dialect::Aks | Dialect::Single | Dialect::Gke | Dialect::DraExtended, _) => {
            Map::new().with("number", work.devices()).with("nvidiaResource", "nvidia.com/gpu")
        }
        (dialect, _) => {
            let expected = "mixed, single, gke, aks or dra-extended: the chart makes claims of its own";
            return Err(Problem::new("bad-setting", "spelling", format!("`{}`", dialect.id()), expected));
        }
    };
    let gpu = gpu
        .entries()
        .iter()
        .fold(Map::new().with("enabled", true).with("type", "nvidia"), |map, (name, value)| {
            map.with(name.as_str(), value.clone())
        });
    let tag = format!("hf.co/{}", work.id);
    let models = Map::new().with("pull", vec![tag.as_str()]).with("run", vec![tag.as_str()]);
    let env = |name: &str, value: u64| Map::new().with("name", name).with("value", value.to_string());
    let values = Map::new()
        .with("replicaCount", work.wish.replicas)
        .with("ollama", Map::new().with("gpu", gpu).with("models", models))
        .with(
            "extraEnv",
            vec![
                env("OLLAMA_CONTEXT_LENGTH", work.max_model_len),
                env("OLLAMA_NUM_PARALLEL", work.serving.sequences),
            ],
        );
    let mut notes = work.notes();
    notes.push(format!(
        "reckoned for {}: Ollama packs weights and cache in its own way; the model must be a GGUF of its registry or of \
         Hugging Face",
        work.engine.name
    ));
    let values = placing(values, work, &ask);
    Ok(Export::documents("ollama-values", vec![values.into()], notes))
}

/// A ResourceClaimTemplate on its own.
pub(super) fn claim_template(work: &Workload<'_>) -> Result<Export, Problem> {
    let dialect = if work.wish.dialect.claims() { work.wish.dialect } else { Dialect::DraFirstAvailable };
    let mut own = work.clone();
    own.wish.dialect = dialect;
    let ask = Ask::of(&own, own.devices())?;
    Ok(Export::documents("resourceclaimtemplate", ask.beside, work.notes()))
}
