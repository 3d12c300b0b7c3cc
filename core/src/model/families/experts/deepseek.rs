//! Decoders with latent attention: DeepSeek V2 to V3.2, Kimi K2, GLM-5, A.X K1 and K2, dots 3, Hunyuan 4, Mistral 4,
//! MiniCPM3, Youtu.
//!
//! Source: the `configuration_*.py` and `modeling_*.py` of the transformers library named like the class; MTP layers as
//! the published checkpoints store them.

use super::decoder::{FRAME, Feed, Layer, Mixer, decode_within, plain, predicting, speculate};
use super::grouped::Gate;
use super::hyper;
use super::indexers::Indexers;
use super::latent::{Kept, Latent};
use super::layers::{Reaches, Sparse, SparseLayers, Window};
use super::mixture::{Mixture, USUAL};
use super::moe::{self, next_token};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::Group;
use crate::problem::Problem;

/// What a class has beside latent attention.
#[derive(Clone, Copy)]
struct Traits {
    /// Which layers are mixtures; `None`: none is.
    sparse: Option<Sparse>,
    /// Whether `mlp_bias` puts biases on dense and shared feed-forward layers.
    mlp_bias: bool,
    gate: Gate,
    sinks: bool,
    /// Norms gated by a narrow layer, and the query's last projection yields a gate (A.X K2).
    gated_norms: bool,
    /// Layers that keep a window have other widths, named `swa_*` (dots 3).
    slides: bool,
    /// Several residual streams (Hunyuan 4).
    streams: bool,
    /// A norm behind every mixture (A.X K1).
    norm_behind: bool,
    /// Whether keys and values are stored expanded.
    expanded: bool,
    /// Whether its prediction layers repeat the vocabulary; `None`: it has none.
    predicts: Option<bool>,
}

const PLAIN: Traits = Traits {
    sparse: None,
    mlp_bias: false,
    gate: Gate::None,
    sinks: false,
    gated_norms: false,
    slides: false,
    streams: false,
    norm_behind: false,
    expanded: false,
    predicts: None,
};

const fn from(first: u64) -> Option<Sparse> {
    Some(Sparse::From("first_k_dense_replace", first))
}

fn traits(class: &str) -> Traits {
    match class {
        "axk1" => Traits { sparse: from(1), norm_behind: true, ..PLAIN },
        "axk2" => Traits { sparse: from(1), gated_norms: true, ..PLAIN },
        "deepseek_v2" => Traits { sparse: from(0), mlp_bias: true, ..PLAIN },
        "dots3_note_text" => Traits { sparse: from(1), gate: Gate::Heads("g_proj"), slides: true, ..PLAIN },
        "glm4_moe_lite" => Traits { sparse: from(1), predicts: Some(false), ..PLAIN },
        "glm_moe_dsa" => Traits { sparse: from(3), predicts: Some(false), ..PLAIN },
        "hy_v4" => {
            Traits { sparse: from(1), gate: Gate::Elements("gate_proj"), sinks: true, streams: true, ..PLAIN }
        }
        "minicpm3" => Traits { mlp_bias: true, expanded: true, ..PLAIN },
        "mistral4" => Traits { sparse: from(0), ..PLAIN },
        "youtu" => PLAIN,
        // DeepSeek V3 and V3.2, Kimi K2.
        _ => Traits { sparse: from(3), predicts: Some(true), ..PLAIN },
    }
}

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    // Kimi K2 is DeepSeek V3; DeepSeek V2's class also serves models with ordinary attention.
    let class = config.text.class().to_owned();
    let renamed = match class.as_str() {
        "kimi_k2" => Some("deepseek_v3"),
        "dots3_note" => Some("dots3_note_text"),
        "deepseek_v2" if has_no_latent(&config.text) => return moe::build_as(config, "deepseek", builder),
        _ => None,
    };
    let text = match renamed {
        Some(renamed) => config.text.with_class(renamed),
        None => config.text.clone(),
    };
    let traits = traits(text.class());
    let parts = Parts::read(&text, traits)?;
    decode_within(config, &text, builder, FRAME, |number| parts.layer(number))?;
    if traits.streams {
        hyper::finish(builder, text.need("hc_mult")?);
    }
    let Some(repeats) = traits.predicts else { return Ok(()) };
    let layers = builder.dims.layers;
    let stored = predicting(&text, "num_nextn_predict_layers", layers)?;
    if !stored.is_empty() {
        let last = parts.layer(layers.saturating_sub(1))?;
        let last = Layer { mixer: parts.predicting(last.mixer)?, ..last };
        let (hidden, rows) = (builder.dims.hidden_size, builder.dims.vocab_size);
        speculate(builder, "model.layers", stored, &last, |block| {
            next_token(block, hidden, repeats.then_some(rows));
        });
    }
    Ok(())
}

fn has_no_latent(text: &Fields) -> bool {
    text.written("kv_lora_rank").is_some_and(|(_, value)| value.is_null() || value.as_u64() == Some(0))
        || text.written("use_mla").is_some_and(|(_, value)| value.as_bool() == Some(false))
}

/// What layers are made from.
struct Parts<'a> {
    text: &'a Fields<'a>,
    traits: Traits,
    attention: Latent,
    sparse: Option<SparseLayers<'a>>,
    indexers: Indexers<'a>,
    reaches: Reaches<'a>,
}

