//! Answers word for word, each in a file of its own, so that a change of wording or figures is seen in review.

use std::path::Path;

/// Compares `answer` with `answers/<name>.txt`; with `MIGFIT_BLESS` set, writes that file instead.
pub(crate) fn golden(name: &str, answer: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/policy/answers/{name}.txt"));
    let answer = format!("{answer}\n");
    if std::env::var_os("MIGFIT_BLESS").is_some() {
        std::fs::write(&path, answer).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(answer, expected, "answers/{name}.txt differs; where that is meant, run with MIGFIT_BLESS=1");
}
