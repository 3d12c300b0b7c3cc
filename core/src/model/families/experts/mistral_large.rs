//! Mistral Large 4: latent attention with an indexer; every fourth layer has no positions; layers may share vectors.
//!
//! Source: transformers `modeling_mistral_large4.py`.

use super::decoder::{Feed, Layer, Mixer, decode, plain};
use super::indexers::Indexers;
use super::latent::{Kept, Latent};
use super::layers::{Sparse, SparseLayers};
use super::mixture::{Mixture, USUAL};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::modules::Group;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = Latent { q_rank: None, ..Latent::read(text)? };
    let Latent { hidden, heads, nope, rope, .. } = attention;
    let positions = text.counts("no_rope_layers")?;
    let interval = text.count_or("no_rope_layer_interval", 4)?.max(1);
    let sources = text.counts("kv_source_layers")?;
    let indexers = Indexers::read(text)?;
    let sparse = SparseLayers::read(text, Sparse::From("first_k_dense_replace", 1))?;
    let width = text.need("moe_intermediate_size")?;
    let shared = Mlp::gated(hidden, width * text.count_or("n_shared_experts", 0)?);
    let entry = |list: &Option<Vec<u64>>, number: u64| {
        let number = usize::try_from(number).ok()?;
        list.as_ref()?.get(number).copied()
    };
    decode(config, builder, |number| {
        let rotates = match entry(&positions, number) {
            Some(flag) => flag > 0,
            None => !(number + 1).is_multiple_of(interval),
        };
        let (nope, rope) = if rotates { (nope, rope) } else { (nope + rope, 0) };
        let owns = entry(&sources, number).is_none_or(|source| source == number);
        let kept = if owns { Kept::Sparse } else { Kept::Shared };
        let indexer = indexers.at(number)?;
        let feed = if sparse.at(number)? {
            Feed::Mixture(Mixture { shared: Some(shared), ..Mixture::read(text, 0, width, &USUAL)? })
        } else {
            Feed::Dense("mlp", Mlp::gated(hidden, text.need("intermediate_size")?))
        };
        let mixer = Mixer::Latent(Latent { nope, rope, kept, indexer, ..attention.clone() });
        let mut layer = Layer::new(mixer, feed);
        layer.extra.push(("self_attn.softmax_scaling", Group::Attention, plain(heads * 2)));
        if let Some(indexer) = indexer {
            let scaling = plain(indexer.heads * 2);
            layer.extra.push(("self_attn.indexer.softmax_scaling", Group::Attention, scaling));
            layer.extra.push(("self_attn.indexer.q_input_norm", Group::Attention, plain(hidden * 2)));
        }
        Ok(layer)
    })
}
