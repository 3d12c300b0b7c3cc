//! The settings as typed. Nothing is corrected while a reader types; what cannot be used is said beside the field.

use std::collections::BTreeMap;
use std::str::FromStr;

use migfit::engine::{DEFAULT_CONTEXT, Drafting, Serving};
use migfit::model::Model;
use migfit::problem::Problem;
use migfit::ratio::Ratio;

use super::field::Field;

/// Tokens in a draft where nobody says; the empty field shows it. Chosen, not measured.
pub(crate) const DRAFT_TOKENS: u64 = 3;

/// The longest value that is kept, in characters.
const MAX_VALUE: usize = 40;

/// What was typed into each field; a field left alone has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    values: BTreeMap<Field, String>,
}

/// A setting that cannot be used, and why.
pub type FieldProblem = (Field, Problem);

impl Form {
    /// What was typed, empty where nothing was.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Takes what was typed as it stands, up to a length that no setting needs.
    pub fn set(&mut self, field: Field, value: impl Into<String>) {
        let value: String = value.into();
        if value.is_empty() {
            self.values.remove(&field);
        } else {
            self.values.insert(field, value.chars().take(MAX_VALUE).collect());
        }
    }

    /// The fields that were changed, in the order of the form.
    pub fn changed(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// How `model` is to be served.
    ///
    /// # Errors
    /// Every field that cannot be read.
    pub fn serving(&self, model: &Model) -> Result<Serving, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut number = |field| self.number(field).map_err(|problem| problems.push((field, problem))).ok();
        let context = number(Field::Context).flatten();
        let sequences = number(Field::Sequences).flatten();
        let max_num_seqs = number(Field::MaxNumSeqs).flatten();
        let max_num_batched_tokens = number(Field::MaxBatchedTokens).flatten();
        let tensor_parallel = number(Field::TensorParallel).flatten();
        let pipeline_parallel = number(Field::PipelineParallel).flatten();
        let data_parallel = number(Field::DataParallel).flatten();
        let max_loras = number(Field::Loras).flatten();
        let max_lora_rank = number(Field::LoraRank).flatten();
        let tokens = number(Field::DraftTokens).flatten();
        let cpu_offload_gb = number(Field::CpuOffload).flatten();
        let kv_offloading_gb = number(Field::KvOffload).flatten();
        let images_per_prompt = number(Field::Images).flatten();
        let videos_per_prompt = number(Field::Videos).flatten();
        let speculative_method = self.drafting().map_err(|problem| problems.push((Field::Drafting, problem)));
        let share = self.share().map_err(|problem| problems.push((Field::Utilization, problem)));
        let (Ok(gpu_memory_utilization), Ok(speculative_method), true) =
            (share, speculative_method, problems.is_empty())
        else {
            return Err(problems);
        };
        let base = Serving::default();
        Ok(Serving {
            engine: self.or(Field::Engine, base.engine),
            max_model_len: Some(context.unwrap_or(DEFAULT_CONTEXT.min(model.context.tokens))),
            sequences: sequences.unwrap_or(base.sequences),
            quantization: self.or(Field::Quantization, base.quantization),
            dtype: self.or(Field::Dtype, base.dtype),
            kv_cache_dtype: self.or(Field::KvDtype, base.kv_cache_dtype),
            gpu_memory_utilization,
            max_num_seqs,
            max_num_batched_tokens,
            enforce_eager: self.get(Field::EnforceEager) == "true",
            tensor_parallel: tensor_parallel.unwrap_or(base.tensor_parallel),
            pipeline_parallel: pipeline_parallel.unwrap_or(base.pipeline_parallel),
            data_parallel: data_parallel.unwrap_or(base.data_parallel),
            expert_parallel: self.get(Field::ExpertParallel) == "true",
            max_loras,
            max_lora_rank,
            speculative_method,
            speculative_tokens: tokens.or(speculative_method.map(|_| DRAFT_TOKENS)),
            cpu_offload_gb,
            kv_offloading_gb,
            pooling: self.get(Field::Pooling) == "true",
            images_per_prompt,
            videos_per_prompt,
        })
    }

    /// How drafts are made.
    fn drafting(&self) -> Result<Option<Drafting>, Problem> {
        let word = self.get(Field::Drafting);
        if word.is_empty() || word == "none" {
            return Ok(None);
        }
        let known = Drafting::ALL.into_iter().find(|drafting| drafting.word() == word);
        known.map(Some).ok_or_else(|| {
            let words = Drafting::ALL.map(Drafting::word).join(", ");
            Problem::new(
                "bad-setting",
                Field::Drafting.subject(),
                format!("{word:?}"),
                format!("one of {words}"),
            )
        })
    }

