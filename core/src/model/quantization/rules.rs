//! Rules for single modules: few for many modules, and no more than can be asked about each of them.

use super::{Names, Packing, Quantization, Rule};
use crate::problem::Problem;

/// The most rules, and the most expressions and globs in all lists together; published configs have a handful.
const MAX_PATTERNS: usize = 500;
/// The most expressions that need an engine, which takes microseconds for each module and each of them.
const MAX_COSTLY: usize = 64;

/// The rules that `entries` make, each a name or a pattern and how its modules are packed.
///
/// Names come first, one rule for each packing: a config may list every expert of every layer. The first pattern that
/// fits decides, so that patterns keep their order, and only neighbours that pack alike are one rule.
pub(super) fn rules(
    subject: &str,
    entries: impl IntoIterator<Item = (String, Option<Packing>)>,
) -> Result<Vec<Rule>, Problem> {
    let (plain, patterns): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(entry, _)| Names::is_plain(entry));
    let mut lists: Vec<(Option<Packing>, Vec<String>)> = Vec::new();
    for (entry, packing) in plain {
        match lists.iter_mut().find(|(known, _)| *known == packing) {
            Some((_, list)) => list.push(entry),
            None => lists.push((packing, vec![entry])),
        }
        if lists.len() > MAX_PATTERNS {
            return Err(too_many(subject, "more ways to pack single modules".to_owned(), MAX_PATTERNS));
        }
    }
    let names = lists.len();
    for (entry, packing) in patterns {
        match lists.get_mut(names..).and_then(<[_]>::last_mut) {
            Some((known, list)) if *known == packing => list.push(entry),
            _ => lists.push((packing, vec![entry])),
        }
    }
    let rule = |(packing, list): (Option<Packing>, Vec<String>)| {
        Ok(Rule { names: Some(Names::new(subject, list.iter().map(String::as_str))?), packing })
    };
    lists.into_iter().map(rule).collect()
}

/// `found`, unless asking it about every module of a model would take too long.
pub(super) fn affordable(subject: &str, found: Quantization) -> Result<Quantization, Problem> {
    let lists =
        || std::iter::once(&found.keep).chain(found.rules.iter().filter_map(|rule| rule.names.as_ref()));
    let patterns: usize = lists().map(Names::patterns).sum();
    let costly: usize = lists().map(Names::costly).sum();
    if found.rules.len() > MAX_PATTERNS {
        return Err(too_many(subject, format!("{} rules for modules", found.rules.len()), MAX_PATTERNS));
    }
    if patterns > MAX_PATTERNS {
        return Err(too_many(subject, format!("{patterns} patterns of module names"), MAX_PATTERNS));
    }
    if costly > MAX_COSTLY {
        let what = format!("{costly} patterns with groups, classes or repetitions");
        return Err(too_many(subject, what, MAX_COSTLY));
    }
    Ok(found)
}

fn too_many(subject: &str, found: String, most: usize) -> Problem {
    Problem::new("bad-pattern", subject, found, format!("at most {most}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::super::read;

    fn config(quantization: Value) -> Map<String, Value> {
        Map::from_iter([("quantization_config".to_owned(), quantization)])
    }

    fn refusal(quantization: Value) -> String {
        read(&config(quantization)).unwrap_err().to_string()
    }

    #[test]
    fn ten_thousand_names_are_two_rules() {
        let names = (0..10_000).map(|expert| {
            (format!("model.layers.0.mlp.experts.{expert}.up_proj"), json!({"bits": 8 + 8 * (expert % 2)}))
        });
        let special: Map<String, Value> = names.collect();
        let found = read(&config(json!({"quant_method": "auto-round", "bits": 4, "extra_config": special})));
        assert_eq!(found.unwrap().unwrap().rules.len(), 3);
    }

    #[test]
    fn patterns_keep_their_order() {
        let dynamic = json!({"+:.*a": {"bits": 8}, "+:.*b": {"bits": 8}, "-:.*ac": {}, "+:.*d": {"bits": 8}});
        let found = read(&config(json!({"quant_method": "gptq", "bits": 4, "dynamic": dynamic})));
        let rules = found.unwrap().unwrap().rules;
        let told: Vec<(bool, Option<u64>)> = rules
            .iter()
            .map(|rule| {
                let names = rule.names.as_ref();
                (names.is_some_and(|names| names.cover("x.ac")), rule.packing.map(|packing| packing.bits))
            })
            .collect();
        assert_eq!(told, [(true, Some(8)), (true, None), (false, Some(8)), (false, Some(4))]);
    }

    #[test]
    fn what_would_take_too_long_is_refused() {
        let ignored = |form: fn(usize) -> String, count: usize| {
            let list: Vec<String> = (0..count).map(form).collect();
            json!({"quant_method": "fp8", "modules_to_not_convert": list})
        };
        assert_eq!(
            refusal(ignored(|number| format!("re:.*x{number}"), 501)),
            "quantization_config: found 501 patterns of module names, expected at most 500"
        );
        assert_eq!(
            refusal(ignored(|number| format!("re:.*(x|y){number}"), 65)),
            "quantization_config: found 65 patterns with groups, classes or repetitions, expected at most 64"
        );
        assert!(read(&config(ignored(|number| format!("re:.*x{number}"), 500))).is_ok());
        let groups: Map<String, Value> = (0..501)
            .map(|number| {
                let group =
                    json!({"targets": [format!("m{number}")], "weights": {"num_bits": 4, "group_size": 32}});
                (format!("group_{number}"), group)
            })
            .collect();
        assert_eq!(
            refusal(json!({"quant_method": "compressed-tensors", "config_groups": groups})),
            "quantization_config: found 501 rules for modules, expected at most 500"
        );
    }
}
