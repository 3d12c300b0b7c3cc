//! Objects as flags in every spelling, and what of them is left out.

use serde_json::json;

use crate::engine::Drafting;
use crate::kubernetes::{Kind, Launch, launch, pods};

fn read(image: &str, args: &[&str]) -> Result<Launch, Vec<String>> {
    let pod = json!({"spec": {"containers": [{"name": "c", "image": image, "args": args}]}});
    let container = pods(Kind::Pod, pod.as_object().unwrap()).unwrap().remove(0).containers.remove(0);
    launch(&container).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn vllm(args: &[&str]) -> Launch {
    read("vllm/vllm-openai:v0.33.0", args).unwrap()
}

fn drafts(launch: &Launch) -> (Option<Drafting>, Option<u64>, Option<&str>, Vec<&str>) {
    let open = launch.open.iter().map(String::as_str).collect();
    (launch.serving.speculative_method, launch.serving.speculative_tokens, launch.draft.as_deref(), open)
}

#[test]
fn drafts_are_read_in_every_spelling() {
    let smaller = (Some(Drafting::DraftModel), Some(5), Some("a/b-1B"), vec![]);
    for args in [
        &["--speculative-config", r#"{"model": "a/b-1B", "num_speculative_tokens": 5}"#][..],
        &[
            "--speculative_config={\"method\": \"draft_model\", \"model\": \"a/b-1B\", \"num_speculative_tokens\": 5, \"max_model_len\": 2048}",
        ],
        &["--speculative-config.model=a/b-1B", "--speculative-config.num_speculative_tokens", "5"],
        &["-sc.model", "a/b-1B", "-sc.num-speculative-tokens", "5"],
        &["--spec-method", "draft_model", "--spec-model", "a/b-1B", "--spec-tokens", "5"],
        &["--speculative-model", "a/b-1B", "--num-speculative-tokens", "5"],
    ] {
        assert_eq!(drafts(&vllm(args)), smaller, "{args:?}");
    }
}

#[test]
fn the_way_of_drafting_is_named_or_told_by_the_model() {
    let of = |method: &str, model: &str| {
        let mut object = json!({"num_speculative_tokens": 1});
        let pairs = [("method", method), ("model", model)];
        for (key, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            object[key] = value.into();
        }
        let read = vllm(&["--speculative-config", &object.to_string()]);
        (read.serving.speculative_method, read.draft.clone(), read.open.join(", "))
    };
    let way = |drafting| (Some(drafting), None, String::new());
    assert_eq!(of("", "yuhuili/EAGLE-LLaMA3.1-Instruct-8B"), way(Drafting::Eagle));
    assert_eq!(of("", "AngelSlim/Qwen3-8B_eagle3"), way(Drafting::Eagle3));
    assert_eq!(of("eagle", "a/b"), way(Drafting::Eagle));
    assert_eq!(of("", "[ngram]"), way(Drafting::Ngram));
    assert_eq!(of("suffix", ""), way(Drafting::Ngram));
    assert_eq!(of("deepseek_mtp", ""), way(Drafting::Mtp));
    let open = |text: &str| (None, None, text.to_owned());
    assert_eq!(of("medusa", "a/b"), open("--speculative-config medusa"));
    assert_eq!(of("", ""), open("--speculative-config without a method"));
}

#[test]
fn what_is_not_worked_out_of_drafts_is_noted_and_left_out() {
    let tokens = vllm(&["--speculative-config", r#"{"method": "mtp"}"#]);
    assert_eq!(
        drafts(&tokens),
        (None, None, None, vec!["--speculative-config without num_speculative_tokens"])
    );
    let divided = r#"{"method": "eagle", "num_speculative_tokens": 2, "draft_tensor_parallel_size": 1}"#;
    assert_eq!(drafts(&vllm(&["--speculative-config", divided])).0, Some(Drafting::Eagle));
    let divided = vllm(&["-tp", "2", "--speculative-config", divided]);
    assert_eq!(
        drafts(&divided),
        (None, None, None, vec!["--speculative-config draft_tensor_parallel_size 1"])
    );
    let late = vllm(&["--speculative-config", "{{ .Values.drafts }}"]);
    assert_eq!(drafts(&late).3, ["--speculative-config (known only at run time)"]);
}

#[test]
fn an_object_that_the_engine_would_refuse_is_a_problem() {
    let texts = |args: &[&str]| read("vllm/vllm-openai:v0.33.0", args).unwrap_err();
    assert_eq!(
        texts(&["--speculative-config", "eagle", "--limit-mm-per-prompt", "two"]),
        [
            "spec.containers[0]: --speculative-config: found \"eagle\", expected a JSON object",
            "spec.containers[0]: --limit-mm-per-prompt: found \"two\", expected a JSON object",
        ]
    );
    assert_eq!(
        texts(&[
            "--limit-mm-per-prompt",
            r#"{"image": -1}"#,
            "--speculative-config.num_speculative_tokens",
            "0"
        ]),
        [
            "spec.containers[0]: --limit-mm-per-prompt: found -1 of image, expected a whole number",
            "spec.containers[0]: --speculative-config: found num_speculative_tokens 0, expected a whole number above 0",
        ]
    );
}

#[test]
fn limits_of_prompts_and_what_is_kept_in_the_host() {
    for args in [
        &["--limit-mm-per-prompt", r#"{"image": 0, "video": {"count": 0}}"#][..],
        &["--limit-mm-per-prompt", "image=0,video=0"],
        &["--limit-mm-per-prompt.image", "0", "--limit-mm-per-prompt.video=0"],
        &["--language-model-only"],
    ] {
        let read = vllm(args);
        let limits = (read.serving.images_per_prompt, read.serving.videos_per_prompt);
        assert_eq!((limits, read.open), ((Some(0), Some(0)), vec![]), "{args:?}");
    }
    let read = vllm(&[
        "--cpu-offload-gb",
        "4.0",
        "--kv-offloading-size=8",
        "--swap-space",
        "16",
        "-ep",
        "--runner",
        "pooling",
    ]);
    assert_eq!((read.serving.cpu_offload_gb, read.serving.kv_offloading_gb), (Some(4), Some(8)));
    assert!(read.serving.expert_parallel && read.serving.pooling && read.open.is_empty());
    let read = vllm(&["--cpu-offload-gb", "0", "--load-format", "runai_streamer"]);
    assert_eq!((read.serving.cpu_offload_gb, read.open), (None, vec![]));
    let read = vllm(&["--cpu-offload-gb", "1.5", "--load-format", "gguf"]);
    assert_eq!(read.open, ["--cpu-offload-gb 1.5", "--load-format gguf"]);
}

#[test]
fn the_profile_is_that_of_the_image_s_version_and_says_so() {
    let of = |image: &str| {
        let read = read(image, &["--model", "a/b"]).unwrap();
        let engine = crate::engine::find(&read.serving.engine).unwrap();
        (engine.id, read.judged_as(engine.name))
    };
    let told = |id: &'static str, text: &str| (id, text.to_owned());
    assert_eq!(of("vllm/vllm-openai:v0.33.0"), told("vllm-0.33", "vLLM 0.33"));
    assert_eq!(of("vllm/vllm-openai:v0.9.2-cu126"), told("vllm-0.9", "vLLM 0.9"));
    assert_eq!(of("vllm/vllm-openai:v0.11.0"), told("vllm-0.9", "vLLM 0.9 for the image's 0.11.0"));
    assert_eq!(of("vllm/vllm-openai:v0.23.0"), told("vllm-0.21", "vLLM 0.21 for the image's 0.23.0"));
    assert_eq!(of("vllm/vllm-openai:v0.7.3"), told("vllm-0.6", "vLLM 0.6 for the image's 0.7.3"));
    let newest = "vLLM 0.33, the newest: the image states no version";
    assert_eq!(of("vllm/vllm-openai:latest"), told("vllm-0.33", newest));
    assert_eq!(of("nvcr.io/nvidia/vllm:25.09-py3"), told("vllm-0.33", newest));
}
