//! Inkling 1 and 2: attention with short convolutions over keys and values and with relative positions.
//!
//! Source: transformers `modeling_inkling.py`, `modeling_inkling2.py`.

use super::decoder::{Feed, Layer, Mixer, decode, matrix, plain};
use super::grouped::{Gate, Grouped, Reach};
use super::layers::{Sparse, SparseLayers, Words};
use super::mixture::{Mixture, USUAL};
use crate::model::attention::{Attention, QkNorm};
use crate::model::build::Builder;
use crate::model::cache::{Cache, Mixer as Stateful};
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Weight};
use crate::problem::Problem;

type Extra = Vec<(&'static str, Group, Weight)>;

/// Every which layer sees everything, where the config does not say.
const INTERVAL: u64 = 6;
const NORMS: &[&str] = &["input_layernorm", "post_attention_layernorm"];
const FULL_NORMS: &[&str] =
    &["q_input_layernorm", "k_input_layernorm", "v_input_layernorm", "post_attention_layernorm"];

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let second = text.class() == "inkling2_text";
    let shape = Shape::read(text, second)?;
    let words = Words::read(text, "layer_types")?;
    let local = text.counts("local_layer_ids")?;
    let sparse = SparseLayers::read(text, Sparse::From("dense_mlp_idx", 0))?;
    decode(config, builder, |number| {
        let slides = match (words.at(number)?, &local) {
            (Some(word), _) => word == "hybrid_sliding",
            (None, Some(local)) => local.contains(&number),
            (None, None) => !(number + 1).is_multiple_of(INTERVAL),
        };
        let attention = shape.attention(slides)?;
        let mut extra = Vec::new();
        shape.relate(&mut extra, &attention, slides);
        shape.convolve(&mut extra, &attention, slides);
        if second {
            shape.mix(&mut extra, &attention, number, slides);
        }
        let feed = shape.feed(sparse.at(number)?, &mut extra)?;
        let window = Some(shape.window).filter(|_| slides);
        let mut mixer = Grouped::new(attention, window.map_or(Reach::Full, Reach::Sliding));
        if second {
            mixer.gate = Gate::Elements("gate_proj");
        }
        let norms = if second && !slides { FULL_NORMS } else { NORMS };
        Ok(Layer { norms, extra, ..Layer::new(Mixer::Grouped(mixer), feed) })
    })?;
    shape.remember(builder);
    let once = if second { shape.hidden * 2 } else { shape.hidden };
    builder.once("", |block| block.plain("model.embed_tokens.embed_norm", Group::Norms, once));
    Ok(())
}

struct Shape<'a> {
    text: &'a Fields<'a>,
    second: bool,
    hidden: u64,
    kernel: u64,
    relative: u64,
    extent: u64,
    window: u64,
}

