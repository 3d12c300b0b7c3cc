//! One model against real cards, to the byte.

use super::{Verdict, advise, fit};
use crate::engine::Serving;
use crate::gpu::{Device, device};
use crate::memory::TermName;
use crate::memory::log::{Log, compare};
use crate::model::{read, tests::GRANITE_7B};
use crate::units::Bytes;

fn granite(serving: &Serving, labels: &[&str]) -> super::FitReport {
    let model = read(GRANITE_7B).unwrap();
    let devices: Vec<Device> = labels.iter().map(|label| device(label).unwrap()).collect();
    fit(&model, serving, &devices).unwrap()
}

#[test]
fn granite_7b_needs_a_quarter_of_an_h100() {
    let report = granite(&Serving::default(), &["H100-80GB", "H100-80GB 1g.10gb", "H100-80GB 2g.20gb"]);
    let verdicts: Vec<Verdict> = report.offers.iter().map(|offer| offer.verdict).collect();
    assert_eq!(verdicts, [Verdict::Fits, Verdict::No, Verdict::Fits]);
    assert_eq!(report.smallest, Some(2));
    let slice = &report.offers[2];
    assert_eq!(slice.resource, "nvidia.com/mig-2g.20gb");
    // The file, and 4,096 positions of 128 elements.
    assert_eq!(slice.estimate.term(TermName::Weights), Bytes::new(13_476_831_232 + (1 << 20)));
    // 256 blocks of 16 tokens, and the one that is never handed out.
    assert_eq!(slice.estimate.term(TermName::KvCache), Bytes::from_mib(2048 + 8));
    let sum: Bytes = slice.estimate.terms.iter().map(|term| term.bytes).sum();
    assert_eq!(slice.estimate.total, sum);
    assert_eq!(slice.spare, slice.usable.minus(sum));
    assert_eq!(
        report.offers[1].reasons[0].text.to_string(),
        "the weights alone take 12.6 GiB, 8.9 GiB are usable"
    );
}

#[test]
fn a_slice_too_small_for_the_context_says_so() {
    let serving = Serving { max_model_len: Some(16), max_num_seqs: Some(1), ..Serving::default() };
    let report = granite(&serving, &["A100-40GB 1g.5gb"]);
    let codes: Vec<&str> = report.offers[0].reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(codes, ["weights-too-large", "no-room-for-context"]);
}

#[test]
fn what_capacity_promises_fits_and_one_more_does_not() {
    let serving = Serving { max_model_len: Some(4096), ..Serving::default() };
    let labels = ["H100-80GB 3g.40gb"];
    let capacity = granite(&serving, &labels).offers[0].capacity;
    let most = capacity.max_sequences.unwrap();
    let with = |sequences| granite(&Serving { sequences, ..serving.clone() }, &labels).offers[0].verdict;
    assert_ne!(with(most), Verdict::No);
    assert_eq!(with(most + 1), Verdict::No);
    assert_eq!(capacity.max_context, 4096, "never beyond what the model is made for");
}

#[test]
fn every_bad_setting_is_named_at_once() {
    let serving = Serving {
        engine: "vllm-9".to_owned(),
        max_model_len: Some(1 << 20),
        sequences: 0,
        dtype: "fp3".to_owned(),
        ..Serving::default()
    };
    let model = read(GRANITE_7B).unwrap();
    let problems = fit(&model, &serving, &[]).unwrap_err();
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "sequences: found 0, expected a whole number from 1 to 4294967296",
            "engine: found \"vllm-9\", expected one of vllm-0.33, vllm-0.21, vllm-0.14, vllm-0.9, vllm-0.6, sglang-0.5, \
             tensorrt-llm-1.0, tgi-3",
            "dtype: found \"fp3\", expected auto, bfloat16, float16 or float32",
            "max_model_len: found 1,048,576 tokens, expected at most 4,096 (max_position_embeddings of the model)",
        ]
    );
}

#[test]
fn advice_is_tried_before_it_is_given() {
    let model = read(GRANITE_7B).unwrap();
    let small = device("H100-80GB 1g.10gb").unwrap();
    let serving = Serving { max_model_len: Some(4096), sequences: 4, ..Serving::default() };
    let advice = advise(&model, &serving, &small).unwrap();
    let said: Vec<String> = advice.iter().map(|advice| advice.changes.join(", ")).collect();
    assert_eq!(
        said,
        [
            "weights at 8 bits (fp8), --max-model-len 512",
            "weights at 4 bits (awq), 2 at a time",
            "weights at 4 bits (awq), --max-model-len 2048",
        ]
    );
    for one in advice {
        let offer = fit(&model, &one.serving, &[small]).unwrap().offers.remove(0);
        assert_eq!((offer.verdict, offer.spare), (one.verdict, one.spare));
        assert_ne!(offer.verdict, Verdict::No);
    }
    let large = device("H100-80GB").unwrap();
    assert_eq!(advise(&model, &serving, &large), Ok(Vec::new()));
}

