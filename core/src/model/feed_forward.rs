//! Feed-forward layers: plain, gated, and mixtures of experts.

use super::modules::{Block, Group, Split, Weight};

/// A feed-forward layer that every token passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mlp {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Width inside.
    pub width: u64,
    /// Whether a third matrix gates the first.
    pub gated: bool,
    /// Whether the matrices have biases.
    pub bias: bool,
}

impl Mlp {
    /// A gated layer without biases, as in Llama.
    #[must_use]
    pub const fn gated(hidden: u64, width: u64) -> Mlp {
        Mlp { hidden, width, gated: true, bias: false }
    }

    /// Adds `gate_proj` (where gated), `up_proj` and `down_proj` below `path` to `block`.
    pub fn add(&self, block: &mut Block, path: &str, group: Group) {
        if self.gated {
            block.linear(
                format!("{path}.gate_proj"),
                group,
                (self.hidden, self.width),
                self.bias,
                Split::Columns,
            );
        }
        block.linear(format!("{path}.up_proj"), group, (self.hidden, self.width), self.bias, Split::Columns);
        block.linear(format!("{path}.down_proj"), group, (self.width, self.hidden), self.bias, Split::Rows);
    }
}

/// Routed experts of a mixture and the router that chooses among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Experts {
    /// Width of what experts read and write.
    pub hidden: u64,
    /// Width inside one expert.
    pub width: u64,
    /// Number of experts.
    pub experts: u64,
    /// Experts that one token passes.
    pub per_token: u64,
    /// Whether a third matrix gates the first.
    pub gated: bool,
}

impl Experts {
    /// Adds the matrices of every expert below `path`, each named as in `names`: gate (unused where not gated), up, down.
    pub fn add(&self, block: &mut Block, path: &str, names: [&str; 3]) {
        let [gate, up, down] = names;
        let inward = Weight::Linear { inputs: self.hidden, outputs: self.width, bias: false };
        let outward = Weight::Linear { inputs: self.width, outputs: self.hidden, bias: false };
        if self.gated {
            self.push(block, format!("{path}.*.{gate}"), inward, Split::Columns);
        }
        self.push(block, format!("{path}.*.{up}"), inward, Split::Columns);
        self.push(block, format!("{path}.*.{down}"), outward, Split::Rows);
    }

    /// Adds a router without a bias at `path`.
    pub fn add_router(&self, block: &mut Block, path: impl Into<String>) {
        block.linear(path.into(), Group::Router, (self.hidden, self.experts), false, Split::Replicated);
    }

    fn push(&self, block: &mut Block, path: String, weight: Weight, split: Split) {
        let active = self.per_token.min(self.experts);
        block.push_copies(path, Group::RoutedExperts, weight, split, self.experts, active);
    }
}
