//! Texts that are read, and those that two readers would take differently.

use serde_json::json;

use super::*;

fn one(text: &str) -> Value {
    documents("file", text).unwrap().remove(0)
}

fn refused(text: &str) -> String {
    documents("file", text).unwrap_err().to_string()
}

#[test]
fn reads_documents_and_leaves_out_empty_ones() {
    assert_eq!(
        documents("file", "---\na: 1\n---\n# nothing\n---\n- b\n"),
        Ok(vec![json!({"a": 1}), json!(["b"])])
    );
    assert_eq!(documents("file", "{\"a\": 1}\n{\"a\": 2}\n"), Ok(vec![json!({"a": 1}), json!({"a": 2})]));
    assert_eq!(documents("file", "\u{feff}{a: 1}\n---\n{a: 2}"), Ok(vec![json!({"a": 1}), json!({"a": 2})]));
    assert_eq!(documents("file", ""), Ok(vec![]));
}

#[test]
fn types_scalars_as_kubernetes_does() {
    assert_eq!(
        one("[1, -2, 0x10, 017, 1.5, 1e3, ~, yes, Off, \"1\", '2', !!str 3, 1.2.3, 4Gi, 08, nan, 1-2]"),
        json!([
            1, -2, 16, 15, 1.5, 1000.0, null, true, false, "1", "2", "3", "1.2.3", "4Gi", "08", "nan", "1-2"
        ])
    );
    assert_eq!(one("18446744073709551615"), json!(u64::MAX));
    assert_eq!(one("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), json!({"a": "x\ny\n", "b": "x y"}));
}

#[test]
fn anchors_and_merge_keys_are_put_in_place() {
    let text =
        "base: &base {a: 1, b: 2}\none:\n  <<: *base\n  b: 3\ntwo: *base\nthree: {<<: [*base, {c: 4}]}\n";
    let base = json!({"a": 1, "b": 2});
    assert_eq!(
        one(text),
        json!({"base": base, "one": {"a": 1, "b": 3}, "two": base, "three": {"a": 1, "b": 2, "c": 4}})
    );
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for i in 1..9 {
        bomb.push_str(&format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(",")));
    }
    assert_eq!(refused(&bomb), "file: found more than 1000000 values in line 7, expected YAML or JSON");
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    assert_eq!(
        refused("a: 1\na: 2\n"),
        "file: found the key \"a\" a second time in line 2, expected YAML or JSON"
    );
    let key = "file: found a list or map as a key in line 1, expected YAML or JSON";
    assert_eq!(refused("? [a]\n: 1\n"), key);
    assert_eq!(refused("a: !Ref b\n"), "file: found the tag !Ref in line 1, expected YAML or JSON");
    assert_eq!(
        refused(&"[".repeat(200)),
        "file: found more than 100 levels in line 1, expected YAML or JSON"
    );
    let problem = documents("file", "a: {{ .Values.model }}\n").unwrap_err();
    assert_eq!(problem.to_string(), key);
    assert_eq!(problem.hint.as_deref(), Some("render the template first, as `helm template` does"));
}
