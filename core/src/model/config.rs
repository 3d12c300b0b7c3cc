//! From the text of a `config.json` to a [`Model`].

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::build::Builder;
use super::fields::{Defaulted, Fields};
use super::heads::Head;
use super::{
    Assumption, DType, Model, Task, class_defaults, context, families, json, parameters, quantization, rotary,
};
use crate::problem::Problem;

/// The largest number of parameters that is believed, 2^56.
const MAX_PARAMETERS: u64 = 1 << 56;

/// Where a config keeps its language model, when not at the top.
const TEXT_PARTS: [&str; 4] = ["text_config", "llm_config", "language_config", "thinker_config"];

/// Classes that tie where their language model does, whatever the top level says.
///
/// Source: transformers `configuration_*.py` of these classes; `llava-hf/llava-onevision-qwen2-0.5b-ov-hf` as published.
const TEXT_TIES: [&str; 15] = [
    "fast_vlm",
    "glm4v",
    "glm4v_moe",
    "glm_ocr",
    "hunyuan_vl",
    "kosmos-2",
    "llava",
    "llava_next_video",
    "llava_onevision",
    "minimax_m3_vl",
    "paddleocr_vl",
    "qwen2_5_vl",
    "qwen2_vl",
    "shieldgemma2",
    "video_llama_3",
];

/// Classes around a language model with a class of its own, which alone decides whether it ties.
///
/// Source: transformers `modeling_*.py` of these classes.
const TEXT_DECIDES: [&str; 6] =
    ["blip-2", "instructblip", "instructblipvideo", "kosmos-2.5", "llama4", "vibevoice"];

/// Larger models that have an output matrix of their own whatever the file says.
///
/// Source: transformers `modeling_*.py` of these classes, which name no tied weights.
const NEVER_TIES: [&str; 10] = [
    "audioflamingo3",
    "cosmos3_edge",
    "inkling2",
    "inkling_mm_model",
    "muse_spark",
    "musicflamingo",
    "pp_formulanet",
    "qwen2_audio",
    "vibevoice_asr",
    "voxtral",
];

/// Larger models of which the language model decides where the top level says nothing.
///
/// Source: transformers `configuration_*.py` of these classes.
const SILENT_TIES: [&str; 2] = ["perception_lm", "shieldgemma2"];

/// A config whose parts have been found.
#[derive(Debug)]
pub struct Config<'a> {
    /// The top level.
    pub root: Fields<'a>,
    /// The language model: a nested part, or the top level itself.
    pub text: Fields<'a>,
    /// First of `architectures`, empty where there is none.
    pub architecture: String,
    /// `model_type` of the top level.
    pub model_type: String,
}

impl Config<'_> {
    /// Whether the output matrix is the input embedding.
    ///
    /// The top level decides: its field, else the default of its class. Where the class is unknown the language model's
    /// field does. A few classes tie where the language model does, whatever the top level says.
    ///
    /// # Errors
    /// `bad-field`.
    pub fn tied(&self) -> Result<bool, Problem> {
        let name = "tie_word_embeddings";
        if let Some(thinker) = self.root.part("thinker_config", "")
            && thinker.has(name)
        {
            return thinker.flag(name, false);
        }
        if NEVER_TIES.contains(&self.model_type.as_str()) {
            return Ok(false);
        }
        let silent = SILENT_TIES.contains(&self.model_type.as_str()) && !self.root.has(name);
        if silent || TEXT_DECIDES.contains(&self.model_type.as_str()) {
            return self.text.flag(name, false);
        }
        if TEXT_TIES.contains(&self.model_type.as_str()) && self.text.flag(name, false)? {
            Ok(true)
        } else if self.root.has(name) || class_defaults::has_class(self.root.class()) {
            self.root.flag(name, false)
        } else {
            self.text.flag(name, false)
        }
    }
}

/// Reads the text of a `config.json`.
///
/// # Errors
/// One message that names the first field that cannot be used: `not-json`, `not-an-object`, `too-large`,
/// `missing-field`, `bad-field`, `unknown-architecture` or `not-a-model`.
pub fn read(text: &str) -> Result<Model, Problem> {
    read_object(&json::object("config.json", text)?)
}

