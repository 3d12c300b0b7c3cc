//! Decoders with grouped attention and a mixture of experts, told apart by [`TRAITS`].

use super::decoder::{FRAME, Feed, Frame, Layer, Mixer, decode_within, predicting, speculate};
use super::grouped::{Gate, Grouped, Index};
use super::layers::{Reaches, SparseLayers};
use super::mixture::Mixture;
use super::traits::{Shared, TRAITS, Traits};
use crate::model::attention::{Attention, QkNorm};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::{Block, Group, Split};
use crate::problem::Problem;

/// Builds a class that stands in the table.
pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    match config.text.class() {
        "hunyuan" => build_as(config, "hunyuan_v1_moe", builder),
        class => build_as(config, class, builder),
    }
}

/// Builds the text of `config` as `class`.
pub(super) fn build_as(config: &Config, class: &str, builder: &mut Builder) -> Result<(), Problem> {
    let text =
        &if class == config.text.class() { config.text.clone() } else { config.text.with_class(class) };
    let Some((_, traits)) = TRAITS.iter().find(|(name, _)| *name == class) else {
        return Err(Problem::new(
            "unknown-architecture",
            "model_type",
            format!("{class:?}"),
            "a mixture of experts of a known family",
        ));
    };
    if text.flag("use_cla", false)? || text.flag("use_mla", false)? {
        return Err(text.bad(
            "use_cla",
            "true".to_owned(),
            "layers that each keep their own keys and values".to_owned(),
        ));
    }
    let shape = Shape::read(text, traits)?;
    let reaches = Reaches::read(text, traits.window)?;
    let sparse = SparseLayers::read(text, traits.sparse)?;
    let head_bias = !traits.head_bias.is_empty() && text.flag(traits.head_bias, false)?;
    let frame = Frame { norm_bias: traits.norm_bias, head_bias, ..FRAME };
    let layer = |number: u64| {
        let slides = reaches.word(number)?.is_some_and(|word| word.contains("sliding"));
        let mut mixer = Grouped::new(shape.attention(number, slides)?, reaches.at(number)?);
        mixer.gate = gate(text, traits.gate)?;
        mixer.per_head = traits.per_head;
        if shape.indexed(reaches.word(number)?, number)? {
            mixer.index = Some(shape.index()?);
        }
        let feed = match sparse.at(number)? {
            true => Feed::Mixture(shape.mixture(number)?),
            false => Feed::Dense("mlp", shape.dense()?),
        };
        Ok(Layer { norms: traits.norms, ..Layer::new(Mixer::Grouped(mixer), feed) })
    };
    decode_within(config, text, builder, frame, layer)?;
    let layers = builder.dims.layers;
    if class == "glm4_moe" {
        let stored = predicting(text, "num_nextn_predict_layers", layers)?;
        if !stored.is_empty() {
            let last = layer(layers.saturating_sub(1))?;
            let (hidden, rows) = (builder.dims.hidden_size, builder.dims.vocab_size);
            speculate(builder, "model.layers", stored, &last, |block| next_token(block, hidden, Some(rows)));
        }
    }
    Ok(())
}

/// A gate for each head unless `gating` says otherwise; then one for each element.
fn gate(text: &Fields, usual: Gate) -> Result<Gate, Problem> {
    let heads = match text.value("gating") {
        Some(serde_json::Value::String(word)) => word == "per-head",
        _ => text.flag("gating", true)?,
    };
    Ok(match usual {
        Gate::Heads(name) if !heads => Gate::Elements(name),
        usual => usual,
    })
}

/// What a layer that predicts one token more has beside an ordinary layer; `rows`: with its own vocabulary.
///
/// Source: DeepSeek-V3 and GLM-4.5 checkpoints, vLLM `deepseek_mtp.py`.
pub(super) fn next_token(block: &mut Block, hidden: u64, rows: Option<u64>) {
    for norm in ["enorm", "hnorm", "shared_head.norm"] {
        block.norm(norm, hidden);
    }
    block.linear("eh_proj", Group::Mtp, (hidden * 2, hidden), false, Split::Replicated);
    if let Some(rows) = rows {
        for name in ["embed_tokens", "shared_head.head"] {
            block.linear(name, Group::Mtp, (hidden, rows), false, Split::Vocabulary);
        }
    }
}