impl<'a> Parts<'a> {
    fn read(text: &'a Fields<'a>, traits: Traits) -> Result<Parts<'a>, Problem> {
        let attention = Latent {
            gate: traits.gate,
            sinks: traits.sinks,
            query_gate: traits.gated_norms,
            rope_norm: traits.slides,
            kept: if traits.expanded { Kept::Expanded } else { Kept::Latent },
            ..Latent::read(text)?
        };
        let sparse = traits.sparse.map(|rule| SparseLayers::read(text, rule)).transpose()?;
        let rule = if traits.slides && text.flag("use_sliding_window", true)? {
            Window::Rule(|layer, _| layer > 1 && layer % 4 != 1)
        } else {
            Window::Never
        };
        Ok(Parts {
            text,
            traits,
            attention,
            sparse,
            indexers: Indexers::read(text)?,
            reaches: Reaches::read(text, rule)?,
        })
    }

    fn layer(&self, number: u64) -> Result<Layer, Problem> {
        let sparse = match &self.sparse {
            Some(layers) => layers.at(number)?,
            None => false,
        };
        let feed = if sparse { Feed::Mixture(self.mixture()?) } else { Feed::Dense("mlp", self.dense()?) };
        let mut layer = Layer::new(Mixer::Latent(self.attention(number)?), feed);
        let hidden = self.attention.hidden;
        if self.traits.norm_behind && sparse {
            layer.extra.push(("mlp.post_mlp_layernorm", Group::Norms, plain(hidden)));
        }
        if self.traits.gated_norms {
            let gate = hidden.saturating_mul(self.text.need("gated_norm_rank")?).saturating_mul(2);
            layer.extra.push(("input_layernorm.mlp", Group::Norms, plain(gate)));
            if sparse {
                layer.extra.push(("post_attention_layernorm.mlp", Group::Norms, plain(gate)));
            }
        }
        if self.traits.streams {
            // Two outputs per stream: what goes into the layer and what comes back.
            let streams = self.text.need("hc_mult")?;
            hyper::connect(&mut layer.extra, hidden, streams, streams * 2, 2);
        }
        Ok(layer)
    }

    fn attention(&self, layer: u64) -> Result<Latent, Problem> {
        if self.traits.slides {
            let word = self.reaches.word(layer)?;
            let slides = match word {
                Some(word) => word == "sliding_attention",
                None => self.text.flag("use_sliding_window", true)? && layer > 1 && layer % 4 != 1,
            };
            if slides {
                return self.sliding();
            }
        }
        let indexer = self.indexers.at(layer)?;
        let kept = if self.indexers.any() { Kept::Sparse } else { self.attention.kept };
        Ok(Latent { indexer, kept, ..self.attention.clone() })
    }

    /// The narrower layers of dots 3. Source: `Dots3NoteTextConfig`.
    fn sliding(&self) -> Result<Latent, Problem> {
        let text = self.text;
        let nope = text.count_or("swa_qk_nope_head_dim", 192)?;
        let head = text.count_or("swa_head_dim", 256)?;
        let window = match text.count("sliding_window")? {
            Some(window) => window,
            None => text.count_or("sliding_window_size", 512)?,
        };
        Ok(Latent {
            heads: text.count_or("swa_num_attention_heads", 64)?,
            q_rank: Some(text.count_or("swa_q_lora_rank", 1024)?),
            kv_rank: text.count_or("swa_kv_lora_rank", 1024)?,
            nope,
            rope: text.count_or("swa_qk_rope_head_dim", head.saturating_sub(nope))?,
            value: text.count_or("swa_v_head_dim", 128)?,
            kept: Kept::Sliding(window),
            ..self.attention.clone()
        })
    }

    /// The attention of a prediction layer: it has an indexer of its own where the model has any.
    fn predicting(&self, last: Mixer) -> Result<Mixer, Problem> {
        match last {
            Mixer::Latent(attention) if self.indexers.any() => {
                Ok(Mixer::Latent(Latent { indexer: Some(Latent::indexer(self.text)?), ..attention }))
            }
            other => Ok(other),
        }
    }

    fn dense(&self) -> Result<Mlp, Problem> {
        Ok(Mlp {
            bias: self.biased()?,
            ..Mlp::gated(self.attention.hidden, self.text.need("intermediate_size")?)
        })
    }

    fn mixture(&self) -> Result<Mixture, Problem> {
        let width = self.text.need("moe_intermediate_size")?;
        let each = match self.text.class() {
            "dots3_note_text" => match self.text.count("moe_shared_expert_intermediate_size")? {
                Some(width) => width,
                None => self.text.count_or("shared_experts_intermediate_size", width)?,
            },
            _ => width,
        };
        let shared = each * self.text.count_or("n_shared_experts", 0)?;
        let shared = Mlp { bias: self.biased()?, ..Mlp::gated(self.attention.hidden, shared) };
        Ok(Mixture { shared: Some(shared), ..Mixture::read(self.text, 0, width, &USUAL)? })
    }

    fn biased(&self) -> Result<bool, Problem> {
        Ok(self.traits.mlp_bias && self.text.flag("mlp_bias", false)?)
    }
}
