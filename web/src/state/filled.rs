//! The form as something else fills it: advice, a command line, a manifest, a log.

use migfit::engine::Serving;

use super::field::Field;
use super::form::Form;

impl Form {
    /// The form that asks for `serving`; what is the default is left alone.
    #[must_use]
    pub fn of(serving: &Serving) -> Form {
        let base = Serving::default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let word = |own: &str, base: &str| if own == base { String::new() } else { own.to_owned() };
        let several = |own: u64| number(Some(own).filter(|own| *own != 1));
        let switch = |on: bool| if on { "true".to_owned() } else { String::new() };
        let mut form = Form::default();
        for (field, value) in [
            (Field::Engine, word(&serving.engine, &base.engine)),
            (Field::Context, number(serving.max_model_len)),
            (Field::Sequences, number(Some(serving.sequences).filter(|own| *own != base.sequences))),
            (Field::Quantization, word(&serving.quantization, &base.quantization)),
            (Field::Dtype, word(&serving.dtype, &base.dtype)),
            (Field::KvDtype, word(&serving.kv_cache_dtype, &base.kv_cache_dtype)),
            (
                Field::Utilization,
                serving.gpu_memory_utilization.map(|share| share.to_string()).unwrap_or_default(),
            ),
            (Field::MaxNumSeqs, number(serving.max_num_seqs)),
            (Field::MaxBatchedTokens, number(serving.max_num_batched_tokens)),
            (Field::EnforceEager, switch(serving.enforce_eager)),
            (Field::TensorParallel, several(serving.tensor_parallel)),
            (Field::PipelineParallel, several(serving.pipeline_parallel)),
            (Field::DataParallel, several(serving.data_parallel)),
            (Field::ExpertParallel, switch(serving.expert_parallel)),
            (Field::Loras, number(serving.max_loras)),
            (Field::LoraRank, number(serving.max_lora_rank)),
            (
                Field::Drafting,
                serving.speculative_method.map(|draft| draft.word().to_owned()).unwrap_or_default(),
            ),
            (Field::DraftTokens, number(serving.speculative_tokens)),
            (Field::CpuOffload, number(serving.cpu_offload_gb)),
            (Field::KvOffload, number(serving.kv_offloading_gb)),
            (Field::Pooling, switch(serving.pooling)),
            (Field::Images, number(serving.images_per_prompt)),
            (Field::Videos, number(serving.videos_per_prompt)),
        ] {
            form.set(field, value);
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use migfit::engine::Drafting;
    use migfit::ratio::Ratio;

    use super::*;
    use crate::state::examples::GRANITE_7B_BASE;

    #[test]
    fn a_form_asks_for_the_settings_that_it_was_made_of() {
        let serving = Serving {
            max_model_len: Some(2048),
            sequences: 3,
            engine: "sglang-0.5".to_owned(),
            dtype: "float16".to_owned(),
            quantization: "fp8".to_owned(),
            kv_cache_dtype: "fp8".to_owned(),
            gpu_memory_utilization: Some(Ratio::percent(85)),
            max_num_seqs: Some(16),
            max_num_batched_tokens: Some(4096),
            enforce_eager: true,
            tensor_parallel: 2,
            pipeline_parallel: 3,
            data_parallel: 4,
            expert_parallel: true,
            max_loras: Some(4),
            max_lora_rank: Some(64),
            speculative_method: Some(Drafting::Eagle3),
            speculative_tokens: Some(5),
            cpu_offload_gb: Some(6),
            kv_offloading_gb: Some(7),
            pooling: true,
            images_per_prompt: Some(0),
            videos_per_prompt: Some(8),
        };
        // No field is left to its default: a new one cannot be forgotten here.
        let model = migfit::model::read(GRANITE_7B_BASE).unwrap();
        assert_eq!(Form::of(&serving).serving(&model), Ok(serving));
        assert_eq!(Form::of(&Serving::default()), Form::default());
    }
}
