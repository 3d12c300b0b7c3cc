//! Kimi Linear, Bailing (Ling 2.5) and GLM-5 Next: Kimi delta attention, and some layers latent attention.
//!
//! Source: transformers `modeling_kimi_linear.py`, `modeling_bailing_hybrid.py`, `modeling_glm5_next.py`.

use super::decoder::{Feed, Layer, Mixer, decode, plain};
use super::delta::Kda;
use super::grouped::Gate;
use super::hyper;
use super::latent::{Kept, Latent};
use super::layers::{Sparse, SparseLayers, Words};
use super::mixture::{Mixture, Names, SPARSE_BLOCK, USUAL};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::Group;
use crate::problem::Problem;

/// Experts per token by the defaults of the classes. Source: transformers `KimiLinearConfig`, `BailingHybridConfig`.
const PER_TOKEN: u64 = 8;

/// Which of the classes it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Kimi,
    Bailing,
    GlmNext,
}

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let class = match text.class() {
        "bailing_hybrid" => Class::Bailing,
        "glm5_next_text" => Class::GlmNext,
        _ => Class::Kimi,
    };
    let first = match class {
        Class::Kimi => 1,
        Class::Bailing => 2,
        Class::GlmNext => 3,
    };
    let sparse = SparseLayers::read(text, Sparse::From("first_k_dense_replace", first))?;
    let kinds = Kinds::read(text, class)?;
    let (kda, latent) = (kda(text, class)?, latent(text, class)?);
    let names = if class == Class::Kimi { &SPARSE_BLOCK } else { &USUAL };
    decode(config, builder, |number| {
        let linear = kinds.is_linear(number)?;
        let mixer = if linear { Mixer::Kda(kda.clone()) } else { Mixer::Latent(latent.clone()) };
        let feed = if sparse.at(number)? {
            Feed::Mixture(mixture(text, names)?)
        } else {
            Feed::Dense("mlp", Mlp::gated(latent.hidden, text.need("intermediate_size")?))
        };
        let mut layer = Layer::new(mixer, feed);
        if class == Class::GlmNext {
            let streams = text.need("hc_mult")?;
            hyper::connect(&mut layer.extra, latent.hidden, streams, (streams + 2) * streams, 3);
            if let Some(indexer) = latent.indexer.filter(|_| !linear) {
                let pool = text.need("index_kpool")?;
                let elements = indexer.dim * pool + indexer.dim * latent.hidden;
                layer.extra.push((
                    "self_attn.indexer.index_kpool_compress",
                    Group::Attention,
                    plain(elements),
                ));
            }
        }
        Ok(layer)
    })
}

/// Which layers are linear.
struct Kinds<'a> {
    words: Words<'a>,
    class: Class,
    /// Numbers of the layers with full attention, from 1.
    full: Option<Vec<u64>>,
    group: u64,
}

impl<'a> Kinds<'a> {
    fn read(text: &'a Fields<'a>, class: Class) -> Result<Kinds<'a>, Problem> {
        let nested = text.part("linear_attn_config", "");
        let full = match &nested {
            Some(nested) => nested.counts("full_attn_layers")?,
            None => None,
        };
        let words = Words::read(text, "layer_types")?;
        Ok(Kinds { words, class, full, group: text.count_or("layer_group_size", 6)?.max(1) })
    }

    fn is_linear(&self, layer: u64) -> Result<bool, Problem> {
        if let Some(word) = self.words.at(layer)? {
            return Ok(word == "linear_attention");
        }
        if let Some(full) = &self.full {
            return Ok(!full.contains(&(layer + 1)));
        }
        Ok(match self.class {
            Class::Kimi => layer == 0 || !layer.is_multiple_of(4),
            Class::Bailing => !(layer + 1).is_multiple_of(self.group),
            Class::GlmNext => !(layer + 1).is_multiple_of(4),
        })
    }
}

/// Kimi keeps the shape of its linear layers in an object of their own; Bailing's are those of attention.
fn kda(text: &Fields, class: Class) -> Result<Kda, Problem> {
    let nested = text.part("linear_attn_config", "");
    let read = |inner: &str, outer: &str, shared: &str| -> Result<u64, Problem> {
        match nested.as_ref().map(|nested| nested.count(inner)).transpose()?.flatten() {
            Some(count) => Ok(count),
            None if class == Class::Bailing && !text.has(outer) && text.has(shared) => text.need(shared),
            None => match text.count(outer)? {
                Some(count) => Ok(count),
                None => text.need(shared),
            },
        }
    };
    Ok(Kda {
        hidden: text.need("hidden_size")?,
        heads: read("num_heads", "linear_num_heads", "num_attention_heads")?,
        dim: read("head_dim", "linear_head_dim", "head_dim")?,
        kernel: read("short_conv_kernel_size", "linear_conv_kernel_dim", "short_conv_kernel_size")?,
        narrow: class != Class::Bailing,
    })
}

fn latent(text: &Fields, class: Class) -> Result<Latent, Problem> {
    match class {
        Class::Kimi => Latent::read(text),
        Class::Bailing => Ok(Latent { gate: Gate::Heads("g_proj"), ..Latent::read(text)? }),
        Class::GlmNext => Ok(Latent {
            rope: text.count_or("qk_rope_head_dim", 0)?,
            indexer: Some(Latent::indexer(text)?),
            kept: Kept::Sparse,
            ..Latent::read_positionless(text)?
        }),
    }
}

fn mixture(text: &Fields, names: &'static Names) -> Result<Mixture, Problem> {
    let width = text.need("moe_intermediate_size")?;
    let shared = Mlp::gated(text.need("hidden_size")?, width * text.count_or("n_shared_experts", 0)?);
    let mut mixture = Mixture { shared: Some(shared), ..Mixture::read(text, 0, width, names)? };
    if text.count("num_experts_per_tok")?.is_none() {
        mixture.experts.per_token = PER_TOKEN;
    }
    Ok(mixture)
}
