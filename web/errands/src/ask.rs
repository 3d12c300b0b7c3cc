//! How a command line or a log serves a model.

use migfit::engine::Serving;
use migfit::kubernetes::{Container, Launch, Role, Server, Stated, Variables, launch};
use migfit::memory::Log;
use migfit::problem::Problem;
use migfit::units::Bytes;

use crate::{Asked, catalog};

/// Reads a command line as a shell would.
pub(crate) fn command(subject: &str, text: &str) -> Result<Asked, Problem> {
    let unknown = || {
        let expected = "a config.json, a vLLM command line, a manifest or an engine's start-up log";
        Problem::new("unknown-text", subject, "nothing that is known", expected)
    };
    let flags = text.split_whitespace().any(|word| word.starts_with("--"));
    let servers = ["vllm", "sglang", "text-generation", "trtllm"];
    let named = servers.iter().any(|server| text.contains(server));
    if !flags && !named {
        return Err(unknown());
    }
    // Flags alone, or behind `docker run vllm/vllm-openai`, are vLLM's as well.
    let assumed = (!named || text.contains("vllm")).then_some(Server::Vllm);
    let container = Container {
        name: "command".to_owned(),
        path: "command".to_owned(),
        role: Role::Main,
        image: String::new(),
        command: vec!["sh".to_owned(), "-c".to_owned(), text.to_owned()],
        args: Vec::new(),
        env: Variables::default(),
        after_start: Vec::new(),
        stated: Stated { server: assumed, ..Stated::default() },
        claims: Vec::new(),
    };
    let launch = launch(&container).map_err(|problems| first(problems, subject))?;
    if launch.server.is_none() || launch == untouched(&launch) {
        return Err(unknown());
    }
    Ok(launched("the command line", launch))
}

/// A command line of which nothing was understood.
fn untouched(launch: &Launch) -> Launch {
    let serving = Serving { engine: launch.serving.engine.clone(), ..Serving::default() };
    let nothing =
        Launch { model: None, hidden: None, serving, quantization: None, open: Vec::new(), ..launch.clone() };
    Launch { pipeline_parallel: 1, data_parallel: 1, several_nodes: false, ..nothing }
}

/// The first problem; a list always has one.
pub(crate) fn first(problems: Vec<Problem>, subject: &str) -> Problem {
    let mut problems = problems.into_iter();
    let first = problems.next().unwrap_or_else(|| Problem::new("unreadable", subject, "nothing", "a text"));
    let more = problems.count();
    let hint = first.hint.clone().unwrap_or_default();
    if more > 0 {
        first.hint(format!("{hint} and {more} more of this kind").trim().to_owned())
    } else {
        first
    }
}

/// What was launched, told to the form.
pub(crate) fn launched(from: &str, launch: Launch) -> Asked {
    let mut serving = launch.serving;
    serving.pipeline_parallel = launch.pipeline_parallel;
    serving.data_parallel = launch.data_parallel;
    let mut notes: Vec<String> = launch.open.iter().map(|flag| format!("{flag} is not worked out")).collect();
    notes.extend(launch.hidden.iter().map(ToString::to_string));
    if let Some(method) = &launch.quantization {
        notes.push(format!("--quantization {method}: a packed checkpoint is counted as its config says"));
    }
    named(Asked { from: from.to_owned(), model: launch.model, config: None, serving, notes })
}

/// With the config of the model, where the catalog has it.
fn named(mut asked: Asked) -> Asked {
    if let Some(model) = &asked.model {
        match catalog::config(model) {
            Ok((id, text)) => {
                whole_context(&mut asked, &text);
                (asked.model, asked.config) = (Some(id), Some(text));
            }
            Err(_) => asked.notes.push(format!("{model} is not in the catalog: give its config.json")),
        }
    }
    asked
}

