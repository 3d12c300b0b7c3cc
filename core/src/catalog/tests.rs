use std::collections::BTreeSet;

use super::*;

#[test]
fn every_entry_has_its_published_number_of_parameters() {
    let mut wrong = Vec::new();
    for line in lines() {
        let entry = Entry { id: line.ids.split(' ').next().unwrap(), line };
        match entry.model() {
            Ok(model) if model.known && Some(model.parameters().total) == entry.parameters() => {}
            Ok(model) => {
                wrong.push(format!("{}: {} counted, {}", entry.id, model.parameters().total, line.total))
            }
            Err(problem) => wrong.push(format!("{}: {problem}", entry.id)),
        }
        assert!(["file", "shape"].contains(&line.source), "{}", entry.id);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_are_many_and_none_stands_twice() {
    let ids: Vec<String> = ids().map(str::to_ascii_lowercase).collect();
    assert!(ids.len() >= 300, "{}", ids.len());
    assert!(ids.is_sorted());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.iter().all(|id| id.split('/').count() == 2));
}

#[test]
fn a_line_is_like_one_that_stands_for_itself() {
    for line in lines() {
        let own: Map<String, Value> = serde_json::from_str(line.fields).unwrap();
        let Some(like) = own.get("like").and_then(Value::as_str) else { continue };
        let base = find(like).unwrap();
        assert!(!base.line.fields.contains("\"like\""), "{}", line.ids);
    }
}

#[test]
fn names_in_any_case_and_without_organisation() {
    let id = |name: &str| find(name).unwrap().id;
    assert_eq!(id("meta-llama/Llama-3.1-8B-Instruct"), "meta-llama/Llama-3.1-8B-Instruct");
    assert_eq!(id(" META-LLAMA/llama-3.1-8b-instruct"), "meta-llama/Llama-3.1-8B-Instruct");
    assert_eq!(id("qwen3-8b-fp8"), "Qwen/Qwen3-8B-FP8");
    assert_eq!(id("gpt-oss-20b"), "openai/gpt-oss-20b");
}

#[test]
fn a_name_of_two_models_is_not_guessed() {
    let line = |ids| Line { ids, source: "file", total: "1", fields: "{}" };
    let entry = |id, ids| Entry { id, line: line(ids) };
    let two = [entry("b/same", "b/same"), entry("a/Same", "a/Same")];
    let problem = find::among(two.into_iter(), "SAME").unwrap_err();
    assert_eq!(problem.to_string(), "model: found \"SAME\", expected a name of one model");
    assert_eq!(problem.hint.as_deref().unwrap(), "with its organisation: a/Same or b/same");
    assert_eq!(find::among(two.into_iter(), "A/same").unwrap().id, "a/Same");
    // One shape under two organisations is one answer.
    let one = [entry("b/same", "b/same a/same"), entry("a/same", "b/same a/same")];
    assert_eq!(find::among(one.into_iter(), "same").unwrap().id, "b/same");
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let problem = find("someone/Llama-3.1-8B-Instuct").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "model: found \"someone/Llama-3.1-8B-Instuct\", expected a model of the catalog, or its config.json"
    );
    let hint = problem.hint.as_deref().unwrap();
    assert!(hint.starts_with("nearest: meta-llama/Llama-3.1-8B-Instruct, "), "{hint}");
    assert_eq!(
        find("zzzz").unwrap_err().hint.as_deref().unwrap(),
        "the config.json of any model can be given instead of a name"
    );
    assert_eq!(find("").unwrap_err().code, "unknown-model");
}
