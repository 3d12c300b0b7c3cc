//! HRM: two stacks of layers that are passed several times, so that each layer keeps several caches.
//!
//! Source: transformers `modeling_hrm_text.py`, `configuration_hrm_text.py`.

use super::plain::{Shape, vocabulary};
use super::traits::{LLAMA, NAMES, Names, Norm, Switch, Traits};
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::fields::Fields;
use crate::model::modules::{Group, Split};
use crate::problem::Problem;

const HRM: Names = Names { norm: "", ..NAMES };
const TRAITS: Traits =
    Traits { names: &HRM, mlp_bias: Switch::If("mlp_bias"), norms: &[], norm: Norm::Bare, ..LLAMA };

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    let shape = Shape::read(text, &TRAITS)?;
    let (layers, attention) = (layers_per_stack(text)?, shape.attention);
    shape.dims(builder, layers * 2);
    vocabulary(config, &TRAITS, attention.hidden, builder)?;
    builder.once("", |block| block.plain("model.z_L_init", Group::Embeddings, attention.hidden));
    let (high, low) = (text.need("H_cycles")?, text.need("L_cycles")?);
    for (prefix, passes) in [("model.L_module.layers", high * low), ("model.H_module.layers", high)] {
        if passes > 4096 {
            return Err(text.bad("H_cycles", passes.to_string(), "at most 4096 passes".to_owned()));
        }
        builder.layers(
            prefix,
            layers,
            |_| Ok(()),
            |(), block| {
                shape.add(block);
                let gate = (attention.hidden, attention.heads * attention.head_dim);
                let path = "self_attn.gate_proj";
                block.linear(path, Group::Attention, gate, attention.qkv_bias, Split::Columns);
                block.caches.extend((0..passes).map(|_| attention.cache(None)));
                Ok(())
            },
        )?;
    }
    Ok(())
}

/// Before it was saved once, a config has the layers of one stack in `num_hidden_layers`, afterwards all passes.
fn layers_per_stack(text: &Fields) -> Result<u64, Problem> {
    if text.has("num_layers_per_stack") || !text.has("num_hidden_layers") {
        return text.need("num_layers_per_stack");
    }
    text.need("num_hidden_layers")
}

#[cfg(test)]
mod tests {
    use crate::model::read;

    #[test]
    fn every_pass_of_a_layer_has_its_own_cache() {
        let small = r#"{"architectures": ["HrmTextForCausalLM"], "model_type": "hrm_text", "num_hidden_layers": 2,
            "vocab_size": 1001, "intermediate_size": 182, "num_attention_heads": 4, "head_dim": 32, "hidden_size": 64}"#;
        let model = read(small).unwrap();
        assert_eq!(model.parameters().total, 431_808);
        let caches: usize = model.blocks.iter().map(|block| block.layers.len() * block.caches.len()).sum();
        assert_eq!(caches, 2 * 2 * (3 + 1), "layers, high cycles, low cycles and one high pass");
        let saved = small
            .replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 16, \"num_layers_per_stack\": 2");
        assert_eq!(read(&saved).unwrap().parameters().total, 431_808);
    }
}