/// As [`read`], for a config that has been parsed.
///
/// # Errors
/// As [`read`].
pub fn read_object(map: &Map<String, Value>) -> Result<Model, Problem> {
    let defaulted = RefCell::new(Vec::new());
    let architecture = architecture(map)?;
    let written = word(map, "model_type")?.filter(|name| !name.is_empty());
    let class = if written.is_none() { families::class_of(&architecture) } else { None };
    let model_type = written.or_else(|| class.map(str::to_owned)).unwrap_or_default();
    let root = Fields::new(map, &model_type, &defaulted);
    let config = Config { text: text_part(&root), architecture, model_type, root };
    let mut builder = Builder::new(Head::of(&config.architecture, &config.root)?);
    if let Some(class) = class {
        builder.assume(
            "no-model-type",
            format!("model_type is absent: read as {class:?}, to which {} belongs", config.architecture),
        );
    }
    let known = families::build(&config, &mut builder)?;
    if !config.text.flag("is_causal", true)? {
        read_both_ways(&mut builder);
    }
    let stored = stored_dtype(&config)?;
    served_note(stored, &mut builder);
    let model = Model {
        context: context::of(&config)?,
        rotary: rotary::of(&config, &builder.dims)?,
        stored_dtype: stored,
        quantization: quantization::read(map)?,
        known,
        task: builder.task,
        dims: builder.dims,
        assumptions: assumptions(builder.assumptions, &defaulted.borrow()),
        blocks: builder.blocks,
        architecture: config.architecture,
        model_type: config.model_type,
    };
    if parameters::exceed(&model, MAX_PARAMETERS) {
        return Err(Problem::new(
            "bad-field",
            "config.json",
            "a model of more than 2^56 parameters",
            "the dimensions of a real model",
        ));
    }
    Ok(model)
}

fn word(map: &Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(Problem::new("bad-field", name, json::kind(other), "a text")),
    }
}

fn architecture(map: &Map<String, Value>) -> Result<String, Problem> {
    match map.get("architectures") {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::Array(list)) => Ok(list.first().and_then(Value::as_str).unwrap_or_default().to_owned()),
        Some(other) => {
            Err(Problem::new("bad-field", "architectures", json::kind(other), "a list of class names"))
        }
    }
}

/// The nested language model. Qwen-Omni nests twice: `thinker_config.text_config`.
fn text_part<'a>(root: &Fields<'a>) -> Fields<'a> {
    let class = format!("{}_text", root.class());
    let part = |fields: &Fields<'a>| TEXT_PARTS.iter().find_map(|name| fields.part(name, &class));
    match part(root) {
        Some(text) => part(&text).unwrap_or(text),
        None => root.clone(),
    }
}

fn stored_dtype(config: &Config) -> Result<Option<DType>, Problem> {
    for fields in [&config.root, &config.text] {
        let Some((name, Value::String(text))) = fields.written("dtype") else {
            continue;
        };
        if text == "auto" {
            continue;
        }
        return match DType::parse(text) {
            Some(dtype) => Ok(Some(dtype)),
            None => Err(fields.bad(name, format!("{text:?}"), "a number format such as bfloat16".to_owned())),
        };
    }
    Ok(None)
}

/// Engines widen nothing and cast what is wider than 16 bits; a reader who trusts the file would expect twice the bytes.
fn served_note(stored: Option<DType>, builder: &mut Builder) {
    match stored {
        Some(dtype) if dtype.served() != dtype => builder.assume(
            "served-at-16-bits",
            format!("the checkpoint is {dtype}; engines serve it as {}, at half the bytes", dtype.served()),
        ),
        Some(_) => {}
        None => builder.assume("served-at-16-bits", "the file names no number format; taken as bfloat16"),
    }
}

/// A decoder that reads both ways is an embedding model: nothing it computed for a token stays valid.
fn read_both_ways(builder: &mut Builder) {
    builder.task = Task::Embed;
    for block in &mut builder.blocks {
        block.caches.clear();
    }
}

fn assumptions(mut found: Vec<Assumption>, defaulted: &[Defaulted]) -> Vec<Assumption> {
    found.extend(defaulted.iter().map(|default| Assumption {
        code: "class-default".into(),
        text: format!("{} is absent: {} by the defaults of {}", default.field, default.value, default.class),
    }));
    found
}
