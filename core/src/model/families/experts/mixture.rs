//! A mixture of experts: the router, the routed experts, and those that every token passes.

use crate::model::feed_forward::{Experts, Mlp};
use crate::model::fields::Fields;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

/// How the matrices of routed experts are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Matrices {
    /// Every expert by itself: gate, up and down.
    Each(&'static str, [&'static str; 3]),
    /// One tensor for gate and up of all experts, one for down.
    Fused(&'static str, [&'static str; 2]),
}

/// Names of the parts of a mixture within a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Names {
    pub(super) router: &'static str,
    pub(super) matrices: Matrices,
    pub(super) shared: &'static str,
    /// Names of the shared expert's matrices where gate and up are one.
    pub(super) shared_parts: Option<[&'static str; 2]>,
}

const LLAMA: [&str; 3] = ["gate_proj", "up_proj", "down_proj"];
const MIXTRAL: [&str; 3] = ["w1", "w3", "w2"];

/// `<path>.3.gate_proj` and so on.
pub(super) const fn matrices(path: &'static str) -> Matrices {
    Matrices::Each(path, LLAMA)
}

/// `mlp.experts.3.gate_proj`, as most checkpoints name it.
pub(super) const USUAL: Names = Names {
    router: "mlp.gate",
    matrices: Matrices::Each("mlp.experts", LLAMA),
    shared: "mlp.shared_experts",
    shared_parts: None,
};
/// As [`USUAL`], with one shared expert.
pub(super) const QWEN: Names = Names { shared: "mlp.shared_expert", ..USUAL };
/// As [`QWEN`], with the experts in one tensor.
pub(super) const QWEN_FUSED: Names =
    Names { matrices: Matrices::Fused("mlp.experts", ["gate_up_proj", "down_proj"]), ..QWEN };
/// `block_sparse_moe.experts.3.w1`.
pub(super) const SPARSE_BLOCK: Names = Names {
    router: "block_sparse_moe.gate",
    matrices: Matrices::Each("block_sparse_moe.experts", MIXTRAL),
    shared: "block_sparse_moe.shared_experts",
    shared_parts: None,
};
/// gpt-oss.
pub(super) const GPT_OSS: Names = Names { router: "mlp.router", ..QWEN_FUSED };
/// Granite.
pub(super) const GRANITE: Names = Names {
    router: "block_sparse_moe.router.layer",
    matrices: Matrices::Fused("block_sparse_moe", ["input_linear", "output_linear"]),
    shared: "shared_mlp",
    shared_parts: Some(["input_linear", "output_linear"]),
};
/// Llama 4.
pub(super) const LLAMA4: Names = Names {
    router: "feed_forward.router",
    matrices: Matrices::Fused("feed_forward.experts", ["gate_up_proj", "down_proj"]),
    shared: "feed_forward.shared_expert",
    shared_parts: None,
};
/// Step.
pub(super) const STEP: Names = Names {
    router: "moe.gate",
    matrices: Matrices::Fused("moe", ["gate_up_proj", "down_proj"]),
    shared: "share_expert",
    shared_parts: None,
};
/// Hunyuan.
pub(super) const HUNYUAN: Names = Names { router: "mlp.gate.wg", shared: "mlp.shared_mlp", ..USUAL };
/// Aria.
pub(super) const ARIA: Names = Names {
    router: "mlp.router",
    matrices: Matrices::Fused("mlp.experts", ["fc1", "fc2"]),
    shared: "mlp.shared_experts",
    shared_parts: None,
};
/// AFMoE.
pub(super) const AFMOE: Names = Names { router: "mlp.router.gate", ..USUAL };
/// DBRX.
pub(super) const DBRX: Names = Names {
    router: "ffn.router.layer",
    matrices: Matrices::Each("ffn.experts.mlp", ["w1", "v1", "w2"]),
    shared: "",
    shared_parts: None,
};
/// JetMoE.
pub(super) const JETMOE: Names = Names {
    router: "mlp.router.layer",
    matrices: Matrices::Fused("mlp", ["input_linear", "output_linear"]),
    shared: "",
    shared_parts: None,
};

