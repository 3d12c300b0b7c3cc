//! Every layout reads, and well-known models come out to the parameter and to the element of state.

use super::{classes, knows};
use crate::model::{Cache, DType, KvShape, Mixer, Model, Task, read};

fn model(text: &str) -> Model {
    read(text).unwrap()
}

/// Caches of layer `number`.
fn caches(model: &Model, number: u32) -> &[Cache] {
    &model.blocks.iter().find(|block| block.layers.contains(&number)).unwrap().caches
}

#[test]
fn every_class_stands_once() {
    let mut names: Vec<&str> = classes().collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(knows("mamba2"));
    assert!(!knows("%mamba2"), "a part is no class");
}

#[test]
fn every_class_is_filled_from_its_defaults() {
    // Classes that leave open what every file of theirs says.
    let open = [
        "data2vec-audio",
        "esm",
        "hubert",
        "lfm2_moe",
        "seamless_m4t",
        "seamless_m4t_v2",
        "sew",
        "speecht5",
        "unispeech",
        "unispeech-sat",
        "wav2vec2",
        "wav2vec2-bert",
        "wav2vec2-conformer",
        "wavlm",
    ];
    for class in classes().filter(|class| !open.contains(class)) {
        let model = read(&format!(r#"{{"model_type": "{class}"}}"#)).unwrap_or_else(|problem| {
            panic!("{class}: {problem}");
        });
        assert!(model.known && model.parameters().total > 0, "{class}");
    }
}

/// `tiiuae/Falcon-H1-0.5B-Instruct`: both mixers in every layer.
#[test]
fn falcon_h1_has_a_cache_and_a_state_per_layer() {
    let model = model(
        r#"{"model_type": "falcon_h1", "hidden_size": 1024, "intermediate_size": 2048, "num_hidden_layers": 36,
        "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 64, "vocab_size": 32784,
        "mamba_d_ssm": 1536, "mamba_n_heads": 24, "mamba_d_head": 64, "mamba_d_state": 128,
        "tie_word_embeddings": false}"#,
    );
    assert_eq!(model.parameters().total, 521_411_104);
    assert_eq!(
        caches(&model, 35),
        [
            Cache::Full(KvShape { kv_heads: 2, key_dim: 64, value_dim: 64 }),
            Cache::State {
                mixer: Mixer::Mamba2,
                conv: 3 * (1536 + 2 * 128),
                recurrent: 24 * 64 * 128,
                recurrent_dtype: None
            }
        ]
    );
}