fn on(engine: &str) -> super::Offer {
    let serving = Serving { engine: engine.to_owned(), ..Serving::default() };
    granite(&serving, &["H100-80GB 3g.40gb"]).offers.remove(0)
}

fn names(terms: &[crate::memory::Term]) -> Vec<&'static str> {
    terms.iter().map(|term| term.name.label()).collect()
}

/// 3g.40gb has at least 40,192 MiB.
#[test]
fn engines_count_their_share_on_different_things() {
    let memory = Bytes::from_mib(40_192);
    let old = on("vllm-0.9");
    assert_eq!(old.usable, memory.share(90, 100));
    assert_eq!(names(&old.estimate.terms), ["weights", "KV cache", "activations", "other"]);
    assert_eq!(names(&old.estimate.outside), ["CUDA graphs", "CUDA context"]);

    // 40,192 - 512 - 4,096 x 1.5 - 32 x 2 - 128 = 33,344 of 40,192: 0.830 of what the context leaves.
    let sglang = on("sglang-0.5");
    assert_eq!(sglang.share.to_string(), "0.83");
    assert_eq!(sglang.usable, memory.minus(sglang.estimate.term(TermName::Context)).share(83, 100));
    assert_eq!(names(&sglang.estimate.terms), ["weights", "KV cache", "other"]);

    let rest = on("tensorrt-llm-1.0");
    let free = memory.minus(rest.estimate.term(TermName::Context)).minus(rest.estimate.fixed());
    assert_eq!(rest.usable, rest.estimate.fixed() + free.share(90, 100));
    assert_eq!(rest.capacity.cache_bytes, free.share(90, 100));
    // 4,096 tokens in blocks of 32, and the one that is never handed out.
    assert_eq!(rest.estimate.term(TermName::KvCache), Bytes::from_mib(2048 + 16));
}

/// Before V1 a whole sequence was profiled: 2 B x 4,096 x 3 x (11,008 + 4,096) are 354 MiB;
/// sampling 256 sequences over 32,000 entries at 38.5 B takes 300.8 MiB.
#[test]
fn the_older_engine_profiles_a_whole_sequence() {
    assert_eq!(on("vllm-0.6").estimate.term(TermName::Activations), Bytes::from_mib(354));
    assert_eq!(on("vllm-0.9").estimate.term(TermName::Activations), Bytes::new(315_392_000));
}

#[test]
fn a_setting_that_a_version_does_not_have_is_named() {
    let serving = Serving {
        engine: "vllm-0.6".to_owned(),
        data_parallel: 2,
        expert_parallel: true,
        pipeline_parallel: 2,
        ..Serving::default()
    };
    let problems = fit(&read(GRANITE_7B).unwrap(), &serving, &[]).unwrap_err();
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "data_parallel: found 2, expected a setting that vLLM 0.6 has",
            "expert_parallel: found true, expected a setting that vLLM 0.6 has",
        ]
    );
}

#[test]
fn graphs_beside_the_share_need_room_there() {
    let serving = Serving {
        engine: "vllm-0.9".to_owned(),
        gpu_memory_utilization: "0.98".parse().ok(),
        ..Serving::default()
    };
    let offer = granite(&serving, &["H100-80GB 3g.40gb"]).offers.remove(0);
    let reason = offer.reasons.last().unwrap();
    assert_eq!(
        reason.text.to_string(),
        "the CUDA context and CUDA graphs take about 1.0 GiB outside the engine's share, 803.8 MiB are left \
         there at a utilization of 0.98"
    );
}

#[test]
fn nothing_is_promised_for_an_architecture_that_is_not_known() {
    let config =
        GRANITE_7B.replace("\"llama\"", "\"never_heard_of\"").replace("LlamaForCausalLM", "NeverForCausalLM");
    let model = read(&config).unwrap();
    let offer = fit(&model, &Serving::default(), &[device("H100-80GB").unwrap()]).unwrap().offers.remove(0);
    assert_eq!(offer.verdict.word(), "unknown");
    assert_eq!(
        offer.reasons[0].text.to_string(),
        "nothing is promised: NeverForCausalLM is not known, what was counted is a decoder of Llama's shape"
    );
}

