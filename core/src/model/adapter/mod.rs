//! Low-rank adapters: from an `adapter_config.json` and its base model to parameters and bytes.
//!
//! An adapter adds to a matrix from `in` to `out` the product of one of `in x r` and one of `r x out`.
//! Source: the configuration and the module search of the PEFT library (`LoraConfig`, `tuners_utils.py`).

mod targets;
#[cfg(test)]
mod tests;

use serde::Serialize;

use self::targets::{Layers, Search};
use super::modules::{Module, Weight};
use super::{DType, Group, Model, json};
use crate::order;
use crate::problem::Problem;
use crate::units::Bytes;

/// The largest rank that is read; published adapters have 4 to 1024.
const MAX_RANK: u64 = 1 << 16;

/// A low-rank adapter, before it is known for which modules of a model it stands.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// The model that the file names, empty where it names none.
    pub base_model: String,
    /// The rank of a module that `rank_pattern` does not name.
    pub rank: u64,
    targets: Search,
    excluded: Search,
    saved: Search,
    ranks: Vec<(Search, u64)>,
    layers: Layers,
    magnitudes: bool,
    low_rank_bias: bool,
    biases: Biases,
}

/// Which biases of the base model the adapter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Biases {
    None,
    Adapted,
    All,
}

/// What an adapter holds for one model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AdapterSize {
    /// Modules that it changes.
    pub modules: u64,
    /// The largest rank; an engine must be started with at least this one.
    pub rank: u64,
    /// Elements of the low-rank matrices, and of what belongs to them.
    pub parameters: u64,
    /// Elements of modules that are stored whole (`modules_to_save`) and of biases.
    pub whole: u64,
}

impl AdapterSize {
    /// Bytes in `dtype`, in the file and, without an engine's slots, in memory.
    #[must_use]
    pub fn bytes(self, dtype: DType) -> Bytes {
        let elements = u128::from(self.parameters) + u128::from(self.whole);
        Bytes::saturating(elements * u128::from(dtype.bits()) / 8)
    }
}

impl Adapter {
    /// Reads the text of an `adapter_config.json`.
    ///
    /// # Errors
    /// `not-json`, `not-an-object`, `too-large`; `unknown-adapter` for another kind than LoRA;
    /// `missing-field`, `bad-field`, `bad-pattern`.
    pub fn read(text: &str) -> Result<Adapter, Problem> {
        targets::read(&json::object("adapter_config.json", text)?)
    }

    /// What the adapter holds for `model`.
    ///
    /// # Errors
    /// `no-target` where it names no module of `model`.
    pub fn size(&self, model: &Model) -> Result<AdapterSize, Problem> {
        let mut size = AdapterSize::default();
        for block in &model.blocks {
            for module in &block.modules {
                if block.layers.is_empty() {
                    self.add(module, &join(&block.prefix, None, &module.path), None, &mut size);
                }
                for layer in &block.layers {
                    let name = join(&block.prefix, Some(*layer), &module.path);
                    self.add(module, &name, Some(*layer), &mut size);
                }
            }
        }
        if size.modules == 0 && size.whole == 0 {
            return Err(self.no_target(model));
        }
        Ok(size)
    }

    fn add(&self, module: &Module, name: &str, layer: Option<u32>, size: &mut AdapterSize) {
        if self.saved.covers(name) {
            size.whole = size.whole.saturating_add(fit(module.elements()));
            return;
        }
        let Some((inputs, outputs, bias)) = self.adapted(module, name, layer) else {
            if self.biases == Biases::All {
                size.whole = size.whole.saturating_add(bias_of(module));
            }
            return;
        };
        let rank =
            self.ranks.iter().find(|(search, _)| search.covers(name)).map_or(self.rank, |(_, rank)| *rank);
        let mut elements = u128::from(rank) * (u128::from(inputs) + u128::from(outputs));
        elements += u128::from(outputs) * (u128::from(self.magnitudes) + u128::from(self.low_rank_bias));
        size.modules = size.modules.saturating_add(module.copies);
        size.rank = size.rank.max(rank);
        size.parameters = size.parameters.saturating_add(fit(elements * u128::from(module.copies)));
        if bias && self.biases != Biases::None {
            size.whole = size.whole.saturating_add(bias_of(module));
        }
    }

    /// Inputs, outputs and bias of a module that is adapted.
    fn adapted(&self, module: &Module, name: &str, layer: Option<u32>) -> Option<(u64, u64, bool)> {
        let (inputs, outputs, bias) = match module.weight {
            Weight::Linear { inputs, outputs, bias } => (inputs, outputs, bias),
            Weight::Embedding { rows, width } if !self.targets.is_all_linear() => (rows, width, false),
            Weight::Embedding { .. } | Weight::Plain { .. } => return None,
        };
        let output = matches!(module.group, Group::LmHead | Group::TaskHead);
        let meant = if self.targets.is_all_linear() { !output } else { self.targets.covers(name) };
        (meant && !self.excluded.covers(name) && self.layers.cover(layer)).then_some((inputs, outputs, bias))
    }

    fn no_target(&self, model: &Model) -> Problem {
        let mut names: Vec<&str> = model
            .blocks
            .iter()
            .flat_map(|block| &block.modules)
            .filter(|module| matches!(module.weight, Weight::Linear { .. }))
            .filter_map(|module| module.path.rsplit('.').next())
            .collect();
        order::sort(&mut names);
        names.dedup();
        let found = format!("{}, none of them in this model", self.targets);
        Problem::new("no-target", "target_modules", found, format!("some of {}", names.join(", ")))
            .hint("is this the base model that the adapter was trained for?")
    }
}

const fn bias_of(module: &Module) -> u64 {
    match module.weight {
        Weight::Linear { outputs, bias: true, .. } => outputs.saturating_mul(module.copies),
        Weight::Linear { .. } | Weight::Embedding { .. } | Weight::Plain { .. } => 0,
    }
}

/// The whole name of a module; one expert stands for all.
fn join(prefix: &str, layer: Option<u32>, path: &str) -> String {
    let layer = layer.map(|layer| layer.to_string()).unwrap_or_default();
    let parts = [prefix, &layer, path];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".").replace('*', "0")
}

fn fit(elements: u128) -> u64 {
    u64::try_from(elements).unwrap_or(u64::MAX)
}
