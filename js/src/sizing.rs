//! Whether a model fits, and what would make it fit.

use migfit::engine::{DEFAULT_CONTEXT, Serving};
use migfit::gpu::{self, Device};
use migfit::inspect::{Inspection, inspect};
use migfit::matching::{self, FitReport};
use migfit::model::Model;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::cluster::cards;
use crate::error::{one, thrown};
use crate::{model, value};

/// On what a model is to be judged.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Cards by name; all of the catalog where absent.
    gpus: Option<Vec<String>>,
}

/// As `migfit fit --json` prints it.
#[derive(Serialize)]
struct Answer<'a> {
    model: Inspection,
    serving: &'a Serving,
    #[serde(flatten)]
    fit: FitReport,
}

/// Every GPU and MIG profile with its verdict, need, spare room and reasons: what `migfit fit --json` prints.
///
/// # Errors
/// A `MigfitError` with every setting and name that cannot be used.
#[wasm_bindgen(unchecked_return_type = "FitAnswer")]
pub fn fit(
    #[wasm_bindgen(unchecked_param_type = "ModelInput")] model: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ServingInput")] serving: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "FitOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let model = model::read(&model)?;
    let serving = settings(&model, value::take("serving", serving)?);
    let options: Options = value::take("options", options)?;
    let devices = devices(options.gpus.as_deref())?;
    let fit = matching::fit(&model, &serving, &devices).map_err(thrown)?;
    value::give(&Answer { model: inspect(&model), serving: &serving, fit })
}

/// One device, named like `H100-80GB 3g.40gb`: the need term by term, what is left, how many sequences.
///
/// # Errors
/// A `MigfitError` with every setting and name that cannot be used.
#[wasm_bindgen(unchecked_return_type = "Offer")]
pub fn estimate(
    #[wasm_bindgen(unchecked_param_type = "ModelInput")] model: JsValue,
    device: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "ServingInput")] serving: JsValue,
) -> Result<JsValue, JsValue> {
    let (model, serving, device) = asked(&model, serving, device)?;
    let report = matching::fit(&model, &serving, &[device]).map_err(thrown)?;
    value::give(&report.offers.first())
}

/// What would make a model fit a device, best first, each tried before it is given.
///
/// # Errors
/// A `MigfitError` with every setting and name that cannot be used.
#[wasm_bindgen(unchecked_return_type = "Advice[]")]
pub fn advise(
    #[wasm_bindgen(unchecked_param_type = "ModelInput")] model: JsValue,
    device: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "ServingInput")] serving: JsValue,
) -> Result<JsValue, JsValue> {
    let (model, serving, device) = asked(&model, serving, device)?;
    value::give(&matching::advise(&model, &serving, &device).map_err(thrown)?)
}

/// What a question about one device is about.
fn asked(
    model: &JsValue,
    serving: JsValue,
    device: &str,
) -> Result<(Model, Serving, Device<'static>), JsValue> {
    let model = model::read(model)?;
    let serving = settings(&model, value::take("serving", serving)?);
    Ok((model, serving, gpu::device(device).map_err(one)?))
}

/// With a context where none is asked for.
pub(crate) fn settings(model: &Model, mut serving: Serving) -> Serving {
    serving.max_model_len.get_or_insert(DEFAULT_CONTEXT.min(model.context.tokens));
    serving
}

fn devices(names: Option<&[String]>) -> Result<Vec<Device<'static>>, JsValue> {
    let Some(names) = names else {
        return Ok(gpu::devices().to_vec());
    };
    Ok(cards(names)?.into_iter().flat_map(Device::all_of).collect())
}
