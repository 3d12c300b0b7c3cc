//! What must hold for every model, setting and device.
#![allow(clippy::unwrap_used, reason = "a test")]

use migfit::catalog;
use migfit::engine::{ENGINES, Serving};
use migfit::gpu::{self, devices};
use migfit::matching::{Offer, Verdict, advise, fit};
use migfit::memory::TermName;
use migfit::model::Model;
use migfit::ratio::Ratio;
use migfit::units::Bytes;
use proptest::prelude::*;
use proptest::sample::select;

const MODELS: &[&str] = &[
    "Qwen/Qwen3-0.6B",
    "meta-llama/Llama-3.1-8B-Instruct",
    "google/gemma-3-27b-it",
    "openai/gpt-oss-20b",
    "deepseek-ai/DeepSeek-V3",
    "Qwen/Qwen3-Next-80B-A3B-Instruct",
    "Qwen/Qwen2.5-7B-Instruct-AWQ",
];

/// A model by id and a device by label, so that a case that fails can be read.
fn model() -> impl Strategy<Value = &'static str> {
    select(MODELS)
}

prop_compose! {
    fn serving()(
        engine in select(ENGINES),
        max_model_len in 1_u64..=28_672,
        sequences in 1_u64..=64,
        kv in select(&["auto", "fp8"][..]),
        share in proptest::option::of(5000_u32..=9900),
        seqs in proptest::option::of(1_u64..=1024),
        tokens in proptest::option::of(1_u64..=16_384),
        enforce_eager in any::<bool>(),
    ) -> Serving {
        Serving {
            engine: engine.id.to_owned(),
            max_model_len: Some(max_model_len),
            sequences,
            kv_cache_dtype: kv.to_owned(),
            gpu_memory_utilization: share.and_then(Ratio::new),
            max_num_seqs: seqs,
            max_num_batched_tokens: tokens,
            enforce_eager,
            ..Serving::default()
        }
    }
}

fn device() -> impl Strategy<Value = String> {
    select(devices()).prop_map(|device| device.label())
}

fn load(id: &str) -> Model {
    catalog::find(id).unwrap().model().unwrap()
}

fn memory(label: &str) -> Bytes {
    gpu::device(label).unwrap().memory_floor()
}

fn offer(model: &str, serving: &Serving, label: &str) -> Offer {
    fit(&load(model), serving, &[gpu::device(label).unwrap()]).unwrap().offers.remove(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn totals_are_the_sum_of_their_parts(model in model(), serving in serving(), device in device()) {
        let offer = offer(model, &serving, &device);
        let sum: Bytes = offer.estimate.terms.iter().map(|term| term.bytes).sum();
        prop_assert_eq!(offer.estimate.total, sum);
        prop_assert_eq!(offer.spare, offer.usable.minus(sum));
        prop_assert_eq!(offer.shortfall, sum.minus(offer.usable));
        prop_assert_eq!(offer.capacity.cache_bytes, offer.usable.minus(offer.estimate.fixed()));
        prop_assert!(offer.usable <= offer.memory);
        prop_assert_eq!(offer.verdict == Verdict::Fits, offer.reasons.is_empty());
    }

    #[test]
    fn more_context_or_sequences_never_need_less(
        model in model(), serving in serving(), device in device(), tokens in 0_u64..4096, sequences in 0_u64..16,
    ) {
        let less = offer(model, &serving, &device).estimate.term(TermName::KvCache);
        let longer = Serving { max_model_len: serving.max_model_len.map(|length| length + tokens), ..serving.clone() };
        prop_assert!(offer(model, &longer, &device).estimate.term(TermName::KvCache) >= less);
        let more = Serving { sequences: serving.sequences + sequences, ..serving };
        prop_assert!(offer(model, &more, &device).estimate.term(TermName::KvCache) >= less);
    }

    #[test]
    fn advice_makes_it_fit(model in model(), serving in serving(), device in device()) {
        for advice in advise(&load(model), &serving, &gpu::device(&device).unwrap()).unwrap() {
            let offer = offer(model, &advice.serving, &device);
            prop_assert_ne!(offer.verdict, Verdict::No);
            prop_assert_eq!((offer.verdict, offer.spare), (advice.verdict, advice.spare));
        }
    }

    /// But for the buffers of the exchange between devices, which are there from the second device on.
    #[test]
    fn tensor_parallelism_never_needs_more_per_device(
        model in model(), serving in serving(), device in device(), ranks in 0_u32..=3,
    ) {
        let on = |tensor_parallel| offer(model, &Serving { tensor_parallel, ..serving.clone() }, &device).estimate;
        let (few, many) = (on(1 << ranks), on(2 << ranks));
        for name in [TermName::Weights, TermName::KvCache, TermName::Activations, TermName::CudaGraphs] {
            prop_assert!(many.term(name) <= few.term(name), "{name:?}");
        }
    }

    /// With the batch given: engines choose larger ones on larger devices.
    #[test]
    fn a_bigger_device_never_fits_less(
        model in model(), serving in serving(), one in device(), other in device(),
        batch in 1_u64..=1024, tokens in 1_u64..=16_384,
    ) {
        let serving = Serving { max_num_seqs: Some(batch), max_num_batched_tokens: Some(tokens), ..serving };
        let share = serving.gpu_memory_utilization.or(Ratio::new(9000));
        let serving = Serving { gpu_memory_utilization: share, ..serving };
        let (small, large) =
            if memory(&one) <= memory(&other) { (one, other) } else { (other, one) };
        let (small, large) = (offer(model, &serving, &small), offer(model, &serving, &large));
        prop_assert!(large.capacity.blocks >= small.capacity.blocks);
        prop_assert!(small.verdict == Verdict::No || large.verdict != Verdict::No);
    }

    #[test]
    fn what_capacity_promises_fits_and_one_more_does_not(
        model in model(), serving in serving(), device in device(),
    ) {
        let capacity = offer(model, &serving, &device).capacity;
        let holds = |sequences| {
            let offer = offer(model, &Serving { sequences, ..serving.clone() }, &device);
            offer.estimate.term(TermName::KvCache) <= offer.capacity.cache_bytes
        };
        if let Some(most) = capacity.max_sequences.filter(|most| *most > 0) {
            prop_assert!(holds(most));
            prop_assert!(!holds(most + 1));
        }
    }

    #[test]
    fn any_text_may_be_a_log(text in "(Model loading took |[0-9]{0,30}|GiB|,|\\.| for weight| K size: |\\PC|\n){0,40}") {
        let _ = migfit::memory::Log::read(&text);
    }
}
