//! Which is the smallest slice that holds this model? `cargo run -p migfit --example smallest_slice`

use migfit::engine::Serving;
use migfit::gpu::{self, Device};
use migfit::matching;
use migfit::model;
use migfit::problem::Problem;

/// A `config.json`: what is left out takes the default of its class, and the answer says so.
const CONFIG: &str = r#"{
    "model_type": "llama", "architectures": ["LlamaForCausalLM"], "torch_dtype": "bfloat16",
    "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32,
    "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072, "tie_word_embeddings": true
}"#;

fn main() -> Result<(), Vec<Problem>> {
    print!("{}", answer()?);
    Ok(())
}

pub(crate) fn answer() -> Result<String, Vec<Problem>> {
    let model = model::read(CONFIG)?;
    let serving = Serving { max_model_len: Some(16_384), sequences: 8, ..Serving::default() };
    let mut said = String::new();
    for card in ["H100-80GB", "A30"] {
        let devices: Vec<Device> = Device::all_of(gpu::find(card)?).collect();
        let report = matching::fit(&model, &serving, &devices)?;
        said += &match report.smallest.and_then(|place| report.offers.get(place)) {
            Some(offer) => format!("{card}: {}, ask for {}\n", offer.device, offer.resource),
            None => format!("{card}: none\n"),
        };
    }
    Ok(said)
}
