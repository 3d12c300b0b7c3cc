//! What a text is: a model's config, a file beside one, a manifest, a log, a command line.

use migfit::memory::Log;
use migfit::model::json;
use migfit::problem::Problem;
use serde_json::{Map, Value};

use crate::{Asked, Done, Progress, ask, manifest, shrink};

/// Steps of reading a model.
const STEPS: u64 = 3;

/// Reads `text` as whatever it is. `beside` is the config that is open.
pub(crate) fn read(
    name: &str,
    text: &str,
    beside: &str,
    tell: &mut dyn FnMut(Progress),
) -> Result<Done, Problem> {
    tell(Progress { done: 0, total: STEPS, what: "reading the text".to_owned() });
    let subject = if name.is_empty() { "text" } else { name };
    let start = text.trim_start();
    if start.starts_with('{') && !start.contains("\"apiVersion\"") {
        let map = json::object(subject, text)?;
        return match side(&map) {
            Some(quantization) => shrink::shrink((name, true), join(beside, quantization)?, tell),
            None => shrink::shrink((name, false), map, tell),
        };
    }
    if is_manifest(start) {
        return manifest::read(subject, text).map(|asked| Done::Asked(Box::new(asked)));
    }
    if let Ok(log) = Log::read(text) {
        return Ok(Done::Asked(Box::new(ask::log(&log))));
    }
    ask::command(subject, text).map(|asked: Asked| Done::Asked(Box::new(asked)))
}

/// A manifest starts with one of its fields, or as a document of several; or is JSON with an `apiVersion`.
fn is_manifest(text: &str) -> bool {
    let head = |line: &str| {
        ["apiVersion:", "kind:", "metadata:", "spec:", "---"].iter().any(|field| line.starts_with(field))
    };
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    text.starts_with(['{', '[']) || first.is_some_and(head)
}

/// The quantization that a file beside a config describes, `None` where the object is no such file.
fn side(map: &Map<String, Value>) -> Option<Map<String, Value>> {
    if ["model_type", "architectures", "text_config"].iter().any(|field| map.contains_key(*field)) {
        return None;
    }
    if let Some(Value::Object(part)) = map.get("quantization").filter(|part| part.get("quant_algo").is_some())
    {
        return Some(part.clone());
    }
    if map.contains_key("quant_algo") || map.contains_key("quant_method") {
        return Some(map.clone());
    }
    // GPTQ's quantize_config.json names no method.
    let is_gptq = map.contains_key("bits") && map.contains_key("group_size");
    is_gptq.then(|| {
        let mut part = map.clone();
        part.insert("quant_method".to_owned(), Value::from("gptq"));
        part
    })
}

/// The open config with the quantization of the file beside it.
fn join(beside: &str, quantization: Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    if beside.trim().is_empty() {
        return Err(Problem::new(
            "side-file",
            "model",
            "only the file beside its config",
            "the config.json first",
        )
        .hint("open the model's config.json, then this file: it says how the weights are packed"));
    }
    let mut config = json::object("config.json", beside)?;
    config.insert("quantization_config".to_owned(), Value::Object(quantization));
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{GRANITE, read as read_text};

    #[test]
    fn a_side_file_belongs_to_the_config_that_is_open() {
        let side = r#"{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "FP8", "exclude_modules": ["lm_head"]}}"#;
        let problem = read_text("hf_quant_config.json", side, "").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "model: found only the file beside its config, expected the config.json first"
        );
        let Ok(Done::Model { text, .. }) = read_text("hf_quant_config.json", side, GRANITE) else {
            panic!("no model")
        };
        let model = migfit::model::read(&text).unwrap();
        assert_eq!(model.quantization.unwrap().method, "modelopt FP8");
    }

    #[test]
    fn gptq_s_own_side_file_names_no_method() {
        let side = r#"{"bits": 4, "group_size": 128, "desc_act": false}"#;
        let Ok(Done::Model { text, .. }) = read_text("quantize_config.json", side, GRANITE) else {
            panic!("no model")
        };
        assert_eq!(migfit::model::read(&text).unwrap().quantization.unwrap().method, "gptq, 4 bits");
    }

    #[test]
    fn what_is_nothing_known_is_refused_with_what_would_be() {
        let problem = read_text("", "hello there", "").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "text: found nothing that is known, expected a config.json, a vLLM command line, a manifest or an engine's start-up log"
        );
    }
}