/// Widths that layers share, read on demand.
struct Shape<'a> {
    text: &'a Fields<'a>,
    traits: &'a Traits,
    attention: Attention,
    mlp_bias: bool,
}

impl<'a> Shape<'a> {
    fn read(text: &'a Fields<'a>, traits: &'a Traits) -> Result<Shape<'a>, Problem> {
        let any = |fields: &[&str]| -> Result<bool, Problem> {
            fields.iter().try_fold(false, |found, field| Ok(found || text.flag(field, false)?))
        };
        let normed = traits.qk_norm_field.is_empty() || text.flag(traits.qk_norm_field, false)?;
        let attention = Attention {
            qkv_bias: any(traits.qkv_bias)?,
            out_bias: any(traits.out_bias)?,
            qk_norm: if normed { traits.qk_norm } else { QkNorm::None },
            ..Attention::read(text)?
        };
        let attention = match attention.hidden / attention.heads {
            head_dim if traits.divided && head_dim > 0 => {
                Attention { head_dim, value_dim: head_dim, ..attention }
            }
            _ => attention,
        };
        let mlp_bias = !traits.mlp_bias.is_empty() && text.flag(traits.mlp_bias, false)?;
        Ok(Shape { text, traits, attention, mlp_bias })
    }

    /// The attention of a layer; Laguna's and Step's layers differ in their number of heads.
    fn attention(&self, layer: u64, slides: bool) -> Result<Attention, Problem> {
        let text = self.text;
        let field = "num_attention_heads_per_layer";
        let heads = match text.part("attention_other_setting", "") {
            _ if text.has(field) => text.count_at(field, layer)?,
            _ if slides && text.has("num_sliding_attention_heads") => {
                text.count("num_sliding_attention_heads")?
            }
            Some(other) if slides => other.count("num_attention_heads")?,
            _ => None,
        };
        Ok(Attention { heads: heads.unwrap_or(self.attention.heads), ..self.attention })
    }

    /// Whether a layer chooses the tokens that it reads (MiniMax-M3), by its word or by a list in an object apart.
    fn indexed(&self, word: Option<&str>, layer: u64) -> Result<bool, Problem> {
        if let Some(word) = word {
            return Ok(word == "minimax_m3_sparse");
        }
        match self.text.part("sparse_attention_config", "") {
            Some(sparse) => Ok(sparse.count_at("sparse_attention_freq", layer)?.is_some_and(|flag| flag > 0)),
            None => Ok(false),
        }
    }

    fn index(&self) -> Result<Index, Problem> {
        let text = self.text;
        let sparse = text.part("sparse_attention_config", "");
        let read = |older: &str, name: &str| match &sparse {
            Some(sparse) if sparse.has(older) => sparse.need(older),
            _ => text.need(name),
        };
        Ok(Index {
            heads: read("sparse_num_index_heads", "index_n_heads")?,
            dim: read("sparse_index_dim", "index_head_dim")?,
        })
    }

    fn dense(&self) -> Result<Mlp, Problem> {
        let width = match self.text.count(self.traits.dense_width)? {
            Some(width) => width,
            None => self.text.need("intermediate_size")?,
        };
        Ok(Mlp { bias: self.mlp_bias, ..Mlp::gated(self.attention.hidden, width) })
    }

    fn mixture(&self, layer: u64) -> Result<Mixture, Problem> {
        let width = match self.text.count_at(self.traits.expert_width, layer)? {
            Some(width) => width,
            None => self.text.need("intermediate_size")?,
        };
        let shared = match self.traits.shared {
            Shared::None => 0,
            Shared::Count => {
                width * self.text.count_at("n_shared_experts", layer)?.unwrap_or(self.shared_default())
            }
            Shared::Width(field) => self.text.count_or(field, 0)?,
        };
        let shared = Mlp { bias: self.mlp_bias, ..Mlp::gated(self.attention.hidden, shared) };
        Ok(Mixture {
            shared: Some(shared),
            shared_gate: self.traits.shared_gate,
            router_bias: self.traits.router_bias,
            expert_bias: self.traits.expert_bias,
            correction: self.traits.correction,
            ..Mixture::read(self.text, layer, width, self.traits.names)?
        })
    }

    /// Hunyuan has one shared expert whether or not its config says so.
    fn shared_default(&self) -> u64 {
        u64::from(self.text.class().starts_with("hunyuan"))
    }
}
