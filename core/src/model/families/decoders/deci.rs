//! Decoders found by architecture search: Llama's layers, each with its own heads and width, or without one half.
//!
//! Source: published `modeling_decilm.py` and `configuration_decilm.py` of DeciLM and Nemotron-NAS,
//! vLLM 0.33 `nemotron_nas.py`.

use serde_json::Value;

use super::plain::{Shape, vocabulary};
use super::traits::{LLAMA, Switch, Traits};
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Split};
use crate::problem::Problem;

const TRAITS: Traits = Traits { mlp_bias: Switch::If("mlp_bias"), norms: &[], width: widest, ..LLAMA };

/// One half of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// Left out, with its norm.
    Absent,
    /// One square matrix in its place.
    Linear,
    /// Key/value heads, or the width inside.
    Full(u64),
}

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let shape = Shape::read(text, &TRAITS)?;
    let hidden = shape.attention.hidden;
    let layers = text.need("num_hidden_layers")?;
    let blocks = text.parts("block_configs", text.class());
    shape.dims(builder, layers);
    vocabulary(config, &TRAITS, hidden, builder)?;
    builder.layers(
        TRAITS.names.layers,
        layers,
        |layer| match &blocks {
            Some(blocks) => halves(text, blocks, &shape.attention, layer),
            None => Ok((Half::Full(kv_heads(text, &shape.attention, layer)?), Half::Full(shape.width))),
        },
        |(attention, feed), block| {
            match *attention {
                Half::Absent => {}
                Half::Linear => {
                    let path = "self_attn.linear_attn";
                    block.linear(path, Group::Attention, (hidden, hidden), false, Split::Replicated);
                }
                Half::Full(kv_heads) => {
                    let attention = Attention { kv_heads, ..shape.attention };
                    Shape { attention, ..shape.clone() }.add_attention(block);
                    block.caches.push(attention.cache(None));
                }
            }
            match *feed {
                Half::Absent => {}
                Half::Linear => {
                    let path = "mlp.linear_mlp";
                    block.linear(path, Group::DenseMlp, (hidden, hidden), false, Split::Replicated);
                }
                Half::Full(width) => Shape { width, ..shape.clone() }.add_feed(block),
            }
            for (half, norm) in [(attention, "input_layernorm"), (feed, "post_attention_layernorm")] {
                if *half != Half::Absent {
                    block.norm(norm, hidden);
                }
            }
            Ok(())
        },
    )?;
    builder.once("", |block| block.norm(TRAITS.names.norm, hidden));
    Ok(())
}

/// DeciLM lists its key/value heads per layer.
fn kv_heads(text: &Fields, attention: &Attention, layer: u64) -> Result<u64, Problem> {
    Ok(text.count_at("num_key_value_heads_per_layer", layer)?.unwrap_or(attention.kv_heads))
}

fn halves(
    text: &Fields,
    blocks: &[Fields],
    attention: &Attention,
    layer: u64,
) -> Result<(Half, Half), Problem> {
    let Some(block) = usize::try_from(layer).ok().and_then(|layer| blocks.get(layer)) else {
        return Err(text.bad(
            "block_configs",
            format!("a list of {}", blocks.len()),
            format!("an entry for layer {layer}"),
        ));
    };
    let half =
        |name: &str, full: &dyn Fn(&Fields) -> Result<u64, Problem>| match block.part(name, text.class()) {
            None => Err(block.missing(name, "an object")),
            Some(part) if part.flag("no_op", false)? => Ok(Half::Absent),
            Some(part) if part.flag("replace_with_linear", false)? => Ok(Half::Linear),
            Some(part) => full(&part).map(Half::Full),
        };
    Ok((
        half("attention", &|part| Ok(attention.heads / part.need("n_heads_in_group")?))?,
        half("ffn", &|part| match part.count("intermediate_size")? {
            Some(width) => Ok(width),
            None => width_of(part, attention.hidden),
        })?,
    ))
}

