//! The table of rotary positions that an engine holds beside the weights.

use crate::model::{DType, Model};
use crate::units::Bytes;

/// Bytes of the table: a cosine and a sine for half of the elements of a head, for every position of the context.
/// One table serves all layers, and every rank holds all of it.
///
/// Source: vLLM `model_executor/layers/rotary_embedding`, `cos_sin_cache`; logged weights of Llama-3.1-8B are 32 MiB
/// above those of its file, of Llama-3-8B 2 MiB, of Qwen3-0.6B 10 MiB.
#[must_use]
pub fn table(model: &Model, dtype: DType) -> Bytes {
    let elements = u128::from(model.context.tokens) * u128::from(model.dims.head_dim);
    Bytes::saturating(elements.saturating_mul(u128::from(dtype.bits())) / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_as_logs_are_above_the_file() {
        let config = |context: u64| {
            format!(
                r#"{{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
                "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
                "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": {context},
                "torch_dtype": "bfloat16"}}"#
            )
        };
        let table = |context| table(&crate::model::read(&config(context)).unwrap(), DType::BF16);
        assert_eq!(table(131_072), Bytes::from_mib(32));
        assert_eq!(table(8192), Bytes::from_mib(2));
    }
}