/// An engine that is told no length takes the model's own.
fn whole_context(asked: &mut Asked, config: &str) {
    let context = migfit::model::read(config).map(|model| model.context.tokens);
    if let (None, Ok(tokens)) = (asked.serving.max_model_len, context) {
        asked.serving.max_model_len = Some(tokens);
        let tokens = migfit::units::grouped(tokens);
        asked.notes.push(format!("no --max-model-len: the model's own {tokens} tokens count"));
    }
}

/// Reads what a log tells of itself.
pub(crate) fn log(log: &Log) -> Asked {
    let measured = [
        ("weights", log.weights),
        ("left for the cache", log.cache),
        ("activations", log.activations),
        ("CUDA graphs", log.graphs),
        ("outside the allocator", log.non_torch),
    ];
    let told = measured.into_iter().filter_map(|(name, bytes): (&str, Option<Bytes>)| Some((name, bytes?)));
    let notes = told.map(|(name, bytes)| format!("measured by the engine: {name} {bytes}")).collect();
    let serving = log.serving();
    Asked { from: "the start-up log".to_owned(), model: None, config: None, serving, notes }
}

#[cfg(test)]
mod tests {
    use migfit::ratio::Ratio;

    use super::*;
    use crate::Done;
    use crate::tests::read;

    fn asked(text: &str) -> Asked {
        match read("", text, "") {
            Ok(Done::Asked(asked)) => *asked,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_command_line_fills_the_form_and_brings_its_model() {
        let asked = asked(
            "vllm serve meta-llama/Llama-3.1-8B-Instruct \\\n  --max-model-len 16K --max-num-seqs=64 \\\n  \
             --gpu-memory-utilization 0.85 --kv-cache-dtype fp8 --tensor-parallel-size 2 --enforce-eager",
        );
        assert_eq!(asked.model.as_deref(), Some("meta-llama/Llama-3.1-8B-Instruct"));
        assert!(asked.config.is_some());
        let serving = asked.serving;
        assert_eq!((serving.max_model_len, serving.max_num_seqs), (Some(16_384), Some(64)));
        assert_eq!(serving.gpu_memory_utilization, Some(Ratio::percent(85)));
        assert_eq!((serving.kv_cache_dtype.as_str(), serving.tensor_parallel), ("fp8", 2));
        assert!(serving.enforce_eager);
    }

    #[test]
    fn flags_alone_and_a_container_s_command_line_are_read_too() {
        assert_eq!(asked("--max-model-len 8192 --pipeline-parallel-size 2").serving.pipeline_parallel, 2);
        let docker = asked(
            "docker run --gpus all vllm/vllm-openai:v0.11.0 --model org/unheard-of --max-model-len 8192",
        );
        assert_eq!(docker.model.as_deref(), Some("org/unheard-of"));
        assert_eq!(docker.notes, ["org/unheard-of is not in the catalog: give its config.json"]);
    }

    #[test]
    fn adapters_of_a_command_line_reach_the_form() {
        let asked = asked(
            "vllm serve meta-llama/Llama-3.1-8B-Instruct --enable-lora --max-loras 4 --max-model-len 8192",
        );
        assert_eq!((asked.serving.max_loras, asked.serving.max_lora_rank), (Some(4), None));
        assert_eq!(asked.notes, Vec::<String>::new());
    }

    #[test]
    fn a_flag_with_a_bad_value_is_refused() {
        let problem = read("", "vllm serve a/b --max-model-len lots", "").unwrap_err();
        assert_eq!(problem.to_string(), "command: --max-model-len: found \"lots\", expected a whole number");
    }

    #[test]
    fn a_log_tells_what_it_was_told_and_what_it_measured() {
        let asked = asked(
            "INFO [gpu_worker.py:1] Available KV cache memory: 3.81 GiB\nINFO max_seq_len=8192, tensor_parallel_size=2",
        );
        assert_eq!(asked.from, "the start-up log");
        assert_eq!(asked.notes, ["measured by the engine: left for the cache 3.8 GiB"]);
    }
}
