//! Whatever an object looks like, a review answers, and its answer holds together.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::sync::LazyLock;

use migfit::kubernetes::Beside;
use migfit::matching::Verdict;
use migfit::review::{Context, Review, Severity, Subject};
use migfit::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Objects of the corpus and of every kind that is read.
static OBJECTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut objects = Vec::new();
    for file in ["corpus.txt", "kinds.txt"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        for section in text.split("\n## ").skip(1) {
            let (_, rest) = section.split_once('\n').unwrap();
            let (text, _) = rest.split_once("=>\n").unwrap();
            objects.extend(yaml::documents("manifest", text).unwrap_or_default());
        }
    }
    objects.push(
        json!({"apiVersion": "kueue.x-k8s.io/v1beta2", "kind": "ClusterQueue", "spec": {"resourceGroups": [
        {"coveredResources": ["nvidia.com/mig-1g.10gb"], "flavors": [{"name": "f", "resources": []}]}]}}),
    );
    objects.push(json!({"mig-configs": {"a": [{"mig-enabled": true, "devices": "all", "mig-devices": {"3g.40gb": 2}}]}}));
    objects
});

/// Any JSON of a few levels, with words that mean something to the reader among them.
fn json_of_any_kind() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "nvidia.com/gpu",
        "nvidia.com/mig-3g.40gb",
        "3g.40gb",
        "--model",
        "-tp",
        "2",
        "{{ x }}",
        "all",
        "Gt",
        "mig.nvidia.com",
        "18446744073709551615",
        "-1",
        "1e9",
        "\u{0}é",
        "40Gi",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        words.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z./-]{0,10}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts `new` in place of the value that `choice` picks, counted through the whole object.
fn replace(value: &mut Value, choice: &mut usize, new: &Value) -> bool {
    if *choice == 0 {
        *value = new.clone();
        return true;
    }
    *choice -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, choice, new)),
        Value::Object(map) => map.values_mut().any(|item| replace(item, choice, new)),
        _ => false,
    }
}

fn reviewed(object: &Value) -> Option<Review> {
    let map = object.as_object()?;
    let documents = [object.clone()];
    let context = Context { beside: Beside::of(&documents), ..Context::default() };
    Some(Subject::of(map).ok().flatten()?.review(map, &context))
}

fn holds(review: &Review) {
    let severities: Vec<Severity> = review.findings.iter().map(|finding| finding.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
    let disproved = review.of(Severity::Error).next().is_some();
    if review.verdict.is_some() {
        assert_eq!(disproved, review.verdict == Some(Verdict::No), "{review:?}");
    }
    for finding in &review.findings {
        let lines = finding.lines();
        assert_eq!(lines[0], finding.summary());
        assert!(!finding.text.is_empty() && !finding.lint.id().is_empty());
        if let Some(measure) = finding.measure {
            assert_eq!(measure.shortfall, measure.need.minus(measure.offer));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 20_000 }))]

    #[test]
    fn any_change_of_an_object_is_answered(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((0_usize..400, json_of_any_kind()), 1..4),
    ) {
        let mut object = OBJECTS[which.index(OBJECTS.len())].clone();
        for (choice, new) in changes {
            let mut choice = choice;
            replace(&mut object, &mut choice, &new);
        }
        if let Some(review) = reviewed(&object) {
            holds(&review);
            // The same question has the same answer.
            prop_assert_eq!(reviewed(&object), Some(review));
        }
    }
}

#[test]
fn every_object_of_the_corpus_is_answered() {
    let answered = OBJECTS.iter().filter_map(reviewed).inspect(holds).count();
    assert!(answered > 50, "{answered}");
}
