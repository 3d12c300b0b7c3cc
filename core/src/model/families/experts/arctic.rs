//! Snowflake Arctic: a dense layer as wide as the stream beside a mixture.
//!
//! Source: vLLM `arctic.py`, `config.json` of `Snowflake/snowflake-arctic-instruct`.

use super::decoder::{Feed, Layer, Mixer, decode, matrix, plain};
use super::grouped::{Grouped, Reach};
use super::mixture::{Mixture, SPARSE_BLOCK};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::modules::Group;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let attention = Attention::read(text)?;
    let hidden = attention.hidden;
    let every = text.count_or("moe_layer_frequency", 2)?.max(1);
    let width = text.need("intermediate_size")?;
    let residual = text.flag("parallel_attn_mlp_res", false)?;
    decode(config, builder, |number| {
        let sparse = (number + 1).is_multiple_of(every);
        let feed = if sparse {
            Feed::Mixture(Mixture::read(text, 0, width, &SPARSE_BLOCK)?)
        } else {
            Feed::Dense("block_sparse_moe.mlp", Mlp::gated(hidden, width))
        };
        let mut layer = Layer::new(Mixer::Grouped(Grouped::new(attention, Reach::Full)), feed);
        if residual && sparse {
            layer.extra.push(("residual_layernorm", Group::Norms, plain(hidden)));
            for name in ["residual_mlp.w1", "residual_mlp.w3", "residual_mlp.w2"] {
                layer.extra.push((name, Group::DenseMlp, matrix(hidden, hidden)));
            }
        }
        Ok(layer)
    })
}
