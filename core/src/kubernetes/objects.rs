//! Flags whose values are objects: whole as JSON, or key by key behind a dot.
//!
//! Source: vLLM 0.33.0 `utils/argparse_utils.py` (`--speculative-config.method eagle`), `config/speculative.py`,
//! `config/multimodal.py`.

use serde_json::{Map, Value};

use super::flags::Flag;
use super::launch::Launch;
use crate::engine::Drafting;

/// A part of an object that the engine would refuse: the flag, what was found, what is expected.
pub(super) type Refused = (&'static str, String, &'static str);

/// The objects of a command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    speculation: Map<String, Value>,
    limits: Map<String, Value>,
}

/// Keys of the object for drafts that change nothing of what they take.
const WITHOUT_EFFECT: [&str; 14] = [
    "attention_backend",
    "disable_by_batch_size",
    "disable_logprobs",
    "disable_log_stats",
    "disable_padded_drafter_batch",
    "draft_sample_method",
    "enforce_eager",
    "max_model_len",
    "prompt_lookup_max",
    "prompt_lookup_min",
    "rejection_sample_method",
    "revision",
    "code_revision",
    "moe_backend",
];

impl Objects {
    /// Puts `text` where `keys` lead to, the whole where there are none.
    pub(super) fn put(&mut self, flag: Flag, keys: &str, text: &str) -> Result<(), &'static str> {
        const OBJECT: &str = "a JSON object";
        let limits = flag == Flag::PromptLimits;
        let object = if limits { &mut self.limits } else { &mut self.speculation };
        if keys.is_empty() {
            let read = match serde_json::from_str(text) {
                Ok(Value::Object(read)) => read,
                _ if limits => pairs(text).ok_or(OBJECT)?,
                _ => return Err(OBJECT),
            };
            object.extend(read);
        } else {
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
            object.insert(keys.replace('-', "_"), value);
        }
        Ok(())
    }

    /// Applies what they say.
    pub(super) fn apply(self, launch: &mut Launch) -> Vec<Refused> {
        let refused = [limits(&self.limits, launch), speculation(&self.speculation, launch)];
        refused.into_iter().filter_map(Result::err).collect()
    }
}

/// `image=2,video=1`, as versions before the object have it.
fn pairs(text: &str) -> Option<Map<String, Value>> {
    let pair = |part: &str| {
        let (name, number) = part.split_once('=')?;
        Some((name.trim().to_owned(), Value::from(number.trim().parse::<u64>().ok()?)))
    };
    text.split(',').map(pair).collect()
}

/// Most images and videos in one prompt.
fn limits(object: &Map<String, Value>, launch: &mut Launch) -> Result<(), Refused> {
    const FLAG: &str = "--limit-mm-per-prompt";
    for (name, value) in object {
        let given = value.as_object().and_then(|options| options.get("count")).unwrap_or(value);
        let count = given.as_u64().ok_or_else(|| (FLAG, format!("{value} of {name}"), "a whole number"))?;
        match name.split('.').next().unwrap_or(name) {
            "image" => launch.serving.images_per_prompt = Some(count),
            "video" => launch.serving.videos_per_prompt = Some(count),
            // The encoder of what is not admitted is not loaded.
            other if count == 0 => launch.open.push(format!("{FLAG} {other} 0")),
            _ => {}
        }
    }
    Ok(())
}

/// How drafts are made; what is not worked out is left out and noted.
fn speculation(object: &Map<String, Value>, launch: &mut Launch) -> Result<(), Refused> {
    const FLAG: &str = "--speculative-config";
    if object.is_empty() {
        return Ok(());
    }
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let tokens = match object.get("num_speculative_tokens") {
        None | Some(Value::Null) => None,
        Some(given) => {
            let number = given.as_u64().or_else(|| given.as_str()?.parse().ok()).filter(|number| *number > 0);
            Some(
                number.ok_or_else(|| {
                    (FLAG, format!("num_speculative_tokens {given}"), "a whole number above 0")
                })?,
            )
        }
    };
    let (drafting, model) = (drafting(text("method"), text("model")), text("model"));
    let mut open: Vec<String> = object
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "method" | "model" | "num_speculative_tokens"))
        .filter(|(key, _)| !WITHOUT_EFFECT.contains(&key.as_str()))
        .filter(|(key, value)| {
            *key != "draft_tensor_parallel_size" || value.as_u64() != Some(launch.serving.tensor_parallel)
        })
        .map(|(key, value)| format!("{FLAG} {key} {value}"))
        .collect();
    match (drafting, tokens, open.is_empty()) {
        (Some(drafting), Some(tokens), true) => {
            launch.serving.speculative_method = Some(drafting);
            launch.serving.speculative_tokens = Some(tokens);
            launch.draft = model.filter(|_| drafting == Drafting::DraftModel).map(str::to_owned);
        }
        (None, ..) => open.push(format!("{FLAG} {}", text("method").or(model).unwrap_or("without a method"))),
        (Some(_), None, _) => open.push(format!("{FLAG} without num_speculative_tokens")),
        (Some(_), Some(_), false) => {}
    }
    launch.open.append(&mut open);
    Ok(())
}

/// The way of drafting: by its name, else by that of the model that drafts. `None` for one that is not worked out.
fn drafting(method: Option<&str>, model: Option<&str>) -> Option<Drafting> {
    let named = |name: &str| match name {
        "ngram" | "[ngram]" | "suffix" => Some(Drafting::Ngram),
        "eagle" => Some(Drafting::Eagle),
        "eagle3" => Some(Drafting::Eagle3),
        "draft_model" => Some(Drafting::DraftModel),
        "mtp" => Some(Drafting::Mtp),
        name if name.ends_with("_mtp") => Some(Drafting::Mtp),
        _ => None,
    };
    let Some(method) = method else {
        let model = model?.to_lowercase();
        return Some(match model.as_str() {
            "ngram" | "[ngram]" => Drafting::Ngram,
            name if name.contains("eagle-") => Drafting::Eagle,
            name if name.contains("eagle3") => Drafting::Eagle3,
            _ => Drafting::DraftModel,
        });
    };
    named(method)
}

#[cfg(test)]
mod tests {
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
}
