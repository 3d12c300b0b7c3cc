//! What must hold for every model, setting and device.
#![allow(clippy::unwrap_used, reason = "a test")]

use migfit::catalog;
use migfit::engine::{Drafting, ENGINES, Feature, Serving};
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

prop_compose! {
    /// Everything that may be asked beside the batch.
    fn beside()(
        tensor in 0_u32..=3,
        pipeline in 1_u64..=4,
        data in 1_u64..=4,
        expert_parallel in any::<bool>(),
        loras in proptest::option::of(1_u64..=8),
        rank in proptest::option::of(select(&[8_u64, 16, 64][..])),
        drafting in proptest::option::of(select(&[Drafting::Eagle, Drafting::Eagle3, Drafting::Ngram][..])),
        draft in 1_u64..=8,
        offload in proptest::option::of(1_u64..=64),
        kv in select(&["auto", "fp8", "nvfp4", "int8_per_token_head"][..]),
    ) -> Serving {
        Serving {
            tensor_parallel: 1 << tensor,
            pipeline_parallel: pipeline,
            data_parallel: data,
            expert_parallel,
            max_loras: loras,
            max_lora_rank: rank,
            speculative_method: drafting,
            speculative_tokens: drafting.map(|_| draft),
            cpu_offload_gb: offload,
            kv_cache_dtype: kv.to_owned(),
            ..Serving::default()
        }
    }
}

/// `serving` with what `beside` asks, as far as its engine has it.
fn with(serving: Serving, beside: Serving) -> Serving {
    let engine = ENGINES.iter().find(|engine| engine.id == serving.engine).unwrap();
    let has = |feature| !engine.lacks.contains(&feature);
    Serving {
        tensor_parallel: beside.tensor_parallel,
        pipeline_parallel: if has(Feature::PipelineParallel) { beside.pipeline_parallel } else { 1 },
        data_parallel: if has(Feature::DataParallel) { beside.data_parallel } else { 1 },
        expert_parallel: has(Feature::ExpertParallel) && beside.expert_parallel,
        max_loras: beside.max_loras,
        max_lora_rank: beside.max_lora_rank,
        speculative_method: beside.speculative_method,
        speculative_tokens: beside.speculative_tokens,
        cpu_offload_gb: beside.cpu_offload_gb.filter(|_| has(Feature::CpuOffload)),
        kv_cache_dtype: beside.kv_cache_dtype,
        ..serving
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
    fn totals_stay_sums_whatever_is_asked(
        model in model(), serving in serving(), beside in beside(), device in device(),
    ) {
        let serving = with(serving, beside);
        let offer = offer(model, &serving, &device);
        let sum: Bytes = offer.estimate.terms.iter().map(|term| term.bytes).sum();
        prop_assert_eq!(offer.estimate.total, sum);
        prop_assert!(offer.estimate.terms.is_sorted_by_key(|term| term.name));
        let widest = offer.estimate.terms.iter().map(|term| term.error).max().unwrap();
        let errors: Bytes = offer.estimate.terms.iter().map(|term| term.error).sum();
        prop_assert!(widest <= offer.estimate.error() && offer.estimate.error() <= errors);
        let adapters = serving.max_loras.is_some() || serving.max_lora_rank.is_some();
        prop_assert_eq!(adapters, offer.estimate.term(TermName::Adapters) > Bytes::ZERO);
        let drafts = serving.speculative_method.is_some_and(|drafting| drafting != Drafting::Ngram);
        prop_assert_eq!(drafts, offer.estimate.term(TermName::Draft) > Bytes::ZERO);
        prop_assert_eq!(offer.estimate.host > Bytes::ZERO, serving.cpu_offload_gb.is_some());
    }

    /// More adapters, higher ranks and longer drafts never need less; what is kept by the host is needed no more.
    #[test]
    fn more_beside_the_model_never_needs_less(
        model in model(), serving in serving(), beside in beside(), device in device(), more in 1_u64..=8,
    ) {
        let few = with(serving, beside);
        let many = Serving {
            max_loras: few.max_loras.map(|adapters| adapters + more),
            max_lora_rank: few.max_lora_rank.map(|rank| rank + more),
            speculative_tokens: few.speculative_tokens.map(|tokens| tokens + more),
            ..few.clone()
        };
        let (less, most) = (offer(model, &few, &device).estimate, offer(model, &many, &device).estimate);
        for name in [TermName::Draft, TermName::Adapters, TermName::KvCache, TermName::CudaGraphs] {
            prop_assert!(most.term(name) >= less.term(name), "{name:?}");
        }
        let kept = Serving { cpu_offload_gb: None, ..few.clone() };
        let kept = offer(model, &kept, &device).estimate.term(TermName::Weights);
        prop_assert_eq!(less.term(TermName::Weights) + less.host, kept);
    }

    /// More stages, and more devices for the experts, never need more of one device.
    #[test]
    fn more_devices_never_need_more_of_one(
        model in model(), serving in serving(), beside in beside(), device in device(), stages in 1_u64..=3,
    ) {
        // With nothing kept by the host: how much can be depends on the devices.
        let few = Serving { cpu_offload_gb: None, ..with(serving, beside) };
        let has = |feature| !ENGINES.iter().find(|engine| engine.id == few.engine).unwrap().lacks.contains(&feature);
        let names = [TermName::Weights, TermName::KvCache, TermName::CudaGraphs];
        let on = |serving: &Serving| offer(model, serving, &device).estimate;
        if has(Feature::PipelineParallel) {
            // A batch for each stage is under way, so the batch must not outgrow the sequence.
            let few = Serving { max_num_batched_tokens: Some(1), ..few.clone() };
            let many = Serving { pipeline_parallel: few.pipeline_parallel + stages, ..few.clone() };
            for name in [TermName::Weights, TermName::CudaGraphs] {
                prop_assert!(on(&many).term(name) <= on(&few).term(name), "{name:?}");
            }
        }
        if has(Feature::DataParallel) {
            let many = Serving { data_parallel: few.data_parallel * 2, ..few.clone() };
            for name in names {
                prop_assert!(on(&many).term(name) <= on(&few).term(name), "{name:?}");
            }
        }
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
