//! What if: `gpu=H200-141GB,quantization=fp8`.

use migfit::planning::WhatIf;
use migfit::problem::Problem;

use crate::cards::on_command_line;
use crate::report::Failure;

/// A change, and the words for it.
pub(super) struct Question {
    pub(super) text: String,
    pub(super) change: WhatIf,
}

/// Every question; what cannot be read is reported at once.
pub(super) fn read(texts: &[String]) -> Result<Vec<Question>, Vec<Failure>> {
    let (mut questions, mut failures) = (Vec::new(), Vec::new());
    for text in texts {
        match change(text) {
            Ok(change) => questions.push(Question { text: text.clone(), change }),
            Err(problem) => failures.extend(on_command_line(problem)),
        }
    }
    if failures.is_empty() { Ok(questions) } else { Err(failures) }
}

fn change(text: &str) -> Result<WhatIf, Problem> {
    let mut change = WhatIf::default();
    for part in text.split(',') {
        match part.split_once('=') {
            Some(("gpu", name)) => change.gpu = Some(name.trim().to_owned()),
            Some(("quantization", name)) => change.quantization = Some(name.trim().to_owned()),
            Some(("kv-cache", name)) => change.kv_cache_dtype = Some(name.trim().to_owned()),
            Some(("context", tokens)) => match tokens.trim().parse() {
                Ok(tokens) => change.max_model_len = Some(tokens),
                Err(_) => {
                    let found = format!("`{part}`");
                    return Err(Problem::new("bad-change", "--what-if", found, "a whole number of tokens"));
                }
            },
            Some(_) | None => return Err(misread(part)),
        }
    }
    Ok(change)
}

fn misread(part: &str) -> Problem {
    let expected = "gpu=NAME, quantization=NAME, context=TOKENS or kv-cache=FORMAT";
    let name = part.split('=').next().unwrap_or_default().trim();
    Problem::new("bad-change", "--what-if", format!("`{part}`"), expected)
        .nearest(name, ["gpu", "quantization", "context", "kv-cache"])
}