/// `nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B` in shape, with one layer of each kind.
#[test]
fn nemotron_reads_its_pattern_as_letters_or_words() {
    let shape = r#""model_type": "nemotron_h", "hidden_size": 2688, "vocab_size": 131072, "n_routed_experts": 128,
        "num_experts_per_tok": 6, "moe_intermediate_size": 1856, "moe_shared_expert_intermediate_size": 3712,
        "num_attention_heads": 32, "num_key_value_heads": 2, "head_dim": 128, "mamba_num_heads": 64,
        "mamba_head_dim": 64, "ssm_state_size": 128, "n_groups": 8, "intermediate_size": 1856"#;
    let letters = model(&format!(r#"{{{shape}, "hybrid_override_pattern": "ME*-"}}"#));
    let words = model(&format!(r#"{{{shape}, "layers_block_type": ["mamba", "moe", "attention", "mlp"]}}"#));
    let mamba = 3 * 64 + 6144 * 5 + 2688 * 10_304 + 4096 + 4096 * 2688;
    let experts = 2688 * 128 + 128 * 2 * 2688 * 1856 + 2 * 2688 * 3712;
    let attention = 2 * 2688 * 4096 + 2 * 2688 * 256;
    let total = 2 * 131_072 * 2688 + mamba + experts + attention + 2 * 2688 * 1856 + 5 * 2688;
    assert_eq!(letters.parameters().total, total);
    assert_eq!(words.parameters(), letters.parameters());
    assert_eq!(letters.parameters().active, total - (128 - 6) * 2 * 2688 * 1856);
    assert_eq!(
        caches(&letters, 0),
        [Cache::State {
            mixer: Mixer::Mamba2,
            conv: 3 * 6144,
            recurrent: 64 * 64 * 128,
            recurrent_dtype: Some(DType::F32)
        }]
    );
    assert_eq!(caches(&letters, 1), []);
}

/// `google-bert/bert-base-uncased`: the output matrix is the embedding, its bias is not.
#[test]
fn bert_has_heads_by_architecture_and_no_cache() {
    let total = |architecture: &str| {
        let model = model(&format!(
            r#"{{"model_type": "bert", "architectures": ["{architecture}"], "hidden_size": 768, "num_hidden_layers": 12,
            "num_attention_heads": 12, "intermediate_size": 3072, "vocab_size": 30522, "type_vocab_size": 2,
            "max_position_embeddings": 512, "id2label": {{"0": "LABEL_0"}}}}"#
        ));
        assert_eq!(model.task, Task::Embed);
        assert!(model.blocks.iter().all(|block| block.caches.is_empty()));
        model.parameters().total
    };
    assert_eq!(total("BertModel"), 109_482_240);
    assert_eq!(total("BertForMaskedLM"), 109_514_298);
    assert_eq!(total("BertForSequenceClassification"), 109_482_240 + 769);
    assert_eq!(total("BertForQuestionAnswering"), 109_482_240 - 768 * 769 + 2 * 769);
}

/// `openai/whisper-large-v3`: keys and values of 1500 frames beside those of the text.
#[test]
fn whisper_keeps_its_own_and_the_encoders_keys() {
    let model = model(
        r#"{"model_type": "whisper", "architectures": ["WhisperForConditionalGeneration"], "d_model": 1280,
        "encoder_layers": 32, "decoder_layers": 32, "encoder_attention_heads": 20, "decoder_attention_heads": 20,
        "encoder_ffn_dim": 5120, "decoder_ffn_dim": 5120, "vocab_size": 51866, "num_mel_bins": 128}"#,
    );
    assert_eq!(model.parameters().total, 1_543_490_560);
    assert_eq!(model.task, Task::EncodeThenGenerate);
    let shape = KvShape { kv_heads: 20, key_dim: 64, value_dim: 64 };
    let decoder = model.blocks.iter().find(|block| block.prefix == "model.decoder.layers").unwrap();
    assert_eq!(decoder.caches, [Cache::Full(shape), Cache::Cross { shape, tokens: Some(1500) }]);
}

/// `google/flan-t5-base`, which says that it is not tied.
#[test]
fn t5_is_tied_and_says_so_where_the_file_differs() {
    let model = model(
        r#"{"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "d_model": 768, "d_ff": 2048,
        "d_kv": 64, "num_heads": 12, "num_layers": 12, "vocab_size": 32128, "feed_forward_proj": "gated-gelu",
        "tie_word_embeddings": false}"#,
    );
    assert_eq!(model.parameters().total, 247_577_856 - 32_128 * 768);
    assert!(model.assumptions.iter().any(|assumption| assumption.code == "tied-although-false"));
}

/// `jinaai/jina-embeddings-v3` names its class and no `model_type`.
#[test]
fn an_absent_model_type_follows_from_the_class() {
    let file = r#"{"architectures": ["XLMRobertaModel"], "hidden_size": 1024, "intermediate_size": 4096,
        "max_position_embeddings": 8194, "num_attention_heads": 16, "num_hidden_layers": 24, "type_vocab_size": 1,
        "vocab_size": 250002}"#;
    let model = model(file);
    assert!(model.known);
    assert_eq!(model.parameters().total, 567_754_752);
    let assumption = model.assumptions.iter().find(|assumption| assumption.code == "no-model-type").unwrap();
    assert_eq!(
        assumption.text,
        "model_type is absent: read as \"xlm-roberta\", to which XLMRobertaModel belongs"
    );
    assert!(!read(&file.replace("XLMRobertaModel", "ForModel")).unwrap().known);
}

