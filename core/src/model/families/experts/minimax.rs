//! MiniMax-01 and M1: lightning attention, and every so many layers ordinary attention.
//!
//! Source: transformers `modeling_minimax.py`; `attn_type_list` of the published configs (1: ordinary).

use super::decoder::{FRAME, Feed, Layer, Mixer, decode_within};
use super::grouped::{Grouped, Reach};
use super::layers::Words;
use super::mixture::{Mixture, SPARSE_BLOCK};
use super::scan::Lightning;
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = match config.text.class() {
        "minimax" => config.text.clone(),
        _ => config.text.with_class("minimax"),
    };
    let attention = Attention::read(&text)?;
    let width = text.need("intermediate_size")?;
    let words = Words::read(&text, "layer_types")?;
    let kinds = text.counts("attn_type_list")?;
    let window = text.count("sliding_window")?.filter(|window| *window > 0);
    let shared = text.count_at("shared_expert_intermediate_size", 0)?.unwrap_or(0);
    decode_within(config, &text, builder, FRAME, |number| {
        let linear = match (words.at(number)?, &kinds) {
            (Some(word), _) => word == "linear_attention",
            (None, Some(list)) => usize::try_from(number).ok().and_then(|n| list.get(n)) != Some(&1),
            (None, None) => !number.is_multiple_of(2),
        };
        let Attention { hidden, heads, head_dim: dim, .. } = attention;
        let mixer = if linear {
            Mixer::Lightning(Lightning { hidden, heads, dim })
        } else {
            let reach = window.map_or(Reach::Full, Reach::Sliding);
            Mixer::Grouped(Grouped::new(attention, reach))
        };
        let shared = (shared > 0).then(|| Mlp::gated(hidden, shared));
        let mixture = Mixture { shared, ..Mixture::read(&text, 0, width, &SPARSE_BLOCK)? };
        Ok(Layer::new(mixer, Feed::Mixture(mixture)))
    })
}