/// Two thirds of `ffn_mult` times the residual stream, cut, then rounded up to 256.
fn width_of(part: &Fields, hidden: u64) -> Result<u64, Problem> {
    let Some((name, value)) = part.written("ffn_mult") else {
        return Err(part.missing("ffn_mult", "a number"));
    };
    let Some((digits, scale)) = decimal(value) else {
        return Err(part.bad(
            name,
            value.to_string(),
            "a number from 0 to 4096 without an exponent".to_owned(),
        ));
    };
    Ok((u128::from(hidden) * 2 * u128::from(digits) / (3 * u128::from(scale)))
        .div_ceil(256)
        .try_into()
        .unwrap_or(u64::MAX)
        .saturating_mul(256))
}

/// `2.625` as 2625 and 1000.
fn decimal(value: &Value) -> Option<(u64, u64)> {
    let text = value.as_number()?.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= 4096)?;
    let part: u64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    Some((whole.checked_mul(scale)?.checked_add(part)?, scale))
}

/// The width where all layers have the same, else that of the widest.
fn widest(text: &Fields, hidden: u64) -> Result<u64, Problem> {
    let Some(blocks) = text.parts("block_configs", text.class()) else {
        return text.need("intermediate_size");
    };
    let mut widest = 0;
    for ffn in blocks.iter().filter_map(|block| block.part("ffn", text.class())) {
        let width = match ffn.count("intermediate_size")? {
            Some(width) => width,
            None if ffn.has("ffn_mult") => width_of(&ffn, hidden)?,
            None => 0,
        };
        widest = widest.max(width);
    }
    Ok(widest)
}

#[cfg(test)]
mod tests {
    use crate::model::cache::{Cache, KvShape};
    use crate::model::read;

    const SMALL: &str = r#"{"architectures": ["DeciLMForCausalLM"], "model_type": "nemotron-nas",
        "hidden_size": 384, "num_attention_heads": 6, "num_hidden_layers": 4, "vocab_size": 1000,
        "tie_word_embeddings": false, "num_key_value_heads": null, "intermediate_size": null, "block_configs": [
        {"attention": {"n_heads_in_group": 3, "no_op": false}, "ffn": {"ffn_mult": 2.625, "no_op": false}},
        {"attention": {"n_heads_in_group": null, "no_op": true}, "ffn": {"ffn_mult": 0.5, "no_op": false}},
        {"attention": {"n_heads_in_group": null, "replace_with_linear": true}, "ffn": {"ffn_mult": null, "no_op": true}},
        {"attention": {"n_heads_in_group": 3}, "ffn": {"ffn_mult": null, "replace_with_linear": true}}]}"#;

    #[test]
    fn every_layer_has_halves_of_its_own() {
        let attention = 2 * 384 * 384 + 2 * 384 * 128;
        let layers = [
            attention + 3 * 384 * 768 + 2 * 384, // 2.625 x 384 x 2/3 = 672, rounded up to 768
            3 * 384 * 256 + 384,                 // 0.5 x 384 x 2/3 = 128, rounded up to 256
            384 * 384 + 384,
            attention + 384 * 384 + 2 * 384,
        ];
        let model = read(SMALL).unwrap();
        assert_eq!(model.parameters().total, layers.iter().sum::<u64>() + 2 * 384_000 + 384);
        let caches: Vec<_> = model.blocks.iter().flat_map(|block| block.caches.clone()).collect();
        assert_eq!(caches, [Cache::Full(KvShape { kv_heads: 2, key_dim: 64, value_dim: 64 }); 2]);
        assert_eq!(model.dims.intermediate_size, 768);
    }

    #[test]
    fn a_missing_block_is_named() {
        let longer = SMALL.replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5");
        let message = read(&longer).unwrap_err().to_string();
        assert_eq!(message, "block_configs: found a list of 4, expected an entry for layer 4");
        let exponent = SMALL.replace("2.625", "2e30");
        let message = read(&exponent).unwrap_err().to_string();
        assert_eq!(
            message,
            "block_configs[0].ffn.ffn_mult: found 2e+30, expected a number from 0 to 4096 without an exponent"
        );
    }
}
