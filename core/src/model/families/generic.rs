//! An estimate for a decoder whose family is not known: Llama's shape with the fields that are understood.

use super::decoders::llama::dims;
use crate::model::attention::Attention;
use crate::model::build::Builder;
use crate::model::config::Config;
use crate::model::feed_forward::{Experts, Mlp};
use crate::model::modules::Group;
use crate::problem::Problem;

/// Fields that this estimate reads, in any of their spellings.
const READ: [&str; 10] = [
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "intermediate_size",
    "vocab_size",
    "num_experts",
    "num_experts_per_tok",
    "moe_intermediate_size",
];

/// Fields that do not bear on the size of a model, by their beginning.
const NO_SIZE: [&str; 19] = [
    "_",
    "architectures",
    "attn_implementation",
    "auto_map",
    "bos_",
    "dtype",
    "eos_",
    "hidden_act",
    "id2label",
    "initializer",
    "label2id",
    "max_",
    "model_type",
    "pad_",
    "rms_norm",
    "rope",
    "tie_",
    "torch_dtype",
    "use_cache",
];

pub(super) fn build(config: &Config, builder: &mut Builder) -> Result<(), Problem> {
    let text = &config.text;
    if READ.iter().filter(|name| text.has(name)).count() == 0 {
        return Err(Problem::new(
            "not-a-model",
            "config.json",
            format!("model_type {:?} and no dimension of a language model", config.model_type),
            "hidden_size, num_hidden_layers, num_attention_heads, intermediate_size and vocab_size",
        )
        .hint("use the config.json of the model itself, not that of an adapter, a tokenizer or a pipeline"));
    }
    let attention = Attention::read(text)?;
    let layers = text.need("num_hidden_layers")?;
    let width = text.need("intermediate_size")?;
    let experts = text.count_or("num_experts", 0)?;
    dims(builder, &attention, width, layers);
    builder.vocabulary("model.embed_tokens", text.need("vocab_size")?, attention.hidden, config.tied()?);
    let experts = Experts {
        hidden: attention.hidden,
        width: text.count_or("moe_intermediate_size", width)?,
        experts,
        per_token: text.count_or("num_experts_per_tok", experts)?,
        gated: true,
    };
    builder.layers(
        "model.layers",
        layers,
        |_| Ok(()),
        |(), block| {
            attention.add(block, "self_attn");
            if experts.experts > 0 {
                experts.add_router(block, "mlp.gate");
                experts.add(block, "mlp.experts", ["gate_proj", "up_proj", "down_proj"]);
            } else {
                Mlp::gated(attention.hidden, width).add(block, "mlp", Group::DenseMlp);
            }
            block.norm("input_layernorm", attention.hidden);
            block.norm("post_attention_layernorm", attention.hidden);
            block.caches.push(attention.cache(None));
            Ok(())
        },
    )?;
    builder.once("model", |block| block.norm("norm", attention.hidden));
    note(config, builder);
    Ok(())
}

fn note(config: &Config, builder: &mut Builder) {
    let (mut used, mut ignored) = (Vec::new(), Vec::new());
    for name in config.text.names() {
        let read =
            READ.iter().any(|field| config.text.written(field).is_some_and(|(spelling, _)| spelling == name));
        if read {
            used.push(name);
        } else if !NO_SIZE.iter().any(|start| name.starts_with(start)) {
            ignored.push(name);
        }
    }
    builder.assume(
        "unknown-architecture",
        format!(
            "model_type {:?} is not known: counted as a decoder of Llama's shape from {}; not understood: {}",
            config.model_type,
            used.join(", "),
            if ignored.is_empty() { "nothing".to_owned() } else { ignored.join(", ") },
        ),
    );
}
