//! Cards, and how they can be cut.

use migfit::gpu::layout::{Layout, Set, maximal};
use migfit::gpu::{self, catalog};
use migfit::problem::Problem;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::one;
use crate::value;

/// Which layouts are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    /// What stands on the card already: `3g.40gb@4, 2x1g.10gb`.
    used: Option<String>,
    /// Which profiles full layouts are made of.
    profiles: Profiles,
    /// Number of the GPU in the commands.
    index: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { used: None, profiles: Profiles::Classic, index: 0 }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Profiles {
    Classic,
    Plain,
    All,
}

/// Every GPU with its MIG profiles, memory, placements and the source of each figure.
///
/// # Errors
/// None that a caller can cause.
#[wasm_bindgen(unchecked_return_type = "Gpu[]")]
pub fn gpus() -> Result<JsValue, JsValue> {
    value::give(&catalog())
}

/// Every full layout of a card, or, with `used`, that layout and what still goes beside it.
///
/// # Errors
/// A `MigfitError` where the card is not known or cannot be cut, or the layout does not stand on it.
#[wasm_bindgen(unchecked_return_type = "LayoutReport[]")]
pub fn layouts(
    gpu: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "LayoutOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let options: Options = value::take("options", options)?;
    let gpu = gpu::find(gpu).map_err(one)?;
    if !gpu.has_mig() {
        let name = gpu.short_name.as_ref();
        return Err(one(Problem::new("no-mig", name, "a GPU that cannot be cut", "a GPU with MIG")));
    }
    let set = match options.profiles {
        Profiles::Classic => Set::Classic,
        Profiles::Plain => Set::Plain,
        Profiles::All => Set::All,
    };
    let layouts = match &options.used {
        Some(used) => vec![Layout::parse(gpu, used).map_err(one)?],
        None => maximal(gpu, set),
    };
    let reports: Vec<_> = layouts.iter().map(|layout| layout.report(options.index)).collect();
    value::give(&reports)
}
