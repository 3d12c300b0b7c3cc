//! What is taken beside the model itself: adapters, drafts, the host's memory, a batch.

use super::{LARGE, SLICE, granite, known, on, terms};
use crate::engine::{Drafting, Serving};
use crate::memory::activations::{encoder, forward};
use crate::memory::{CacheKind, Draft, LayerCache, Plan};
use crate::model::{Block, Group, Model, Split, Weight, read, tests::GRANITE_7B};
use crate::source::Confidence;
use crate::units::Bytes;

fn adapters(model: &Model, engine: &str) -> u64 {
    let serving = Serving { max_loras: Some(2), max_lora_rank: Some(16), ..on(engine) };
    Plan::new(model, &serving).unwrap().adapters.get()
}

/// Two of rank 16 are 64 bytes for each side of a matrix: in each of 32 layers four matrices of 4,096 x 4,096 and three of
/// 4,096 x 11,008. Embedding and output matrix have 32,000 x 4,096.
#[test]
fn adapters_have_room_at_every_matrix() {
    let layers = 32 * 64 * (8 * 4096 + 3 * (4096 + 11_008));
    let words = 2 * 64 * (32_000 + 4096);
    let tied =
        read(&GRANITE_7B.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true")).unwrap();
    let other = Model { model_type: "qwen2".to_owned(), ..granite() };
    assert_eq!(adapters(&granite(), "vllm-0.33"), layers + words);
    assert_eq!(adapters(&tied, "vllm-0.33"), layers + words, "a tied output matrix has room of its own");
    assert_eq!(adapters(&other, "vllm-0.33"), layers, "a class without room for words");
    assert_eq!(adapters(&granite(), "sglang-0.5"), layers);
    assert_eq!(adapters(&tied, "sglang-0.5"), layers);
    // 256 more rows: 2,064,384 bytes, of which ten leave 327,680 of a segment.
    assert_eq!(adapters(&granite(), "vllm-0.9"), layers + words + 2 * 64 * 256);
}

/// Four experts of 100 x 300 make one tensor of 25,600 and one of 76,800 bytes; apart they would take four each.
#[test]
fn adapters_of_experts_are_stacked() {
    let mut block =
        Block { prefix: "model.layers".into(), layers: vec![0], modules: Vec::new(), caches: Vec::new() };
    let weight = Weight::Linear { inputs: 100, outputs: 300, bias: false };
    block.push_copies("experts.*.w1", Group::RoutedExperts, weight, Split::Columns, 4, 2);
    let model = Model { blocks: vec![block], ..granite() };
    let serving = Serving { max_loras: Some(1), max_lora_rank: Some(1), ..on("sglang-0.5") };
    // 800 and 2,400 bytes in pieces of 512.
    assert_eq!(Plan::new(&model, &serving).unwrap().adapters.get(), 1024 + 2560);
}

fn drafting(speculative_method: Drafting) -> Serving {
    Serving {
        speculative_method: Some(speculative_method),
        speculative_tokens: Some(3),
        ..Serving::default()
    }
}

fn draft(model: &Model, own: Option<&Model>, serving: &Serving) -> Draft {
    Plan::with_draft(model, own, serving).unwrap().draft.unwrap()
}

const MIB: u64 = 1 << 20;

/// At 16 bits: 64 MiB for two states that become one, 3 x 32 for queries, keys and values, 32 for what leaves them, and
/// 3 x 86 for the feed-forward. EAGLE 3 has three states, twice as wide an input, and an output matrix of 250.
#[test]
fn a_trained_layer_is_as_wide_as_the_model() {
    let eagle = draft(&granite(), None, &drafting(Drafting::Eagle));
    assert_eq!(eagle.weights, Bytes::new((64 + 96 + 32 + 258) * MIB));
    let kept = LayerCache {
        kind: CacheKind::Full,
        layers: 1,
        bytes_per_token: Bytes::new(16_384),
        tokens_per_entry: 1,
        window: None,
        state_bytes: Bytes::ZERO,
    };
    assert_eq!((eagle.layers.as_slice(), eagle.confidence), (&[kept][..], Confidence::Estimate));
    let third = draft(&granite(), None, &drafting(Drafting::Eagle3));
    assert_eq!(third.weights, Bytes::new((96 + 192 + 32 + 258 + 250) * MIB));
}

/// The file, and its table of rotary positions; a draft is not divided into stages.
#[test]
fn a_smaller_model_is_whole_on_every_stage() {
    let own = granite();
    let whole = Bytes::new(13_476_831_232 + MIB);
    let serving = Serving { pipeline_parallel: 2, ..drafting(Drafting::DraftModel) };
    assert_eq!(draft(&granite(), Some(&own), &serving).weights, whole);
    let [_, (bytes, error, formula), ..] = &terms(&granite(), &drafting(Drafting::Eagle), LARGE)[..] else {
        unreachable!()
    };
    assert_eq!((*bytes, *error), (Bytes::new(450 * MIB), Bytes::new(135 * MIB)));
    assert_eq!(formula, "one dense layer as wide as the model's, 3 tokens in a draft");
    let serving = drafting(Drafting::DraftModel);
    let plan = Plan::with_draft(&own, Some(&own), &serving).unwrap();
    let estimate = plan.estimate(LARGE, 1, 4096);
    assert_eq!((estimate.terms[1].bytes, estimate.terms[1].error), (whole, whole.share(13, 1000)));
}

#[test]
fn a_model_s_own_prediction_layer_is_one_layer_more() {
    let serving = Serving { tensor_parallel: 8, ..drafting(Drafting::Mtp) };
    let draft = draft(&known("deepseek-ai/DeepSeek-V3"), None, &serving);
    let rows: Vec<(CacheKind, u64, u64)> =
        draft.layers.iter().map(|row| (row.kind, row.layers, row.bytes_per_token.get())).collect();
    assert_eq!(rows, [(CacheKind::Latent, 1, 1152)]);
}

#[test]
fn adapters_and_what_the_host_keeps_are_terms_of_their_own() {
    let serving = Serving { max_loras: Some(2), max_lora_rank: Some(16), ..Serving::default() };
    let (bytes, error, formula) = terms(&granite(), &serving, LARGE).remove(1);
    assert_eq!((bytes.get(), error.get()), (164_528_128, 16_452_812));
    assert_eq!(formula, "2 of rank 16, for every matrix that may be adapted");
    let serving = Serving {
        cpu_offload_gb: Some(2),
        kv_offloading_gb: Some(3),
        tensor_parallel: 2,
        ..Serving::default()
    };
    let model = granite();
    let plan = Plan::new(&model, &serving).unwrap();
    let estimate = plan.estimate(LARGE, 1, 4096);
    assert_eq!(plan.offloaded(), Bytes::from_gib(2));
    assert_eq!(estimate.host, Bytes::from_mib(2048 + 1536));
    assert_eq!(estimate.terms[0].bytes, plan.loaded.bytes().minus(Bytes::from_gib(2)));
    // Four matrices of 4,096 x 4,096, three of 4,096 x 11,008 and two norms in each of 32 layers.
    let all = Serving { cpu_offload_gb: Some(1000), ..Serving::default() };
    let layers = 2 * 32 * (4 * 4096 * 4096 + 3 * 4096 * 11_008 + 2 * 4096);
    assert_eq!(Plan::new(&model, &all).unwrap().offloaded(), Bytes::new(layers));
}

#[test]
fn one_device_alone_exchanges_nothing() {
    let other = |tensor_parallel, pipeline_parallel| {
        let serving = Serving { tensor_parallel, pipeline_parallel, ..Serving::default() };
        terms(&granite(), &serving, LARGE)[4].0.get()
    };
    let alone = 150_323_856;
    let parallel = 590_558_003;
    assert_eq!([other(1, 1), other(2, 1), other(1, 2)], [alone, parallel, parallel]);
}

/// `2 B x 2,048 x 3 x (11,008 + 4,096)`; sampling 1,024 sequences over 32,000 entries at 18 B.
#[test]
fn the_peak_is_the_larger_of_two_with_the_band_of_that() {
    let peak = |pooling| {
        let serving = Serving {
            max_num_seqs: Some(1024),
            max_num_batched_tokens: Some(2048),
            pooling,
            ..Serving::default()
        };
        let (bytes, error, _) = terms(&granite(), &serving, LARGE).remove(2);
        (bytes.get(), error.get())
    };
    assert_eq!(peak(false), (589_824_000, 265_420_800));
    assert_eq!(peak(true), (185_597_952, 18_559_795));
    let dims = granite().dims;
    assert_eq!(forward(&dims, 2048, 1).get(), 2 * 2048 * (3 * 11_008 + 3 * 4096));
    assert_eq!(forward(&dims, 2048, 2).get(), 2 * 2048 * (3 * 5504 + 5 * 4096));
}

#[test]
fn before_v1_a_longer_sequence_is_profiled_in_chunks() {
    let long =
        read(&GRANITE_7B.replace("\"max_position_embeddings\": 4096", "\"max_position_embeddings\": 65536"));
    let long = long.unwrap();
    let tokens = |max_model_len| {
        let serving = Serving { max_model_len: Some(max_model_len), ..on("vllm-0.6") };
        let said = terms(&long, &serving, LARGE)[2].2.clone();
        said.split(" tokens").next().unwrap().to_owned()
    };
    assert_eq!(tokens(32_768), "larger of a forward pass over 32,768");
    assert_eq!(tokens(32_769), "larger of a forward pass over 2,048");
    assert_eq!(tokens(65_536), "larger of a forward pass over 2,048");
}

/// 1.5 MiB for each of 4,096 tokens, 2 MiB for each of 32 sequences.
#[test]
fn sglang_reserves_what_its_rule_says() {
    let rows = |enforce_eager| {
        let serving = Serving { enforce_eager, ..on("sglang-0.5") };
        let rows = terms(&granite(), &serving, SLICE);
        (rows[3].0, rows[4].0)
    };
    assert_eq!(rows(false), (Bytes::from_mib(6144), Bytes::from_mib(64)));
    assert_eq!(rows(true), (Bytes::from_mib(6144), Bytes::ZERO));
}

/// The tower is 1,280 wide and widens to 3,840 for queries, keys and values: `2 B x 16,384 x (12 x (1,280 + 3,840) + 3,584)`.
#[test]
fn an_image_passes_its_tower() {
    let model = known("Qwen/Qwen2.5-VL-7B-Instruct");
    let image = 2 * 16_384 * (12 * (1280 + 3840) + 3584);
    assert_eq!(encoder(&model, 2048), Some(Bytes::new(image)));
    assert_eq!(encoder(&granite(), 2048), None);
    let peak = |images_per_prompt, videos_per_prompt| {
        let serving = Serving {
            max_num_batched_tokens: Some(2048),
            max_num_seqs: Some(1),
            images_per_prompt,
            videos_per_prompt,
            ..Serving::default()
        };
        let (bytes, error, _) = terms(&model, &serving, LARGE).remove(2);
        (bytes.get(), error.get())
    };
    assert_eq!(peak(None, None), (image, image), "frames of videos may be larger");
    assert_eq!(peak(None, Some(0)), (image, image * 60 / 100));
    assert!(peak(Some(0), Some(0)).0 < image);
}
