//! What is done with a text: taken as a config, which the reader reads, or made out by the worker.

/// The largest text that is taken as a config at once, in bytes.
pub const SMALL: usize = 256 << 10;
/// The largest text that is shown in its field, in bytes.
pub const SHOWN: usize = 64 << 10;

/// Whether `text` is taken as a config: it begins as JSON does, is small, and is no file of another kind.
/// Everything else is for the worker to make out.
#[must_use]
pub fn is_config(text: &str) -> bool {
    let start = text.trim_start();
    let object = start.is_empty() || start.starts_with(['{', '[']);
    object && text.len() <= SMALL && !text.contains("\"apiVersion\"") && !is_side_file(text)
}

/// A file beside a config, which says how the weights are packed.
fn is_side_file(text: &str) -> bool {
    let packs =
        ["\"quant_algo\"", "\"quant_method\"", "\"group_size\""].iter().any(|field| text.contains(field));
    packs && !["\"model_type\"", "\"architectures\""].iter().any(|field| text.contains(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::examples::GRANITE_7B_BASE;

    #[test]
    fn a_small_config_is_taken_as_one_and_everything_else_is_for_the_worker() {
        for text in ["", " \n", "{", "[1]", GRANITE_7B_BASE] {
            assert!(is_config(text), "{text}");
        }
        let large = format!("{{\"a\": \"{}\"}}", "a".repeat(SMALL));
        for text in [
            "vllm serve a/b",
            "apiVersion: v1\nkind: Pod",
            "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}",
            "{\"quantization\": {\"quant_algo\": \"FP8\"}}",
            large.as_str(),
        ] {
            assert!(!is_config(text), "{}", &text[..20.min(text.len())]);
        }
    }
}
