//! Lines as engines print them.

use super::phrases::number_after;
use super::*;

const V1: &str = "\
INFO 10-07 [api_server.py:1839] vLLM API server version 0.11.0
(EngineCore_DP0 pid=7) INFO [core.py:77] Initializing a V1 LLM engine (v0.11.0) with config: model='meta-llama/Meta-Llama-3.1-8B-Instruct', dtype=torch.bfloat16, max_seq_len=32000, tensor_parallel_size=1, pipeline_parallel_size=1, enforce_eager=False, kv_cache_dtype=auto
INFO [scheduler.py:205] Chunked prefill is enabled with max_num_batched_tokens=2048.
INFO [gpu_model_runner.py:2653] Model loading took 14.9889 GiB and 5.101 seconds
INFO [gpu_worker.py:298] Available KV cache memory: 4.75 GiB
INFO [kv_cache_utils.py:1087] GPU KV cache size: 38,944 tokens
INFO [kv_cache_utils.py:1091] Maximum concurrency for 32,000 tokens per request: 1.22x
INFO [gpu_model_runner.py:3480] Graph capturing finished in 12 secs, took 0.38 GiB
";

#[test]
fn reads_a_log_of_v1() {
    let log = Log::read(V1).unwrap();
    assert_eq!(log.maker, Some(Maker::Vllm));
    assert_eq!(log.version.as_deref(), Some("0.11.0"));
    assert_eq!(log.weights.unwrap().in_gib(4), "14.9889");
    assert_eq!(log.cache.unwrap().in_gib(2), "4.75");
    assert_eq!(log.graphs.unwrap().in_gib(2), "0.38");
    assert_eq!((log.tokens, log.max_model_len, log.concurrency), (Some(38_944), Some(32_000), Some(122)));
    let serving = log.serving();
    assert_eq!((serving.engine.as_str(), serving.max_num_batched_tokens), ("vllm-0.9", Some(2048)));
}

#[test]
fn reads_a_log_before_v1() {
    let log = Log::read(
        "the current vLLM instance can use total_gpu_memory (23.58GiB) x gpu_memory_utilization (0.90) = 21.22GiB\n\
         model weights take 14.99GiB; non_torch_memory takes 0.35GiB; PyTorch activation peak memory takes 2.07GiB; \
         the rest of the memory reserved for KV Cache is 3.81GiB.\n\
         # cuda blocks: 1952, # CPU blocks: 2048\n\
         Maximum concurrency for 20000 tokens per request: 1.56x",
    )
    .unwrap();
    assert_eq!(log.device.unwrap().in_gib(2), "23.58");
    assert_eq!(log.utilization, Ratio::new(9000));
    let terms =
        [log.weights, log.non_torch, log.activations, log.cache].map(|bytes| bytes.unwrap().in_gib(2));
    assert_eq!(terms, ["14.99", "0.35", "2.07", "3.81"]);
    assert_eq!((log.blocks, log.max_model_len, log.concurrency), (Some(1952), Some(20_000), Some(156)));
}

#[test]
fn reads_the_terms_of_a_debug_log_and_refuses_negative_ones() {
    let log = Log::read(
        "14.99 GiB for weight, 4.76 GiB for peak activation, 0.13 GiB for non-torch memory, and -0.45 GiB for CUDAGraph memory",
    )
    .unwrap();
    let terms = [log.weights, log.activations, log.non_torch].map(|bytes| bytes.unwrap().in_gib(2));
    assert_eq!(terms, ["14.99", "4.76", "0.13"]);
    assert_eq!(log.graphs, None);
}

#[test]
fn reads_a_log_of_sglang() {
    let log = Log::read(
        "[TP0] Load weight end. type=LlamaForCausalLM, dtype=torch.bfloat16, avail mem=63.49 GB, mem usage=15.11 GB.\n\
         [TP0] KV Cache is allocated. #tokens: 442750, K size: 27.02 GB, V size: 27.02 GB\n\
         [TP0] Capture cuda graph end. Time elapsed: 3.5 s. mem usage=3.97 GB. avail mem=5.18 GB.\n\
         max_total_num_tokens=442750, chunked_prefill_size=8192, context_len=131072",
    )
    .unwrap();
    assert_eq!(log.maker, Some(Maker::Sglang));
    let terms = [log.weights, log.cache, log.graphs].map(|bytes| bytes.unwrap().in_gib(2));
    assert_eq!(terms, ["15.11", "54.04", "3.97"]);
    assert_eq!((log.tokens, log.max_model_len), (Some(442_750), Some(131_072)));
}

#[test]
fn of_several_ranks_the_most_need_and_the_least_room_counts() {
    let log = Log::read(
        "Model loading took 7.48 GiB\nModel loading took 7.51 GiB\n\
         Available KV cache memory: 4.2 GiB\nAvailable KV cache memory: 4.1 GiB\nAvailable KV cache memory: 4.3 GiB",
    )
    .unwrap();
    assert_eq!(log.weights.unwrap().in_gib(2), "7.51");
    assert_eq!(log.cache.unwrap().in_gib(2), "4.10");
}

#[test]
fn text_that_is_no_log_is_a_problem_whatever_it_is() {
    let long = format!("Model loading took {}", "9".repeat(100_000));
    let accents = "é".repeat(9000);
    for text in
        ["", "Model loading took a while", "Maximum concurrency for ", "\u{0} for weight", &long, &accents]
    {
        assert_eq!(Log::read(text).map_err(|problem| problem.code), Err("no-log-lines"), "{:.40}", text);
    }
}

#[test]
fn a_log_says_how_it_was_served() {
    let log = Log::read(
        "vLLM API server version 0.11.0\nenforce_eager=True, tensor_parallel_size=2, max_num_batched_tokens=2048\n\
         enforce_eager=False\ngpu_memory_utilization (0.85)\nMaximum concurrency for 20,000 tokens per request: 1.56x\n\
         Available KV cache memory: 3.81 GiB",
    )
    .unwrap();
    let want = Serving {
        engine: "vllm-0.9".to_owned(),
        max_model_len: Some(20_000),
        gpu_memory_utilization: Ratio::new(8500),
        max_num_batched_tokens: Some(2048),
        tensor_parallel: 2,
        enforce_eager: true,
        ..Serving::default()
    };
    assert_eq!(log.serving(), want);
}

#[test]
fn a_number_has_its_unit() {
    let bytes = |text: &str| number_after(text).unwrap().bytes();
    for (text, want) in [
        ("1.5 MiB", 3 << 19),
        ("1.5MB", 3 << 19),
        ("1.5 KiB", 1536),
        ("1.5 KB", 1536),
        ("1.5 GiB", 3 << 29),
        ("1.5 GB", 3 << 29),
        ("1.5", 3 << 29),
        ("1.5 GB, mem usage=7 GB", 3 << 29),
        (" end, avail mem=9 GB, mem usage=1.5 GB", 3 << 29),
    ] {
        assert_eq!(bytes(text), Bytes::new(want), "{text}");
    }
}
