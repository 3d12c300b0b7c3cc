//! Changes that are made or not, and how many are told.

use super::*;
use crate::engine::Drafting;
use crate::gpu::device;
use crate::matching::fit;
use crate::model::DType;
use crate::model::quantization::preset;
use crate::model::{read, tests::GRANITE_7B};

#[test]
fn a_change_that_would_change_nothing_is_not_made() {
    let model = read(GRANITE_7B).unwrap();
    let made = |change, serving: Serving| apply(change, &model, &mut serving.clone());
    let batch = |max_num_seqs, sequences| {
        made(Change::Batch, Serving { max_num_seqs, sequences, ..Serving::default() })
    };
    assert_eq!([None, Some(17), Some(16), Some(1)].map(|seqs| batch(seqs, 1)), [true, true, false, false]);
    assert_eq!([Some(21), Some(20)].map(|seqs| batch(seqs, 20)), [true, false]);
    let eager = |enforce_eager| made(Change::Graphs, Serving { enforce_eager, ..Serving::default() });
    assert_eq!([true, false].map(eager), [false, true]);
}

#[test]
fn what_is_narrow_already_is_not_narrowed() {
    let model = read(GRANITE_7B).unwrap();
    let mut fp8 = preset("fp8").unwrap();
    fp8.kv_cache = Some(DType::F8);
    let narrow = Model { quantization: Some(fp8), ..model.clone() };
    let cache = |model: &Model, dtype: &str| {
        let mut serving = Serving { kv_cache_dtype: dtype.to_owned(), ..Serving::default() };
        apply(Change::Cache, model, &mut serving)
    };
    assert_eq!(
        ["auto", "bfloat16", "float16", "fp8"].map(|dtype| cache(&model, dtype)),
        [true, true, true, false]
    );
    assert!(!cache(&narrow, "auto"));
    let weights = |model: &Model, quantization: &str| {
        let mut serving = Serving { quantization: quantization.to_owned(), ..Serving::default() };
        apply(Change::Weights4, model, &mut serving)
    };
    assert!(weights(&model, "auto"));
    assert!(!weights(&model, "fp8"));
    assert!(!weights(&narrow, "auto"));
}

/// 1 % of 40,192 MiB are 402 MiB, 2 % are 804; the context takes 614.
#[test]
fn a_lower_share_leaves_the_context_its_room() {
    let model = read(GRANITE_7B).unwrap();
    let serving = Serving { gpu_memory_utilization: Ratio::new(9900), ..Serving::default() };
    let advice = advise(&model, &serving, &device("H100-80GB 3g.40gb").unwrap()).unwrap();
    let said: Vec<String> = advice.iter().map(|advice| advice.changes.join(", ")).collect();
    assert_eq!(said, ["--gpu-memory-utilization 0.98"]);
}

/// One sequence too many: there are six ways to make room for it.
#[test]
fn five_pieces_of_advice_are_enough() {
    let model = read(GRANITE_7B).unwrap();
    let device = device("L4").unwrap();
    let mut serving = Serving {
        max_model_len: Some(512),
        max_loras: Some(4),
        speculative_method: Some(Drafting::Eagle),
        speculative_tokens: Some(2),
        ..Serving::default()
    };
    let offer = fit(&model, &serving, std::slice::from_ref(&device)).unwrap().offers.remove(0);
    serving.sequences = offer.capacity.max_sequences.unwrap() + 1;
    let advice = advise(&model, &serving, &device).unwrap();
    let said: Vec<String> = advice.iter().map(|advice| advice.changes.join(", ")).collect();
    assert_eq!(
        said,
        [
            "--kv-cache-dtype fp8",
            "no drafts (without --speculative-config)",
            "--enforce-eager",
            "weights at 8 bits (fp8)",
            "--max-num-seqs 26, no LoRA adapters (without --enable-lora)",
        ]
    );
    let narrow = Serving { quantization: "awq".to_owned(), ..serving };
    assert_ne!(fit(&model, &narrow, &[device]).unwrap().offers[0].verdict, Verdict::No, "a sixth");
}
