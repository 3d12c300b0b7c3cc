//! What a model is.

use migfit::catalog;
use migfit::inspect;
use migfit::model::{self, Model, quantization};
use migfit::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::one;
use crate::value;

/// A well-known model.
#[derive(Serialize)]
struct Known {
    id: &'static str,
    parameters: Option<u64>,
    source: migfit::source::Source,
}

/// A config beside the file that ModelOpt writes about its quantization.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Sides {
    hf_quant_config: Option<Value>,
}

/// The model that `given` names or is: a text that starts with `{` is a `config.json`, any other an id of the
/// catalog, an object a parsed `config.json`.
pub(crate) fn read(given: &JsValue) -> Result<Model, JsValue> {
    let text = value::text("model", given)?;
    let read = if given.is_string() { of_text(&text) } else { model::read(&text) };
    read.map_err(one)
}

/// As [`read`], for a value inside of another.
pub(crate) fn of(given: &Value) -> Result<Model, Problem> {
    match given {
        Value::String(text) => of_text(text),
        other => model::read(&other.to_string()),
    }
}

/// As [`read`], for a text.
pub(crate) fn of_text(text: &str) -> Result<Model, Problem> {
    if text.trim_start().starts_with('{') {
        return model::read(text);
    }
    catalog::find(text).and_then(|entry| entry.model())
}

/// Parameters by part, bytes of the weights, what is kept per token and per sequence.
///
/// # Errors
/// A `MigfitError` where the model cannot be read.
#[wasm_bindgen(unchecked_return_type = "Inspection")]
pub fn inspect(
    #[wasm_bindgen(unchecked_param_type = "ModelInput")] model: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "InspectOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let sides: Sides = value::take("options", options)?;
    let mut model = read(&model)?;
    if let Some(side) = sides.hf_quant_config.filter(|_| model.quantization.is_none()) {
        model.quantization = Some(quantization::read_side_file(&side.to_string()).map_err(one)?);
    }
    value::give(&inspect::inspect(&model))
}

/// The models that are known by id.
///
/// # Errors
/// None that a caller can cause.
#[wasm_bindgen(unchecked_return_type = "KnownModel[]")]
pub fn models() -> Result<JsValue, JsValue> {
    let known: Vec<Known> = catalog::ids()
        .filter_map(|id| catalog::find(id).ok())
        .map(|entry| Known { id: entry.id, parameters: entry.parameters(), source: entry.source() })
        .collect();
    value::give(&known)
}
