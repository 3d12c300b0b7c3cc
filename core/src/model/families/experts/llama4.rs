//! Llama 4: chunked attention, and mixtures with one shared expert in every or every second layer.
//!
//! Source: transformers `modeling_llama4.py`.

use super::decoder::{Feed, Layer, Mixer, decode};
use super::grouped::{Grouped, Reach};
use super::layers::{Sparse, SparseLayers, Words};
use super::mixture::{LLAMA4, Mixture};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let bias = text.flag("attention_bias", false)?;
    let attention = Attention { qkv_bias: bias, out_bias: bias, ..Attention::read(text)? };
    let width = text.need("intermediate_size")?;
    let sparse = SparseLayers::read(text, Sparse::Interleaved)?;
    let words = Words::read(text, "layer_types")?;
    let chunk = text.count("attention_chunk_size")?.filter(|chunk| *chunk > 0);
    // An empty list stands for the rule.
    let positions = text.counts("no_rope_layers")?.filter(|list| !list.is_empty());
    let interval = text.count_or("no_rope_layer_interval", 4)?.max(1);
    decode(config, builder, |number| {
        let chunked = match (words.at(number)?, &positions) {
            (Some(word), _) => word == "chunked_attention",
            (None, Some(list)) => usize::try_from(number).ok().and_then(|n| list.get(n)) != Some(&0),
            (None, None) => !(number + 1).is_multiple_of(interval),
        };
        let reach = chunk.filter(|_| chunked).map_or(Reach::Full, Reach::Chunked);
        let feed = if sparse.at(number)? {
            let shared = Mlp::gated(attention.hidden, width);
            Feed::Mixture(Mixture { shared: Some(shared), ..Mixture::read(text, 0, width, &LLAMA4)? })
        } else {
            let width = text.need("intermediate_size_mlp")?;
            Feed::Dense("feed_forward", Mlp::gated(attention.hidden, width))
        };
        Ok(Layer::new(Mixer::Grouped(Grouped::new(attention, reach)), feed))
    })
}