impl<'a> Shape<'a> {
    fn read(text: &'a Fields<'a>, second: bool) -> Result<Shape<'a>, Problem> {
        Ok(Shape {
            text,
            second,
            hidden: text.need("hidden_size")?,
            kernel: text.count("sconv_kernel_size")?.map_or_else(|| text.need("conv_kernel_size"), Ok)?,
            relative: text.need("d_rel")?,
            extent: text.need("rel_extent")?,
            window: text.need("sliding_window_size")?,
        })
    }

    fn attention(&self, slides: bool) -> Result<Attention, Problem> {
        let text = self.text;
        let read = |name: &str, local: &str| text.need(if slides { local } else { name });
        let head_dim = read("head_dim", "swa_head_dim")?;
        Ok(Attention {
            hidden: self.hidden,
            heads: read("num_attention_heads", "swa_num_attention_heads")?,
            kv_heads: read("num_key_value_heads", "swa_num_key_value_heads")?,
            head_dim,
            value_dim: head_dim,
            qkv_bias: false,
            out_bias: false,
            qk_norm: if self.second { QkNorm::None } else { QkNorm::PerHead },
            gated: false,
        })
    }

    /// Relative positions.
    fn relate(&self, extra: &mut Extra, attention: &Attention, slides: bool) {
        let extent = if slides { self.window } else { self.extent };
        let relative = matrix(self.hidden, attention.heads * self.relative);
        extra.push(("self_attn.r_proj", Group::Attention, relative));
        extra.push(("self_attn.rel_logits_proj", Group::Attention, plain(self.relative * extent)));
    }

    /// Convolutions over keys, values and both outputs; in Inkling 2's full layers their weights depend on the token.
    fn convolve(&self, extra: &mut Extra, attention: &Attention, slides: bool) {
        let keys = attention.kv_heads * attention.head_dim;
        for name in ["self_attn.k_sconv", "self_attn.v_sconv"] {
            extra.push((name, Group::Attention, plain(keys.saturating_mul(self.kernel))));
        }
        if self.second && !slides {
            for name in ["self_attn.k_sconv.weight_proj", "self_attn.v_sconv.weight_proj"] {
                let weight = matrix(self.hidden, attention.kv_heads * self.kernel);
                extra.push((name, Group::Attention, weight));
            }
        }
        for name in ["attn_sconv", "mlp_sconv"] {
            extra.push((name, Group::Attention, plain(self.hidden * self.kernel)));
        }
    }

    /// Sinks, clips and the queries over earlier blocks (Inkling 2).
    fn mix(&self, extra: &mut Extra, attention: &Attention, number: u64, slides: bool) {
        let Attention { heads, head_dim, .. } = *attention;
        let group = Group::Attention;
        extra.push(("self_attn.sink_proj", group, matrix(self.hidden, heads)));
        extra.push(("self_attn.q_l2_clip", group, plain(heads * head_dim)));
        extra.push(("self_attn.rel_l2_clip", group, plain(heads * self.relative)));
        extra.push(("mlp_input.query", group, plain(self.hidden)));
        if number > 0 {
            let queries = if slides { 1 } else { 3 };
            extra.push(("attention_input.query", group, plain(self.hidden * queries)));
        }
    }

    /// Some files write the width of experts as `intermediate_size` and that of dense layers beside it.
    fn feed(&self, sparse: bool, extra: &mut Extra) -> Result<Feed, Problem> {
        let text = self.text;
        let dense = text.count("dense_intermediate_size")?;
        if !self.second {
            extra.push(("mlp.global_scale", Group::Router, plain(1)));
        }
        if !sparse {
            let width = dense.map_or_else(|| text.need("intermediate_size"), Ok)?;
            return Ok(Feed::Dense("mlp", Mlp::gated(self.hidden, width)));
        }
        let width = text.need(if dense.is_some() { "intermediate_size" } else { "moe_intermediate_size" })?;
        let shared = text.count_or("n_shared_experts", 0)?;
        if shared > 0 && !self.second {
            // The router weighs the shared experts too.
            extra.push(("mlp.gate.shared", Group::Router, plain(self.hidden * shared)));
        }
        let mlp = Mlp::gated(self.hidden, width * shared);
        let shared = (shared > 0).then_some(mlp);
        Ok(Feed::Mixture(Mixture { shared, ..Mixture::read(text, 0, width, &USUAL)? }))
    }

    /// Every convolution keeps its last inputs.
    fn remember(&self, builder: &mut Builder) {
        for block in builder.blocks.iter_mut().filter(|block| !block.layers.is_empty()) {
            let keys = block.caches.iter().find_map(|cache| match cache {
                Cache::Full(shape) | Cache::Sliding { shape, .. } => Some(shape.elements(1)),
                _ => None,
            });
            let Some(keys) = keys else { continue };
            block.caches.push(Cache::State {
                mixer: Stateful::ShortConv,
                conv: self.kernel.saturating_sub(1).saturating_mul(keys + self.hidden * 2),
                recurrent: 0,
                recurrent_dtype: None,
            });
        }
    }
}
