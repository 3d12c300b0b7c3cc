//! Rules of the profiles.

use super::*;
use crate::ratio::Ratio;
use crate::units::Bytes;

#[test]
fn a_version_finds_the_profile_that_stands_for_it() {
    let vllm = |version| for_version(Maker::Vllm, version).unwrap().id;
    assert_eq!(vllm("0.33.0"), "vllm-0.33");
    assert_eq!(vllm("1.2"), "vllm-0.33");
    assert_eq!(vllm("0.27.1"), "vllm-0.21");
    assert_eq!(vllm("0.20.2rc1.dev249+glm"), "vllm-0.14");
    assert_eq!(vllm("v0.11.1rc3.dev29"), "vllm-0.9");
    assert_eq!(vllm("0.8.5.post1"), "vllm-0.6");
    assert_eq!(vllm("0.4.2"), "vllm-0.6");
    assert_eq!(vllm("nightly"), "vllm-0.6");
    assert_eq!(for_version(Maker::Sglang, "0.4.4").unwrap().id, "sglang-0.5");
}

#[test]
fn ids_are_apart_and_tiers_end_with_every_device() {
    for (place, engine) in ENGINES.iter().enumerate() {
        assert_eq!(find(engine.id).unwrap().name, engine.name);
        assert!(ENGINES[..place].iter().all(|earlier| earlier.id != engine.id), "{}", engine.id);
        assert_eq!(engine.tiers.last().unwrap().from, Bytes::ZERO, "{}", engine.id);
        assert!(engine.tiers.is_sorted_by(|larger, smaller| larger.from > smaller.from), "{}", engine.id);
    }
}

/// 81,559 MiB: 512 + 1.5 x 8,192 + 2 x 256 + 128 are 13,440, so (81,559 - 13,440) / 81,559 = 0.835.
#[test]
fn sglang_reserves_by_batch() {
    let engine = find("sglang-0.5").unwrap();
    let share = |mib, tokens, seqs, ranks| {
        engine.default_share(Bytes::from_mib(mib), tokens, seqs, ranks).to_string()
    };
    assert_eq!(share(81_559, 8192, 256, 1), "0.835");
    // 512 + 3,072 + 48 + 128 of 24,564.
    assert_eq!(share(24_564, 2048, 24, 1), "0.847");
    // Above 60 GiB at least 10 GiB: 71,319 of 81,559.
    assert_eq!(share(81_559, 2048, 8, 1), "0.874");
    // At 60 GiB not yet: 512 + 3,072 + 16 + 128 of 61,440.
    assert_eq!(share(61_440, 2048, 8, 1), "0.939");
    assert_eq!(share(1000, 2048, 8, 1), Ratio::percent(1).to_string());
    assert_eq!(find("vllm-0.9").unwrap().default_share(Bytes::from_gib(80), 1, 1, 1), Ratio::percent(90));
}

/// What a profile takes over from another does not stand in it: here every one is whole.
#[test]
fn who_a_profile_stands_for_and_what_its_share_is_counted_on() {
    let rows: Vec<String> = ENGINES
        .iter()
        .map(|engine| {
            let (since, share) = (engine.since.map(|part| part.to_string()).join("."), engine.utilization);
            let (maker, version) = (engine.maker, engine.rules.version);
            let budget = format!("{share} {:?} {:?}", engine.default_share, engine.budget);
            format!("{} {}: {maker:?} {since} ({version}) {budget}", engine.id, engine.name)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "vllm-0.33 vLLM 0.33: Vllm 0.33.0 (0.33.0) 0.92 Fixed Device",
            "vllm-0.21 vLLM 0.21: Vllm 0.21.0 (0.21.0) 0.92 Fixed Device",
            "vllm-0.14 vLLM 0.14: Vllm 0.14.0 (0.14 to 0.20) 0.90 Fixed DeviceGraphsOutside",
            "vllm-0.9 vLLM 0.9: Vllm 0.9.0 (0.9 to 0.13) 0.90 Fixed DeviceGraphsOutside",
            "vllm-0.6 vLLM 0.6: Vllm 0.6.0 (0.6 to 0.8 before V1) 0.90 Fixed DeviceGraphsOutside",
            "sglang-0.5 SGLang 0.5: Sglang 0.5.0 (0.5.5) 0.88 Reserve WeightsAndCache",
            "tensorrt-llm-1.0 TensorRT-LLM 1.0: TensorRtLlm 1.0.0 (1.0) 0.90 Fixed Rest",
            "tgi-3 TGI 3: Tgi 3.0.0 (3) 0.90 Fixed Rest",
        ]
    );
}

