//! Qwen3-Next, Qwen3.5 and Qwen4-Exp: gated delta nets, and every fourth layer gated attention.
//!
//! Source: transformers `modeling_qwen3_next.py`, `modeling_qwen3_5.py`, `modeling_qwen3_5_moe.py`; the MTP layer as the
//! published checkpoints store it.

use super::decoder::{FRAME, Feed, Frame, Layer, Mixer, decode_within, predicting, speculate};
use super::delta::DeltaNet;
use super::grouped::{Grouped, Reach};
use super::layers::{Sparse, SparseLayers, Words};
use super::mixture::{Mixture, QWEN, QWEN_FUSED};
use super::qwen_exp::Exp;
use crate::model::attention::{Attention, QkNorm};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::Mlp;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Split};
use crate::problem::Problem;

/// Every which layer has attention, where the config does not say.
const INTERVAL: u64 = 4;

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let next = text.class() == "qwen3_next";
    let bias = text.flag("attention_bias", false)?;
    let attention = Attention {
        qkv_bias: bias,
        out_bias: bias,
        qk_norm: QkNorm::PerHead,
        gated: true,
        ..Attention::read(text)?
    };
    let net = DeltaNet::read(text, next)?;
    let words = Words::read(text, "layer_types")?;
    let interval = text.count_or("full_attention_interval", INTERVAL)?.max(1);
    let sparse = SparseLayers::read(text, Sparse::Step)?;
    let dense = text.class() == "qwen3_5_text";
    let exp = if text.class() == "qwen4_exp_text" { Some(Exp::read(text)?) } else { None };
    let layer = |number: u64| {
        let linear = match words.at(number)? {
            Some(word) => word == "linear_attention",
            None => !(number + 1).is_multiple_of(interval),
        };
        let mixer = if linear {
            Mixer::Delta(net.clone())
        } else {
            let index = exp.as_ref().map(Exp::index).transpose()?.flatten();
            Mixer::Grouped(Grouped { index, ..Grouped::new(attention, Reach::Full) })
        };
        let feed = if dense || !sparse.at(number)? {
            Feed::Dense("mlp", Mlp::gated(attention.hidden, text.need("intermediate_size")?))
        } else {
            Feed::Mixture(mixture(text, next, number)?)
        };
        let mut layer = Layer::new(mixer, feed);
        if let Some(exp) = &exp {
            layer.norms = &[];
            exp.extend(&mut layer.extra, number)?;
        }
        Ok(layer)
    };
    let norm = FRAME.norm.filter(|_| exp.is_none());
    decode_within(config, text, builder, Frame { norm, ..FRAME }, layer)?;
    if let Some(exp) = &exp {
        exp.finish(builder);
    }
    // Qwen3-Next stores one prediction layer and has no field for it.
    let declared = predicting(text, "mtp_num_hidden_layers", 0)?;
    let stored = if next && declared.is_empty() { 0..1 } else { declared };
    if !stored.is_empty() {
        let last = layer(builder.dims.layers.saturating_sub(1))?;
        let mixer = Mixer::Grouped(Grouped::new(attention, Reach::Full));
        speculate(builder, "mtp.layers", stored, &Layer { mixer, ..last }, |_| {});
        predict(builder, attention.hidden);
    }
    Ok(())
}

/// What stands once around the prediction layers.
fn predict(builder: &mut Builder, hidden: u64) {
    builder.once("mtp", |block| {
        block.linear("fc", Group::Mtp, (hidden * 2, hidden), false, Split::Replicated);
        for name in ["pre_fc_norm_hidden", "pre_fc_norm_embedding", "norm"] {
            block.plain(name, Group::Mtp, hidden);
        }
    });
}

fn mixture(text: &Fields, next: bool, layer: u64) -> Result<Mixture, Problem> {
    let names = if next { &QWEN } else { &QWEN_FUSED };
    let width = text.need("moe_intermediate_size")?;
    let shared = Mlp::gated(text.need("hidden_size")?, text.need("shared_expert_intermediate_size")?);
    Ok(Mixture { shared: Some(shared), shared_gate: true, ..Mixture::read(text, layer, width, names)? })
}
