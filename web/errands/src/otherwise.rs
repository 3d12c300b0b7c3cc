//! What would be otherwise in a fleet: another card, weights packed, another length.

use migfit::gpu;
use migfit::planning::WhatIf;
use migfit::problem::Problem;
use serde::{Deserialize, Serialize};

/// The questions as typed; what is empty stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The card in place of every other.
    pub gpu: String,
    /// How every model would be packed.
    pub quantization: String,
    /// The length of every model, in tokens.
    pub context: String,
    /// The format of every cache.
    pub kv_cache: String,
}

impl Otherwise {
    /// The question and its words, `None` where nothing is asked.
    pub(crate) fn read(&self) -> Result<Option<(String, WhatIf)>, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut change = WhatIf {
            gpu: some(&self.gpu),
            quantization: some(&self.quantization),
            max_model_len: None,
            kv_cache_dtype: some(&self.kv_cache),
        };
        if let Some(name) = &change.gpu {
            gpu::find(name)?;
        }
        if let Some(tokens) = some(&self.context) {
            let digits: String = tokens.chars().filter(|sign| !matches!(sign, ',' | '_' | ' ')).collect();
            let read = digits.parse().ok().filter(|tokens| *tokens > 0);
            change.max_model_len = Some(read.ok_or_else(|| {
                Problem::new(
                    "bad-change",
                    "context",
                    format!("{tokens:?}"),
                    "a whole number of tokens from 1",
                )
            })?);
        }
        let words = [
            change.gpu.as_ref().map(|name| format!("GPU {name}")),
            change.quantization.as_ref().map(|name| format!("weights {name}")),
            change.max_model_len.map(|tokens| format!("context {}", migfit::units::grouped(tokens))),
            change.kv_cache_dtype.as_ref().map(|name| format!("KV cache {name}")),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        Ok((!words.is_empty()).then(|| (words.join(", "), change)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_question_in_words() {
        assert_eq!(Otherwise::default().read(), Ok(None));
        let asked = Otherwise {
            gpu: " H200-141GB ".to_owned(),
            quantization: "fp8".to_owned(),
            context: "16,384".to_owned(),
            kv_cache: "fp8".to_owned(),
        };
        let (words, change) = asked.read().unwrap().unwrap();
        assert_eq!(words, "GPU H200-141GB, weights fp8, context 16,384, KV cache fp8");
        assert_eq!(change.max_model_len, Some(16_384));
        let bad = Otherwise { context: "long".to_owned(), ..Otherwise::default() };
        assert_eq!(
            bad.read().unwrap_err().to_string(),
            "context: found \"long\", expected a whole number of tokens from 1"
        );
        assert!(Otherwise { gpu: "H900".to_owned(), ..Otherwise::default() }.read().is_err());
    }
}