#[test]
fn how_a_profile_keeps_and_batches() {
    let cache = |engine: &Engine| {
        let blocks = [engine.block_tokens, engine.state_blocks, engine.batches_in_flight];
        (blocks, engine.windows, engine.chunks, engine.token_line, engine.sparse_at_8_bits)
    };
    assert_eq!(
        ENGINES.iter().map(cache).collect::<Vec<_>>(),
        [
            ([16, 2, 2], true, false, TokenLine::ByConcurrency, false),
            ([16, 2, 2], true, false, TokenLine::ByConcurrency, false),
            ([16, 2, 2], true, false, TokenLine::PerGroup, false),
            ([16, 1, 1], true, false, TokenLine::PerGroup, true),
            ([16, 1, 1], false, false, TokenLine::Blocks, true),
            ([1, 1, 1], true, false, TokenLine::PerGroup, false),
            ([32, 1, 1], true, true, TokenLine::PerGroup, false),
            ([1, 1, 1], false, false, TokenLine::PerGroup, false),
        ]
    );
    let tiers = |engine: &Engine| {
        let tier = |tier: &Tier| {
            let small = if tier.not_a100 { " but A100" } else { "" };
            format!("{}{small}: {} x {}", tier.from, tier.max_num_batched_tokens, tier.max_num_seqs)
        };
        engine.tiers.iter().map(tier).collect::<Vec<_>>().join(", ")
    };
    let v1 = "160.0 GiB: 16384 x 1024, 70.0 GiB but A100: 8192 x 1024, 0 B: 2048 x 256";
    let sglang = "160.0 GiB: 16384 x 512, 60.0 GiB: 8192 x 256, 35.0 GiB: 4096 x 32, 20.0 GiB: 2048 x 24, 0 B: 2048 x 8";
    let before = "0 B: 2048 x 256";
    let rest = ["0 B: 8192 x 2048", "0 B: 4096 x 128"];
    let found: Vec<String> = ENGINES.iter().map(tiers).collect();
    assert_eq!(found, [v1, v1, v1, v1, before, sglang, rest[0], rest[1]]);
    let whole = Profiled::Sequence { least: 2048, longest: 32_768, chunk: 2048 };
    for engine in ENGINES {
        assert_eq!(engine.profiled, if engine.id == "vllm-0.6" { whole } else { Profiled::Batch });
        assert_eq!(engine.reserves, engine.maker == Maker::Sglang, "{}", engine.id);
        assert_eq!(engine.restores_scales, engine.id != "vllm-0.6", "{}", engine.id);
    }
}

