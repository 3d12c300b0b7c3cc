//! How a checkpoint packs its weights: which modules, at how many bits, with which scales.

mod compressed_tensors;
mod expression;
mod modelopt;
mod names;
mod others;
mod packing;
mod presets;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use names::Names;
pub use packing::{Grouping, Packing};
pub use presets::{PRESETS, Preset, preset};
pub use read::{KNOWN, read, read_side_file};

use super::{DType, Group, Module, Weight};

/// Which groups of modules a method packs unless its lists say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Every matrix but routers and the output matrix.
    Linear,
    /// As `Linear`, the output matrix too.
    LinearAndHead,
    /// Matrices of the language model's layers; towers and projectors stay.
    Language,
    /// Routed experts alone.
    Experts,
    /// Every matrix and table, routers aside (GGUF).
    Everything,
}

impl Scope {
    const fn takes(self, group: Group) -> bool {
        match group {
            Group::Router | Group::Norms => false,
            Group::Embeddings | Group::TaskHead => matches!(self, Scope::Everything),
            Group::LmHead => matches!(self, Scope::LinearAndHead | Scope::Everything),
            Group::RoutedExperts => true,
            Group::VisionTower | Group::AudioTower | Group::Projector => {
                matches!(self, Scope::Linear | Scope::LinearAndHead | Scope::Everything)
            }
            Group::Attention
            | Group::DenseMlp
            | Group::SharedExperts
            | Group::RecurrentMixers
            | Group::Mtp => !matches!(self, Scope::Experts),
        }
    }
}

/// One rule: how the modules that it names are packed; `None` leaves them as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The modules, `None` for every one in scope.
    pub names: Option<Names>,
    /// Their packing.
    pub packing: Option<Packing>,
}

/// How a checkpoint, or an engine on loading, packs weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantization {
    /// What a reader calls it: `fp8, blocks of 128 x 128`.
    pub method: Cow<'static, str>,
    /// What stays as it is.
    pub keep: Names,
    /// The first rule that names a module decides.
    pub rules: Vec<Rule>,
    /// Which groups are in scope of rules without names.
    pub scope: Scope,
    /// The format that the checkpoint asks for its cache.
    pub kv_cache: Option<DType>,
}

impl Quantization {
    /// A method with one packing for everything in `scope` but `keep`.
    #[must_use]
    pub fn uniform(
        method: impl Into<Cow<'static, str>>,
        scope: Scope,
        keep: Names,
        packing: Packing,
    ) -> Quantization {
        let rules = vec![Rule { names: None, packing: Some(packing) }];
        Quantization { method: method.into(), keep, rules, scope, kv_cache: None }
    }

    /// How the module called `name` is packed; `None` where it stays as it is.
    #[must_use]
    pub fn packing(&self, name: &str, module: &Module) -> Option<&Packing> {
        let matrix = match module.weight {
            Weight::Linear { .. } => true,
            Weight::Embedding { .. } => self.scope == Scope::Everything,
            Weight::Plain { .. } => false,
        };
        if !matrix || self.keep.cover(name) {
            return None;
        }
        let in_scope = self.scope.takes(module.group);
        let rule = self.rules.iter().find(|rule| match &rule.names {
            Some(names) => names.cover(name),
            None => in_scope,
        })?;
        rule.packing.as_ref()
    }

    /// Whether the answer can differ between layers of one block.
    #[must_use]
    pub fn by_layer(&self) -> bool {
        !self.keep.is_empty() || self.rules.iter().any(|rule| rule.names.is_some())
    }
}
