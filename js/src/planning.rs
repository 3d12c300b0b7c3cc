//! How to cut a fleet.

use std::collections::BTreeMap;

use migfit::model::Model;
use migfit::planning::{self, Document, unwatched};
use migfit::problem::Problem;
use migfit::{gpu, yaml};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{one, thrown};
use crate::{model, value};

/// Which layouts serve which models on the fewest GPUs, who sits where, and how near to the best that is proved to be.
///
/// The fleet is a file's text or object, as `migfit plan` takes it; models in it are ids of the catalog.
///
/// # Errors
/// A `MigfitError` with everything in the fleet that cannot be used.
#[wasm_bindgen(unchecked_return_type = "Plan")]
pub fn plan(
    #[wasm_bindgen(unchecked_param_type = "string | Record<string, unknown>")] fleet: JsValue,
) -> Result<JsValue, JsValue> {
    let mut read = yaml::documents("fleet", &value::text("fleet", &fleet)?).map_err(one)?.into_iter();
    let (Some(fleet), None) = (read.next(), read.next()) else {
        return Err(one(Problem::new("bad-argument", "fleet", "no document, or several", "one fleet")));
    };
    let document = Document::read(&fleet).map_err(thrown)?;
    let models = models(&document).map_err(thrown)?;
    let fleet = document.fleet(gpu::catalog(), &models).map_err(thrown)?;
    value::give(&planning::plan(&fleet, &mut unwatched).map_err(thrown)?)
}

fn models(document: &Document) -> Result<BTreeMap<String, Model>, Vec<Problem>> {
    let (mut models, mut problems) = (BTreeMap::new(), Vec::new());
    for name in document.models() {
        match model::of_text(name) {
            Ok(model) => _ = models.insert(name.to_owned(), model),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(models) } else { Err(problems) }
}