/// Two stages of 16 of 32 layers: half of the layers' weights, all of the embedding and the head on the fuller one.
#[test]
fn stages_share_layers() {
    let whole = granite(&Serving::default(), &["H100-80GB"]).offers.remove(0).estimate;
    let serving = Serving { pipeline_parallel: 2, ..Serving::default() };
    let half = granite(&serving, &["H100-80GB"]).offers.remove(0).estimate;
    // V x H twice and the final norm are 262,148,096 parameters of 2 bytes; each stage has the rotary table.
    let apart = Bytes::new(524_296_192 + (1 << 20));
    assert_eq!(half.term(TermName::Weights).minus(apart).times(2) + apart, whole.term(TermName::Weights));
    assert_eq!(half.term(TermName::KvCache).times(2), whole.term(TermName::KvCache));
}

#[test]
fn measured_terms_stand_beside_predicted_ones_and_take_their_place() {
    let model = read(GRANITE_7B).unwrap();
    let log =
        Log::read("Model loading took 13 GiB\nAvailable KV cache memory: 20 GiB\n3 GiB for peak activation")
            .unwrap();
    let serving = log.serving();
    let device = device("H100-80GB 3g.40gb").unwrap();
    let predicted = fit(&model, &serving, &[device]).unwrap().offers.remove(0);
    let rows = compare(&predicted.estimate, predicted.capacity.cache_bytes, &log);
    let said: Vec<(TermName, String, String)> =
        rows.iter().map(|row| (row.name, row.predicted.in_gib(2), row.measured.in_gib(2))).collect();
    let weights = (TermName::Weights, "12.55".to_owned(), "13.00".to_owned());
    assert_eq!(said.len(), 3);
    assert_eq!(said[0], weights);
    let calibrated = super::fit_measured(&model, &serving, &[device], &log).unwrap().offers.remove(0);
    assert_eq!(calibrated.estimate.term(TermName::Weights), Bytes::from_gib(13));
    assert_eq!(calibrated.estimate.term(TermName::Activations), Bytes::from_gib(3));
    assert_eq!(calibrated.estimate.term(TermName::KvCache), predicted.estimate.term(TermName::KvCache));
    let sum: Bytes = calibrated.estimate.terms.iter().map(|term| term.bytes).sum();
    assert_eq!(calibrated.estimate.total, sum);
}

/// Granite keeps 524,288 bytes per token, so 16 tokens are a block of 8 MiB.
#[test]
fn the_lines_are_those_that_the_engine_would_print() {
    let new = on("vllm-0.33");
    let blocks = new.capacity.cache_bytes.get() / (8 << 20);
    let tokens = crate::units::grouped(blocks * 16);
    let times = (blocks * 100 + 128) / 256;
    let concurrency =
        format!("Maximum concurrency for 4,096 tokens per request: {}.{:02}x", times / 100, times % 100);
    assert_eq!(new.startup.lines(), [format!("GPU KV cache size: {tokens} tokens"), concurrency]);
    assert_eq!(new.startup.error(), None);
    let old = on("vllm-0.6");
    assert_eq!(old.startup.lines()[0], format!("# GPU blocks: {}", old.capacity.blocks));
    let sglang = on("sglang-0.5");
    let tokens = sglang.capacity.cache_bytes.get() / 524_288;
    assert_eq!(sglang.startup.lines(), [format!("KV Cache is allocated. #tokens: {tokens}")]);
}

#[test]
fn the_errors_are_those_with_which_the_engine_would_stop() {
    let error = |serving: &Serving, label: &str| {
        granite(serving, &[label]).offers.remove(0).startup.error().unwrap_or_default()
    };
    let base = Serving::default();
    assert_eq!(
        error(&base, "A100-40GB 1g.5gb"),
        "Free memory on device cuda:0 (4.15/4.75 GiB) on startup is less than desired GPU memory utilization (0.92, 4.37 GiB)."
    );
    assert_eq!(
        error(&base, "H100-80GB 1g.10gb"),
        "No available memory for the cache blocks. Try increasing `gpu_memory_utilization`"
    );
    let short = error(&base, "H200-141GB 1g.18gb");
    assert_eq!(
        short,
        "To serve at least one request with the model's max seq len (4096), (2.00 GiB KV cache is needed, which is larger \
         than the available KV cache memory (1.42 GiB). Based on the available memory, the estimated maximum model length is 2896."
    );
}

/// 3.35 TB/s: half of it for four of eight memory slices. 13,476,831,232 bytes of weights and 2 GiB of cache per token.
#[test]
fn a_slice_reads_more_slowly_than_the_card() {
    let offers = granite(&Serving::default(), &["H100-80GB", "H100-80GB 3g.40gb"]).offers;
    let tenths: Vec<u64> =
        offers.iter().map(|offer| offer.ceiling.unwrap().tokens_per_second_tenths).collect();
    assert_eq!(offers[0].ceiling.unwrap().bytes_per_token, 13_476_831_232 + (2 << 30));
    assert_eq!(tenths, [2144, 1072]);
}
