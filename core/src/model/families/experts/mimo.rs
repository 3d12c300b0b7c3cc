//! MiMo V2: sliding layers with more key/value heads and with sinks; keys wider than values.
//!
//! Source: transformers `modeling_mimo_v2_flash.py`; the `swa_*` fields of the published config.

use super::decoder::{Feed, Layer, Mixer, decode};
use super::grouped::{Grouped, Reach};
use super::layers::{Sparse, SparseLayers, Words};
use super::mixture::{Mixture, USUAL};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let sparse = SparseLayers::read(text, Sparse::From("first_k_dense_replace", 1))?;
    let words = Words::read(text, "layer_types")?;
    let pattern = text.counts("hybrid_layer_pattern")?;
    let (full, sliding) = (full(text)?, sliding(text)?);
    let width = text.need("moe_intermediate_size")?;
    decode(config, builder, |number| {
        let slides = match (words.at(number)?, &pattern) {
            (Some(word), _) => word == "sliding_attention",
            (None, Some(list)) => usize::try_from(number).ok().and_then(|n| list.get(n)) == Some(&1),
            (None, None) => number > 0 && !(number + 1).is_multiple_of(6),
        };
        let feed = if sparse.at(number)? {
            Feed::Mixture(Mixture::read(text, 0, width, &USUAL)?)
        } else {
            Feed::Dense("mlp", Mlp::gated(full.attention.hidden, text.need("intermediate_size")?))
        };
        let mixer = if slides { &sliding } else { &full };
        Ok(Layer::new(Mixer::Grouped(mixer.clone()), feed))
    })
}

fn full(text: &Fields) -> Result<Grouped, Problem> {
    let attention = Attention::read(text)?;
    let value_dim = text.count_or("v_head_dim", attention.head_dim)?;
    let qkv_bias = text.flag("attention_bias", false)?;
    let mut full = Grouped::new(Attention { value_dim, qkv_bias, ..attention }, Reach::Full);
    full.per_head = text.flag("add_full_attention_sink_bias", false)?.then_some("attention_sink_bias");
    Ok(full)
}

fn sliding(text: &Fields) -> Result<Grouped, Problem> {
    let full = full(text)?.attention;
    let attention = Attention {
        heads: text.count_or("swa_num_attention_heads", full.heads)?,
        kv_heads: text.count_or("swa_num_key_value_heads", full.kv_heads * 2)?,
        head_dim: text.count_or("swa_head_dim", full.head_dim)?,
        value_dim: text.count_or("swa_v_head_dim", full.value_dim)?,
        ..full
    };
    let window = text.count("sliding_window")?.filter(|window| *window > 0);
    let mut sliding = Grouped::new(attention, window.map_or(Reach::Full, Reach::Sliding));
    sliding.per_head = text.flag("add_swa_attention_sink_bias", true)?.then_some("attention_sink_bias");
    Ok(sliding)
}