#[test]
fn what_a_profile_measures_with_its_band_and_lacks() {
    let row = |engine: &Engine| {
        let adapters =
            [engine.lora_embeddings.len() as u64, engine.lora_extra_vocabulary, engine.adapters_band];
        let of = |constant: Constant| (constant.value, constant.band);
        (adapters, of(engine.sampler_tenths), of(engine.non_torch))
    };
    assert_eq!(
        ENGINES.iter().map(row).collect::<Vec<_>>(),
        [
            ([26, 0, 10], (180, 45), (150_323_856, 100)),
            ([26, 0, 10], (180, 45), (150_323_856, 100)),
            ([26, 0, 10], (385, 10), (150_323_856, 100)),
            ([23, 256, 10], (385, 10), (150_323_856, 100)),
            ([23, 256, 100], (385, 10), (107_374_182, 250)),
            ([0, 0, 20], (180, 90), (130_150_524, 60)),
            ([0, 0, 20], (180, 90), (150_323_856, 200)),
            ([0, 0, 20], (180, 90), (150_323_856, 200)),
        ]
    );
    let everything = Serving {
        pipeline_parallel: 2,
        data_parallel: 3,
        expert_parallel: true,
        cpu_offload_gb: Some(4),
        kv_offloading_gb: Some(5),
        ..Serving::default()
    };
    let lacks = |id: &str, serving: &Serving| {
        serving.lacking(find(id).unwrap()).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let says = |settings: &[&str], name: &str| {
        let one = |text: &&str| format!("{text}, expected a setting that {name} has");
        settings.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let (cpu, kv) = ("cpu_offload_gb: found 4", "kv_offloading_gb: found 5");
    let (stages, copies, experts) =
        ("pipeline_parallel: found 2", "data_parallel: found 3", "expert_parallel: found true");
    for (id, settings) in [
        ("vllm-0.33", &[][..]),
        ("vllm-0.21", &[]),
        ("vllm-0.14", &[]),
        ("vllm-0.9", &[kv]),
        ("vllm-0.6", &[copies, experts, kv]),
        ("sglang-0.5", &[]),
        ("tensorrt-llm-1.0", &[cpu]),
        ("tgi-3", &[stages, copies, experts, cpu, kv]),
    ] {
        assert_eq!(lacks(id, &everything), says(settings, find(id).unwrap().name), "{id}");
        assert_eq!(lacks(id, &Serving::default()), "", "{id}");
    }
}

#[test]
fn the_largest_number_is_taken_and_the_next_is_not() {
    type Set = fn(&mut Serving, u64);
    let limits: [(&str, u64, Set); 12] = [
        ("max_model_len", 4_294_967_296, |serving, value| serving.max_model_len = Some(value)),
        ("sequences", 4_294_967_296, |serving, value| serving.sequences = value),
        ("max_num_seqs", 4_294_967_296, |serving, value| serving.max_num_seqs = Some(value)),
        ("max_num_batched_tokens", 4_294_967_296, |serving, value| {
            serving.max_num_batched_tokens = Some(value);
        }),
        ("tensor_parallel", 1024, |serving, value| serving.tensor_parallel = value),
        ("pipeline_parallel", 1024, |serving, value| serving.pipeline_parallel = value),
        ("data_parallel", 1024, |serving, value| serving.data_parallel = value),
        ("max_loras", 65_536, |serving, value| serving.max_loras = Some(value)),
        ("max_lora_rank", 65_536, |serving, value| serving.max_lora_rank = Some(value)),
        ("speculative_tokens", 1024, |serving, value| {
            (serving.speculative_method, serving.speculative_tokens) = (Some(Drafting::Ngram), Some(value));
        }),
        ("cpu_offload_gb", 1_048_576, |serving, value| serving.cpu_offload_gb = Some(value)),
        ("kv_offloading_gb", 1_048_576, |serving, value| serving.kv_offloading_gb = Some(value)),
    ];
    for (name, limit, set) in limits {
        let with = |value: u64| {
            let mut serving = Serving::default();
            set(&mut serving, value);
            let problems = serving.check().err().unwrap_or_default();
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(with(limit), "", "{name}");
        let refused =
            |value: u64| format!("{name}: found {value}, expected a whole number from 1 to {limit}");
        assert_eq!((with(0), with(limit + 1)), (refused(0), refused(limit + 1)));
    }
}

#[test]
fn drafts_need_their_method_and_their_number() {
    let drafts = |speculative_method, speculative_tokens| Serving {
        speculative_method,
        speculative_tokens,
        sequences: 7,
        ..Serving::default()
    };
    let said = |serving: Serving| {
        let problems = serving.check().err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        said(drafts(Some(Drafting::Eagle), None)),
        "speculative_tokens: found nothing, expected the number of tokens in a draft"
    );
    assert_eq!(
        said(drafts(None, Some(3))),
        "speculative_method: found nothing, with drafts of 3 tokens, expected one of mtp, eagle, eagle3, draft_model, ngram"
    );
    let both = drafts(Some(Drafting::Eagle), Some(3));
    assert_eq!((both.draft_tokens(), drafts(None, None).draft_tokens()), (3, 0));
    assert_eq!(both.without_drafts(), drafts(None, None));
}

#[test]
fn what_one_setting_leaves_open_has_a_default() {
    let adapters =
        |max_loras, max_lora_rank| Serving { max_loras, max_lora_rank, ..Serving::default() }.adapters();
    assert_eq!(adapters(None, None), None);
    assert_eq!(adapters(Some(4), None), Some((4, 16)));
    assert_eq!(adapters(None, Some(8)), Some((1, 8)));
    assert_eq!(adapters(Some(4), Some(8)), Some((4, 8)));
    let text_only = |images_per_prompt, videos_per_prompt| {
        Serving { images_per_prompt, videos_per_prompt, ..Serving::default() }.text_only()
    };
    assert!(text_only(Some(0), Some(0)));
    for (images, videos) in
        [(None, None), (Some(0), None), (None, Some(0)), (Some(0), Some(1)), (Some(1), Some(0))]
    {
        assert!(!text_only(images, videos), "{images:?} {videos:?}");
    }
    let divided = Serving { tensor_parallel: 2, data_parallel: 3, ..Serving::default() };
    assert_eq!(divided.expert_ranks(), 6);
}
