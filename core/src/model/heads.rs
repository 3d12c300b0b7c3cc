//! What an architecture has behind its last layer: the one place that reads the class name for it.
//!
//! Source: the naming of the transformers library's classes; vLLM 0.33 `model_executor/models/registry.py`.

use super::Task;
use super::fields::Fields;
use super::modules::{Block, Group, Split};
use crate::problem::Problem;

/// Labels of a classifier that does not say how many it has. Source: transformers `PreTrainedConfig`.
const DEFAULT_LABELS: u64 = 2;

/// What follows the last layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Head {
    /// The output matrix over the vocabulary.
    #[default]
    Vocabulary,
    /// Nothing: the hidden states are the answer.
    Bare,
    /// One score per label for a whole text.
    Sequence {
        /// Number of labels.
        labels: u64,
    },
    /// One score per label for every token.
    Token {
        /// Number of labels.
        labels: u64,
    },
    /// Start and end of an answer.
    Span,
    /// One score for a whole text, from one vector (`v_head`).
    Reward,
    /// Scores behind one more square layer (Qwen2's reward models).
    DeepReward {
        /// Number of scores.
        labels: u64,
    },
}

impl Head {
    /// The head of the class `architecture`; an absent name counts as a language model.
    ///
    /// # Errors
    /// `bad-field` where the number of labels cannot be read.
    pub fn of(architecture: &str, fields: &Fields) -> Result<Head, Problem> {
        let ends = |end: &str| architecture.ends_with(end);
        Ok(if ends("ForSequenceClassification") {
            Head::Sequence { labels: labels(fields)? }
        } else if ends("ForTokenClassification") {
            Head::Token { labels: labels(fields)? }
        } else if ends("ForQuestionAnswering") || ends("ForQuestionAnsweringSimple") {
            Head::Span
        } else if ends("ForProcessRewardModel") {
            Head::DeepReward { labels: 2 }
        } else if ends("Qwen2ForRewardModel") {
            Head::DeepReward { labels: 1 }
        } else if ends("RewardModel") {
            Head::Reward
        } else if ends("Model") && !is_language_model(architecture) {
            Head::Bare
        } else {
            Head::Vocabulary
        })
    }

    /// What a decoder with this head is used for.
    #[must_use]
    pub const fn task(self) -> Task {
        match self {
            Head::Vocabulary => Task::Generate,
            Head::Bare
            | Head::Sequence { .. }
            | Head::Token { .. }
            | Head::Span
            | Head::Reward
            | Head::DeepReward { .. } => Task::Embed,
        }
    }

    /// Adds what a decoder of `width` has instead of an output matrix; nothing where it has one.
    pub fn add(self, block: &mut Block, width: u64) {
        let mut score = |path: &'static str, labels: u64, bias: bool| {
            block.linear(path, Group::TaskHead, (width, labels), bias, Split::Replicated);
        };
        match self {
            Head::Vocabulary | Head::Bare => {}
            Head::Sequence { labels } => score("score", labels, false),
            Head::Token { labels } => score("score", labels, true),
            Head::Span => score("qa_outputs", 2, true),
            Head::Reward => score("v_head", 1, false),
            Head::DeepReward { labels } => {
                score("score.0", width, true);
                score("score.2", labels, true);
            }
        }
    }
}

/// Class names that end in `Model` and have an output matrix all the same.
fn is_language_model(architecture: &str) -> bool {
    (["LMHeadModel", "ChatModel", "DoubleHeadsModel", "MTModel"]
        .iter()
        .any(|end| architecture.ends_with(end))
        && architecture != "NanoChatModel")
        || matches!(
            architecture,
            "ChatGLMModel"
                | "EncoderDecoderModel"
                | "SpeechEncoderDecoderModel"
                | "VisionEncoderDecoderModel"
        )
}

/// Number of labels of a classifier: as many as `id2label` names, else `num_labels`, else 2.
pub(super) fn labels(fields: &Fields) -> Result<u64, Problem> {
    match fields.written("id2label") {
        Some((_, serde_json::Value::Object(names))) if !names.is_empty() => Ok(names.len() as u64),
        _ => fields.count_or("num_labels", DEFAULT_LABELS),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::GRANITE_7B;
    use crate::model::{Model, Task, read};

    const WITHOUT_HEAD: u64 = 6_738_415_616 - 32_000 * 4096;

    fn with_architecture(name: &str, more: &str) -> Model {
        let architecture = format!("\"{name}\"], {more}");
        read(&GRANITE_7B.replacen("\"LlamaForCausalLM\"],", &architecture, 1)).unwrap()
    }

    #[test]
    fn the_class_name_decides_what_follows_the_last_layer() {
        let total = |name: &str, more: &str| with_architecture(name, more).parameters().total;
        assert_eq!(total("LlamaModel", ""), WITHOUT_HEAD);
        assert_eq!(total("LlamaForSequenceClassification", ""), WITHOUT_HEAD + 2 * 4096);
        assert_eq!(
            total("LlamaForSequenceClassification", r#""id2label": {"0": "LABEL_0"}, "#),
            WITHOUT_HEAD + 4096
        );
        assert_eq!(total("LlamaForTokenClassification", r#""num_labels": 5, "#), WITHOUT_HEAD + 5 * 4096 + 5);
        assert_eq!(total("LlamaForQuestionAnswering", ""), WITHOUT_HEAD + 2 * 4096 + 2);
        assert_eq!(total("InternLM2ForRewardModel", ""), WITHOUT_HEAD + 4096);
        assert_eq!(
            total("Qwen2ForProcessRewardModel", ""),
            WITHOUT_HEAD + (4096 * 4096 + 4096) + (2 * 4096 + 2)
        );
        assert_eq!(total("InternVLChatModel", ""), WITHOUT_HEAD + 32_000 * 4096);
        assert_eq!(total("ChatGLMModel", ""), WITHOUT_HEAD + 32_000 * 4096);
    }

    #[test]
    fn a_decoder_without_output_matrix_embeds_and_still_caches() {
        let model = with_architecture("LlamaModel", "");
        assert_eq!(model.task, Task::Embed);
        assert!(model.blocks.iter().any(|block| !block.caches.is_empty()));
        assert_eq!(with_architecture("LlamaForCausalLM", "").task, Task::Generate);
    }
}
