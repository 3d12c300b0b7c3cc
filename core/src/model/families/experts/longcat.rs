//! LongCat-Flash: two latent attention layers and two dense layers around one mixture, of which some experts do nothing.
//!
//! Source: transformers `modeling_longcat_flash.py`.

use super::latent::Latent;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::modules::{Block, Group, Split, Weight};
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = Latent { query: text.count("qk_head_dim")?, ..Latent::read(text)? };
    let hidden = attention.hidden;
    let layers = match text.written("num_layers") {
        Some((name, _)) => text.need(name)?,
        None => text.need("num_hidden_layers")?,
    };
    let mlp = Mlp::gated(hidden, text.need("intermediate_size")?);
    let mixture = Mixture {
        hidden,
        width: text.need("moe_intermediate_size")?,
        experts: text.need("num_experts")?,
        idle: text.count_or("zero_expert_num", 0)?,
        per_token: text.need("num_experts_per_tok")?,
    };
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, hidden, config.tied()?);
    let dims = &mut builder.dims;
    dims.hidden_size = hidden;
    dims.layers = layers;
    (dims.heads, dims.kv_heads, dims.head_dim) =
        (attention.heads, attention.heads, attention.nope + attention.rope);
    dims.intermediate_size = mlp.width.max(mixture.width.saturating_mul(mixture.per_token));
    builder.layers(
        "model.layers",
        layers,
        |_| Ok(()),
        |(), block| {
            mixture.add(block);
            for half in ["0", "1"] {
                attention.add(block, &format!("self_attn.{half}"));
                mlp.add(block, &format!("mlps.{half}"), Group::DenseMlp);
                block.norm(format!("input_layernorm.{half}"), hidden);
                block.norm(format!("post_attention_layernorm.{half}"), hidden);
            }
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", hidden));
    if mixture.idle > 0 {
        builder.assume(
            "idle-experts",
            format!(
                "the {} experts that do nothing are counted with the matrices that the reference implementation gives \
                 them; checkpoints leave them out",
                mixture.idle
            ),
        );
    }
    Ok(())
}

/// Experts that work and experts that pass their input on.
struct Mixture {
    hidden: u64,
    width: u64,
    experts: u64,
    idle: u64,
    per_token: u64,
}

impl Mixture {
    fn add(&self, block: &mut Block) {
        let all = self.experts + self.idle;
        block.linear("mlp.router.classifier", Group::Router, (self.hidden, all), false, Split::Replicated);
        let active = self.per_token.min(all);
        let inward = Weight::Linear { inputs: self.hidden, outputs: self.width * 2, bias: false };
        let outward = Weight::Linear { inputs: self.width, outputs: self.hidden, bias: false };
        let group = Group::RoutedExperts;
        block.push_copies("mlp.experts.*.gate_up_proj", group, inward, Split::Columns, all, active);
        let active = self.per_token.min(self.experts);
        block.push_copies("mlp.experts.*.down_proj", group, outward, Split::Rows, self.experts, active);
    }
}