    fn or(&self, field: Field, default: String) -> String {
        let value = self.get(field);
        if value.is_empty() { default } else { value.to_owned() }
    }

    fn number(&self, field: Field) -> Result<Option<u64>, Problem> {
        let typed = self.get(field);
        let digits: String = typed.chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '\u{a0}')).collect();
        if digits.is_empty() {
            return Ok(None);
        }
        let (least, most) = (field.least(), field.limit());
        let read = u64::from_str(&digits).ok().filter(|number| (least..=most).contains(number));
        read.map(Some).ok_or_else(|| {
            let expected = format!("a whole number from {least} to {most}");
            Problem::new("bad-setting", field.subject(), format!("{typed:?}"), expected)
        })
    }

    fn share(&self) -> Result<Option<Ratio>, Problem> {
        let typed = self.get(Field::Utilization).trim();
        if typed.is_empty() {
            return Ok(None);
        }
        typed.parse().map(Some).map_err(|mut problem: Problem| {
            problem.subject = Field::Utilization.subject().to_owned();
            problem
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::examples::GRANITE_7B_BASE;

    fn form(values: &[(Field, &str)]) -> Form {
        let mut form = Form::default();
        values.iter().for_each(|(field, value)| form.set(*field, *value));
        form
    }

    fn granite() -> Model {
        migfit::model::read(GRANITE_7B_BASE).unwrap()
    }

    #[test]
    fn an_untouched_form_asks_what_the_command_line_asks() {
        let serving = Form::default().serving(&granite()).unwrap();
        assert_eq!(serving, Serving { max_model_len: Some(4096), ..Serving::default() });
    }

    #[test]
    fn numbers_may_be_written_with_separators() {
        let form = form(&[
            (Field::Context, "2,048"),
            (Field::Sequences, " 16 "),
            (Field::Utilization, "0.9"),
            (Field::MaxNumSeqs, "1_024"),
            (Field::EnforceEager, "true"),
        ]);
        let serving = form.serving(&granite()).unwrap();
        assert_eq!(serving.max_model_len, Some(2048));
        assert_eq!(serving.sequences, 16);
        assert_eq!(serving.gpu_memory_utilization, Some(Ratio::percent(90)));
        assert_eq!(serving.max_num_seqs, Some(1024));
        assert!(serving.enforce_eager);
    }

    #[test]
    fn every_unusable_value_is_named_at_its_field() {
        let form = form(&[(Field::Context, "-1"), (Field::Sequences, "0"), (Field::Utilization, "92 %")]);
        let problems = form.serving(&granite()).unwrap_err();
        let said: Vec<(Field, String)> = problems.iter().map(|(field, p)| (*field, p.to_string())).collect();
        assert_eq!(
            said,
            [
                (
                    Field::Context,
                    "max_model_len: found \"-1\", expected a whole number from 1 to 4294967296".to_owned()
                ),
                (
                    Field::Sequences,
                    "sequences: found \"0\", expected a whole number from 1 to 4294967296".to_owned()
                ),
                (
                    Field::Utilization,
                    "gpu_memory_utilization: found \"92 %\", expected a number above 0 and at most 1, such as 0.92"
                        .to_owned()
                ),
            ]
        );
    }

    #[test]
    fn a_draft_has_as_many_tokens_as_the_empty_field_shows() {
        let serving = |values| form(values).serving(&granite());
        let drafted = serving(&[(Field::Drafting, "ngram")]).unwrap();
        assert_eq!(
            (drafted.speculative_method, drafted.speculative_tokens),
            (Some(Drafting::Ngram), Some(DRAFT_TOKENS))
        );
        assert_eq!(serving(&[(Field::Drafting, "none")]).unwrap().speculative_tokens, None);
        let problems = serving(&[(Field::Drafting, "guess")]).unwrap_err();
        assert_eq!(
            problems[0].1.to_string(),
            "speculative_method: found \"guess\", expected one of mtp, eagle, eagle3, draft_model, ngram"
        );
    }

    #[test]
    fn a_value_longer_than_any_setting_is_cut() {
        assert_eq!(form(&[(Field::Context, &"9".repeat(1000))]).get(Field::Context).len(), 40);
    }
}
