//! Models of the catalog.

use migfit::catalog;
use migfit::problem::Problem;
use serde_json::Value;

/// The whole id of the model called `id`, and the text of its config.
pub(crate) fn config(id: &str) -> Result<(String, String), Problem> {
    let entry = catalog::find(id)?;
    Ok((entry.id.to_owned(), Value::Object(entry.config()?).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_it_is_refused_with_what_is_near() {
        let problem = config("meta-llama/Llama-3.1-9B").unwrap_err();
        assert_eq!(problem.code, "unknown-model");
    }
}
