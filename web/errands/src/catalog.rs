//! Models of the catalog.

use migfit::catalog;
use migfit::problem::Problem;
use serde_json::Value;

use crate::Done;

/// Every id.
pub(crate) fn ids() -> Done {
    Done::Ids { ids: catalog::ids().map(str::to_owned).collect() }
}

/// The model called `id`.
pub(crate) fn find(id: &str) -> Result<Done, Problem> {
    let (name, text) = config(id)?;
    Ok(Done::Model { name, text, same: false, notes: Vec::new() })
}

/// Its whole id and the text of its config.
pub(crate) fn config(id: &str) -> Result<(String, String), Problem> {
    let entry = catalog::find(id)?;
    Ok((entry.id.to_owned(), Value::Object(entry.config()?).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_and_its_text_makes_its_model() {
        let Done::Ids { ids } = ids() else { panic!("no ids") };
        assert!(ids.len() > 300);
        for id in ids {
            let (name, text) = config(&id).unwrap();
            assert_eq!(name, id);
            assert_eq!(migfit::model::read(&text), catalog::find(&id).unwrap().model(), "{id}");
        }
    }

    #[test]
    fn what_is_not_in_it_is_refused_with_what_is_near() {
        let problem = find("meta-llama/Llama-3.1-9B").unwrap_err();
        assert_eq!(problem.code, "unknown-model");
    }
}
