//! ERNIE 4.5 VL's language model: one mixture for text and a narrower one for images in every sparse layer.
//!
//! Source: transformers `modeling_ernie4_5_vl_moe.py`.

use super::decoder::{Feed, Layer, Mixer, decode};
use super::grouped::{Grouped, Reach};
use super::layers::{Sparse, SparseLayers};
use super::mixture::{Mixture, Names, USUAL, matrices};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::problem::Problem;

const TEXT: Names =
    Names { router: "mlp.text_moe.gate", matrices: matrices("mlp.text_moe.experts"), ..USUAL };
const VISION: Names =
    Names { router: "mlp.vision_moe.gate", matrices: matrices("mlp.vision_moe.experts"), ..USUAL };

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let bias = text.flag("use_bias", false)?;
    let attention = Attention { qkv_bias: bias, out_bias: bias, ..Attention::read(text)? };
    let hidden = attention.hidden;
    let (wide, narrow) = widths(text)?;
    let sparse = SparseLayers::read(text, Sparse::From("moe_layer_start_index", 1))?;
    let shared = Mlp { bias, ..Mlp::gated(hidden, wide * text.count_or("n_shared_experts", 0)?) };
    decode(config, builder, |number| {
        let feed = if sparse.at(number)? {
            let correction = Some("mlp.text_moe.gate.moe_statics.e_score_correction_bias");
            let for_text =
                Mixture { shared: Some(shared), correction, ..Mixture::read(text, 0, wide, &TEXT)? };
            let correction = Some("mlp.vision_moe.gate.moe_statics.e_score_correction_bias");
            let for_images = Mixture { correction, ..Mixture::read(text, 1, narrow, &VISION)? };
            Feed::Pair(for_text, for_images)
        } else {
            Feed::Dense("mlp", Mlp { bias, ..Mlp::gated(hidden, text.need("intermediate_size")?) })
        };
        Ok(Layer::new(Mixer::Grouped(Grouped::new(attention, Reach::Full)), feed))
    })
}

/// The widths of experts for text and for images.
fn widths(text: &Fields) -> Result<(u64, u64), Problem> {
    let field = "moe_intermediate_size";
    let list = text.counts(field)?.unwrap_or_default();
    match list.as_slice() {
        [wide, narrow, ..] => Ok((*wide, *narrow)),
        _ => Err(text.bad(field, format!("a list of {}", list.len()), "two widths".to_owned())),
    }
}
