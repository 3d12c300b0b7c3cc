//! Objects and what is found in them, word for word.

mod claims;
mod objects;
mod pools;
mod workloads;

use serde_json::{Map, Value, json};

use super::{Cluster, Config, Context, Known, Review, Subject};
use crate::gpu;

fn map(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

/// The review of an object of a kind that is reviewed.
fn reviewed(object: &Value, context: &Context) -> Review {
    Subject::of(map(object)).unwrap().unwrap().review(map(object), context)
}

/// The verdict, and the findings with severity, id and lines.
fn told(object: &Value, context: &Context) -> String {
    let review = reviewed(object, context);
    let mut lines = vec![review.verdict.map_or("-", super::super::matching::Verdict::word).to_owned()];
    for finding in &review.findings {
        lines.push(format!("{} {}", finding.severity.word(), finding.lint.id()));
        lines.extend(finding.lines());
    }
    lines.join("\n")
}

fn ids(object: &Value, context: &Context) -> Vec<&'static str> {
    reviewed(object, context).findings.iter().map(|finding| finding.lint.id()).collect()
}

/// A pod whose container `main` is this.
fn pod(container: &Value) -> Value {
    let mut container = container.clone();
    container["name"] = json!("main");
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}})
}

/// A container with a vLLM server that asks for so many of `resource`.
fn vllm(resource: &str, count: &str, args: &[&str]) -> Value {
    json!({"image": "vllm/vllm-openai:v0.33.0", "args": args, "resources": {"limits": {resource: count}}})
}

/// The fields of opt-125m.
fn opt() -> Value {
    json!({"architectures": ["OPTForCausalLM"], "model_type": "opt", "hidden_size": 768, "ffn_dim": 3072,
        "num_hidden_layers": 12, "num_attention_heads": 12, "vocab_size": 50272, "word_embed_proj_dim": 768,
        "max_position_embeddings": 2048, "torch_dtype": "float16"})
}

/// A context that knows `config` as `opt`.
fn knowing(config: &Value) -> Context<'_> {
    let known = Known { source: "a test", place: "test".to_owned(), config: Config::Json(config) };
    Context { models: [("opt", known)].into(), ..Context::default() }
}

/// A cluster with these cards.
fn cluster<'a>(names: &[&str]) -> Cluster<'a> {
    Cluster {
        source: "a test",
        gpus: names.iter().map(|name| gpu::find(name).unwrap()).collect(),
        pools: &[],
    }
}