/// A mixture of experts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mixture {
    pub(super) experts: Experts,
    pub(super) names: &'static Names,
    /// Whether the routed experts have biases.
    pub(super) expert_bias: bool,
    /// Whether the router has a bias.
    pub(super) router_bias: bool,
    /// A parameter of one element per expert that corrects the router's choice, by name.
    pub(super) correction: Option<&'static str>,
    /// What every token passes beside the chosen experts.
    pub(super) shared: Option<Mlp>,
    /// The width that the router reads where the experts work in another one.
    pub(super) routed_from: Option<u64>,
    /// The width that the router's first layer yields where it has more layers.
    pub(super) routed_to: Option<u64>,
    /// Whether one more output of the layer weighs the shared expert.
    pub(super) shared_gate: bool,
}

/// A gated layer whose gate and up matrices are one.
pub(super) fn add_merged(
    block: &mut Block,
    mlp: &Mlp,
    path: &str,
    [inward, outward]: [&str; 2],
    group: Group,
) {
    let shape = (mlp.hidden, mlp.width * 2);
    block.linear(format!("{path}.{inward}"), group, shape, mlp.bias, Split::Columns);
    let shape = (mlp.width, mlp.hidden);
    block.linear(format!("{path}.{outward}"), group, shape, mlp.bias, Split::Rows);
}

impl Mixture {
    /// A mixture without anything shared, `width` wide experts, their number and choice read from `text`.
    pub(super) fn read(
        text: &Fields,
        layer: u64,
        width: u64,
        names: &'static Names,
    ) -> Result<Mixture, Problem> {
        Mixture::within(text, text.need("hidden_size")?, layer, width, names)
    }

    /// As [`Mixture::read`], where `text` does not say how wide the stream is.
    pub(super) fn within(
        text: &Fields,
        hidden: u64,
        layer: u64,
        width: u64,
        names: &'static Names,
    ) -> Result<Mixture, Problem> {
        let experts = text.count_at("num_experts", layer)?.unwrap_or(0);
        let per_token = text.count_at("num_experts_per_tok", layer)?.unwrap_or(experts);
        Ok(Mixture {
            experts: Experts { hidden, width, experts, per_token, gated: true },
            names,
            expert_bias: false,
            router_bias: false,
            correction: None,
            shared: None,
            routed_from: None,
            routed_to: None,
            shared_gate: false,
        })
    }

    /// The width of what one token passes.
    pub(super) fn active_width(&self) -> u64 {
        let chosen = self.experts.width.saturating_mul(self.experts.per_token.min(self.experts.experts));
        chosen.saturating_add(self.shared.map_or(0, |mlp| mlp.width))
    }

    pub(super) fn add(&self, block: &mut Block) {
        let Experts { hidden, width, experts, .. } = self.experts;
        block.linear(
            self.names.router,
            Group::Router,
            (self.routed_from.unwrap_or(hidden), self.routed_to.unwrap_or(experts)),
            self.router_bias,
            Split::Replicated,
        );
        match self.names.matrices {
            Matrices::Each(path, names) => self.experts.add(block, path, names),
            Matrices::Fused(path, [inward, outward]) => {
                let bias = self.expert_bias;
                let weight = Weight::Linear { inputs: hidden, outputs: width * 2, bias };
                self.push(block, format!("{path}.{inward}"), weight, Split::Columns);
                let weight = Weight::Linear { inputs: width, outputs: hidden, bias };
                self.push(block, format!("{path}.{outward}"), weight, Split::Rows);
            }
        }
        if let Some(name) = self.correction {
            block.plain(name, Group::Router, experts);
        }
        if let Some(mlp) = self.shared.filter(|mlp| mlp.width > 0 || mlp.bias) {
            match self.names.shared_parts {
                None => mlp.add(block, self.names.shared, Group::SharedExperts),
                Some(parts) => add_merged(block, &mlp, self.names.shared, parts, Group::SharedExperts),
            }
        }
        if self.shared_gate {
            let path = format!("{}_gate", self.names.shared);
            block.linear(path, Group::SharedExperts, (hidden, 1), false, Split::Replicated);
        }
    }

    fn push(&self, block: &mut Block, path: String, weight: Weight, split: Split) {
        let Experts { experts, per_token, .. } = self.experts;
        let active = per_token.min(experts);
        block.push_copies(path, Group::RoutedExperts, weight, split, experts, active);
    }
}