#[test]
fn an_architecture_that_no_layout_describes_is_refused() {
    let problem =
        read(r#"{"model_type": "speecht5", "architectures": ["SpeechT5ForTextToSpeech"]}"#).unwrap_err();
    assert_eq!(problem.code, "unknown-architecture");
    assert_eq!(
        problem.to_string(),
        "architectures: found a SpeechT5 model that does not write text, expected an architecture whose shape is known"
    );
}

/// `google/t5gemma-2b-2b-ul2` in shape: the encoder's width feeds the decoder's keys.
#[test]
fn t5gemma_keeps_sliding_full_and_cross_keys() {
    let part = r#"{"model_type": "t5_gemma_module", "hidden_size": 2304, "num_hidden_layers": 26,
        "intermediate_size": 9216, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
        "sliding_window": 4096, "vocab_size": 256000}"#;
    let model = model(&format!(
        r#"{{"model_type": "t5gemma", "architectures": ["T5GemmaForConditionalGeneration"], "vocab_size": 256000,
        "tie_word_embeddings": true, "encoder": {part}, "decoder": {part}}}"#
    ));
    let attention = 2 * 2304 * 2048 + 2 * 2304 * 1024;
    let layer = attention + 3 * 2304 * 9216 + 4 * 2304;
    let total = 2 * 256_000 * 2304 + 26 * (2 * layer + attention + 2 * 2304) + 2 * 2304;
    assert_eq!(model.parameters().total, total);
    let shape = KvShape { kv_heads: 4, key_dim: 256, value_dim: 256 };
    let cross = Cache::Cross { shape, tokens: None };
    let decoder = |number: u32| {
        let mut blocks = model.blocks.iter().filter(|block| block.prefix == "model.decoder.layers");
        &blocks.find(|block| block.layers.contains(&number)).unwrap().caches
    };
    assert_eq!(decoder(0)[..], [Cache::Sliding { shape, window: 4096 }, cross]);
    assert_eq!(decoder(1)[..], [Cache::Full(shape), cross]);
}

/// `google/gemma-4-E2B-it` in shape: the last layers hold no keys and values, keep none, and are twice as wide.
#[test]
fn gemma4_shares_keys_between_layers() {
    let model = model(
        r#"{"model_type": "gemma4_text", "hidden_size": 64, "intermediate_size": 100, "num_hidden_layers": 4,
        "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 16, "global_head_dim": 32, "vocab_size": 1000,
        "vocab_size_per_layer_input": 500, "hidden_size_per_layer_input": 8, "num_kv_shared_layers": 2,
        "use_double_wide_mlp": true, "sliding_window": 512,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"]}"#,
    );
    let attention = |width: u64| 2 * 64 * 4 * width + width;
    let keys = |width: u64| 2 * 64 * width + width;
    let rest = 4 * 64 + 2 * 64 * 8 + 64;
    let layers = 2 * (attention(16) + attention(32)) + keys(16) + keys(32) + 4 * rest + 6 * 3 * 64 * 100;
    let once = 1000 * 64 + 500 * 4 * 8 + 64 * 4 * 8 + 8 + 64;
    assert_eq!(model.parameters().total, layers + once);
    let shape = |width| KvShape { kv_heads: 1, key_dim: width, value_dim: width };
    assert_eq!(caches(&model, 0), [Cache::Sliding { shape: shape(16), window: 512 }]);
    assert_eq!(caches(&model, 1), [Cache::Full(shape(32))]);
    assert_eq!(caches(&model, 2), []);
    assert_eq!(caches(&model, 3), []);
}

