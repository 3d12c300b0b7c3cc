//! Granite 4: Mamba 2 and attention, each with a shared feed-forward layer and, in some sizes, a mixture beside it.
//!
//! Source: transformers `modeling_granitemoehybrid.py`.

use super::decoder::{Feed, Layer, Mixer, decode};
use super::grouped::{Grouped, Reach};
use super::layers::Words;
use super::mixture::{GRANITE, Mixture};
use super::scan::Mamba;
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::problem::Problem;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let bias = text.flag("attention_bias", false)?;
    let attention = Attention { qkv_bias: bias, out_bias: bias, ..Attention::read(text)? };
    let words = match text.has("layer_types") {
        true => Words::read(text, "layer_types")?,
        false => Words::read(text, "layers_block_type")?,
    };
    let mamba = mamba(text)?;
    let shared = Mlp::gated(attention.hidden, text.count_or("shared_expert_intermediate_size", 0)?);
    let experts = text.count_or("num_experts", 0)?;
    decode(config, builder, |number| {
        let attends =
            words.at(number)?.is_some_and(|word| word.contains("attention") && word != "linear_attention");
        let mixer = if attends {
            Mixer::Grouped(Grouped::new(attention, Reach::Full))
        } else {
            Mixer::Mamba(mamba.clone())
        };
        let feed = if experts > 0 {
            let width = text.need("intermediate_size")?;
            Feed::Mixture(Mixture { shared: Some(shared), ..Mixture::read(text, 0, width, &GRANITE)? })
        } else {
            Feed::Merged("shared_mlp", shared, ["input_linear", "output_linear"])
        };
        Ok(Layer::new(mixer, feed))
    })
}

fn mamba(text: &Fields) -> Result<Mamba, Problem> {
    let hidden = text.need("hidden_size")?;
    Ok(Mamba {
        hidden,
        heads: text.need("mamba_n_heads")?,
        inner: hidden * text.need("mamba_expand")?,
        groups: text.need("mamba_n_groups")?,
        state: text.need("mamba_d_state")?,
        kernel: text.need("mamba_d_conv")?,
        conv_bias: text.flag("mamba_conv_bias", true)?,
        bias: text.flag("mamba_proj_bias", false)?,
    })
}
