//! What a manifest calls a model.

use super::template;
use crate::problem::Problem;

/// A model as it is named, and why the name does not say which model it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The id, or the text as written where it is none.
    pub(super) text: String,
    /// Why it is none.
    pub(super) hidden: Option<Problem>,
}

/// Ways of writing an id of Hugging Face's hub.
const HUB: [&str; 4] = ["hf://", "huggingface://", "https://huggingface.co/", "https://hf.co/"];

/// Reads what stands for the model at `path`.
pub(super) fn named(text: &str, path: &str) -> Named {
    let text = text.trim();
    let subject = format!("{path}: model");
    let hidden = |problem: Problem| Named { text: text.to_owned(), hidden: Some(problem) };
    if template::is_unrendered(text) {
        return hidden(template::problem(&subject, text));
    }
    if let Some(id) = HUB.iter().find_map(|scheme| text.strip_prefix(scheme)) {
        return Named { text: hub_id(id), hidden: None };
    }
    if let Some(id) = cached(text) {
        return Named { text: id, hidden: None };
    }
    let (code, found) = if text.contains("://") {
        ("model-elsewhere", format!("{text:?}, where no id stands"))
    } else if text.starts_with(['/', '.', '~']) {
        ("model-in-folder", format!("the folder {text:?}"))
    } else {
        return Named { text: text.to_owned(), hidden: None };
    };
    hidden(
        Problem::new(code, subject, found, "the id of a model")
            .hint("name the model in the annotation migfit.io/model"),
    )
}

/// The id without a revision or a path behind it: `org/name@main`, `org/name:hash`, `org/name/tree/main`.
fn hub_id(text: &str) -> String {
    let end = text.find(['@', ':', '?', '#']).unwrap_or(text.len());
    let plain = text.get(..end).unwrap_or(text);
    plain.split('/').filter(|part| !part.is_empty()).take(2).collect::<Vec<_>>().join("/")
}

/// The id in a folder of Hugging Face's cache: `.../models--org--name/snapshots/...`.
fn cached(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("models--")?;
    let folder = rest.split('/').next()?;
    Some(folder.replacen("--", "/", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_id_out_of_every_spelling() {
        for (text, id) in [
            ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
            ("gpt2", "gpt2"),
            ("hf://Qwen/Qwen3-8B", "Qwen/Qwen3-8B"),
            ("hf://Qwen/Qwen3-8B@main", "Qwen/Qwen3-8B"),
            ("hf://Qwen/Qwen3-8B:abcdef", "Qwen/Qwen3-8B"),
            ("https://huggingface.co/Qwen/Qwen3-8B/tree/main", "Qwen/Qwen3-8B"),
            ("/root/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/1", "Qwen/Qwen3-8B"),
        ] {
            assert_eq!(named(text, "spec"), Named { text: id.to_owned(), hidden: None }, "{text}");
        }
    }

    #[test]
    fn says_why_a_name_is_no_id() {
        for (text, told) in [
            ("/mnt/models", "spec: model: found the folder \"/mnt/models\", expected the id of a model"),
            ("./model", "spec: model: found the folder \"./model\", expected the id of a model"),
            (
                "s3://bucket/model",
                "spec: model: found \"s3://bucket/model\", where no id stands, expected the id of a model",
            ),
            (
                "oci://registry/model:1",
                "spec: model: found \"oci://registry/model:1\", where no id stands, expected the id of a model",
            ),
            (
                "{{ .Values.model }}",
                "spec: model: found \"{{ .Values.model }}\", expected the text that stands there once it is filled in",
            ),
            (
                "${MODEL}",
                "spec: model: found \"${MODEL}\", expected the text that stands there once it is filled in",
            ),
            (
                "<your-model>",
                "spec: model: found \"<your-model>\", expected the text that stands there once it is filled in",
            ),
        ] {
            let read = named(text, "spec");
            assert_eq!(read.text, text);
            assert_eq!(read.hidden.unwrap().to_string(), told);
        }
    }
}