/// `stepfun-ai/Step-3.7` in shape: 1536 times 5.833333333333333 is 8960 for whoever multiplies floats.
#[test]
fn a_width_by_a_decimal_factor_is_rounded_as_floats_are() {
    let total = |ratio: &str| {
        let vision =
            format!(r#"{{"model_type": "step3p5_vision", "num_hidden_layers": 1, "mlp_ratio": {ratio}}}"#);
        let model = model(&format!(r#"{{"model_type": "step3p7", "vision_config": {vision}}}"#));
        model.parameters().total
    };
    let per_column = 2 * 1536 + 1;
    assert_eq!(total("5.833333333333333") - total("5.0"), (8960 - 7680) * per_column);
    assert_eq!(total("5.8333"), total("5.833333333333333") - per_column);
}

/// `llava-hf/llava-onevision-qwen2-0.5b-ov-hf` says false at the top, true for its language model, and ties.
#[test]
fn a_language_model_that_ties_wins_in_some_classes() {
    let matrices = |class: &str, top: &str, nested: &str| {
        let file = format!(
            r#"{{"model_type": "{class}", "tie_word_embeddings": {top},
            "text_config": {{"model_type": "qwen2", "tie_word_embeddings": {nested}}}}}"#
        );
        let model = model(&file);
        model.blocks.iter().flat_map(|block| &block.modules).filter(|module| module.path == "lm_head").count()
    };
    assert_eq!(matrices("llava_onevision", "false", "true"), 0);
    assert_eq!(matrices("llava_onevision", "false", "false"), 1);
    assert_eq!(matrices("internvl", "false", "true"), 1);
}

/// What the library builds for a file that says nothing but its class, by the oracle in `tests/oracle`.
#[test]
fn parts_of_larger_models_and_recognisers_are_exact_at_their_defaults() {
    #[rustfmt::skip]
    let known = [
        ("clap", "ClapModel", 153_492_890),
        ("clipseg", "CLIPSegModel", 151_277_313),
        ("csm", "CsmForConditionalGeneration", 1_632_100_161),
        ("dac", "DacModel", 76_620_777),
        ("donut-swin", "DonutSwinModel", 27_517_818),
        ("embedding_gemma2", "EmbeddingGemma2Model", 271_002_624),
        ("glm_image_vision", "GlmImageVisionModel", 1_159_607_808),
        ("granite_docling_vision", "GraniteDoclingVisionModel", 156_797_696),
        ("higgs_audio_v2", "HiggsAudioV2ForConditionalGeneration", 5_377_182_720),
        ("hunyuan_vl_vision", "HunYuanVLVisionTransformer", 466_645_488),
        ("kyutai_speech_to_text", "KyutaiSpeechToTextForConditionalGeneration", 2_696_431_425),
        ("lasr_ctc", "LasrForCTC", 105_265_408),
        ("mimi", "MimiModel", 79_308_609),
        ("minicpm_ocr_vision", "MiniCPMOcrVisionModel", 135_366_144),
        ("muse_spark_audio", "MuseSparkAudioModel", 117_840_384),
        ("nemo_speechlm", "Nemotron3_5TranscribeForConditionalGeneration", 32_361_750_159),
        ("nemotron3_5_asr", "Nemotron3_5AsrForRNNT", 636_866_592),
        ("nemotron3_diarization", "Nemotron3DiarizationModel", 99_187_392),
        ("owlv2", "Owlv2Model", 151_208_449),
        ("parakeet_ctc", "ParakeetForCTC", 608_799_745),
        ("parakeet_tdt", "ParakeetForTDT", 625_877_638),
        ("pe_audio_encoder", "PeAudioEncoder", 282_057_664),
        ("qwen3_asr_encoder", "Qwen3ASREncoder", 314_328_704),
        ("radio", "RadioModel", 651_727_360),
        ("sew", "SEWModel", 93_196_416),
        ("swin", "SwinModel", 27_519_354),
        ("swinv2", "Swinv2Model", 27_578_154),
        ("tipsv2", "Tipsv2Model", 195_948_289),
        ("vibevoice_acoustic_tokenizer_decoder", "VibeVoiceAcousticTokenizerDecoderModel", 175_793_409),
        ("vision-encoder-decoder", "VisionEncoderDecoderModel", 224_270_394),
        ("vision-text-dual-encoder", "VisionTextDualEncoderModel", 196_657_921),
        ("xclip", "XCLIPModel", 196_585_729),
    ];
    for (class, architecture, total) in known {
        let file = format!(r#"{{"model_type": "{class}", "architectures": ["{architecture}"]}}"#);
        let model = model(&file);
        assert_eq!((class, model.parameters().total), (class, total));
        assert!(model.known, "{class}");
    }
}
